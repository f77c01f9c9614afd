"""One archive that holds the records: tables, originals, and the number that they reflect.

A zip of ``tables/<name>.jsonl`` (one row a line, keys in order), ``originals/<SHA-256>`` and, last,
``manifest.json`` with the size and SHA-256 of every other member. The form is the same for SQLite
and PostgreSQL, so an archive of one can be restored into the other. The graph is not in it: it is
derived again.
"""
from __future__ import annotations

import hashlib
import json
import os
import secrets
import struct
import zipfile
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection, LargeBinary, MetaData, Table, func, inspect, select, text, update

from errors import ConflictError, NotFoundError, RecordsError
from records import tables
from records.database import HEAD, Database, now_text, schema_version, translated, upgrade
from records.documents import latest
from records.originals import Originals, sync_folder

FORM = "reform-records-1"
MANIFEST = "manifest.json"
# What reading a damaged or hostile zip can raise
DAMAGE = (
    zipfile.BadZipFile, zlib.error, EOFError, ValueError, KeyError, TypeError, AttributeError, NotImplementedError,
    RuntimeError, OverflowError, struct.error, MemoryError,
)
ROWS = 500  # rows of one INSERT
PIECE = 1 << 20  # bytes


@dataclass(frozen=True, slots=True)
class Backup:
    """What an archive holds."""

    documents: int
    originals: int
    decisions: int
    sequence: int  # the number of the latest change in it
    made_at: str


class _Counted:
    """Writes a member and keeps its size and SHA-256."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._hash = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes) -> None:
        self._file.write(data)
        self._hash.update(data)
        self.size += len(data)

    def entry(self) -> dict[str, Any]:
        return {"size": self.size, "sha256": self._hash.hexdigest()}


def backup(database: Database, originals: Originals, path: Path, force: bool = False) -> Backup:
    """Write the archive while others may go on reading and writing: it holds one state of the records.

    Raises ConflictError when the file is there already, unless ``force``; NotFoundError or
    RecordsError when an original is missing or damaged. A file that is begun is never left behind.
    """
    if path.exists() and not force:
        raise ConflictError(f"{path} exists already; choose another name, or --force to replace it")
    partial = path.with_name(path.name + ".partial")
    try:
        with partial.open("wb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive, database.read() as connection:
                made = _write(archive, connection, originals)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
        sync_folder(path.resolve().parent)
    except OSError as problem:
        raise RecordsError(f"{path} cannot be written: {problem.strerror}") from problem
    finally:
        partial.unlink(missing_ok=True)
    return made


def _write(archive: zipfile.ZipFile, connection: Connection, originals: Originals) -> Backup:
    members: dict[str, dict[str, Any]] = {}
    rows_of: dict[str, int] = {}
    for table in tables.metadata.sorted_tables:
        name = f"tables/{table.name}.jsonl"
        with archive.open(name, "w", force_zip64=True) as file:
            counted = _Counted(file)
            rows_of[table.name] = 0
            for line in _lines(connection, table):
                counted.write(line)
                rows_of[table.name] += 1
        members[name] = counted.entry()
    for version in connection.execute(select(tables.versions.c.version).order_by(tables.versions.c.version)).scalars():
        name = f"originals/{version}"
        with archive.open(name, "w", force_zip64=True) as file:
            counted = _Counted(file)
            counted.write(originals.read(version))
        members[name] = counted.entry()
    made = Backup(
        rows_of["documents"], rows_of["versions"], rows_of["decisions"], latest(connection), now_text(),
    )
    archive.writestr(MANIFEST, json.dumps({
        "form": FORM, "schema": schema_version(connection), "made_at": made.made_at, "sequence": made.sequence,
        "rows": rows_of, "members": members,
    }, indent=1, sort_keys=True))
    return made


def _lines(connection: Connection, table: Table) -> Iterator[bytes]:
    query = select(table).order_by(*table.primary_key.columns).execution_options(yield_per=ROWS)
    for row in connection.execute(query):
        values = {
            name: b64encode(value).decode("ascii") if isinstance(value, bytes) else value
            for name, value in row._mapping.items()
        }
        yield json.dumps(values, ensure_ascii=False, sort_keys=True).encode("utf-8") + b"\n"


def verify(path: Path) -> dict[str, Any]:
    """Check every member against the manifest and return the manifest.

    Raises NotFoundError when there is no such file, RecordsError when the archive is damaged,
    incomplete, or not one of ours.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return _verified(archive, path)
    except FileNotFoundError as problem:
        raise NotFoundError(f"there is no file {path}") from problem
    except DAMAGE as problem:
        raise RecordsError(f"{path} is damaged, or no backup of the records") from problem
    except OSError as problem:
        raise RecordsError(f"{path} cannot be read: {problem.strerror}") from problem


