"""The folder of originals: written once, durable, and found damaged where it is."""
# Strategy: real files; a process is killed between the original's write and the commit.
from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path

import pytest

from errors import NotFoundError, RecordsError
from records.intake import Case
from records.originals import INCOMING, LEFT_OVER_SECONDS, Originals
from records.store import Records
from tests.unit.records.collection import INFO, extraction, prose, reading, resolve
from tests.unit.records.processes import child, said


def test_an_original_lies_under_its_hash(tmp_path: Path) -> None:
    originals = Originals(tmp_path / "originals")
    version = originals.write(b"bytes")
    assert version == hashlib.sha256(b"bytes").hexdigest()
    assert (tmp_path / "originals" / version[:2] / version).read_bytes() == b"bytes"
    assert originals.read(version) == b"bytes"
    assert list(originals.all()) == [version]
    assert list((tmp_path / "originals" / INCOMING).iterdir()) == []


def test_an_original_is_not_written_twice(tmp_path: Path) -> None:
    originals = Originals(tmp_path)
    version = originals.write(b"bytes")
    os.utime(originals.path(version), (1, 1))
    assert originals.write(b"bytes") == version
    assert originals.path(version).stat().st_mtime == 1


def test_damage_is_said(tmp_path: Path) -> None:
    originals = Originals(tmp_path)
    version = originals.write(b"bytes")
    originals.path(version).write_bytes(b"bytez")
    with pytest.raises(RecordsError, match="damaged"):
        originals.read(version)
    originals.path(version).write_bytes(b"byt")
    with pytest.raises(RecordsError, match="damaged"):
        originals.write(b"bytes")
    originals.path(version).unlink()
    with pytest.raises(NotFoundError):
        originals.read(version)


@pytest.mark.parametrize("version", ["", "../../etc/passwd", "a" * 63, "A" * 64, "/" * 64])
def test_only_hashes_name_originals(tmp_path: Path, version: str) -> None:
    with pytest.raises(NotFoundError):
        Originals(tmp_path).read(version)


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "originals").write_text("a file, not a folder")
    with pytest.raises(RecordsError, match="cannot be written"):
        Originals(tmp_path / "originals").write(b"bytes")


def test_left_over_files_are_swept_when_they_are_old(tmp_path: Path) -> None:
    originals = Originals(tmp_path)
    originals.write(b"bytes")
    old, new = tmp_path / INCOMING / "old", tmp_path / INCOMING / "new"
    for each in (old, new):
        each.write_bytes(b"half")
    ago = time.time() - LEFT_OVER_SECONDS - 60
    os.utime(old, (ago, ago))
    assert originals.sweep() == 1
    assert (old.exists(), new.exists()) == (False, True)


CRASHES = """
import sys, time
from pathlib import Path
from records import intake, originals
from records.store import Records
from tests.unit.records.collection import INFO, extraction, prose, reading, resolve

def stop(*_, **__):
    print("here")
    time.sleep(60)

moment, folder = sys.argv[1:]
text = prose(1)
records = Records.open(f"sqlite:///{folder}/records.sqlite")
if moment == "while the original is written":
    originals.os.fsync = stop
elif moment == "before the transaction":
    intake.place = stop
elif moment == "before the commit":
    records._taken_in = stop
records.take_in(reading(text), b"original", "a.txt", "file:/a.txt", extraction(text), INFO, resolve)
if moment == "after the commit":
    stop()
"""


@pytest.mark.parametrize(("moment", "expected"), [
    ("while the original is written", Case.NEW_DOCUMENT), ("before the transaction", Case.NEW_DOCUMENT),
    ("before the commit", Case.NEW_DOCUMENT), ("after the commit", Case.KNOWN),
])
def test_a_killed_process_leaves_all_or_nothing(tmp_path: Path, moment: str, expected: Case) -> None:
    with child(CRASHES, moment, str(tmp_path)) as process:
        assert said(process) == "here"
        process.kill()
    with Records.open(f"sqlite:///{tmp_path / 'records.sqlite'}") as records:
        count = 1 if expected is Case.KNOWN else 0
        assert len(list(records.documents())) == count
        assert records.sequence() == count
        with records.database.read() as connection:
            for table in ("versions", "texts", "extractions", "identities", "identity_keys", "appearances", "bands"):
                rows = connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar()
                assert (rows > 0) is (count > 0), table
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        for version in records.originals.all():  # what has a name is whole
            records.original(version)
        text = prose(1)
        taken = records.take_in(reading(text), b"original", "a.txt", "file:/a.txt", extraction(text), INFO, resolve)
        assert taken.case is expected
        assert records.original(taken.version) == b"original"
