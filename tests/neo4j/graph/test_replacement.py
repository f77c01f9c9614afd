"""Strategy: generated fragments are written, replaced and taken out; pictures of the graph, and counts made afresh by
plain queries, say whether what is kept is what is there."""
from __future__ import annotations

import random
import threading
import time
from dataclasses import replace
from typing import Any

import neo4j
import pytest

from bench.fragments import Generator, Size
from errors import GraphError, OntologyError, QueryLimitError
from graph import replacement
from graph.fragment import Fragment, Node, Relationship
from graph.picture import take
from graph.store import Store

SMALL = Size(words=30, mentions=12, passages=4, statements=8, things=10)
# The same counts, taken from mentions and statements themselves
COUNT_THINGS = """
MATCH (t:Thing)
RETURN t.id, t.mentions, t.documents, t.statements, t.degree,
  COUNT { (t)<-[:REFERS_TO]-(:Mention) }, COUNT { (t)<-[:MENTIONS]-(:Document) },
  COUNT { MATCH (t)<-[:MADE_BY|ABOUT|SUBJECT|OBJECT]-(s:Statement) RETURN DISTINCT s },
  COUNT { (t)-[:AFFILIATED_WITH|DELIVERS|ADDRESSES|LEADS_TO|LOCATED_IN|CONTRIBUTED_TO]-(:Thing) }
"""
COUNT_LINKS = """
MATCH (s:Relation)-[:SUBJECT]->(a:Thing), (s)-[:OBJECT]->(b:Thing), (s)-[:IN_PASSAGE]->(:Passage)-[:PART_OF]->(d)
WITH toUpper(s.predicate) AS type, a.id AS start, b.id AS end, s.direction AS kind, s, d
RETURN type, start, end, count(DISTINCT s) AS statements, count(DISTINCT d) AS documents, collect([s.id, kind]) AS kinds
UNION ALL
MATCH (s:Evidence)-[:MADE_BY]->(a:Thing), (s)-[:ABOUT]->(b:Thing), (s)-[:IN_PASSAGE]->(:Passage)-[:PART_OF]->(d)
WITH 'CONTRIBUTED_TO' AS type, a.id AS start, b.id AS end, s.stance AS kind, s, d
RETURN type, start, end, count(DISTINCT s) AS statements, count(DISTINCT d) AS documents, collect([s.id, kind]) AS kinds
"""
LINKS = """
MATCH (a:Thing)-[r]->(b:Thing) WHERE type(r) <> 'MERGED_INTO' RETURN type(r), a.id, b.id, properties(r)
"""


def assert_counts_hold(store: Store) -> None:
    """The counts that are kept by differences are those of the mentions and statements that are there."""
    for id_, *counts in store.values(COUNT_THINGS):
        assert counts[:4] == counts[4:], id_
    kept = {(type_, start, end): counts for type_, start, end, counts in store.values(LINKS)}
    found: dict[tuple[str, str, str], dict[str, Any]] = {}
    for type_, start, end, statements, documents, kinds in store.values(COUNT_LINKS):
        counts = {"statements": statements, "documents": documents}
        names = {
            "LEADS_TO": ("increases", "decreases", "no_change", "mixed"),
            "CONTRIBUTED_TO": ("supports", "challenges", "discusses"),
        }.get(type_, ())
        each = {tuple(pair) for pair in kinds}
        counts |= {name: sum(kind == name for _, kind in each) for name in names}
        found[type_, start, end] = counts
    assert kept == found
    assert len(found) > 3


def test_documents_come_change_and_go(store: Store) -> None:
    made = Generator(size=SMALL, pool=40)
    choice, written = random.Random(3), {}
    for sequence in range(1, 31):
        number, version = choice.randrange(8), choice.randrange(3)
        written[number] = made.fragment(number, version)
        assert store.replace_document(written[number], sequence)
        assert store.sequence() == sequence
    assert_counts_hold(store)
    for _ in range(2):
        number = choice.choice(sorted(written))
        store.remove_document(written.pop(number).document_id)
    assert_counts_hold(store)
    grown = take(store)
    for fragment in written.values():
        store.remove_document(fragment.document_id)
    assert len(take(store).nodes) == 1, "only the graph's own state is left"
    for fragment in written.values():
        store.replace_document(fragment, None)
    assert take(store) == grown


