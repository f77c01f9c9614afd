"""Reads the ontology's Turtle into the objects of ``ontology.model``. Only this module knows its form."""
from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from rdflib import OWL, RDF, RDFS, SKOS, XSD, Graph, Namespace, URIRef
from rdflib.collection import Collection as RdfList
from rdflib.term import Node as Term

from errors import OntologyError
from ontology import terms
from ontology.model import (
    FOLDER,
    FullTextIndex,
    Heading,
    Idea,
    LabelInfo,
    Ontology,
    Position,
    PropertyInfo,
    RelationInfo,
    Sector,
    Value,
    ValueList,
    to_type,
)

REG = Namespace(terms.REG)
META = Namespace(terms.META)
SCHEME = Namespace(terms.BASE + "scheme/")
TYPES = {XSD.string: "string", XSD.integer: "integer", XSD.double: "float", XSD.boolean: "boolean"}
ALIGNED = (RDFS.subClassOf, RDFS.subPropertyOf, SKOS.closeMatch)
FILES = ("reform.ttl", "thesaurus.ttl")


def parse() -> Graph:
    """The Turtle of this checkout as one graph. Raises OntologyError when a file cannot be read."""
    graph = Graph()
    for name in FILES:
        try:
            graph.parse(FOLDER / name, format="turtle")
        except Exception as problem:  # rdflib's parser raises many kinds
            raise OntologyError(f"{name} cannot be read: {problem}") from problem
    return graph


def read(graph: Graph, hash_: str = "") -> Ontology:
    """The ontology that a graph of Turtle states. Raises OntologyError when it does not fit together."""
    return _Reader(graph).ontology(hash_)


