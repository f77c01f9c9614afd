"""Strategy: every named query of the product is run over a small graph, with values that this graph has; a query whose
parameters this test does not know fails, so none goes untested. Plans say that ids are found by their index."""
from __future__ import annotations

from typing import Any

import pytest

from graph.guard import operators
from graph.project import bring_up_to_date
from graph.reader import FOLDER, NamedQuery, Reader, load_queries
from graph.search import make_query
from graph.store import Store
from records.store import Records
from tests.collection import take_in

QUERIES = load_queries()
# Queries that start from everything, by their nature
WHOLE = {
    "collection_state", "counts_by_label", "document_count", "document_list", "idea_evidence", "home_specimen",
    "thing_count", "thing_list",
}
EMPTY = {"search_headings", "home_specimen"}  # what they look for is not among what is made up here
SCANS = {"AllNodesScan", "NodeByLabelScan", "DirectedAllRelationshipsScan", "UndirectedAllRelationshipsScan"}
PICK = """
MATCH (d:Document)<-[:PART_OF]-(:Passage)<-[:IN_PASSAGE]-(s:Evidence)-[:MADE_BY]->(c:Contributor)
WHERE EXISTS { (c)<-[:MENTIONS]-() } AND EXISTS { (d)-[:WRITTEN_BY]->() } AND EXISTS { (c)<-[:SUBJECT|OBJECT]-() }
MATCH (s)-[:ABOUT]->(i:Idea)
RETURN d.id AS document, s.id AS statement, c.id AS thing, i.id AS idea,
       COLLECT { MATCH (t:Thing) RETURN t.id } AS things
ORDER BY document, statement LIMIT 1
"""


@pytest.fixture
def picked(records: Records, store: Store) -> dict[str, Any]:
    """A graph of six documents, and the ids of a document, a statement in it, its contributor and its idea."""
    for number in range(6):
        take_in(records, number)
    bring_up_to_date(records, store)
    return store.read(PICK).rows[0]


def values_for(query: NamedQuery, picked: dict[str, Any]) -> dict[str, Any]:
    """A value for each parameter, by its name and the query's."""
    subject = query.name.partition("_")[0]
    known: dict[str, Any] = {
        "id": picked[subject if subject in picked else "thing"], "ids": picked["things"],
        "start": picked["thing"], "end": picked["idea"], "link": "CONTRIBUTED_TO", "kind": "Person",
        "kinds": ["Person"], "query": make_query("Person said"), "term": "said", "terms": ["said"],
        "words": None, "from": 2000, "to": None,
        "thing": picked["thing"], "sector": None, "said": False, "sort": "name", "down": True, "skip": 0, "limit": 5,
        "first": 1, "last": 3, "context": 40, "most": 100, "each": 3, "number": 0, "place": 0, "at": 0, "seed": 1,
    }
    if query.name == "statement_details":
        known["ids"] = [picked["statement"]]
    if query.name.startswith("document_"):
        known["sort"] = "title"
    missing = query.parameters.keys() - known.keys()
    assert not missing, f"this test knows no value for {sorted(missing)} of {query.name}: add one"
    return {name: known[name] for name in query.parameters}


def test_every_file_is_collected() -> None:
    assert len(QUERIES) == len(list(FOLDER.glob("*.cypher")))
    assert len(QUERIES) >= 20
    assert QUERIES.keys() >= WHOLE - {"home_specimen"}


def test_every_query_is_answered(store: Store, picked: dict[str, Any]) -> None:
    reader, answered = Reader(store), 0
    for name, query in QUERIES.items():
        answer = reader.read(name, **values_for(query, picked))
        assert answer.columns, name
        assert not answer.truncated, name
        assert answer.rows or name in EMPTY, f"{name} found nothing"
        answered += 1
    assert answered == len(list(FOLDER.glob("*.cypher")))


def test_every_query_only_reads_and_finds_ids_by_their_index(store: Store, picked: dict[str, Any]) -> None:
    for name, query in QUERIES.items():
        query_type, plan = store.explain(query.text, values_for(query, picked), 30)
        assert (query_type, plan is None) == ("r", False), name
        assert plan is not None
        used = {operator for operator, _ in operators(plan)}
        assert name in WHOLE or not used & SCANS, f"{name} scans: {sorted(used & SCANS)}"


def test_nothing_is_found_where_nothing_has_the_id(store: Store, picked: dict[str, Any]) -> None:
    reader = Reader(store)
    for name in ("thing_show", "document_show", "statement_show", "thing_links", "thing_neighbourhood", "path_between"):
        values = values_for(QUERIES[name], picked) | {
            key: "nothing" for key in ("id", "start") if key in QUERIES[name].parameters
        }
        assert reader.read(name, **values).rows == [], name


def test_the_neighbourhood_is_cut_by_relation_and_says_how_much_is_left(store: Store, picked: dict[str, Any]) -> None:
    reader = Reader(store)
    whole = reader.read("thing_neighbourhood", id=picked["idea"], each=1000).rows
    cut = reader.read("thing_neighbourhood", id=picked["idea"], each=1).rows
    [[degree]] = store.values("MATCH (t:Thing {id: $id}) RETURN t.degree", {"id": picked["idea"]})
    assert sum(row["total"] for row in whole) == degree
    assert [(row["link"], row["leaves"], row["total"]) for row in whole] == [
        (row["link"], row["leaves"], row["total"]) for row in cut]
    for row, part in zip(whole, cut, strict=True):
        assert len(row["things"]) == row["total"]
        assert part["things"] == row["things"][:1]
        assert part["more"] == row["total"] - 1
        counts = [thing["counts"]["statements"] for thing in row["things"]]
        assert counts == sorted(counts, reverse=True)


def test_the_statements_of_a_link_are_those_that_it_counts(store: Store, picked: dict[str, Any]) -> None:
    links = store.values(
        "MATCH (a:Thing)-[r:AFFILIATED_WITH|DELIVERS|ADDRESSES|LEADS_TO|LOCATED_IN|CONTRIBUTED_TO]->(b:Thing) "
        "RETURN a.id, type(r), b.id, r.statements"
    )
    assert {type_ for _, type_, _, _ in links} >= {"CONTRIBUTED_TO", "LEADS_TO"}
    reader = Reader(store)
    for start, type_, end, statements in links:
        rows = reader.read("link_statements", start=start, end=end, link=type_).rows
        assert len(rows) == statements, (start, type_, end)


def test_a_path_leads_from_one_thing_to_the_other(store: Store, picked: dict[str, Any]) -> None:
    [row] = Reader(store).read("path_between", start=picked["thing"], end=picked["idea"]).rows
    assert [row["things"][0]["id"], row["things"][-1]["id"]] == [picked["thing"], picked["idea"]]
    assert [link["link"] for link in row["links"]] == ["CONTRIBUTED_TO"], "the contributor speaks of the idea"
