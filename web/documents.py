"""Documents: the list of them, and the reader, in which passages are marked and mentions are links."""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from flask import Blueprint, request
from werkzeug.wrappers import Response

from errors import NotFoundError
from records.model import Block
from web.evidence import PART, address_in_document, kind_of, labelled, part_of, statements
from web.excerpts import Cover, Stretch, stretches
from web.explorer import Explorer, Row, explorer, reference
from web.filters import Filters, filters, words, year
from web.listing import Column, columns, here, order, page_number, span, window
from web.pages import DocumentLine, Reference, Span, Statement, says
from web.respond import ListForm, Page, page
from web.things import document_line

documents = Blueprint("documents", __name__)

SIZE = 50  # rows of the list


@dataclass(frozen=True, kw_only=True)
class DocumentsPage(Page):
    """The documents that were read."""

    template: ClassVar[str] = "documents.html"
    section: ClassVar[str] = "Document"
    lists: ClassVar[tuple[ListForm, ...]] = (ListForm("documents", "The list", "documents", DocumentLine),)

    documents: tuple[DocumentLine, ...] = says("The documents")
    span: Span = says("Which part of the list is shown")
    thing: Reference | None = says("The thing that all of them mention, if the list is narrowed to one")
    columns: tuple[Column, ...] = says("Heads of the table", drawn=True)
    filters: Filters = says("The filter bar", drawn=True)


@dataclass(frozen=True, kw_only=True)
class MentionLine:
    """A place in the text that names or describes a thing."""

    thing: Reference = says("The thing")
    quote: str = says("The words")
    start: int = says("Where they begin in the stored text, in code points")
    end: int = says("Where they end, exclusive")
    paragraph: int = says("Number of the paragraph, from 1")
    confidence: float = says("How sure the extractor was, 0 to 1")


@dataclass(frozen=True)
class Piece:
    """A stretch of text as drawn: the passages over it, the thing it mentions, and the notes that end here."""

    text: str
    said: bool
    current: bool
    thing: Reference | None
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class Note:
    """The number of a statement in the text, linked with the note beside it."""

    number: int
    statement_id: str
    stance: str
    anchor: str  # id of the number in the text
    first: bool  # the first of the statement's passages: the note leads back here


@dataclass(frozen=True, kw_only=True)
class Paragraph:
    """A paragraph, heading or item of the text."""

    number: int = says("Its number, from 1")
    kind: str = says("heading, paragraph, item, quote, table, caption or note")
    text: str = says("Its text")
    start: int = says("Where it begins in the stored text, in code points")
    page: int | None = says("Number of its page, where the document has pages")
    new_page: bool = says("Whether a new page begins here", drawn=True)
    pieces: tuple[Piece, ...] = says("Its text as drawn", drawn=True)
    notes: tuple[tuple[Note, Statement], ...] = says("Notes that stand beside it", drawn=True)


@dataclass(frozen=True, kw_only=True)
class DocumentPage(Page):
    """A document: its text with the statements found in it."""

    template: ClassVar[str] = "document.html"
    section: ClassVar[str] = "Document"
    lists: ClassVar[tuple[ListForm, ...]] = (
        ListForm("statements", "Statements", "statements", Statement),
        ListForm("mentions", "Mentions", "mentions", MentionLine),
    )

    document: Reference = says("The document")
    authors: tuple[Reference, ...] = says("Its authors, in order")
    authors_by_default: bool = says("True where no author is named and the publisher is taken")
    publisher: str = says("Its publisher, or nothing")
    publishers: tuple[Reference, ...] = says("The publisher as a thing")
    date: str = says("Its date, ISO 8601, as exact as printed, or nothing")
    language: str = says("Its language, BCP 47")
    licence: str = says("Its licence, or nothing")
    source_address: str = says("Where it is published, or nothing")
    filename: str = says("Name of the file that was read")
    words: int = says("Length of its text in words")
    state: str = says("active or withdrawn")
    read_at: str = says("When it was read, UTC")
    notes: tuple[str, ...] = says("What was left out when it was read, and why")
    same_texts: tuple[Reference, ...] = says("Documents with the same text; they count as one source with it")
    evidence: int = says("Statements about ideas in it")
    relations: int = says("Statements that relate things in it")
    contributors: int = says("Contributors who make them")
    ideas: int = says("Ideas that they are about")
    checked: int = says("Statements that an editor has checked")
    part: int = says("Which part of the text is shown, from 1")
    parts: int = says("In how many parts the text is shown")
    paragraphs: tuple[Paragraph, ...] = says("The paragraphs of this part")
    statements: tuple[Statement, ...] = says("The statements of this part, in the order of the text")
    mentions: tuple[MentionLine, ...] = says("The mentions of this part, in the order of the text")
    behind: bool = says("Whether the text has been read again and its statements are not in the graph yet")
    numbered: tuple[Statement, ...] = says("The statements about ideas", drawn=True)
    related: tuple[Statement, ...] = says("The statements that relate things", drawn=True)
    current: Statement | None = says("The statement that one came for", drawn=True)
    place: int = says("Its number", drawn=True)
    previous: str = says("Path of the statement before it", drawn=True)
    next: str = says("Path of the statement after it", drawn=True)
    address_of_original: str = says("The source's address if it can be a link", drawn=True)
    span: Span = says("Which paragraphs are shown", drawn=True)


