"""What the records hold about a document: its text, what was extracted from it, and by which run.

Plain frozen values that cross process borders and are stored as JSON. All offsets are in
code points of the stored text, half-open: ``text[start:end]`` is the quote.

Three levels (after the Web Annotation and the PROV vocabularies): a *mention* is a span of
the text; an *entity* is what mentions of one document refer to, with the keys under which
it may be known elsewhere; an *identity* (``records.identities``) is an entity or concept of
the whole collection, registered once under such a key and never renumbered.
"""
from __future__ import annotations

import hashlib
import json
from base64 import b32encode
from dataclasses import dataclass, field
from typing import Any

CONTEXT = 32  # characters kept on each side of an anchor's quote
LOCAL = "@document"  # in a key: holds in this document only; registered with the document's id
BLOCKS = ("heading", "paragraph", "item", "quote", "table", "caption", "note")


def mint(*parts: str) -> str:
    """A short id that depends on ``parts`` alone: 16 characters of base 32 of a SHA-256."""
    digest = hashlib.sha256("\x1f".join(parts).encode()).digest()
    return b32encode(digest[:10]).decode().lower()


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading or list item: ``text[start:end]``, with the page where the file has pages."""

    kind: str  # one of BLOCKS
    start: int
    end: int
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Author:
    """An author as the document states it, at its date. ``kind`` is Person or Organisation."""

    name: str
    affiliation: str = ""
    position: str = ""  # job title in the document's words
    kind: str = "Person"


@dataclass(frozen=True, slots=True)
class Metadata:
    """Bibliographic facts as read from the document. ``date`` is ISO 8601, as exact as printed."""

    title: str = ""
    authors: tuple[Author, ...] = ()
    publisher: str = ""
    date: str = ""
    licence: str = ""
    language: str = ""  # BCP 47
    address: str = ""  # canonical address: where the document itself says it is published


@dataclass(frozen=True, slots=True)
class Reading:
    """What a parser gives for one file: one plain text, its blocks in order, its metadata."""

    text: str
    blocks: tuple[Block, ...]
    metadata: Metadata
    parser: str  # "pdf", "html", ...
    parser_version: str
    media_type: str
    notes: tuple[str, ...] = ()  # what was left out and why, in plain words


@dataclass(frozen=True, slots=True)
class Anchor:
    """Finds a quote again (Web Annotation's TextQuoteSelector).

    ``occurrence`` numbers, from 0, the places of the text with equal prefix, quote and suffix.
    """

    quote: str
    prefix: str
    suffix: str
    occurrence: int = 0


@dataclass(frozen=True, slots=True)
class Span:
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Entity:
    """What one or more mentions of a document refer to.

    ``keys``: under which it may be registered, strongest first, e.g.
    ``("org:nesta",)`` (gazetteer), ``("person:sharon squires@org:sheffield first partnership",
    "person:sharon squires@document")``, ``("idea:co-production",)``, ``("issue:social isolation",)``,
    ``("group:tenants@document",)``. A key that ends in LOCAL holds in this document only.
    """

    kind: str  # Person, Organisation, Group, Place, Issue, Intervention, Outcome, Idea
    name: str  # its fullest form in this document
    keys: tuple[str, ...]
    sector: str = ""  # id of a sector; organisations and groups only
    names: tuple[str, ...] = ()  # other forms that this document uses (abbreviation, short form)


@dataclass(frozen=True, slots=True)
class Mention:
    start: int
    end: int
    kind: str
    entity: int  # index into Extraction.entities
    confidence: float
    found_by: str = ""  # component that found it


@dataclass(frozen=True, slots=True)
class Contributor:
    """Who makes a statement, and as what, in this document and at its date."""

    entity: int  # index into Extraction.entities
    role: str  # author, quoted, cited
    sector: str = "unknown"  # id of a sector
    position: str = "unknown"  # id of a position
    affiliation: int | None = None  # index into Extraction.entities
    by_default: bool = False  # the text names nobody as speaking: the document's author


@dataclass(frozen=True, slots=True)
class Statement:
    """A claim: about an idea (evidence), or relating two entities. Made in 1 to 4 passages.

    About an idea: ``idea`` (index of an Idea entity), ``stance`` and ``kind`` are set.
    A relation: ``subject``, ``predicate``, ``object`` are set, and ``direction`` for leads_to.
    """

    contributor: Contributor
    passages: tuple[Span, ...]
    confidence: float
    idea: int | None = None
    stance: str = ""  # supports, challenges, discusses
    kind: str = ""  # finding, case, argument, recommendation
    subject: int | None = None
    predicate: str = ""  # affiliated_with, delivers, addresses, leads_to, located_in
    object: int | None = None
    direction: str = ""  # increases, decreases, no_change, mixed
    studies: tuple[str, ...] = ()  # names of studies or programmes that it rests on
    reason: str = ""  # which rule or model found it


def _fields(value: Any) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__dataclass_fields__}


@dataclass(frozen=True, slots=True)
class Extraction:
    """All that one run of the extractor found in one text."""

    entities: tuple[Entity, ...] = ()
    mentions: tuple[Mention, ...] = ()
    statements: tuple[Statement, ...] = ()
    authors: tuple[Contributor, ...] = ()  # the document's authors, in order of the byline
    publisher: int | None = None  # index of an Organisation

    def to_json(self) -> str:
        # Field by field: dataclasses.asdict copies every value deeply and takes four times as long.
        return json.dumps(self, default=_fields, ensure_ascii=False, separators=(",", ":"), sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Extraction:
        row: dict[str, Any] = json.loads(text)
        return cls(
            entities=tuple(
                Entity(**e | {"keys": tuple(e["keys"]), "names": tuple(e["names"])}) for e in row["entities"]
            ),
            mentions=tuple(Mention(**m) for m in row["mentions"]),
            statements=tuple(
                Statement(**s | {
                    "contributor": Contributor(**s["contributor"]),
                    "passages": tuple(Span(**p) for p in s["passages"]),
                    "studies": tuple(s["studies"]),
                })
                for s in row["statements"]
            ),
            authors=tuple(Contributor(**a) for a in row["authors"]),
            publisher=row["publisher"],
        )


@dataclass(frozen=True, slots=True)
class ExtractorInfo:
    """Which extractor ran: goes into the run's record and into the graph's provenance."""

    name: str
    version: str
    model: str  # name and version of the language model
    model_hash: str  # of its weights
    ontology_hash: str  # of thesaurus and gazetteer


@dataclass(frozen=True, slots=True)
class Identity:
    """An entity or concept of the whole collection. ``identity_id`` never changes."""

    identity_id: str
    kind: str
    name: str
    sector: str = ""
    names: tuple[str, ...] = ()
    keys: tuple[str, ...] = field(default=(), compare=False)


def anchor_of(text: str, start: int, end: int) -> Anchor:
    """The anchor of ``text[start:end]``."""
    quote = text[start:end]
    prefix, suffix = text[max(0, start - CONTEXT):start], text[end:end + CONTEXT]
    whole, occurrence, at = prefix + quote + suffix, 0, -1
    while (at := text.find(whole, at + 1)) >= 0 and at < start - len(prefix):
        # At the text's ends the context is short; equal windows elsewhere still count.
        occurrence += 1
    return Anchor(quote, prefix, suffix, occurrence)


def find_anchor(text: str, anchor: Anchor) -> Span | None:
    """Where the anchor stands in a text, or None: it never slides to a look-alike."""
    whole, at = anchor.prefix + anchor.quote + anchor.suffix, -1
    for _ in range(anchor.occurrence + 1):
        at = text.find(whole, at + 1)
        if at < 0:
            return None
    start = at + len(anchor.prefix)
    return Span(start, start + len(anchor.quote))


def mention_id(document_id: str, anchor: Anchor) -> str:
    """Id of a mention or passage: from its document and anchor alone."""
    return mint(document_id, anchor.prefix, anchor.quote, anchor.suffix, str(anchor.occurrence))


def registered_key(key: str, document_id: str) -> str:
    """The key as identities are registered under it: LOCAL gives way to the document's id."""
    return f"{key.removesuffix(LOCAL)}@{document_id}" if key.endswith(LOCAL) else key


def run_id_of(info: ExtractorInfo) -> str:
    """Id of a run: of what makes the extractor's findings what they are, not of when it ran."""
    return mint("run", info.name, info.version, info.model, info.model_hash, info.ontology_hash)


def statement_id(
    document_id: str, passages: tuple[Anchor, ...], contributor: str, about: tuple[str, ...], number: int = 0,
) -> str:
    """Id of a statement: from its document, its passages' anchors and what it ties together.

    ``contributor`` and ``about`` are identity ids as registered (which merges and new names leave
    alone): ``about`` is ``("idea", id)`` or ``(predicate, subject, object)``. Role, stance, kind and
    direction are not in it: an editor who corrects them keeps the address. ``number`` tells apart
    statements that are equal in all of this.
    """
    anchors = [mention_id(document_id, anchor) for anchor in passages]
    return mint("statement", document_id, *anchors, contributor, *about, str(number))
