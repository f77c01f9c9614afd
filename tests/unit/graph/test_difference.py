"""Strategy: a graph that is two dictionaries; differences between generated fragments are applied to it."""
from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace

import pytest

from bench.fragments import Generator, Size
from errors import GraphError
from graph.difference import Held, Row, change_of, changes_of, difference, key_of, rows_of, tally
from graph.fragment import Fragment, Node, Relationship

SMALL = Size(words=30, mentions=12, passages=4, statements=8, things=10)


def held_of(fragment: Fragment) -> Held:
    """A graph that holds exactly this fragment; things with their counts."""
    shared = rows_of(fragment.shared)
    for key, row in shared.items():
        if key[0] == "Thing":
            counts = {"mentions": 3, "degree": 1, "statements": 2, "documents": 1}
            shared[key] = Row(row.labels, row.properties | counts)
    links = {
        (each.type, (each.start_label, each.start), (each.end_label, each.end)): each.properties
        for each in fragment.relationships
    }
    return Held(known=True, sequence=1, owned=rows_of(fragment.owned), shared=shared, links=links)


@pytest.fixture(scope="module")
def made() -> Generator:
    return Generator(size=SMALL, pool=24)


def test_a_new_document_is_all_additions(made: Generator) -> None:
    fragment = made.fragment(0)
    found = difference(fragment, Held())
    assert found.added.keys() == rows_of((*fragment.owned, *fragment.shared)).keys()
    assert len(found.links_added) == len(fragment.relationships)
    assert not (found.gone or found.changed or found.links_gone or found.links_changed or found.unused)
    assert sum(counts["statements"] for counts in found.counted.values()) == SMALL.statements
    assert found.touched == {node.id for node in fragment.shared if "Thing" in node.labels}


def test_the_same_document_again_is_no_difference(made: Generator) -> None:
    fragment = made.fragment(0)
    found = difference(fragment, held_of(fragment))
    assert not found
    assert not (found.counted or found.statements or found.touched or found.unused)


@pytest.mark.parametrize("seed", range(5))
def test_differences_lead_from_one_version_to_the_other(seed: int, made: Generator) -> None:
    choice = random.Random(seed)
    old, new = made.fragment(choice.randrange(9), 0), made.fragment(choice.randrange(9), 1)
    new = replace(new, document_id=old.document_id)
    held = held_of(old)
    found = difference(new, held)
    nodes = {**held.owned, **held.shared}
    links = dict(held.links)
    for key in found.gone:
        del nodes[key]
        links = {link: values for link, values in links.items() if key not in link[1:]}
    for link in found.links_gone:
        del links[link]
    nodes |= found.added
    for key, change in found.changed.items():
        properties = nodes[key].properties | change.properties
        nodes[key] = Row(change.labels, {name: value for name, value in properties.items() if value is not None})
    links |= found.links_added | found.links_changed
    wanted = held_of(new)
    assert links == wanted.links
    assert wanted.owned.keys() | wanted.shared.keys() == nodes.keys() - found.unused
    for key, row in wanted.owned.items():
        assert (set(nodes[key].labels), nodes[key].properties) == (set(row.labels), row.properties)
    counted = Counter({link: counts["statements"] for link, counts in found.counted.items()})
    before, after = tally(held.owned, held.links)[0], tally(wanted.owned, wanted.links)[0]
    for link in before.keys() | after.keys():
        lost = before.get(link, Counter())["statements"]
        assert lost + counted[link] == after.get(link, Counter())["statements"]


def test_nothing_of_a_document_is_left(made: Generator) -> None:
    fragment = made.fragment(1)
    found = difference(Fragment(fragment.document_id, (), (), ()), held_of(fragment))
    assert set(found.gone) == rows_of(fragment.owned).keys()
    assert found.unused == rows_of(fragment.shared).keys()
    assert not found.links_gone, "they go with their nodes"
    assert all(counts["documents"] == -1 for counts in found.counted.values())


def test_counts_of_things_are_no_difference() -> None:
    old = Row(("Person", "Thing", "Contributor"), {"id": "a", "name": "A", "mentions": 5, "degree": 2})
    assert change_of(old, Row(("Thing", "Contributor", "Person"), {"id": "a", "name": "A"})) is None
    change = change_of(old, Row(("Thing", "Place"), {"id": "a", "name": "B"}))
    assert change is not None
    assert (change.properties, set(change.labels_gone)) == ({"name": "B"}, {"Person", "Contributor"})


def test_properties_differ_by_value_and_by_type() -> None:
    assert changes_of({"a": 1, "b": ["x"], "c": "gone"}, {"a": 1, "b": ("x",)}) == {"c": None}
    assert changes_of({"a": 1}, {"a": 1.0}) == {"a": 1.0}
    assert changes_of({"a": 1}, {"a": True}) == {"a": True}
    assert changes_of({"a": 0.0}, {"a": False}) == {"a": False}


def test_a_text_of_two_documents_waits_for_the_other() -> None:
    document = Node("b", ("Document",), {"title": "b"})
    link = Relationship("SAME_TEXT_AS", "Document", "a", "Document", "b", {"score": 0.9})
    fragment = Fragment("b", (document,), (), (link,))
    assert difference(fragment, Held()).links_added == {}
    assert len(difference(fragment, Held(others={"a"})).links_added) == 1


def test_a_node_without_a_unique_label_is_refused() -> None:
    with pytest.raises(GraphError):
        key_of(["Stranger"], "x")
    assert key_of(["Idea", "Concept", "Thing"], "x") == ("Thing", "x")
