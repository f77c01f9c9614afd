"""The process that owns a local server: ``python -m graph.local.supervisor``, one a data folder.

It starts Java, restarts it after a crash, kills it when it does not answer for long or when a client asks for that,
and stops it some seconds after the last client has gone. Clients hold a connection to its loopback socket for as long
as they use the server, so a client that was killed is gone for it too.

The socket speaks JSON lines. The first of a client carries the token of ``run/supervisor.json`` (mode 600). Commands:
``hold`` (count me as a client; answers come until the server runs), ``wait`` (the same without counting), ``status``,
``keep`` (do not stop when idle), ``kill`` (start Java anew), ``stop``.
"""
from __future__ import annotations

import hmac
import json
import logging
import logging.handlers
import os
import secrets
import signal
import sys
import threading
import time
from collections import deque
from typing import Any

from filelock import FileLock, Timeout

from errors import GraphError
from graph.local import server as java_server
from graph.local.control import Client, Control
from graph.local.home import DATABASE, USER, start_time, write_private
from graph.local.pulse import Pulse
from graph.local.server import Plan, Server

log = logging.getLogger(__name__)

TICK_SECONDS = 0.2
TOLD_SECONDS = 5.0
FIRST_LINE_SECONDS = 30.0
CRASHES_ALLOWED = 5
CRASH_WINDOW_SECONDS = 300.0
LONGEST_BACKOFF_SECONDS = 10.0
PREDECESSOR_SECONDS = 60.0
LOG_BYTES, LOGS_KEPT = 1_000_000, 3

STARTING, RUNNING, STOPPING, FAILED = "starting", "running", "stopping", "failed"


