"""From a page's glyphs to segments: runs of text on one baseline without a wide gap.

Coordinates are PDF points from the page's lower left corner.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median
from typing import Any

from ingest.text import LIGATURES, clean

_BOLD = re.compile(r"bold|black|heavy|semibold|demi|[-,]bd\b|cmbx|medi\b", re.I)
_ORDINAL = frozenset(("st", "nd", "rd", "th"))
_MARK = re.compile(r"[\d,;–\-*†‡§¶#a-e()\[\]]{1,9}")
_UNITS = re.compile(r"(?:^|[\s\d])(?:m|km|cm|ft|mi|R|x|r|CO|NO|PM|H|SO)$")
WIDE = 1.0  # a gap of so many sizes parts two segments


@dataclass(slots=True)
class Glyph:
    text: str
    x0: float
    x1: float
    base: float  # baseline
    size: float
    bold: bool
    light: float | None  # 0 black to 1 white; None: a pattern
    figure: bool  # drawn inside a picture that covers a part of the page


@dataclass(slots=True)
class Segment:
    """Text on one baseline. ``marks``: note numbers that were raised in it and taken out."""

    text: str
    x0: float
    x1: float
    base: float
    size: float
    bold: bool
    light: float | None = 0.0
    figure: bool = False
    marks: list[str] = field(default_factory=list)
    led: bool = False  # begins with a raised mark: a note's own text

    @property
    def top(self) -> float:
        return self.base + 0.75 * self.size

    @property
    def bottom(self) -> float:
        return self.base - 0.25 * self.size


@dataclass(slots=True)
class Page:
    """A page's segments and the rectangles and rules drawn on it."""

    number: int
    width: float
    height: float
    segments: list[Segment]
    boxes: list[
        tuple[float, float, float, float, float | None]
    ]  # x0, y0, x1, y1, lightness of the filling (None: not filled)
    pictures: list[tuple[float, float, float, float]]
    images: int = 0
    rotated: int = 0  # glyphs that do not stand upright


def read_page(number: int, layout: Any) -> Page:
    """A page out of pdfminer's layout (made without its own analysis)."""
    from pdfminer.layout import LTChar, LTCurve, LTFigure, LTImage

    left, bottom, right, top = layout.bbox
    width, height = right - left, top - bottom
    page = Page(number, width, height, [], [], [])
    glyphs: list[Glyph] = []
    drops: dict[str, list[float]] = {}  # a font's depth below the baseline, as a part of its size
    shifts: list[tuple[str, float]] = []

    def walk(container: Any, figure: bool, depth: int) -> None:
        for item in container:
            if isinstance(item, LTChar):
                a, b, _, _, _, f = item.matrix
                if not item.upright or abs(b) > 0.1 * abs(a) + 1e-6:
                    page.rotated += 1
                    continue
                text = item.get_text()
                if text.startswith("(cid:") or not clean(text):
                    continue  # a glyph without a character, or one without a width
                x0, x1, base = item.x0 - left, item.x1 - left, f - bottom
                if not (-5 < x0 < width + 5 and -5 < base < height + 5) or item.size <= 0.5:
                    continue  # outside the page that is shown
                drops.setdefault(item.fontname, []).append((item.y0 - f) / item.size)
                shifts.append((item.fontname, item.y0 - f))
                glyphs.append(
                    Glyph(
                        text,
                        x0,
                        x1,
                        base,
                        round(item.size, 1),
                        _is_bold(item),
                        _lightness(item.graphicstate.ncolor),
                        figure,
                    )
                )
            elif isinstance(item, LTFigure):
                x0, y0, x1, y1 = item.bbox
                small = (x1 - x0) * (y1 - y0) < 0.6 * width * height
                if depth < 8:
                    walk(item, figure or small, depth + 1)
                if small or any(isinstance(child, LTImage) for child in item):
                    page.pictures.append((x0 - left, y0 - bottom, x1 - left, y1 - bottom))
            elif isinstance(item, LTImage):
                page.images += 1
                page.pictures.append((item.x0 - left, item.y0 - bottom, item.x1 - left, item.y1 - bottom))
            elif isinstance(item, LTCurve) and len(page.boxes) < 20_000:
                fill = _lightness(item.non_stroking_color) if item.fill else None
                page.boxes.append((item.x0 - left, item.y0 - bottom, item.x1 - left, item.y1 - bottom, fill))

    walk(layout, False, 0)
    depth = {font: median(values) for font, values in drops.items()}
    for glyph, (font, shift) in zip(glyphs, shifts, strict=True):
        glyph.base += shift - depth[font] * glyph.size  # what the text rise lifts above the line
    page.segments = list(segments_of(glyphs))
    return page


