"""Backup and restore: what went in comes out; what is damaged is refused before anything is touched."""
# Strategy: records with every kind of row, archived and restored into new, filled and other databases;
# archives are damaged byte by byte and member by member; a restoring process is killed.
from __future__ import annotations

import json
import random
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from errors import ConflictError, NotFoundError, RecordsError
from records import backup as backup_module
from records.backup import backup, restore, verify
from records.decisions import ACCEPT, MERGE, UNDO, WITHDRAW, Decision
from records.model import mint
from records.store import Records
from tests.unit.records.collection import (
    CO_PRODUCTION,
    INFO,
    NESTA,
    NEWER,
    TENANTS,
    extraction,
    prose,
    reading,
    resolve,
)
from tests.unit.records.processes import child, said

PAIRS = ((mint("org:nesta"), mint("idea:co-production"), 0.5, ("a reason",)),)


def fill(records: Records) -> None:
    """Documents with two versions, near-duplicates, two runs, decisions, candidates, and the register."""
    for seed in (1, 2, 3):
        text = prose(seed)
        records.take_in(
            reading(text), str(seed).encode() * 3000, f"{seed}.txt", f"file:/{seed}.txt",
            extraction(text, NESTA, TENANTS, CO_PRODUCTION), INFO,
            lambda *given: replace(resolve(*given), candidates=PAIRS),
        )
    taken = records.take_in(
        reading(prose(1) + " \U0001f600 end"), b"reprint", "4.txt", "https://x.org/4", extraction(prose(1)), INFO,
        resolve,
    )
    records.take_in(reading(prose(5)), b"v2", "3.txt", "file:/3.txt", extraction(prose(5)), INFO, resolve)
    records.reextract(taken.document_id, taken.text_id, extraction(prose(1), TENANTS, CO_PRODUCTION), NEWER, resolve)
    snapshot = records.snapshot(taken.document_id)
    number = records.decide(Decision(ACCEPT, snapshot.statement_ids[0], who="Ed", version=snapshot.version))
    records.decide(Decision(UNDO, "", who="Ed", undoes=number))
    records.decide(Decision(MERGE, mint("org:nesta"), mint("idea:co-production"), "Ed"))
    records.decide(Decision(WITHDRAW, taken.document_id, who="Ed", why="“quoted”\u2028line"))
    records.enqueue("file:/later", "add")


def content(records: Records) -> dict[str, object]:
    """Everything that can be asked of records."""
    documents = list(records.documents())
    return {
        "documents": documents, "snapshots": [records.snapshot(each.document_id) for each in documents],
        "records": [records.document(each.document_id) for each in documents], "sequence": records.sequence(),
        "changes": records.changes_after(0), "decisions": records.decisions(), "candidates": records.candidates(),
        "originals": {each: records.original(each) for each in records.originals.all()},
        "entries": records.register.entries(), "known": records.known_versions(),
    }


@pytest.fixture
def filled(records: Records) -> Records:
    fill(records)
    return records


@pytest.fixture
def archive(sqlite_records: Records, tmp_path: Path) -> Path:
    fill(sqlite_records)
    path = tmp_path / "backup.zip"
    backup(sqlite_records.database, sqlite_records.originals, path)
    return path


@pytest.fixture
def target(tmp_path: Path) -> Iterator[Records]:
    """Records that do not exist yet."""
    with Records(f"sqlite:///{tmp_path / 'target' / 'records.sqlite'}") as records:
        yield records


def test_a_round_trip_keeps_everything(filled: Records, target: Records, tmp_path: Path) -> None:
    path = tmp_path / "backup.zip"
    made = backup(filled.database, filled.originals, path)
    assert (made.documents, made.originals, made.decisions, made.sequence) == (4, 5, 4, filled.sequence())
    assert restore(target.database, target.originals, path) == made
    assert content(target) == content(filled)
    assert target.epoch() != filled.epoch()  # a graph of the one is no graph of the other
    again = tmp_path / "again.zip"
    backup(target.database, target.originals, again)
    one, two = verify(path), verify(again)
    changed = {name for name in one["members"] if one["members"][name] != two["members"][name]}
    assert changed == {"tables/counters.jsonl"}


