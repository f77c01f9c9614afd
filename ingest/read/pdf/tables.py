"""Ruled tables: cells out of the rules and rectangles on a page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ingest.read.pdf.columns import Row
from ingest.read.pdf.glyphs import Page, Segment

_THIN = 3.0  # points: a rectangle as thin as that is a rule
_NEAR = 3.0
_MOST_RULES = 3000  # a drawing, not a table


@dataclass(frozen=True, slots=True)
class _Rule:
    at: float  # y of a level rule, x of an upright one
    start: float
    end: float


def take_tables(page: Page, join: Callable[[Sequence[Segment]], list[str]]) -> list[Row]:
    """The page's ruled tables as rows of cells; their segments are taken out of the page.

    ``join``: makes paragraphs out of one cell's segments.
    """
    levels, uprights = _rules(page)
    if not levels or not uprights or len(levels) + len(uprights) > _MOST_RULES:
        return []
    found: list[Row] = []
    for rows_at, columns_at in _grids(levels, uprights):
        inside = [
            s
            for s in page.segments
            if rows_at[-1] - 1 < s.base < rows_at[0] + 1 and columns_at[0] - 2 < (s.x0 + s.x1) / 2 < columns_at[-1] + 2
        ]
        cells = _cells(inside, rows_at, columns_at)
        filled = [row for row in cells if any(row)]
        columns = max((sum(1 for cell in row if cell) for row in filled), default=0)
        named = sum(any(char.isalpha() for cell in row for segment in cell for char in segment.text) for row in filled)
        if len(filled) < 2 or named < 0.5 * len(filled) or (columns < 2 and len(filled) < 3) or _is_drawing(filled):
            continue
        if columns < 2 and _is_shaded_text(filled):
            continue
        gone = {id(segment) for segment in inside}
        page.segments = [segment for segment in page.segments if id(segment) not in gone]
        for row in filled:
            texts = [join(cell) for cell in row]
            if any(any(char.isalpha() for char in text) for cell in texts for text in cell):
                first = next(cell for cell in row if cell)[0]
                found.append(Row([first], page.number, -1, columns_at[0], columns_at[-1], texts, "table"))
    return found


def _is_drawing(rows: Sequence[Sequence[Sequence[Segment]]]) -> bool:
    """Whether the cells hold only scattered labels."""
    words = sum(len(segment.text.split()) for row in rows for cell in row for segment in cell)
    return words < 6


def _is_shaded_text(rows: Sequence[Sequence[Sequence[Segment]]]) -> bool:
    """Whether the rows of one column are the lines of a shaded box: sentences run from one to the next."""
    texts = [" ".join(segment.text for cell in row for segment in cell).strip() for row in rows]
    runs_on = sum(text[:1].islower() for text in texts)
    return runs_on > 0.15 * len(texts) or len(texts) < 3


def _rules(page: Page) -> tuple[list[_Rule], list[_Rule]]:
    levels: set[tuple[float, float, float]] = set()
    uprights: set[tuple[float, float, float]] = set()

    def level(y: float, x0: float, x1: float) -> None:
        if x1 - x0 > 8:
            levels.add((round(y, 1), round(x0, 1), round(x1, 1)))

    def upright(x: float, y0: float, y1: float) -> None:
        if y1 - y0 > 5:
            uprights.add((round(x, 1), round(y0, 1), round(y1, 1)))

    for x0, y0, x1, y1, _ in page.boxes:
        wide, high = x1 - x0, y1 - y0
        if wide > 0.97 * page.width and high > 0.9 * page.height:
            continue
        if high <= _THIN:
            level((y0 + y1) / 2, x0, x1)
        elif wide <= _THIN:
            upright((x0 + x1) / 2, y0, y1)
        else:
            level(y0, x0, x1)
            level(y1, x0, x1)
            upright(x0, y0, y1)
            upright(x1, y0, y1)
    return [_Rule(*rule) for rule in levels], [_Rule(*rule) for rule in uprights]


def _grids(levels: Sequence[_Rule], uprights: Sequence[_Rule]) -> list[tuple[list[float], list[float]]]:
    """Groups of rules that meet: heights from the top, and x from the left."""
    rules = [(rule, True) for rule in levels] + [(rule, False) for rule in uprights]
    parent = list(range(len(rules)))

    def root(n: int) -> int:
        while parent[n] != n:
            parent[n] = parent[parent[n]]
            n = parent[n]
        return n

    count = len(levels)
    for a in range(count):
        for b in range(count, len(rules)):
            across, down = rules[a][0], rules[b][0]
            if (
                across.start - _NEAR <= down.at <= across.end + _NEAR
                and down.start - _NEAR <= across.at <= down.end + _NEAR
            ):
                parent[root(a)] = root(b)
    groups: dict[int, tuple[list[float], list[float]]] = {}
    for number, (rule, is_level) in enumerate(rules):
        groups.setdefault(root(number), ([], []))[0 if is_level else 1].append(rule.at)
    found = []
    for ys, xs in groups.values():
        ys, xs = _merged(ys)[::-1], _merged(xs)
        if len(ys) >= 3 and len(xs) >= 2 and len(ys) <= 400 and len(xs) <= 40:
            found.append((ys, xs))
    return found


def _merged(values: Sequence[float]) -> list[float]:
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > _NEAR:
            found.append(value)
    return found


def _cells(
    segments: Sequence[Segment], rows_at: Sequence[float], columns_at: Sequence[float]
) -> list[list[list[Segment]]]:
    """Segments by row and column of the grid."""
    table: list[list[list[Segment]]] = [[[] for _ in range(len(columns_at) - 1)] for _ in range(len(rows_at) - 1)]
    for segment in segments:
        middle = segment.base + 0.3 * segment.size
        row = next((n for n in range(len(rows_at) - 1) if rows_at[n + 1] <= middle <= rows_at[n]), None)
        column = next(
            (n for n in range(len(columns_at) - 1) if columns_at[n] - 2 <= segment.x0 + 1 <= columns_at[n + 1]), None
        )
        if row is not None and column is not None:
            table[row][column].append(segment)
    for line in table:
        for cell in line:
            cell.sort(key=lambda segment: (-round(segment.base), segment.x0))
    return table
