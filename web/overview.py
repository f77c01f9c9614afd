"""What is worked out over all evidence: who was heard on each idea, and on all of them together.

It takes a look at every statement, so it is kept until the graph changes.
"""
from __future__ import annotations

from dataclasses import dataclass

from web import heard
from web.explorer import Explorer, address_of
from web.pages import IdeaLine, Reference, SectorLine


@dataclass(frozen=True)
class Overview:
    """Who was heard, over all ideas."""

    ideas: tuple[IdeaLine, ...]
    sources: int  # independent sources over all ideas, each counted once
    sectors: tuple[SectorLine, ...]  # the sectors that can be heard, most sources first
    unknown: int  # sources whose sector is unknown


def overview(web: Explorer) -> Overview:
    """The overview, as of the graph's present state."""
    return web.kept("overview", lambda: work_out(web))


def idea_lines(web: Explorer) -> tuple[IdeaLine, ...]:
    """All ideas of the thesaurus, those without a statement too."""
    return overview(web).ideas


def work_out(web: Explorer) -> Overview:
    found = heard.all_evidence(web)
    sectors = web.sectors()
    lines = []
    for idea in web.ontology.ideas.values():
        sources = heard.gather(web, found.get(idea.id, ()))
        present = {row["sector"] for row in sources.evidence}
        lines.append(IdeaLine(
            idea=Reference(kind="Idea", id=idea.id, name=idea.label, address=address_of("Idea", idea.id)),
            definition=idea.definition, statements=len(sources.evidence),
            documents=len({row["document"] for row in sources.evidence}), sources=len(sources.groups),
            stances=heard.stances(sources.groups),
            heard=tuple(s for s in sectors if s.id in present),
            not_heard=tuple(s for s in sectors if s.id not in present),
        ))
    everything = heard.gather(web, [row for rows in found.values() for row in rows])
    by_sector = heard.by_sector(everything.groups, [*sectors, web.sector("unknown")], lambda role: role, lambda _: "")
    return Overview(
        ideas=tuple(lines), sources=len(everything.groups),
        sectors=tuple(line for line in by_sector if line.sector.id != "unknown"),
        unknown=next(line.sources for line in by_sector if line.sector.id == "unknown"),
    )
