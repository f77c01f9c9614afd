"""A small process between the supervisor and Java: when the supervisor is gone, however it ended, Java ends too.

Run as a script, so that nothing but the standard library is loaded: ``python -I -S leash.py LOG COMMAND...``.
Its standard input is a pipe held by the supervisor. At its end (or on the line ``stop``) Java gets SIGTERM and
after 15 seconds SIGKILL; on the line ``kill`` SIGKILL at once. The first line of its output is Java's process
number, and its exit code is Java's. On Linux the kernel also ends Java when this process is killed.
"""
from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

PATIENCE_SECONDS = 15
PR_SET_PDEATHSIG = 1


def die_with(parent: int) -> Callable[[], None] | None:
    """What the child does before it becomes Java: asks Linux for SIGTERM when this process ends."""
    if not sys.platform.startswith("linux"):
        return None
    library = ctypes.CDLL(None, use_errno=True)  # loaded before the fork

    def ask() -> None:
        library.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:  # it went in between
            os.kill(os.getpid(), signal.SIGTERM)

    return ask


def listen(java: subprocess.Popen[bytes]) -> None:
    """Waits for orders, or for the supervisor's end."""
    for line in sys.stdin.buffer:
        if line.strip() == b"kill":
            java.kill()
            return
        if line.strip() == b"stop":
            break
    end(java)


def end(java: subprocess.Popen[bytes]) -> None:
    java.terminate()
    try:
        java.wait(PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        java.kill()


def main() -> int:
    log, command = Path(sys.argv[1]), sys.argv[2:]
    with log.open("ab", buffering=0) as output:
        # The kernel's signal is tied to the thread that starts the child: this one, which stays to the end.
        java = subprocess.Popen(  # noqa: S603 - the supervisor's own command
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, preexec_fn=die_with(os.getpid()),
        )
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: java.terminate())
    sys.stdout.write(f"{java.pid}\n")
    sys.stdout.flush()
    threading.Thread(target=listen, args=(java,), daemon=True).start()
    code = java.wait()
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    os._exit(code)  # the listening thread still sits in a read
