"""The shapes: a small graph that conforms, and a failing case for each constraint.

Strategy: `sample.ttl` has a node of every class with every property. Each case is a copy of one node under a new
address (its triples in both directions), changed so that it breaks one constraint of its shapes; all copies are
checked in one run of pySHACL, and the report must name copy and constraint. The cases are made from the shapes
themselves, so a new constraint without a failing case cannot be forgotten.
"""
from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from pyshacl import validate
from rdflib import RDF, SH, XSD, BNode, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from errors import OntologyError
from ontology import check, model
from ontology.turtle import REG

SAMPLE = Path(__file__).with_name("sample.ttl")
BASE = Namespace("https://w3id.org/reform-evidence-graph/")
THING, STATEMENT = Namespace(BASE + "thing/"), Namespace(BASE + "statement/")
COMPONENTS = {  # parameter of a property shape -> what the report calls the constraint
    SH.minCount: SH.MinCountConstraintComponent, SH.maxCount: SH.MaxCountConstraintComponent,
    SH.datatype: SH.DatatypeConstraintComponent, SH["in"]: SH.InConstraintComponent,
    SH["class"]: SH.ClassConstraintComponent, SH.pattern: SH.PatternConstraintComponent,
    SH.minLength: SH.MinLengthConstraintComponent, SH.minInclusive: SH.MinInclusiveConstraintComponent,
    SH.maxInclusive: SH.MaxInclusiveConstraintComponent, SH.lessThan: SH.LessThanConstraintComponent,
    SH.hasValue: SH.HasValueConstraintComponent, SH["or"]: SH.OrConstraintComponent,
    SH.node: SH.NodeConstraintComponent,
}
UNCHECKED = {SH.path, SH.message}


def sample() -> Graph:
    return Graph().parse(SAMPLE)


@dataclass(frozen=True)
class Case:
    """A copy of ``node`` that breaks ``component`` of the property shape for ``path``."""

    node: URIRef
    path: Node
    component: URIRef


def cases(graph: Graph, shapes: Graph) -> Iterator[tuple[Case, Node]]:
    """A case for each parameter of each property shape, with the shape, on a node that has the property."""
    for shape, target in sorted(shapes.subject_objects(SH.targetClass)):
        for constraint in sorted(shapes.objects(shape, SH.property), key=str):
            path = shapes.value(constraint, SH.path)
            with_it = [n for n in sorted(graph.subjects(RDF.type, target))
                       if isinstance(path, BNode) or (n, path, None) in graph]
            assert with_it or isinstance(path, BNode), f"the sample has no {target} with {path}"
            for parameter in sorted(shapes.predicates(constraint)):
                if parameter not in UNCHECKED:
                    yield Case(with_it[0], path, COMPONENTS[parameter]), constraint


def copy_node(graph: Graph, node: URIRef, name: URIRef) -> None:
    for _, p, o in list(graph.triples((node, None, None))):
        graph.add((name, p, o))
    for s, p, _ in list(graph.triples((None, None, node))):
        graph.add((s, p, name))


def break_it(graph: Graph, shapes: Graph, case: Case, constraint: Node, name: URIRef) -> bool:
    """Changes the copy so that it breaks the constraint; False where a plain property is not at stake."""
    path = case.path
    if isinstance(path, BNode):
        return False
    old = list(graph.objects(name, path))
    datatype = shapes.value(constraint, SH.datatype)
    wrong: Node | None = None
    if case.component == SH.MinCountConstraintComponent:
        pass
    elif case.component == SH.MaxCountConstraintComponent:
        most = int(shapes.value(constraint, SH.maxCount))
        for number in range(most + 1):
            graph.add((name, path, Literal(f"{old[0]}-{number}") if isinstance(old[0], Literal)
                       else URIRef(f"{old[0]}-{number}")))
        return True
    elif case.component == SH.DatatypeConstraintComponent:
        wrong = Literal(7) if datatype != XSD.integer else Literal("seven")
    elif case.component in (SH.InConstraintComponent, SH.HasValueConstraintComponent):
        wrong = Literal("something else")
    elif case.component in (SH.ClassConstraintComponent, SH.OrConstraintComponent):
        wrong = BASE["study/s1"] if path != REG.restsOn else THING.panels
    elif case.component == SH.NodeConstraintComponent:
        wrong = next(h for h in graph.subjects(RDF.type, REG.Heading)
                     if graph.value(h, REG.kind) != graph.value(old[0], REG.kind))
    elif case.component == SH.PatternConstraintComponent:
        wrong = Literal("last Tuesday")
    elif case.component == SH.MinLengthConstraintComponent:
        wrong = Literal("")
    elif case.component == SH.MinInclusiveConstraintComponent:
        wrong = Literal(-1) if datatype == XSD.integer else Literal(-0.5)
    elif case.component == SH.MaxInclusiveConstraintComponent:
        wrong = Literal(9999) if datatype == XSD.integer else Literal(1.5)
    elif case.component == SH.LessThanConstraintComponent:
        wrong = Literal(10**6)
    graph.remove((name, path, None))
    if wrong is not None:
        graph.add((name, path, wrong))
    return True


