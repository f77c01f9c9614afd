"""Code and Turtle name the same terms, either way.

Strategy: the names are read from `reform.ttl` by rdflib alone, not by `ontology.model`, so that a mistake in the
reader does not hide one in the names.
"""
from __future__ import annotations

import re
from pathlib import Path

import pytest
from rdflib import OWL, RDF, SKOS, Graph, URIRef

from ontology import model, terms
from ontology.terms import Label, Predicate, Relation, Stance
from ontology.turtle import META, REG

GRAPH = Graph().parse(model.FOLDER / "reform.ttl")
PLACEHOLDERS = {"LABEL", "LABELS", "TYPE", "START", "END"}  # in templates of writes; replaced by names of the ontology


def names(kind: URIRef) -> set[str]:
    return {str(s).rpartition("#")[2] for s in GRAPH.subjects(RDF.type, kind) if isinstance(s, URIRef)}


def test_labels_are_the_classes_of_the_turtle() -> None:
    assert {str(label) for label in Label} == names(OWL.Class)


def test_relationship_types_are_the_object_properties_of_the_turtle() -> None:
    assert {str(relation) for relation in Relation} == {model.to_type(name) for name in names(OWL.ObjectProperty)}


def test_values_are_the_lists_of_the_turtle_in_their_order() -> None:
    lists = {str(s).rpartition("#")[2]: s for s in GRAPH.subjects(META.valuesOf, None)}
    assert set(lists) == set(terms.VALUES)
    for name, scheme in lists.items():
        notations = [str(GRAPH.value(v, SKOS.notation)) for v in GRAPH.subjects(SKOS.inScheme, scheme)]
        assert [str(member) for member in terms.VALUES[name]] == notations, name


def test_kinds_of_mention_and_heading_are_labels() -> None:
    concrete = {info.label for info in model.load().labels.values() if "Thing" in info.ancestors and not info.abstract}
    assert {str(kind) for kind in terms.MentionKind} == concrete
    assert {str(kind) for kind in terms.HeadingKind} == concrete & {"Issue", "Intervention", "Outcome"}


def test_counts_of_relationships_are_named_after_their_values() -> None:
    relations = model.load().relations
    assert {str(stance) for stance in Stance} < set(relations[Relation.CONTRIBUTED_TO].properties)
    assert {str(direction) for direction in terms.Direction} < set(relations[Relation.LEADS_TO].properties)


def test_a_misspelt_term_fails() -> None:
    with pytest.raises(AttributeError):
        _ = Label.PERSOM  # type: ignore[attr-defined]
    with pytest.raises(AttributeError):
        _ = Relation.MADE_BYE  # type: ignore[attr-defined]
    with pytest.raises(ValueError, match="leads_too"):
        Predicate("leads_too")


def test_names_of_namespaces_agree() -> None:
    assert str(REG) == terms.REG
    assert str(META) == terms.META


@pytest.mark.parametrize(("local_name", "type_"), [
    ("madeBy", "MADE_BY"), ("about", "ABOUT"), ("sameTextAs", "SAME_TEXT_AS"),
])
def test_types_and_local_names_turn_into_each_other(local_name: str, type_: str) -> None:
    assert model.to_type(local_name) == type_
    assert model.to_local_name(type_) == local_name


def test_queries_name_only_what_the_ontology_names() -> None:
    """Labels and relationship types of every Cypher file: ``(x:Label|Other)``, ``[:TYPE|OTHER]``."""
    ontology = model.load()
    files: list[Path] = sorted((model.FOLDER.parent / "graph").rglob("*.cypher"))
    assert len(files) > 10
    for path in files:
        text = re.sub(r"//[^\n]*|'[^']*'|\"[^\"]*\"|`[^`]*`", "", path.read_text("utf-8"))
        for found in re.findall(r"[(\[]\s*\w*\s*:\s*([\w|&!%:\s]+)", text):
            for name in re.findall(r"\w+", found):
                known = name in ontology.labels or name in ontology.relations or name in PLACEHOLDERS
                assert known or not re.fullmatch(r"[A-Z]\w*", name), f"{path.name}: {name}"
