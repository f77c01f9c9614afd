"""Checks the RDF export of the graph against ``shapes.ttl``.

pySHACL is imported only when a graph is checked (SHACL, W3C Recommendation of 20 July 2017).
"""
from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from rdflib import RDF, SH, Graph, URIRef
from rdflib.term import Node as Term

from errors import OntologyError
from ontology import model, terms
from ontology.turtle import REG

SHAPES = model.FOLDER / "shapes.ttl"
MOST_NAMED = 20  # problems that an error's sentence names


def check(graph: Graph) -> None:
    """Raises OntologyError, which names the first problems, unless the graph is what the shapes describe.

    Checked besides the shapes: that no type or property in the ontology's namespace is unknown,
    and that everything that has properties has a type.
    """
    problems = [*strangers(graph), *violations(graph)]
    if problems:
        raise OntologyError(in_words("the graph does not conform to the shapes", problems))


def in_words(what: str, problems: list[str]) -> str:
    more = f"\n  and {len(problems) - MOST_NAMED} more" if len(problems) > MOST_NAMED else ""
    return what + ":" + "".join(f"\n  {problem}" for problem in problems[:MOST_NAMED]) + more


@cache
def shapes() -> Graph:
    """The shapes of this checkout. Raises OntologyError when they cannot be read."""
    try:
        return Graph().parse(SHAPES, format="turtle")
    except Exception as problem:  # rdflib's parser raises many kinds
        raise OntologyError(f"{SHAPES.name} cannot be read: {problem}") from problem


def strangers(graph: Graph) -> Iterator[str]:
    """Types and properties that the ontology does not know, and subjects without a type."""
    ontology = model.load()
    known = {REG[label] for label in ontology.labels}
    known_properties = {
        *(URIRef(relation.iri) for relation in ontology.relations.values()),
        *(URIRef(info.iri) for label in ontology.labels.values() for info in label.properties.values()),
    }
    for type_ in sorted(set(graph.objects(None, RDF.type)), key=str):
        if type_ not in known:
            yield f"{short(type_)} is no class of the ontology"
    for predicate in sorted(set(graph.predicates()), key=str):
        if predicate != RDF.type and predicate not in known_properties:
            yield f"{short(predicate)} is no property of the ontology"
    typed = set(graph.subjects(RDF.type, None))
    for subject in sorted(set(graph.subjects()) - typed, key=str):
        yield f"{short(subject)} has no type"


def violations(graph: Graph) -> Iterator[str]:
    """What pySHACL reports, a sentence each, in the order of the nodes."""
    from pyshacl import validate

    _, report, text = validate(graph, shacl_graph=shapes(), inference="none", advanced=False, meta_shacl=False)
    if not isinstance(report, Graph):
        raise OntologyError(f"the shapes could not be applied: {text}")
    yield from sorted(_sentence(report, result) for result in report.subjects(RDF.type, SH.ValidationResult))


def _sentence(report: Graph, result: Term) -> str:
    path = report.value(result, SH.resultPath)
    at = "" if path is None else f" {short(path) if isinstance(path, URIRef) else 'path'}"
    value = report.value(result, SH.value)
    message = " ".join(str(report.value(result, SH.resultMessage)).split())
    shown = "" if value is None or str(value) in message else f" (value: {short(value)})"
    return f"{short(report.value(result, SH.focusNode))}{at}: {message}{shown}"


def short(term: Term | None) -> str:
    """A term as a person would write it."""
    text = str(term)
    for prefix, namespace in (("reg:", terms.REG), ("", terms.BASE)):
        if text.startswith(namespace):
            return prefix + text.removeprefix(namespace)
    return text if len(text) <= 80 else text[:79] + "…"


def read_graph(path: Path) -> Graph:
    """A graph from a file, by its ending. Raises OntologyError when it cannot be read."""
    try:
        return Graph().parse(path)
    except Exception as problem:  # rdflib's parsers raise many kinds
        raise OntologyError(f"{path.name} cannot be read as RDF: {problem}") from problem