def _is_bold(item: Any) -> bool:
    return _BOLD.search(item.fontname) is not None


def _lightness(colour: Any) -> float | None:
    """0 for black to 1 for white, out of a grey, RGB or CMYK colour."""
    try:
        if colour is None:
            return 0.0
        if isinstance(colour, (int, float)):
            return float(colour)
        parts = [float(part) for part in colour]
    except (TypeError, ValueError):
        return None
    if len(parts) == 1:
        return parts[0]
    if len(parts) == 3:
        return 0.3 * parts[0] + 0.59 * parts[1] + 0.11 * parts[2]
    if len(parts) == 4:
        c, m, y, k = parts
        return (1 - k) * (1 - (0.3 * c + 0.59 * m + 0.11 * y))
    return None


def segments_of(glyphs: Sequence[Glyph]) -> Iterator[Segment]:
    """Segments of a page, without the second copy of glyphs that are printed twice to look bold."""
    rows = _rows(_once(glyphs))
    _raise_marks(rows)
    for row in rows:
        if row:
            yield from _split(row)


def _once(glyphs: Iterable[Glyph]) -> list[Glyph]:
    seen: dict[tuple[str, int, int], Glyph] = {}
    kept = []
    for glyph in glyphs:
        x, y = round(glyph.x0 / 1.5), round(glyph.base / 1.5)
        if glyph.text.strip() and any(
            (glyph.text, x + i, y + j) in seen
            and abs(seen[glyph.text, x + i, y + j].x0 - glyph.x0) < 0.12 * glyph.size
            and abs(seen[glyph.text, x + i, y + j].base - glyph.base) < 0.12 * glyph.size
            for i in (-1, 0, 1)
            for j in (-1, 0, 1)
        ):
            continue
        seen[glyph.text, x, y] = glyph
        kept.append(glyph)
    return kept


