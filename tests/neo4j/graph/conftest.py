"""Strategy: a store on the session's real server, emptied before each test; records in a fresh folder for each test."""
from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import settings as settings_module
from graph.local import Connection
from graph.store import Store
from records.store import Records
from settings import Settings


@pytest.fixture
def settings(clean_store: Connection, tmp_path: Path) -> Settings:
    """Settings that lead to the session's server by its address."""
    return settings_module.load(
        data_folder=tmp_path / "data", neo4j_uri=clean_store.uri, neo4j_user=clean_store.user,
        neo4j_password=clean_store.password, read_seconds=10,
    )


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    with Store.open(settings) as opened:
        yield opened


@pytest.fixture
def records(settings: Settings) -> Iterator[Records]:
    with Records.open(settings) as opened:
        yield opened
