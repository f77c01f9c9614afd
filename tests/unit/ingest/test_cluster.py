# Strategy: a real Dask scheduler and two real workers on loopback, as processes of their own (each
# worker under its nanny, which replaces it). Tasks kill their worker, hang or work.
from __future__ import annotations

import json
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

import settings
from errors import SettingsError
from ingest import batch
from ingest.cluster import DaskExecutor
from ingest.pool import TaskLostError, open_executor
from ingest.provenance import current_info
from ingest.sources import collect
from tests.unit.ingest import toy_tasks as toy

ROOT = Path(__file__).parents[3]
# Dask's own, none of ours: event loops and sockets that its threads close late at the end of a client.
pytestmark = [pytest.mark.filterwarnings("ignore::ResourceWarning"),
              pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("dask")
    scheduler_file = folder / "scheduler.json"
    environment = os.environ | {
        "PYTHONPATH": str(ROOT), "DASK_TEMPORARY_DIRECTORY": str(folder),
    }
    dask = [sys.executable, "-m", "dask"]
    common = ["--scheduler-file", str(scheduler_file), "--host", "127.0.0.1"]
    started = [subprocess.Popen(
        [*dask, "scheduler", *common, "--port", "0", "--no-dashboard"], env=environment,
        stdout=(folder / "scheduler.log").open("w"), stderr=subprocess.STDOUT)]
    try:
        started += [subprocess.Popen(
            [*dask, "worker", *common, "--nthreads", "1", "--name", f"w{number}", "--no-dashboard",
             "--memory-limit", "1500MiB"], env=environment,
            stdout=(folder / f"worker{number}.log").open("w"), stderr=subprocess.STDOUT) for number in range(2)]
        deadline = time.monotonic() + 60
        while not scheduler_file.exists():
            assert time.monotonic() < deadline, (folder / "scheduler.log").read_text()
            time.sleep(0.1)
        yield json.loads(scheduler_file.read_text())["address"]
    finally:
        for process in reversed(started):
            for child in psutil.Process(process.pid).children(recursive=True):
                child.kill()
            process.kill()
            process.wait()


@pytest.fixture
def executor(address: str) -> Iterator[DaskExecutor]:
    with DaskExecutor(address, 60, toy.prepare, "ready") as opened:
        opened._client.wait_for_workers(2, timeout=60)
        yield opened


def test_the_settings_choose_it(address: str, tmp_path: Path) -> None:
    chosen = settings.load(data_folder=tmp_path, dask_address=address)
    with open_executor(chosen, toy.prepare, "ready") as opened:
        assert isinstance(opened, DaskExecutor)
        assert opened.submit(toy.square, 7).result(60) == 49


def test_gives_results_and_prepares_once(executor: DaskExecutor) -> None:
    futures = [executor.submit(toy.square, number) for number in range(20)]
    assert [future.result(60) for future in futures] == [number * number for number in range(20)]
    assert {tuple(executor.submit(toy.prepared).result(60)) for _ in range(4)} == {("ready",)}
    assert executor.workers == 2


def test_passes_on_what_a_task_raises(executor: DaskExecutor) -> None:
    with pytest.raises(LookupError, match="no such thing"):
        executor.submit(toy.fail, "no such thing").result(60)


def test_a_worker_killed_from_outside_costs_no_task(executor: DaskExecutor) -> None:
    futures: list[Future[int]] = [executor.submit(toy.pid, 0.2) for _ in range(20)]
    victim = executor.submit(toy.pid).result(60)
    os.kill(victim, signal.SIGKILL)
    pids = [future.result(120) for future in futures]
    assert len(pids) == 20


def test_a_task_that_kills_its_workers_is_lost_and_the_rest_goes_on(executor: DaskExecutor) -> None:
    good = [executor.submit(toy.square, number) for number in range(10)]
    bad = executor.submit(toy.kill_itself)
    with pytest.raises(TaskLostError, match="every Dask worker that ran it died"):
        bad.result(180)
    assert [future.result(120) for future in good] == [number * number for number in range(10)]


def test_what_hangs_is_ended(address: str) -> None:
    with DaskExecutor(address, 1, toy.prepare, "ready") as executor:
        executor._client.wait_for_workers(2, timeout=60)
        with pytest.raises(TaskLostError, match="longer than 1 s") as caught:
            executor.submit(toy.hang).result(60)
        assert caught.value.hung
        assert executor.submit(toy.square, 5).result(60) == 25


def test_documents_are_read_and_extracted_though_a_worker_is_killed(address: str, tmp_path: Path) -> None:
    chosen = settings.load(data_folder=tmp_path, dask_address=address)
    wanted = collect([str(ROOT / "samples" / "documents")]).wanted
    with open_executor(chosen, batch.prepare, batch.without_secrets(chosen), current_info(chosen)) as executor:
        names = []
        for work, outcome in batch.run(executor, (source.load(chosen) for source in wanted), len(wanted)):
            assert outcome.error is None
            assert outcome.reading is not None and outcome.extraction is not None and outcome.extraction.mentions
            names.append(work.name)
            if len(names) == 3:
                os.kill(executor.submit(toy.pid).result(60), signal.SIGKILL)
    # Each once; what was with the killed worker, or is slow, gives up its place in the order.
    assert sorted(names) == sorted(source.name for source in wanted)


def test_no_scheduler_is_a_settings_error() -> None:
    DaskExecutor.WAIT_SECONDS, before = 1.0, DaskExecutor.WAIT_SECONDS
    try:
        with pytest.raises(SettingsError, match="no Dask scheduler answers"):
            DaskExecutor("tcp://127.0.0.1:9", 60, toy.prepare, "ready")
    finally:
        DaskExecutor.WAIT_SECONDS = before
