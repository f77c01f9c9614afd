"""The whole graph as RDF, by one rule.

A node is ``https://w3id.org/reform-evidence-graph/<label>/<id>`` (things under ``thing/``), typed with each of its
labels; its properties are ``reg:<name>`` with their datatypes, its relationships ``reg:`` and the type in camel case
(``MADE_BY``: ``reg:madeBy``). Left out: what the ontology says is not exported (texts of documents, counts), properties
of relationships, the graph's own state. ``ontology.check`` holds the result against ``shapes.ttl``.
"""
from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from rdflib import RDF, XSD, Graph, Literal, Namespace, URIRef

from errors import GraphError
from graph.store import Store
from ontology.model import Ontology, PropertyInfo, load
from ontology.terms import REG, Label

NODES = "MATCH (n) WHERE NOT n:GraphState RETURN labels(n), properties(n)"
LINKS = "MATCH (a)-[r]->(b) RETURN type(r), labels(a), a.id, labels(b), b.id"
DATATYPES = {"string": None, "integer": XSD.integer, "float": XSD.double, "boolean": XSD.boolean}
FORMATS = {".ttl": "turtle", ".nt": "nt", ".jsonld": "json-ld", ".xml": "xml", ".rdf": "xml"}


def export(store: Store) -> Graph:
    """The graph as it is now. Raises GraphError for a node or relationship that the ontology does not know."""
    ontology = load()
    graph = Graph()
    graph.bind("reg", Namespace(REG))
    for labels, properties in store.values(NODES):
        add_node(graph, ontology, labels, properties)
    for type_, starts, start, ends, end in store.values(LINKS):
        relation = ontology.relations.get(type_)
        if relation is None:
            raise GraphError(f"the graph holds a relationship of the type {type_}, which the ontology does not know")
        graph.add((iri(ontology, starts, start), URIRef(relation.iri), iri(ontology, ends, end)))
    return graph


def iri(ontology: Ontology, labels: list[str], id_: str) -> URIRef:
    """The name of a node."""
    return URIRef(ontology.iri(narrowest(ontology, labels), quote(id_, safe="")))


def narrowest(ontology: Ontology, labels: list[str]) -> Label:
    """The label that all others of a node are above. Raises GraphError where there is none."""
    for label in labels:
        if label in ontology.labels and set(labels) == set(ontology.labels_of(label)):
            return Label(label)
    raise GraphError(f"the graph holds a node with the labels {', '.join(sorted(labels))}, which do not go together")


def add_node(graph: Graph, ontology: Ontology, labels: list[str], properties: dict[str, object]) -> None:
    label = narrowest(ontology, labels)
    subject = iri(ontology, labels, str(properties["id"]))
    for name in labels:
        graph.add((subject, RDF.type, URIRef(REG + name)))
    known = ontology.labels[label].properties
    for name, value in properties.items():
        if name not in known:
            raise GraphError(f"the graph holds a {label} with the property {name}, which the ontology does not know")
        if known[name].exported:
            for each in value if isinstance(value, list) else (value,):
                graph.add((subject, URIRef(known[name].iri), literal(known[name], each)))


def literal(info: PropertyInfo, value: object) -> Literal:
    """A text has no datatype of its own here: in RDF 1.1 that is ``xsd:string``, and rdflib tells the two apart."""
    return Literal(float(str(value)) if info.type == "float" else value, datatype=DATATYPES[info.type])


def write(graph: Graph, path: Path) -> None:
    """Writes a graph in the format that the file's name ends in. Raises GraphError for another ending."""
    format_ = FORMATS.get(path.suffix)
    if format_ is None:
        raise GraphError(f"{path.name}: the name of an export ends in one of {', '.join(sorted(FORMATS))}")
    try:
        graph.serialize(path, format=format_, encoding="utf-8")
    except OSError as problem:
        raise GraphError(f"{path} cannot be written: {problem.strerror}") from problem
