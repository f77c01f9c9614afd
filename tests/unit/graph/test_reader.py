"""Strategy: query files written for the test; the product's own files are read too, all of them."""
from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from errors import GraphError, NotFoundError
from graph.answer import Answer
from graph.reader import FOLDER, NamedQuery, Parameter, Reader, load_queries, parse_query

HEADER = "// title: Things\n// purpose: Some things.\n"


def query(parameters: str, text: str) -> NamedQuery:
    return parse_query("things", f"{HEADER}// parameters: {parameters}\n{text}\n")


def test_a_header_in_full() -> None:
    found = query(
        'id, kinds: strings (labels, or null), skip: integer = 0, sort (name, date) = "name", down: boolean = false',
        "MATCH (t {id: $id}) WHERE labels(t)[0] IN $kinds OR $down RETURN t ORDER BY $sort SKIP $skip",
    )
    assert (found.name, found.title, found.purpose) == ("things", "Things", "Some things.")
    assert list(found.parameters.values()) == [
        Parameter("id"), Parameter("kinds", "strings", "labels, or null"), Parameter("skip", "integer", "", False, 0),
        Parameter("sort", "any", "name, date", False, "name"), Parameter("down", "boolean", "", False, False),
    ]
    assert found.text.startswith("MATCH")
    filled = found.fill({"id": "x", "kinds": None})
    assert filled == {"id": "x", "kinds": None, "skip": 0, "sort": "name", "down": False}


@pytest.mark.parametrize(("given", "complaint"), [
    ({"id": "x", "colour": 1}, "no parameter colour"), ({}, "needs the parameter id"), ({"id": 5}, "is a string"),
    ({"id": "x", "skip": "1"}, "is a integer"), ({"id": "x", "skip": True}, "is a integer"),
])
def test_parameters_that_do_not_fit(given: dict[str, Any], complaint: str) -> None:
    found = query("id: string, skip: integer = 0", "MATCH (t {id: $id}) RETURN t SKIP $skip")
    with pytest.raises(GraphError, match=complaint):
        found.fill(given)


@pytest.mark.parametrize("content", [
    "RETURN 1", "// title: A\nRETURN 1", HEADER, HEADER + "RETURN $id", HEADER + "// parameters: id\nRETURN 1",
    HEADER + "// parameters: id: colour\nRETURN $id", HEADER + "// parameters: id = {\nRETURN $id",
    HEADER + "// parameters: a b\nRETURN $a",
])
def test_headers_that_do_not_fit(content: str) -> None:
    with pytest.raises(GraphError):
        parse_query("things", content)


def test_every_query_of_the_product_is_read() -> None:
    queries = load_queries()
    assert len(queries) == len(list(FOLDER.glob("*.cypher"))) >= 20
    for name, each in queries.items():
        assert each.name == name
        assert each.purpose.endswith("."), name


class FakeStore:
    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, Any]]] = []

    def read(self, text: str, parameters: dict[str, Any]) -> Answer:
        self.asked.append((text, parameters))
        return Answer(("a",), [{"a": 1}])


def test_the_reader_asks_by_name(tmp_path: Path) -> None:
    store = FakeStore()
    reader = Reader(store)  # type: ignore[arg-type]
    assert reader.read("thing_show", id="x").rows == [{"a": 1}]
    assert store.asked == [(load_queries()["thing_show"].text, {"id": "x"})]
    with pytest.raises(NotFoundError, match="no query"):
        reader.read("nonsense")
    with pytest.raises(GraphError):
        reader.read("thing_show")
    assert len(store.asked) == 1
