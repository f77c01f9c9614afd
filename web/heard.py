"""Who was heard: independent sources by sector and stance, and what is missing.

A source counts once, however many statements it makes, in each sector that it speaks from. Its stance is that
of most of its statements; where none has most, it discusses. Counts are of the documents read, nothing else.
"""
from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import cast

from graph import independence
from graph.independence import Claim, Reason
from web.explorer import Explorer, Row
from web.pages import SectorLine, Stances, Term, YearLine

WRITTEN = "written:"  # before a document's id: the work that its authors share
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


COLUMNS = ("statement", "contributor", "sector", "role", "stance", "kind", "state", "year", "document", "studies",
           "quote")  # of a statement in ``idea_evidence``, in order


def all_evidence(web: Explorer) -> dict[str, tuple[Row, ...]]:
    """The statements about each idea, for counting; kept until the graph changes."""
    return web.kept("evidence", lambda: read_evidence(web, None))


def evidence_on(web: Explorer, idea: str) -> tuple[Row, ...]:
    """The statements about an idea, for counting, newest documents first; kept until the graph changes."""
    everything = web.known("evidence")
    if everything is None:
        everything = web.kept(f"evidence {idea}", lambda: read_evidence(web, idea))
    return cast(dict[str, tuple[Row, ...]], everything).get(idea, ())


def read_evidence(web: Explorer, idea: str | None) -> dict[str, tuple[Row, ...]]:
    found: dict[str, tuple[Row, ...]] = {}
    for answer in web.read("idea_evidence", id=idea).rows:
        people = {c["id"]: {"contributor_name": c["name"], "contributor_labels": c["labels"]}
                  for c in answer["contributors"]}
        found[answer["idea"]] = tuple(
            {**dict(zip(COLUMNS, values, strict=True)), **people[values[1]]} for values in answer["evidence"]
        )
    return found


def gather(web: Explorer, evidence: Sequence[Row]) -> Sources:
    """Statements of ``idea_evidence``, gathered into independent sources.

    The authors of a document who make statements in it are one source: they wrote it together.
    """
    rows = {row["statement"]: row for row in evidence}
    pairs = web.kept("same_texts", lambda: (web.row("document_same_texts") or {}).get("pairs", ())) if rows else ()
    sources = independence.group(
        [Claim(row["statement"], row["contributor"], row["document"], row["quote"], shared_work(row))
         for row in evidence],
        pairs,
    )
    groups = tuple(tuple(rows[id_] for id_ in source.statements) for source in sources)
    return Sources(
        tuple(evidence), groups,
        tuple(reasons_in_words(group, source.reasons) for group, source in zip(groups, sources, strict=True)),
    )


def shared_work(row: Row) -> tuple[str, ...]:
    """The ids of the works that a statement rests on: its studies, and for an author's statement the document."""
    return (*(id_ for id_, _ in row["studies"]), *((WRITTEN + row["document"],) if row["role"] == "author" else ()))


def reasons_in_words(group: Sequence[Row], reasons: Sequence[Reason]) -> tuple[str, ...]:
    """Why the statements of a source are counted once, each reason once."""
    names = {row["contributor"]: row["contributor_name"] for row in group}
    studies = {id_: name for row in group for id_, name in row["studies"]}
    by_id = {row["statement"]: row for row in group}
    found: list[str] = []
    for reason in reasons:
        own = [by_id[id_] for id_ in reason.statements]
        if reason.kind == independence.CONTRIBUTOR:
            found.append("by one contributor" if len(names) == 1 else f"{len(own)} by {names[reason.shared]}")
        elif reason.kind == independence.TEXT:
            count = len({row["document"] for row in own})
            found.append(f"the same text stands in {count} documents")
        elif not reason.shared.startswith(WRITTEN):
            all_of = "they rest" if len(own) == len(group) else f"{len(own)} rest"
            found.append(f"{all_of} on one study, {studies[reason.shared]}")
        elif len({row["contributor"] for row in own}) > 1:
            found.append("by the authors of one document")
    return tuple(dict.fromkeys(found))


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
