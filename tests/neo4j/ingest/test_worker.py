# Strategy: the register, records and graph are real. A worker runs in this process where its leases are
# looked at, and as a process of its own where it is stopped or killed.
from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from errors import ConflictError, GraphUnavailableError
from graph.store import Store
from ingest import run, worker
from ingest.pool import Executor
from ingest.worker import Worker
from records.register import DONE, FAILED, QUEUED, RUNNING, Entry, Register
from records.store import Records
from settings import ROOT, Settings
from tests.neo4j.ingest.conftest import SAMPLES

Command = Callable[..., subprocess.CompletedProcess[str]]
NAMES = ("the-same-carer.txt", "thin-ice.md", "town-hall-can.txt")


@pytest.fixture
def register(records: Records) -> Register:
    return Register(records.database)


class Kept:
    """The session's executor, which a worker's end must not shut down."""

    def __init__(self, executor: Executor) -> None:
        self.executor = executor
        self.workers = executor.workers

    def submit(self, function: Callable[..., Any], /, *arguments: Any) -> Future[Any]:
        return self.executor.submit(function, *arguments)

    def shutdown(self) -> None: ...


@pytest.fixture
def made(records: Records, store: Store, settings: Settings, executor: Executor,
         monkeypatch: pytest.MonkeyPatch) -> Iterator[Worker]:
    monkeypatch.setattr(worker, "open_executor", lambda *_: Kept(executor))
    with Worker(records, store, settings) as opened:
        yield opened


def entry(register: Register, number: int) -> Entry:
    return register.entry(number)


def filenames(store: Store) -> set[str]:
    return {name for (name,) in store.values("MATCH (d:Document) RETURN d.filename")}


def test_works_the_register_off(register: Register, made: Worker, records: Records, store: Store) -> None:
    numbers = [register.enqueue(str(SAMPLES / name)) for name in NAMES]
    bad = register.enqueue(str(SAMPLES / "no-such-file.txt"))
    assert made.run(once=True) == 0
    for number in numbers:
        done = entry(register, number)
        assert (done.state, done.error) == (DONE, "")
        assert done.result.startswith("Documents:  1 new")
        assert records.document(done.document_id).filename in NAMES
    failed = entry(register, bad)
    assert failed.state == FAILED and "no such file" in failed.error
    assert filenames(store) == set(NAMES)
    assert store.sequence() == records.sequence()