def test_restored_records_go_on(filled: Records, address: str, tmp_path: Path) -> None:
    path = tmp_path / "backup.zip"
    backup(filled.database, filled.originals, path)
    sequence = filled.sequence()
    filled.close()
    with Records(address, tmp_path / "originals") as records:
        with pytest.raises(ConflictError, match="not empty"):
            restore(records.database, records.originals, path)
        restore(records.database, records.originals, path, force=True)
    with Records.open(address, tmp_path / "originals") as records:
        assert records.sequence() == sequence
        taken = records.take_in(reading(prose(9)), b"9", "9.txt", "file:/9.txt", extraction(prose(9)), INFO, resolve)
        assert taken.sequence > sequence
        before = records.decisions()[-1].decision_id
        assert records.decide(Decision(MERGE, mint("idea:co-production"), taken_group(records), "Ed")) > before
        assert records.enqueue("file:/new", "add") > 1
        with pytest.raises(RecordsError, match="written once"), records.database.lock() as connection:
            connection.exec_driver_sql("DELETE FROM decisions")


def taken_group(records: Records) -> str:
    """The id of some group of tenants."""
    (found, *_) = records.identities_by_names(["tenants"])["tenants"]
    return found.identity_id


def test_a_backup_is_one_state_while_others_write(filled: Records, target: Records, tmp_path: Path) -> None:
    """Rows that come while the archive is written are not in it, neither half nor whole."""
    path, before = tmp_path / "backup.zip", content(filled)
    written = backup_module._lines

    def lines(*arguments: object) -> Iterator[bytes]:
        for line in written(*arguments):  # type: ignore[arg-type]
            if not late:
                late.append(filled.add_document(reading(prose(20)), b"late", "late.txt", "file:/late.txt").version)
            yield line

    late: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(backup_module, "_lines", lines)
        backup(filled.database, filled.originals, path)
    assert len(late) == 1
    restore(target.database, target.originals, path)
    assert content(target) == before


def test_an_existing_file_is_kept(archive: Path, sqlite_records: Records) -> None:
    before = archive.read_bytes()
    with pytest.raises(ConflictError, match="exists already"):
        backup(sqlite_records.database, sqlite_records.originals, archive)
    assert archive.read_bytes() == before
    backup(sqlite_records.database, sqlite_records.originals, archive, force=True)
    assert verify(archive)["rows"]["documents"] == 4


def test_a_missing_or_damaged_original_stops_the_backup(sqlite_records: Records, tmp_path: Path) -> None:
    fill(sqlite_records)
    path = tmp_path / "backup.zip"
    victim = sqlite_records.originals.path(next(iter(sqlite_records.known_versions())))
    victim.write_bytes(b"other")
    with pytest.raises(RecordsError, match="damaged"):
        backup(sqlite_records.database, sqlite_records.originals, path)
    victim.unlink()
    with pytest.raises(NotFoundError):
        backup(sqlite_records.database, sqlite_records.originals, path)
    assert [each.name for each in tmp_path.glob("backup*")] == []


