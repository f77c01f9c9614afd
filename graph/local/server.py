"""One run of the server: its Java process on a leash, from start to end."""
from __future__ import annotations

import contextlib
import json
import logging
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, LiteralString

import neo4j
import psutil
from neo4j.exceptions import AuthError, DriverError, Neo4jError

from errors import GraphUnavailableError
from graph.local.home import DATABASE, USER, Home, process, start_time, write_private
from graph.local.java import ADMIN_CLASS, MAIN_CLASS, Java

log = logging.getLogger(__name__)

LEASH = Path(__file__).with_name("leash.py")
PORTS_TRIED = 5
SET_UP_SECONDS = 120
ASK_SECONDS = 30
STOP_SECONDS = 30
LEFT_OVER_SECONDS = 20
NOT_FOR_JAVA = ("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS", "CLASSPATH", "NEO4J_", "REFORM_")
# The quick compiler halves the CPU of a start and of the first minutes; the thorough one answers twice as fast in the
# long run, and pays off where a store is large (docs/decisions/0003-local-neo4j.md).
QUICK_COMPILER = "-XX:TieredStopAtLevel=1"
LARGE_STORE_BYTES = 64 * 2**20


@dataclass(frozen=True, slots=True)
class Plan:
    """All that a supervisor needs to know; it is handed over as JSON. No secret is in it."""

    folder: str
    line: str
    java: str
    java_major: int
    jars: tuple[str, ...]
    heap_mb: int
    transaction_mb: int
    idle_seconds: float
    start_seconds: float
    pulse_seconds: float = 5.0
    silent_seconds: float = 60.0  # a server that gives no answer for so long is started anew

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Plan:
        values = json.loads(text)
        return cls(**values | {"jars": tuple(values["jars"])})

    @property
    def home(self) -> Home:
        return Home(Path(self.folder))

    def command(self, main: str, options: tuple[str, ...], *arguments: str) -> list[str]:
        java = Java(Path(self.java), self.java_major)
        return java.command(options, tuple(Path(jar) for jar in self.jars), main, *arguments)


class StartError(GraphUnavailableError):
    """Java ended before it answered; ``port_taken`` where another program has the port."""

    def __init__(self, message: str, port_taken: bool = False) -> None:
        super().__init__(message)
        self.port_taken = port_taken


class PasswordError(GraphUnavailableError):
    """The server answers, but not to the password of its folder."""


