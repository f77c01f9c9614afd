"""Things: people, organisations, groups, places, issues, interventions and outcomes; their lists and pages."""
from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from flask import Blueprint
from werkzeug.wrappers import Response

from errors import NotFoundError
from web import drawing
from web.drawing import Drawing
from web.evidence import kind_of, labelled, statements
from web.explorer import KINDS, PATHS, Explorer, Row, explorer, reference
from web.filters import Filters, choice, filters, words
from web.listing import Column, columns, order, span, window
from web.pages import DocumentLine, LinkLine, Reference, Span, Stances, Statement, Term, ThingLine, says
from web.respond import ListForm, Page, moved, page

things = Blueprint("things", __name__)

SIZE = 50  # rows of a list
SAID = 10  # statements of a section
DOCUMENTS = 10
LINKS = 25
MOST_LINKS = 400  # links that are looked at to choose those drawn
FOUR_IN_FIVE = 0.8  # a direction that fewer statements take counts as mixed
CONTRIBUTORS = ("Person", "Organisation", "Group")


@dataclass(frozen=True, kw_only=True)
class ThingPage(Page):
    """A thing: what it says, what is said of it, its links, and the documents that mention it."""

    template: ClassVar[str] = "thing.html"
    lists: ClassVar[tuple[ListForm, ...]] = (
        ListForm("statements", "Statements by it", "made", Statement),
        ListForm("said-of-it", "Statements about it", "related", Statement),
        ListForm("links", "Links", "links", LinkLine),
        ListForm("documents", "Documents", "documents", DocumentLine),
    )

    thing: Reference = says("The thing")
    what: str = says("What its type means")
    line: ThingLine = says("Its other names, sector and counts")
    headings: tuple[Term, ...] = says("Headings of the thesaurus under which it stands")
    made: tuple[Statement, ...] = says("Statements that it makes: about ideas first, newest first")
    made_span: Span = says("Which part of those is shown")
    related: tuple[Statement, ...] = says("Statements by others that relate it to another thing, newest first")
    related_span: Span = says("Which part of those is shown")
    links: tuple[LinkLine, ...] = says("Its links, those with the most statements first")
    links_span: Span = says("Which part of those is shown")
    among: tuple[LinkLine, ...] = says("Links among the other things of the drawing")
    documents: tuple[DocumentLine, ...] = says("Documents that mention it, those with the most mentions first")
    documents_span: Span = says("Which part of those is shown")
    drawing: Drawing | None = says("The neighbourhood", drawn=True)

    @property
    def menu(self) -> str:
        return self.thing.kind

    # What the key of the drawing explains

    @property
    def kinds_drawn(self) -> tuple[str, ...]:
        kinds = {spot.thing.kind for spot in self.drawing.spots if spot.thing} if self.drawing else set()
        return tuple(kind for kind in PATHS if kind in kinds)


@dataclass(frozen=True, kw_only=True)
class ThingsPage(Page):
    """The things of one kind."""

    template: ClassVar[str] = "things.html"
    lists: ClassVar[tuple[ListForm, ...]] = (ListForm("things", "The list", "things", ThingLine),)

    kind: str = says("The kind")
    what: str = says("What it means")
    things: tuple[ThingLine, ...] = says("The things")
    span: Span = says("Which part of the list is shown")
    all: int = says("How many there are without filters")
    columns: tuple[Column, ...] = says("Heads of the table", drawn=True)
    filters: Filters = says("The filter bar", drawn=True)

    @property
    def menu(self) -> str:
        return self.kind


def kind_at(path: str) -> str:
    """The kind whose pages stand under a path. Raises NotFoundError for any other path."""
    kind = KINDS.get(path)
    if kind is None or kind == "Idea":
        raise NotFoundError("There is no page at that address.")
    return kind


# ---------------------------------------------------------------------------------------------------------- the lists

@page(things, "/<any(people, organisations, groups, places, issues, interventions, outcomes):path>", ThingsPage)
def show_list(path: str) -> ThingsPage:
    web, kind = explorer(), kind_at(path)
    fields = [words("q", "Name contains")]
    if kind == "Organisation":
        fields.append(choice("sector", "Sector", "All sectors", [*web.sectors(), web.sector("unknown")]))
    fields.append(choice("said", "Statements", "With or without", [Term(id="yes", label="With statements")]))
    bar = filters("Filter the list", fields, keep=("sort", "order"))
    numbers = ("statements", "documents", "mentions")
    by = order(("name", *numbers), "statements", numbers)
    at = window(SIZE)
    chosen = {"kind": kind, "words": bar["q"], "sector": bar["sector"] if kind == "Organisation" else None,
              "said": bar["said"] == "yes"}
    if bar.errors:
        rows, total = [], 0
    else:
        rows = web.rows("thing_list", at, sort=by.key, down=by.down, **chosen)
        total = int((web.row("thing_count", **chosen) or {}).get("total", 0))
    heads = [("name", "Name")] + ([("", "Sector")] if kind == "Organisation" else []) + [
        ("statements", "Statements"), ("documents", "Documents"), ("mentions", "Mentions")]
    info = web.ontology.labels[kind]
    return ThingsPage(
        title=info.plural, kind=kind, what=info.definition, things=tuple(thing_line(web, kind, row) for row in rows),
        span=span(len(rows), total, at), all=web.collection().counts.get(kind, 0),
        columns=columns(heads, by, numbers), filters=bar,
    )


