"""Strategy: the whole path over the session's real server, with records in a fresh folder for each test.

Two executors of real extraction processes are shared by the module's tests, since a start costs seconds.
Commands run as processes of their own; what they need to know is in their environment.
"""
from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import settings as settings_module
from graph.local import Connection
from graph.picture import Picture, take
from graph.store import Store
from ingest import batch
from ingest.pool import Executor, open_executor
from ingest.provenance import current_info
from records.store import Records
from settings import ROOT, Settings

SAMPLES = ROOT / "samples" / "documents"


@pytest.fixture(scope="session")
def executor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Executor]:
    settings = settings_module.load(data_folder=tmp_path_factory.mktemp("executor"), workers=2)
    with open_executor(settings, batch.prepare, settings, current_info(settings)) as opened:
        yield opened


@pytest.fixture
def settings(clean_store: Connection, tmp_path: Path) -> Settings:
    return settings_module.load(
        data_folder=tmp_path / "data", neo4j_uri=clean_store.uri, neo4j_user=clean_store.user,
        neo4j_password=clean_store.password, workers=2,
    )


@pytest.fixture
def records(settings: Settings) -> Iterator[Records]:
    with Records.open(settings) as opened:
        yield opened


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    with Store.open(settings) as opened:
        yield opened


@pytest.fixture
def environment(settings: Settings) -> dict[str, str]:
    """For commands: the same data folder and server."""
    return os.environ | {
        "REFORM_DATA_FOLDER": str(settings.data_folder), "REFORM_NEO4J_URI": settings.neo4j_uri,
        "REFORM_NEO4J_PASSWORD": settings.password(), "REFORM_WORKERS": "2",
    }


@pytest.fixture
def command(environment: dict[str, str]) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs ``python -m ingest`` with arguments, to its end."""

    def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "ingest", *map(str, arguments)], cwd=ROOT, env=environment, text=True,
            capture_output=True, timeout=240, check=False,
        )

    return run


@pytest.fixture
def picture(store: Store) -> Callable[[], Picture]:
    """Takes the whole graph, to compare it."""
    return lambda: take(store)
