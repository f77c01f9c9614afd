"""From rows in reading order to blocks: paragraphs, headings, items, captions, notes, tables."""
from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest.read.html import row_texts
from ingest.read.paragraph import LONGEST_HEADING
from ingest.read.pdf.columns import Row
from ingest.read.pdf.words import Hyphens

_BULLET = re.compile(r"^(?:[•●○◦▪■□–➢➤►▶✓✔·∙*-]|o(?=\s))\s+(?=\S)")
_NUMBERED = re.compile(r"^(?:\(?(?:\d{1,2}|[a-z]|[ivx]{1,5})[.)]|\d{1,2}\.)\s+(?=\S)", re.I)
_NOTE_START = re.compile(r"^(?:\d{1,3}|[*†‡§])\s*(?=[^\W\d]|[“\"‘'(\[])")
_CAPTION = re.compile(r"^(?:figure|fig\.|table|chart|exhibit|box|map|source|sources|note|notes|image|photo)\b\s*(?:[A-Z]?\d+[\d.A-Za-z-]*)?\s*[:.–—-]\s*\S", re.I)
_ENTRY = re.compile(r".{2,240}?(?:\s*\.{3,}\s*|\s*(?:\.\s?){3,}\s*|\s*…+\s*|\s*_{3,}\s*|\t\s*)(?:\d{1,3}|[ivxl]{1,6}|[A-Z]?\.?\d{0,2}-\d{1,3})\.?\s*$", re.S)
_ENTRY_END = re.compile(r"\s(?:\d{1,3}|[ivxl]{1,6})$")
_CONTENTS = re.compile(r"(?:table of )?contents(?: page)?|list of (?:figures|tables|exhibits|boxes|charts)|figures|tables|exhibits?|contents page", re.I)
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
    rows: list[list[str]] = field(default_factory=list)
    text: str = ""
    apart: bool = False


def parts_of(rows: Sequence[Row], usual: float, hyphens: Hyphens) -> tuple[list[Part], int]:
    """Blocks of a document's rows, and the number of lines of tables of contents left out."""
    rows, skipped = _without_contents(rows)
    leading = _leadings(rows)
    parts: list[Part] = []
    last: Row | None = None
    for row in rows:
        if row.row is not None:
            for text in row_texts(row.row):
                parts.append(Part("table", [text], row.page, row.size, False, row.zone))
            last = None
            continue
        text = row.text
        starts = last is None or not parts or _starts_part(row, last, parts[-1], leading, usual)
        if starts:
            parts.append(Part(_kind(row, text), [text], row.page, row.size, row.bold, row.zone, apart=_is_apart(row, last, leading)))
        else:
            parts[-1].lines.append(text)
            parts[-1].bold = parts[-1].bold and row.bold
        parts[-1].full = row.x1 > row.right - 0.1 * max(row.right - row.left, 1)
        last = row
    for part in parts:
        part.text = _joined(part.lines, hyphens)
        if part.kind == "paragraph":
            part.kind = _by_look(part, usual)
        part.text = _BULLET.sub("", part.text) if part.kind == "item" else part.text
    return _flowing(parts, hyphens), skipped


def _leadings(rows: Sequence[Row]) -> dict[float, float]:
    """The usual distance between baselines, by type size."""
    found: dict[float, Counter[float]] = {}
    for before, after in zip(rows, rows[1:], strict=False):
        gap = before.base - after.base
        if before.zone == after.zone and before.page == after.page and abs(before.size - after.size) < 0.3 and 0 < gap < 3 * after.size and before.row is None:
            found.setdefault(round(after.size), Counter())[round(gap * 2) / 2] += 1
    leading: dict[float, float] = {}
    for size, gaps in found.items():
        total = sum(gaps.values())
        # The lines of a paragraph are the closest that are common, not the most common: in a list every gap may be wide.
        leading[size] = next((gap for gap in sorted(gaps) if gaps[gap] >= 0.15 * total), gaps.most_common(1)[0][0])
    return leading