def thing_line(web: Explorer, kind: str, row: Row) -> ThingLine:
    return ThingLine(
        thing=reference({"kind": kind, "id": row["id"], "name": row["name"]}),
        aliases=tuple(name for name in row["aliases"] if name != row["name"]),
        sector=web.sector(row["sector"]) if kind == "Organisation" else None,
        statements=row["statements"], documents=row["documents"], mentions=row["mentions"],
    )


# ---------------------------------------------------------------------------------------------------------- the pages

@page(things, "/<any(people, organisations, groups, places, issues, interventions, outcomes):path>/<id_>", ThingPage)
def show(path: str, id_: str) -> ThingPage | Response:
    web, kind = explorer(), kind_at(path)
    row = web.row("thing_show", id=id_)
    if row is None:
        raise NotFoundError(f"Nothing has that address among the {web.ontology.labels[kind].plural.lower()}.")
    now = kind_of(row["labels"])
    if row["id"] != id_ or now != kind:
        return moved(now, row["id"])
    me = reference({"kind": kind, "id": id_, "name": row["name"]})
    said = window(SAID, "said")
    made = [r["id"] for r in web.rows("thing_made", said, id=id_)] if row["made"] else []
    about = window(SAID, "about")
    related = [r["id"] for r in web.rows("thing_related", about, id=id_)] if row["related"] else []
    full = {s.id: s for s in statements([*made, *related])}
    links, links_span, among, picture = neighbourhood(web, me, row["linked"])
    at = window(DOCUMENTS, "documents")
    documents = web.rows("thing_documents", at, id=id_)
    return ThingPage(
        title=me.name, thing=me, what=web.ontology.labels[kind].definition, line=thing_line(web, kind, row),
        headings=tuple(Term(id=h["id"], label=h["label"]) for h in row["headings"]),
        made=tuple(full[i] for i in made if i in full), made_span=span(len(made), row["made"], said),
        related=tuple(full[i] for i in related if i in full), related_span=span(len(related), row["related"], about),
        links=links, links_span=links_span, among=among, drawing=picture,
        documents=tuple(document_line(r) for r in documents),
        documents_span=span(len(documents), max(row["mentioning"], row["written"]), at),
    )


def document_line(row: Row) -> DocumentLine:
    """A document in a list, from a row of ``thing_documents`` or ``document_list``."""
    return DocumentLine(
        document=reference({"kind": "Document", "id": row["id"], "name": row["title"]}),
        authors=tuple(a for each in row["authors"] if (a := labelled(each))), publisher=row["publisher"],
        date=row["date"], words=row["words"], statements=row["statements"], mentions=row["mentions"],
        state=row["state"],
    )


def neighbourhood(
    web: Explorer, me: Reference, counts: Sequence[Row],
) -> tuple[tuple[LinkLine, ...], Span, tuple[LinkLine, ...], Drawing | None]:
    """A thing's links, those among its neighbours that are drawn, and the drawing. ``counts``: links by kind."""
    total = sum(row["links"] for row in counts)
    at = window(LINKS, "links")
    if not total:
        return (), span(0, 0, at), (), None
    first = [link_line(web, row) for row in web.read("thing_links", id=me.id, skip=0, limit=MOST_LINKS).rows]
    chosen = drawing.choose(me, first)
    shown = {me.id, *(thing.id for thing in chosen)}
    among = [
        link_line(web, row, drawn=True)
        for row in web.read("thing_links_among", id=me.id, ids=sorted(shown - {me.id}), limit=60).rows
    ] if len(chosen) > 1 else []
    drawn = [link for link in first if link.start.id in shown and link.end.id in shown]
    missing = Counter[int]()
    for row in counts:
        lane = drawing.lane_of(row["kind"])
        missing[lane] += row["neighbours"] - sum(thing.kind == row["kind"] for thing in chosen)
    picture = drawing.draw(me, chosen, [*drawn, *among], {lane: n for lane, n in missing.items() if n > 0})
    if len(first) < min(total, at.skip + at.size):
        listed = [link_line(web, row) for row in web.rows("thing_links", at, id=me.id)]
    else:
        listed = first[at.skip:at.skip + at.size]
    return tuple(mark_drawn(listed, shown)), span(len(listed), total, at), tuple(among), picture


def mark_drawn(links: Sequence[LinkLine], shown: set[str]) -> list[LinkLine]:
    return [replace(link, drawn=link.start.id in shown and link.end.id in shown) for link in links]


def link_line(web: Explorer, row: Row, drawn: bool = False) -> LinkLine:
    """A link, from a row of ``thing_links``."""
    counts, link = row["counts"], row["link"]
    start, end = labelled(row["start"]), labelled(row["end"])
    assert start is not None and end is not None
    directions = {d.id: int(counts.get(d.id) or 0) for d in web.terms("directions")} if link == "LEADS_TO" else {}
    stances = Stances(**{s: int(counts.get(s) or 0) for s in drawing.STANCES}) if link == "CONTRIBUTED_TO" else None
    return LinkLine(
        start=start, link=link, words=web.ontology.relations[link].title, end=end,
        statements=int(counts["statements"]), documents=int(counts["documents"]), directions=directions,
        direction=main_direction(directions), stances=stances, drawn=drawn,
    )


def main_direction(directions: dict[str, int]) -> str:
    """The direction that at least four in five statements take, else mixed; nothing where there is none."""
    total = sum(directions.values())
    if not total:
        return ""
    best = max(directions, key=lambda d: directions[d])
    return best if directions[best] >= FOUR_IN_FIVE * total else "mixed"
