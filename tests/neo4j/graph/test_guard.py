"""Strategy: two files of statements over a small graph. Hostile ones are refused and change nothing; harmless ones, of
the kinds that officers write, pass and are answered. Time bombs are measured; they must not reach the database."""
from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from errors import QueryLimitError, QueryRefusedError
from graph import guard
from graph.picture import take
from graph.project import bring_up_to_date
from graph.reader import Reader
from graph.store import Store
from records.store import Records
from settings import Settings
from tests.collection import take_in

FOLDER = Path(__file__).with_name("statements")
HOSTILE, HARMLESS = (
    (FOLDER / f"{name}.txt").read_text("utf-8").split("\n---\n") for name in ("hostile", "harmless")
)
SYSTEM = "SHOW USERS YIELD user RETURN collect(user)"


def test_the_files_are_read() -> None:
    assert (len(HOSTILE), len(HARMLESS)) == (83, 36)


def test_hostile_statements_are_refused_and_change_nothing(records: Records, store: Store) -> None:
    take_in(records, 0)
    bring_up_to_date(records, store)
    before, users = take(store), store.values(SYSTEM)
    indexes = store.values("SHOW INDEXES YIELD name RETURN collect(name)")
    reader = Reader(store)
    for statement in HOSTILE:
        with pytest.raises(QueryRefusedError):
            pytest.fail(f"answered: {statement}: {reader.ask(statement)}")
    assert take(store) == before
    assert store.values(SYSTEM) == users
    assert store.values("SHOW INDEXES YIELD name RETURN collect(name)") == indexes


def test_read_mode_refuses_what_the_guard_would_miss(store: Store) -> None:
    """Two walls: without the guard, a READ transaction still does not write."""
    for statement in ("CREATE (n:Thing {id: 'x'}) RETURN n", "CREATE INDEX x FOR (n:Thing) ON (n.x)"):
        with pytest.raises(QueryRefusedError):
            store.read(statement)
    assert store.values("MATCH (n:Thing) RETURN n") == []


def test_harmless_statements_are_answered(records: Records, store: Store) -> None:
    for number in range(3):
        take_in(records, number)
    bring_up_to_date(records, store)
    [[id_]] = store.values("MATCH (t:Person) RETURN t.id ORDER BY t.id LIMIT 1")
    reader, answered = Reader(store), 0
    for statement in HARMLESS:
        answer = reader.ask(statement, {"id": id_})
        assert answer.columns, statement
        answered += bool(answer.rows)
    assert answered >= len(HARMLESS) - 8, "most find something in a graph of three documents"


BOMBS = {
    "brackets": "RETURN " + "(" * 1500 + "1" + ")" * 1500,
    "brackets that texts hide": "RETURN " + "'(' + (" * 60 + "1" + ")" * 60,
    "NOT": "RETURN " + "NOT " * 1200 + "true",
    "OR": "MATCH (n) WHERE " + " OR ".join(f"n.a = {number}" for number in range(300)) + " RETURN n",
    "XOR": "RETURN " + " XOR ".join(["true"] * 60),
    "sums": "RETURN " + "1+" * 1600 + "1",
    "texts joined": "RETURN " + "'a'+" * 200 + "'b'",
    "powers": "RETURN 2" + "^1" * 1000,
    "labels": "MATCH (n:" + "!" * 1000 + "Thing) RETURN n",
    "labels and": "MATCH (n:" + "&".join(f"(A{number}|B{number})" for number in range(200)) + ") RETURN n",
    "a chain": "MATCH " + "()--" * 60 + "() RETURN 1",
    "a chain with blanks": "MATCH " + "()- -" * 60 + "() RETURN 1",
    "a chain with comments": "MATCH " + "()-/**/[]-/**/" * 60 + "() RETURN 1",
    "a chain on lines": "MATCH " + "()-\n[]-\n" * 60 + "() RETURN 1",
    "nested EXISTS": "MATCH (a) WHERE " + "EXISTS { MATCH (a)--(b) WHERE " * 20 + "true" + " }" * 20 + " RETURN a",
    "all joined": "MATCH " + ", ".join(f"(a{i})--(a{j})" for i in range(9) for j in range(i)) + " RETURN a1",
    "UNION": " UNION ".join(["RETURN 1 AS a"] * 200),
    "WITH": "WITH 1 AS a " * 300 + "RETURN a",
    "subscripts": "RETURN [1]" + "[0]" * 1200,
    "properties": "RETURN {a: 1}" + ".a" * 2000,
    "length": "RETURN '" + "x" * 6000 + "'",
    "nothing": " \n ",
    "an escape": r"RETURN '\u0041'",
    "a control character": "RETURN '\x00'",
}


@pytest.mark.parametrize("name", BOMBS)
def test_time_bombs_do_not_reach_the_database(name: str) -> None:
    began = time.perf_counter()
    with pytest.raises(QueryRefusedError):
        guard.measure(BOMBS[name])
    assert time.perf_counter() - began < 1


def test_what_is_measured_is_code_not_texts() -> None:
    guard.measure("RETURN '" + "((((" * 100 + "' AS a, \"" + " NOT " * 100 + "\" AS b, `c[[[[` // [[[[[ \n")
    guard.measure("RETURN 'it\\'s (' AS a /* ((( \n ((( */ ")
    assert guard.depth("([{}])") == 3
    assert guard.depth(")))(()") == 2


def test_time_memory_and_rows_are_limited(store: Store, settings: Settings) -> None:
    reader = Reader(store)
    answer = reader.ask("UNWIND range(1, 5000) AS number RETURN number")
    assert (len(answer.rows), answer.truncated) == (settings.read_rows, True)
    began = time.monotonic()
    with pytest.raises(QueryLimitError, match="time limit"):
        store.read("UNWIND range(1, 1000000) AS a UNWIND range(1, 1000000) AS b RETURN count(*)", seconds=1)
    assert time.monotonic() - began < 20
    with pytest.raises(QueryLimitError, match="memory"):
        store.read("UNWIND range(1, 100000000) AS a RETURN collect(toString(a) + ' a long text')", seconds=100)
    assert store.read("RETURN 1 AS one").rows == [{"one": 1}]


def test_a_runaway_expression_costs_only_its_author(neo4j_settings: Settings) -> None:
    """No limit of the server ends a loop in one expression: the watchdog does, and another reader is answered."""
    answers: list[object] = []
    with Store.open(neo4j_settings) as mine, Store.open(neo4j_settings) as theirs:
        def keep_asking() -> None:
            until = time.monotonic() + 15
            while time.monotonic() < until:
                answers.append(theirs.read("RETURN 1 AS one").rows)

        other = threading.Thread(target=keep_asking)
        other.start()
        with pytest.raises(QueryLimitError, match="started anew"):
            mine.read("RETURN reduce(s = 0, x IN range(1, 2000000000) | s + x % 7) AS s", seconds=1, watch=True)
        assert mine.read("RETURN 1 AS one").rows == [{"one": 1}]
        other.join()
        answers.append(theirs.read("RETURN 1 AS one").rows)
    assert answers and all(answer == [{"one": 1}] for answer in answers)