def test_every_property_constraint_catches_what_breaks_it() -> None:
    shapes, original, graph = check.shapes(), sample(), sample()
    expected: dict[URIRef, Case] = {}
    for number, (case, constraint) in enumerate(cases(original, shapes)):
        name = URIRef(f"{case.node}-{number}")
        if isinstance(case.path, BNode):
            continue  # paths of two steps and inverse ones: tested one by one below
        copy_node(graph, case.node, name)
        assert break_it(graph, shapes, case, constraint, name)
        expected[name] = case
    assert len(expected) > 180, "the cases are made from the shapes; so few means that they were not read"
    _, report, _ = validate(graph, shacl_graph=shapes)
    found = {
        (report.value(r, SH.focusNode), report.value(r, SH.resultPath), report.value(r, SH.sourceConstraintComponent))
        for r in report.subjects(RDF.type, SH.ValidationResult)
    }
    missed = [case for name, case in expected.items() if (name, case.path, case.component) not in found]
    assert missed == []


def test_the_sample_conforms() -> None:
    check.check(sample())


def test_the_sample_has_a_node_of_every_class() -> None:
    found = {str(t).rpartition("#")[2] for t in sample().objects(None, RDF.type)}
    assert found == set(model.load().labels)


def refused(graph: Graph, *words: str) -> None:
    """The check refuses the graph, and its message has all the words in one line."""
    with pytest.raises(OntologyError) as caught:
        check.check(graph)
    assert any(all(word in line for word in words) for line in str(caught.value).splitlines()), str(caught.value)


def test_a_statement_is_evidence_or_a_relation_not_both_nor_neither() -> None:
    graph = sample()
    graph.add((STATEMENT.e2, RDF.type, REG.Relation))
    refused(graph, "statement/e2", "exactly one shape")
    graph = sample()
    graph.remove((STATEMENT.e2, RDF.type, REG.Evidence))
    refused(graph, "statement/e2")


@pytest.mark.parametrize(("thing", "type_"), [
    (THING.ann, REG.Organisation), (THING.saltmarsh, REG.Concept), (THING.lonely, REG.Outcome), (THING.ann, REG.Place),
])
def test_a_thing_is_of_one_kind(thing: URIRef, type_: URIRef) -> None:
    graph = sample()
    graph.add((thing, RDF.type, type_))
    refused(graph, str(thing).removeprefix(BASE))


@pytest.mark.parametrize(("node", "type_"), [
    (STATEMENT.e1, REG.Statement), (THING.ann, REG.Contributor), (THING.ann, REG.Thing), (THING.lonely, REG.Concept),
    (THING.saltmarsh, REG.Thing), (STATEMENT.leads, REG.Statement), (THING.council, REG.Thing),
])
def test_a_node_carries_the_types_above_its_own(node: URIRef, type_: URIRef) -> None:
    graph = sample()
    graph.remove((node, RDF.type, type_))
    refused(graph, str(node).removeprefix(BASE))


@pytest.mark.parametrize(("statement", "property_", "wrong"), [
    (STATEMENT.works, REG.subject, THING.council), (STATEMENT.works, REG.object, THING.saltmarsh),
    (STATEMENT.runs, REG.subject, THING.saltmarsh), (STATEMENT.runs, REG.object, THING.lonely),
    (STATEMENT.aims, REG.subject, THING.council), (STATEMENT.aims, REG.object, THING.fewer),
    (STATEMENT.leads, REG.subject, THING.lonely), (STATEMENT.leads, REG.object, THING.panels),
    (STATEMENT.lies, REG.subject, THING.ann), (STATEMENT.lies, REG.object, THING.council),
    (STATEMENT.lies, REG.predicate, Literal("delivers")),
])
def test_subject_and_object_fit_the_predicate(statement: URIRef, property_: URIRef, wrong: Node) -> None:
    graph = sample()
    graph.set((statement, property_, wrong))
    refused(graph, str(statement).removeprefix(BASE), "does not fit the predicate")