def _is_apart(row: Row, last: Row | None, leading: dict[float, float]) -> bool:
    if last is None or last.page != row.page or last.zone != row.zone:
        return True
    return last.base - row.base > 1.45 * leading.get(round(row.size), 1.3 * row.size)


def _starts_part(row: Row, last: Row, part: Part, leading: dict[float, float], usual: float) -> bool:
    if row.page != last.page or row.zone != last.zone or row.kind != last.kind:
        return True
    text, before = row.text, last.text
    if "\t" in text or "\t" in before:
        return True
    gap = last.base - row.base
    normal = leading.get(round(row.size), 1.2 * row.size)
    small = min(row.size, last.size)
    if gap > max(1.28 * normal, normal + 0.25 * small) or gap < -small or abs(row.size - last.size) > 0.08 * small + 0.1:
        return True
    if _BULLET.match(text) or row.led:
        return True
    if _NUMBERED.match(text) and (_DONE.search(before) or part.kind == "item" or part.lines[0] == before):
        return True
    if row.kind == "note" and _NOTE_START.match(text) and _ENDED.search(before):
        return True
    if row.bold != last.bold and (last.bold or _ENDED.search(before)) and not before.endswith(("-", ",")) and not _runs_on(row, last):
        return True
    width = max(row.right - row.left, 1.0)
    indent = row.x0 - row.left
    short = last.x1 < row.right - 0.25 * width
    if _ENDED.search(before) and short and not text[:1].islower():
        return True
    return part.kind == "paragraph" and _ENDED.search(before) is not None and 0.7 * small < indent < 0.2 * width and abs(last.x0 - row.left) < 0.3 * small


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


def _by_look(part: Part, usual: float) -> str:
    words = len(part.text.split())
    if words <= LONGEST_HEADING and len(part.lines) <= 4 and not re.search(r"[.;,][”\"’')]*$", part.text) and any(char.isalpha() for char in part.text) and \
            (part.size > 1.08 * usual or (part.bold and part.size >= 0.9 * usual)):
        return "heading"
    return "paragraph"


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
    for part in parts:
        if part.kind in ("note", "caption", "table") and not (part.kind == "table" and open_at is not None and done[open_at].kind == "table"):
            done.append(part)
            if part.kind == "table" and not _DONE.search(part.text) and len(part.text.split()) > 6:
                open_at = open_at if open_at is not None and done[open_at].kind != "table" and not _DONE.search(done[open_at].text) else len(done) - 1
            continue
        if open_at is not None and _goes_on(done[open_at], part):
            before = done[open_at]
            before.text = hyphens.join(before.text, part.text)
            before.full, before.zone, before.lines = part.full, part.zone, [*before.lines, *part.lines]
            if part.kind == "paragraph" or before.kind == "table":
                continue
            continue
        done.append(part)
        if part.kind != "heading" or not _is_label(part):
            open_at = len(done) - 1
    return done


def _is_label(part: Part) -> bool:
    return len(part.text.split()) <= 4


def _goes_on(before: Part, part: Part) -> bool:
    """Whether a part continues one before it, over the end of a column or page or round a picture."""
    if before.kind == "heading" or part.kind == "heading" or (before.kind == "table") != (part.kind == "table"):
        return False
    if part.kind == "item" or abs(before.size - part.size) > 0.08 * part.size or part.page - before.page > 3:
        return False
    if (before.zone == part.zone and before.page == part.page) or _DONE.search(before.text) or len(before.text.split()) < 4:
        return False
    if before.text.endswith(("-", "‐")) or part.text[:1].islower() or before.text.endswith(","):
        return True
    return before.full and before.kind == part.kind == "paragraph" and len(before.text.split()) > 8 and re.match(r"[\w(“\"‘'$£€]", part.text) is not None