def test_what_the_graph_holds_is_the_fragment(store: Store) -> None:
    fragment = Generator(size=SMALL).fragment(0)
    store.replace_document(fragment, 1)
    nodes = {(labels, id_): properties for labels, id_, properties in (
        (frozenset(labels), properties.pop("id"), properties)
        for labels, properties in store.values("MATCH (n) WHERE NOT n:GraphState RETURN labels(n), properties(n)")
    )}
    counts = {"mentions", "documents", "statements", "degree"}
    for (labels, _), properties in nodes.items():
        if "Thing" in labels:
            for name in counts:
                properties.pop(name)
    assert nodes == {
        (frozenset(node.labels), node.id): dict(node.properties) for node in (*fragment.owned, *fragment.shared)
    }
    found = store.values("MATCH (a)-[r]->(b) RETURN type(r), a.id, b.id, properties(r)")
    derived = {"AFFILIATED_WITH", "DELIVERS", "ADDRESSES", "LEADS_TO", "LOCATED_IN", "CONTRIBUTED_TO"}
    assert sorted(map(str, ([*ends, values] for *ends, values in found if ends[0] not in derived))) == sorted(
        map(str, ([str(each.type), each.start, each.end, each.properties] for each in fragment.relationships))
    )


def test_labels_and_properties_are_replaced_exactly(store: Store) -> None:
    document = Node("d", ("Document",), {"title": "A", "version": "1", "state": "active", "publisher": "P"})
    person = Node("t", ("Thing", "Contributor", "Person"), {"name": "T", "aliases": ["U"]})
    written_by = Relationship("WRITTEN_BY", "Document", "d", "Thing", "t", {"order": 0})
    store.replace_document(Fragment("d", (document,), (person,), (written_by,)), 1)
    body = Node("t", ("Thing", "Contributor", "Organisation"), {"name": "T", "sector": "academia"})
    sector = Node("academia", ("Sector",), {"label": "Academia"})
    store.replace_document(Fragment(
        "d", (Node("d", ("Document",), {"title": "B", "version": "2", "state": "withdrawn"}),), (body, sector),
        (replace(written_by, properties={"order": 1}), Relationship("IN_SECTOR", "Thing", "t", "Sector", "academia")),
    ), 2)
    [[labels, properties]] = store.values("MATCH (t:Thing) RETURN labels(t), properties(t)")
    assert (sorted(labels), properties) == (
        ["Contributor", "Organisation", "Thing"],
        {"id": "t", "name": "T", "sector": "academia", "mentions": 0, "documents": 0, "statements": 0, "degree": 0},
    )
    assert store.values("MATCH (d:Document) RETURN properties(d)") == [
        [{"id": "d", "title": "B", "version": "2", "state": "withdrawn"}],
    ]
    assert store.values("MATCH (:Document)-[r:WRITTEN_BY]->() RETURN r.order") == [[1]]
    store.replace_document(Fragment("d", (document,), (person,), (written_by,)), 3)
    assert store.values("MATCH (n:Sector) RETURN n") == [], "a sector that nothing uses any more goes"
    assert store.values("MATCH (t:Person) RETURN t.aliases, t.sector") == [[["U"], None]]


