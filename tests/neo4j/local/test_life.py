"""Strategy: a real server on a data folder of its own, whose processes are killed one by one and all at once.

A start costs some 7 s of CPU, so the tests share the folder (its name has a blank and an accent) and each begins by
joining whatever runs there. The watchdog of a server that this process starts is set to be quick. All runs on the
first line of ``NEO4J_LINES``; what differs between the lines is in ``test_connection.py``.
"""
from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import click.testing
import neo4j
import psutil
import pytest
from neo4j.exceptions import DriverError, Neo4jError

from errors import GraphUnavailableError
from graph.__main__ import main as command_line
from graph.local import Connection, connect, jars
from graph.local import connection as connection_module
from graph.local import server as java_server
from graph.local.connection import ask_supervisor, find_supervisor, make_plan
from graph.local.home import Home
from settings import ROOT, Settings
from tests.servers import LINES, settings_for, stop_server

IDLE_SECONDS = 3.0
SILENT_SECONDS = 15.0

CLIENT = """
import json, os, sys, time
import settings
from graph.local import connect
connection = connect(settings.load())
if "fork" in sys.argv and os.fork() == 0:
    os.close(1)
    time.sleep(100)
    os._exit(0)
print(json.dumps({"uri": connection.uri}), flush=True)
time.sleep(100)
"""


class Life:
    """One data folder and whatever runs there."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.folder = settings.neo4j_folder
        self.home = Home(self.folder)

    def environment(self) -> dict[str, str]:
        chosen = {name: getattr(self.settings, name) for name in (
            "data_folder", "cache_folder", "neo4j_line", "neo4j_idle_seconds", "java_home", "maven_repository"
        )}
        return os.environ | {"PYTHONPATH": str(ROOT)} | {
            f"REFORM_{name.upper()}": str(value) for name, value in chosen.items() if value
        }

    def client(self, *words: str) -> subprocess.Popen[str]:
        """Another process that connects and stays."""
        return subprocess.Popen(
            [sys.executable, "-c", CLIENT, *words], env=self.environment(), stdout=subprocess.PIPE, text=True
        )

    def account(self) -> dict[str, Any]:
        account = ask_supervisor(self.folder, "status")
        assert account is not None
        return account

    def processes(self) -> list[psutil.Process]:
        """Supervisor, leash and Java."""
        account = self.account()
        supervisor = psutil.Process(account["supervisor"])
        found = [supervisor, *supervisor.children(recursive=True)]
        assert [process.pid for process in found[2:]] == [account["pid"]]
        return found

    def javas(self) -> list[int]:
        """Every Java that runs on this folder, whoever started it."""
        return [
            process.pid for process in psutil.process_iter(["cmdline"])
            if self.home.java_mark in (process.info["cmdline"] or []) and "java" in process.info["cmdline"][0]
        ]

    def run(self, **changes: str) -> click.testing.Result:
        """One command of ``python -m graph``."""
        arguments = changes.pop("arguments").split()
        variables = {key: value for key, value in self.environment().items() if key.startswith("REFORM_")}
        return click.testing.CliRunner().invoke(command_line, arguments, env=variables, input=changes.get("text"))


def until(holds: Callable[[], Any], seconds: float = 30) -> float:
    """Waits, and gives how long it took."""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < seconds, "it did not come to that in time"
        time.sleep(0.05)
    return time.monotonic() - began


def ask(connection: Connection, statement: str) -> list[Any]:
    with (
        neo4j.GraphDatabase.driver(connection.uri, auth=(connection.user, connection.password)) as driver,
        driver.session() as session,
    ):
        return session.run(statement).value()  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def quick() -> Iterator[None]:
    """Servers that this process starts have a watchdog of 15 instead of 60 seconds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            connection_module, "make_plan",
            lambda *given: replace(make_plan(*given), pulse_seconds=1.0, silent_seconds=SILENT_SECONDS),
        )
        yield


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory, quick: None) -> Iterator[Life]:
    folder = tmp_path_factory.mktemp("life") / "donnée & graph"
    life = Life(settings_for(LINES[0], folder, neo4j_idle_seconds=IDLE_SECONDS))
    yield life
    stop_server(life.settings)


@pytest.fixture
def connection(life: Life) -> Iterator[Connection]:
    with connect(life.settings) as connection:
        yield connection


@pytest.fixture
def node(connection: Connection, request: pytest.FixtureRequest) -> str:
    """Something committed before the test does its worst."""
    name: str = request.node.name
    ask(connection, f"MERGE (n:Thing {{id: '{name}'}}) RETURN n.id")
    return f"MATCH (n:Thing {{id: '{name}'}}) RETURN count(n)"