def test_a_folder_is_one_entry(register: Register, made: Worker, store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    for name in NAMES:
        shutil.copy(SAMPLES / name, folder / name)
    (folder / "bad.pdf").write_bytes(b"%PDF-1.4 nothing")
    number = register.enqueue(str(folder))
    made.run(once=True)
    closed = entry(register, number)
    assert closed.state == FAILED and "bad.pdf" in closed.error
    assert "3 new" in closed.result and "1 failed" in closed.result
    assert filenames(store) == set(NAMES), "the good ones are in"


def test_refresh_and_reextract_by_document(
    register: Register, made: Worker, records: Records, tmp_path: Path,
) -> None:
    path = tmp_path / "thin-ice.md"
    shutil.copy(SAMPLES / "thin-ice.md", path)
    register.enqueue(str(path))
    made.run(once=True)
    (document,) = records.documents()
    path.write_text(path.read_text("utf-8") + "\n\nA new last paragraph.\n", "utf-8")
    refreshed = register.enqueue(document.document_id, "refresh")
    made.run(once=True)
    assert entry(register, refreshed).result.startswith("Documents:  0 new, 1 changed")
    again = register.enqueue(document.document_id, "reextract")
    made.run(once=True)
    assert entry(register, again).result.startswith("Documents:  0 new, 0 changed, 1 unchanged")


def test_an_unknown_kind_fails(register: Register, made: Worker) -> None:
    number = register.enqueue("x", "dance")
    made.run(once=True)
    closed = entry(register, number)
    assert closed.state == FAILED and "dance" in closed.error


def test_takes_over_what_a_dead_worker_left(register: Register, made: Worker, store: Store) -> None:
    number = register.enqueue(str(SAMPLES / NAMES[0]))
    assert register.claim("dead", 0.2) is not None
    assert made.run(once=True) == 0
    assert entry(register, number).state == RUNNING, "the lease still holds"
    time.sleep(0.3)
    assert made.run(once=True) == 0
    taken = entry(register, number)
    assert (taken.state, taken.attempts) == (DONE, 2)
    assert filenames(store) == {NAMES[0]}


def test_a_lease_is_renewed_while_the_work_lasts(
    register: Register, made: Worker, monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(worker, "LEASE_SECONDS", 0.6)
    monkeypatch.setattr(worker, "RENEW_SECONDS", 0.1)
    number = register.enqueue(str(SAMPLES / NAMES[0]))
    real = made._carry_out

    def slow(one: Entry) -> Any:
        time.sleep(1.5)
        assert register.claim("another", 1) is None
        return real(one)

    monkeypatch.setattr(made, "_carry_out", slow)
    made.run(once=True)
    closed = entry(register, number)
    assert (closed.state, closed.attempts) == (DONE, 1)


def test_a_lost_lease_leaves_the_last_word_to_the_other(
    register: Register, made: Worker, monkeypatch: pytest.MonkeyPatch,
) -> None:
    number = register.enqueue(str(SAMPLES / NAMES[0]))
    real = made._carry_out
    monkeypatch.setattr(worker, "LEASE_SECONDS", 0.05)

    def overtaken(one: Entry) -> Any:
        time.sleep(0.2)
        assert register.claim("another", 60) is not None
        return real(one)

    monkeypatch.setattr(made, "_carry_out", overtaken)
    made._work_on(register.claim(made.owner, 0.05))  # type: ignore[arg-type]
    assert (entry(register, number).state, entry(register, number).owner) == (RUNNING, "another")
    with pytest.raises(ConflictError):
        register.finish(number, made.owner)


def test_a_graph_that_is_away_does_not_fail_the_entry(
    register: Register, made: Worker, records: Records, store: Store, monkeypatch: pytest.MonkeyPatch,
) -> None:
    def away(*_: object) -> int:
        raise GraphUnavailableError("no server answers")

    number = register.enqueue(str(SAMPLES / NAMES[0]))
    with monkeypatch.context() as patched:
        patched.setattr(run, "bring_up_to_date", away)
        made.run(once=True)
    assert entry(register, number).state == DONE
    assert len(list(records.documents())) == 1 and filenames(store) == set()
    made._follow()
    assert filenames(store) == {NAMES[0]}


def start(environment: dict[str, str], *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "ingest", "worker", "--verbose", *arguments], cwd=ROOT, env=environment, text=True,
        stderr=subprocess.PIPE,
    )


def until_claimed(register: Register, process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + 60
    while register.counts()[RUNNING] == 0:
        assert time.monotonic() < deadline and process.poll() is None, process.communicate()[1]
        time.sleep(0.02)


def test_sigterm_finishes_or_gives_back(register: Register, environment: dict[str, str]) -> None:
    for path in sorted(SAMPLES.iterdir())[:8]:
        register.enqueue(str(path))
    with start(environment) as process:
        until_claimed(register, process)
        process.send_signal(signal.SIGTERM)
        began = time.monotonic()
        _, said = process.communicate(timeout=60)
    assert process.returncode == 0, said
    assert time.monotonic() - began < 25
    assert "Traceback" not in said
    counts = register.counts()
    assert counts[RUNNING] == 0 and counts[FAILED] == 0
    assert counts[QUEUED] + counts[DONE] == 8


def test_two_workers_share_and_one_may_be_killed(
    register: Register, environment: dict[str, str], records: Records, store: Store, command: Command,
) -> None:
    paths = sorted(SAMPLES.iterdir())[:8]
    numbers = [register.enqueue(str(path)) for path in paths]
    environment = environment | {"REFORM_WORKERS": "1"}
    with start(environment, "--once") as first, start(environment, "--once") as second:
        until_claimed(register, first)
        os.kill(first.pid, signal.SIGKILL)
        first.communicate(timeout=60)
        _, said = second.communicate(timeout=120)
    assert second.returncode == 0, said
    left = [number for number in numbers if entry(register, number).state != DONE]
    assert len(left) <= 1
    for number in left:  # its lease runs out sooner than a test would wait
        held = entry(register, number)
        register.finish(number, held.owner, QUEUED, "the worker is dead")
    answer = command("worker", "--once")
    assert answer.returncode == 0, answer.stderr
    assert {entry(register, number).state for number in numbers} == {DONE}
    assert filenames(store) == {path.name for path in paths}
    assert store.sequence() == records.sequence()