def test_documents_with_the_same_text_find_each_other(store: Store) -> None:
    def document(id_: str, *others: str) -> Fragment:
        links = tuple(
            Relationship("SAME_TEXT_AS", "Document", *pair[:1], "Document", *pair[1:], {"score": 0.9})
            for pair in (sorted((id_, other)) for other in others)
        )
        return Fragment(id_, (Node(id_, ("Document",), {"title": id_, "version": id_, "state": "active"}),), (), links)

    pairs = "MATCH (a)-[r:SAME_TEXT_AS]->(b) RETURN a.id, b.id, r.score ORDER BY a.id, b.id"
    store.replace_document(document("b", "a", "c"), 1)
    assert store.values(pairs) == [], "the others are not here yet"
    store.replace_document(document("a", "b"), 2)
    store.replace_document(document("c", "b"), 3)
    assert store.values(pairs) == [["a", "b", 0.9], ["b", "c", 0.9]]
    store.replace_document(document("a"), 4)
    assert store.values(pairs) == [["b", "c", 0.9]]
    store.remove_document("b", 5)
    assert store.values(pairs) == []


def test_a_fragment_that_refers_to_nothing_fails_whole(store: Store) -> None:
    made = Generator(size=SMALL).fragment(0)
    store.replace_document(made, 1)
    before = take(store)
    lost = Relationship("PUBLISHED_BY", "Document", made.document_id, "Thing", "not-there")
    with pytest.raises(GraphError, match="refers to something"):
        store.replace_document(replace(made, relationships=(*made.relationships, lost)), 2)
    assert take(store) == before
    unknown = replace(made.owned[0], properties={**made.owned[0].properties, "colour": "red"})
    with pytest.raises(OntologyError, match="colour"):
        store.replace_document(replace(made, owned=(unknown, *made.owned[1:])), 2)
    other = Generator(size=SMALL, space="other").fragment(1)
    with pytest.raises(GraphError, match="refers to something"):
        store.replace_document(
            replace(other, relationships=(*other.relationships, replace(lost, start=other.document_id))), 2)
    assert take(store) == before


