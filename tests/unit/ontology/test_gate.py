"""The gate: a fragment that fits passes, and each kind of misfit is refused with a plain reason.

Strategy: one small document with evidence, a relation and a mention, built of plain dataclasses that look like the
graph's rows; each test changes one thing. Properties by chance (hypothesis) try the types.
"""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from errors import OntologyError
from ontology.gate import check_fragment, find_problems, item_problem
from ontology.model import load
from ontology.terms import Label


@dataclass(frozen=True)
class Node:
    id: str
    labels: tuple[str, ...]
    properties: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Relationship:
    type: str
    start_label: str
    start: str
    end_label: str
    end: str
    properties: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Fragment:
    document_id: str
    owned: tuple[Node, ...]
    shared: tuple[Node, ...]
    relationships: tuple[Relationship, ...]


def node(label: str, id_: str, /, **properties: Any) -> Node:
    return Node(id_, load().labels_of(label), properties)


def link(type_: str, start: str, end: str, **properties: Any) -> Relationship:
    """``start`` and ``end`` as ``Label:id``."""
    (start_label, _, start_id), (end_label, _, end_id) = start.partition(":"), end.partition(":")
    return Relationship(type_, start_label, start_id, end_label, end_id, properties)


def provenance(statement: str) -> tuple[Relationship, ...]:
    return (
        link("MADE_BY", statement, "Thing:council"), link("IN_PASSAGE", statement, "Passage:p", order=0),
        link("FROM_SECTOR", statement, "Sector:local-government"), link("FROM_POSITION", statement, "Position:unknown"),
    )


FITTING = Fragment(
    "d",
    owned=(
        node("Document", "d", title="Listening first", state="active", version="ab12", year=2024, date="2024-03",
             authors_by_default=False, text="Panels cut missed appointments"),
        node("Passage", "p", start=0, end=30, quote="Panels cut missed appointments", paragraph=1, page=None),
        node("Mention", "m", start=0, end=6, quote="Panels", kind="Intervention", confidence=1),
        node("Evidence", "e", role="author", confidence=0.7, state="machine", stance="supports", kind="finding"),
        node("Relation", "r", role="author", confidence=0.7, state="machine", predicate="leads_to",
             direction="decreases"),
    ),
    shared=(
        node("Organisation", "council", name="Northbridge Council", aliases=["Northbridge"], sector="local-government"),
        node("Intervention", "panels", name="panels"), node("Issue", "missed", name="missed appointments"),
        node("Idea", "co-production", name="Co-production", definition="Done together."),
        node("Sector", "local-government", label="Local government"), node("Position", "unknown", label="Unknown"),
    ),
    relationships=(
        *provenance("Statement:e"), *provenance("Statement:r"),
        link("ABOUT", "Statement:e", "Thing:co-production"), link("SUBJECT", "Statement:r", "Thing:panels"),
        link("OBJECT", "Statement:r", "Thing:missed"), link("PART_OF", "Passage:p", "Document:d"),
        link("IN_DOCUMENT", "Mention:m", "Document:d"), link("REFERS_TO", "Mention:m", "Thing:panels"),
        link("MENTIONS", "Document:d", "Thing:panels", count=1),
        link("IN_SECTOR", "Thing:council", "Sector:local-government"),
    ),
)


