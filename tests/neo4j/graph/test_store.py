"""Strategy: what the store promises, over the real server: limits, errors in the product's words, plain values, a clean
end, search terms that never break the parser, and the schema in a new and in an old database."""
from __future__ import annotations

import random
import socket
import string

import pytest

import settings as settings_module
from errors import GraphError, GraphUnavailableError, QueryLimitError, QueryRefusedError
from graph import schema
from graph.local import Connection
from graph.search import make_query
from graph.store import Store
from ontology.model import load
from settings import Settings


def test_an_answer_holds_plain_values(store: Store) -> None:
    store.run("CREATE (a:Thing:Place {id: 'a', name: 'A'})-[:UNDER {x: 1.5}]->(b:Heading {id: 'b'})")
    answer = store.read(
        "MATCH path = (a)-[r:UNDER]->(b) RETURN a, r, path, date('2024-01-02') AS day, [1, {k: null}] AS list, "
        "point({x: 1, y: 2}) AS place, duration('P1D') AS span, true AS yes"
    )
    node = {"labels": ["Place", "Thing"], "properties": {"id": "a", "name": "A"}}
    link = {"type": "UNDER", "start": "a", "end": "b", "properties": {"x": 1.5}}
    assert answer.columns == ("a", "r", "path", "day", "list", "place", "span", "yes")
    [row] = answer.rows
    assert row["a"] == node
    assert row["r"] == link
    assert row["path"] == [node, link, {"labels": ["Heading"], "properties": {"id": "b"}}]
    assert (row["day"], row["list"], row["yes"]) == ("2024-01-02", [1, {"k": None}], True)
    assert row["place"] == {"srid": 7203, "coordinates": [1.0, 2.0]}
    assert row["span"] == "P1D"
    assert 0 < answer.seconds < 60


def test_rows_are_cut_and_the_cut_is_said(store: Store) -> None:
    for number, cut in ((9, False), (10, False), (11, True)):
        answer = store.read("UNWIND range(1, $number) AS n RETURN n", {"number": number}, rows=10)
        assert (len(answer.rows), answer.truncated) == (min(number, 10), cut)
    endless = store.read("UNWIND range(1, 2000000000) AS n RETURN n", rows=10, seconds=5)
    assert (len(endless.rows), endless.truncated) == (10, True), "the loop is left, nothing is waited for"


def test_errors_are_the_products(store: Store) -> None:
    with pytest.raises(QueryRefusedError, match="Invalid input"):
        store.read("MATCH (n RETURN n")
    with pytest.raises(QueryRefusedError):
        store.read("CREATE (n:Thing {id: 'x'})")
    with pytest.raises(QueryRefusedError):
        store.read("RETURN $missing")
    with pytest.raises(QueryRefusedError):
        store.read("RETURN 1 / 0")
    with pytest.raises(QueryLimitError):
        store.read("UNWIND range(1, 10000000) AS a UNWIND range(1, 10000000) AS b RETURN count(*)", seconds=0.5)
    store.run("CREATE (:Thing:Place {id: 'a', name: 'A'})")
    with pytest.raises(GraphError):
        store.run("CREATE (:Thing:Place {id: 'a', name: 'A'})")
    assert store.values("MATCH (t:Thing) RETURN count(t)") == [[1]]


def test_a_write_is_all_or_nothing(store: Store) -> None:
    def half(transaction: object) -> None:
        transaction.run("CREATE (:Thing:Place {id: 'a', name: 'A'})").consume()  # type: ignore[attr-defined]
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        store.write(half)
    assert store.values("MATCH (t:Thing) RETURN t") == []


def test_a_server_that_is_not_there_or_refuses(settings: Settings, connection: Connection) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    away = settings_module.load(data_folder=settings.data_folder, neo4j_uri=f"bolt://127.0.0.1:{port}")
    with pytest.raises(GraphUnavailableError, match="does not answer"):
        Store.open(away)
    wrong = settings_module.load(
        data_folder=settings.data_folder, neo4j_uri=connection.uri, neo4j_password="not the password")
    with pytest.raises(GraphUnavailableError, match="refused the login"):
        Store.open(wrong)