class Supervisor:
    """State shared by the main thread (which owns Java) and a thread a client."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.home = plan.home
        self.began = time.time()
        self.token = secrets.token_urlsafe(32)
        self.changed = threading.Condition()
        self.state = STARTING
        self.message = ""
        self.server: Server | None = None
        self.starts = 0  # which run of Java: a client's order to kill names the one it means
        self.holders = 0
        self.kept = False
        self.last_gone = time.monotonic()
        self.orders: deque[tuple[str, str]] = deque()
        self.crashes: deque[float] = deque()

    # What the main thread does

    def run(self) -> int:
        """Until idle, told to stop, or given up; gives the exit code."""
        failures = 0
        try:
            while True:
                try:
                    server = java_server.start(self.plan, self.is_called_off)
                except GraphError as problem:
                    if self.is_called_off():
                        return 0
                    log.error("%s", problem)
                    if self.starts == 0 or self.has_crashed_too_often():
                        self.fail(str(problem))
                        return 1
                else:
                    reason = self.attend(server)
                    if reason in ("idle", "stop", "moved"):
                        with self.changed:
                            self.set_state(STOPPING)
                        log.info("stopping (%s)", reason)
                        if reason == "moved":
                            server.kill()
                        else:
                            server.stop()
                        return 0
                    with self.changed:
                        self.server = None
                        self.set_state(STARTING)
                    log.warning("starting Neo4j anew: %s", reason)
                    server.kill()
                    if reason == "crash":
                        failures += 1
                        log.warning("%s", server.last_words())
                        if self.has_crashed_too_often():
                            self.fail(
                                f"Neo4j crashed {CRASHES_ALLOWED} times within {CRASH_WINDOW_SECONDS:.0f} seconds. "
                                + server.last_words()
                            )
                            return 1
                    else:
                        failures = 0
                self.back_off(failures)
        finally:
            if self.owns_folder():
                self.home.server_file.unlink(missing_ok=True)

    def owns_folder(self) -> bool:
        """Whether the folder still names this supervisor: it may have been deleted, moved away, or made anew."""
        try:
            return bool(json.loads(self.home.supervisor_file.read_text("utf-8"))["token"] == self.token)
        except (OSError, ValueError, KeyError):
            return False

    def leave_folder(self) -> None:
        """Nobody joins from here on."""
        if self.owns_folder():
            self.home.supervisor_file.unlink(missing_ok=True)

    def await_farewell(self) -> None:
        """Gives those who wait for the server the time to hear why there is none."""
        with self.changed:
            self.changed.wait_for(lambda: not self.holders, TOLD_SECONDS)

    def attend(self, server: Server) -> str:
        """Watches a running server; gives why that ends: idle, stop, moved (the folder), crash, or in other words."""
        write_private(self.home.server_file, json.dumps({
            "pid": server.pid, "started": server.started, "uri": server.uri, "store_id": server.store_id,
            "version": server.version, "supervisor": os.getpid(),
        }))
        with self.changed:
            self.starts += 1
            self.server = server
            self.orders = deque(order for order in self.orders if order[0] == "stop")
            self.last_gone = time.monotonic()
            self.set_state(RUNNING)
        log.info("Neo4j %s answers at %s (process %d)", server.version, server.uri, server.pid)
        with Pulse(server) as pulse:
            tick = time.monotonic()
            while True:
                with self.changed:
                    self.changed.wait(TICK_SECONDS)
                    if self.orders:
                        order, reason = self.orders.popleft()
                        return order if order == "stop" else f"asked for: {reason}"
                    idle = time.monotonic() - self.last_gone
                    if not self.holders and not self.kept and idle > self.plan.idle_seconds:
                        self.set_state(STOPPING)  # in the same breath: nobody may join from here on
                        return "idle"
                if server.exit_code is not None:
                    return "crash"
                now = time.monotonic()
                if now - tick > self.plan.silent_seconds / 2:  # the machine slept
                    pulse.forget()
                tick = now
                if not self.owns_folder():
                    return "moved"
                if pulse.wrong_store:
                    return f"another store answers at {server.uri}"
                if pulse.silence() > self.plan.silent_seconds:
                    return f"no answer for {self.plan.silent_seconds:.0f} seconds"

    def back_off(self, failures: int) -> None:
        until = time.monotonic() + min(2.0 ** failures / 4, LONGEST_BACKOFF_SECONDS) if failures else 0.0
        while time.monotonic() < until and not self.is_called_off():
            time.sleep(TICK_SECONDS)

    def has_crashed_too_often(self) -> bool:
        """Notes a crash; whether there were too many in a short time."""
        now = time.monotonic()
        self.crashes.append(now)
        while self.crashes and now - self.crashes[0] > CRASH_WINDOW_SECONDS:
            self.crashes.popleft()
        return len(self.crashes) >= CRASHES_ALLOWED

    def is_called_off(self) -> bool:
        with self.changed:
            return any(order == "stop" for order, _ in self.orders)

    def fail(self, message: str) -> None:
        with self.changed:
            self.message = message
            self.set_state(FAILED)

    def set_state(self, state: str) -> None:
        self.state = state
        self.changed.notify_all()

    # What the clients' threads do

    def serve(self, client: Client) -> None:
        """One client's session, until it goes."""
        orders = client.orders()
        client.connection.settimeout(FIRST_LINE_SECONDS)
        first = next(orders, None)
        client.connection.settimeout(None)
        if first is None or not hmac.compare_digest(str(first.get("token", "")).encode(), self.token.encode()):
            return
        holds = False
        try:
            while True:
                command = first.get("command")
                if command == "hold" and not holds:
                    with self.changed:
                        if self.state not in (STARTING, RUNNING):
                            client.tell(self.account())
                            return
                        holds = True
                        self.holders += 1
                if command in ("hold", "wait"):
                    self.tell_until_settled(client)
                elif command == "status":
                    client.tell(self.account())
                elif command == "keep":
                    with self.changed:
                        self.kept = True
                    client.tell(self.account())
                elif command in ("stop", "kill"):
                    self.take_order(command, first)
                    client.tell(self.account())
                else:
                    client.tell({"state": FAILED, "message": f"unknown command {command!r}"})
                following = next(orders, None)
                if following is None:
                    return
                first = following
        finally:
            if holds:
                with self.changed:
                    self.holders -= 1
                    self.last_gone = time.monotonic()
                    self.changed.notify_all()

    def take_order(self, command: str, words: dict[str, Any]) -> None:
        with self.changed:
            if command == "kill" and (self.state != RUNNING or words.get("run", self.starts) != self.starts):
                return  # the run that is meant has ended already
            self.orders.append((command, str(words.get("reason", ""))[:200]))
            self.set_state(STARTING if command == "kill" else self.state)  # who asked waits for the new run

    def tell_until_settled(self, client: Client) -> None:
        """An account each second until the server runs or never will."""
        while True:
            with self.changed:
                account = self.account()
            client.tell(account)
            if account["state"] != STARTING:
                return
            with self.changed:
                self.changed.wait_for(lambda: self.state_now() != STARTING, 1.0)

    def state_now(self) -> str:
        """The state; a server that has just crashed counts as starting before the main thread has seen it."""
        server = self.server
        return STARTING if self.state == RUNNING and server is not None and server.exit_code is not None else self.state

    def account(self) -> dict[str, Any]:
        """What a client may know; the caller holds the lock or does not mind."""
        account: dict[str, Any] = {
            "state": self.state_now(), "message": self.message, "clients": self.holders, "kept": self.kept,
            "supervisor": os.getpid(), "uptime": time.time() - self.began, "run": self.starts,
        }
        server = self.server
        if server is not None:
            account |= {
                "uri": server.uri, "user": USER, "database": DATABASE, "store_id": server.store_id,
                "version": server.version, "pid": server.pid, "memory": server.memory(),
                "server_uptime": time.time() - server.started,
            }
        return account


