"""What has to change in the graph so that it holds a document's fragment: worked out in Python, before any write.

``difference(fragment, held)`` compares the fragment with what the graph holds of the document. A new document is all
additions; a document that is derived again without a change gives nothing to write.

The counts of links between things, and of statements about a thing, are changed by what the document brings less what
it had. So a write takes no longer because a thing has 50,000 mentions already.
"""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from errors import GraphError
from graph.fragment import Fragment, Node, Properties
from ontology.model import load
from ontology.terms import Direction, Label, Predicate, Relation, Stance

Key = tuple[str, str]  # a node: the label under which its id is unique, and the id
Link = tuple[str, Key, Key]  # a relationship: its type and ends; there is at most one such

COUNTS = frozenset({"mentions", "documents", "statements", "degree"})  # of a thing: kept by the store
OWNED = frozenset({Label.DOCUMENT, Label.PASSAGE, Label.MENTION, Label.STATEMENT})
ROLES = frozenset({Relation.MADE_BY, Relation.ABOUT, Relation.SUBJECT, Relation.OBJECT})  # what counts as a statement's
TALLIES: Mapping[str, tuple[str, ...]] = {
    Relation.LEADS_TO: tuple(Direction), Relation.CONTRIBUTED_TO: tuple(Stance),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A node's labels, and its properties with the id."""

    labels: tuple[str, ...]
    properties: Properties


@dataclass(frozen=True, slots=True)
class Change:
    """How a node differs from what it should be; a property that goes is None."""

    properties: Properties
    labels: tuple[str, ...]
    labels_gone: tuple[str, ...]


@dataclass(slots=True)
class Held:
    """What the graph holds of a document and of the shared nodes of its fragment."""

    known: bool = False  # whether the document is in the graph
    sequence: int = 0
    ontology_hash: str = ""
    owned: dict[Key, Row] = field(default_factory=dict)
    shared: dict[Key, Row] = field(default_factory=dict)
    links: dict[Link, Properties] = field(default_factory=dict)
    others: set[str] = field(default_factory=set)  # documents with the same text that are in the graph
    revived: set[str] = field(default_factory=set)  # merged things which the fragment has as things of their own


@dataclass(slots=True)
class Difference:
    gone: list[Key] = field(default_factory=list)  # nodes, which take their relationships with them
    added: dict[Key, Row] = field(default_factory=dict)
    changed: dict[Key, Change] = field(default_factory=dict)
    links_gone: list[Link] = field(default_factory=list)
    links_added: dict[Link, Properties] = field(default_factory=dict)
    links_changed: dict[Link, Properties] = field(default_factory=dict)
    counted: dict[Link, Counter[str]] = field(default_factory=dict)  # link between things -> by how much more
    statements: Counter[str] = field(default_factory=Counter)  # thing -> by how many statements more
    touched: set[str] = field(default_factory=set)  # things whose counts may change
    unused: set[Key] = field(default_factory=set)  # shared nodes that may have lost their last use

    def __bool__(self) -> bool:
        return bool(
            self.gone or self.added or self.changed or self.links_gone or self.links_added or self.links_changed
        )


@cache
def unique_labels() -> frozenset[str]:
    """The labels under which ids are unique; a node carries one of them."""
    return frozenset(label for label, _ in load().uniqueness)


def key_of(labels: Iterable[str], id_: str) -> Key:
    """Raises GraphError for a node that the ontology does not know."""
    unique = unique_labels()
    for label in labels:
        if label in unique:
            return label, id_
    raise GraphError(f"the node {id_} has no label with unique ids")


def rows_of(nodes: Iterable[Node]) -> dict[Key, Row]:
    return {key_of(node.labels, node.id): Row(node.labels, {**node.properties, "id": node.id}) for node in nodes}


def difference(fragment: Fragment, held: Held) -> Difference:
    """The writes that lead from what the graph holds to the fragment."""
    found = Difference()
    owned, shared = rows_of(fragment.owned), rows_of(fragment.shared)
    links: dict[Link, Properties] = {
        (each.type, (each.start_label, each.start), (each.end_label, each.end)): each.properties
        for each in fragment.relationships
    }
    here = {*held.others, fragment.document_id}
    for link in [link for link in links if link[0] == Relation.SAME_TEXT_AS]:
        if not {link[1][1], link[2][1]} <= here:
            del links[link]  # the other document brings it along when it comes
    for rows, before in ((shared, held.shared), (owned, held.owned)):
        for key, row in rows.items():
            old = before.get(key)
            if old is None:
                found.added[key] = row
            elif change := change_of(old, row):
                found.changed[key] = change
    gone = {key for key in held.owned if key not in owned} | {(Label.MERGED.value, id_) for id_ in held.revived}
    found.gone = sorted(gone)
    for link, properties in links.items():
        if link not in held.links:
            found.links_added[link] = properties
        elif not same(held.links[link], properties):
            found.links_changed[link] = properties
    lost = [link for link in held.links if link not in links]
    found.links_gone = [link for link in lost if link[1] not in gone and link[2] not in gone]
    count(found, owned, links, held)
    for link in (*found.links_added, *lost, *found.counted):
        found.touched.update(id_ for label, id_ in link[1:] if label == Label.THING)
    found.touched.update(found.statements)
    found.unused = {key for link in lost for key in link[1:] if key[0] not in OWNED and key not in shared}
    return found


def same(old: Properties, new: Properties) -> bool:
    return not changes_of(old, new)


def changes_of(old: Properties, new: Properties) -> Properties:
    """The properties of ``new`` that ``old`` has not, and None for those that go."""
    changes = {name: None for name in old if name not in new}
    for name, value in new.items():
        before = old.get(name)
        if isinstance(value, tuple):
            value = list(value)
        if before != value or any(isinstance(before, kind) != isinstance(value, kind) for kind in (bool, float)):
            changes[name] = value
    return changes


def change_of(old: Row, new: Row) -> Change | None:
    """How a node has to change, or None. A thing's counts are no part of it."""
    before: Mapping[str, Any] = old.properties
    if Label.THING in new.labels:
        before = {name: value for name, value in before.items() if name not in COUNTS}
    changes = changes_of(dict(before), new.properties)
    gone = tuple(label for label in old.labels if label not in new.labels)
    if changes or gone or any(label not in old.labels for label in new.labels):
        return Change(changes, new.labels, gone)
    return None


def count(found: Difference, owned: Mapping[Key, Row], links: Mapping[Link, Properties], held: Held) -> None:
    """By how much the counts of links and of statements change."""
    added_links, added_things = tally(owned, links)
    lost_links, lost_things = tally(held.owned, held.links)
    for link in added_links.keys() | lost_links.keys():
        change = Counter(added_links.get(link))
        change.subtract(lost_links.get(link, ()))
        change["documents"] = (link in added_links) - (link in lost_links)
        if any(change.values()):
            found.counted[link] = change
    added_things.subtract(lost_things)
    found.statements = Counter({thing: number for thing, number in added_things.items() if number})


def tally(owned: Mapping[Key, Row], links: Iterable[Link]) -> tuple[dict[Link, Counter[str]], Counter[str]]:
    """What a document's statements add up to: counts of each link between things, and statements of each thing."""
    ends: dict[Key, dict[str, str]] = {}
    for type_, start, end in links:
        if type_ in ROLES:
            ends.setdefault(start, {})[type_] = end[1]
    found: dict[Link, Counter[str]] = {}
    things: Counter[str] = Counter()
    predicates = load().predicates
    for statement, roles in ends.items():
        things.update(set(roles.values()))
        row = owned.get(statement)
        if row is None:
            continue
        properties = row.properties
        if Relation.ABOUT in roles and Relation.MADE_BY in roles:
            link_type, first, last = Relation.CONTRIBUTED_TO.value, roles[Relation.MADE_BY], roles[Relation.ABOUT]
            kind = properties.get("stance")
        elif Relation.SUBJECT in roles and Relation.OBJECT in roles and properties.get("predicate") in predicates:
            link_type = predicates[properties["predicate"]]
            first, last = roles[Relation.SUBJECT], roles[Relation.OBJECT]
            kind = properties.get("direction") if properties["predicate"] == Predicate.LEADS_TO else None
        else:
            continue
        link = (link_type, (Label.THING.value, first), (Label.THING.value, last))
        counts = found.setdefault(link, Counter())
        counts["statements"] += 1
        if kind:
            counts[kind] += 1
    return found, things