def test_a_reader_survives_a_restart_of_the_server(neo4j_settings: Settings) -> None:
    with Store.open(neo4j_settings) as store:
        assert store.read("RETURN 1 AS one").rows == [{"one": 1}]
        store._connection.kill("a test")
        assert store.read("RETURN 2 AS two").rows == [{"two": 2}]
        assert store.write(lambda transaction: transaction.run("RETURN 3").single(strict=True)[0]) == 3


def test_random_searches_never_break_the_parser(store: Store) -> None:
    """300 texts of what breaks Lucene's parser, in all mixtures; each is answered."""
    store.run("CREATE (:Thing:Place {id: 'a', name: 'Reforming the public services', aliases: ['NHS reform']})")
    choice = random.Random(7)
    pieces = [
        *'+-&|!(){}[]^"~*?:\\/ \t\'<>=@#%;,.', "AND", "OR", "NOT", "TO", "a", "é", "𝔘", "reform", "\0", "0.5", "&&",
        "||",
    ]
    text = "CALL db.index.fulltext.queryNodes('search_things', $query, {limit: 5}) YIELD node RETURN node.id AS id"
    asked = 0
    while asked < 300:
        typed = "".join(choice.choice(pieces) + choice.choice(("", " ")) for _ in range(choice.randint(1, 20)))
        if choice.random() < 0.2:
            typed = "".join(choice.choices(string.printable, k=30))
        if query := make_query(typed):
            store.read(text, {"query": query})
            asked += 1
    for typed in ("reformer", "Refor", "nhs", "public reform AND", "servic", '"reforms', "co-reform"):
        assert store.read(text, {"query": make_query(typed)}).rows == [{"id": "a"}], typed
    for typed in ("hospital", "the"):
        assert store.read(text, {"query": make_query(typed)}).rows == []


def test_a_new_database_gets_the_whole_schema(bare_store: Connection, tmp_path: object) -> None:
    settings = settings_module.load(
        data_folder=tmp_path, neo4j_uri=bare_store.uri, neo4j_password=bare_store.password)
    with Store.open(settings, migrate=False) as store:
        assert schema.version(store) == 0
        with pytest.raises(GraphError, match="no schema"):
            store.remove_document("x")
        assert schema.migrate(store) == schema.VERSION
        assert schema.version(store) == schema.VERSION
        assert schema.migrate(store) == 0
        unique = store.values(
            "SHOW CONSTRAINTS YIELD type, labelsOrTypes, properties RETURN type, labelsOrTypes, properties")
        assert {kind for kind, _, _ in unique} <= {"UNIQUENESS", "NODE_PROPERTY_UNIQUENESS"}
        assert {(labels[0], properties[0]) for _, labels, properties in unique} == set(load().uniqueness)
        indexes = store.values("SHOW INDEXES YIELD name, type, labelsOrTypes, properties, state WHERE type <> 'LOOKUP' "
                               "RETURN name, type, labelsOrTypes, properties, state")
        assert {state for *_, state in indexes} == {"ONLINE"}
        full_text = {name: (set(labels), set(properties)) for name, type_, labels, properties, _ in indexes
                     if type_ == "FULLTEXT"}
        assert full_text == {
            each.name: (set(each.labels), set(each.properties)) for each in load().full_text_indexes.values()}
        ranged = {(labels[0], properties[0]) for _, type_, labels, properties, _ in indexes if type_ == "RANGE"}
        assert ranged >= set(load().indexes)
        assert {("Person", "id"), ("Idea", "id"), ("Contributor", "id")} <= ranged
        assert store.sequence() == 0


def test_a_schema_that_another_program_left_or_that_is_newer_is_not_taken_for_ours(
    bare_store: Connection, tmp_path: object,
) -> None:
    settings = settings_module.load(
        data_folder=tmp_path, neo4j_uri=bare_store.uri, neo4j_password=bare_store.password)
    with Store.open(settings, migrate=False) as store:
        store.run("CREATE INDEX somebody_elses FOR (n:Document) ON (n.year)")
        with pytest.raises(GraphError, match="document_year"):
            schema.migrate(store)
        store.run("DROP INDEX somebody_elses")
        schema.migrate(store)
        store.run("MATCH (state:GraphState) SET state.schema_version = 99")
        with pytest.raises(GraphError, match="newer release"):
            schema.migrate(store)