def detach() -> None:
    """Leaves the starter: a session of its own, and no child for it to wait for."""
    if sys.platform != "win32" and os.fork():
        os._exit(0)


def set_up_log(plan: Plan) -> None:
    handler = logging.handlers.RotatingFileHandler(plan.home.supervisor_log, maxBytes=LOG_BYTES, backupCount=LOGS_KEPT)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    logging.getLogger("neo4j").setLevel(logging.CRITICAL)  # the pulse says what is wrong


def main() -> int:
    """Reads the plan from standard input, tells ``ready`` on standard output, and supervises."""
    plan = Plan.from_json(sys.stdin.read())
    detach()
    if sys.platform != "win32":
        os.umask(0o077)
    home = plan.home
    home.prepare()
    set_up_log(plan)
    lock = FileLock(home.run / "supervisor.lock")
    try:
        lock.acquire(timeout=PREDECESSOR_SECONDS)
    except Timeout:
        sys.stdout.write(f"another supervisor of {home.folder} does not end\n")
        return 1
    supervisor = Supervisor(plan)
    with lock, Control(supervisor.serve) as control:
        signal.signal(signal.SIGTERM, lambda *_: supervisor.orders.append(("stop", "signal")))
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        threading.Thread(target=control.serve_forever, daemon=True, name="control").start()
        write_private(home.supervisor_file, json.dumps({
            "pid": os.getpid(), "started": start_time(os.getpid()), "port": control.server_address[1],
            "token": supervisor.token,
        }))
        let_go_of_starter(home.supervisor_log)
        try:
            code = supervisor.run()
        except Exception:
            log.exception("the supervisor failed")
            supervisor.fail(f"the local server's supervisor failed; see {home.supervisor_log}")
            code = 1
        finally:
            supervisor.leave_folder()
        if supervisor.state == FAILED:
            supervisor.await_farewell()
        control.shutdown()
    log.info("gone")
    return code


def let_go_of_starter(path: Any) -> None:
    """Tells the starter that the socket is open, and closes the pipes that it holds."""
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    nothing = os.open(os.devnull, os.O_RDWR)
    output = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.dup2(nothing, 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.close(nothing)
    os.close(output)


if __name__ == "__main__":
    code = main()
    logging.shutdown()
    os._exit(code)  # threads of clients and of the pulse may still sit in a read
