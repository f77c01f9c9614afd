"""Finding documents again: their state, their texts, and the snapshot that derivation starts from."""
from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, or_, select

from errors import NotFoundError
from records import identities as registry
from records.decisions import Decision, DecisionView, pair
from records.intake import LOCAL_FILE, unpack
from records.model import Author, Block, Extraction, ExtractorInfo, Metadata
from records.snapshot import SameText, Snapshot, statement_ids
from records.tables import (
    addresses,
    counters,
    document_states,
    documents,
    extractions,
    runs,
    same_texts,
    texts,
    versions,
)


@dataclass(frozen=True, slots=True)
class DocumentRecord:
    """A document and what is current of it."""

    document_id: str
    version: str
    text_id: str
    filename: str
    media_type: str
    address: str  # as declared, else where it was fetched from; "" for a local file
    source_address: str  # where the current version came from, "file:" + path for a local file
    size: int  # bytes of the original
    read_at: str
    registered_at: str
    sequence: int
    state: str  # active or withdrawn
    metadata: Metadata  # with editors' changes
    words: int
    parser: str
    parser_version: str
    run_id: str  # "" before the first extraction
    versions: tuple[str, ...]  # all, oldest first


@dataclass(frozen=True, slots=True)
class DocumentSummary:
    """One line of a list of documents."""

    document_id: str
    title: str
    date: str
    publisher: str
    filename: str
    address: str
    source_address: str
    version: str
    words: int
    state: str
    parser: str
    parser_version: str
    run_id: str
    sequence: int


@dataclass(frozen=True, slots=True)
class StoredText:
    """A text as a parser gave it; it is never rewritten."""

    text_id: str
    version: str
    text: str
    blocks: tuple[Block, ...]
    metadata: Metadata  # as read
    parser: str
    parser_version: str
    media_type: str
    notes: tuple[str, ...]
    words: int


@dataclass(frozen=True, slots=True)
class KnownVersion:
    """What is known of an original: enough to tell, without reading it, that nothing is to be done."""

    document_id: str
    is_current: bool
    source_address: str
    parser: str  # of the document's current text
    parser_version: str
    run_id: str  # of its current extraction; "" when there is none


def metadata_of(bibliography: str) -> Metadata:
    row: dict[str, Any] = json.loads(bibliography)
    return Metadata(**row | {"authors": tuple(Author(**author) for author in row["authors"])})


def blocks_of(data: bytes) -> tuple[Block, ...]:
    return tuple(Block(*row) for row in json.loads(unpack(data)))


def _columns() -> Any:
    return (
        select(
            document_states.c.document_id, document_states.c.version, document_states.c.text_id,
            document_states.c.extraction_id, document_states.c.sequence,
            versions.c.filename, versions.c.media_type, versions.c.source_address, versions.c.size, versions.c.read_at,
            texts.c.parser, texts.c.parser_version, texts.c.bibliography, texts.c.words, extractions.c.run_id,
        )
        .join(versions, versions.c.version == document_states.c.version)
        .join(texts, texts.c.text_id == document_states.c.text_id)
        .outerjoin(extractions, extractions.c.extraction_id == document_states.c.extraction_id)
    )


def _address(metadata: Metadata, source_address: str) -> str:
    return metadata.address or ("" if source_address.startswith(LOCAL_FILE) else source_address)


def document(connection: Connection, view: DecisionView, document_id: str) -> DocumentRecord:
    """The document as it is now. Raises NotFoundError."""
    row = connection.execute(
        _columns().add_columns(documents.c.registered_at)
        .join(documents, documents.c.document_id == document_states.c.document_id)
        .where(document_states.c.document_id == document_id)
    ).one_or_none()
    if row is None:
        raise NotFoundError(f"there is no document {document_id}")
    hashes = connection.execute(
        select(versions.c.version).where(versions.c.document_id == document_id).order_by(versions.c.sequence)
    ).scalars()
    metadata = view.metadata(document_id, metadata_of(row.bibliography))
    return DocumentRecord(
        document_id=document_id, version=row.version, text_id=row.text_id, filename=row.filename,
        media_type=row.media_type, address=_address(metadata, row.source_address), source_address=row.source_address,
        size=row.size, read_at=row.read_at, registered_at=row.registered_at, sequence=row.sequence,
        state=view.document(document_id).state, metadata=metadata, words=row.words, parser=row.parser,
        parser_version=row.parser_version, run_id=row.run_id or "", versions=tuple(hashes),
    )


def summaries(connection: Connection, view: DecisionView) -> Iterator[DocumentSummary]:
    """All documents, in the order in which they were registered."""
    rows = connection.execute(
        _columns().join(documents, documents.c.document_id == document_states.c.document_id)
        .order_by(documents.c.sequence)
    )
    for row in rows:
        metadata = view.metadata(row.document_id, metadata_of(row.bibliography))
        yield DocumentSummary(
            document_id=row.document_id, title=metadata.title, date=metadata.date, publisher=metadata.publisher,
            filename=row.filename, address=_address(metadata, row.source_address), source_address=row.source_address,
            version=row.version, words=row.words, state=view.document(row.document_id).state, parser=row.parser,
            parser_version=row.parser_version, run_id=row.run_id or "", sequence=row.sequence,
        )