def test_writers_at_once_lose_nothing(store: Store) -> None:
    """Eight writers of documents that share hubs: the counts hold, and the number is that of the last."""
    made = Generator(size=SMALL, pool=16)
    fragments = made.fragments(24)
    problems: list[BaseException] = []

    def write(mine: list[Fragment]) -> None:
        try:
            for fragment in mine:
                store.replace_document(fragment, None)
        except BaseException as problem:
            problems.append(problem)

    threads = [threading.Thread(target=write, args=(fragments[number::8],)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert_counts_hold(store)
    together = take(store)
    for fragment in fragments:
        store.remove_document(fragment.document_id)
    for fragment in fragments:
        store.replace_document(fragment, None)
    assert take(store) == together


def test_of_writers_of_one_change_one_writes(store: Store) -> None:
    fragment = Generator(size=SMALL).fragment(0)
    written: list[bool] = []
    threads = [
        threading.Thread(target=lambda: written.append(store.replace_document(fragment, 7))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(written) == [False, False, False, True]


def test_a_deadlock_is_tried_again(store: Store) -> None:
    """Two transactions take two locks in opposite order; the server gives one of them up, the store repeats it."""
    store.run("CREATE (:Thing:Place {id: 'a', name: 'a'}), (:Thing:Place {id: 'b', name: 'b'})")
    tries: list[str] = []
    barrier = threading.Barrier(2, timeout=30)

    def cross(first: str, second: str) -> None:
        def work(transaction: neo4j.Transaction) -> None:
            tries.append(first)
            transaction.run("MATCH (t:Thing {id: $id}) SET t.name = t.name + $id", id=first).consume()
            if tries.count(first) == 1:
                barrier.wait()
            transaction.run("MATCH (t:Thing {id: $id}) SET t.name = t.name + $id", id=second).consume()

        store.write(work)

    threads = [threading.Thread(target=cross, args=pair) for pair in (("a", "b"), ("b", "a"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(tries) > 2, "one was tried again"
    assert store.values("MATCH (t:Place) RETURN t.name ORDER BY t.id") == [["aaa"], ["bbb"]], "each wrote once"


def test_hubs_do_not_make_a_write_slow(store: Store) -> None:
    """A person and an idea with 50,000 mentions each: to replace a document that speaks of both takes no scan."""
    fragment = Generator(size=SMALL, pool=8).fragment(0)
    hubs = [node.id for node in fragment.shared if node.labels[-1] in ("Person", "Idea")]
    other = Generator(size=SMALL, pool=8).fragment(0, 1)
    store.replace_document(fragment, 1)
    timed: list[float] = []
    for sequence in range(2, 8):
        began = time.perf_counter()
        store.replace_document((fragment, other)[sequence % 2 == 0], sequence)
        timed.append(time.perf_counter() - began)
    store.run(
        "UNWIND range(1, 500) AS number CALL (number) { "
        "CREATE (m:Mention {id: 'hub-' + number, start: 0, end: 1, quote: 'x', kind: 'Person', confidence: 1.0}) "
        "WITH m UNWIND $hubs AS hub MATCH (t:Thing {id: hub}) UNWIND range(1, 100) AS _ CREATE (m)-[:REFERS_TO]->(t) "
        "} IN TRANSACTIONS OF 50 ROWS", {"hubs": hubs},
    )
    counted = store.values("MATCH (t:Thing) WHERE t.id IN $hubs RETURN t.id, t.mentions", {"hubs": hubs})
    after: list[float] = []
    for sequence in range(8, 14):
        began = time.perf_counter()
        store.replace_document((fragment, other)[sequence % 2 == 0], sequence)
        after.append(time.perf_counter() - began)
    assert len(hubs) == 2
    assert all(mentions < 1000 for _, mentions in counted)
    now = dict(store.values("MATCH (t:Thing) WHERE t.id IN $hubs RETURN t.id, t.mentions", {"hubs": hubs}))
    assert all(now[hub] > 50_000 for hub in hubs)
    assert min(after) < 5 * min(timed) + 0.1, (timed, after)
    store.run("MATCH (m:Mention) WHERE m.id STARTS WITH 'hub-' CALL (m) { DETACH DELETE m } IN TRANSACTIONS OF 50 ROWS")


def test_the_longest_document_fits_one_transaction(store: Store) -> None:
    """300 kB of text, 5,000 statements, 12,000 mentions, under the memory cap of the local server."""
    made = Generator(
        pool=20_000, size=Size(words=36_000, mentions=12_000, passages=5_000, statements=5_000, things=4_000)
    )
    fragment = made.fragment(0)
    assert len(fragment.owned[0].properties["text"]) > 300_000
    assert store.replace_document(fragment, 1)
    assert store.values("MATCH (s:Statement) RETURN count(s)") == [[5_000]]
    assert store.values("MATCH (m:Mention) RETURN count(m)") == [[12_000]]
    last = fragment.owned[-1]
    assert "Statement" in last.labels
    assert store.replace_document(replace(
        fragment, owned=fragment.owned[:-1],
        relationships=tuple(each for each in fragment.relationships if each.start != last.id),
    ), 2)
    assert store.values("MATCH (s:Statement) RETURN count(s)") == [[4_999]]


def test_what_cannot_be_replaced_at_once_is_taken_out_and_written(
    store: Store, monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = Generator(size=SMALL)
    store.replace_document(made.fragment(0), 1)
    real, calls = replacement._Writing.add, []

    def refuse_once(self: Any, changes: Any) -> None:
        calls.append(len(changes.added))
        if len(calls) == 1:
            raise QueryLimitError("out of memory")
        real(self, changes)

    monkeypatch.setattr(replacement._Writing, "add", refuse_once)
    assert store.replace_document(made.fragment(0, 1), 2)
    assert len(calls) == 3, "refused, taken out, written"
    monkeypatch.undo()
    grown = take(store)
    store.remove_document(made.fragment(0).document_id)
    store.replace_document(made.fragment(0, 1), None)
    assert take(store) == grown
    monkeypatch.setattr(replacement._Writing, "add", lambda *_: (_ for _ in ()).throw(QueryLimitError("out of memory")))
    with pytest.raises(QueryLimitError):
        store.replace_document(made.fragment(1), 3)
