"""Taking a document in: which document it is, its version and text, and who shares its text.

Everything here runs inside one write transaction, after the original has been stored.
"""
from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from sqlalchemy import Connection, delete, or_, select

from errors import AddressError, DamagedError, DocumentError
from records import identities as registry
from records import likeness
from records.database import Database, Writing, now_text
from records.model import Block, Reading, mint
from records.tables import (
    addresses,
    bands,
    document_states,
    documents,
    extractions,
    same_texts,
    texts,
    versions,
)

LOCAL_FILE = "file:"  # a source address that begins so is a path on somebody's machine
LONGEST_ADDRESS = 2000  # characters


class Case(StrEnum):
    """What the records made of a file that was given to them."""

    NEW_DOCUMENT = "new document"
    NEW_VERSION = "new version"
    VERSION_AGAIN = "an earlier version is current again"
    NEW_TEXT = "the same file, read by another parser version"
    TEXT_AGAIN = "a text of an earlier parser version is current again"
    KNOWN = "known, nothing changed"
    OLD_COPY = "a copy of an earlier version, nothing changed"


@dataclass(frozen=True, slots=True)
class Registered:
    """Where a file ended up. In the cases KNOWN and OLD_COPY nothing was written.

    ``text_id`` is that of the document's current text; in the case OLD_COPY that is not this version's.
    """

    document_id: str
    version: str  # SHA-256 of the original
    text_id: str
    case: Case

    @property
    def is_new_document(self) -> bool:
        return self.case is Case.NEW_DOCUMENT

    @property
    def is_new_version(self) -> bool:
        return self.case in (Case.NEW_DOCUMENT, Case.NEW_VERSION)

    @property
    def is_new_text(self) -> bool:
        return self.case in (Case.NEW_DOCUMENT, Case.NEW_VERSION, Case.NEW_TEXT)

    @property
    def changed(self) -> bool:
        return self.case not in (Case.KNOWN, Case.OLD_COPY)


def pack(content: str) -> bytes:
    return zlib.compress(content.encode("utf-8"), 6)


def unpack(data: bytes) -> str:
    return zlib.decompress(data).decode("utf-8")


def normal_address(address: str) -> str:
    """The address as documents are found by: scheme and host in lower case, no fragment.

    Raises AddressError when it is too long to be registered.
    """
    address = address.strip()
    if len(address) > LONGEST_ADDRESS:
        raise AddressError(address[:80] + "…", f"the address is longer than {LONGEST_ADDRESS} characters")
    if not address.lower().startswith(("http://", "https://")):
        return address
    try:
        parts = urlsplit(address)
    except ValueError as problem:
        raise AddressError(address, "this is not an address") from problem
    return urlunsplit((parts.scheme.lower(), parts.netloc.lower(), parts.path or "/", parts.query, ""))


def check_reading(reading: Reading, filename: str) -> None:
    """Raises DamagedError for a text that no database could hold as it is."""
    if "\x00" in reading.text:
        raise DamagedError(filename, "its text holds NUL characters")
    try:
        for each in (reading.text, json.dumps(asdict(reading.metadata), ensure_ascii=False)):
            each.encode("utf-8")
    except UnicodeEncodeError as problem:
        raise DamagedError(filename, "its text holds halves of characters (unpaired surrogates)") from problem


def printable(name: str) -> str:
    """A file name or path as text that every database takes; undecodable bytes are shown escaped."""
    return name.replace("\x00", "\\x00").encode("utf-8", "backslashreplace").decode("utf-8")