def known_versions(connection: Connection) -> dict[str, KnownVersion]:
    """All originals by SHA-256, with what is current of their documents."""
    rows = connection.execute(
        select(
            versions.c.version, versions.c.document_id, versions.c.source_address,
            document_states.c.version.label("current"), texts.c.parser, texts.c.parser_version, extractions.c.run_id,
        )
        .join(document_states, document_states.c.document_id == versions.c.document_id)
        .join(texts, texts.c.text_id == document_states.c.text_id)
        .outerjoin(extractions, extractions.c.extraction_id == document_states.c.extraction_id)
    )
    return {
        row.version: KnownVersion(
            row.document_id, row.version == row.current, row.source_address, row.parser, row.parser_version,
            row.run_id or "",
        )
        for row in rows
    }


def text(connection: Connection, document_id: str) -> StoredText:
    """The document's current text. Raises NotFoundError."""
    row = connection.execute(
        select(texts, versions.c.media_type)
        .join(document_states, document_states.c.text_id == texts.c.text_id)
        .join(versions, versions.c.version == texts.c.version)
        .where(document_states.c.document_id == document_id)
    ).one_or_none()
    if row is None:
        raise NotFoundError(f"there is no document {document_id}")
    return StoredText(
        text_id=row.text_id, version=row.version, text=unpack(row.text), blocks=blocks_of(row.blocks),
        metadata=metadata_of(row.bibliography), parser=row.parser, parser_version=row.parser_version,
        media_type=row.media_type, notes=tuple(json.loads(row.notes)), words=row.words,
    )


def same_text(connection: Connection, view: DecisionView, document_id: str) -> tuple[SameText, ...]:
    """The documents with nearly this text, in order of id; an editor's word counts before the machine's."""
    scores: dict[str, float] = {}
    for row in connection.execute(select(same_texts).where(
        or_(same_texts.c.left_id == document_id, same_texts.c.right_id == document_id)
    )):
        scores[row.right_id if row.left_id == document_id else row.left_id] = row.score
    verdicts = {
        next(each for each in ids if each != document_id): same
        for ids, same in view.same_texts.items() if document_id in ids
    }
    return tuple(
        SameText(other, scores.get(other, 1.0), other in verdicts)
        for other in sorted(scores.keys() | verdicts.keys()) if verdicts.get(other, True)
    )


def snapshot(
    connection: Connection, view: DecisionView, by_target: Mapping[str, list[Decision]], document_id: str,
) -> Snapshot:
    """Everything about one document (see ``records.snapshot``). Raises NotFoundError."""
    row = connection.execute(
        _columns().add_columns(texts.c.text, texts.c.blocks, texts.c.notes, extractions.c.payload,
                               extractions.c.identity_ids)
        .where(document_states.c.document_id == document_id)
    ).one_or_none()
    if row is None:
        raise NotFoundError(f"there is no document {document_id}")
    words = unpack(row.text)
    extraction, info = Extraction(), None
    registered: tuple[str, ...] = ()
    if row.extraction_id is not None:
        extraction = Extraction.from_json(unpack(row.payload))
        registered = tuple(json.loads(unpack(row.identity_ids)))
        run = connection.execute(select(runs).where(runs.c.run_id == row.run_id)).one()
        info = ExtractorInfo(run.name, run.version, run.model, run.model_hash, run.ontology_hash)
    wanted = {each for identity_id in set(registered) for each in view.cluster(identity_id)}
    ids = statement_ids(document_id, words, extraction, registered)
    as_read = metadata_of(row.bibliography)
    metadata = view.metadata(document_id, as_read)
    targets = {document_id, *ids, *wanted}
    pairs = {pair(*each) for each in view.same_texts if document_id in each}
    touching = [each for target in targets | pairs for each in by_target.get(target, ())]
    return Snapshot(
        document_id=document_id, version=row.version, sequence=row.sequence, filename=row.filename,
        media_type=row.media_type, address=_address(metadata, row.source_address), read_at=row.read_at,
        text_id=row.text_id, text=words, blocks=blocks_of(row.blocks), words=row.words, as_read=as_read,
        metadata=metadata, parser=row.parser, parser_version=row.parser_version, notes=tuple(json.loads(row.notes)),
        extraction=extraction, run_id=row.run_id or "", info=info, entity_identities=registered,
        identities=registry.by_ids(connection, wanted), statement_ids=ids,
        same_texts=same_text(connection, view, document_id),
        decisions=tuple(sorted(touching, key=lambda each: each.decision_id)),
        view=view.only(ids, wanted, document_id),
    )


def documents_of_address(connection: Connection, address: str) -> str:
    """The document that is registered under an address; "" when there is none."""
    return str(connection.execute(
        select(addresses.c.document_id).where(addresses.c.address == address)
    ).scalar() or "")


def epoch(connection: Connection) -> int:
    """A number that these records were given when they were made or restored."""
    return int(connection.execute(select(counters.c.value).where(counters.c.name == "epoch")).scalar_one())


def latest(connection: Connection) -> int:
    """The number of the latest change of any document; 0 when there is none."""
    return int(connection.execute(select(func.max(document_states.c.sequence))).scalar() or 0)
