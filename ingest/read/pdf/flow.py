"""From rows in reading order to blocks: paragraphs, headings, items, captions, notes, tables."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.read.draft import row_blocks
from ingest.read.paragraph import LONGEST_HEADING
from ingest.read.pdf.columns import Row
from ingest.read.pdf.words import Hyphens, in_address

_BULLET = re.compile(r"^(?:[•●○◦▪■□–➢➤►▶✓✔·∙*-]|o(?=\s))\s+(?=\S)")
_NUMBERED = re.compile(r"^(?:\(?(?:\d{1,2}|[a-z]|[ivx]{1,5})[.)]|\d{1,2}\.)\s+(?=\S)", re.I)
_NOTE_START = re.compile(r"^(?:\d{1,3}|[*†‡§])\s*(?=[^\W\d]|[“\"‘'(\[])")
_CAPTION = re.compile(
    r"^(?:figure|fig\.|table|chart|exhibit|box|map|source|sources|note|notes|image|"
    r"photo)\b\s*(?:[A-Z]?\d+[\d.A-Za-z-]*)?\s*[:.–—-]\s*\S",
    re.I,
)
_ENTRY = re.compile(
    r".{2,240}?(?:\s*\.{3,}\s*|\s*(?:\.\s?){3,}\s*|\s*…+\s*|\s*_{3,}\s*|\t\s*)(?:\d{1,3}|[ivxl]{1,6}|"
    r"[A-Z]?\.?\d{0,2}-\d{1,3})\.?\s*$",
    re.S,
)
_ENTRY_END = re.compile(r"\s(?:\d{1,3}|[ivxl]{1,6})$")
_CONTENTS = re.compile(
    r"(?:table of )?contents(?: page)?|list of (?:figures|tables|exhibits|boxes|charts)|figures|tables|exhibits?|"
    r"contents page",
    re.I,
)
_FIGURE = re.compile(r"(?:figure|fig\.|chart|graph|map|diagram)\b", re.I)
_BLANK = re.compile(
    r"[\[(]?(?:thispage)?(?:is)?(?:has been)?(?:intentionally|deliberately)(?:left)?blank[\])]?\.?", re.I
)
_DONE = re.compile(r"[.!?:;…][”\"’')\]\d*†]*$")
_ENDED = re.compile(r"[.!?…][”\"’')\]]*$")


@dataclass(slots=True)
class Part:
    """A block in the making."""

    kind: str
    lines: list[str]
    page: int
    size: float
    bold: bool
    zone: int
    full: bool = False  # its last line reaches its column's right edge
    text: str = ""
    ruled: bool = False  # a row of a ruled table
    page_end: int = 0  # the page of its last line

    def __post_init__(self) -> None:
        self.page_end = self.page_end or self.page


def parts_of(rows: Sequence[Row], usual: float, hyphens: Hyphens, cells: bool = False) -> tuple[list[Part], int]:
    """Blocks of a document's rows, and the number of lines of tables of contents left out.

    ``cells``: the rows are a table cell's, whose lines say nothing about where a paragraph ends.
    """
    rows, skipped = _without_contents(rows)
    leading = _leadings(rows)
    parts: list[Part] = []
    last: Row | None = None
    common = _text_sizes(rows)
    for row in rows:
        if row.row is not None:
            for kind, text in row_blocks(row.row):
                parts.append(Part(kind, [text], row.page, row.size, False, row.zone, ruled=True))
            last = None
            continue
        text = row.text
        if "\t" in text and (row.kind == "note" or (last is not None and _is_stretched(row, last, leading))):
            text = text.replace("\t", " ")
        starts = (
            last is None
            or not parts
            or _starts_part(row, text, last, parts[-1], leading)
            or (not cells and _breaks_early(row, text, last, parts[-1], usual))
        )
        if starts:
            parts.append(Part(_kind(row, text), [text], row.page, row.size, row.bold, row.zone))
        else:
            parts[-1].lines.append(text)
            parts[-1].bold = parts[-1].bold and row.bold
        parts[-1].full = row.x1 > row.right - 0.1 * max(row.right - row.left, 1)
        last = row
    for part in parts:
        part.text = _joined(part.lines, hyphens)
        if part.kind == "paragraph" and not part.ruled:
            part.kind = _by_look(part, usual, common)
        part.text = _BULLET.sub("", part.text) if part.kind == "item" else part.text
    _name_cells(parts)
    parts = _without_drawings(parts)
    return _flowing([part for part in parts if not _BLANK.fullmatch(part.text.replace(" ", ""))], hyphens), skipped


def _leadings(rows: Sequence[Row]) -> dict[float, float]:
    """The usual distance between baselines, by type size."""
    found: dict[float, Counter[float]] = {}
    for before, after in pairwise(rows):
        gap = before.base - after.base
        if (
            before.zone == after.zone
            and before.page == after.page
            and abs(before.size - after.size) < 0.3
            and 0 < gap < 3 * after.size
            and before.row is None
        ):
            found.setdefault(round(after.size), Counter())[round(gap * 2) / 2] += 1
    leading: dict[float, float] = {}
    for size, gaps in found.items():
        total = sum(gaps.values())
        if total < 6:
            leading[size] = min(gap for gap in gaps if gap > 0)
            leading[size] = min(leading[size], 1.35 * size)
            continue
        # The closest that is common, not the most common: in a list every gap may be wide.
        leading[size] = next((gap for gap in sorted(gaps) if gaps[gap] >= 0.15 * total), gaps.most_common(1)[0][0])
    return leading


def _starts_part(row: Row, text: str, last: Row, part: Part, leading: dict[float, float]) -> bool:
    """Whether a row begins a new block."""
    if row.page != last.page or row.zone != last.zone or row.kind != last.kind:
        return True
    before = part.lines[-1]
    if "\t" in text or "\t" in before:
        return True
    gap = last.base - row.base
    normal = leading.get(round(row.size), 1.2 * row.size)
    small = min(row.size, last.size)
    if (
        gap > max(1.28 * normal, normal + 0.25 * small)
        or gap < -small
        or abs(row.size - last.size) > 0.08 * small + 0.1
    ):
        return True
    if _BULLET.match(text) or row.led:
        return True
    if _NUMBERED.match(text) and (_DONE.search(before) or part.kind == "item" or part.lines[0] == before):
        return True
    if row.kind == "note" and _NOTE_START.match(text) and _ENDED.search(before):
        return True
    if (
        row.bold != last.bold
        and (last.bold or _ENDED.search(before))
        and not before.endswith(("-", ","))
        and not _runs_on(row, last)
    ):
        return True
    width = max(row.right - row.left, 1.0)
    indent = row.x0 - row.left
    short = last.x1 < row.right - 0.25 * width
    if _ENDED.search(before) and short and not text[:1].islower():
        return True
    return (
        part.kind == "paragraph"
        and _ENDED.search(before) is not None
        and 0.7 * small < indent < 0.2 * width
        and abs(last.x0 - row.left) < 0.3 * small
    )


def _breaks_early(row: Row, text: str, last: Row, part: Part, usual: float) -> bool:
    """Whether the line before ends though the next word would still have fitted: an address, a list of names."""
    if part.kind != "paragraph" or row.bold or row.size > 1.15 * usual or text[:1].islower() or len(last.text) < 2:
        return False
    word = text.split()[0]
    room = row.right - last.x1
    needed = len(word) * (last.x1 - last.x0) / len(last.text)
    return room > 1.3 * needed + 0.1 * (row.right - row.left)


def _runs_on(row: Row, last: Row) -> bool:
    """Whether a line in another weight only goes on with the sentence before (words stressed over a line's end)."""
    full = last.x1 > row.right - 0.2 * max(row.right - row.left, 1.0)
    return full and not _ENDED.search(last.text)


def _kind(row: Row, text: str) -> str:
    if row.kind:
        return row.kind
    if _BULLET.match(text):
        return "item"
    if "\t" in text and len(row.segments) > 1:
        return "table"
    if _CAPTION.match(text):
        return "caption"
    return "item" if _NUMBERED.match(text) and not row.bold else "paragraph"


def _by_look(part: Part, usual: float, common: frozenset[float]) -> str:
    """Heading or paragraph: a heading is short, without a stop, and bold or of a size that running text has not."""
    words = len(part.text.split())
    if (
        words > LONGEST_HEADING
        or len(part.lines) > 4
        or re.search(r"[.;,][”\"’')]*$", part.text)
        or not any(char.isalpha() for char in part.text)
    ):
        return "paragraph"
    larger = part.size > 1.08 * usual and (round(part.size) not in common or part.size > 1.6 * usual)
    return "heading" if larger or (part.bold and part.size >= 0.9 * usual) else "paragraph"


def _text_sizes(rows: Sequence[Row]) -> frozenset[float]:
    """The type sizes, to a point, in which running text is set somewhere."""
    sizes: Counter[float] = Counter()
    for row in rows:
        if row.row is None and not row.bold:
            sizes[round(row.size)] += len(row.text)
    total = sum(sizes.values())
    return frozenset(size for size, count in sizes.items() if count > 0.07 * total)


def _is_stretched(row: Row, last: Row, leading: dict[float, float]) -> bool:
    """Whether a row's wide gaps are those of a justified line that goes on with the paragraph above it."""
    if row.page != last.page or row.zone != last.zone or "\t" in last.text or abs(row.size - last.size) > 0.3:
        return False
    width = row.right - row.left
    close = 0 < last.base - row.base < 1.3 * leading.get(round(row.size), 1.2 * row.size)
    return (
        close
        and last.x1 > row.right - 0.1 * width
        and row.x1 > row.right - 0.1 * width
        and (row.text[:1].islower() or last.text.endswith("-"))
    )


def _name_cells(parts: Sequence[Part]) -> None:
    """Short lines between a table's rows are its cells' second lines, not headings or paragraphs."""
    for before, part, after in zip(parts, parts[1:], parts[2:], strict=False):
        if (
            part.kind in ("paragraph", "heading")
            and before.kind == "table"
            and after.kind == "table"
            and before.page == part.page == after.page
            and len(part.text.split()) <= 5
            and part.size <= 1.1 * before.size
        ):
            part.kind = "table"


def _without_drawings(parts: Sequence[Part]) -> list[Part]:
    """The parts without the labels of drawings: loose cells and short lines next to a figure's caption."""
    gone: set[int] = set()
    for number, part in enumerate(parts):
        if part.kind != "caption" or not _FIGURE.match(part.text):
            continue
        for step in (-1, 1):
            held: list[int] = []
            at = number + step
            while 0 <= at < len(parts) and parts[at].page == part.page and not parts[at].ruled:
                words = len(parts[at].text.split())
                if parts[at].kind == "table" and (step < 0 or words <= 12):
                    gone.update([*held, at])
                    held = []
                elif parts[at].kind in ("paragraph", "heading") and words <= 8 and not _ENDED.search(parts[at].text):
                    held.append(at)
                else:
                    break
                at += step
    return [part for number, part in enumerate(parts) if number not in gone]


def _joined(lines: Sequence[str], hyphens: Hyphens) -> str:
    text = ""
    for line in lines:
        text = hyphens.join(text, re.sub(r"\s*\t\s*", " | ", line)) if text else re.sub(r"\s*\t\s*", " | ", line)
    return text


def _without_contents(rows: Sequence[Row]) -> tuple[list[Row], int]:
    """The rows without tables of contents: three or more entries near one another, their heading, and lines between."""
    entries = [row.row is None and _ENTRY.fullmatch(row.text) is not None for row in rows]
    for number, row in enumerate(rows):
        if not entries[number] and row.row is None and _CONTENTS.fullmatch(row.text.strip(" :")):
            following = [n for n in range(number + 1, min(number + 60, len(rows))) if rows[n].page == row.page]
            ends = [n for n in following if rows[n].row is None and (_ENTRY_END.search(rows[n].text) or entries[n])]
            if len(ends) >= 4 and len(ends) > 0.6 * len(following):
                for n in ends:
                    entries[n] = True
    gone: set[int] = set()
    run: list[int] = []
    for number, is_entry in enumerate([*entries, False, False, False, False]):
        if is_entry:
            run.append(number)
        elif run and number - run[-1] > 3:
            if len(run) >= 3:
                gone.update(n for n in range(run[0], run[-1] + 1) if entries[n] or len(rows[n].text) < 140)
            run = []
    if not gone:
        return list(rows), 0
    pages = {rows[n].page for n in gone}
    for number, row in enumerate(rows):
        if number not in gone and row.page in pages and row.row is None and _CONTENTS.fullmatch(row.text.strip(" :")):
            gone.add(number)
    return [row for number, row in enumerate(rows) if number not in gone], len(gone)


def _flowing(parts: Sequence[Part], hyphens: Hyphens) -> list[Part]:
    """Parts with sentences that run over a column's or a page's end made whole; what stood between comes after them."""
    done: list[Part] = []
    open_at: int | None = None  # the running text that may go on
    crossed = False  # a heading or label stands between
    for part in parts:
        before = done[open_at] if open_at is not None else None
        if before is not None and _goes_on(before, part, crossed):
            before.text = hyphens.join(before.text, part.text)
            before.full, before.zone, before.lines, before.page_end = (
                part.full,
                part.zone,
                [*before.lines, *part.lines],
                part.page,
            )
            continue
        done.append(part)
        if part.kind in ("paragraph", "item", "quote") and not (
            part.ruled and before is not None and not _DONE.search(before.text)
        ):
            open_at, crossed = len(done) - 1, False
        if part.kind == "table" and (before is None or before.kind == "table" or _DONE.search(before.text)):
            open_at, crossed = len(done) - 1, False
        elif part.kind == "heading":
            crossed = True
    return done


def _goes_on(before: Part, part: Part, crossed: bool) -> bool:
    """Whether a part continues one before it, over the end of a column or page or round a picture.

    Over a heading or a label of a drawing (``crossed``) only what begins with a small letter goes on.
    """
    if part.kind not in ("paragraph", "table", "heading") or (before.kind == "table") != (part.kind == "table"):
        return False
    if abs(before.size - part.size) > 0.08 * part.size or part.page - before.page_end > 2:
        return False
    if before.zone == part.zone and before.page_end == part.page:
        return False
    small = part.text[:1].islower()
    if in_address(before.text) and small:
        return True
    if _DONE.search(before.text) or len(before.text.split()) < 4 or (part.kind == "heading" and not small):
        return False
    if small or (before.text.endswith(("-", "‐", ",")) and not crossed):
        return True
    return (
        not crossed
        and before.full
        and before.kind == part.kind == "paragraph"
        and len(before.text.split()) > 8
        and re.match(r"[\w(“\"‘'$£€]", part.text) is not None
    )
