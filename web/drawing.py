"""Drawings worked out on the server: numbers for SVG attributes, since the pages allow no style attributes.

Each has a table with the same figures beside it on the page.
"""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from web.pages import LinkLine, Reference, Stances, YearLine

STANCES = ("supports", "challenges", "discusses")

# ------------------------------------------------------------------------------------------------------- timeline

BLOCK, GAP, TALLEST = 15, 4, 12  # height of a block, space between two, blocks in the tallest column drawn one by one
COLUMN, LEFT = 52, 8


@dataclass(frozen=True)
class Block:
    stance: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Timeline:
    """Statements by year: a block for each, or, where a year has many, a bar for each stance."""

    width: int
    height: int
    base: float
    blocks: tuple[Block, ...]
    years: tuple[tuple[float, str], ...]  # x and text
    each: bool  # one block is one statement


def timeline(lines: Sequence[YearLine]) -> Timeline:
    """Columns for all years from the first to the last, those without statements too."""
    first, last = lines[0].year, lines[-1].year
    tall: float
    by_year = {line.year: line.stances for line in lines}
    most = max(line.stances.total for line in lines)
    years = range(first, last + 1)
    step = max(min(COLUMN, 944 / len(years)), 10)
    wide = step - max(step * 0.3, 3)
    each = most <= TALLEST
    unit = (BLOCK + GAP) if each else TALLEST * (BLOCK + GAP) / most
    base = min(most, TALLEST) * (BLOCK + GAP) + 12.0
    blocks: list[Block] = []
    texts: list[tuple[float, str]] = []
    every = max(1, round(64 / step + 0.49))
    for place, year in enumerate(years):
        x, y = LEFT + place * step, base - 3
        stances = by_year.get(year)
        for stance in STANCES if stances else ():
            count = stances[stance] if stances else 0
            for _ in range(count if each else bool(count)):
                tall = BLOCK if each else max(count * unit - 1.5, 1.5)
                y -= tall
                blocks.append(Block(stance, round(x, 1), round(y, 1), round(wide, 1), round(tall, 1)))
                y -= GAP if each else 1.5
        if place % every == 0:
            texts.append((round(x + wide / 2, 1), str(year)))
    width = max(round(LEFT + step * len(years)), 320)
    return Timeline(width, round(base + 26), round(base, 1), tuple(blocks), tuple(texts), each)


# -------------------------------------------------------------------------------------------------- neighbourhood

# Each lane's label and the kinds that stand in it, from left to right.
LANES = (
    ("Contributors", ("Person", "Organisation", "Group")),
    ("Ideas", ("Idea",)),
    ("Interventions and issues", ("Intervention", "Issue")),
    ("Outcomes", ("Outcome",)),
    ("Places", ("Place",)),
)
MOST_IN_LANE = 8
ROW = 64  # height of a row
TOP = 66
LETTERS = 24  # in a line of a label
BOWS = (0, -46, 46, -84, 84)  # how far a link's middle is moved to keep clear of signs
AWAY, STEPS = 15, 24  # how near a link may come to another sign; points that are tried
Point = tuple[float, float]
SIDES = {"increases": "up", "decreases": "down", "no_change": "level", "mixed": "mixed"}


@dataclass(frozen=True)
class Line:
    """A line of a label."""

    text: str
    x: float
    y: float
    small: bool = False


@dataclass(frozen=True)
class Spot:
    """A thing in the drawing, or a stack that stands for those that are not drawn."""

    thing: Reference | None
    x: float
    y: float
    size: float
    anchor: str
    lines: tuple[Line, ...]
    centre: bool = False


@dataclass(frozen=True)
class Path:
    sort: str  # a stance, or other
    width: float
    path: str


@dataclass(frozen=True)
class Mark:
    sign: str
    x: float
    y: float


@dataclass(frozen=True)
class Lane:
    label: str
    x: float
    anchor: str


@dataclass(frozen=True)
class Drawing:
    width: int
    height: int
    lanes: tuple[Lane, ...]
    links: tuple[Path, ...]
    marks: tuple[Mark, ...]
    spots: tuple[Spot, ...]
    drawn: int  # things
    left_out: int  # neighbours that are not drawn

    @property
    def has_stances(self) -> bool:
        return any(link.sort != "other" for link in self.links)

    @property
    def has_others(self) -> bool:
        return any(link.sort == "other" for link in self.links)


def lane_of(kind: str) -> int:
    return next(place for place, (_, kinds) in enumerate(LANES) if kind in kinds)


def choose(centre: Reference, links: Iterable[LinkLine]) -> list[Reference]:
    """The neighbours that are drawn: in each lane those with the most statements."""
    weight: dict[str, int] = {}
    things: dict[str, Reference] = {}
    for link in links:
        other = link.end if link.start.id == centre.id else link.start
        if other.id != centre.id:
            things[other.id] = other
            weight[other.id] = weight.get(other.id, 0) + link.statements
    chosen: list[Reference] = []
    for place in range(len(LANES)):
        own = [t for t in things.values() if lane_of(t.kind) == place]
        own.sort(key=lambda t: (-weight[t.id], t.name.lower(), t.id))
        most = MOST_IN_LANE - (lane_of(centre.kind) == place)
        chosen += own if len(own) <= most else own[:most - 1]
    return chosen


def label_lines(name: str) -> list[str]:
    """A name in at most two lines of about ``LETTERS`` letters, cut with … if it is longer."""
    lines: list[str] = [""]
    for word in name.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > LETTERS:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    if len(lines) > 2:
        lines = [lines[0], lines[1] + " …"]
    return [line if len(line) <= LETTERS + 6 else line[:LETTERS + 4] + "…" for line in lines]