class _Reader:
    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.classes = sorted(local(s) for s in graph.subjects(RDF.type, OWL.Class) if isinstance(s, URIRef))
        self.parents = {
            name: tuple(sorted(local(o) for o in graph.objects(REG[name], RDFS.subClassOf)
                               if isinstance(o, URIRef) and o in REG))
            for name in self.classes
        }
        self.value_lists = self.read_values()
        self.properties = {
            self.property_name(s): s for s in graph.subjects(RDF.type, OWL.DatatypeProperty) if isinstance(s, URIRef)
        }

    def ontology(self, hash_: str) -> Ontology:
        labels = {name: self.label(name) for name in self.in_order(OWL.Class)}
        relations = {info.type: info for info in map(self.relation, self.in_order(OWL.ObjectProperty))}
        predicates = {
            self.text(value, SKOS.notation): to_type(local(relation))
            for value, relation in self.graph.subject_objects(META.relationship)
        }
        indexes = {
            local(s): FullTextIndex(
                local(s), self.text(s, RDFS.label), self.locals(s, META.over),
                tuple(sorted(self.property_name(o) for o in self.graph.objects(s, META.reads))),
            )
            for s in self.graph.subjects(RDF.type, META.FullTextIndex)
        }
        version = self.text(URIRef(terms.BASE + "ontology"), OWL.versionInfo)
        return Ontology(
            labels=MappingProxyType(labels), relations=MappingProxyType(relations),
            values=MappingProxyType(self.value_lists), ideas=self.ideas(), sectors=self.sectors(),
            positions=self.positions(), headings=self.headings(),
            predicates=MappingProxyType({p: predicates[p] for p in self.value_lists["predicates"].values}),
            full_text_indexes=MappingProxyType(indexes), hash=hash_, version=version,
            _families=MappingProxyType({name: frozenset((name, *self.ancestors(name))) for name in self.classes}),
        )

    # Classes and relations

    def label(self, name: str) -> LabelInfo:
        subject, ancestors = REG[name], self.ancestors(name)
        family = (*ancestors, name)
        required = {o for member in family for o in self.graph.objects(REG[member], META.requires)}
        properties = {
            key: self.property(iri, name, iri in required)
            for key, iri in self.properties.items() if set(family) & set(self.domain_of(iri))
        }
        if missing := {local(o) for o in required} - {local(URIRef(p.iri)) for p in properties.values()}:
            raise OntologyError(f"{name} requires {', '.join(sorted(missing))}, which it may not have")
        cardinalities: dict[str, tuple[int, int | None]] = {}
        for member in family:
            cardinalities |= self.cardinalities(REG[member])
        keys = [RdfList(self.graph, o) for o in self.graph.objects(subject, OWL.hasKey)]
        return LabelInfo(
            label=name, title=self.text(subject, RDFS.label), plural=self.text(subject, META.plural),
            definition=self.text(subject, SKOS.definition), example=self.text(subject, SKOS.example),
            parents=self.parents[name], ancestors=ancestors, properties=MappingProxyType(properties),
            unique=tuple(self.property_name(item) for key in keys for item in key),
            indexed=tuple(sorted(self.property_name(o) for o in self.graph.objects(subject, META.indexed))),
            cardinalities=MappingProxyType(cardinalities), abstract=self.flag(subject, META.abstract),
            alignments=self.alignments(subject),
        )

    def ancestors(self, name: str) -> tuple[str, ...]:
        found: list[str] = []
        for parent in self.parents[name]:
            if parent not in self.parents:
                raise OntologyError(f"{name} is under {parent}, which is no class")
            found += [a for a in (*self.ancestors(parent), parent) if a not in found]
        return tuple(found)

    def cardinalities(self, subject: URIRef) -> dict[str, tuple[int, int | None]]:
        found: dict[str, tuple[int, int | None]] = {}
        for node in self.graph.objects(subject, RDFS.subClassOf):
            if (node, RDF.type, OWL.Restriction) not in self.graph:
                continue
            exact, fewest, most = (
                self.graph.value(node, p) for p in (OWL.cardinality, OWL.minCardinality, OWL.maxCardinality)
            )
            low = int(str(exact or fewest or 0))
            high = None if exact is None and most is None else int(str(most if exact is None else exact))
            found[to_type(local(self.one(node, OWL.onProperty)))] = (low, high)
        return found

    def relation(self, name: str) -> RelationInfo:
        subject = REG[name]
        return RelationInfo(
            type=to_type(name), title=self.text(subject, RDFS.label),
            inverse_title=self.text(subject, META.inverseLabel), definition=self.text(subject, SKOS.definition),
            example=self.text(subject, SKOS.example), domain=self.members(subject, RDFS.domain),
            range=self.members(subject, RDFS.range),
            properties=MappingProxyType({
                self.property_name(o): self.property(o, name, False)
                for o in self.graph.objects(subject, META.carries) if isinstance(o, URIRef)
            }),
            derived=self.flag(subject, META.derived), iri=str(subject), alignments=self.alignments(subject),
        )

    def property(self, iri: URIRef, owner: str, required: bool) -> PropertyInfo:
        datatype = URIRef(str(self.one(iri, RDFS.range)))
        if datatype not in TYPES:
            raise OntologyError(f"{local(iri)} has the range {datatype}, which no property may have")
        family = (owner, *self.ancestors(owner)) if owner in self.parents else (owner,)
        name = self.property_name(iri)
        values = next(
            (tuple(vl.values) for vl in self.value_lists.values() if vl.property == name and vl.label in family), (),
        )
        return PropertyInfo(
            name=name, type=TYPES[datatype], required=required, many=self.flag(iri, META.many), values=values,
            pattern=str(self.graph.value(iri, META.pattern) or ""), derived=self.flag(iri, META.derived),
            exported=self.flag(iri, META.exported, default=True), iri=str(iri), title=self.text(iri, RDFS.label),
            definition=self.text(iri, SKOS.definition), example=self.text(iri, SKOS.example),
            alignments=self.alignments(iri),
        )

    def read_values(self) -> dict[str, ValueList]:
        lists = {}
        for subject in self.graph.subjects(META.valuesOf, None):
            values = {
                self.text(v, SKOS.notation): Value(
                    self.text(v, SKOS.notation), self.text(v, SKOS.prefLabel), self.text(v, SKOS.definition),
                    self.text(v, SKOS.example),
                )
                for v in self.graph.subjects(SKOS.inScheme, subject)
            }
            lists[local(subject)] = ValueList(
                local(subject), self.text(subject, RDFS.label), self.text(subject, SKOS.definition),
                local(self.one(subject, META.valuesFor)), local(self.one(subject, META.valuesOf)),
                MappingProxyType(values),
            )
        return lists

    # Thesaurus

    def ideas(self) -> Mapping[str, Idea]:
        return MappingProxyType({
            id_: Idea(id_, self.text(s, SKOS.prefLabel), self.text(s, SKOS.definition), self.texts(s, SKOS.altLabel),
                      self.texts(s, SKOS.hiddenLabel), str(self.graph.value(s, SKOS.scopeNote) or ""))
            for id_, s in self.concepts("ideas")
        })

    def sectors(self) -> Mapping[str, Sector]:
        return MappingProxyType({
            id_: Sector(id_, self.text(s, SKOS.prefLabel), self.text(s, SKOS.definition))
            for id_, s in self.concepts("sectors")
        })

    def positions(self) -> Mapping[str, Position]:
        return MappingProxyType({
            id_: Position(id_, self.text(s, SKOS.prefLabel), self.text(s, SKOS.definition),
                          self.texts(s, SKOS.altLabel))
            for id_, s in self.concepts("positions")
        })

    def headings(self) -> Mapping[str, Heading]:
        found = {}
        for kind in self.value_lists["heading_kinds"].values:
            for id_, s in self.concepts(kind.lower() + "s"):
                broader = self.graph.value(s, SKOS.broader)
                found[id_] = Heading(
                    id_, self.text(s, SKOS.prefLabel), self.text(s, SKOS.definition), kind,
                    self.texts(s, SKOS.altLabel), self.texts(s, SKOS.hiddenLabel), local(broader) if broader else "",
                )
        return MappingProxyType(found)

    def concepts(self, scheme: str) -> list[tuple[str, Term]]:
        return [(local(s), s) for s in self.graph.subjects(SKOS.inScheme, SCHEME[scheme])]

    # Values of the graph

    def in_order(self, kind: URIRef) -> list[str]:
        """Local names of the subjects of a kind, in the order of the file."""
        return [local(s) for s in self.graph.subjects(RDF.type, kind) if isinstance(s, URIRef)]

    def one(self, subject: Term, predicate: URIRef) -> Term:
        objects = list(self.graph.objects(subject, predicate))
        if len(objects) != 1:
            raise OntologyError(f"{local(subject)} has {len(objects)} values of {local(predicate)}, not one")
        return objects[0]

    def text(self, subject: Term, predicate: URIRef) -> str:
        return str(self.one(subject, predicate))

    def texts(self, subject: Term, predicate: URIRef) -> tuple[str, ...]:
        return tuple(sorted(map(str, self.graph.objects(subject, predicate))))

    def flag(self, subject: Term, predicate: URIRef, default: bool = False) -> bool:
        value = self.graph.value(subject, predicate)
        return default if value is None else str(value) == "true"

    def locals(self, subject: Term, predicate: URIRef) -> tuple[str, ...]:
        return tuple(sorted(map(local, self.graph.objects(subject, predicate))))

    def members(self, subject: Term, predicate: URIRef) -> tuple[str, ...]:
        """The class, or the classes of the union, that a domain or range names."""
        value = self.one(subject, predicate)
        union = self.graph.value(value, OWL.unionOf)
        return (local(value),) if union is None else tuple(map(local, RdfList(self.graph, union)))

    def domain_of(self, iri: URIRef) -> tuple[str, ...]:
        return self.members(iri, RDFS.domain)

    def property_name(self, iri: Term) -> str:
        return str(self.graph.value(iri, META.name) or local(iri))

    def alignments(self, subject: Term) -> tuple[str, ...]:
        """Terms of other vocabularies, as prefixed names."""
        return tuple(sorted(
            self.graph.namespace_manager.normalizeUri(o)
            for p in ALIGNED for o in self.graph.objects(subject, p) if isinstance(o, URIRef) and o not in REG
        ))


def local(term: object) -> str:
    """The last part of an IRI."""
    return re.split(r"[#/]", str(term))[-1]