def _rows(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    """Glyphs by baseline, from the top."""
    rows: list[list[Glyph]] = []
    base = None
    for glyph in sorted(glyphs, key=lambda glyph: -glyph.base):
        if base is None or base - glyph.base > max(0.8, 0.12 * glyph.size):
            rows.append([])
            base = glyph.base
        rows[-1].append(glyph)
    return rows


def _raise_marks(rows: list[list[Glyph]]) -> None:
    """Put raised (and lowered) small glyphs into the row that they belong to."""
    for number, row in enumerate(rows):
        printed = [glyph for glyph in row if glyph.text.strip()]
        if not printed:
            continue
        size = max(glyph.size for glyph in printed)
        for other in (*rows[number + 1 : number + 4], *rows[max(0, number - 2) : number]):
            large = [glyph for glyph in other if glyph.text.strip()]
            if not large:
                continue
            main = median(glyph.size for glyph in large)
            lift = printed[0].base - large[0].base
            if size > 0.82 * main or not (0.1 * main < lift < 0.7 * main or -0.35 * main < lift < -0.08 * main):
                continue
            near = [
                glyph
                for glyph in printed
                if any(
                    -0.35 * main < glyph.x0 - o.x1 < 0.6 * main or -0.35 * main < o.x0 - glyph.x1 < 0.6 * main
                    for o in large
                )
            ]
            chain = _touching(printed, near)
            if chain:
                other.extend(chain)
                kept = {id(glyph) for glyph in chain}
                row[:] = [glyph for glyph in row if id(glyph) not in kept and glyph.text.strip()]
                printed = row
                if not printed:
                    break


def _touching(printed: Sequence[Glyph], near: Sequence[Glyph]) -> list[Glyph]:
    """The near glyphs with those of the same row that touch them ("12" whose 1 alone is near)."""
    chain = list(near)
    rest = [glyph for glyph in printed if not any(glyph is other for other in near)]
    grown = True
    while grown and rest:
        grown = False
        for glyph in list(rest):
            if any(
                abs(glyph.x0 - other.x1) < 0.4 * glyph.size or abs(other.x0 - glyph.x1) < 0.4 * glyph.size
                for other in chain
            ):
                chain.append(glyph)
                rest.remove(glyph)
                grown = True
    return chain


def _split(row: list[Glyph]) -> Iterator[Segment]:
    row.sort(key=lambda glyph: glyph.x0)
    sizes: dict[float, int] = {}
    for glyph in row:
        if glyph.text.strip():
            sizes[glyph.size] = sizes.get(glyph.size, 0) + 1
    if not sizes:
        return
    start = 0
    last: Glyph | None = None
    for number, glyph in enumerate(row):
        if not glyph.text.strip():
            continue
        if last is not None and glyph.x0 - last.x1 > WIDE * max(glyph.size, last.size):
            yield from _segment(row[start:number])
            start = number
        if last is None or glyph.x1 > last.x1:
            last = glyph
    yield from _segment(row[start:])


def _segment(glyphs: Sequence[Glyph]) -> Iterator[Segment]:
    printed = [glyph for glyph in glyphs if glyph.text.strip()]
    if not printed:
        return
    glyphs = _without_lost_blanks(glyphs)
    letters: dict[float, int] = {}
    for glyph in printed:
        letters[glyph.size] = letters.get(glyph.size, 0) + 1
    size = max(letters, key=lambda key: (letters[key], key))
    main = [glyph for glyph in printed if glyph.size >= 0.82 * size] or printed
    base = median(glyph.base for glyph in main)
    text, marks, led = _text(glyphs, size, base)
    if not text.strip() and not marks:
        return
    weights = [glyph.bold for glyph in main]
    lights = [glyph.light for glyph in main if glyph.light is not None]
    yield Segment(
        text.strip(),
        printed[0].x0,
        max(glyph.x1 for glyph in printed),
        base,
        size,
        sum(weights) > 0.8 * len(weights),
        min(lights) if lights else None,
        all(glyph.figure for glyph in printed),
        marks,
        led,
    )


def _text(glyphs: Sequence[Glyph], size: float, base: float) -> tuple[str, list[str], bool]:
    """The segment's text without raised note marks, the marks, and whether it begins with one."""
    spread = _letter_spacing(glyphs, size)
    # Some writers set no blanks at all: the gap alone parts the words there.
    inner = _inner(glyphs)
    limit = spread or (0.22 if any(not glyph.text.strip() for glyph in inner) else 0.14) * size
    out: list[str] = []
    marks: list[str] = []
    raised: list[str] = []
    led = False
    last: Glyph | None = None
    blank = False

    def settle(following: str) -> None:
        nonlocal led
        mark = "".join(raised)
        raised.clear()
        if not mark:
            return
        before = "".join(out)
        if mark in _ORDINAL or _UNITS.search(before[-4:]) or not _MARK.fullmatch(mark):
            out.append(mark)
        else:
            if not before.strip():
                led = True
            marks.append(mark)
            if following and not following.isspace() and before[-1:].isspace() is False and blank:
                out.append(" ")

    for glyph in glyphs:
        if not glyph.text.strip():
            blank = True
            continue
        high = glyph.size < 0.82 * size and glyph.base > base + 0.1 * size
        if not high and raised:
            settle(glyph.text)
        gap = glyph.x0 - last.x1 if last is not None else 0.0
        if last is not None and not high and (gap > limit or (blank and not spread)) and out and out[-1] != " ":
            out.append(" ")
        (raised if high else out).append("".join(LIGATURES.get(ord(char), char) for char in glyph.text))
        last = glyph
        blank = False
    settle("")
    return "".join(out), marks, led


def _without_lost_blanks(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """The glyphs without blanks that lie under a letter: left-overs, which part no words."""
    kept: list[Glyph] = []
    last: Glyph | None = None
    for glyph in glyphs:
        if glyph.text.strip():
            last = glyph
        elif last is not None and (glyph.x0 + glyph.x1) / 2 < last.x1 - 0.05 * last.size:
            continue
        kept.append(glyph)
    return kept


def _inner(glyphs: Sequence[Glyph]) -> Sequence[Glyph]:
    """The glyphs without blanks at both ends."""
    at = [number for number, glyph in enumerate(glyphs) if glyph.text.strip()]
    return glyphs[at[0] : at[-1] + 1] if at else ()


def _letter_spacing(glyphs: Sequence[Glyph], size: float) -> float:
    """The gap above which letter-spaced capitals make a new word; 0 where the text is not letter-spaced."""
    printed = [glyph for glyph in glyphs if glyph.text.strip()]
    gaps = [after.x0 - before.x1 for before, after in pairwise(printed)]
    if len(gaps) < 4:
        return 0.0
    middle = median(gaps)
    words = "".join(" " if not glyph.text.strip() else glyph.text for glyph in glyphs).split()
    single = sum(len(word) == 1 for word in words)
    if middle > 0.13 * size or (len(words) >= 4 and single > 0.6 * len(words) and len(printed) <= 60):
        return max(1.75 * middle, middle + 0.14 * size)
    return 0.0
