"""How the product reaches Neo4j: one's own server by address, or the local one, which is started and joined here."""
from __future__ import annotations

import json
import logging
import os
import socket
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

from filelock import FileLock

from errors import GraphUnavailableError, SettingsError
from graph.local import jars, java
from graph.local.home import SUPERVISOR_MARK, Home, read_process_file, tail
from graph.local.server import Plan
from settings import ROOT, Settings

log = logging.getLogger(__name__)

SCHEMES = ("bolt", "bolt+s", "neo4j", "neo4j+s")
TRIES = 4
LINES_SHOWN = 12
SOCKET_SECONDS = 30
DETACHED_ON_WINDOWS = 0x00000208  # no console, a process group of its own
Report = Callable[[str, float], None]


@dataclass(frozen=True)
class Connection:
    """Where Neo4j answers and how to log in; keeps the local server alive until it is closed.

    After a restart of the local server (crash, kill) the address stays the same unless another program took the
    port: where it no longer answers, ``connect`` again.
    """

    uri: str
    user: str
    password: str = field(repr=False)
    database: str
    hold: Hold | None = field(default=None, repr=False, compare=False)

    @property
    def is_local(self) -> bool:
        """Whether the server is run here."""
        return self.hold is not None

    def kill(self, reason: str) -> None:
        """Has the local server killed and started anew (for a statement that nothing else stops), and waits
        until it answers again. Nothing that was committed is lost.

        Raises GraphUnavailableError where it does not come up, or where the server is one's own.
        """
        if self.hold is None:
            raise GraphUnavailableError("the server is your own; it is not restarted from here")
        self.hold.kill(reason)

    def wait(self) -> None:
        """Waits while the local server restarts. Raises GraphUnavailableError where it does not come up."""
        if self.hold is not None:
            self.hold.wait()

    def close(self) -> None:
        """Leaves the server; the local one stops some time after the last has left."""
        if self.hold is not None:
            self.hold.close()

    def __enter__(self) -> Connection:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Gone(Exception):  # noqa: N818 - never leaves this module
    """The supervisor stops or has died; another one is needed."""


class Hold:
    """A client's connection to a supervisor. While it is open the server is not stopped for being idle."""

    def __init__(self, port: int, token: str, command: str = "hold") -> None:
        self.mutex = threading.Lock()
        self.run = 0
        try:
            self.socket = socket.create_connection(("127.0.0.1", port), timeout=SOCKET_SECONDS)
        except OSError as problem:
            raise Gone from problem
        self.file = self.socket.makefile("rb")
        try:
            self.send({"token": token, "command": command})
        except Gone:
            self.close()
            raise
        open_holds.add(self)

    def send(self, words: dict[str, Any]) -> None:
        try:
            self.socket.sendall(json.dumps(words).encode() + b"\n")
        except OSError as problem:
            raise Gone from problem

    def receive(self) -> dict[str, Any]:
        """One account of the supervisor's."""
        try:
            line = self.file.readline()
            account = json.loads(line)
        except (OSError, ValueError) as problem:
            raise Gone from problem
        if not isinstance(account, dict):
            raise Gone
        return account

    def ask(self, command: str, **words: Any) -> dict[str, Any]:
        with self.mutex:
            self.send({"command": command, **words})
            return self.receive()

    def until_running(self, report: Report | None = None) -> dict[str, Any]:
        """The account of the running server. Raises Gone where it stops, GraphUnavailableError where it failed."""
        began = time.monotonic()
        while True:
            account = self.receive()
            if account["state"] == "running":
                self.run = account["run"]
                return account
            if account["state"] == "failed":
                raise GraphUnavailableError(account["message"])
            if account["state"] == "stopping":
                raise Gone
            if report:
                report(account["state"], time.monotonic() - began)

    def wait(self) -> None:
        try:
            with self.mutex:
                self.send({"command": "wait"})
                self.until_running()
        except Gone as problem:
            raise GraphUnavailableError("the local server's supervisor has gone; connect again") from problem

    def kill(self, reason: str) -> None:
        try:
            self.ask("kill", reason=reason, run=self.run)
        except Gone as problem:
            raise GraphUnavailableError("the local server's supervisor has gone; connect again") from problem
        self.wait()

    def close(self) -> None:
        open_holds.discard(self)
        try:
            self.file.close()
            self.socket.close()
        except OSError:
            pass


open_holds: weakref.WeakSet[Hold] = weakref.WeakSet()


def close_in_child() -> None:
    """A forked worker must not count as a client: it would keep the server after its parent has gone."""
    for hold in list(open_holds):
        hold.close()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=close_in_child)


def connect(settings: Settings) -> Connection:
    """One's own server where ``settings.neo4j_uri`` names it (nothing is started then, and nothing asked);
    else the local server of the data folder, started where it does not run yet.

    Raises SettingsError for an address or a Java that does not fit, GraphUnavailableError where no server comes up.
    """
    if settings.neo4j_uri:
        return own(settings)
    with Waiting() as waiting:
        hold, account = join(settings, waiting)
    home = Home(settings.neo4j_folder.absolute())
    return Connection(account["uri"], account["user"], home.password(), account["database"], hold)


