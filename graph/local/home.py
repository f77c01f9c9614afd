"""The folder of one local server: configuration, password, logs, store, and what says who runs it."""
from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

USER = "neo4j"
DATABASE = "neo4j"
LINES_SHOWN, LINE_SHOWN = 12, 400
TAIL_BYTES = 20_000
SUPERVISOR_MARK = "graph.local.supervisor"
CLOCK_SLACK = 2.0  # seconds by which the system's account of a process's start may move

# What queries of the product call besides the server's built-in procedures; nothing else may be loaded.
PROCEDURES = (
    "db.awaitIndex", "db.awaitIndexes", "db.index.fulltext.queryNodes", "db.index.fulltext.queryRelationships",
    "db.index.vector.queryNodes", "db.info", "db.labels", "db.propertyKeys", "db.relationshipTypes", "dbms.components",
)


@dataclass(frozen=True, slots=True)
class Home:
    """Paths below ``folder``, which belongs to one server of one line."""

    folder: Path

    @property
    def conf(self) -> Path:
        return self.folder / "conf"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def logs(self) -> Path:
        return self.folder / "logs"

    @property
    def run(self) -> Path:
        return self.folder / "run"

    @property
    def password_file(self) -> Path:
        return self.folder / "password"

    @property
    def complete_file(self) -> Path:
        """Written after the first answer of a new store; without it the set-up was cut short."""
        return self.folder / "set-up-complete"

    @property
    def supervisor_file(self) -> Path:
        """Process, control port and token of the supervisor."""
        return self.run / "supervisor.json"

    @property
    def server_file(self) -> Path:
        """Process, address and store id of the server, from its first answer on."""
        return self.run / "server.json"

    @property
    def java_file(self) -> Path:
        """Process of the server from its start on, so that a left-over one can be ended."""
        return self.run / "java.json"

    @property
    def java_mark(self) -> str:
        """What the server's command line holds, and no other's."""
        return f"--home-dir={self.folder}"

    @property
    def port_file(self) -> Path:
        return self.run / "port"

    @property
    def console_log(self) -> Path:
        return self.logs / "console.log"

    @property
    def supervisor_log(self) -> Path:
        return self.logs / "supervisor.log"

    def prepare(self) -> None:
        """Makes the folders, for the owner alone."""
        for folder in (self.folder, self.conf, self.data, self.logs, self.run, self.folder / "import"):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def password(self) -> str:
        """The password of this folder's server."""
        return self.password_file.read_text("utf-8").strip()

    def make_password(self) -> None:
        """Writes a random password, where there is none yet."""
        if not self.password_file.exists():
            # A letter first: the set-up command takes a leading dash for an option.
            write_private(self.password_file, "p" + secrets.token_urlsafe(32))

    def write_configuration(self, line: str, port: int, transaction_mb: int) -> None:
        """Writes ``neo4j.conf`` anew; all paths in it are relative to the folder, which may be moved."""
        settings = {
            "server.default_listen_address": "127.0.0.1",
            "server.bolt.listen_address": f"127.0.0.1:{port}",
            "server.http.enabled": "false",
            "server.https.enabled": "false",
            "server.directories.data": "data",
            "server.directories.logs": "logs",
            "server.directories.import": "import",
            "server.directories.run": "run",
            "dbms.security.auth_enabled": "true",  # a web page could reach a server without a password
            "dbms.usage_report.enabled": "false",
            "server.memory.pagecache.size": "64m",
            "db.transaction.timeout": "120s",
            "db.memory.transaction.max": f"{transaction_mb}m",
            "dbms.security.procedures.allowlist": ",".join(PROCEDURES),
            "dbms.security.procedures.unrestricted": "",
            "dbms.security.allow_csv_import_from_file_urls": "false",
            "db.logs.query.enabled": "OFF",  # what users ask is nobody's business
            "internal.dbms.cypher_ip_blocklist": "0.0.0.0/0,::/0",  # LOAD CSV reaches no address
            "db.tx_log.preallocate": "false",
            "db.tx_log.rotation.retention_policy": "1 files",
        }
        quiet_period = "internal.dbms.bolt.netty_server_shutdown_quiet_period"  # else a stop takes seconds longer
        quiet_timeout = "internal.dbms.bolt.netty_server_shutdown_timeout"
        if line == "5":
            settings |= {quiet_period: "0", quiet_timeout: "1"}
        else:
            settings |= {f"{quiet_period}_duration": "0s", quiet_timeout: "1s"}
            # They look for other servers in the network, and report to a service.
            settings |= {"server.fleet_discovery.enabled": "false", "dbms.fleet_manager.enabled": "false"}
        rows = "".join(f"{key}={value}\n" for key, value in settings.items())
        write_private(self.conf / "neo4j.conf", "# Written at each start; changes are lost.\n" + rows)

    @property
    def server_log(self) -> Path:
        return self.logs / "neo4j.log"

    def store_size(self) -> int:
        """Bytes of the store, its indexes included."""
        return sum(path.stat().st_size for path in (self.data / "databases" / DATABASE).rglob("*") if path.is_file())

    def last_words(self, since: int = 0) -> str:
        """What the server said last, for an error message: its console, and its log from byte ``since`` on.

        The lines of Java's stack traces are left out, their causes are not; information only where nothing else is.
        """
        lines = [line for line in tail(self.server_log, since) + tail(self.console_log) if line.strip()]
        lines = [line for line in lines if not line.lstrip().startswith(("at ", "..."))]
        errors = [line for line in lines if " INFO " not in line and " WARN " not in line]
        return "\n".join(line[:LINE_SHOWN] for line in (errors or lines)[-LINES_SHOWN:])


def write_private(path: Path, text: str) -> None:
    """Writes a file of mode 600, whole or not at all."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def tail(path: Path, since: int = 0) -> list[str]:
    """The last lines of a file, none from before byte ``since`` (unless it was begun anew)."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(since if since <= size else 0, size - TAIL_BYTES))
            return file.read().decode("utf-8", "replace").splitlines()
    except OSError:
        return []


def read_process_file(path: Path, mark: str) -> dict[str, Any] | None:
    """A file that names a process by ``pid`` and ``started``, if that very process is alive."""
    try:
        written = json.loads(path.read_text("utf-8"))
        return written if process(written["pid"], written["started"], mark) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def process(pid: int, started: float, mark: str) -> psutil.Process | None:
    """The process of that number, if it is the one that was written down: numbers are used again.

    It is, when it began at that time (seconds since 1970). The account of that time moves when the machine's clock is
    set; then ``mark`` in its command line decides.
    """
    try:
        found = psutil.Process(pid)
        if found.status() == psutil.STATUS_ZOMBIE:
            return None
        if abs(found.create_time() - started) <= CLOCK_SLACK or any(mark in word for word in found.cmdline()):
            return found
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        pass
    return None


def start_time(pid: int) -> float:
    """When a process began, in seconds since 1970."""
    return float(psutil.Process(pid).create_time())
