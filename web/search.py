"""Search over everything: things, documents, passages and headings, ranked, gathered by type."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from flask import Blueprint, request

from graph.search import make_query_of_terms
from web import evidence
from web.evidence import labelled
from web.excerpts import Stretch, marked, terms_of
from web.explorer import PATHS, Explorer, explorer, reference
from web.listing import here, span, window
from web.pages import DocumentLine, Reference, Span, Statement, Term, ThingLine, says
from web.respond import ListForm, Page, page
from web.things import thing_line

search = Blueprint("search", __name__)

LONGEST = 200  # characters of a search
MOST_WORDS = 12
MOST_HITS = 2000  # of an index, that are looked at
EACH = 5  # hits of a type, where all types are shown
SIZE = 20  # hits on a page of one type
CONTEXT = 160  # code points on each side of the first hit in a text


@dataclass(frozen=True, kw_only=True)
class DocumentHit:
    """A document that answers the search."""

    line: DocumentLine = says("The document", flat=True)
    snippet: str = says("Words of its text around the first hit")
    marked: tuple[Stretch, ...] = says("The same, marked", drawn=True)


@dataclass(frozen=True, kw_only=True)
class HeadingHit:
    """A heading of the thesaurus that answers the search, and the things under it."""

    heading: Term = says("The heading")
    total: int = says("How many things stand under it")
    things: tuple[Reference, ...] = says("Those with the most statements")


@dataclass(frozen=True, kw_only=True)
class ThingHits:
    """Things of a kind that answer the search."""

    kind: str = says("The kind")
    label: str = says("Its name for more than one")
    total: int = says("How many were found")
    things: tuple[ThingLine, ...] = says("Those shown, best first")
    names: tuple[tuple[Stretch, ...], ...] = says("Their other names, marked", drawn=True)
    more: str = says("Path of the page with all of them, or nothing")


@dataclass(frozen=True, kw_only=True)
class Hit:
    """An answer of any type, for the list."""

    type: str = says("Person, Organisation, ..., Document or Passage")
    id: str = says("Its id; of a passage, its statement's")
    name: str = says("Its name or title, or the passage")
    address: str = says("Path of its page")


@dataclass(frozen=True, kw_only=True)
class SearchPage(Page):
    """What answers a search, best first, gathered by type."""

    template: ClassVar[str] = "search.html"
    own_search: ClassVar[bool] = True
    lists: ClassVar[tuple[ListForm, ...]] = (ListForm("hits", "Results", "hits", Hit),)

    query: str = says("What was searched for")
    type: str = says("The one type that is shown, or nothing for all")
    total: int = says("Answers of all types")
    any_word: bool = says("True where nothing holds all words, and what holds some of them is shown")
    things: tuple[ThingHits, ...] = says("Things, by kind")
    documents: tuple[DocumentHit, ...] = says("Documents")
    documents_total: int = says("How many documents were found")
    passages: tuple[Statement, ...] = says("Statements whose passages answer the search")
    passages_total: int = says("How many of those were found")
    headings: tuple[HeadingHit, ...] = says("Headings of the thesaurus")
    hits: tuple[Hit, ...] = says("The answers shown, in one list")
    cut: int = says("How many hits of a type were looked at where there are more, else 0")
    error: str = says("What is wrong with the search, or nothing")
    types: tuple[tuple[Term, int, str], ...] = says("Types with counts and paths", drawn=True)
    span: Span | None = says("Which part is shown, where one type is", drawn=True)
    terms: tuple[str, ...] = says("The words that are marked", drawn=True)


def stem(term: str) -> str:
    """The beginning of a word that its other forms share, roughly as the index's analyzer has it; small letters."""
    word = term.lower()
    for ending in ("ing", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 4 and not word.endswith("ss"):
            return word.removesuffix(ending)
    return word


@page(search, "/search", SearchPage)
def show() -> SearchPage:
    web = explorer()
    query = " ".join(request.args.get("q", "").split())
    only = request.args.get("type", "")
    error = ""
    if len(query) > LONGEST:
        error = f"Use at most {LONGEST} characters."
    terms = [t for t in terms_of(query[:LONGEST]) if any(c.isalnum() for c in t)][:MOST_WORDS]
    if query and not terms and not error:
        error = "Give at least one word or number."
    if not terms or error:
        return empty(query, error)
    known = {*PATHS, "Document", "Passage"}
    only = only if only in known else ""
    found = hits(web, make_query_of_terms(terms, every=True), terms, only)
    some = False
    if not found["total"] and len(terms) > 1:
        found, some = hits(web, make_query_of_terms(terms, every=False), terms, only), True
    return SearchPage(
        title=f"Search: {query}", query=query, type=only, any_word=some and bool(found["total"]), error="",
        terms=tuple(terms), **found,
    )


def empty(query: str, error: str) -> SearchPage:
    return SearchPage(
        title="Search", query=query[:LONGEST], type="", total=0, any_word=False, things=(), documents=(),
        documents_total=0, passages=(), passages_total=0, headings=(), hits=(), cut=0, error=error, types=(), span=None,
        terms=(),
    )


def hits(web: Explorer, query: str, terms: list[str], only: str) -> dict[str, Any]:
    """The parts of the page for one query. Four queries to the graph, and one for the passages in full."""
    at = window(SIZE) if only else window(EACH)
    skip, limit = (0, MOST_HITS) if at.everything else (at.skip if only else 0, at.size)
    kinds = list(PATHS)
    by_kind = {row["kind"]: row for row in web.read(
        "search_things", query=query, kinds=kinds, skip=skip if only in PATHS else 0,
        limit=limit if not only or only in PATHS else 0, most=MOST_HITS).rows}
    things = tuple(thing_hits(web, kind, by_kind[kind], terms) for kind in kinds
                   if kind in by_kind and only in ("", kind))
    document_rows = web.read(
        "search_documents", query=query, terms=[stem(term) for term in terms], skip=skip if only == "Document" else 0,
        limit=limit if only in ("", "Document") else 0, most=MOST_HITS, context=CONTEXT).rows
    documents = tuple(document_hit(row, terms) for row in document_rows if row["id"])
    documents_total = document_rows[0]["total"] if document_rows else 0
    passage_row = web.row("search_passages", query=query, skip=skip if only == "Passage" else 0,
                          limit=limit if only in ("", "Passage") else 0, most=MOST_HITS) or {"total": 0, "ids": []}
    passages = tuple(evidence.statements(passage_row["ids"])) if passage_row["ids"] else ()
    headings = tuple(
        HeadingHit(heading=Term(id=row["id"], label=row["label"]), total=row["total"],
                   things=tuple(t for each in row["things"] if (t := labelled(each))))
        for row in web.read("search_headings", query=query, limit=5, each=6, most=MOST_HITS).rows
    ) if not only else ()
    totals = [*((kind, web.ontology.labels[kind].plural, by_kind[kind]["total"]) for kind in kinds if kind in by_kind),
              ("Document", "Documents", documents_total), ("Passage", "Passages", passage_row["total"])]
    shown = next((n for kind, _, n in totals if kind == only), 0)
    rows = len(documents) + len(passages) + sum(len(each.things) for each in things)
    return {
        "things": things, "documents": documents, "documents_total": documents_total, "passages": passages,
        "passages_total": passage_row["total"], "headings": headings, "total": sum(n for _, _, n in totals),
        "cut": MOST_HITS if max((n for _, _, n in totals), default=0) >= MOST_HITS else 0,
        "types": tuple((Term(id=kind, label=label), n, here(type=kind, page=None)) for kind, label, n in totals if n),
        "span": span(rows, shown, at) if only else None,
        "hits": (
            *(Hit(type=h.kind, id=t.thing.id, name=t.thing.name, address=t.thing.address)
              for h in things for t in h.things),
            *(Hit(type="Document", id=d.line.document.id, name=d.line.document.name, address=d.line.document.address)
              for d in documents),
            *(Hit(type="Passage", id=s.id, name=s.quotes[0].quote, address=s.address) for s in passages),
        ),
    }


def thing_hits(web: Explorer, kind: str, row: Any, terms: list[str]) -> ThingHits:
    lines = tuple(thing_line(web, kind, hit) for hit in row["hits"])
    return ThingHits(
        kind=kind, label=web.ontology.labels[kind].plural, total=row["total"], things=lines,
        names=tuple(matching_names(line.aliases, [stem(t) for t in terms]) for line in lines),
        more=here(type=kind, page=None) if row["total"] > len(lines) else "",
    )


def matching_names(names: Sequence[str], beginnings: Sequence[str]) -> tuple[Stretch, ...]:
    """The first few other names that answer the search, marked."""
    cut = [marked(name, beginnings) for name in names]
    hits = [pieces for pieces in cut if any(piece.passages for piece in pieces)][:3]
    return tuple(piece for n, pieces in enumerate(hits) for piece in ([Stretch(", ")] if n else []) + pieces)


def whole_words(text: str, cut: bool) -> str:
    """A piece cut out of a text, on one line, without the halves of words at its ends."""
    words = " ".join(text.split())
    return "… " * cut + (words.partition(" ")[2] if cut else words).rpartition(" ")[0] + " …" if words else ""


def document_hit(row: Any, terms: list[str]) -> DocumentHit:
    snippet = whole_words(row["snippet"] or "", row["cut"])
    return DocumentHit(
        line=DocumentLine(
            document=reference({"kind": "Document", "id": row["id"], "name": row["title"]}), authors=(),
            publisher=row["publisher"], date=row["date"], words=row["words"], statements=0, mentions=0,
            state=row["state"],
        ),
        snippet=snippet, marked=tuple(marked(snippet, [stem(t) for t in terms])),
    )