def place(
    database: Database, writing: Writing, reading: Reading, version: str, size: int, filename: str, source_address: str,
) -> Registered:
    """Find or register the document, the version and the text, and make them current.

    Raises DocumentError when the same parser version has read another text from the same original before.
    """
    connection = writing.connection
    source = normal_address(source_address)
    declared = normal_address(reading.metadata.address)
    known = connection.execute(select(versions.c.document_id).where(versions.c.version == version)).scalar()
    if known is not None:
        return _place_known(database, writing, reading, version, known, source, declared, filename)
    document_id = _find_by_address(connection, declared, source)
    case = Case.NEW_VERSION if document_id else Case.NEW_DOCUMENT
    if not document_id:
        public = declared or ("" if source.startswith(LOCAL_FILE) else source)
        document_id = mint(public or version)
    number = writing.change(document_id)
    at = now_text()
    if case is Case.NEW_DOCUMENT:
        connection.execute(
            database.insert(documents).values(document_id=document_id, registered_at=at, sequence=number)
        )
    connection.execute(database.insert(versions).values(
        version=version, document_id=document_id, filename=printable(filename), media_type=reading.media_type,
        source_address=source, size=size, read_at=at, sequence=number,
    ))
    text_id, signature, _ = _place_text(database, connection, reading, version, number, filename)
    _register_addresses(database, connection, document_id, declared, source)
    _make_current(database, writing, document_id, version, text_id, signature, case)
    return Registered(document_id, version, text_id, case)


def _place_known(
    database: Database, writing: Writing, reading: Reading, version: str, document_id: str, source: str, declared: str,
    filename: str,
) -> Registered:
    connection = writing.connection
    current, current_text, current_source = connection.execute(
        select(document_states.c.version, document_states.c.text_id, versions.c.source_address)
        .join(versions, versions.c.version == document_states.c.version)
        .where(document_states.c.document_id == document_id)
    ).one()
    if current != version and current_source != source:
        # The current version came from elsewhere. Were this one made current, two files of one
        # document would take turns each time a folder is read.
        return Registered(document_id, version, current_text, Case.OLD_COPY)
    text_id, signature, is_new = _place_text(database, connection, reading, version, writing.last + 1, filename)
    if current == version and text_id == current_text:
        return Registered(document_id, version, text_id, Case.KNOWN)
    writing.change(document_id)
    _register_addresses(database, connection, document_id, declared, source)
    if current != version:
        case = Case.VERSION_AGAIN
    else:
        case = Case.NEW_TEXT if is_new else Case.TEXT_AGAIN
    _make_current(database, writing, document_id, version, text_id, signature, case)
    return Registered(document_id, version, text_id, case)


def _find_by_address(connection: Connection, declared: str, source: str) -> str:
    """The document of the declared address, else of the source; "" when there is none.

    A document that declares one address is not found by a source under which another declared one
    came: a file named download.html holds now this and now that.
    """
    rows = connection.execute(
        select(addresses.c.address, addresses.c.document_id)
        .where(addresses.c.address.in_([each for each in (declared, source) if each]))
    )
    found: dict[str, str] = {row.address: row.document_id for row in rows}
    if declared in found:
        return found[declared]
    document_id = found.get(source, "")
    if document_id and declared:
        others = connection.execute(
            select(addresses.c.address)
            .where(addresses.c.document_id == document_id, addresses.c.declared.is_(True)).limit(1)
        ).scalar()
        if others is not None:
            return ""
    return document_id


def _register_addresses(
    database: Database, connection: Connection, document_id: str, declared: str, source: str,
) -> None:
    if declared:
        insert = database.insert(addresses).values(address=declared, document_id=document_id, declared=True)
        connection.execute(insert.on_conflict_do_update(
            index_elements=["address"], set_={"declared": True},
            where=addresses.c.document_id == insert.excluded["document_id"],
        ))
    if source and source != declared:
        insert = database.insert(addresses).values(address=source, document_id=document_id, declared=False)
        connection.execute(insert.on_conflict_do_update(
            index_elements=["address"], set_={"document_id": document_id}, where=addresses.c.declared.is_(False),
        ))


def blocks_to_json(blocks: Sequence[Block]) -> str:
    return json.dumps([[each.kind, each.start, each.end, each.page] for each in blocks], separators=(",", ":"))


