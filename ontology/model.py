"""The ontology as Python objects, read from the Turtle once.

``load()`` gives labels, relationship types, values, indexes and the thesaurus, with the words
that pages show. It reads ``reform.ttl`` and ``thesaurus.ttl`` with rdflib and does not import
pySHACL; ``ontology.check`` does.
"""
from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from errors import OntologyError
from ontology import terms

FOLDER = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class PropertyInfo:
    """A property of a node or relationship. ``type``: string, integer, float or boolean."""

    name: str
    type: str
    required: bool
    many: bool  # a list of that type
    values: tuple[str, ...]  # the only values allowed; empty: any
    pattern: str  # regular expression that a text matches; empty: any
    derived: bool
    exported: bool  # goes into the RDF export
    iri: str
    title: str
    definition: str
    example: str
    alignments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LabelInfo:
    """A node label. ``properties`` and ``cardinalities`` include those of its ancestors."""

    label: str
    title: str
    plural: str
    definition: str
    example: str
    parents: tuple[str, ...]
    ancestors: tuple[str, ...]  # the most general first
    properties: Mapping[str, PropertyInfo]
    unique: tuple[str, ...]  # properties that are unique under this label itself
    indexed: tuple[str, ...]  # properties with a plain index under this label
    cardinalities: Mapping[str, tuple[int, int | None]]  # relationship type -> fewest, most (None: any)
    abstract: bool = False  # nodes always carry a narrower label too
    alignments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RelationInfo:
    """A relationship type, with the words for reading it from either end."""

    type: str
    title: str
    inverse_title: str
    definition: str
    example: str
    domain: tuple[str, ...]
    range: tuple[str, ...]
    properties: Mapping[str, PropertyInfo]
    derived: bool
    iri: str
    alignments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a closed list, e.g. a stance, with the word that pages show."""

    id: str
    label: str
    definition: str
    example: str


@dataclass(frozen=True, slots=True)
class ValueList:
    """A closed list: the values of ``property`` under ``label``."""

    name: str
    title: str
    definition: str
    label: str
    property: str
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Idea:
    """An idea of the thesaurus. ``hidden_labels`` are ambiguous: match them with care."""

    id: str
    label: str
    definition: str
    alt_labels: tuple[str, ...] = ()
    hidden_labels: tuple[str, ...] = ()
    scope_note: str = ""


@dataclass(frozen=True, slots=True)
class Sector:
    id: str
    label: str
    definition: str


@dataclass(frozen=True, slots=True)
class Position:
    id: str
    label: str
    definition: str
    alt_labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading for issues, interventions or outcomes. ``broader`` is a heading's id or empty."""

    id: str
    label: str
    definition: str
    kind: str
    alt_labels: tuple[str, ...] = ()
    hidden_labels: tuple[str, ...] = ()
    broader: str = ""


@dataclass(frozen=True, slots=True)
class FullTextIndex:
    name: str
    title: str
    labels: tuple[str, ...]
    properties: tuple[str, ...]


@dataclass(frozen=True)
class Ontology:
    labels: Mapping[str, LabelInfo]
    relations: Mapping[str, RelationInfo]
    values: Mapping[str, ValueList]  # by the local name of the list: roles, stances, ...
    ideas: Mapping[str, Idea]
    sectors: Mapping[str, Sector]
    positions: Mapping[str, Position]
    headings: Mapping[str, Heading]
    predicates: Mapping[str, str]  # predicate id -> relationship type
    full_text_indexes: Mapping[str, FullTextIndex]
    hash: str
    version: str
    _families: Mapping[str, frozenset[str]] = field(repr=False, default_factory=dict)

    def allows(self, type_: str, start_labels: Iterable[str], end_labels: Iterable[str]) -> bool:
        """Whether a relationship of this type may go from a node with the one labels to one with the others.

        Raises OntologyError for an unknown type or label.
        """
        relation = self.relation(type_)
        return self.is_a(start_labels, relation.domain) and self.is_a(end_labels, relation.range)

    def is_a(self, labels: Iterable[str], classes: Collection[str]) -> bool:
        """Whether a node with ``labels`` belongs to one of ``classes``. Raises OntologyError for an unknown label."""
        return any(ancestor in classes for label in labels for ancestor in self.family(label))

    def family(self, label: str) -> frozenset[str]:
        """The label and its ancestors. Raises OntologyError when it is unknown."""
        try:
            return self._families[label]
        except KeyError:
            raise OntologyError(f"{label} is not a label of the ontology") from None

    def relation(self, type_: str) -> RelationInfo:
        """Raises OntologyError when the type is unknown."""
        try:
            return self.relations[type_]
        except KeyError:
            raise OntologyError(f"{type_} is not a relationship type of the ontology") from None

    def labels_of(self, label: str) -> tuple[str, ...]:
        """All labels that a node of this label carries, the most specific last: Thing, Contributor, Person."""
        self.family(label)
        return (*self.labels[label].ancestors, label)

    def unique_label(self, label: str) -> str:
        """The label under which the node's id is unique: Thing for a Person.

        Raises OntologyError when the label is unknown or has no unique id.
        """
        for candidate in self.labels_of(label):
            if "id" in self.labels[candidate].unique:
                return candidate
        raise OntologyError(f"{label} has no unique id")

    @property
    def uniqueness(self) -> tuple[tuple[str, str], ...]:
        """Label and property of each uniqueness constraint."""
        return tuple((info.label, name) for info in self.labels.values() for name in info.unique)

    @property
    def indexes(self) -> tuple[tuple[str, str], ...]:
        """Label and property of each plain index."""
        return tuple((info.label, name) for info in self.labels.values() for name in info.indexed)

    def iri(self, label: str, id_: str) -> str:
        """The IRI of a node in the RDF export: ``…/thing/<id>``, ``…/document/<id>``, …"""
        return f"{terms.BASE}{self.unique_label(label).lower()}/{id_}"


def to_type(local_name: str) -> str:
    """madeBy -> MADE_BY."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", local_name).upper()


def to_local_name(type_: str) -> str:
    """MADE_BY -> madeBy."""
    first, *rest = type_.lower().split("_")
    return first + "".join(part.capitalize() for part in rest)


def ontology_files() -> tuple[Path, ...]:
    """The files that the ontology's hash covers, in a fixed order."""
    return (
        FOLDER / "reform.ttl", FOLDER / "thesaurus.ttl", *sorted((FOLDER / "gazetteer").glob("*.csv")),
    )


@cache
def load() -> Ontology:
    """The ontology of this checkout. Raises OntologyError when the Turtle does not fit together."""
    from ontology import turtle  # rdflib takes a quarter of a second to import: only who loads pays

    return turtle.read(turtle.parse(), current_hash())


def current_hash() -> str:
    """What ``load().hash`` is, without loading."""
    return hash_files(ontology_files())


def hash_files(files: Iterable[Path]) -> str:
    """SHA-256 over names and contents. Line ends are read as one, so that checkouts agree."""
    digest = hashlib.sha256()
    for path in files:
        digest.update(path.name.encode() + b"\0" + path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return digest.hexdigest()