def draw(
    centre: Reference, chosen: Sequence[Reference], links: Sequence[LinkLine], left_out: dict[int, int],
) -> Drawing:
    """The neighbourhood in lanes. ``left_out`` counts, by lane, the neighbours that are not drawn."""
    things = [centre, *chosen]
    used = [p for p in range(len(LANES)) if left_out.get(p) or any(lane_of(t.kind) == p for t in things)]
    tallest = max(sum(lane_of(t.kind) == p for t in things) + bool(left_out.get(p)) for p in used)
    height = TOP + tallest * ROW + 4
    first_x = 226 if used[0] == 0 else 110
    gap = 196
    x_of = {p: first_x + place * gap for place, p in enumerate(used)}
    width = x_of[used[-1]] + (110 if used[-1] != 0 else 60)
    at: dict[str, tuple[float, float]] = {}
    spots: list[Spot] = []
    for p in used:
        own = [t for t in chosen if lane_of(t.kind) == p]
        if lane_of(centre.kind) == p:  # the thing itself stands in the middle of its lane
            own.insert(len(own) // 2, centre)
        rows = len(own) + bool(left_out.get(p))
        space = min((height - TOP) / rows, ROW * 2)
        y = TOP + (height - TOP - space * rows) / 2 + space / 2 - 14
        for thing in own:
            at[thing.id] = (x_of[p], round(y, 1))
            spots.append(spot(thing, x_of[p], round(y, 1), thing.id == centre.id, side=p == 0))
            y += space
        if left_out.get(p):
            text = f"{left_out[p]:,} more"
            x = x_of[p]
            line = Line(text, x - 18, y + 5) if p == 0 else Line(text, x, y + 26)
            spots.append(Spot(None, x, round(y, 1), 16, "end" if p == 0 else "middle", (line,)))
    paths, marks = [], []
    for link in sorted(links, key=lambda line: line.statements):
        if link.start.id in at and link.end.id in at:
            others = [place for id_, place in at.items() if id_ not in (link.start.id, link.end.id)]
            path, mark = connect(link, at[link.start.id], at[link.end.id], others)
            paths.append(path)
            marks += [mark] if mark else []
    lanes = tuple(Lane(LANES[p][0], x_of[p], "end" if p == 0 else "middle") for p in used)
    return Drawing(width, round(height), lanes, tuple(paths), tuple(marks), tuple(spots), len(things),
                   sum(left_out.values()))


def spot(thing: Reference, x: float, y: float, centre: bool, side: bool) -> Spot:
    """A thing with its label: beside it in the first lane, else under it."""
    size = (28 if thing.kind == "Idea" else 22) if centre else (20 if thing.kind == "Idea" else 18)
    texts = label_lines(thing.name)
    if side:
        top = y + 5 - (len(texts) - 1) * 7.5
        lines = tuple(Line(t, x - 18 - (4 if centre else 0), top + 15 * n) for n, t in enumerate(texts))
    else:
        lines = tuple(Line(t, x, y + size / 2 + 16 + (5 if centre else 0) + 15 * n) for n, t in enumerate(texts))
    return Spot(thing, x, y, size, "end" if side else "middle", lines, centre)


def clear(a: Point, b: Point, c: Point, d: Point, others: Sequence[Point]) -> bool:
    """Whether the cubic Bézier curve keeps away from the signs at ``others``."""
    for n in range(1, STEPS):
        t = n / STEPS
        shares = ((1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t**2, t**3)
        x, y = (sum(share * point[axis] for share, point in zip(shares, (a, b, c, d), strict=True)) for axis in (0, 1))
        if any(abs(x - ox) < AWAY and abs(y - oy) < AWAY for ox, oy in others):
            return False
    return True


def stance_of(stances: Stances) -> str:
    """The stance that a link is drawn in: that of most statements, else discusses."""
    best = max(STANCES, key=lambda stance: stances[stance])
    return best if sum(stances[s] == stances[best] for s in STANCES) == 1 else "discusses"


def connect(
    link: LinkLine, start: Point, end: Point, others: Sequence[Point] = (),
) -> tuple[Path, Mark | None]:
    """A link between two spots, as wide as it has statements; in one lane it bows out to the right.

    Where it would run through another spot it bows over or under it.
    """
    (x1, y1), (x2, y2) = start, end
    wide = min(1.25 + 0.75 * link.statements, 7)
    if x1 == x2:
        bow = 60 + abs(y2 - y1) * 0.12
        x1, x2 = x1 + 13, x2 + 16
        path = f"M{x1} {y1}C{x1 + bow:.0f} {y1} {x2 + bow:.0f} {y2} {x2} {y2}"
        mark_x = x2 + 8.0
    else:
        way = 1 if x2 > x1 else -1
        x1, x2 = x1 + way * 13, x2 - way * 17
        half = (x1 + x2) / 2
        bow = next((b for b in BOWS if clear((x1, y1), (half, y1 + b), (half, y2 + b), (x2, y2), others)), 0)
        path = f"M{x1} {y1}C{half:.0f} {y1 + bow:.0f} {half:.0f} {y2 + bow:.0f} {x2} {y2}"
        mark_x = x2 - 14.0 if way > 0 else x2 + 4.0
    sort = stance_of(link.stances) if link.stances else "other"
    mark = Mark(SIDES[link.direction], mark_x, y2 - 15) if link.direction in SIDES else None
    return Path(sort, round(wide if link.stances else min(wide, 4), 2), path), mark