def test_processes_that_start_at_once_share_a_server_and_it_stops_when_all_were_killed(life: Life) -> None:
    clients = [life.client(), life.client("fork")]
    try:
        said = [json.loads(client.stdout.readline()) for client in clients]  # type: ignore[union-attr]
        assert said[0] == said[1]
        assert len(life.javas()) == 1
        assert life.account()["clients"] == 2
        processes = life.processes()
        clients[0].kill()
        until(lambda: life.account()["clients"] == 1)
        time.sleep(IDLE_SECONDS + 1)
        assert life.account()["state"] == "running"
        workers = psutil.Process(clients[1].pid).children()
        assert len(workers) == 1  # the forked one, which lives on and is no client
        clients[1].kill()
        took = until(lambda: not any(process.is_running() for process in processes))
        assert IDLE_SECONDS - 0.5 < took < IDLE_SECONDS + 15
        workers[0].kill()
    finally:
        for client in clients:
            client.kill()
            client.communicate()
    assert not life.home.supervisor_file.exists()
    assert not life.home.server_file.exists()


def test_a_stop_ends_it_for_all_and_the_next_start_has_the_data(life: Life, connection: Connection, node: str) -> None:
    result = life.run(arguments="stop")
    assert (result.exit_code, result.stdout) == (0, "Stopped.\n")
    assert "1 clients lose their connection" in result.stderr
    assert life.javas() == []
    with pytest.raises(GraphUnavailableError, match="connect again"):
        connection.wait()
    assert life.run(arguments="status").exit_code == 1
    with connect(life.settings) as again:
        assert again == connection  # port and password too
        assert ask(again, node) == [1]


def test_java_comes_back_after_kill_9(life: Life, connection: Connection, node: str) -> None:
    java = psutil.Process(life.account()["pid"])
    java.kill()
    java.wait()
    until(lambda: life.account()["state"] == "starting")
    connection.wait()
    assert ask(connection, node) == [1]
    assert life.account()["pid"] != java.pid


def test_java_ends_with_its_killed_supervisor_and_the_next_client_starts_anew(
    life: Life, connection: Connection, node: str
) -> None:
    processes = life.processes()
    processes[0].kill()
    took = until(lambda: not any(process.is_running() for process in processes[1:]))
    assert took < 20
    with pytest.raises(GraphUnavailableError, match="connect again"):
        connection.wait()
    with connect(life.settings) as again:
        assert ask(again, node) == [1]


def test_everything_killed_at_once(life: Life, connection: Connection, node: str) -> None:
    for process in life.processes():
        process.kill()
    assert life.home.supervisor_file.exists()  # nothing was cleared away
    with connect(life.settings) as again:
        assert ask(again, node) == [1]
        assert len(life.javas()) == 1


def test_a_left_over_java_is_ended_by_the_next_supervisor(life: Life, connection: Connection, node: str) -> None:
    """Where no kernel ends it (not Linux): leash and supervisor are gone, Java holds the store's lock."""
    supervisor, leash, java = life.processes()
    java.suspend()  # so that it does not hear the kernel's signal
    for process in (supervisor, leash):
        process.kill()
    threading.Timer(1.0, java.resume).start()
    with connect(life.settings) as again:
        assert ask(again, node) == [1]
        assert life.javas() == [life.account()["pid"]] != [java.pid]


def test_a_statement_that_nothing_stops_is_ended_by_kill(life: Life, connection: Connection, node: str) -> None:
    problems: list[Exception] = []

    def run_away() -> None:
        try:
            ask(connection, "RETURN reduce(sum = 0, x IN range(1, 2000000000) | sum + x % 7)")
        except (DriverError, Neo4jError) as problem:
            problems.append(problem)

    before = life.account()["run"]
    thread = threading.Thread(target=run_away)
    thread.start()
    time.sleep(1)
    assert thread.is_alive()
    connection.kill("a statement ran past its limit")
    assert ask(connection, node) == [1]
    assert life.account()["run"] == before + 1
    thread.join(10)
    assert len(problems) == 1


def test_a_java_that_hangs_is_killed_and_started_anew(life: Life, connection: Connection, node: str) -> None:
    java = psutil.Process(life.account()["pid"])
    java.suspend()
    took = until(lambda: not java.is_running(), SILENT_SECONDS + 60)
    assert took > SILENT_SECONDS / 2
    connection.wait()
    assert ask(connection, node) == [1]
    assert "no answer for 15 seconds" in life.home.supervisor_log.read_text()


def test_commands(life: Life, connection: Connection) -> None:
    result = life.run(arguments="start")
    assert result.exit_code == 0
    assert connection.uri in result.output
    until(lambda: life.account()["clients"] == 1)  # the command itself has left
    status = dict(line.split(None, 1) for line in life.run(arguments="status").output.splitlines())
    account = life.account()
    assert status["uri"] == connection.uri
    assert status["pid"] == f"{account['pid']} (supervisor {account['supervisor']})"
    assert status["state"] == "running, kept until stop"
    assert status["clients"] == "1"
    assert 100 < int(status["memory"].split()[0]) < 2000
    result = life.run(arguments="shell", text="RETURN 'a;b' AS x;\nRETURN 2 AS y")
    assert result.exit_code == 0
    assert "a;b" in result.output
    assert "1 rows" in result.output
    refused = life.run(arguments="shell", text="CREATE (:Thing {id: 'from the shell'});")
    assert refused.exit_code == 1
    assert "not allowed" in refused.stderr
    assert ask(connection, "MATCH (n:Thing {id: 'from the shell'}) RETURN count(n)") == [0]
    written = life.run(arguments="shell --write", text="CREATE (:Thing {id: 'from the shell'});")
    assert "nodes created 1" in written.output
    assert ask(connection, "MATCH (n:Thing {id: 'from the shell'}) RETURN count(n)") == [1]


