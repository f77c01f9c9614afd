"""Strategy: the real supervisor, control socket and clients in this process; in Java's place a stand-in that answers,
falls silent, crashes or does not start, when a test says so. The real server is in ``tests/neo4j/local``."""
from __future__ import annotations

import json
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from errors import GraphUnavailableError
from graph.local import server as java_server
from graph.local import supervisor as module
from graph.local.connection import Gone, Hold, ask_supervisor
from graph.local.control import Control
from graph.local.home import start_time, write_private
from graph.local.server import Plan, StartError
from graph.local.supervisor import Supervisor


class StandIn:
    """Takes the place of a running server."""

    def __init__(self, plan: Plan, number: int) -> None:
        self.plan, self.number = plan, number
        self.uri, self.port, self.pid, self.started = f"bolt://127.0.0.1:{number}", number, os.getpid(), time.time()
        self.store_id, self.version, self.exit_code = "store", "0", None
        self.ended = ""
        self.answer: Callable[[], str] = lambda: "store"

    def ask_store_id(self) -> str:
        return self.answer()

    def memory(self) -> int:
        return 1

    def last_words(self) -> str:
        return "its last words"

    def stop(self) -> None:
        self.ended = "stopped"

    def kill(self) -> None:
        self.ended = "killed"


class Stage:
    """A supervisor at work, the servers it started and how it ended."""

    def __init__(self, plan: Plan) -> None:
        self.supervisor = Supervisor(plan)
        self.home = plan.home
        self.servers: list[StandIn] = []
        self.fails: list[Exception] = []
        self.may_start = threading.Event()
        self.may_start.set()
        self.code: int | None = None
        self.control = Control(self.supervisor.serve)
        self.threads = [threading.Thread(target=self.control.serve_forever), threading.Thread(target=self.run)]
        write_private(self.home.supervisor_file, json.dumps({
            "pid": os.getpid(), "started": start_time(os.getpid()), "port": self.port, "token": self.supervisor.token,
        }))

    @property
    def port(self) -> int:
        return int(self.control.server_address[1])

    def run(self) -> None:
        self.code = self.supervisor.run()

    def start(self, plan: Plan, interrupted: Callable[[], bool]) -> StandIn:
        while not self.may_start.wait(0.01):
            if interrupted():
                raise StartError("called off")
        if self.fails:
            raise self.fails.pop()
        self.servers.append(StandIn(plan, len(self.servers) + 1))
        return self.servers[-1]

    def join(self) -> Hold:
        return Hold(self.port, self.supervisor.token)

    def until(self, holds: Callable[[], Any]) -> None:
        end = time.monotonic() + 10
        while not holds():
            assert time.monotonic() < end, self.supervisor.account()
            time.sleep(0.01)


Make = Callable[..., Stage]


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    plan = Plan(str(tmp_path), "2026", "java", 25, (), 512, 256, idle_seconds=0.3, start_seconds=9, pulse_seconds=0.05)
    plan.home.prepare()
    return plan


@pytest.fixture
def make(monkeypatch: pytest.MonkeyPatch) -> Iterator[Make]:
    stages: list[Stage] = []
    monkeypatch.setattr(module, "TICK_SECONDS", 0.02)
    monkeypatch.setattr(module, "LONGEST_BACKOFF_SECONDS", 0.02)

    def make(plan: Plan, *fails: Exception) -> Stage:
        stage = Stage(plan)
        stage.fails = list(fails)
        stages.append(stage)
        monkeypatch.setattr(java_server, "start", stage.start)
        for thread in stage.threads:
            thread.start()
        return stage

    yield make
    for stage in stages:
        stage.supervisor.orders.append(("stop", "the test is over"))
        stage.threads[1].join(10)
        stage.control.shutdown()
        stage.control.server_close()


def test_stops_when_the_last_client_has_gone(make: Make, plan: Plan) -> None:
    stage = make(plan)
    first, second = stage.join(), stage.join()
    assert first.until_running()["uri"] == second.until_running()["uri"] == "bolt://127.0.0.1:1"
    assert json.loads(stage.home.server_file.read_text())["store_id"] == "store"
    first.close()
    time.sleep(0.6)
    assert stage.code is None
    second.close()
    left = time.monotonic()
    stage.until(lambda: stage.code == 0)
    assert 0.25 < time.monotonic() - left < 3
    assert stage.servers[0].ended == "stopped"
    assert not stage.home.server_file.exists()


def test_a_kept_server_stays_until_stop(make: Make, plan: Plan) -> None:
    stage = make(plan)
    stage.until(lambda: stage.servers)
    account = ask_supervisor(stage.home.folder, "keep")
    assert account is not None
    assert account["kept"]
    time.sleep(0.6)
    assert stage.code is None
    assert ask_supervisor(stage.home.folder, "stop") is not None
    stage.until(lambda: stage.code == 0)
    assert stage.servers[0].ended == "stopped"


def test_status_does_not_count_as_a_client(make: Make, plan: Plan) -> None:
    stage = make(plan)
    with_client = stage.join()
    with_client.until_running()
    account = ask_supervisor(stage.home.folder, "status")
    assert account is not None
    assert (account["clients"], account["state"], account["memory"]) == (1, "running", 1)
    with_client.close()


