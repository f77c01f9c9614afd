"""Whether the ontology is complete and agrees with itself: it is now, and each kind of fault is found.

Strategy: the real Turtle, with one fault put in.
"""
from __future__ import annotations

import pytest
from rdflib import OWL, RDF, RDFS, SH, SKOS, XSD, Graph, Literal, URIRef

from errors import OntologyError
from ontology import check, soundness, turtle
from ontology.turtle import META, REG, SCHEME

THING = "https://w3id.org/reform-evidence-graph/thing/"
HEADING = "https://w3id.org/reform-evidence-graph/heading/"


ONTOLOGY = turtle.parse()


def ontology() -> Graph:
    """A copy of the real one, to put a fault into."""
    graph = Graph()
    for triple in ONTOLOGY:
        graph.add(triple)
    return graph


def english(text: str) -> Literal:
    return Literal(text, lang="en")


def test_the_ontology_is_sound() -> None:
    soundness.check_ontology()


@pytest.mark.parametrize(("subject", "predicate", "told"), [
    (REG.Person, RDFS.label, "reg:Person has 0 of label"), (REG.Person, META.plural, "reg:Person has 0 of plural"),
    (REG.Person, SKOS.definition, "reg:Person has 0 of definition"),
    (REG.Person, SKOS.example, "reg:Person has 0 of example"),
    (REG.madeBy, META.inverseLabel, "reg:madeBy has 0 of inverseLabel"),
    (REG.madeBy, RDFS.domain, "reg:madeBy has 0 of domain"), (REG.madeBy, RDFS.range, "reg:madeBy has 0 of range"),
    (REG.title, SKOS.example, "reg:title has 0 of example"),
    (REG["stance-supports"], SKOS.notation, "reg:stance-supports has 0 of notation"),
    (REG["stance-supports"], SKOS.definition, "reg:stance-supports has 0 of definition"),
])
def test_a_missing_word_is_found(subject: URIRef, predicate: URIRef, told: str) -> None:
    graph = ontology()
    graph.remove((subject, predicate, None))
    assert any(problem.startswith(told) for problem in soundness.ontology_problems(graph))


@pytest.mark.parametrize(("fault", "told"), [
    ((REG.Person, SKOS.definition, Literal("Another.")), "reg:Person has 2 of definition"),
    ((REG.Person, META.requires, REG.shoeSize), "reg:shoeSize is used but not declared"),
    ((REG["predicate-delivers"], META.relationship, REG.addresses), "reg:predicate-delivers has 2 of relationship"),
    ((REG.Person, META.indexed, REG.title), "reg:Person has an index over a property that it does not have"),
    ((REG.search_things, META.reads, REG.quote), "search_things reads quote, which no Thing has"),
])
def test_a_wrong_statement_is_found(fault: tuple[URIRef, URIRef, URIRef], told: str) -> None:
    graph = ontology()
    graph.add(fault)
    assert any(told in problem for problem in soundness.ontology_problems(graph))


def test_a_predicate_that_leads_elsewhere_is_found() -> None:
    graph = ontology()
    graph.set((REG["predicate-delivers"], META.relationship, REG.addresses))
    assert "the predicate delivers gives the relationship type ADDRESSES" in soundness.ontology_problems(graph)


def test_a_class_without_an_id_is_found() -> None:
    graph = ontology()
    graph.remove((REG.Study, OWL.hasKey, None))
    assert "reg:Study has no unique id" in soundness.ontology_problems(graph)


def test_an_end_that_is_no_class_is_found() -> None:
    graph = ontology()
    graph.set((REG.madeBy, RDFS.range, REG.title))
    assert "MADE_BY leads from or to title, which is no class" in soundness.ontology_problems(graph)


CO_PRODUCTION, LONELINESS = URIRef(THING + "co-production"), URIRef(HEADING + "loneliness-and-isolation")


