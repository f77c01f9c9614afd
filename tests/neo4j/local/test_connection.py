"""Strategy: the session's shared server; nothing here stops or kills it."""
from __future__ import annotations

import neo4j
import pytest

from graph.local import Connection


@pytest.fixture
def session(clean_store: Connection):
    with (
        neo4j.GraphDatabase.driver(clean_store.uri, auth=(clean_store.user, clean_store.password)) as driver,
        driver.session() as session,
    ):
        yield session


def test_writes_and_reads(session: neo4j.Session) -> None:
    session.run("CREATE (:Thing {id: 'a'})-[:ABOUT]->(:Thing {id: 'b'})").consume()
    assert session.run("MATCH (:Thing {id: 'a'})-[:ABOUT]->(n) RETURN n.id").value() == ["b"]
