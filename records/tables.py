"""The tables of the records, as SQLAlchemy Core sees them.

The migrations create them; a test compares the two. Texts and payloads are compressed UTF-8
(PostgreSQL's TEXT takes no NUL, and texts shrink to a third). Times are ISO 8601 in UTC.
A ``sequence`` column is the number of the change that wrote the row.
"""
from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

metadata = MetaData()
# SQLite numbers rows by itself only where the column's type is exactly INTEGER.
Number = BigInteger().with_variant(Integer, "sqlite")

counters = Table(
    "counters", metadata,
    Column("name", String(32), primary_key=True),
    Column("value", BigInteger, nullable=False),
)

documents = Table(
    "documents", metadata,
    Column("document_id", String(32), primary_key=True),
    Column("registered_at", String(32), nullable=False),
    Column("sequence", BigInteger, nullable=False),
)

addresses = Table(
    "addresses", metadata,
    Column("address", Text, primary_key=True),
    Column("document_id", ForeignKey("documents.document_id"), nullable=False, index=True),
    # Declared by the document itself, never re-pointed; else only the place that it was read from.
    Column("declared", Boolean, nullable=False),
)

versions = Table(
    "versions", metadata,
    Column("version", String(64), primary_key=True),  # SHA-256 of the original
    Column("document_id", ForeignKey("documents.document_id"), nullable=False, index=True),
    Column("filename", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("source_address", Text, nullable=False),
    Column("size", BigInteger, nullable=False),  # bytes
    Column("read_at", String(32), nullable=False),
    Column("sequence", BigInteger, nullable=False),
)

texts = Table(
    "texts", metadata,
    Column("text_id", String(32), primary_key=True),
    Column("version", ForeignKey("versions.version"), nullable=False),
    Column("parser", Text, nullable=False),
    Column("parser_version", Text, nullable=False),
    Column("text", LargeBinary, nullable=False),
    Column("blocks", LargeBinary, nullable=False),
    Column("bibliography", Text, nullable=False),  # JSON of records.model.Metadata
    Column("notes", Text, nullable=False),  # JSON list
    Column("words", Integer, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    UniqueConstraint("version", "parser", "parser_version"),
)

runs = Table(
    "runs", metadata,
    Column("run_id", String(32), primary_key=True),
    Column("name", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("model_hash", Text, nullable=False),
    Column("ontology_hash", Text, nullable=False),
    Column("registered_at", String(32), nullable=False),
)

extractions = Table(
    "extractions", metadata,
    Column("extraction_id", Number, primary_key=True, autoincrement=True),
    Column("text_id", ForeignKey("texts.text_id"), nullable=False),
    Column("run_id", ForeignKey("runs.run_id"), nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Column("payload_hash", String(64), nullable=False),
    Column("identity_ids", LargeBinary, nullable=False),  # JSON list, one id for each entity
    Column("extracted_at", String(32), nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Index("extractions_of_text", "text_id", "sequence"),
)

# What counts now, and the number of the document's latest change. One row a document.
document_states = Table(
    "document_states", metadata,
    Column("document_id", ForeignKey("documents.document_id"), primary_key=True),
    Column("version", ForeignKey("versions.version"), nullable=False),
    Column("text_id", ForeignKey("texts.text_id"), nullable=False),
    Column("extraction_id", ForeignKey("extractions.extraction_id"), nullable=True),
    Column("sequence", BigInteger, nullable=False, unique=True),
)

identities = Table(
    "identities", metadata,
    Column("identity_id", String(128), primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("name", Text, nullable=False),
    Column("sector", String(64), nullable=False),
    Column("first_document", ForeignKey("documents.document_id"), nullable=False),
    Column("sequence", BigInteger, nullable=False),
)

identity_keys = Table(
    "identity_keys", metadata,
    Column("key", Text, primary_key=True),
    Column("identity_id", ForeignKey("identities.identity_id"), nullable=False, index=True),
    Column("sequence", BigInteger, nullable=False),
)

identity_names = Table(
    "identity_names", metadata,
    Column("identity_id", ForeignKey("identities.identity_id"), primary_key=True),
    Column("name", Text, primary_key=True),
    Column("folded", Text, nullable=False, index=True),
    Column("sequence", BigInteger, nullable=False),
)

# Words of names of those kinds that have names of their own (records.words).
identity_words = Table(
    "identity_words", metadata,
    Column("kind", String(32), primary_key=True),
    Column("word", String(64), primary_key=True),
    Column("identity_id", ForeignKey("identities.identity_id"), primary_key=True),
)

appearances = Table(
    "appearances", metadata,
    Column("document_id", ForeignKey("documents.document_id"), primary_key=True),
    Column("identity_id", ForeignKey("identities.identity_id"), primary_key=True, index=True),
)

candidates = Table(
    "candidates", metadata,
    Column("left_id", ForeignKey("identities.identity_id"), primary_key=True),
    Column("right_id", ForeignKey("identities.identity_id"), primary_key=True),
    Column("score", Float, nullable=False),
    Column("reasons", Text, nullable=False),  # JSON list
    Column("document_id", ForeignKey("documents.document_id"), nullable=False),
    Column("sequence", BigInteger, nullable=False),
)

bands = Table(
    "bands", metadata,
    Column("band", BigInteger, primary_key=True),
    Column("document_id", ForeignKey("documents.document_id"), primary_key=True, index=True),
)

same_texts = Table(
    "same_texts", metadata,
    Column("left_id", ForeignKey("documents.document_id"), primary_key=True),
    Column("right_id", ForeignKey("documents.document_id"), primary_key=True, index=True),
    Column("score", Float, nullable=False),
)

decisions = Table(
    "decisions", metadata,
    Column("decision_id", Number, primary_key=True, autoincrement=True),
    Column("kind", String(32), nullable=False),
    Column("target", Text, nullable=False, index=True),
    Column("value", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("at", String(32), nullable=False),
    Column("version", String(64), nullable=False),
    Column("undoes", ForeignKey("decisions.decision_id"), nullable=True),
    Column("document_id", String(32), nullable=False),
    Column("sequence", BigInteger, nullable=False),
)

register = Table(
    "register", metadata,
    Column("entry_id", Number, primary_key=True, autoincrement=True),
    Column("kind", String(32), nullable=False),
    Column("source", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("lease_until", Float, nullable=False),  # seconds since 1970 by the database's clock; 0: no lease
    Column("owner", Text, nullable=False),
    Column("error", Text, nullable=False),
    Column("document_id", String(32), nullable=False),
    Column("result", Text, nullable=False),
    Column("queued_at", String(32), nullable=False),
    Column("finished_at", String(32), nullable=False),
    Index("register_by_state", "state", "entry_id"),
)