def _verified(archive: zipfile.ZipFile, path: Path) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads(archive.read(MANIFEST))
    if manifest["form"] != FORM:
        raise RecordsError(f"{path} is of another form than {FORM}: a newer program may have made it")
    if manifest["schema"] > HEAD:
        raise RecordsError(f"{path} was made by a newer version of this program: install that first")
    names = archive.namelist()
    if sorted(names) != sorted([*manifest["members"], MANIFEST]):
        raise RecordsError(f"{path} is damaged: it does not hold the files that its manifest names")
    for name, expected in manifest["members"].items():
        digest, size = hashlib.sha256(), 0
        with archive.open(name) as file:
            while (piece := file.read(PIECE)) and size <= expected["size"]:
                digest.update(piece)
                size += len(piece)
        if size != expected["size"] or digest.hexdigest() != expected["sha256"]:
            raise RecordsError(f"{path} is damaged: {name} does not fit its checksum")
    return manifest


def restore(database: Database, originals: Originals, path: Path, force: bool = False) -> Backup:
    """Put an archive's records in the place of what is there.

    Everything is verified first. Then the originals are added to the folder, where they disturb
    nothing; then the tables are replaced in one step. A crash at any moment leaves the old records
    or the new ones. Close the records elsewhere before.

    Raises ConflictError when the records hold documents already, unless ``force``, or when others
    use them; RecordsError when the archive is damaged.
    """
    manifest = verify(path)
    if not force and (_holds_documents(database) or any(True for _ in originals.all())):
        raise ConflictError("the records are not empty; --force replaces what is there")
    with zipfile.ZipFile(path) as archive:
        for name in sorted(manifest["members"]):
            if name.startswith("originals/"):
                version = originals.write(archive.read(name))
                if name != f"originals/{version}":
                    raise RecordsError(f"{path} is damaged: {name} does not hold what its name says")
        if database.is_sqlite:
            _replace_file(database, archive, manifest)
        else:
            with database.lock() as connection:
                database.lock_schema(connection)
                _drop_all(connection)
                _fill(connection, archive, manifest)
    return Backup(
        manifest["rows"]["documents"], manifest["rows"]["versions"], manifest["rows"]["decisions"],
        manifest["sequence"], manifest["made_at"],
    )


def _holds_documents(database: Database) -> bool:
    if database.is_sqlite and not Path(database.url.database or "").exists():
        return False
    with database.read() as connection:
        present = inspect(connection).has_table(tables.documents.name)
        return present and connection.execute(select(func.count()).select_from(tables.documents)).scalar_one() > 0