# ----------------------------------------------------------------------------------------------------------- the list

@page(documents, "/documents", DocumentsPage)
def show_list() -> DocumentsPage:
    web = explorer()
    thing = request.args.get("thing", "")
    bar = filters("Filter the list", (
        words("q", "Title or publisher contains"), year("from", "From year"), year("to", "To year"),
    ), keep=("sort", "order", "thing"))
    numbers = ("words", "statements")
    by = order(("title", "date", *numbers), "date", ("date", *numbers))
    at = window(SIZE)
    chosen = {"words": bar["q"], "from": bar.year("from"), "to": bar.year("to"), "thing": thing or None}
    rows = [] if bar.errors else web.rows("document_list", at, sort=by.key, down=by.down, **chosen)
    total = 0 if bar.errors else int((web.row("document_count", **chosen) or {}).get("total", 0))
    about = web.row("thing_show", id=thing) if thing else None
    return DocumentsPage(
        title="Documents", documents=tuple(document_line(row) for row in rows), span=span(len(rows), total, at),
        thing=labelled(dict(about)) if about else None,
        columns=columns((("title", "Title"), ("", "By"), ("date", "Date"), ("words", "Words"),
                         ("statements", "Statements")), by, numbers),
        filters=bar,
    )


# --------------------------------------------------------------------------------------------------------- the reader

@page(documents, "/documents/<id_>", DocumentPage)
def show(id_: str) -> DocumentPage | Response:
    web = explorer()
    row = web.row("document_show", id=id_)
    if row is None:
        raise NotFoundError("No document has that address.")
    stored = web.records.text(id_)
    found = (web.row("document_statements", id=id_) or {}).get("statements", [])
    wanted = next((s for s in found if s["id"] == request.args.get("statement")), None)
    first_of = wanted["passages"][0]["paragraph"] if wanted else 1
    parts = max(part_of(len(stored.blocks)), 1)
    part = part_of(first_of) if wanted else min(page_number("part"), parts)
    start, end = (part - 1) * PART, part * PART
    here_ = [s for s in found if any(start < p["paragraph"] <= end for p in s["passages"])]
    full = {s.id: s for s in statements([s["id"] for s in here_])}
    evidence = [s for s in found if s["sort"] == "evidence"]
    numbers = {s["id"]: place for place, s in enumerate(evidence, 1)}
    mentions = mention_lines(web, id_, start + 1, end)
    blocks = stored.blocks[start:end]
    paragraphs = draw(stored.text, blocks, start, here_, full, numbers, mentions, wanted["id"] if wanted else "")
    at = numbers.get(wanted["id"], 0) if wanted else 0
    address = str(row["address"])
    return DocumentPage(
        title=row["title"], document=reference({"kind": "Document", "id": id_, "name": row["title"]}),
        authors=tuple(a for each in row["authors"] if (a := labelled(each))),
        authors_by_default=row["authors_by_default"], publisher=row["publisher"],
        publishers=tuple(p for each in row["publishers"] if (p := labelled(each))), date=row["date"],
        language=row["language"], licence=row["licence"], source_address=address, filename=row["filename"],
        words=row["words"], state=row["state"], read_at=row["read_at"], notes=tuple(stored.notes),
        same_texts=tuple(reference(each) for each in row["same_texts"]),
        evidence=len(evidence), relations=len(found) - len(evidence),
        contributors=len({s["contributor"] for s in found}), ideas=len({s["idea"] for s in evidence}),
        checked=sum(s["state"] == "accepted" for s in found), part=part, parts=parts, paragraphs=paragraphs,
        statements=tuple(full[s["id"]] for s in here_ if s["id"] in full), mentions=mentions,
        behind=any(stored.text[p["start"]:p["end"]] != p["quote"] for s in found for p in s["passages"]),
        numbered=tuple(full[s["id"]] for s in here_ if s["id"] in full and s["sort"] == "evidence"),
        related=tuple(full[s["id"]] for s in here_ if s["id"] in full and s["sort"] == "relation"),
        current=full.get(wanted["id"]) if wanted else None, place=at,
        previous=hop(id_, evidence, at - 2) if at > 1 else "",
        next=hop(id_, evidence, at) if at < len(evidence) else "",
        address_of_original=address if address.startswith(("https://", "http://")) else "",
        span=Span(first=start + 1, last=start + len(blocks), total=len(stored.blocks), size=PART,
                  previous=here(part=part - 1 if part > 2 else None, statement=None) if part > 1 else "",
                  next=here(part=part + 1, statement=None) if part < parts else ""),
    )


