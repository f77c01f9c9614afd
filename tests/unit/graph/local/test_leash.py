"""Strategy: the real leash with ``sleep`` or a small script in Java's place; its parents are real and killed."""
from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from graph.local.server import LEASH

Leash = subprocess.Popen[str]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "console.log"


@pytest.fixture
def leashes() -> Iterator[list[Leash]]:
    """Leashes that a test started; ended with what they hold."""
    started: list[Leash] = []
    yield started
    for leash in started:
        leash.kill()
        leash.wait()
        for pipe in (leash.stdin, leash.stdout):
            pipe.close()  # type: ignore[union-attr]


def start(leashes: list[Leash], log: Path, *command: str) -> tuple[Leash, psutil.Process]:
    leash = subprocess.Popen(
        [sys.executable, "-I", "-S", str(LEASH), str(log), *command],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )
    leashes.append(leash)
    return leash, psutil.Process(int(leash.stdout.readline()))  # type: ignore[union-attr]


def is_gone(process: psutil.Process, seconds: float = 10) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            if not process.is_running() or process.status() == psutil.STATUS_ZOMBIE:
                return True
        except psutil.NoSuchProcess:  # it went between the two questions
            return True
        time.sleep(0.02)
    return False


def test_gives_the_exit_code_and_writes_the_log(leashes: list[Leash], log: Path) -> None:
    leash, _ = start(leashes, log, "sh", "-c", "sleep 0.2; echo out; echo err >&2; exit 7")
    assert leash.wait(10) == 7
    assert log.read_text().split() == ["out", "err"]


@pytest.mark.parametrize(("word", "code"), [("stop", 128 + signal.SIGTERM), ("kill", 128 + signal.SIGKILL)])
def test_orders(leashes: list[Leash], log: Path, word: str, code: int) -> None:
    leash, child = start(leashes, log, "sleep", "60")
    leash.stdin.write(word + "\n")  # type: ignore[union-attr]
    leash.stdin.flush()  # type: ignore[union-attr]
    assert leash.wait(10) == code
    assert is_gone(child)


def test_ends_its_child_at_the_end_of_the_pipe(leashes: list[Leash], log: Path) -> None:
    leash, child = start(leashes, log, "sleep", "60")
    leash.stdin.close()  # type: ignore[union-attr]
    assert leash.wait(10) == 128 + signal.SIGTERM
    assert is_gone(child)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux ends a child with its parent")
def test_linux_ends_the_child_of_a_killed_leash(leashes: list[Leash], log: Path) -> None:
    leash, child = start(leashes, log, "sleep", "60")
    leash.kill()
    assert is_gone(child)


PARENT = """
import subprocess, sys, time
leash = subprocess.Popen([sys.executable, "-I", "-S", sys.argv[1], sys.argv[2], "sleep", "60"],
                         stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
print(leash.pid, leash.stdout.readline().strip(), flush=True)
time.sleep(60)
"""


def test_a_killed_parent_takes_leash_and_child_with_it(log: Path) -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT, str(LEASH), str(log)], stdout=subprocess.PIPE, text=True)
    with parent:
        leash, child = (psutil.Process(int(pid)) for pid in parent.stdout.readline().split())  # type: ignore[union-attr]
        parent.kill()
    assert is_gone(child)
    assert is_gone(leash)
