"""What repeats on a document's pages and is no text: running heads and feet, page numbers, watermarks."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from statistics import median

from ingest.read.pdf.glyphs import Page, Segment

_EDGE = 0.13  # part of the page's height in which heads and feet stand
_NUMBER = re.compile(
    r"[-–—|•\s\[(]*(?:page|p\.|pg\.?|slide)?\s*(?:\d{1,4}|[ivxlc]{1,7}|[A-Z]{1,2}(?:\.\d{1,2})?-\d{1,3}|"
    r"\d{1,2}-\d{1,3})\s*(?:(?:of|/|\|)\s*\d{1,4})?[-–—|•\s\])]*",
    re.I,
)
_DIGITS = re.compile(r"\d+|\b[ivxlc]{1,7}\b", re.I)
_FAINT = 0.25  # a contrast below which text is a watermark
_PALE = (0.6, 0.985)


def strip(pages: Sequence[Page], usual: float) -> tuple[list[str], int]:
    """Take furniture out of the pages. Gives the texts of heads and feet, and the number of pale lines taken out.

    A line in the outer part of a page is furniture when its text, numbers aside, stands at the same
    height on several pages, or when its place holds such a line on most pages. A title that is
    repeated stays on its first page.
    """
    pale = sum(_strip_pale(page) for page in pages)
    keys: dict[tuple[str, int], set[int]] = defaultdict(set)
    places: Counter[int] = Counter()
    for page in pages:
        for row in _outer(page):
            keys[_key(row)].add(page.number)
    enough = 2 if len(pages) <= 6 else max(3, len(pages) // 12)
    repeated = {key for key, numbers in keys.items() if len(numbers) >= enough}
    for key, numbers in keys.items():
        if key in repeated:
            places[key[1]] += len(numbers)
    common = {place for place, count in places.items() if count >= max(4, 0.4 * len(pages))}
    edges: Counter[str] = Counter()
    first_seen: set[tuple[str, int]] = set()
    for page in pages:
        for row in _outer(page):
            text = _text(row)
            key = _key(row)
            same = key in repeated
            alone = len(text) < 100 and any(key[1] + shift in common for shift in (-1, 0, 1)) and _is_apart(row, page)
            if not same and not alone and not (_NUMBER.fullmatch(text) and _is_last(row, page)):
                continue
            if same and key not in first_seen and row[0].size > 1.3 * usual:
                first_seen.add(key)
                continue
            if same:
                edges[text if not re.search(r"\d", text) else re.sub(r"^\s*\d{1,3}\s+|\s+\d{1,3}\s*$", "", text)] += 1
            gone = {id(segment) for segment in row}
            page.segments = [segment for segment in page.segments if id(segment) not in gone]
    return [text for text, _ in edges.most_common(12) if any(char.isalpha() for char in text)], pale


def _outer(page: Page) -> list[list[Segment]]:
    """The rows in the page's outer parts; of what stands there at most the first four and the last four."""
    rows: list[list[Segment]] = []
    for segment in sorted(page.segments, key=lambda segment: -segment.base):
        if rows and abs(rows[-1][0].base - segment.base) < 2.5:
            rows[-1].append(segment)
        else:
            rows.append([segment])
    for row in rows:
        row.sort(key=lambda segment: segment.x0)
    high = [row for row in rows[:4] if row[0].base > (1 - _EDGE) * page.height]
    low = [row for row in rows[-4:] if row[0].base < _EDGE * page.height and row not in high]
    return high + low


def _text(row: Sequence[Segment]) -> str:
    return " ".join(segment.text for segment in row).strip()


def _key(row: Sequence[Segment]) -> tuple[str, int]:
    """The row's words without numbers, and its height to 4 points; the words of both sides of a spread count alike."""
    words = _DIGITS.sub("#", _text(row).casefold())
    return " ".join(sorted(re.findall(r"[^\W_]+|#", words))), round(row[0].base / 4)


def _is_apart(row: Sequence[Segment], page: Page) -> bool:
    """Whether a wide gap parts the row from the text next to it."""
    base, size = row[0].base, max(segment.size for segment in row)
    others = [abs(segment.base - base) for segment in page.segments if abs(segment.base - base) > 2.5]
    inner = [segment.base for segment in page.segments if abs(segment.base - base) > 2.5]
    if not others:
        return True
    outermost = base > max(inner) or base < min(inner)
    return min(others) > 1.6 * size or outermost


def _is_last(row: Sequence[Segment], page: Page) -> bool:
    """Whether nothing stands outside the row, so that a lone number there is the page's."""
    bases = [segment.base for segment in page.segments if segment not in row]
    return not bases or row[0].base < min(bases) or row[0].base > max(bases)


def _strip_pale(page: Page) -> int:
    """Take out text that hardly differs from what it stands on."""
    kept = []
    for segment in page.segments:
        light = segment.light
        if (
            light is None
            or not _PALE[0] < light < _PALE[1]
            or _over_picture(segment, page)
            or abs(light - _ground(segment, page)) >= _FAINT
        ):
            kept.append(segment)
    gone = len(page.segments) - len(kept)
    page.segments = kept
    return gone


def _over_picture(segment: Segment, page: Page) -> bool:
    x, y = (segment.x0 + segment.x1) / 2, segment.base
    return any(x0 <= x <= x1 and y0 <= y <= y1 for x0, y0, x1, y1 in page.pictures)


def _ground(segment: Segment, page: Page) -> float:
    """The lightness behind a segment: of the smallest filled rectangle round it, white where there is none."""
    x, y = (segment.x0 + segment.x1) / 2, segment.base + 0.3 * segment.size
    best, area = 1.0, float("inf")
    for x0, y0, x1, y1, light in page.boxes:
        size = (x1 - x0) * (y1 - y0)
        if light is not None and x0 <= x <= x1 and y0 <= y <= y1 and size < area:
            best, area = light, size
    return best


def usual_size(pages: Sequence[Page]) -> float:
    """The type size, in points, of most of the text."""
    sizes: Counter[float] = Counter()
    for page in pages:
        for segment in page.segments:
            sizes[segment.size] += len(segment.text)
    if not sizes:
        return 0.0
    best = sizes.most_common(1)[0][0]
    return float(median(size for size in sizes if abs(size - best) < 0.3))
