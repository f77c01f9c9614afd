"""``python -m records``: what it prints, and its exit codes."""
# Strategy: the commands in this process through click's runner, one of them as a real process.
from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from records.__main__ import main
from records.decisions import WITHDRAW, Decision
from records.store import Records
from tests.unit.records.collection import INFO, extraction, prose, reading, resolve
from tests.unit.records.processes import ROOT


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("REFORM_DATA_FOLDER", str(tmp_path / "data"))
    return tmp_path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(each) for each in arguments], catch_exceptions=False)


def fill(folder: Path) -> str:
    with Records.open(f"sqlite:///{folder / 'data' / 'records.sqlite'}") as records:
        taken = records.take_in(
            reading(prose(1), title="A title"), b"1", "1.txt", "file:/1.txt", extraction(prose(1)), INFO, resolve,
        )
        records.decide(Decision(WITHDRAW, taken.document_id, who="Ed", why="a test"))
        return taken.document_id


def test_migrate_says_what_it_did(folder: Path) -> None:
    assert run("migrate").output == "The records are now at schema 0002.\n"
    assert run("migrate").output == "The records were already at schema 0002.\n"


def test_documents_are_listed(folder: Path) -> None:
    assert run("documents").output == ""
    document_id = fill(folder)
    assert run("documents").output == f"{document_id}\t2024-05\t120\twithdrawn\tA title\n"


def test_backup_and_restore(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    document_id = fill(folder)
    archive = folder / "backup.zip"
    assert "1 documents, 1 originals, 1 decisions" in run("backup", archive).output
    again = run("backup", archive)
    assert (again.exit_code, "exists already" in again.stderr) == (1, True)
    assert run("backup", archive, "--force").exit_code == 0
    refused = run("restore", archive)
    assert (refused.exit_code, "--force" in refused.stderr) == (1, True)
    monkeypatch.setenv("REFORM_DATA_FOLDER", str(folder / "new"))
    restored = run("restore", archive)
    assert restored.exit_code == 0
    assert "python -m graph rebuild" in restored.output
    assert run("documents").output.startswith(document_id)


def test_decisions_are_written_and_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(folder)
    lines = run("decisions").output
    assert '"kind": "withdraw"' in lines
    (folder / "decisions.jsonl").write_text(lines, "utf-8")
    assert run("decisions", "--load", folder / "decisions.jsonl").output == "0 decisions were added.\n"
    monkeypatch.setenv("REFORM_DATA_FOLDER", str(folder / "new"))
    assert run("decisions", "--load", folder / "decisions.jsonl").output == "1 decisions were added.\n"


def test_errors_are_one_line_with_their_exit_code(folder: Path) -> None:
    missing = run("restore", folder / "nothing.zip")
    assert (missing.exit_code, missing.stderr) == (1, f"Error: there is no file {folder / 'nothing.zip'}\n")
    done = subprocess.run(
        [sys.executable, "-m", "records", "migrate"], capture_output=True, text=True, cwd=ROOT, check=False,
        env={"REFORM_RECORDS_URL": "mysql://x/y", "PATH": ""},
    )
    assert done.returncode == 2
    assert done.stderr == "Error: records_url must be of SQLite or PostgreSQL, not mysql\n"
