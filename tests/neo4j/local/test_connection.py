"""Strategy: the session's shared server, as configured by the product; nothing here stops or kills it."""
from __future__ import annotations

from collections.abc import Iterator

import neo4j
import psutil
import pytest
from neo4j.exceptions import AuthError, Neo4jError

from graph.local import Connection, connect
from graph.local.connection import ask_supervisor
from graph.local.jars import read_lock
from settings import Settings
from tests.servers import empty


@pytest.fixture
def session(bare_store: Connection) -> Iterator[neo4j.Session]:
    with (
        neo4j.GraphDatabase.driver(bare_store.uri, auth=(bare_store.user, bare_store.password)) as driver,
        driver.session() as session,
    ):
        yield session


@pytest.fixture
def java(connection: Connection, neo4j_settings: Settings) -> psutil.Process:
    account = ask_supervisor(neo4j_settings.neo4j_folder, "status")
    assert account is not None
    return psutil.Process(account["pid"])


def test_runs_the_version_of_the_lock(session: neo4j.Session, neo4j_line: str) -> None:
    asked = session.run("CALL dbms.components() YIELD name, versions WHERE name = 'Neo4j Kernel' RETURN versions")
    assert asked.value() == [[read_lock(neo4j_line).version]]


def test_a_second_connection_joins_the_same_server(connection: Connection, neo4j_settings: Settings) -> None:
    before = ask_supervisor(neo4j_settings.neo4j_folder, "status")
    with connect(neo4j_settings) as second:
        during = ask_supervisor(neo4j_settings.neo4j_folder, "status")
        assert second == connection
    assert before is not None
    assert during is not None
    assert (during["pid"], during["clients"]) == (before["pid"], before["clients"] + 1)


@pytest.mark.parametrize("auth", [None, ("neo4j", "neo4j"), ("neo4j", "")])
def test_nobody_gets_in_without_the_password(connection: Connection, auth: tuple[str, str] | None) -> None:
    with neo4j.GraphDatabase.driver(connection.uri, auth=auth) as driver, pytest.raises(AuthError):
        driver.execute_query("RETURN 1")


def test_listens_on_loopback_alone_and_on_one_port(connection: Connection, java: psutil.Process) -> None:
    open_ports = {(one.laddr.ip, one.laddr.port) for one in java.net_connections("inet") if one.status == "LISTEN"}
    assert {ip.removeprefix("::ffff:") for ip, _ in open_ports} == {"127.0.0.1"}
    assert {port for _, port in open_ports} == {int(connection.uri.rsplit(":", 1)[1])}


def test_the_password_is_on_no_command_line(connection: Connection, java: psutil.Process) -> None:
    for process in (java, *java.parents()):
        assert connection.password not in " ".join(process.cmdline())


def test_settings_are_those_of_the_product(session: neo4j.Session, neo4j_line: str, neo4j_settings: Settings) -> None:
    expected = {
        "dbms.security.auth_enabled": "true",
        "server.http.enabled": "false",
        "server.https.enabled": "false",
        "dbms.usage_report.enabled": "false",
        "dbms.security.allow_csv_import_from_file_urls": "false",
        "db.memory.transaction.max": f"{neo4j_settings.transaction_mb}.00MiB",
        "db.transaction.timeout": "2m",
        "db.logs.query.enabled": "OFF",
    }
    if neo4j_line == "2026":
        expected |= {"server.fleet_discovery.enabled": "false", "dbms.fleet_manager.enabled": "false"}
    rows = session.run("SHOW SETTINGS YIELD name, value WHERE name IN $names RETURN name, value", names=list(expected))
    assert dict(rows.values()) == expected


@pytest.mark.parametrize("address", ["file:///etc/passwd", "http://127.0.0.1:9/x.csv", "http://[::1]:9/x.csv"])
def test_load_csv_reads_nothing(session: neo4j.Session, address: str) -> None:
    with pytest.raises(Neo4jError, match=r"(?i)cannot load from url|blocked|ExternalResourceFailed"):
        session.run("LOAD CSV FROM $address AS row RETURN row", address=address).consume()


def test_every_kind_of_index(session: neo4j.Session) -> None:
    for statement in (
        "CREATE CONSTRAINT thing_id FOR (n:Thing) REQUIRE n.id IS UNIQUE",
        "CREATE RANGE INDEX thing_name FOR (n:Thing) ON n.name",
        "CREATE TEXT INDEX thing_text FOR (n:Thing) ON n.name",
        "CREATE POINT INDEX place_point FOR (n:Place) ON n.point",
        "CREATE FULLTEXT INDEX search FOR (n:Thing|Document) ON EACH [n.name, n.text] "
        "OPTIONS {indexConfig: {`fulltext.analyzer`: 'english'}}",
        "CREATE FULLTEXT INDEX search_mentions FOR ()-[m:MENTIONS]-() ON EACH [m.text]",
        "CREATE VECTOR INDEX near FOR (n:Thing) ON n.vector "
        "OPTIONS {indexConfig: {`vector.dimensions`: 2, `vector.similarity_function`: 'cosine'}}",
    ):
        session.run(statement).consume()
    session.run("CALL db.awaitIndexes(60)").consume()
    assert set(session.run("SHOW INDEXES YIELD type, state RETURN type + ' ' + state").value()) == {
        f"{kind} ONLINE" for kind in ("LOOKUP", "RANGE", "TEXT", "POINT", "FULLTEXT", "VECTOR")
    }
    session.run(
        "CREATE (:Document {text: 'the reforms'})-[:MENTIONS {text: 'reforming'}]->"
        "(:Thing {id: 'a', name: 'A council', vector: [1.0, 0.0]})"
    ).consume()
    assert session.run("CALL db.index.fulltext.queryNodes('search', 'reform') YIELD node RETURN node.text").value() == [
        "the reforms"
    ]
    found = session.run(
        "CALL db.index.fulltext.queryRelationships('search_mentions', 'reforming') YIELD relationship AS m "
        "RETURN m.text"
    )
    assert found.value() == ["reforming"]
    found = session.run("CALL db.index.vector.queryNodes('near', 1, [1.0, 0.1]) YIELD node RETURN node.id")
    assert found.value() == ["a"]


def test_a_statement_that_grows_is_stopped_and_the_server_stands(session: neo4j.Session) -> None:
    with pytest.raises(Neo4jError, match=r"MemoryPoolOutOfMemory"):
        session.run("UNWIND range(1, 20000000) AS x WITH collect(toString(x)) AS texts RETURN size(texts)").consume()
    assert session.run("RETURN 1").value() == [1]


def test_emptying(connection: Connection, session: neo4j.Session) -> None:
    session.run("CREATE CONSTRAINT thing_id FOR (n:Thing) REQUIRE n.id IS UNIQUE").consume()
    session.run("UNWIND range(1, 100) AS i CREATE (:Thing {id: toString(i)})-[:ABOUT]->(:Idea)").consume()
    empty(connection)
    assert session.run("MATCH (n) RETURN count(n)").value() == [0]
    assert session.run("SHOW CONSTRAINTS YIELD name").value() == ["thing_id"]
    empty(connection, schema=True)
    assert session.run("SHOW CONSTRAINTS YIELD name").value() == []
    assert session.run("SHOW INDEXES YIELD type WHERE type <> 'LOOKUP' RETURN count(*)").value() == [0]