@pytest.mark.parametrize(("fault", "told"), [
    ((CO_PRODUCTION, SKOS.altLabel, english("Co-designed")), "ideas: “co-designed” is a label of"),
    ((CO_PRODUCTION, SKOS.hiddenLabel, english("Co-designed")), "ideas: “co-designed” is a label of"),
    ((CO_PRODUCTION, SKOS.altLabel, english("co-Production")), "has the label “co-production” twice"),
    ((CO_PRODUCTION, SKOS.altLabel, english(" spaced")), "not English text without outer spaces"),
    ((CO_PRODUCTION, SKOS.altLabel, Literal("coproduzione", lang="it")), "not English text"),
    ((CO_PRODUCTION, SKOS.prefLabel, english("Another")), "thing/co-production has 2 of prefLabel"),
    ((CO_PRODUCTION, SKOS.inScheme, SCHEME.sectors), "thing/co-production has 2 of inScheme"),
    ((LONELINESS, SKOS.broader, URIRef(HEADING + "less-loneliness")), "which stands in no or another scheme"),
    ((LONELINESS, SKOS.broader, URIRef(HEADING + "child-poverty")), "stands on a third level"),
    ((LONELINESS, SKOS.altLabel, english("poverty")), "issues: “poverty” is a label of"),
])
def test_a_fault_of_the_thesaurus_is_found(fault: tuple[URIRef, URIRef, Literal | URIRef], told: str) -> None:
    graph = ontology()
    graph.add(fault)
    assert any(told.casefold() in problem.casefold() for problem in soundness.thesaurus_problems(graph))


def test_an_idea_without_definition_is_found() -> None:
    graph = ontology()
    graph.remove((CO_PRODUCTION, SKOS.definition, None))
    assert "thing/co-production has 0 of definition, not one" in soundness.thesaurus_problems(graph)


def test_an_empty_scheme_is_found() -> None:
    graph = ontology()
    graph.remove((None, SKOS.inScheme, SCHEME.outcomes))
    assert "the scheme outcomes is empty" in soundness.thesaurus_problems(graph)


# Shapes and ontology


def changed_shapes() -> Graph:
    graph = Graph()
    for triple in check.shapes():
        graph.add(triple)
    return graph


def constraint(graph: Graph, label: str, path: URIRef) -> URIRef:
    """The property shape for ``path`` in the shapes that target the class."""
    return next(c for shape in graph.subjects(SH.targetClass, REG[label]) for c in graph.objects(shape, SH.property)
                if graph.value(c, SH.path) == path)


def test_a_property_that_only_the_ontology_has_is_found() -> None:
    graph = changed_shapes()
    found = constraint(graph, "Document", REG.licence)
    graph.remove((None, SH.property, found))
    assert "only the ontology give reg:licence to Document" in soundness.shape_problems(graph)


def test_a_relationship_that_only_the_shapes_have_is_found() -> None:
    graph = changed_shapes()
    graph.set((constraint(graph, "Person", REG.delivers), SH.path, REG.locatedIn))
    problems = list(soundness.shape_problems(graph))
    assert "only the shapes give reg:locatedIn to Person" in problems
    assert "only the ontology give reg:delivers to Person" in problems


@pytest.mark.parametrize(("label", "path", "parameter", "value", "told"), [
    ("Document", REG.year, SH.datatype, XSD.string, "Document.year: the type is integer"),
    ("Document", REG.licence, SH.minCount, Literal(1), "Document.licence: ontology and shape differ on whether"),
    ("Evidence", REG.stance, SH["in"], RDF.nil, "Evidence.stance: ontology and shape differ on its values"),
])
def test_a_difference_in_a_property_is_found(
    label: str, path: URIRef, parameter: URIRef, value: Literal | URIRef, told: str,
) -> None:
    graph = changed_shapes()
    graph.set((constraint(graph, label, path), parameter, value))
    assert any(problem.startswith(told) for problem in soundness.shape_problems(graph))


def test_a_class_without_shape_and_a_shape_without_class_are_found() -> None:
    graph = changed_shapes()
    shape = next(iter(graph.subjects(SH.targetClass, REG.Place)))
    graph.set((shape, SH.targetClass, REG.Plaice))
    problems = list(soundness.shape_problems(graph))
    assert "shapes.ttl has 0 closed shapes for Place, not one" in problems
    assert "shapes.ttl has a shape for reg:Plaice, which is no class" in problems


def test_a_malformed_shape_is_found() -> None:
    graph = changed_shapes()
    graph.set((constraint(graph, "Document", REG.year), SH.maxCount, Literal("many")))
    assert any(problem.startswith("shapes.ttl:") for problem in soundness.shape_problems(graph))


def test_all_faults_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    graph = ontology()
    graph.remove((REG.Person, RDFS.label, None))
    graph.remove((CO_PRODUCTION, SKOS.definition, None))
    monkeypatch.setattr(turtle, "parse", lambda: graph)
    with pytest.raises(OntologyError, match=r"(?s)reg:Person has 0 of label.*thing/co-production has 0 of definition"):
        soundness.check_ontology()
