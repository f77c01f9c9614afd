"""Runs a command and watches the memory of its processes."""
from __future__ import annotations

import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[1]
LOOK_SECONDS = 0.05


@dataclass(slots=True)
class Watched:
    """How long a command took, the processor seconds of it and all processes under it (as last looked at), and
    the most memory (bytes resident) that it and any one process under it had."""

    seconds: float = 0.0
    cpu: dict[int, float] = field(default_factory=dict)
    output: str = ""
    errors: str = ""
    code: int = 0
    main_bytes: int = 0
    child_bytes: int = 0
    _ended: threading.Event = field(default_factory=threading.Event)


def run(arguments: list[str], environment: dict[str, str]) -> Watched:
    """Run ``python`` with arguments from the project's folder, to its end."""
    watched = Watched()
    began = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, *arguments], cwd=ROOT, env=environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:
        watcher = threading.Thread(target=_watch, args=(process.pid, watched), daemon=True)
        watcher.start()
        watched.output, watched.errors = process.communicate()
        watched.code = process.returncode
    watched.seconds = time.perf_counter() - began
    watched._ended.set()
    return watched


def _watch(pid: int, watched: Watched) -> None:
    main = psutil.Process(pid)
    while not watched._ended.wait(LOOK_SECONDS):
        try:
            watched.main_bytes = max(watched.main_bytes, main.memory_info().rss)
            watched.cpu[pid] = cpu_seconds(main)
            for child in main.children(recursive=True):
                watched.child_bytes = max(watched.child_bytes, child.memory_info().rss)
                watched.cpu[child.pid] = cpu_seconds(child)
        except psutil.Error:
            continue


def cpu_seconds(process: psutil.Process) -> float:
    """What a process has used of processors, its ended children left out."""
    times = process.cpu_times()
    return float(times.user + times.system)
