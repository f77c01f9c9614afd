"""What each page shows: one dataclass a page, which its template, its JSON and its documentation share.

The JSON form of a page is its dataclass: every field under its own name, nested ones too. Fields that only
place things on the screen (``drawn=True``) are left out. ``forms`` lists all of it for the page on data.
"""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


def says(text: str, *, drawn: bool = False, flat: bool = False) -> Any:
    """A field of a page, with what it says. ``drawn``: not data. ``flat``: its columns in CSV have no prefix."""
    return field(metadata={"says": text, "drawn": drawn, "flat": flat})


# ------------------------------------------------------------------------------------------------ parts of pages

@dataclass(frozen=True, kw_only=True)
class Term:
    """A sector, position or other value of the ontology."""

    id: str = says("Its id")
    label: str = says("Its label")


@dataclass(frozen=True, kw_only=True)
class Reference:
    """A thing or document, and where its page is."""

    kind: str = says("Its type: Person, Organisation, Group, Place, Issue, Intervention, Outcome, Idea or Document")
    id: str = says("Its id, which never changes")
    name: str = says("Its name or title")
    address: str = says("Path of its page")


@dataclass(frozen=True, kw_only=True)
class Voice:
    """Who makes a statement, and as what, in its document and at its date."""

    contributor: Reference = says("The contributor")
    role: str = says("author, quoted or cited")
    sector: Term = says("The sector they speak from")
    position: Term = says("The part they play in a service")
    affiliation: Reference | None = says("The body they speak for, where the document says so")
    by_default: bool = says("True where the text names nobody as speaking: the author is taken")


@dataclass(frozen=True, kw_only=True)
class Quote:
    """A passage of a statement, with a little of its paragraph on each side."""

    before: str = says("Words of the same paragraph before it; may be cut, with …")
    quote: str = says("The passage, word for word")
    after: str = says("Words of the same paragraph after it; may be cut, with …")
    start: int = says("Where it begins in the document's stored text, in code points")
    end: int = says("Where it ends, exclusive")
    paragraph: int = says("Number of its paragraph, from 1")
    page: int | None = says("Number of its page, where the document has pages")
    place: str = says("Page or paragraph in words")
    address: str = says("Path of the document's page, at this passage")
    spoken: bool = says("Whether quotation marks are set round it", drawn=True)


@dataclass(frozen=True, kw_only=True)
class Source:
    """The document that a statement stands in."""

    document: Reference = says("The document")
    publisher: str = says("Its publisher, or nothing")
    date: str = says("Its date, ISO 8601, as exact as printed, or nothing")
    document_state: str = says("active or withdrawn")


@dataclass(frozen=True, kw_only=True)
class Statement:
    """A claim by one contributor, in one to four passages of one document."""

    id: str = says("Its id")
    address: str = says("Path of its page")
    sort: str = says("evidence (about an idea) or relation (between two things)")
    voice: Voice = says("Who makes it", flat=True)
    idea: Reference | None = says("Evidence: the idea that it is about")
    stance: str = says("Evidence: supports, challenges or discusses")
    kind: str = says("Evidence: finding, case, argument or recommendation")
    subject: Reference | None = says("Relation: the thing from which it goes out")
    predicate: str = says("Relation: affiliated_with, delivers, addresses, leads_to or located_in")
    object: Reference | None = says("Relation: the thing to which it goes")
    direction: str = says("Relation leads_to: increases, decreases, no_change or mixed")
    quotes: tuple[Quote, ...] = says("Its passages, in order")
    source: Source = says("Where it stands", flat=True)
    state: str = says("machine, accepted, disputed or source_changed")
    confidence: float = says("How sure the extractor was, 0 to 1")


@dataclass(frozen=True, kw_only=True)
class Stances:
    """A count for each stance."""

    supports: int = says("How many support")
    challenges: int = says("How many challenge")
    discusses: int = says("How many discuss")

    @property
    def total(self) -> int:
        return self.supports + self.challenges + self.discusses

    def __getitem__(self, stance: str) -> int:
        return int(getattr(self, stance))