def test_another_port_is_taken_where_the_first_was_lost_in_between(
    life: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop_server(life.settings)
    with socket.socket() as thief:
        thief.bind(("127.0.0.1", 0))
        thief.listen()
        lost, chosen = thief.getsockname()[1], java_server.choose_port()
        ports = iter([lost, chosen])
        monkeypatch.setattr(java_server, "choose_port", lambda wished=0: next(ports))
        server = java_server.start(make_plan(life.settings, life.home))
        try:
            assert server.port == chosen
            assert server.ask_store_id() == server.store_id
        finally:
            server.stop()
        thief.settimeout(0)
        with pytest.raises(BlockingIOError):
            thief.accept()  # the password was offered to nobody else
    assert life.home.port_file.read_text() == str(chosen)


@pytest.fixture
def fresh(tmp_path: Path, quick: None) -> Iterator[Life]:
    life = Life(settings_for(LINES[0], tmp_path / "fresh", neo4j_idle_seconds=IDLE_SECONDS))
    yield life
    stop_server(life.settings)


def kill_all(life: Life) -> None:
    """Kills supervisor, leash, Java and the password command, whatever there is of them."""
    found = find_supervisor(life.home)
    assert found is not None
    supervisor = psutil.Process(found["pid"])
    for process in (supervisor, *supervisor.children(recursive=True)):
        process.kill()
    psutil.wait_procs([supervisor])


def test_a_first_set_up_that_is_cut_short_heals(fresh: Life) -> None:
    """Killed after the password was told, then in the first start; then with a half-written store."""
    for sign in (fresh.home.data / "dbms/auth.ini", fresh.home.data / "databases/neo4j/neostore"):
        client = fresh.client()
        try:
            until(sign.exists, 90)
            kill_all(fresh)
        finally:
            client.kill()
            client.communicate()
        assert not fresh.home.complete_file.exists()
    with connect(fresh.settings) as connection:
        assert ask(connection, "RETURN 1") == [1]
        ask(connection, "CREATE (n:Thing) RETURN 1")
    stop_server(fresh.settings)

    fresh.home.complete_file.unlink()
    (fresh.home.data / "server_id").write_bytes(b"half")
    with connect(fresh.settings) as connection:
        assert ask(connection, "MATCH (n) RETURN count(n)") == [0]
    assert (fresh.folder / "data-put-aside/server_id").read_bytes() == b"half"
    assert fresh.home.complete_file.exists()
    stop_server(fresh.settings)

    # The same damage to a store that was complete is told, and nothing is put aside or deleted.
    (fresh.home.data / "server_id").write_bytes(b"bad")
    with pytest.raises(GraphUnavailableError, match="ended before it answered"):
        connect(fresh.settings)
    assert (fresh.home.data / "server_id").read_bytes() == b"bad"
    assert (fresh.folder / "data-put-aside/server_id").read_bytes() == b"half"


def test_a_damaged_jar_is_fetched_again(life: Life, tmp_path: Path) -> None:
    """The cache is a copy, the repository a folder on loopback that has the whole jar."""
    stop_server(life.settings)
    lock = jars.read_lock(LINES[0])
    name = f"neo4j-kernel-{lock.version}.jar"
    cache = tmp_path / f"neo4j-{lock.version}"
    real = life.settings.cache_folder / cache.name
    shutil.copytree(real / "lib", cache / "lib")
    jars.mark(lock, cache / "complete.json", cache / "lib")
    shelf = tmp_path / f"repository/org/neo4j/neo4j-kernel/{lock.version}"
    shelf.mkdir(parents=True)
    shutil.copy(real / "lib" / name, shelf)
    damaged = cache / "lib" / name
    state = damaged.stat()
    damaged.write_bytes(b"\0" * state.st_size)
    os.utime(damaged, ns=(state.st_atime_ns, state.st_mtime_ns))

    class Quiet(SimpleHTTPRequestHandler):
        def __init__(self, *given: Any) -> None:
            super().__init__(*given, directory=str(tmp_path / "repository"))

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Quiet) as repository:
        threading.Thread(target=repository.serve_forever, daemon=True).start()
        settings = life.settings.model_copy(update={
            "cache_folder": tmp_path, "maven_repository": f"http://127.0.0.1:{repository.server_address[1]}",
        })
        with connect(settings) as connection:
            assert ask(connection, "RETURN 1") == [1]
        repository.shutdown()
    assert damaged.read_bytes() == (real / "lib" / name).read_bytes()
