"""The front page: what this is, one statement as an example, and who was heard on the ideas."""
from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from flask import Blueprint

from web.evidence import statements
from web.explorer import explorer
from web.ideas import sorted_ideas
from web.listing import Column, columns, order
from web.overview import overview
from web.pages import IdeaLine, KindLine, SectorLine, Statement, says
from web.respond import ListForm, Page, page

home = Blueprint("home", __name__)

SHOWN = 12  # ideas


@dataclass(frozen=True, kw_only=True)
class HomePage(Page):
    """The collection as a whole, and the ideas with most sources."""

    template: ClassVar[str] = "home.html"
    section: ClassVar[str] = "Idea"
    own_search: ClassVar[bool] = False
    lists: ClassVar[tuple[ListForm, ...]] = (
        ListForm("ideas", "Ideas", "all_ideas", IdeaLine), ListForm("sectors", "Sectors", "sectors", SectorLine),
    )

    documents: int = says("Documents read")
    read_until: str = says("When the last was read")
    statements: int = says("Statements found in them")
    specimen: Statement | None = says("A statement as an example: the most certain one with a short passage")
    all_ideas: tuple[IdeaLine, ...] = says("The ideas, and who was heard on each")
    ideas: tuple[IdeaLine, ...] = says("Those shown", drawn=True)
    columns: tuple[Column, ...] = says("Heads of the table", drawn=True)
    scale: int = says("Sources of the idea with most", drawn=True)
    silent: int = says("Ideas about which no statement was found in the documents read")
    sources: int = says("Independent sources over all ideas, each counted once")
    sectors: tuple[SectorLine, ...] = says("The same by sector")
    unknown_sector: int = says("Those whose sector is unknown")
    kinds: tuple[KindLine, ...] = says("Types of thing, and how many there are")
    tries: tuple[str, ...] = says("Searches to try", drawn=True)


@page(home, "/", HomePage, stem="/home")
def show() -> HomePage:
    web = explorer()
    collection, whole = web.collection(), overview(web)
    lines = sorted_ideas(whole.ideas)
    by = order(("name", "sources", "sectors", "statements"), "sources", ("sources", "sectors", "statements"))
    row = web.kept("specimen", lambda: web.row("home_specimen"))
    found = statements([row["id"]]) if row else []
    return HomePage(
        title="Who said what about public-service reform", documents=collection.documents,
        read_until=collection.read_until, statements=collection.statements, specimen=found[0] if found else None,
        all_ideas=lines, ideas=tuple(line for line in lines if line.statements)[:SHOWN],
        silent=sum(1 for line in lines if not line.statements),
        columns=columns((("name", "Idea"), ("sources", "Independent sources"), ("", "By stance"),
                         ("sectors", "Sectors heard"), ("", "Not heard in the documents read")),
                        by, ("sources", "sectors", "statements")),
        scale=max((line.sources for line in lines), default=0), sources=whole.sources, sectors=whole.sectors,
        unknown_sector=whole.unknown, kinds=web.kinds(),
        tries=tuple(line.idea.name.lower() for line in lines[:2] if line.sources),
    )
