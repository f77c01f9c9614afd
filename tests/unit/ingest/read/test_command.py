"""``python -m ingest read``: one line a file, one clear line for each bad one, the exit code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from ingest.__main__ import main

TEXT = "Title: Repairs\nAuthor: Amara Osei\nDate: 2016-11\n\nThe council asked forty tenants what a good repair is.\n"


def test_good_and_bad_files_together(tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text(TEXT, "utf-8")
    (tmp_path / "bad.pdf").write_bytes(b"%PDF-1.4 cut")
    output = tmp_path / "found.jsonl"
    files = [str(tmp_path / name) for name in ("good.txt", "bad.pdf", "none.odt")] + [str(tmp_path)]
    result = CliRunner().invoke(main, ["read", *files, "--output", str(output)])
    assert result.exit_code == 1
    assert "bad.pdf: it is truncated" in result.stderr and "none.odt: there is no such file" in result.stderr
    assert f"{tmp_path.name}: it is a folder" in result.stderr and "1 of 4 files read, 3 failed" in result.stderr
    rows = [json.loads(line) for line in output.read_text("utf-8").splitlines()]
    assert [row["file"] for row in rows] == files
    assert rows[0] == {
        "file": files[0],
        "title": "Repairs",
        "authors": ["Amara Osei"],
        "publisher": "",
        "date": "2016-11",
        "text": "The council asked forty tenants what a good repair is.",
        "error": "",
    }
    assert rows[1]["text"] == "" and rows[1]["error"].startswith("it is truncated")


@pytest.mark.parametrize("arguments", [["read"], ["read", "a.txt"], ["read", "--output", "x"]])
def test_what_is_missing_is_said(arguments: list[str]) -> None:
    assert CliRunner().invoke(main, arguments).exit_code == 2


def test_all_good_is_exit_code_0(tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text(TEXT, "utf-8")
    result = CliRunner().invoke(main, ["read", str(tmp_path / "good.txt"), "--output", str(tmp_path / "o.jsonl")])
    assert result.exit_code == 0 and "1 of 1 files read, 0 failed" in result.stderr
