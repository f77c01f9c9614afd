"""Where the tests of the records keep their records.

Strategy: real SQLite files in a new folder each; with TEST_POSTGRES_URL (an SQLAlchemy address of a
user who may create databases) the same tests run on a new PostgreSQL database each, and otherwise
the end of the run says that they did not.
"""
from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from records.store import Records

POSTGRES = os.environ.get("TEST_POSTGRES_URL", "")
BACKENDS = ("sqlite", "postgresql") if POSTGRES else ("sqlite",)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not POSTGRES:
        terminalreporter.write_line("NOT TESTED: the records on PostgreSQL (set TEST_POSTGRES_URL to test them)")


@pytest.fixture(params=BACKENDS)
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Address of a database that does not exist yet (SQLite) or is empty (PostgreSQL)."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'records.sqlite'}"
        return
    name = f"reform_test_{uuid.uuid4().hex[:12]}"
    server = create_engine(make_url(POSTGRES).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield make_url(POSTGRES).set(database=name).render_as_string(hide_password=False)
    with server.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    server.dispose()


@pytest.fixture
def records(address: str, tmp_path: Path) -> Iterator[Records]:
    with Records.open(address, tmp_path / "originals") as opened:
        yield opened


@pytest.fixture
def sqlite_records(tmp_path: Path) -> Iterator[Records]:
    with Records.open(f"sqlite:///{tmp_path / 'records.sqlite'}") as opened:
        yield opened