def own(settings: Settings) -> Connection:
    """The data of one's own server. Raises SettingsError."""
    parts = urlsplit(settings.neo4j_uri)
    if parts.scheme not in SCHEMES or not parts.hostname:
        raise SettingsError(
            f"neo4j_uri: {settings.neo4j_uri!r} is not an address of the kinds "
            + ", ".join(f"{scheme}://" for scheme in SCHEMES)
        )
    if parts.username or parts.password:
        raise SettingsError("neo4j_uri: give the login in neo4j_user and neo4j_password, not in the address")
    return Connection(settings.neo4j_uri, settings.neo4j_user, settings.password(), settings.neo4j_database)


def find_supervisor(home: Home) -> dict[str, Any] | None:
    """Process, port and token of the supervisor of a folder, if it is alive."""
    return read_process_file(home.supervisor_file, SUPERVISOR_MARK)


def join(settings: Settings, report: Report | None = None) -> tuple[Hold, dict[str, Any]]:
    """Joins the supervisor of the data folder, starting one where there is none."""
    home, mended = Home(settings.neo4j_folder.absolute()), False
    for _ in range(TRIES):
        found = find_supervisor(home)
        if found is None:
            start_supervisor(settings, home)
            found = find_supervisor(home)
            if found is None:
                continue  # it failed at once and says why in its log; or it was stopped
        try:
            hold = Hold(found["port"], found["token"])
        except Gone:
            wait_until_gone(home, found)
            continue
        try:
            return hold, hold.until_running(report)
        except Gone:
            hold.close()
            wait_until_gone(home, found)
        except GraphUnavailableError:
            hold.close()
            wait_until_gone(home, found)
            if not mended and (damaged := jars.verify(settings)):
                log.warning("damaged jars: %s; fetching them again", ", ".join(damaged))
                mended = True
                continue
            raise
        except BaseException:
            hold.close()
            raise
    raise GraphUnavailableError(
        f"the local server's supervisor ended again and again. The end of {home.supervisor_log}:\n"
        + "\n".join(tail(home.supervisor_log)[-LINES_SHOWN:])
    )


def wait_until_gone(home: Home, found: dict[str, Any]) -> None:
    """Waits until a supervisor that stops has taken its file away."""
    until = time.monotonic() + SOCKET_SECONDS
    while time.monotonic() < until and find_supervisor(home) == found:
        time.sleep(0.05)


def start_supervisor(settings: Settings, home: Home) -> None:
    """Starts the supervisor, unless another process did so in between. Raises GraphUnavailableError."""
    try:
        home.prepare()
        plan = make_plan(settings, home)
    except OSError as problem:
        raise GraphUnavailableError(f"the local server cannot be prepared: {problem}") from problem
    with FileLock(home.run / "start.lock"):
        if find_supervisor(home) is not None:
            return
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        process = subprocess.Popen(
            [sys.executable, "-m", "graph.local.supervisor"], cwd=home.folder, env=environment, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            start_new_session=os.name == "posix", creationflags=0 if os.name == "posix" else DETACHED_ON_WINDOWS,
        )
        said, complaint = process.communicate(plan.to_json())
        if said.strip() != "ready":
            raise GraphUnavailableError(
                f"the local server's supervisor did not start: {(said + complaint).strip()[-600:]}"
            )


def make_plan(settings: Settings, home: Home) -> Plan:
    """What the supervisor is told; fetches the jars where they are not there yet."""
    program = java.find(settings)
    paths = jars.provide(settings)
    return Plan(
        folder=str(home.folder), line=settings.neo4j_line, java=str(program.path.absolute()), java_major=program.major,
        jars=tuple(str(path.absolute()) for path in paths), heap_mb=settings.neo4j_heap_mb,
        transaction_mb=settings.transaction_mb, idle_seconds=settings.neo4j_idle_seconds,
        start_seconds=settings.neo4j_start_seconds,
    )


class Waiting:
    """Says on a terminal that the server starts and how long that has taken; silent elsewhere."""

    def __init__(self) -> None:
        self.status: Any = None

    def __call__(self, state: str, seconds: float) -> None:
        if self.status is None:
            if not sys.stderr.isatty():
                return
            from rich.console import Console

            self.status = Console(stderr=True).status("")
            self.status.start()
        self.status.update(f"Neo4j is {state} ({seconds:.0f} s)")

    def __enter__(self) -> Waiting:
        return self

    def __exit__(self, *_: object) -> None:
        if self.status is not None:
            self.status.stop()


def ask_supervisor(folder: Path, command: str) -> dict[str, Any] | None:
    """One account of the supervisor of a server folder (status, keep, stop); None where none runs."""
    found = find_supervisor(Home(folder))
    if found is None:
        return None
    try:
        hold = Hold(found["port"], found["token"], command)
    except Gone:
        return None
    try:
        return hold.receive()
    except Gone:
        return None
    finally:
        hold.close()
