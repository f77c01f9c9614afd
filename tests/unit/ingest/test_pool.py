# Strategy: real processes and toy tasks that die, hang or take memory. Limits are small, so that
# each test takes a few seconds; what is asserted is who is blamed, why, and that the rest goes on.
from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import psutil
import pytest

from errors import ReformError
from ingest.pool import LocalExecutor, TaskLostError, cores
from tests.unit.ingest import toy_tasks as toy

ROOT = Path(__file__).parents[3]


@pytest.fixture
def executor() -> Iterator[LocalExecutor]:
    with LocalExecutor(2, 60, 1000, toy.prepare, "ready") as opened:
        yield opened


def test_gives_results_of_many_tasks(executor: LocalExecutor) -> None:
    futures = [executor.submit(toy.square, number) for number in range(50)]
    assert [future.result(60) for future in futures] == [number * number for number in range(50)]


def test_prepares_each_process_once(executor: LocalExecutor) -> None:
    answers = [executor.submit(toy.prepared) for _ in range(10)]
    assert {tuple(answer.result(60)) for answer in answers} == {("ready",)}


def test_uses_all_processes_and_no_more(executor: LocalExecutor) -> None:
    pids = [executor.submit(toy.pid, 0.3) for _ in range(8)]
    assert len({pid.result(60) for pid in pids}) == 2
    assert set(executor.pids()) == {pid.result(60) for pid in pids}


def test_starts_no_process_before_the_first_task() -> None:
    with LocalExecutor(2, 60, 1000, toy.prepare, "ready") as executor:
        assert executor.pids() == ()


def test_passes_on_what_a_task_raises(executor: LocalExecutor) -> None:
    with pytest.raises(LookupError, match="no such thing"):
        executor.submit(toy.fail, "no such thing").result(60)
    before = executor.pids()
    assert executor.submit(toy.square, 3).result(60) == 9
    assert set(before) <= set(executor.pids()), "an ordinary error must not cost a process"


def test_a_tasks_own_timeout_is_not_taken_for_the_limit(executor: LocalExecutor) -> None:
    with pytest.raises(TimeoutError, match="socket"):
        executor.submit(toy.time_out).result(60)


def test_blames_the_task_that_kills_its_process_only(executor: LocalExecutor) -> None:
    futures: list[Future[int]] = [executor.submit(toy.square, number) for number in range(5)]
    bad = executor.submit(toy.kill_itself)
    futures += [executor.submit(toy.square, number) for number in range(5, 30)]
    with pytest.raises(TaskLostError, match="died \\(signal 9\\)") as caught:
        bad.result(60)
    assert not caught.value.hung
    assert [future.result(60) for future in futures] == [number * number for number in range(30)]


@pytest.mark.parametrize("task", [toy.hang, toy.hang_deaf])
def test_ends_what_hangs(task: object) -> None:
    with LocalExecutor(1, 1, 1000, toy.prepare, "ready") as executor:
        bad = executor.submit(task)  # type: ignore[arg-type]
        good = executor.submit(toy.square, 4)
        started = time.monotonic()
        with pytest.raises(TaskLostError, match="longer than 1 s") as caught:
            bad.result(60)
        assert caught.value.hung
        assert good.result(60) == 16
        assert time.monotonic() - started < 20


def test_ends_what_floods_its_memory() -> None:
    with LocalExecutor(2, 60, 300, toy.prepare, "ready") as executor:
        bad = executor.submit(toy.flood, 2000)
        good = [executor.submit(toy.square, number) for number in range(10)]
        with pytest.raises(TaskLostError, match="MiB of memory; 300 are allowed"):
            bad.result(60)
        assert [future.result(60) for future in good] == [number * number for number in range(10)]


def test_replaces_a_process_that_kept_too_much() -> None:
    with LocalExecutor(1, 60, 200, toy.prepare, "ready") as executor:
        first = executor.submit(toy.hold, 150).result(60)
        assert executor.submit(toy.pid).result(60) != first
        assert executor.submit(toy.prepared).result(60) == ["ready"]


def test_an_idle_process_that_was_killed_costs_no_task(executor: LocalExecutor) -> None:
    first = executor.submit(toy.pid).result(60)
    for pid in executor.pids():
        os.kill(pid, signal.SIGKILL)
    time.sleep(0.5)
    assert executor.submit(toy.pid).result(60) != first


def test_large_data_goes_both_ways(executor: LocalExecutor) -> None:
    data = os.urandom(1 << 20) * 20
    assert executor.submit(toy.echo, data).result(60) == data


def test_an_error_in_preparing_reaches_the_caller() -> None:
    with (LocalExecutor(1, 60, 1000, toy.refuse, "no model here") as executor,
          pytest.raises(ValueError, match="no model here")):
        executor.submit(toy.square, 2).result(60)


def test_a_process_that_never_starts_is_given_up(tmp_path: Path) -> None:
    log = tmp_path / "starts"
    with (LocalExecutor(1, 60, 1000, toy.die_at_start, str(log)) as executor,
          pytest.raises(ReformError, match="3 attempts")):
        executor.submit(toy.square, 2).result(120)
    assert log.read_text().count("start") == 3


def test_shutdown_ends_busy_processes_at_once(executor: LocalExecutor) -> None:
    busy = [executor.submit(toy.hang) for _ in range(4)]
    while len(executor.pids()) < 2 or not all(future.running() for future in busy[:2]):
        time.sleep(0.05)
    processes = [psutil.Process(pid) for pid in executor.pids()]
    started = time.monotonic()
    executor.shutdown()
    assert time.monotonic() - started < 5
    psutil.wait_procs(processes, timeout=5)
    assert not any(process.is_running() and process.status() != psutil.STATUS_ZOMBIE for process in processes)
    assert all(future.done() for future in busy)
    with pytest.raises(RuntimeError, match="shut down"):
        executor.submit(toy.square, 1)


def test_processes_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    log = tmp_path / "pids"
    script = (
        "from ingest.pool import LocalExecutor\n"
        "from tests.unit.ingest import toy_tasks as toy\n"
        "if __name__ == '__main__':\n"
        f"    executor = LocalExecutor(2, 60, 1000, toy.prepare, 'ready', {str(log)!r})\n"
        "    [executor.submit(toy.hang) for _ in range(2)][0].result()\n"
    )
    (tmp_path / "parent.py").write_text(script)
    parent = subprocess.Popen([sys.executable, tmp_path / "parent.py"], env=os.environ | {"PYTHONPATH": str(ROOT)})
    try:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and not (log.exists() and len(log.read_text().split()) == 2):
            time.sleep(0.1)
        children = [psutil.Process(int(pid)) for pid in log.read_text().split()]
        assert len(children) == 2
    finally:
        parent.kill()
        parent.wait()
    _, alive = psutil.wait_procs(children, timeout=10)
    assert alive == []


def test_cores_are_those_that_may_be_used() -> None:
    assert 1 <= cores() <= (os.cpu_count() or 1)
