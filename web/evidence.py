"""Statements as pages show them: who says it, the passage in its paragraph, and where it stands."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlencode

from flask import url_for

from web.excerpts import QUOTE_MARKS, after, before
from web.explorer import PATHS, Row, address_of, explorer, reference
from web.pages import Quote, Reference, Source, Statement, Voice

PART = 400  # paragraphs on one page of a document
CONTEXT = 400  # code points read on each side of a passage; ``excerpts`` shows less


def kind_of(labels: Iterable[str]) -> str:
    """The kind of a thing, from the labels of its node."""
    return next(kind for kind in PATHS if kind in labels)


def labelled(value: dict[str, Any] | None) -> Reference | None:
    """A link to a thing, from a map with labels, id and name."""
    if value is None:
        return None
    return reference({"kind": kind_of(value["labels"]), "id": value["id"], "name": value["name"]})


def part_of(paragraph: int) -> int:
    """On which page of its document a paragraph stands."""
    return (paragraph - 1) // PART + 1


def address_in_document(document_id: str, paragraph: int, statement_id: str = "") -> str:
    """The path of a document's page at a paragraph, with a statement made current."""
    parameters: dict[str, str | int] = {}
    if statement_id:
        parameters["statement"] = statement_id
    elif part_of(paragraph) > 1:
        parameters["part"] = part_of(paragraph)
    query = "?" + urlencode(parameters) if parameters else ""
    return f"{address_of('Document', document_id)}{query}#p{paragraph}"


def place_words(paragraph: int, page: int | None) -> str:
    return f"page {page}" if page else f"paragraph {paragraph}"


def quote(passage: dict[str, Any], role: str, document_id: str, statement_id: str) -> Quote:
    """A passage with what its paragraph says before and after it (blocks of a text are lines apart)."""
    words: str = passage["quote"]
    head = str(passage["before"] or "").rpartition("\n")[2]
    tail = str(passage["after"] or "").partition("\n")[0]
    shown_before, shown_after = before(head), after(tail)
    return Quote(
        before=shown_before + (" " if shown_before and head[-1:].isspace() else ""), quote=words,
        after=(" " if shown_after and tail[:1].isspace() else "") + shown_after,
        start=passage["start"], end=passage["end"], paragraph=passage["paragraph"], page=passage["page"],
        place=place_words(passage["paragraph"], passage["page"]),
        address=address_in_document(document_id, passage["paragraph"], statement_id),
        # What is cited is told by somebody else; what brings its own marks needs no second pair.
        spoken=role != "cited" and not any(mark in words for mark in QUOTE_MARKS if mark not in "’'"),
    )


def statement(row: Row) -> Statement:
    """A statement, from a row of ``statement_details``."""
    web = explorer()
    contributor = labelled(row["contributor"])
    assert contributor is not None
    document = reference(row["document"])
    return Statement(
        id=row["id"], address=url_for("statements.show", id_=row["id"]),
        sort="evidence" if "Evidence" in row["labels"] else "relation",
        voice=Voice(
            contributor=contributor, role=row["role"], sector=web.sector(row["sector"]),
            position=web.position(row["position"]), affiliation=labelled(row["affiliation"]),
            by_default=row["by_default"],
        ),
        idea=labelled(row["idea"]), stance=row["stance"], kind=row["kind"],
        subject=labelled(row["subject"]), predicate=row["predicate"], object=labelled(row["object"]),
        direction=row["direction"],
        quotes=tuple(quote(p, row["role"], document.id, row["id"]) for p in row["passages"]),
        source=Source(document=document, publisher=row["publisher"], date=row["date"],
                      document_state=row["document_state"]),
        state=row["state"], confidence=row["confidence"],
    )


def statements(ids: Sequence[str]) -> list[Statement]:
    """Those statements in full, in the order asked for. One query for as many as one answer may hold."""
    web = explorer()
    found: list[Statement] = []
    step = web.settings.read_rows
    for first in range(0, len(ids), step):
        answer = web.read("statement_details", ids=list(ids[first:first + step]), context=CONTEXT)
        found.extend(statement(row) for row in answer.rows)
    return found