def test_a_damaged_archive_is_refused_and_nothing_is_touched(archive: Path, target: Records) -> None:
    """Single bytes are changed all over the file; what is still accepted restores to the same records."""
    data, choice = archive.read_bytes(), random.Random(1)
    manifest = verify(archive)
    refused = 0
    for at in choice.sample(range(len(data)), 300):
        damaged = bytearray(data)
        damaged[at] ^= 1 << choice.randrange(8)
        archive.write_bytes(damaged)
        try:
            assert verify(archive) == manifest  # the byte was a time stamp or the like
        except RecordsError:
            refused += 1
    assert refused > 250
    for length in (0, 10, len(data) // 2, len(data) - 1):
        archive.write_bytes(data[:length])
        with pytest.raises(RecordsError, match="damaged"):
            restore(target.database, target.originals, archive)
    assert not Path(target.database.url.database or "").exists()
    assert list(target.originals.all()) == []


def rewritten(archive: Path, change: object) -> None:
    """The archive with its members changed by a function, and valid as a zip."""
    with zipfile.ZipFile(archive) as old:
        members = {name: old.read(name) for name in old.namelist()}
    change(members)  # type: ignore[operator]
    with zipfile.ZipFile(archive, "w") as new:
        for name, data in members.items():
            new.writestr(name, data)


def remanifested(members: dict[str, bytes], **changes: object) -> None:
    members["manifest.json"] = json.dumps(json.loads(members["manifest.json"]) | changes).encode()


@pytest.mark.parametrize(("change", "reason"), [
    (lambda m: m.update({"tables/decisions.jsonl": b""}), "checksum"),
    (lambda m: m.pop("tables/decisions.jsonl"), "does not hold the files"),
    (lambda m: m.update({"../evil": b"x"}), "does not hold the files"),
    (lambda m: m.pop("manifest.json"), "no backup"),
    (lambda m: m.update({"manifest.json": b"{"}), "no backup"),
    (lambda m: m.update({"manifest.json": b"[]"}), "no backup"),
    (lambda m: remanifested(m, form="reform-records-9"), "newer program"),
    (lambda m: remanifested(m, schema="9999"), "newer version"),
    (lambda m: remanifested(m, rows=json.loads(m["manifest.json"])["rows"] | {"documents": 77}), "instead of 77"),
])
def test_an_archive_that_was_tampered_with_is_refused(
    archive: Path, target: Records, change: object, reason: str,
) -> None:
    rewritten(archive, change)
    with pytest.raises(RecordsError, match=reason):
        restore(target.database, target.originals, archive)
    folder = Path(target.database.url.database or "").parent
    assert [each.name for each in folder.glob("records.sqlite*")] == []


def test_an_archive_of_an_older_schema_is_brought_up_to_date(archive: Path, target: Records) -> None:
    def older(members: dict[str, bytes]) -> None:
        del members["tables/identity_words.jsonl"]
        manifest = json.loads(members["manifest.json"])
        for part, name in (("rows", "identity_words"), ("members", "tables/identity_words.jsonl")):
            del manifest[part][name]
        remanifested(members, schema="0001", rows=manifest["rows"])
        members["manifest.json"] = json.dumps(
            json.loads(members["manifest.json"]) | {"members": manifest["members"]}
        ).encode()

    rewritten(archive, older)
    restore(target.database, target.originals, archive)
    with target.database.read() as connection:
        words = connection.exec_driver_sql("SELECT DISTINCT word FROM identity_words").scalars().all()
    assert words == ["nesta"]


def test_what_is_no_archive_is_refused(target: Records, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        restore(target.database, target.originals, tmp_path / "nothing.zip")
    (tmp_path / "text.zip").write_text("no zip")
    with pytest.raises(RecordsError, match="no backup"):
        restore(target.database, target.originals, tmp_path / "text.zip")


def test_records_in_use_are_not_replaced(archive: Path, tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'used' / 'records.sqlite'}"
    with Records.open(address) as used, Records(address) as records:
        used.add_document(reading(prose(30)), b"30", "30.txt", "file:/30.txt")
        with used.database.read() as connection:
            connection.exec_driver_sql("SELECT count(*) FROM documents").scalar()
            with pytest.raises(ConflictError, match="in use"):
                restore(records.database, records.originals, archive, force=True)
        assert len(list(used.documents())) == 1
    with Records.open(address) as records:
        assert len(list(records.documents())) == 1
        with records.database.read() as connection:
            assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"


RESTORES = """
import sys, time
from pathlib import Path
from records import backup, originals
from records.store import Records

def stop(*_, **__):
    print("here")
    time.sleep(60)

moment, address, archive = sys.argv[1:]
setattr(backup, moment, stop)
records = Records(address)
backup.restore(records.database, records.originals, Path(archive), force=True)
if moment == "never":
    stop()
"""


@pytest.mark.parametrize(("moment", "documents"), [
    ("_replace_file", 1), ("_fill", 1), ("_quiesce", 1), ("_sync_file", 1), ("never", 4),
])
def test_a_killed_restore_leaves_the_old_records_or_the_new(
    archive: Path, tmp_path: Path, moment: str, documents: int,
) -> None:
    address = f"sqlite:///{tmp_path / 'old' / 'records.sqlite'}"
    with Records.open(address) as records:
        version = records.add_document(reading(prose(40)), b"40", "40.txt", "file:/40.txt").version
    with child(RESTORES, moment, address, str(archive)) as process:
        assert said(process) == "here"
        process.kill()
    with Records.open(address) as records:
        assert len(list(records.documents())) == documents
        if documents == 1:
            assert records.original(version) == b"40"
            restore(records.database, records.originals, archive, force=True)
            assert len(list(records.documents())) == 4
    assert list(Path(records.database.url.database or "").parent.glob("*.restoring*")) == []