@dataclass(frozen=True, kw_only=True)
class SectorLine:
    """How many independent sources speak from a sector."""

    sector: Term = says("The sector")
    sources: int = says("Independent sources from it")
    stances: Stances = says("The same by the stance that most of a source's statements take", flat=True)
    roles: str = says("The sources by role, in words")
    address: str = says("Path of the page with their statements alone, or nothing")


@dataclass(frozen=True, kw_only=True)
class Group:
    """One independent source: statements that are counted once, and why."""

    number: int = says("Its number on this page")
    contributors: tuple[Reference, ...] = says("Those whose statements it holds")
    statements: int = says("How many statements")
    documents: int = says("In how many documents")
    reasons: tuple[str, ...] = says("Why they are counted once")


@dataclass(frozen=True, kw_only=True)
class YearLine:
    """Statements of a year, by stance."""

    year: int = says("Year of the documents")
    stances: Stances = says("Statements by stance", flat=True)


@dataclass(frozen=True, kw_only=True)
class IdeaLine:
    """An idea, and who was heard on it."""

    idea: Reference = says("The idea")
    definition: str = says("What it means")
    statements: int = says("Statements about it")
    documents: int = says("Documents in which they stand")
    sources: int = says("Independent sources")
    stances: Stances = says("Independent sources by stance", flat=True)
    heard: tuple[Term, ...] = says("Sectors that are heard on it in the documents read")
    not_heard: tuple[Term, ...] = says("Sectors that are not heard on it in the documents read")


@dataclass(frozen=True, kw_only=True)
class ThingLine:
    """A thing in a list."""

    thing: Reference = says("The thing")
    aliases: tuple[str, ...] = says("Its other names")
    sector: Term | None = says("Organisations: the sector")
    statements: int = says("Statements that it makes or that are about it")
    documents: int = says("Documents that mention it")
    mentions: int = says("Places in the documents that mention it")


@dataclass(frozen=True, kw_only=True)
class DocumentLine:
    """A document in a list."""

    document: Reference = says("The document")
    authors: tuple[Reference, ...] = says("Its authors, in order")
    publisher: str = says("Its publisher, or nothing")
    date: str = says("Its date, ISO 8601, as exact as printed, or nothing")
    words: int = says("Length of its text in words")
    statements: int = says("Statements found in it")
    mentions: int = says("Times that it mentions the thing whose page this is, or 0")
    state: str = says("active or withdrawn")


@dataclass(frozen=True, kw_only=True)
class LinkLine:
    """A link between two things, gathered from the statements that make it."""

    start: Reference = says("From")
    link: str = says("The kind of link: a relationship type of the graph")
    words: str = says("The same in words")
    end: Reference = says("To")
    statements: int = says("Statements that make it")
    documents: int = says("Documents in which they stand")
    directions: Mapping[str, int] = says("LEADS_TO: statements by direction")
    direction: str = says("LEADS_TO: the direction of at least four in five of them, else mixed")
    stances: Stances | None = says("CONTRIBUTED_TO: statements by stance", flat=True)
    drawn: bool = says("Whether the drawing on the page shows it", drawn=True)


@dataclass(frozen=True, kw_only=True)
class Span:
    """Which part of a list a page shows."""

    first: int = says("Number of the first row shown, from 1")
    last: int = says("Number of the last row shown")
    total: int = says("Rows in all")
    size: int = says("Rows on a page")
    previous: str = says("Path of the rows before, or nothing")
    next: str = says("Path of the rows after, or nothing")


@dataclass(frozen=True, kw_only=True)
class KindLine:
    """A type of thing, and how many there are."""

    kind: str = says("The type")
    label: str = says("Its name for more than one")
    count: int = says("How many there are")
    address: str = says("Path of the list")
