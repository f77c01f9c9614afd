"""Reading order on a page: columns found by the gutters between them, rows where there is no gutter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

from ingest.read.pdf.glyphs import Segment

_FEWEST = 6  # lines on both sides together that make two columns
_PROSE = 16  # characters of a column's median line; tables' cells and lists' marks are shorter
_MARK_WIDTH = 6  # characters of a list mark ("•", "3.1.2", "(iv)")


@dataclass(slots=True)
class Row:
    """One line of a column: segments on one baseline, left to right. ``zone``: number of its column on the page."""

    segments: list[Segment]
    page: int
    zone: int = 0
    left: float = 0.0  # edges of its column
    right: float = 0.0
    row: list[list[str]] | None = None  # a ruled table's row, in place of segments
    kind: str = ""

    @property
    def text(self) -> str:
        """The row's text; a tab stands where a gap is too wide for a blank between words."""
        text = self.segments[0].text
        for before, after in zip(self.segments, self.segments[1:], strict=False):
            text += (" " if after.x0 - before.x1 <= 2.2 * max(before.size, after.size) else "\t") + after.text
        return text

    @property
    def x0(self) -> float:
        return self.segments[0].x0

    @property
    def x1(self) -> float:
        return max(segment.x1 for segment in self.segments)

    @property
    def base(self) -> float:
        return self.segments[0].base

    @property
    def size(self) -> float:
        return max(self.segments, key=lambda segment: len(segment.text)).size

    @property
    def bold(self) -> bool:
        return all(segment.bold for segment in self.segments if any(char.isalnum() for char in segment.text))

    @property
    def led(self) -> bool:
        return self.segments[0].led


@dataclass(slots=True)
class _Zones:
    rows: list[Row] = field(default_factory=list)
    count: int = 0


def arrange(segments: Sequence[Segment], page: int) -> list[Row]:
    """The page's rows in reading order."""
    zones = _Zones()
    _arrange(_with_marks(segments), page, zones, 0)
    return zones.rows


def _with_marks(segments: Sequence[Segment]) -> list[Segment]:
    """List marks joined with the text to their right, so that they do not look like a column."""
    found: list[Segment] = []
    for row in _by_row(segments):
        held: Segment | None = None
        for segment in row:
            if held is not None and segment.x0 - held.x1 < 6 * segment.size:
                segment = Segment(
                    f"{held.text} {segment.text}",
                    held.x0,
                    segment.x1,
                    segment.base,
                    segment.size,
                    segment.bold,
                    segment.light,
                    segment.figure,
                    [*held.marks, *segment.marks],
                    held.led or segment.led or not held.text,
                )
            elif held is not None:
                found.append(held)
            held = segment if len(segment.text) <= _MARK_WIDTH and _is_mark(segment.text) else None
            if held is None:
                found.append(segment)
        if held is not None:
            found.append(held)
    return found


def _is_mark(text: str) -> bool:
    return (
        not text
        or not any(char.isalnum() for char in text)
        or (text[-1] in ".):" and len(text) <= 5)
        or text in ("o", "O", "§")
        or (text.replace(".", "").isdigit() and "." in text)
    )


def _by_row(segments: Sequence[Segment]) -> list[list[Segment]]:
    rows: list[list[Segment]] = []
    for segment in sorted(segments, key=lambda segment: -segment.base):
        if rows and abs(rows[-1][0].base - segment.base) <= 0.3 * min(segment.size, rows[-1][0].size):
            rows[-1].append(segment)
        else:
            rows.append([segment])
    for row in rows:
        row.sort(key=lambda segment: segment.x0)
    return rows


def _arrange(segments: Sequence[Segment], page: int, zones: _Zones, depth: int) -> None:
    if not segments:
        return
    gutter = _gutter(segments) if depth < 5 else None
    if gutter is None:
        left, right = min(segment.x0 for segment in segments), _right_edge(segments)
        zones.count += 1
        zones.rows.extend(Row(row, page, zones.count, left, right) for row in _by_row(segments))
        return
    for crossing, band in _bands(segments, gutter):
        if crossing:
            _arrange(band, page, zones, 5)
            continue
        lefts = [segment for segment in band if segment.x1 <= gutter + 1]
        rights = [segment for segment in band if segment.x1 > gutter + 1]
        if _is_columns(lefts, rights):
            _arrange(lefts, page, zones, depth + 1)
            _arrange(rights, page, zones, depth + 1)
        else:
            _arrange(band, page, zones, depth + 1 if len(band) < len(segments) else 5)


def _right_edge(segments: Sequence[Segment]) -> float:
    ends = sorted(segment.x1 for segment in segments)
    return ends[max(0, len(ends) * 9 // 10 - 1)] if len(ends) > 4 else ends[-1]


def _bands(segments: Sequence[Segment], gutter: float) -> list[tuple[bool, list[Segment]]]:
    """Runs of segments from the top: those that cross the gutter, and those between that do not."""
    bands: list[tuple[bool, list[Segment]]] = []
    for row in _by_row(segments):
        crossing = any(segment.x0 < gutter - 1 and segment.x1 > gutter + 1 for segment in row)
        if not bands or bands[-1][0] != crossing:
            bands.append((crossing, []))
        bands[-1][1].extend(row)
    return bands


def _is_columns(lefts: Sequence[Segment], rights: Sequence[Segment]) -> bool:
    """Whether two sides of a gutter are columns of running text, and not a table's."""
    if len(lefts) < 2 or len(rights) < 2 or len(lefts) + len(rights) < _FEWEST:
        return False
    for side in (lefts, rights):
        if median(len(segment.text) for segment in side) < _PROSE:
            return False
        if sum(any(char.isalpha() for char in segment.text) for segment in side) < 0.7 * len(side):
            return False
    high, low = (
        min(max(s.top for s in lefts), max(s.top for s in rights)),
        max(min(s.bottom for s in lefts), min(s.bottom for s in rights)),
    )
    shorter = min(max(s.top for s in side) - min(s.bottom for s in side) for side in (lefts, rights))
    return high - low > 0.5 * shorter


def _gutter(segments: Sequence[Segment]) -> float | None:
    """The x in which most lines stand on two sides as columns; None where there is none."""
    starts = sorted(segment.x0 for segment in segments)
    candidates: list[float] = []
    for start in starts:
        if (not candidates or start - 2 - candidates[-1] > 2) and sum(
            1 for other in starts if abs(other - start) < 3
        ) >= 2:
            candidates.append(start - 2)
    best: tuple[int, float] | None = None
    leftmost = starts[0]
    for gutter in candidates:
        if gutter < leftmost + 20:
            continue
        score = 0
        for crossing, band in _bands(segments, gutter):
            if crossing:
                continue
            lefts = [segment for segment in band if segment.x1 <= gutter + 1]
            rights = [segment for segment in band if segment.x1 > gutter + 1]
            if _is_columns(lefts, rights) and gutter + 2 - max(s.x1 for s in lefts) > 0.5 * median(
                s.size for s in band
            ):
                score += len(lefts) + len(rights)
        if score >= _FEWEST and (best is None or score > best[0]):
            best = score, gutter
    return best[1] if best else None
