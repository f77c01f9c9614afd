"""Strategy: addresses of one's own server, where nothing is started or asked. The local one: ``tests/neo4j/local``."""
from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from pydantic import SecretStr

import settings as settings_module
from errors import GraphUnavailableError, SettingsError
from graph.local import Connection, connect


@pytest.mark.parametrize(
    "uri", ["bolt://db:7687", "bolt+s://db.example.org", "neo4j://db.example.org:7687", "neo4j+s://x.databases.example.org"]
)
def test_ones_own_server(uri: str, tmp_path: Path) -> None:
    settings = settings_module.load(
        neo4j_uri=uri, neo4j_user="editor", neo4j_password=SecretStr("s3cret"), neo4j_database="reform",
        data_folder=tmp_path / "data", cache_folder=tmp_path / "cache",
    )
    with connect(settings) as connection:
        assert connection == Connection(uri, "editor", "s3cret", "reform")
        assert not connection.is_local
        connection.wait()
        with pytest.raises(GraphUnavailableError, match="your own"):
            connection.kill("no reason")
    assert "s3cret" not in repr(connection)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(dataclasses.FrozenInstanceError):
        connection.uri = "bolt://elsewhere"  # type: ignore[misc]


@pytest.mark.parametrize(
    "uri", ["http://db:7474", "bolt+ssc://db", "neo4j+ssc://db", "db:7687", "bolt://", "file:///etc/passwd", "BOLT ://x"]
)
def test_other_addresses_are_refused(uri: str) -> None:
    with pytest.raises(SettingsError, match="neo4j_uri"):
        connect(settings_module.load(neo4j_uri=uri))


def test_no_password_in_the_address() -> None:
    with pytest.raises(SettingsError, match="neo4j_password"):
        connect(settings_module.load(neo4j_uri="bolt://neo4j:secret@db:7687"))


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file stands where the folder should be")
    with pytest.raises(GraphUnavailableError, match="cannot be prepared"):
        connect(settings_module.load(data_folder=tmp_path / "data"))