def test_a_client_without_the_token_gets_no_word(make: Make, plan: Plan) -> None:
    stage = make(plan)
    for line in (b'{"token": "wrong", "command": "stop"}\n', b"GET / HTTP/1.1\r\n\r\n", b"[]\n", b"x" * 9000 + b"\n"):
        with socket.create_connection(("127.0.0.1", stage.port), timeout=5) as connection:
            connection.sendall(line)
            with suppress(ConnectionResetError):  # it closed with bytes unread
                assert connection.recv(100) == b""
    with closing(Hold(stage.port, "wrong")) as hold, pytest.raises(Gone):
        hold.receive()
    assert stage.code is None
    assert stage.supervisor.holders == 0


def test_a_crash_starts_it_anew(make: Make, plan: Plan) -> None:
    stage = make(plan)
    hold = stage.join()
    hold.until_running()
    stage.servers[0].exit_code = 137  # type: ignore[assignment]
    hold.wait()  # at once: the supervisor itself may not have seen it yet
    assert hold.run == 2
    assert [server.ended for server in stage.servers] == ["killed", ""]
    hold.close()


def test_gives_up_after_many_crashes(make: Make, plan: Plan) -> None:
    stage = make(replace(plan, idle_seconds=60))
    hold = stage.join()
    hold.until_running()

    def crash_all() -> None:
        while stage.code is None:
            for server in stage.servers:
                server.exit_code = 1  # type: ignore[assignment]
            time.sleep(0.01)

    thread = threading.Thread(target=crash_all)
    thread.start()
    thread.join(10)
    assert stage.code == 1
    assert len(stage.servers) == module.CRASHES_ALLOWED
    with closing(hold), pytest.raises(GraphUnavailableError, match=r"5 times within 300 seconds. its last words"):
        hold.wait()


def test_a_first_start_that_fails_is_told_and_not_tried_again(make: Make, plan: Plan) -> None:
    stage = make(plan, StartError("the store is of a later version"))
    with closing(stage.join()) as hold, pytest.raises(GraphUnavailableError, match="of a later version"):
        hold.until_running()
    assert stage.servers == []
    stage.until(lambda: stage.code == 1)


def test_a_client_may_have_it_killed(make: Make, plan: Plan) -> None:
    stage = make(plan)
    first, second = stage.join(), stage.join()
    first.until_running()
    second.until_running()
    first.kill("a statement that does not end")
    assert [server.ended for server in stage.servers] == ["killed", ""]
    second.kill("the same")  # meant the first run, which has gone: the new one is not killed too
    assert [server.ended for server in stage.servers] == ["killed", ""]
    assert second.run == 2
    assert len(stage.supervisor.crashes) == 0
    first.close()
    second.close()


def test_a_silent_server_is_started_anew(make: Make, plan: Plan) -> None:
    stage = make(replace(plan, silent_seconds=0.5))
    hold = stage.join()
    hold.until_running()
    silence = threading.Event()

    def say_nothing() -> str:
        silence.wait(5)
        raise OSError("no answer")

    stage.servers[0].answer = say_nothing
    stage.until(lambda: len(stage.servers) == 2)
    assert stage.servers[0].ended == "killed"
    silence.set()
    hold.wait()
    hold.close()


def test_a_server_with_another_store_is_started_anew(make: Make, plan: Plan) -> None:
    stage = make(plan)
    hold = stage.join()
    hold.until_running()
    stage.servers[0].answer = lambda: "another"
    stage.until(lambda: len(stage.servers) == 2)
    hold.close()


def test_ends_when_its_folder_is_deleted_or_made_anew(make: Make, plan: Plan) -> None:
    stage = make(plan)
    hold = stage.join()
    hold.until_running()
    write_private(stage.home.supervisor_file, json.dumps({"token": "another supervisor's"}))
    stage.until(lambda: stage.code == 0)
    assert stage.servers[0].ended == "killed"
    stage.supervisor.leave_folder()
    assert stage.home.supervisor_file.exists()  # it is the other's
    hold.close()


def test_a_stop_calls_off_a_start(make: Make, plan: Plan) -> None:
    stage = make(plan)
    stage.until(lambda: stage.servers)
    hold = stage.join()
    hold.until_running()
    stage.may_start.clear()
    stage.servers[0].exit_code = 1  # type: ignore[assignment]
    stage.until(lambda: stage.supervisor.state == "starting")
    assert ask_supervisor(stage.home.folder, "stop") is not None
    stage.until(lambda: stage.code == 0)
    hold.close()


def test_nobody_joins_a_server_that_stops(make: Make, plan: Plan) -> None:
    stage = make(plan)
    stage.until(lambda: stage.code == 0)
    with closing(stage.join()) as hold, pytest.raises(Gone):
        hold.until_running()
    assert stage.supervisor.holders == 0


@pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")  # the child only sleeps
def test_a_forked_child_is_no_client() -> None:
    """A worker forked from a client must not keep the server when the client has gone."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        hold = Hold(listener.getsockname()[1], "token")
        peer, _ = listener.accept()
        with peer:
            child = os.fork()
            if child == 0:
                time.sleep(20)
                os._exit(0)
            try:
                peer.settimeout(5)
                assert peer.recv(1000).startswith(b'{"token"')
                hold.close()
                assert peer.recv(1000) == b""
            finally:
                os.kill(child, 9)
                os.waitpid(child, 0)


def test_the_plan_crosses_the_pipe_whole(plan: Plan) -> None:
    changed = replace(plan, jars=("a b.jar", "é.jar"))
    assert Plan.from_json(changed.to_json()) == changed
    assert SimpleNamespace(**json.loads(plan.to_json())).folder == plan.folder