def test_leads_to_needs_a_direction_and_no_other_predicate_has_one() -> None:
    graph = sample()
    graph.remove((STATEMENT.leads, REG.direction, None))
    refused(graph, "statement/leads", "does not fit the predicate")
    for other in ("works", "runs", "aims", "lies"):
        graph = sample()
        graph.add((STATEMENT[other], REG.direction, Literal("increases")))
        refused(graph, f"statement/{other}", "does not fit the predicate")


def test_more_than_four_passages_are_refused() -> None:
    graph = sample()
    for number in range(4):
        name = BASE[f"passage/more-{number}"]
        copy_node(graph, BASE["passage/p1"], name)
        graph.remove((None, None, name))
        graph.add((STATEMENT.e1, REG.inPassage, name))
    refused(graph, "statement/e1", "inPassage")


def test_the_passages_of_a_statement_stand_in_one_document() -> None:
    graph = sample()
    graph.add((STATEMENT.e1, REG.inPassage, BASE["passage/p2"]))
    refused(graph, "statement/e1", "different documents")


def test_a_passage_carries_a_statement() -> None:
    graph = sample()
    graph.remove((None, REG.inPassage, BASE["passage/p2"]))
    refused(graph, "passage/p2", "No statement stands in the passage")


def test_same_text_goes_from_the_lower_id_to_the_higher() -> None:
    graph = sample()
    graph.add((BASE["document/d2"], REG.sameTextAs, BASE["document/d1"]))
    refused(graph, "document/d2", "lower id")


def test_headings_have_two_levels_of_one_kind() -> None:
    graph = sample()
    graph.add((BASE["heading/hardship"], REG.under, BASE["heading/panels"]))
    refused(graph, "heading/loneliness", "more than two levels")
    refused(graph, "heading/hardship", "another kind")


def test_a_merged_thing_is_no_thing() -> None:
    graph = sample()
    graph.add((BASE["merged/old"], RDF.type, REG.Thing))
    refused(graph, "merged/old", "must not conform")


def test_closed_shapes_refuse_what_another_class_has() -> None:
    graph, changed = sample(), {}
    for label, info in model.load().labels.items():
        if not info.abstract:
            node = next(iter(sorted(graph.subjects(RDF.type, REG[label]))))
            graph.add((node, REG.stance if label != "Evidence" else REG.title, Literal("supports")))
            changed[node] = label
    _, report, _ = validate(graph, shacl_graph=check.shapes())
    closed = report.subjects(SH.sourceConstraintComponent, SH.ClosedConstraintComponent)
    caught = {changed[report.value(result, SH.focusNode)] for result in closed}
    assert caught == set(changed.values())


def test_addresses_show_the_label() -> None:
    graph, misplaced = sample(), set()
    for label, _ in model.load().uniqueness:
        name = URIRef(f"https://example.org/{label}")
        copy_node(graph, next(iter(sorted(graph.subjects(RDF.type, REG[label])))), name)
        misplaced.add(name)
    _, report, _ = validate(graph, shacl_graph=check.shapes())
    pattern = report.subjects(SH.sourceConstraintComponent, SH.PatternConstraintComponent)
    assert {report.value(result, SH.focusNode) for result in pattern} == misplaced


def test_what_the_ontology_does_not_name_is_refused() -> None:
    graph = sample()
    graph.add((THING.ann, RDF.type, REG.Persom))
    refused(graph, "reg:Persom", "no class")
    graph = sample()
    graph.add((THING.ann, REG.nane, Literal("Ann")))
    refused(graph, "reg:nane", "no property")
    graph = sample()
    graph.add((BASE["thing/x"], REG.name, Literal("nobody")))
    refused(graph, "thing/x", "has no type")


def test_a_long_list_of_problems_is_cut_and_says_so() -> None:
    graph = sample()
    for number in range(30):
        graph.add((BASE[f"thing/x{number}"], REG.name, Literal("nobody")))
    with pytest.raises(OntologyError, match="and 10 more"):
        check.check(graph)
