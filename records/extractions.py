"""Adding what a run of the extractor found in a text, and registering its identities.

Everything here runs inside one write transaction.
"""
from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from sqlalchemy import select

from errors import DocumentError, NotFoundError
from records import identities as registry
from records.database import Database, Writing, now_text
from records.identities import Resolve
from records.intake import pack, unpack
from records.model import Extraction, ExtractorInfo, run_id_of
from records.originals import hash_of
from records.tables import document_states, extractions, runs, texts, versions


def check_extraction(extraction: Extraction, length: int, name: str) -> None:
    """Raises DocumentError, with the document's ``name``, for a span or an index that points at nothing."""
    count = len(extraction.entities)

    def entity(index: int | None) -> None:
        if index is not None and not 0 <= index < count:
            raise DocumentError(name, f"the extraction names entity {index} of {count}")

    def span(start: int, end: int) -> None:
        if not 0 <= start < end <= length:
            raise DocumentError(name, f"the extraction has a span {start} to {end} in a text of {length} characters")

    for mention in extraction.mentions:
        entity(mention.entity)
        span(mention.start, mention.end)
    for statement in extraction.statements:
        if not 1 <= len(statement.passages) <= 4:
            raise DocumentError(name, f"a statement has {len(statement.passages)} passages; 1 to 4 are allowed")
        for passage in statement.passages:
            span(passage.start, passage.end)
        for index in (statement.idea, statement.subject, statement.object):
            entity(index)
        if statement.idea is None and (statement.subject is None or statement.object is None):
            raise DocumentError(name, "a statement is about an idea, or relates a subject to an object")
    for contributor in (*extraction.authors, *(each.contributor for each in extraction.statements)):
        entity(contributor.entity)
        entity(contributor.affiliation)
    entity(extraction.publisher)


@dataclass(frozen=True, slots=True)
class Extracted:
    """What became of an extraction. When it was known, nothing was written."""

    extraction_id: int
    is_new: bool
    new_identities: int


def add_extraction(
    database: Database, writing: Writing, document_id: str, text_id: str, extraction: Extraction, info: ExtractorInfo,
    resolve: Resolve, name: str,
) -> Extracted:
    """Register an extraction of a text with its identities; it becomes current if the text is.

    The same findings of the same run, when they are the newest already, change nothing.
    Raises NotFoundError for a text that the document does not have; DocumentError, with the document's
    ``name``, for an extraction that does not fit the text, or identities that do not fit each other.
    """
    connection = writing.connection
    text = connection.execute(
        select(texts.c.text, versions.c.document_id)
        .join(versions, versions.c.version == texts.c.version).where(texts.c.text_id == text_id)
    ).one_or_none()
    if text is None or text.document_id != document_id:
        raise NotFoundError(f"the document {document_id} has no text {text_id}")
    payload = extraction.to_json()
    payload_hash = hash_of(payload.encode("utf-8"))
    run_id = run_id_of(info)
    newest = connection.execute(
        select(extractions.c.extraction_id, extractions.c.run_id, extractions.c.payload_hash)
        .where(extractions.c.text_id == text_id).order_by(extractions.c.sequence.desc()).limit(1)
    ).one_or_none()
    if newest is not None and (newest.run_id, newest.payload_hash) == (run_id, payload_hash):
        return Extracted(newest.extraction_id, False, 0)
    check_extraction(extraction, len(unpack(text.text)), name)
    number = writing.change(document_id)
    keys = registry.keys_of(extraction, document_id)
    known = registry.Known(connection, registry.by_keys(connection, keys))
    owners = {key: each.identity_id for key, each in known.items()}
    resolution = resolve(extraction, known, document_id)
    new = {each.identity_id for each in resolution.identities} - set(owners.values())
    filled = registry.register(database, writing, document_id, resolution.identities, number, owners, keys, name)
    registry.add_candidates(database, connection, document_id, resolution.candidates, number)
    identity_ids = registry.identities_of_entities(owners, document_id, extraction, name)
    connection.execute(database.insert(runs).on_conflict_do_nothing().values(
        run_id=run_id, registered_at=now_text(), **asdict(info)
    ))
    extraction_id = connection.execute(
        database.insert(extractions).values(
            text_id=text_id, run_id=run_id, payload=pack(payload), payload_hash=payload_hash,
            identity_ids=pack(json.dumps(identity_ids)), extracted_at=now_text(), sequence=number,
        ).returning(extractions.c.extraction_id)
    ).scalar_one()
    current_text = connection.execute(
        select(document_states.c.text_id).where(document_states.c.document_id == document_id)
    ).scalar_one()
    if current_text == text_id:
        connection.execute(
            document_states.update().where(document_states.c.document_id == document_id)
            .values(extraction_id=extraction_id)
        )
        registry.set_appearances(database, connection, document_id, identity_ids)
    for other in registry.documents_with(connection, filled):
        writing.change(other)
    return Extracted(extraction_id, True, len(new))
