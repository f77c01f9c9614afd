"""The records' database: opening, migrating, transactions, and the translation of foreign errors.

Every writer holds the counter's row (on SQLite: the write lock) from its first statement to its
commit. So writers follow one another, and the order of sequence numbers is the order of commits.
"""
from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from sqlite3 import OperationalError
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, func, inspect, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, NoSuchModuleError, SQLAlchemyError

from errors import ConflictError, RecordsError, SettingsError
from records.tables import counters, document_states

HEAD = "0002"  # the newest migration; a test compares it with the folder
BUSY_SECONDS = 60.0
MIGRATIONS = Path(__file__).with_name("migrations")
ADVISORY_LOCK = 0x5245464F  # PostgreSQL: one process migrates at a time


def now_text() -> str:
    """The time as it is stored: ISO 8601, UTC, milliseconds."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass
class Writing:
    """One write transaction: its connection, and the numbers that it has given out."""

    connection: Connection
    first: int
    last: int = field(init=False)
    changed: dict[str, int] = field(default_factory=dict)  # document -> its number

    def __post_init__(self) -> None:
        self.last = self.first

    def number(self) -> int:
        """The next sequence number."""
        self.last += 1
        return self.last

    def change(self, document_id: str) -> int:
        """Number a change of this document; one number a document and transaction."""
        if document_id not in self.changed:
            self.changed[document_id] = self.number()
        return self.changed[document_id]


class Database:
    """An engine with the records' rules for transactions."""

    def __init__(self, address: str) -> None:
        self.url = parse_address(address)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _engine(self.url)

    def close(self) -> None:
        self.engine.dispose()

    def insert(self, table: Any) -> sqlite.Insert | postgresql.Insert:
        """An INSERT of this dialect, which knows ON CONFLICT."""
        return sqlite.insert(table) if self.is_sqlite else postgresql.insert(table)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that sees one state of the records, from its first read to its end."""
        isolation = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        with translated(), self.engine.connect() as connection, connection.execution_options(**isolation).begin():
            yield connection

    @contextmanager
    def lock(self) -> Iterator[Connection]:
        """A write transaction that changes no document (the register's)."""
        options = {"reform_writes": True}
        with translated(), self.engine.connect() as connection, connection.execution_options(**options).begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Writing]:
        """A write transaction. At its end the changed documents get their numbers, and all is committed."""
        with self.lock() as connection:
            statement = select(counters.c.value).where(counters.c.name == "sequence").with_for_update()
            writing = Writing(connection, connection.execute(statement).scalar_one())
            yield writing
            for document_id, number in writing.changed.items():
                connection.execute(
                    update(document_states)
                    .where(document_states.c.document_id == document_id)
                    .values(sequence=number)
                )
            if writing.last != writing.first:
                connection.execute(
                    update(counters).where(counters.c.name == "sequence").values(value=writing.last)
                )

    def now(self, connection: Connection) -> float:
        """Seconds since 1970, by the one clock that all who share the database see."""
        if self.is_sqlite:
            return time.time()
        return float(connection.execute(select(func.extract("epoch", func.clock_timestamp()))).scalar_one())

    def lock_schema(self, connection: Connection) -> None:
        """One process at a time changes the schema (SQLite's write lock does that already)."""
        if not self.is_sqlite:
            connection.execute(select(func.pg_advisory_xact_lock(ADVISORY_LOCK)))

    def migrate(self) -> bool:
        """Bring the schema to HEAD; False when it was there already.

        Raises RecordsError when the schema is one that this version does not know.
        """
        with translated(), self.engine.connect() as connection:
            if schema_version(connection) == HEAD:
                return False
        with self.lock() as connection:
            self.lock_schema(connection)
            if schema_version(connection) == HEAD:  # another process was quicker
                return False
            upgrade(connection)
        return True


def parse_address(address: str) -> URL:
    """The address as a URL. Raises SettingsError unless it is of SQLite or PostgreSQL."""
    try:
        url = make_url(address)
    except ArgumentError as problem:
        raise SettingsError("records_url is not an address that SQLAlchemy understands") from problem
    backend = url.get_backend_name()
    if backend == "postgresql" and url.drivername == "postgresql":
        return url.set(drivername="postgresql+psycopg")
    if backend not in ("sqlite", "postgresql"):
        raise SettingsError(f"records_url must be of SQLite or PostgreSQL, not {backend}")
    if backend == "sqlite" and not url.database:
        raise SettingsError("records_url must name a file: records in memory would be lost")
    return url


def _engine(url: URL) -> Engine:
    try:
        if url.get_backend_name() == "postgresql":
            return create_engine(url, pool_pre_ping=True)
        assert url.database is not None
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS})
    except (NoSuchModuleError, ModuleNotFoundError) as problem:
        raise SettingsError(
            "the driver for this records_url is not installed (PostgreSQL: pip install 'psycopg[binary]')"
        ) from problem
    except OSError as problem:
        raise RecordsError(f"the folder of {url.database} cannot be made: {problem.strerror}") from problem

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the module opens no transactions by itself: ``begin`` below does
        connection.execute(f"PRAGMA busy_timeout={int(BUSY_SECONDS * 1000)}")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA synchronous=FULL")
        _set_wal(connection)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A transaction that will write takes the lock at once: one that reads first and then wants
        # to write would fail, without waiting, when another has written in between.
        writes = connection.get_execution_options().get("reform_writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _set_wal(connection: Any) -> None:
    """Write-ahead logging: a property of the file, set once. Raises RecordsError where SQLite refuses.

    The switch needs the file for itself, and does not wait for it as other statements do.
    """
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            if connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal":
                return
            mode = connection.execute("PRAGMA journal_mode=WAL").fetchone()[0]
        except OperationalError as problem:
            if "locked" not in str(problem) or time.monotonic() > deadline:
                raise
            time.sleep(0.02)
            continue
        if mode != "wal":
            raise RecordsError(f"SQLite refuses write-ahead logging here (it says {mode}); is this a network folder?")
        return


def schema_version(connection: Connection) -> str:
    """The schema's version; "" for an empty database. Read without Alembic, whose import takes a second."""
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or "")


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Run the migrations up to a revision in the connection's transaction.

    Raises RecordsError when the schema is one that this version does not know.
    """
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, revision)
    except CommandError as problem:
        raise RecordsError(
            "the records were written by another version of this program: install the newest one"
        ) from problem


@contextmanager
def translated() -> Iterator[None]:
    """Foreign errors become RecordsError (or ConflictError) with a plain sentence."""
    try:
        yield
    except DBAPIError as problem:
        reason = (str(problem.orig).strip() or type(problem.orig).__name__).splitlines()[0]
        if isinstance(problem, IntegrityError) and "unique" in reason.lower():
            raise ConflictError("somebody else wrote the same record in between") from problem
        raise RecordsError(f"the records' database refuses: {reason}") from problem
    except SQLAlchemyError as problem:
        raise RecordsError("the records' database cannot be used as asked") from problem
