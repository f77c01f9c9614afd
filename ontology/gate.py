"""The gate before the graph: nothing is written that the ontology does not allow.

Works on anything shaped like ``graph.fragment.Fragment``; this folder imports no other.
"""
from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from errors import OntologyError
from ontology import model
from ontology.terms import Label, Predicate, Relation

MOST_NAMED = 10  # problems that an error's sentence names


class NodeLike(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def labels(self) -> Sequence[str]: ...
    @property
    def properties(self) -> Mapping[str, Any]: ...


class RelationshipLike(Protocol):
    @property
    def type(self) -> str: ...
    @property
    def start_label(self) -> str: ...
    @property
    def start(self) -> str: ...
    @property
    def end_label(self) -> str: ...
    @property
    def end(self) -> str: ...
    @property
    def properties(self) -> Mapping[str, Any]: ...


class FragmentLike(Protocol):
    @property
    def document_id(self) -> str: ...
    @property
    def owned(self) -> Sequence[NodeLike]: ...
    @property
    def shared(self) -> Sequence[NodeLike]: ...
    @property
    def relationships(self) -> Sequence[RelationshipLike]: ...


def check_fragment(fragment: FragmentLike) -> None:
    """Raises OntologyError, which names the document and the first problems, unless all of it fits.

    Checked: labels (with all their ancestors), required and known properties, their types,
    values and patterns; types, ends and properties of relationships; how many of a type a node
    must have; that the ends of a statement's relation fit its predicate; that a span has a
    positive length. A property that is None counts as absent, as in the database.
    """
    if problems := find_problems(fragment):
        named = "; ".join(problems[:MOST_NAMED])
        more = f"; and {len(problems) - MOST_NAMED} more" if len(problems) > MOST_NAMED else ""
        raise OntologyError(f"document {fragment.document_id} does not fit the ontology: {named}{more}")


def find_problems(fragment: FragmentLike) -> list[str]:
    """All that does not fit, in plain words."""
    ontology = model.load()
    problems: list[str] = []
    nodes: dict[tuple[str, str], NodeLike] = {}
    for node in (*fragment.owned, *fragment.shared):
        found = node_problems(ontology, node)
        problems += [f"{'/'.join(node.labels)} {node.id}: {problem}" for problem in found]
        if known_labels(ontology, node.labels):
            key = (ontology.unique_label(node.labels[-1]), node.id)
            if key in nodes:
                problems.append(f"{key[0]} {node.id} stands twice")
            nodes[key] = node
    counts: Counter[tuple[str, str, str]] = Counter()
    for relationship in fragment.relationships:
        found = relationship_problems(ontology, relationship, nodes)
        problems += [
            f"{relationship.start_label} {relationship.start} {relationship.type} "
            f"{relationship.end_label} {relationship.end}: {problem}" for problem in found
        ]
        counts[relationship.start_label, relationship.start, relationship.type] += 1
    for (label, id_), node in nodes.items():
        for type_, (fewest, most) in ontology.labels[node.labels[-1]].cardinalities.items():
            number = counts[label, id_, type_]
            if number < fewest or (most is not None and number > most):
                problems.append(f"{'/'.join(node.labels)} {id_}: has {number} {type_}, not {in_words(fewest, most)}")
    return problems


def known_labels(ontology: model.Ontology, labels: Sequence[str]) -> bool:
    return bool(labels) and all(label in ontology.labels for label in labels)


def node_problems(ontology: model.Ontology, node: NodeLike) -> list[str]:
    """What does not fit about a node by itself."""
    if not node.labels:
        return ["has no label"]
    if unknown := [label for label in node.labels if label not in ontology.labels]:
        return [f"{', '.join(unknown)} is not a label of the ontology"]
    info = ontology.labels[node.labels[-1]]
    problems = []
    if set(node.labels) != {*info.ancestors, info.label} or len(node.labels) != len(set(node.labels)):
        problems.append(f"its labels are not {'/'.join((*info.ancestors, info.label))}")
    if info.abstract:
        problems.append(f"{info.label} needs a narrower label")
    if not isinstance(node.id, str) or not node.id:
        problems.append("has no id")
    if node.properties.get("id", node.id) != node.id:
        problems.append(f"its property id is {node.properties['id']}")
    values = {**node.properties, "id": node.id}
    problems += property_problems(info.properties, values)
    start, end = values.get("start"), values.get("end")
    if isinstance(start, int) and isinstance(end, int) and not 0 <= start < end:
        problems.append(f"the span {start} to {end} is empty or turned round")
    confidence = values.get("confidence")
    if isinstance(confidence, (int, float)) and not 0 <= confidence <= 1:
        problems.append(f"confidence {confidence} is not between 0 and 1")
    directed, leads_to = values.get("direction") is not None, values.get("predicate") == Predicate.LEADS_TO
    if info.label == Label.RELATION and directed != leads_to:
        problems.append("a direction belongs to leads_to, and to it alone")
    return problems


def property_problems(known: Mapping[str, model.PropertyInfo], values: Mapping[str, Any]) -> list[str]:
    """Unknown, missing and ill-typed properties. None counts as absent."""
    problems = []
    for name, value in values.items():
        if value is None:
            continue
        if name not in known:
            problems.append(f"{name} is not one of its properties")
        elif problem := value_problem(known[name], value):
            problems.append(f"{name} {problem}")
    return problems + [
        f"has no {name}" for name, info in known.items() if info.required and values.get(name) is None
    ]


def value_problem(info: model.PropertyInfo, value: Any) -> str:
    """What is wrong with a property's value, or an empty string."""
    if info.many:
        if not isinstance(value, (list, tuple)):
            return f"is not a list of {info.type}s"
        return next((problem for item in value if (problem := item_problem(info, item))), "")
    return item_problem(info, value)


def item_problem(info: model.PropertyInfo, value: Any) -> str:
    fits = {
        "string": isinstance(value, str),
        "integer": isinstance(value, int) and not isinstance(value, bool),
        "float": isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value),
        "boolean": isinstance(value, bool),
    }[info.type]
    if not fits:
        return f"is no {info.type}: {value!r}"
    if info.values and value not in info.values:
        return f"is {value!r}, not one of {', '.join(info.values)}"
    if info.pattern and not re.search(info.pattern, value):
        return f"is {value!r}, which has the wrong form"
    return ""


