"""Strategy: real files in a temporary folder and real processes; no server."""
from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from graph.local.home import Home, process, read_process_file, start_time, tail, write_private


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "server")
    home.prepare()
    return home


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_folders_and_secrets_are_the_owners_alone(home: Home) -> None:
    home.make_password()
    home.write_configuration("2026", 7687, 256)
    assert mode(home.password_file) == mode(home.conf / "neo4j.conf") == 0o600
    assert {mode(path) for path in (home.folder, home.data, home.logs, home.run)} == {0o700}


def test_passwords_are_random_start_with_a_letter_and_stay(home: Home, tmp_path: Path) -> None:
    home.make_password()
    first = home.password()
    home.make_password()
    assert home.password() == first
    other = Home(tmp_path / "other")
    other.prepare()
    other.make_password()
    assert other.password() != first
    assert first[0].isalpha()
    assert len(first) >= 40
    assert not set(first) & set(" #@'\"\\")


@pytest.mark.parametrize("line", ["2026", "5"])
def test_configuration(home: Home, line: str) -> None:
    home.write_configuration(line, 4321, 99)
    text = (home.conf / "neo4j.conf").read_text()
    rows = dict(row.split("=", 1) for row in text.splitlines() if not row.startswith("#"))
    assert rows["server.bolt.listen_address"] == "127.0.0.1:4321"
    assert rows["server.default_listen_address"] == "127.0.0.1"
    assert rows["dbms.security.auth_enabled"] == "true"
    assert rows["db.memory.transaction.max"] == "99m"
    assert rows["dbms.security.allow_csv_import_from_file_urls"] == "false"
    assert (rows.get("server.fleet_discovery.enabled") == "false") is (line == "2026")
    assert str(home.folder) not in text  # it may be moved


def test_private_files_are_whole_or_not_there(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    write_private(path, "one")
    write_private(path, "two")
    assert path.read_text() == "two"
    assert list(tmp_path.iterdir()) == [path]
    with pytest.raises(UnicodeEncodeError):
        write_private(path, "\ud800")
    assert path.read_text() == "two"
    assert list(tmp_path.iterdir()) == [path]


def test_a_process_is_known_by_number_and_start() -> None:
    me = os.getpid()
    assert process(me, start_time(me), "?") is not None
    assert process(me, start_time(me) - 100, "no such word in any command line") is None
    child = subprocess.Popen(
        [sys.executable, "-c", "print(input('up\\n'))", "--mark=here"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        assert child.stdout is not None
        assert child.stdout.readline() == b"up\n"
        # the machine's clock was set in between
        assert process(child.pid, start_time(child.pid) - 100, "--mark=here") is not None
        started = start_time(child.pid)
    finally:
        child.communicate(b"\n")
    assert process(child.pid, started, "--mark=here") is None


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", '{"pid": 1}', '{"pid": "x", "started": 0}', '{"pid": 0, "started": -9}']
)
def test_a_damaged_process_file_names_nobody(tmp_path: Path, text: str) -> None:
    path = tmp_path / "server.json"
    path.write_text(text)
    assert read_process_file(path, "mark") is None
    assert read_process_file(tmp_path / "none.json", "mark") is None


def test_a_process_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "server.json"
    written = {"pid": os.getpid(), "started": start_time(os.getpid()), "port": 5}
    path.write_text(json.dumps(written))
    assert read_process_file(path, "?") == written


def test_last_words_give_causes_and_no_stack(home: Home) -> None:
    old = "2026 ERROR of an earlier run\n"
    home.server_log.write_text(
        old + "2026 INFO Starting...\n2026 ERROR Failed\njava.lang.RuntimeException: no\n\tat a.Main(A.java:1)\n"
        "Caused by: java.net.BindException: taken\n\t... 6 more\n2026 INFO Stopped.\n"
    )
    home.console_log.write_text("\n")
    assert home.last_words(len(old)).splitlines() == [
        "2026 ERROR Failed", "java.lang.RuntimeException: no", "Caused by: java.net.BindException: taken",
    ]
    home.server_log.write_text("2026 INFO Starting...\n")
    assert home.last_words() == "2026 INFO Starting..."


def test_tail_of_a_log_that_was_begun_anew(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_text("a\nb\n")
    assert tail(path, 2) == ["b"]
    assert tail(path, 1000) == ["a", "b"]
    assert tail(tmp_path / "none") == []
