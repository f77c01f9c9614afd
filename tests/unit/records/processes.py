"""Child processes of the records' tests: what they do until they are done or killed.

Strategy: real interpreters (``python -c``), so that a kill -9 is one; a child says on its standard
output how far it is, and waits there where the test wants to hit it.
"""
from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


@contextmanager
def child(code: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A Python process that runs the code; it is killed at the end if it still runs."""
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        [sys.executable, "-c", code, *arguments], stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True,
        cwd=ROOT, env=environment,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        for stream in (process.stdout, process.stdin):
            if stream is not None:
                stream.close()


def said(process: subprocess.Popen[str]) -> str:
    """The next line of a child; "" when it has ended."""
    assert process.stdout is not None
    return process.stdout.readline().strip()