def relationship_problems(
    ontology: model.Ontology, relationship: RelationshipLike, nodes: Mapping[tuple[str, str], NodeLike],
) -> list[str]:
    """What does not fit about a relationship. Ends that the fragment does not hold are judged by their label."""
    if relationship.type not in ontology.relations:
        return ["is not a relationship type of the ontology"]
    info = ontology.relations[relationship.type]
    problems = property_problems(info.properties, relationship.properties)
    ends = (
        ("starts", relationship.start_label, relationship.start, info.domain),
        ("ends", relationship.end_label, relationship.end, info.range),
    )
    for verb, label, id_, classes in ends:
        if label not in ontology.labels or "id" not in ontology.labels[label].unique:
            problems.append(f"{label} is not a label with unique ids")
            continue
        node = nodes.get((label, id_))
        if node is not None and not ontology.is_a(node.labels, classes):
            problems.append(f"{verb} at a {node.labels[-1]}, not at a {' or '.join(classes)}")
        elif node is None and not may_be(ontology, label, classes):
            problems.append(f"{verb} at a {label}, not at a {' or '.join(classes)}")
    if relationship.type in {Relation.SUBJECT, Relation.OBJECT}:
        problems += predicate_problems(ontology, relationship, nodes)
    if relationship.type == Relation.SAME_TEXT_AS and relationship.start >= relationship.end:
        problems.append("goes from the lower id to the higher only")
    return problems


def may_be(ontology: model.Ontology, label: str, classes: Sequence[str]) -> bool:
    """Whether a node found under ``label`` may belong to one of ``classes``: above or below it in the tree."""
    return any(c in ontology.family(label) or label in ontology.family(c) for c in classes)


def predicate_problems(
    ontology: model.Ontology, relationship: RelationshipLike, nodes: Mapping[tuple[str, str], NodeLike],
) -> list[str]:
    """Whether the thing fits the place that the statement's predicate gives it."""
    statement = nodes.get((relationship.start_label, relationship.start))
    thing = nodes.get((relationship.end_label, relationship.end))
    predicate = str(statement.properties.get("predicate")) if statement is not None else ""
    if thing is None or predicate not in ontology.predicates or not known_labels(ontology, thing.labels):
        return []
    relation = ontology.relations[ontology.predicates[predicate]]
    classes = relation.domain if relationship.type == Relation.SUBJECT else relation.range
    if ontology.is_a(thing.labels, classes):
        return []
    return [f"a {thing.labels[-1]} is no {relationship.type.lower()} of {predicate}"]


def in_words(fewest: int, most: int | None) -> str:
    if most is None:
        return f"{fewest} or more"
    return str(fewest) if fewest == most else f"{fewest} to {most}"
