"""Opening and migrating, transactions of several processes, and the translation of foreign errors."""
# Strategy: real databases; several processes open, write and read at once.
from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

import settings as settings_module
from errors import ConflictError, RecordsError, SettingsError
from records import database as database_module
from records.database import HEAD, Database, parse_address, schema_version, translated, upgrade
from records.store import Records
from records.tables import metadata
from tests.unit.records.collection import INFO, extraction, prose, reading, resolve
from tests.unit.records.processes import ROOT, child, said


def test_sqlite_is_opened_safe(sqlite_records: Records) -> None:
    with sqlite_records.database.read() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 60_000}


def test_settings_say_where_the_records_lie(tmp_path: Path) -> None:
    with Records.open(settings_module.load(data_folder=tmp_path / "data")) as records:
        records.add_document(reading(prose(1)), b"x", "x", "file:/x")
    assert (tmp_path / "data" / "records.sqlite").exists()
    assert len(list((tmp_path / "data" / "originals").glob("??/*"))) == 1


def test_the_migrations_make_the_tables(records: Records) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with records.database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_head_is_the_newest_migration() -> None:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(database_module.MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_older_records_are_brought_up_to_date(address: str, tmp_path: Path) -> None:
    database = Database(address)
    with database.lock() as connection:
        upgrade(connection, "0001")
        for statement in (
            "INSERT INTO documents VALUES ('d', '', 1)",
            "INSERT INTO identities VALUES ('o', 'Organisation', 'Sheffield First', '', 'd', 1)",
            "INSERT INTO identities VALUES ('i', 'Idea', 'Sheffield', '', 'd', 1)",
            "INSERT INTO identity_names VALUES ('o', 'Sheffield First', 'sheffield first', 1)",
            "INSERT INTO identity_names VALUES ('i', 'Sheffield', 'sheffield', 1)",
        ):
            connection.execute(text(statement))
    database.close()
    with Records.open(address, tmp_path / "originals") as records, records.database.read() as connection:
        assert schema_version(connection) == HEAD
        rows = connection.execute(text("SELECT kind, word, identity_id FROM identity_words ORDER BY word")).all()
    assert [tuple(row) for row in rows] == [("Organisation", "first", "o"), ("Organisation", "sheffield", "o")]


def test_to_open_again_migrates_nothing_and_does_not_import_alembic(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'records.sqlite'}"
    database = Database(address)
    assert (database.migrate(), database.migrate()) == (True, False)
    database.close()
    code = (
        "import sys; from records.store import Records; Records.open(sys.argv[1]).close(); "
        "print(sorted(name for name in ('alembic', 'neo4j', 'spacy', 'flask', 'numpy') if name in sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, address], capture_output=True, text=True, check=True, cwd=ROOT,
    )
    assert done.stdout.strip() == "[]"


def test_records_of_a_newer_program_are_refused(records: Records, address: str) -> None:
    with records.database.lock() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(RecordsError, match="newest"):
        Records.open(address, records.originals.folder)


OPENS = """
import sys
from pathlib import Path
from records.store import Records
from tests.unit.records.collection import INFO, extraction, prose, reading, resolve
address, originals, worker, count = sys.argv[1:]
print("ready")
sys.stdin.readline()
with Records.open(address, Path(originals)) as records:
    for number in range(int(count)):
        seed = int(worker) * 1000 + number
        text = prose(seed)
        records.take_in(
            reading(text), str(seed).encode(), f"{seed}", f"file:/{seed}", extraction(text), INFO, resolve)
print("done")
"""


def test_processes_make_and_fill_new_records_at_once(address: str, tmp_path: Path) -> None:
    """Four processes migrate one empty database and write; the numbers show no gap and no double."""
    originals, workers, count = str(tmp_path / "originals"), 4, 8
    with (
        child(OPENS, address, originals, "0", str(count)) as a, child(OPENS, address, originals, "1", str(count)) as b,
        child(OPENS, address, originals, "2", str(count)) as c, child(OPENS, address, originals, "3", str(count)) as d,
    ):
        for each in (a, b, c, d):
            assert said(each) == "ready"
        for each in (a, b, c, d):
            assert each.stdin is not None
            each.stdin.write("go\n")
            each.stdin.flush()
        assert [said(each) for each in (a, b, c, d)] == ["done"] * workers
    with Records.open(address, Path(originals)) as records:
        numbers = [each.sequence for each in records.changes_after(0)]
        assert numbers == list(range(1, workers * count + 1))
        assert len(records.identities_by_keys(["org:nesta", "idea:co-production"])) == 2


def test_a_reader_sees_one_state_and_never_a_later_number_first(records: Records, address: str) -> None:
    """While one thread writes, another follows by number alone; at the end it has missed nothing."""
    total, seen, stop = 30, {}, threading.Event()

    def follow() -> None:
        with Records(address, records.originals.folder) as reader:
            last = 0
            while True:
                ended = stop.is_set()
                for change in reader.changes_after(last):
                    assert change.sequence > last
                    last = change.sequence
                    seen[change.document_id] = reader.snapshot(change.document_id).sequence
                if ended:
                    return

    thread = threading.Thread(target=follow)
    thread.start()
    for seed in range(total):
        text = prose(seed)
        records.take_in(reading(text), str(seed).encode(), "a", f"file:/{seed}", extraction(text), INFO, resolve)
    stop.set()
    thread.join()
    assert seen == {each.document_id: each.sequence for each in records.documents()}
    assert len(seen) == total


def test_a_write_that_fails_gives_its_numbers_back(records: Records) -> None:
    with pytest.raises(ZeroDivisionError), records.database.write() as writing:
        writing.number()
        raise ZeroDivisionError
    with records.database.write() as writing:
        assert writing.number() == 1


@pytest.mark.parametrize(("address", "reason"), [
    ("mysql://localhost/x", "SQLite or PostgreSQL"), ("sqlite://", "in memory"), ("not an address", "understands"),
    ("sqlite+nothing:///x", "not installed"),
])
def test_addresses_that_cannot_be_used_are_settings_errors(address: str, reason: str) -> None:
    with pytest.raises(SettingsError, match=reason):
        Database(address)


def test_an_address_of_postgresql_gets_the_driver_that_is_installed() -> None:
    assert parse_address("postgresql://u@h/d").drivername == "postgresql+psycopg"
    assert parse_address("postgresql+psycopg://u@h/d").drivername == "postgresql+psycopg"


def test_a_server_that_does_not_answer_is_a_records_error(tmp_path: Path) -> None:
    with pytest.raises(RecordsError, match="database refuses"):
        Records.open("postgresql://nobody@127.0.0.1:1/none", tmp_path)


def test_a_file_that_is_no_database_is_a_records_error(tmp_path: Path) -> None:
    (tmp_path / "records.sqlite").write_bytes(b"no database at all, but a text of some length" * 30)
    with pytest.raises(RecordsError, match="not a database"):
        Records.open(f"sqlite:///{tmp_path / 'records.sqlite'}")


def test_a_password_is_never_in_a_message(tmp_path: Path) -> None:
    with pytest.raises(RecordsError) as caught:
        Records.open("postgresql://nobody:hush-hush@127.0.0.1:1/none", tmp_path)
    problem: BaseException | None = caught.value
    while problem is not None:
        assert "hush-hush" not in str(problem)
        problem = problem.__cause__


def _kinds(kind: type[BaseException]) -> set[type[BaseException]]:
    return {kind}.union(*(_kinds(each) for each in kind.__subclasses__()))


def test_every_foreign_error_is_translated() -> None:
    from sqlalchemy import exc

    for kind in sorted(_kinds(SQLAlchemyError), key=lambda each: each.__name__):
        for reason in ("some reason", "UNIQUE constraint failed: x"):
            if issubclass(kind, exc.DBAPIError):
                problem: Exception = kind("statement", {}, sqlite3.Error(reason))
            else:
                problem = kind.__new__(kind, reason)
            with pytest.raises(RecordsError) as caught, translated():
                raise problem
            assert str(caught.value)
            conflict = issubclass(kind, exc.IntegrityError) and "UNIQUE" in reason
            assert isinstance(caught.value, ConflictError) is conflict, kind


def test_the_schema_version_of_an_empty_database_is_empty(address: str) -> None:
    database = Database(address)
    with database.read() as connection:
        assert schema_version(connection) == ""
    database.close()
