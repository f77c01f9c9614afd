"""Strategy: the whole path over the session's real server, with records in a fresh folder for each test.

Two executors of real extraction processes are shared by the module's tests, since a start costs seconds.
Commands run as processes of their own; what they need to know is in their environment.
"""
from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import settings as settings_module
from graph.local import Connection
from graph.store import Store
from ingest import batch
from ingest.pool import Executor, open_executor
from records.store import Records
from settings import ROOT, Settings

SAMPLES = ROOT / "samples" / "documents"


@pytest.fixture(scope="session")
def executor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Executor]:
    settings = settings_module.load(data_folder=tmp_path_factory.mktemp("executor"), workers=2)
    with open_executor(settings, batch.prepare, settings) as opened:
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


@dataclass(frozen=True)
class Picture:
    """Everything in the graph, by own ids: what two graphs are compared by."""

    nodes: frozenset[tuple[object, ...]]
    relationships: frozenset[tuple[object, ...]]


NOT_COMPARED = {"GraphState"}


def _frozen(properties: dict[str, object]) -> tuple[object, ...]:
    return tuple(sorted((key, tuple(value) if isinstance(value, list) else value) for key, value in properties.items()))


@pytest.fixture
def picture(store: Store) -> Callable[[], Picture]:
    def take() -> Picture:
        nodes = store.values("MATCH (n) RETURN labels(n), properties(n)")
        relationships = store.values(
            "MATCH (a)-[r]->(b) RETURN a.id, type(r), b.id, labels(a), labels(b), properties(r)")
        return Picture(
            frozenset((tuple(sorted(labels)), _frozen(found)) for labels, found in nodes
                      if not NOT_COMPARED & set(labels)),
            frozenset((start, kind, end, tuple(sorted(starts)), tuple(sorted(ends)), _frozen(found))
                      for start, kind, end, starts, ends, found in relationships),
        )

    return take