def hop(document_id: str, evidence: Sequence[Mapping[str, Any]], place: int) -> str:
    """The path of the statement at a place, made current."""
    chosen = evidence[place]
    return address_in_document(document_id, chosen["passages"][0]["paragraph"], chosen["id"])


def mention_lines(web: Explorer, id_: str, first: int, last: int) -> tuple[MentionLine, ...]:
    found = []
    for row in (web.row("document_mentions", id=id_, first=first, last=last) or {}).get("things", []):
        thing = reference({"kind": kind_of(row["labels"]), "id": row["id"], "name": row["name"]})
        found += [
            MentionLine(thing=thing, quote=quote, start=start, end=end, paragraph=paragraph, confidence=confidence)
            for start, end, paragraph, quote, confidence in row["mentions"]
        ]
    return tuple(sorted(found, key=lambda m: (m.start, m.end, m.thing.id)))


def draw(
    text: str, blocks: Sequence[Block], before: int, found: Sequence[Row], full: Mapping[str, Statement],
    numbers: Mapping[str, int], mentions: Sequence[MentionLine], current: str,
) -> tuple[Paragraph, ...]:
    """The paragraphs with passages, mentions and notes. What does not stand in the text as quoted is not marked."""
    said: dict[int, list[Cover]] = defaultdict(list)
    order_: dict[str, int] = {}
    for each in found:
        if each["id"] not in full or (each["sort"] == "relation" and each["id"] != current):
            continue
        place = 0  # among the passages of this part
        for passage in sorted(each["passages"], key=lambda p: p["start"]):
            touched = paragraphs_of(passage, blocks, before)
            if touched and text[passage["start"]:passage["end"]] == passage["quote"]:
                key = f"{each['id']}/{place}"
                order_[key] = place
                place += 1
                for number in touched:
                    said[number].append(Cover(passage["start"], passage["end"], key))
    named: dict[int, list[tuple[Cover, Reference]]] = defaultdict(list)
    for number, mention in enumerate(mentions):
        if text[mention.start:mention.end] == mention.quote:
            named[mention.paragraph].append((Cover(mention.start, mention.end, str(number)), mention.thing))
    drawn, page_before = [], None
    for place, block in enumerate(blocks, before + 1):
        things = {cover.key: thing for cover, thing in named[place]}
        cut = stretches(text, block.start, block.end, said[place], [cover for cover, _ in named[place]])
        pieces, beside = [], []
        for stretch in cut:
            notes = notes_of(stretch, full, numbers, order_)
            beside += [(note, full[note.statement_id]) for note in notes if note.first]
            pieces.append(Piece(
                text=stretch.text, said=bool(stretch.passages),
                current=any(key.partition("/")[0] == current for key in stretch.passages),
                thing=things.get(stretch.mention), notes=notes,
            ))
        drawn.append(Paragraph(
            number=place, kind=block.kind, text=text[block.start:block.end], start=block.start, page=block.page,
            new_page=block.page is not None and block.page != page_before, pieces=tuple(pieces), notes=tuple(beside),
        ))
        page_before = block.page
    return tuple(drawn)


def paragraphs_of(passage: Mapping[str, Any], blocks: Sequence[Block], before: int) -> list[int]:
    """The numbers of the paragraphs that a passage touches, from the one that it begins in."""
    found = []
    for number in range(max(passage["paragraph"], before + 1), before + len(blocks) + 1):
        block = blocks[number - before - 1]
        if block.start >= passage["end"]:
            break
        if block.end > passage["start"]:
            found.append(number)
    return found


def notes_of(
    stretch: Stretch, full: Mapping[str, Statement], numbers: Mapping[str, int], order_: Mapping[str, int],
) -> tuple[Note, ...]:
    """The numbers that stand behind a stretch, where passages end."""
    notes = []
    for key in stretch.ends:
        statement_id = key.partition("/")[0]
        number, place = numbers.get(statement_id), order_[key]
        if number is not None:
            anchor = f"r{number}" + (f"-{place + 1}" if place else "")
            notes.append(Note(number, statement_id, full[statement_id].stance, anchor, place == 0))
    return tuple(sorted(notes, key=lambda note: note.number))
