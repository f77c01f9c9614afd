"""Small tasks for the executors' tests. They are a module, since other processes import them by name."""
from __future__ import annotations

import os
import signal
import time
from pathlib import Path

PREPARED: list[str] = []


def prepare(word: str, log: str = "") -> None:
    PREPARED.append(word)
    if log:
        with Path(log).open("a") as file:
            file.write(f"{os.getpid()}\n")


def refuse(reason: str) -> None:
    raise ValueError(reason)


def die_at_start(log: str) -> None:
    with Path(log).open("a") as file:
        file.write("start\n")
    os._exit(9)


def prepared() -> list[str]:
    return list(PREPARED)


def square(number: int) -> int:
    return number * number


def pid(seconds: float = 0.0) -> int:
    time.sleep(seconds)
    return os.getpid()


def fail(message: str) -> None:
    raise LookupError(message)


def time_out() -> None:
    raise TimeoutError("a socket's own time was up")


def kill_itself() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def hang() -> None:
    while True:
        time.sleep(1)


def hang_deaf() -> None:
    """Hangs, and does not listen when it is asked to end."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    hang()


def flood(megabytes: int) -> int:
    """Takes memory bit by bit, and uses it."""
    held = []
    for _ in range(megabytes // 10):
        held.append(bytearray(os.urandom(1 << 10) * (10 << 10)))
        time.sleep(0.01)
    time.sleep(30)
    return len(held)


def hold(megabytes: int) -> int:
    """Keeps memory after the task."""
    PREPARED.append("x" * (megabytes << 20))
    return os.getpid()


def echo(data: bytes) -> bytes:
    return data


def once_then_die(marker: str) -> str:
    """Kills its process the first time, and works the second."""
    path = Path(marker)
    if path.exists():
        return "done"
    path.write_text("")
    os.kill(os.getpid(), signal.SIGKILL)
    return "never"