def _fill(connection: Connection, archive: zipfile.ZipFile, manifest: dict[str, Any]) -> None:
    """Make the schema that the archive was written with, its rows, and then the migrations since."""
    upgrade(connection, manifest["schema"])
    for name, count in _in_order(connection, manifest["rows"]):
        table = Table(name, MetaData(), autoload_with=connection)
        if connection.execute(select(func.count()).select_from(table)).scalar_one():
            connection.execute(table.delete())  # what the migrations put in
        blobs = [column.name for column in table.columns if isinstance(column.type, LargeBinary)]
        written = 0
        batch: list[dict[str, Any]] = []
        with archive.open(f"tables/{name}.jsonl") as file:
            for line in file:
                row = json.loads(line)
                for blob in blobs:
                    row[blob] = b64decode(row[blob])
                batch.append(row)
                if len(batch) == ROWS:
                    connection.execute(table.insert(), batch)
                    written, batch = written + len(batch), []
        if batch:
            connection.execute(table.insert(), batch)
        if written + len(batch) != count:
            raise RecordsError(f"the backup holds {written + len(batch)} rows of {name} instead of {count}")
    if connection.dialect.name == "postgresql":
        _continue_numbering(connection)
    upgrade(connection)
    # The number that a graph reflects says nothing about these records: it must be derived again.
    connection.execute(
        update(tables.counters).where(tables.counters.c.name == "epoch").values(value=secrets.randbits(48))
    )


def _in_order(connection: Connection, rows: dict[str, int]) -> list[tuple[str, int]]:
    """The tables so that each comes after those that it refers to."""
    found = MetaData()
    found.reflect(connection, only=sorted(rows))
    return [(table.name, rows[table.name]) for table in found.sorted_tables]


def _continue_numbering(connection: Connection) -> None:
    """Rows came with their numbers: PostgreSQL must give the next ones after them."""
    for table in tables.metadata.sorted_tables:
        column = table.autoincrement_column
        if column is not None and inspect(connection).has_table(table.name):
            connection.execute(
                text("SELECT setval(pg_get_serial_sequence(:table, :column), GREATEST(:last, 1), :used)"),
                {
                    "table": table.name, "column": column.name,
                    "last": (last := connection.execute(select(func.max(column))).scalar() or 0), "used": last > 0,
                },
            )


def _drop_all(connection: Connection) -> None:
    found = MetaData()
    found.reflect(connection, only=lambda name, _: name in tables.metadata.tables or name == "alembic_version")
    found.drop_all(connection)
    connection.execute(text("DROP FUNCTION IF EXISTS refuse_rewriting"))


def _replace_file(database: Database, archive: zipfile.ZipFile, manifest: dict[str, Any]) -> None:
    """Build a new SQLite file beside the old one and put it in its place."""
    target = Path(database.url.database or "")
    building = target.with_name(target.name + ".restoring")
    _remove(building)
    built = Database(str(database.url.set(database=str(building))))
    try:
        with built.lock() as connection:
            _fill(connection, archive, manifest)
        with built.engine.connect() as connection:
            if connection.execute(text("PRAGMA foreign_key_check")).first() is not None:
                raise RecordsError("the backup's tables do not fit each other")
        built.close()  # the last connection writes the log into the file
        _quiesce(database, target)
        _sync_file(building)
        building.replace(target)
        sync_folder(target.parent)
    except OSError as problem:
        raise RecordsError(f"{target} cannot be replaced: {problem.strerror}") from problem
    finally:
        built.close()
        _remove(building)


def _quiesce(database: Database, target: Path) -> None:
    """Write the old file's log into it and remove the log: it must never meet the new file."""
    database.close()
    if not target.exists():
        return
    with translated(), database.engine.connect() as connection:
        raw: Any = connection.connection.dbapi_connection
        raw.execute("PRAGMA busy_timeout=2000")
        try:
            mode = raw.execute("PRAGMA journal_mode=DELETE").fetchone()[0]
        except Exception as problem:
            raise ConflictError("the records are in use: stop the explorer and the workers first") from problem
        connection.invalidate()
    database.close()
    if mode != "delete" or any(target.with_name(target.name + end).exists() for end in ("-wal", "-journal")):
        raise ConflictError("the records are in use: stop the explorer and the workers first")


def _sync_file(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _remove(path: Path) -> None:
    for end in ("", "-wal", "-shm", "-journal"):
        path.with_name(path.name + end).unlink(missing_ok=True)