def with_properties(id_: str, **changes: Any) -> Fragment:
    """The fitting fragment with other properties at one node."""
    def change(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
        return tuple(replace(n, properties=n.properties | changes) if n.id == id_ else n for n in nodes)
    return replace(FITTING, owned=change(FITTING.owned), shared=change(FITTING.shared))


def with_labels(id_: str, *labels: str) -> Fragment:
    def change(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
        return tuple(replace(n, labels=labels) if n.id == id_ else n for n in nodes)
    return replace(FITTING, owned=change(FITTING.owned), shared=change(FITTING.shared))


def with_link(*links: Relationship) -> Fragment:
    return replace(FITTING, relationships=(*FITTING.relationships, *links))


def without_link(type_: str, start: str) -> Fragment:
    kept = tuple(r for r in FITTING.relationships if (r.type, r.start) != (type_, start))
    assert len(kept) < len(FITTING.relationships)
    return replace(FITTING, relationships=kept)


def moved(type_: str, end: str) -> Fragment:
    """The fitting fragment with one relationship led to another thing."""
    return replace(FITTING, relationships=tuple(
        replace(r, end=end) if r.type == type_ else r for r in FITTING.relationships
    ))


def test_a_fitting_fragment_passes() -> None:
    check_fragment(FITTING)


def test_none_counts_as_absent() -> None:
    check_fragment(with_properties("d", publisher=None, unheard_of=None))
    assert find_problems(with_properties("d", title=None)) == ["Document d: has no title"]


@pytest.mark.parametrize(("fragment", "told"), [
    (with_properties("d", colour="red"), "Document d: colour is not one of its properties"),
    (with_properties("d", year="2024"), "Document d: year is no integer: '2024'"),
    (with_properties("d", year=True), "Document d: year is no integer: True"),
    (with_properties("d", title=7), "Document d: title is no string: 7"),
    (with_properties("d", authors_by_default=0), "Document d: authors_by_default is no boolean: 0"),
    (with_properties("d", date="March 2024"), "Document d: date is 'March 2024', which has the wrong form"),
    (with_properties("d", state="gone"), "Document d: state is 'gone', not one of active, withdrawn"),
    (with_properties("e", stance="likes"),
     "Statement/Evidence e: stance is 'likes', not one of supports, challenges, discusses"),
    (with_properties("e", confidence=1.5), "Statement/Evidence e: confidence 1.5 is not between 0 and 1"),
    (with_properties("e", confidence=float("nan")), "Statement/Evidence e: confidence is no float: nan"),
    (with_properties("e", predicate="delivers"), "Statement/Evidence e: predicate is not one of its properties"),
    (with_properties("m", kind="Thing"),
     "Mention m: kind is 'Thing', not one of Person, Organisation, Group, Place, Issue, Intervention, Outcome, Idea"),
    (with_properties("p", end=0), "Passage p: the span 0 to 0 is empty or turned round"),
    (with_properties("p", start=-1), "Passage p: the span -1 to 30 is empty or turned round"),
    (with_properties("council", aliases="Northbridge"), "aliases is not a list of strings"),
    (with_properties("council", aliases=["a", 7]), "aliases is no string: 7"),
    (with_properties("panels", sector="local-government"), "sector is not one of its properties"),
    (with_properties("d", id="other"), "Document d: its property id is other"),
    (with_properties("r", direction=None), "a direction belongs to leads_to, and to it alone"),
    (with_properties("r", predicate="delivers"), "a direction belongs to leads_to, and to it alone"),
    (with_labels("panels", "Thing", "Concept", "Intervantion"), "Intervantion is not a label of the ontology"),
    (with_labels("panels", "Concept", "Intervention"), "its labels are not Thing/Concept/Intervention"),
    (with_labels("panels", "Thing", "Concept", "Issue", "Intervention"),
     "its labels are not Thing/Concept/Intervention"),
    (with_labels("panels", "Thing", "Concept"), "Concept needs a narrower label"),
    (with_labels("panels"), "has no label"),
    (with_link(link("LOVES", "Thing:council", "Thing:panels")), "is not a relationship type of the ontology"),
    (with_link(link("DELIVERS", "Thing:panels", "Thing:council")),
     "starts at a Intervention, not at a Organisation or Person"),
    (with_link(link("DELIVERS", "Thing:council", "Thing:missed")), "ends at a Issue, not at a Intervention"),
    (with_link(link("DELIVERS", "Organisation:council", "Thing:panels")),
     "Organisation is not a label with unique ids"),
    (with_link(link("DELIVERS", "Thing:council", "Thing:panels", order=1)), "order is not one of its properties"),
    (with_link(link("DELIVERS", "Thing:council", "Thing:panels", statements="3")), "statements is no integer: '3'"),
    (with_link(link("DELIVERS", "Document:d", "Thing:panels")),
     "starts at a Document, not at a Organisation or Person"),
    (with_link(link("DELIVERS", "Document:elsewhere", "Thing:panels")),
     "starts at a Document, not at a Organisation or Person"),
    (with_link(link("SAME_TEXT_AS", "Document:d", "Document:c")), "goes from the lower id to the higher only"),
    (with_link(link("SAME_TEXT_AS", "Document:d", "Document:d")), "goes from the lower id to the higher only"),
    (without_link("MADE_BY", "e"), "Statement/Evidence e: has 0 MADE_BY, not 1"),
    (without_link("IN_PASSAGE", "r"), "Statement/Relation r: has 0 IN_PASSAGE, not 1 to 4"),
    (without_link("FROM_SECTOR", "r"), "Statement/Relation r: has 0 FROM_SECTOR, not 1"),
    (without_link("ABOUT", "e"), "Statement/Evidence e: has 0 ABOUT, not 1"),
    (without_link("OBJECT", "r"), "Statement/Relation r: has 0 OBJECT, not 1"),
    (without_link("REFERS_TO", "m"), "Mention m: has 0 REFERS_TO, not 1"),
    (without_link("PART_OF", "p"), "Passage p: has 0 PART_OF, not 1"),
    (with_link(link("MADE_BY", "Statement:e", "Thing:other")), "Statement/Evidence e: has 2 MADE_BY, not 1"),
    (moved("OBJECT", "panels"), "a Intervention is no object of leads_to"),
    (moved("SUBJECT", "council"), "a Organisation is no subject of leads_to"),
    (moved("ABOUT", "panels"), "ends at a Intervention, not at a Idea"),
    (moved("MADE_BY", "panels"), "ends at a Intervention, not at a Contributor"),
    (replace(FITTING, shared=(*FITTING.shared, node("Group", "council", name="tenants"))),
     "Thing council stands twice"),
])
def test_a_misfit_is_refused_with_its_reason(fragment: Fragment, told: str) -> None:
    with pytest.raises(OntologyError, match="document d does not fit the ontology") as caught:
        check_fragment(fragment)
    assert told in str(caught.value)


def test_ends_outside_the_fragment_are_judged_by_their_label() -> None:
    check_fragment(with_link(
        link("DECIDED_ON", "Decision:1", "Thing:elsewhere"), link("MENTIONS", "Document:d", "Thing:x", count=1),
    ))


def test_many_problems_are_counted() -> None:
    strangers = tuple(node("Sector", f"s{number}") for number in range(25))
    with pytest.raises(OntologyError, match="and 15 more"):
        check_fragment(replace(FITTING, shared=(*FITTING.shared, *strangers)))


CHECKS: dict[str, Callable[[Any], bool]] = {
    "string": lambda v: isinstance(v, str),
    "integer": lambda v: isinstance(v, int) and not isinstance(v, bool),
    "float": lambda v: isinstance(v, (int, float)) and not isinstance(v, bool) and abs(v) != float("inf") and v == v,
    "boolean": lambda v: isinstance(v, bool),
}


@given(value=st.one_of(st.text(), st.integers(), st.floats(), st.booleans(), st.binary(), st.lists(st.text())))
def test_a_value_passes_only_as_its_type(value: Any) -> None:
    infos = load().labels[Label.DOCUMENT].properties
    mention = load().labels[Label.MENTION].properties
    for info in (infos["title"], infos["year"], infos["authors_by_default"], mention["confidence"]):
        assert (item_problem(info, value) == "") == CHECKS[info.type](value)
