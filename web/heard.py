"""Who was heard: independent sources by sector and stance, and what is missing.

A source counts once, however many statements it makes, in each sector that it speaks from. Its stance is that
of most of its statements; where none has most, it discusses. Counts are of the documents read, nothing else.
"""
from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from web.explorer import Row
from web.pages import SectorLine, Stances, Term, YearLine

ROLES = ("author", "quoted", "cited")  # the strongest first


@dataclass(frozen=True)
class Sources:
    """Statements about an idea, gathered into independent sources."""

    evidence: tuple[Row, ...]
    groups: tuple[tuple[Row, ...], ...]  # each is one independent source
    reasons: tuple[tuple[str, ...], ...]  # beside ``groups``: why their statements count once

    def number_of(self) -> dict[str, int]:
        """The number of its source, from 0, for each statement."""
        return {row["statement"]: place for place, group in enumerate(self.groups) for row in group}


def main_stance(rows: Iterable[Row]) -> str:
    """The stance of most statements; discusses where none has most."""
    counts = Counter(row["stance"] for row in rows).most_common(2)
    return str(counts[0][0]) if len(counts) == 1 or counts[0][1] > counts[1][1] else "discusses"


def stances(groups: Iterable[Sequence[Row]]) -> Stances:
    """Sources by stance."""
    counts = Counter(main_stance(group) for group in groups)
    return Stances(supports=counts["supports"], challenges=counts["challenges"], discusses=counts["discusses"])


def roles_in_words(groups: Iterable[Sequence[Row]], label: Callable[[str], str]) -> str:
    """ "4 author, 2 quoted": each source by the strongest of its roles."""
    counts = Counter(next(role for role in ROLES if any(row["role"] == role for row in group)) for group in groups)
    return ", ".join(f"{counts[role]} {label(role)}" for role in ROLES if counts[role])


def by_sector(
    groups: Sequence[Sequence[Row]], sectors: Sequence[Term], label: Callable[[str], str],
    address: Callable[[str], str],
) -> tuple[SectorLine, ...]:
    """A line for each sector, those with the most sources first, the absent ones in the order of ``sectors``."""
    lines = []
    for sector in sectors:
        own = [rows for group in groups if (rows := [r for r in group if (r["sector"] or "unknown") == sector.id])]
        lines.append(SectorLine(
            sector=sector, sources=len(own), stances=stances(own), roles=roles_in_words(own, label),
            address=address(sector.id) if own else "",
        ))
    return tuple(sorted(lines, key=lambda line: -line.sources))


def by_year(evidence: Iterable[Row]) -> tuple[YearLine, ...]:
    """Statements by year of their document and stance, from the first year on; undated ones are left out."""
    counts = Counter((row["year"], row["stance"]) for row in evidence if row["year"])
    return tuple(
        YearLine(year=year, stances=Stances(
            supports=counts[year, "supports"], challenges=counts[year, "challenges"],
            discusses=counts[year, "discusses"],
        ))
        for year in sorted({year for year, _ in counts})
    )


def time_finding(lines: Sequence[YearLine]) -> str:
    """The heading of the timeline: from when to when, and when most."""
    if len(lines) == 1:
        return f"All in {lines[0].year}"
    most = max(lines, key=lambda line: line.stances.total)
    ties = sum(line.stances.total == most.stances.total for line in lines)
    when = f"From {lines[0].year} to {lines[-1].year}"
    if ties > 1:
        return when
    return f"{when}; most in {most.year}, {most.stances.total} statements"
