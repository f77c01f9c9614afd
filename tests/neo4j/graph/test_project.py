"""Strategy: records that change at random, projected at random moments with crashes; then compared with a rebuild."""
from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from errors import OntologyError
from graph import project, replacement
from graph.derive import derive
from graph.fragment import Fragment, Node
from graph.picture import Picture, take
from graph.rebuild import drop, rebuild
from graph.store import Store
from ontology.model import load
from records.decisions import MERGE, UNMERGE, Decision
from records.store import Records
from tests.collection import decide_something, take_in

STEPS = 25


class Crash(Exception):
    """The process dies here."""


def crash_in(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next write of a document dies in the middle of its transaction."""
    real: Callable[..., None] = getattr(replacement._Writing, name)

    def die(self: object, *arguments: object) -> None:
        real(self, *arguments)
        raise Crash

    monkeypatch.setattr(replacement._Writing, name, die)


def assert_same(one: Picture, other: Picture) -> None:
    assert one == other, "\n".join(one.differences(other))


@pytest.mark.parametrize("seed", range(2))
def test_a_graph_that_grew_with_crashes_is_the_one_that_is_derived_anew(
    seed: int, records: Records, store: Store, monkeypatch: pytest.MonkeyPatch,
) -> None:
    choice = random.Random(seed)
    ids = [take_in(records, 0)]
    crashes = 0
    for _ in range(STEPS):
        if choice.random() < 0.25:
            document_id = take_in(records, choice.randrange(6), choice.randrange(3))
            ids = sorted({*ids, document_id})
        else:
            decide_something(records, choice, ids)
        if choice.random() < 0.3:
            with monkeypatch.context() as patched:
                crash_in(choice.choice(("delete", "add", "change", "count", "drop_unused")), patched)
                try:
                    project.bring_up_to_date(records, store)
                except Crash:
                    crashes += 1
        if choice.random() < 0.4:
            project.bring_up_to_date(records, store)
    project.bring_up_to_date(records, store)
    assert crashes > 0
    assert store.sequence() == records.sequence()
    assert project.lag(records, store) == 0
    grown = take(store)
    assert rebuild(records, store) == len(ids)
    assert_same(grown, take(store))
    assert len(grown.nodes) > 50
    assert store.sequence() == records.sequence()


def test_the_order_of_documents_does_not_matter(records: Records, store: Store) -> None:
    choice = random.Random(5)
    ids = [take_in(records, number) for number in range(6)]
    for _ in range(15):
        decide_something(records, choice, ids)
    pictures = []
    for _ in range(3):
        choice.shuffle(ids)
        rebuild(records, store)
        for document_id in ids:
            store.remove_document(document_id)
        for document_id in ids:
            assert store.replace_document(derive(records.snapshot(document_id), load()), None)
        pictures.append(take(store))
    for picture in pictures[1:]:
        assert_same(pictures[0], picture)


def test_nothing_is_left_of_documents_that_are_taken_out(records: Records, store: Store) -> None:
    ids = [take_in(records, number) for number in range(4)]
    choice = random.Random(1)
    for _ in range(10):
        decide_something(records, choice, ids)
    empty = take(store)
    project.bring_up_to_date(records, store)
    for document_id in ids:
        store.remove_document(document_id)
    assert len(empty.nodes) == 1
    assert [line for line in take(store).nodes if "GraphState" not in line] == []


def test_projecting_again_writes_nothing(records: Records, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        take_in(records, number)
    seen: list[tuple[int, int]] = []
    assert project.bring_up_to_date(records, store, lambda done, all_: seen.append((done, all_))) == 3
    assert seen == [(1, 3), (2, 3), (3, 3)]
    before = take(store)
    assert project.bring_up_to_date(records, store) == 0
    # The same documents once more, as after a crash that came before the number was read: no write happens.
    monkeypatch.setattr(replacement._Writing, "apply", lambda *_: pytest.fail("something was written"))
    for document_id in (each.document_id for each in records.documents()):
        assert store.replace_document(derive(records.snapshot(document_id), load()), None)
    assert_same(before, take(store))


def test_a_change_that_the_graph_reflects_is_passed_over(records: Records, store: Store) -> None:
    document_id = take_in(records, 0)
    old = derive(records.snapshot(document_id), load())
    take_in(records, 0, version=1)
    project.bring_up_to_date(records, store)
    before = take(store)
    assert not store.replace_document(old, store.sequence()), "a slower projector must not bring back the past"
    assert_same(before, take(store))


def test_a_projector_notices_that_the_graph_was_dropped_under_it(
    records: Records, store: Store, monkeypatch: pytest.MonkeyPatch,
) -> None:
    """While one process follows the records, another rebuilds: nothing may be left out for good."""
    for number in range(4):
        take_in(records, number)
    project.bring_up_to_date(records, store)
    whole = take(store)
    take_in(records, 0, version=1)
    take_in(records, 0)
    for number in range(1, 4):
        take_in(records, number, version=1)
        take_in(records, number)
    real, calls = project.derive_all, []

    def drop_once(*arguments: object) -> object:
        calls.append(arguments)
        if len(calls) == 3:
            store.begin_again()
            drop(store)
        return real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(project, "derive_all", drop_once)
    project.bring_up_to_date(records, store)
    assert store.sequence() == records.sequence()
    assert len(calls) == 3 + 4, "the third was in vain, then all four again"
    grown = take(store)
    monkeypatch.undo()
    rebuild(records, store)
    assert_same(grown, take(store))
    assert len(grown.nodes) >= len(whole.nodes)


def test_another_ontology_derives_every_document_again(records: Records, store: Store) -> None:
    for number in range(3):
        take_in(records, number)
    project.bring_up_to_date(records, store)
    before = take(store)
    store.run("MATCH (state:GraphState) SET state.ontology_hash = 'an older one'")
    store.run("MATCH (t:Thing) SET t.name = 'derived from an older thesaurus'")
    assert project.bring_up_to_date(records, store) == 3
    assert_same(before, take(store))


def test_a_graph_ahead_of_its_records_begins_again(records: Records, store: Store) -> None:
    """As after an older backup was put in the records' place."""
    take_in(records, 0)
    stranger = derive(records.snapshot(take_in(records, 1)), load())
    project.bring_up_to_date(records, store)
    before = take(store)
    node = next(node for node in stranger.owned if node.labels == ("Document",))
    store.replace_document(Fragment("stranger", (Node("stranger", node.labels, node.properties),), (), ()), 1000)
    assert project.bring_up_to_date(records, store) == 2
    assert_same(before, take(store))


def test_a_merge_ends_every_relationship_at_the_canonical_thing(records: Records, store: Store) -> None:
    ids = [take_in(records, number) for number in range(6)]
    project.bring_up_to_date(records, store)
    before = take(store)
    people = [id_ for id_, in store.values("MATCH (p:Person) WHERE p.statements > 0 RETURN p.id ORDER BY p.id LIMIT 3")]
    records.decide(Decision(MERGE, people[0], people[1], "An Editor"))
    records.decide(Decision(MERGE, people[1], people[2], "An Editor"))
    project.bring_up_to_date(records, store)
    merged = store.values("MATCH (m:Merged)-[:MERGED_INTO]->(t:Thing) RETURN m.id, labels(m), t.id ORDER BY m.id")
    assert merged == [[each, ["Merged"], people[2]] for each in people[:2]]
    assert store.values("MATCH (t:Thing) WHERE t.id IN $ids RETURN t.id", {"ids": people[:2]}) == []
    assert store.values("MATCH (m:Merged)-[r]-() RETURN count(r)") == [[2]]
    records.decide(Decision(UNMERGE, people[1], "", "An Editor"))
    records.decide(Decision(UNMERGE, people[0], "", "An Editor"))
    project.bring_up_to_date(records, store)
    decided = '["Decision"]'
    apart = [line for line in take(store).nodes if decided not in line and "GraphState" not in line]
    assert apart == [line for line in before.nodes if "GraphState" not in line], "merging can be undone whole"
    assert len(ids) == 6


def test_a_process_whose_ontology_has_changed_on_disk_writes_nothing(
    records: Records, store: Store, monkeypatch: pytest.MonkeyPatch,
) -> None:
    take_in(records, 0)
    monkeypatch.setattr(project, "current_hash", lambda: "the hash of newer files")
    with pytest.raises(OntologyError, match="start it anew"):
        project.bring_up_to_date(records, store)
    assert store.sequence() == 0
    assert len(take(store).nodes) == 1
