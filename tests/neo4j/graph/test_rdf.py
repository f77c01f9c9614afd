"""Strategy: documents with decisions are exported and held against the shapes; then node by node against the graph."""
from __future__ import annotations

import random
from pathlib import Path

import pytest
from rdflib import RDF, Graph, Literal, URIRef

from errors import GraphError, OntologyError
from graph import rdf
from graph.project import bring_up_to_date
from graph.store import Store
from ontology.check import check
from ontology.model import load
from records.store import Records
from tests.collection import decide_something, take_in

REG = "https://w3id.org/reform-evidence-graph/ontology#"
BASE = "https://w3id.org/reform-evidence-graph/"


def test_the_export_conforms_to_the_shapes(records: Records, store: Store, tmp_path: Path) -> None:
    choice = random.Random(11)
    ids = [take_in(records, number) for number in range(5)]
    for _ in range(15):
        decide_something(records, choice, ids)
    bring_up_to_date(records, store)
    graph = rdf.export(store)
    check(graph)
    kinds = {str(type_).removeprefix(REG) for type_ in graph.objects(None, RDF.type)}
    assert {"Document", "Mention", "Evidence", "Relation", "Person", "Idea", "Decision", "Study", "Sector"} <= kinds
    rdf.write(graph, tmp_path / "graph.ttl")
    assert len(Graph().parse(tmp_path / "graph.ttl")) == len(graph)
    # The check is no rubber stamp: one statement without its contributor, and it fails.
    statement = next(graph.subjects(RDF.type, URIRef(REG + "Statement")))
    graph.remove((statement, URIRef(REG + "madeBy"), None))
    with pytest.raises(OntologyError):
        check(graph)


def test_all_is_exported_but_what_the_rule_leaves_out(records: Records, store: Store) -> None:
    take_in(records, 1)
    bring_up_to_date(records, store)
    graph = rdf.export(store)
    [[nodes]] = store.values("MATCH (n) WHERE NOT n:GraphState RETURN count(n)")
    [[links]] = store.values("MATCH (a)-[r]->(b) RETURN count(DISTINCT [a.id, type(r), b.id])")
    assert len(set(graph.subjects(RDF.type, None))) == nodes
    assert sum(isinstance(o, URIRef) for _, p, o in graph if p != RDF.type) == links
    relations = {relation.iri for relation in load().relations.values()}
    assert {str(p) for _, p, o in graph if p != RDF.type and isinstance(o, URIRef)} <= relations
    document = next(graph.subjects(RDF.type, URIRef(REG + "Document")))
    assert str(document).startswith(BASE + "document/")
    assert graph.value(document, URIRef(REG + "text")) is None
    assert graph.value(document, URIRef(REG + "title")) == Literal("Document 1")
    person = next(graph.subjects(RDF.type, URIRef(REG + "Person")))
    assert str(person).startswith(BASE + "thing/")
    types = {str(o).removeprefix(REG) for o in graph.objects(person, RDF.type)}
    assert types == {"Thing", "Contributor", "Person"}
    assert graph.value(person, URIRef(REG + "degree")) is None
    assert not [s for s in graph.subjects() if "graphstate" in str(s).lower()]


def test_what_the_ontology_does_not_know_is_not_exported_in_silence(store: Store) -> None:
    store.run("CREATE (:Stranger {id: 'x'})")
    with pytest.raises(GraphError, match="Stranger"):
        rdf.export(store)
    store.run("MATCH (n:Stranger) DELETE n")


def test_an_ending_names_the_format(tmp_path: Path) -> None:
    with pytest.raises(GraphError, match=r"\.ttl"):
        rdf.write(Graph(), tmp_path / "graph.doc")
    with pytest.raises(GraphError, match="cannot be written"):
        rdf.write(Graph(), tmp_path / "no-such-folder" / "graph.ttl")
