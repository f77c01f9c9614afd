"""Strategy: the commands as a user calls them, in this process, with settings from the environment."""
from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from rdflib import Graph

from graph.__main__ import main
from graph.picture import take
from graph.store import Store
from ontology.check import check
from records.store import Records
from settings import Settings
from tests.collection import take_in


@pytest.fixture(autouse=True)
def environment(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REFORM_DATA_FOLDER", str(settings.data_folder))
    monkeypatch.setenv("REFORM_NEO4J_URI", settings.neo4j_uri)
    monkeypatch.setenv("REFORM_NEO4J_PASSWORD", settings.password())


def call(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


def test_project_and_rebuild(records: Records, store: Store) -> None:
    for number in range(2):
        take_in(records, number)
    first = call("project")
    assert (first.exit_code, first.stdout[:30]) == (0, "2 documents written to the gra")
    assert call("project").stdout.startswith("0 documents")
    before = take(store)
    assert call("rebuild").stdout.startswith("2 documents")
    assert take(store) == before


def test_export(records: Records, store: Store, tmp_path: Path) -> None:
    take_in(records, 0)
    assert call("project").stdout.startswith("1 document written")
    found = call("export", "--output", str(tmp_path / "graph.ttl"))
    assert found.exit_code == 0
    graph = Graph().parse(tmp_path / "graph.ttl")
    assert found.stdout.startswith(f"{len(graph):,} triples")
    check(graph)
    refused = call("export", "--output", str(tmp_path / "graph.xlsx"))
    assert (refused.exit_code, "error: graph.xlsx" in refused.stderr) == (1, True)


def test_no_server_is_said_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REFORM_NEO4J_URI", "bolt://127.0.0.1:9")
    found = call("project")
    assert found.exit_code == 1
    assert found.stderr.startswith("error: The database does not answer")
    monkeypatch.setenv("REFORM_NEO4J_URI", "http://127.0.0.1:7474")
    found = call("rebuild")
    assert (found.exit_code, found.stderr.startswith("error: neo4j_uri")) == (2, True)