@dataclass
class Server:
    """A running (or starting) Java process. ``stop`` or ``kill`` must be called in the end."""

    plan: Plan
    port: int
    leash: subprocess.Popen[str]
    pid: int
    started: float
    log_began: int  # bytes of the server's log before this run
    store_id: str = ""
    version: str = ""
    driver: neo4j.Driver = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.driver = neo4j.GraphDatabase.driver(
            self.uri, auth=(USER, self.plan.home.password()), connection_timeout=5, connection_acquisition_timeout=10,
            max_connection_pool_size=4, telemetry_disabled=True, notifications_min_severity="OFF",
        )

    @property
    def uri(self) -> str:
        return f"bolt://127.0.0.1:{self.port}"

    def ask_store_id(self) -> str:
        """The id of the store, asked over Bolt: one try. Raises what the driver raises."""
        return self.ask("CALL db.info() YIELD id RETURN id")

    def ask_version(self) -> str:
        """The server's version, asked over Bolt: one try. Raises what the driver raises."""
        return self.ask("CALL dbms.components() YIELD name, versions WHERE name = 'Neo4j Kernel' RETURN versions[0]")

    def ask(self, statement: LiteralString) -> str:
        with self.driver.session(database=DATABASE, default_access_mode=neo4j.READ_ACCESS) as session:
            return str(session.run(neo4j.Query(statement, timeout=ASK_SECONDS)).single(strict=True)[0])

    def listens(self) -> bool:
        """Whether this very process has opened its port: the password is told to no other."""
        try:
            sockets = psutil.Process(self.pid).net_connections("tcp")
        except psutil.Error:
            return False
        return any(one.status == psutil.CONN_LISTEN and one.laddr.port == self.port for one in sockets)

    def last_words(self) -> str:
        """Where its logs are and how they end."""
        home = self.plan.home
        return f"The end of its logs in {home.logs}:\n{home.last_words(self.log_began)}"

    @property
    def exit_code(self) -> int | None:
        """The exit code, once Java has ended."""
        return self.leash.poll()

    def memory(self) -> int:
        """Resident memory in bytes; 0 when it is gone."""
        found = process(self.pid, self.started, self.plan.home.java_mark)
        try:
            return int(found.memory_info().rss) if found else 0
        except psutil.Error:
            return 0

    def stop(self) -> None:
        """Ends Java in good order; kills it where that takes too long."""
        self.order("stop")
        self.finish()

    def kill(self) -> None:
        """Ends Java at once; the store stands that."""
        self.order("kill")
        self.finish()

    def order(self, word: str) -> None:
        try:
            assert self.leash.stdin is not None
            self.leash.stdin.write(word + "\n")
            self.leash.stdin.flush()
        except (OSError, ValueError):
            pass  # the leash has ended, and Java with it

    def finish(self) -> None:
        try:
            self.leash.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.leash.kill()
            self.leash.wait()
        for pipe in (self.leash.stdin, self.leash.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        end_left_over(self.plan.home)
        self.driver.close()


def launch(plan: Plan, port: int) -> Server:
    """Starts Java on a port; it does not answer yet."""
    home = plan.home
    home.write_configuration(plan.line, port, plan.transaction_mb)
    if home.console_log.exists():
        home.console_log.replace(home.console_log.with_suffix(".log.1"))
    log_began = home.server_log.stat().st_size if home.server_log.exists() else 0
    compiler = (QUICK_COMPILER,) if home.store_size() < LARGE_STORE_BYTES else ()
    options = ("-Xms64m", f"-Xmx{plan.heap_mb}m", *compiler)
    command = plan.command(MAIN_CLASS[plan.line], options, home.java_mark, f"--config-dir={home.conf}")
    leash = subprocess.Popen(  # noqa: S603 - our own script and the Java that was probed
        [sys.executable, "-I", "-S", str(LEASH), str(home.console_log), *command],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=home.folder, env=environment(home),
    )
    assert leash.stdout is not None
    pid = leash.stdout.readline().strip()
    if not pid.isdigit():
        leash.kill()
        leash.wait()
        raise StartError(f"{plan.java} could not be started; see {home.supervisor_log}")
    try:
        started = start_time(int(pid))
    except psutil.NoSuchProcess:
        started = 0.0
    write_private(home.java_file, json.dumps({"pid": int(pid), "started": started}))
    return Server(plan, port, leash, int(pid), started, log_began)


def environment(home: Home) -> dict[str, str]:
    """What Java sees of the environment: not the user's JVM options, which could undo ours."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(NOT_FOR_JAVA)}
    locale = {"LC_ALL": "C.UTF-8"} if sys.platform.startswith("linux") else {}  # Java reads file names by it
    return kept | locale | {"NEO4J_HOME": str(home.folder), "NEO4J_CONF": str(home.conf)}


def await_answer(server: Server, seconds: float, interrupted: Callable[[], bool]) -> None:
    """Waits until the server answers to its password, and notes store id and version.

    Raises StartError where Java ends or the time is over, PasswordError where the password is not taken.
    """
    home, until, heard = server.plan.home, time.monotonic() + seconds, ""
    while True:
        if interrupted():
            raise StartError("the start was called off")
        if server.exit_code is not None:
            raise StartError(
                f"Neo4j ended before it answered (exit code {server.exit_code}). {server.last_words()}",
                port_taken="PortBindException" in server.last_words(),
            )
        if time.monotonic() > until:
            raise StartError(
                f"Neo4j did not answer within {seconds:.0f} seconds (setting neo4j_start_seconds"
                + (f"; {heard}" if heard else "") + f"). {server.last_words()}"
            )
        if server.listens():
            try:
                server.store_id = server.ask_store_id()
                server.version = server.ask_version()
                return
            except AuthError as problem:
                raise PasswordError(f"the server does not take the password in {home.password_file}") from problem
            except (DriverError, Neo4jError, OSError) as problem:
                heard = f"last heard: {problem}"
        time.sleep(0.1)


def choose_port(wished: int = 0) -> int:
    """A free port on loopback: the wished one if it is free, so that addresses stay good after a restart."""
    for port in (wished, 0):
        with socket.socket() as probe:
            if os.name == "posix":
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # else a port just closed counts as taken
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise StartError("there is no free port on 127.0.0.1")


def start(plan: Plan, interrupted: Callable[[], bool] = lambda: False) -> Server:
    """Starts the server and waits for its first answer; makes a new store where there is none.

    A set-up that was cut short (between password, first start and first answer) is made good here.
    Raises GraphUnavailableError.
    """
    home = plan.home
    home.prepare()
    end_left_over(home)
    if not home.complete_file.exists():
        put_aside(home)
        set_up(plan)
    try:
        server = start_on_some_port(plan, interrupted)
    except PasswordError as problem:
        raise PasswordError(
            f"{problem}. Move {home.folder} away; "
            "`python -m graph rebuild` then derives the graph again from the records."
        ) from problem
    if not home.complete_file.exists():
        write_private(home.complete_file, server.store_id + "\n")
    return server


def put_aside(home: Home) -> None:
    """Moves away what a first start that was cut short left. It never answered anybody, so nothing is lost with it;
    and a start on a half-written store was seen to hang for minutes."""
    if not (home.data / "databases").exists():
        return
    aside = home.folder / "data-put-aside"
    log.warning("the first start was cut short; its store goes to %s", aside)
    shutil.rmtree(aside, ignore_errors=True)
    home.data.replace(aside)
    home.prepare()


def set_up(plan: Plan) -> None:
    """Writes the password and tells it to the server that has not started yet. Raises StartError."""
    home = plan.home
    home.make_password()
    (home.data / "dbms" / "auth.ini").unlink(missing_ok=True)  # maybe half-written
    home.write_configuration(plan.line, choose_port(), plan.transaction_mb)
    order = home.run / "first-password"
    write_private(order, home.password())
    try:
        # The file keeps the password off the command line, which any user of the machine may read.
        done = subprocess.run(  # noqa: S603
            plan.command(ADMIN_CLASS, (QUICK_COMPILER, "-Xmx256m"), "dbms", "set-initial-password", f"@{order}"),
            capture_output=True, text=True, timeout=SET_UP_SECONDS, check=False, stdin=subprocess.DEVNULL,
            cwd=home.folder, env=environment(home),
        )
    except subprocess.TimeoutExpired as problem:
        raise StartError(f"setting the first password took over {SET_UP_SECONDS} seconds") from problem
    finally:
        order.unlink(missing_ok=True)
    if done.returncode != 0:
        raise StartError(f"the first password could not be set: {(done.stderr + done.stdout).strip()[-600:]}")


def start_on_some_port(plan: Plan, interrupted: Callable[[], bool]) -> Server:
    home = plan.home
    try:
        wished = int(home.port_file.read_text("utf-8"))
    except (OSError, ValueError):
        wished = 0
    until = time.monotonic() + plan.start_seconds
    for attempt in range(1, PORTS_TRIED + 1):
        server = launch(plan, choose_port(wished))
        try:
            await_answer(server, until - time.monotonic(), interrupted)
        except BaseException as problem:
            server.kill()
            if isinstance(problem, StartError) and problem.port_taken and attempt < PORTS_TRIED:
                log.warning("port %d was taken in between; choosing another", server.port)
                wished = 0
                continue
            raise
        write_private(home.port_file, str(server.port))
        return server
    raise AssertionError("unreachable")


def end_left_over(home: Home) -> None:
    """Ends a Java that outlived its supervisor: it holds the store's lock."""
    try:
        written: dict[str, Any] = json.loads(home.java_file.read_text("utf-8"))
        java = process(int(written["pid"]), float(written["started"]), home.java_mark)
    except (OSError, ValueError, KeyError):
        return
    if java is not None:
        log.warning("ending the server %d that an earlier supervisor left", java.pid)
        try:
            java.wait(2)  # its leash is ending it
        except psutil.TimeoutExpired:
            try:
                java.terminate()
                java.wait(LEFT_OVER_SECONDS)
            except psutil.TimeoutExpired:
                java.kill()
                java.wait(LEFT_OVER_SECONDS)
            except psutil.NoSuchProcess:
                pass
    home.java_file.unlink(missing_ok=True)
