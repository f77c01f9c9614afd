"""Ideas: the list of them, and the page of each, which traces who contributed what evidence."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask import Blueprint
from werkzeug.wrappers import Response

from errors import NotFoundError
from web import heard
from web.drawing import Timeline, timeline
from web.evidence import labelled, statements
from web.explorer import Explorer, Row, address_of, explorer
from web.filters import Filters, choice, filters, year
from web.heard import Sources
from web.listing import Column, Window, columns, here, order, span, window
from web.overview import idea_lines
from web.pages import Group, IdeaLine, Reference, SectorLine, Span, Statement, Term, YearLine, says
from web.respond import ListForm, Page, page

ideas = Blueprint("ideas", __name__)

FIRST = 10  # statements of each stance on a page that is not narrowed to one
SIZE = 25  # statements on a page of one stance
STANCES = ("supports", "challenges", "discusses")


@dataclass(frozen=True, kw_only=True)
class CountedStatement:
    """A statement about an idea, with the number of the independent source that it is counted under."""

    independent_source: int = says("Number of the independent source that it is counted under")
    statement: Statement = says("The statement", flat=True)


@dataclass(frozen=True, kw_only=True)
class Bundle:
    """Statements of one independent source that stand together, and why they are counted once."""

    source: int = says("Number of the independent source")
    reasons: tuple[str, ...] = says("Why they are counted once; nothing where there is one statement")
    statements: tuple[Statement, ...] = says("The statements")


@dataclass(frozen=True, kw_only=True)
class StanceSection:
    """The statements of one stance, as filtered."""

    stance: str = says("supports, challenges or discusses")
    statements: int = says("How many statements take it")
    sources: int = says("How many independent sources make them")
    bundles: tuple[Bundle, ...] = says("The statements shown, gathered by source, newest first")
    span: Span = says("Which part of them is shown")
    more: str = says("Path of the page with all of them, or nothing")


@dataclass(frozen=True, kw_only=True)
class IdeaPage(Page):
    """An idea: who was heard on it, when, and each statement with its passage and source."""

    template: ClassVar[str] = "idea.html"
    section: ClassVar[str] = "Idea"
    lists: ClassVar[tuple[ListForm, ...]] = (
        ListForm("statements", "Statements", "statements", CountedStatement),
        ListForm("sectors", "Sectors", "sectors", SectorLine),
        ListForm("years", "Years", "years", YearLine),
    )

    idea: Reference = says("The idea")
    definition: str = says("What it means")
    also: tuple[str, ...] = says("Other names of the idea")
    line: IdeaLine = says("Its counts")
    checked: int = says("Statements that an editor has checked")
    first_year: int | None = says("Year of the first document")
    last_year: int | None = says("Year of the last document")
    undated: int = says("Statements in documents without a date")
    sectors: tuple[SectorLine, ...] = says("Independent sources by sector; 0: not heard in the documents read")
    unknown: SectorLine = says("Independent sources whose sector is unknown")
    several_sectors: int = says("Sources that speak from more than one sector and are counted in each")
    groups: tuple[Group, ...] = says("Sources that hold more than one statement, and why each is counted once")
    years: tuple[YearLine, ...] = says("Statements by year")
    shown: int = says("Statements that the filters let through")
    sections: tuple[StanceSection, ...] = says("The statements, by stance")
    statements: tuple[CountedStatement, ...] = says("The statements of the sections in one list", drawn=True)
    filters: Filters = says("The filter bar", drawn=True)
    timeline: Timeline | None = says("The timeline", drawn=True)
    time_finding: str = says("The heading of the timeline", drawn=True)
    scale: int = says("Sources in the largest sector", drawn=True)


@dataclass(frozen=True, kw_only=True)
class IdeasPage(Page):
    """All ideas, and who was heard on each."""

    template: ClassVar[str] = "ideas.html"
    section: ClassVar[str] = "Idea"
    lists: ClassVar[tuple[ListForm, ...]] = (ListForm("ideas", "Ideas", "ideas", IdeaLine),)

    ideas: tuple[IdeaLine, ...] = says("The ideas")
    silent: int = says("Ideas about which no statement was found in the documents read")
    columns: tuple[Column, ...] = says("Heads of the table", drawn=True)
    scale: int = says("Sources of the idea with most", drawn=True)


@page(ideas, "/ideas", IdeasPage)
def show_list() -> IdeasPage:
    lines = sorted_ideas(idea_lines(explorer()))
    by = order(("name", "sources", "sectors", "statements"), "sources", ("sources", "sectors", "statements"))
    return IdeasPage(
        title="Ideas, and who was heard on them", ideas=lines,
        silent=sum(1 for line in lines if not line.statements),
        columns=columns((("name", "Idea"), ("sources", "Independent sources"), ("", "By stance"),
                         ("sectors", "Sectors heard"), ("", "Not heard in the documents read")),
                        by, ("sources", "sectors", "statements")),
        scale=max((line.sources for line in lines), default=0),
    )


def sorted_ideas(lines: Sequence[IdeaLine]) -> tuple[IdeaLine, ...]:
    """The ideas in the order that the request asks for; those with most independent sources first."""
    by = order(("name", "sources", "sectors", "statements"), "sources", ("sources", "sectors", "statements"))
    keys = {"sources": lambda line: line.sources, "sectors": lambda line: len(line.heard),
            "statements": lambda line: line.statements, "name": lambda line: 0}
    named = sorted(lines, key=lambda line: line.idea.name.lower(), reverse=by.key == "name" and by.down)
    return tuple(sorted(named, key=keys[by.key], reverse=by.down and by.key != "name"))


@page(ideas, "/ideas/<id_>", IdeaPage)
def show(id_: str) -> IdeaPage | Response:
    web = explorer()
    idea = web.ontology.ideas.get(id_)
    if idea is None:
        raise NotFoundError("No idea has that address.")
    sources = heard.gather(web, heard.evidence_on(web, id_))
    bar = filter_bar(web)
    wanted = [row for row in sources.evidence if passes(row, bar)] if not bar.errors else []
    sections, counted = sections_of(sources, wanted, bar)
    by_sector = heard.by_sector(
        sources.groups, [*web.sectors(), web.sector("unknown")], lambda role: web.label("roles", role),
        lambda sector: here(sector=sector, page=None) + "#trace",
    )
    lines = tuple(line for line in by_sector if line.sector.id != "unknown")
    years = heard.by_year(sources.evidence)
    reference = Reference(kind="Idea", id=id_, name=idea.label, address=address_of("Idea", id_))
    return IdeaPage(
        title=idea.label, idea=reference, definition=idea.definition, also=idea.alt_labels,
        line=idea_line(reference, idea.definition, sources, lines),
        checked=sum(row["state"] == "accepted" for row in sources.evidence),
        first_year=years[0].year if years else None, last_year=years[-1].year if years else None,
        undated=sum(1 for row in sources.evidence if not row["year"]),
        sectors=lines, unknown=next(line for line in by_sector if line.sector.id == "unknown"),
        several_sectors=sum(1 for group in sources.groups if len({row["sector"] for row in group}) > 1),
        groups=groups_of(sources), years=years, shown=len(wanted), sections=sections, statements=counted,
        filters=bar, timeline=timeline(years) if years else None,
        time_finding=heard.time_finding(years) if years else "",
        scale=max((line.sources for line in by_sector), default=0),
    )


def idea_line(reference: Reference, definition: str, sources: Sources, lines: Sequence[SectorLine]) -> IdeaLine:
    return IdeaLine(
        idea=reference, definition=definition, statements=len(sources.evidence),
        documents=len({row["document"] for row in sources.evidence}), sources=len(sources.groups),
        stances=heard.stances(sources.groups), heard=tuple(line.sector for line in lines if line.sources),
        not_heard=tuple(line.sector for line in lines if not line.sources),
    )


def groups_of(sources: Sources) -> tuple[Group, ...]:
    """The sources that gather several contributors or statements, the largest first."""
    found = []
    for place, (group, reasons) in enumerate(zip(sources.groups, sources.reasons, strict=True), 1):
        if len(group) < 2:
            continue
        people = {row["contributor"]: row for row in group}
        contributors = tuple(
            c for row in people.values()
            if (c := labelled({"labels": row["contributor_labels"], "id": row["contributor"],
                               "name": row["contributor_name"]}))
        )
        found.append(Group(number=place, contributors=contributors, statements=len(group),
                           documents=len({row["document"] for row in group}), reasons=reasons))
    return tuple(sorted(found, key=lambda group: (-len(group.contributors), -group.statements, group.number)))


# ------------------------------------------------------------------------------------------------------ the filters

def filter_bar(web: Explorer) -> Filters:
    stances = [Term(id=v.id, label=v.label[:1].upper() + v.label[1:]) for v in web.terms("stances")]
    return filters("Filter statements", (
        choice("sector", "Sector", "All sectors", [*web.sectors(), web.sector("unknown")]),
        choice("role", "Role", "Any role", web.terms("roles")),
        choice("kind", "Kind", "Any kind", web.terms("kinds")),
        choice("stance", "Stance", "Any stance", stances),
        year("from", "From year"), year("to", "To year"),
        choice("checked", "Checked", "Checked or not", (
            Term(id="yes", label="Checked by an editor"), Term(id="no", label="Not yet checked"))),
    ))


def passes(row: Row, bar: Filters) -> bool:
    """Whether the filters let a statement through."""
    first, last = bar.year("from"), bar.year("to")
    return (
        all(bar[name] is None or (row[name] or "unknown") == bar[name] for name in ("sector", "role", "kind", "stance"))
        and (first is None or (row["year"] or 0) >= first)
        and (last is None or (row["year"] or 9999) <= last)
        and (bar["checked"] is None or (row["state"] == "accepted") == (bar["checked"] == "yes"))
    )


def together(rows: Sequence[Row], number: dict[str, int]) -> list[Row]:
    """The rows with those of one source side by side, sources in the order of their first row."""
    by_source: dict[int, list[Row]] = {}
    for row in rows:
        by_source.setdefault(number[row["statement"]], []).append(row)
    return [row for own in by_source.values() for row in own]


def sections_of(
    sources: Sources, wanted: Sequence[Row], bar: Filters,
) -> tuple[tuple[StanceSection, ...], tuple[CountedStatement, ...]]:
    """The statements by stance: the first few of each, or, where one stance is asked for, a page of that."""
    number = sources.number_of()
    one = bar["stance"]
    parts: list[tuple[str, list[Row], Window, list[Row]]] = []
    for stance in STANCES:
        rows = together([row for row in wanted if row["stance"] == stance], number)
        if not rows:
            continue
        at = window(SIZE) if one else window(FIRST)
        at = at if one or at.everything else Window(0, FIRST, 1, at.key)
        parts.append((stance, rows, at, rows[at.skip:at.skip + at.size]))
    full = {s.id: s for s in statements([row["statement"] for part in parts for row in part[3]])}
    sections: list[StanceSection] = []
    counted: list[CountedStatement] = []
    for stance, rows, at, shown in parts:
        bundles: list[Bundle] = []
        for source, own in runs([row for row in shown if row["statement"] in full], number):
            bundles.append(Bundle(
                source=source + 1, reasons=sources.reasons[source] if len(own) > 1 else (),
                statements=tuple(full[row["statement"]] for row in own),
            ))
            counted += [
                CountedStatement(independent_source=source + 1, statement=full[row["statement"]]) for row in own
            ]
        sections.append(StanceSection(
            stance=stance, statements=len(rows), sources=len({number[row["statement"]] for row in rows}),
            bundles=tuple(bundles), span=span(len(shown), len(rows), at),
            more="" if one or len(shown) == len(rows) else here(stance=stance, page=None) + "#trace",
        ))
    return tuple(sections), tuple(counted)


def runs(rows: Sequence[Row], number: dict[str, int]) -> list[tuple[int, list[Row]]]:
    """Neighbouring rows of one source, gathered."""
    found: list[tuple[int, list[Row]]] = []
    for row in rows:
        source = number[row["statement"]]
        if found and found[-1][0] == source:
            found[-1][1].append(row)
        else:
            found.append((source, [row]))
    return found