def _place_text(
    database: Database, connection: Connection, reading: Reading, version: str, number: int, filename: str,
) -> tuple[str, bytes, bool]:
    """The text's id and signature, and whether it is new."""
    text_id = mint("text", version, reading.parser, reading.parser_version)
    known = connection.execute(
        select(texts.c.text, texts.c.blocks, texts.c.signature).where(texts.c.text_id == text_id)
    ).one_or_none()
    blocks = blocks_to_json(reading.blocks)
    if known is not None:
        if unpack(known.text) != reading.text or unpack(known.blocks) != blocks:
            raise DocumentError(
                filename,
                f"the parser {reading.parser} {reading.parser_version} has read another text from this original "
                "before; a parser that changes needs a new version",
            )
        return text_id, known.signature, False
    words = likeness.words(reading.text)
    signature = likeness.signature(words)
    connection.execute(database.insert(texts).values(
        text_id=text_id, version=version, parser=reading.parser, parser_version=reading.parser_version,
        text=pack(reading.text), blocks=pack(blocks), words=len(reading.text.split()), signature=signature,
        bibliography=json.dumps(asdict(reading.metadata), ensure_ascii=False, sort_keys=True).replace("\\u0000", ""),
        notes=json.dumps(list(reading.notes), ensure_ascii=False), sequence=number,
    ))
    return text_id, signature, True


def _make_current(
    database: Database, writing: Writing, document_id: str, version: str, text_id: str, signature: bytes, case: Case,
) -> None:
    connection = writing.connection
    if case is Case.NEW_DOCUMENT:
        connection.execute(database.insert(document_states).values(
            document_id=document_id, version=version, text_id=text_id, sequence=writing.change(document_id),
        ))
        _compare_text(database, writing, document_id, signature, ())
        return
    newest = connection.execute(
        select(extractions.c.extraction_id, extractions.c.identity_ids).where(extractions.c.text_id == text_id)
        .order_by(extractions.c.sequence.desc()).limit(1)
    ).one_or_none()
    insert = database.insert(document_states).values(
        document_id=document_id, version=version, text_id=text_id,
        extraction_id=newest.extraction_id if newest else None, sequence=writing.change(document_id),
    )
    connection.execute(insert.on_conflict_do_update(
        index_elements=["document_id"],
        set_={name: insert.excluded[name] for name in ("version", "text_id", "extraction_id", "sequence")},
    ))
    registry.set_appearances(
        database, connection, document_id, json.loads(unpack(newest.identity_ids)) if newest else (),
    )
    pairs = connection.execute(select(same_texts).where(
        or_(same_texts.c.left_id == document_id, same_texts.c.right_id == document_id)
    )).all()
    connection.execute(delete(bands).where(bands.c.document_id == document_id))
    _compare_text(database, writing, document_id, signature, pairs)


def _compare_text(
    database: Database, writing: Writing, document_id: str, signature: bytes, pairs: Iterable[Any],
) -> None:
    """Keep which documents have nearly this text, and count those as changed for which that is new."""
    connection = writing.connection
    before: dict[str, float] = {
        (each.right_id if each.left_id == document_id else each.left_id): each.score for each in pairs
    }
    numbers = list(likeness.bands(signature))
    after: dict[str, float] = {}
    alike = (
        select(bands.c.document_id).where(bands.c.band.in_(numbers), bands.c.document_id != document_id).distinct()
    )
    for other, other_signature in connection.execute(
        select(document_states.c.document_id, texts.c.signature)
        .join(texts, texts.c.text_id == document_states.c.text_id)
        .where(document_states.c.document_id.in_(alike))
    ):
        score = likeness.similarity(signature, other_signature)
        if score >= likeness.THRESHOLD:
            after[other] = score
    if numbers:
        connection.execute(
            database.insert(bands).on_conflict_do_nothing(),
            [{"band": each, "document_id": document_id} for each in numbers],
        )
    changed = sorted(other for other, _ in set(before.items()) ^ set(after.items()))
    if changed:
        connection.execute(delete(same_texts).where(
            or_(same_texts.c.left_id == document_id, same_texts.c.right_id == document_id)
        ))
    if changed and after:
        connection.execute(database.insert(same_texts), [
            dict(zip(("left_id", "right_id"), sorted((document_id, other)), strict=True)) | {"score": score}
            for other, score in sorted(after.items())
        ])
    for other in changed:
        writing.change(other)
