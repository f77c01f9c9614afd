"""Whether the ontology, the thesaurus and the shapes are complete and agree with each other."""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from rdflib import OWL, RDF, RDFS, SH, SKOS, BNode, Graph, Literal, URIRef
from rdflib.term import Node as Term

from errors import OntologyError
from ontology import model, terms, turtle
from ontology.check import SHAPES, in_words, shapes, short
from ontology.model import Ontology
from ontology.turtle import META, REG, SCHEME, local

SCHEMES = ("ideas", "sectors", "positions", "issues", "interventions", "outcomes")
ABOUT_TERMS = (RDFS.label, SKOS.definition, SKOS.example)


def check_ontology() -> None:
    """Raises OntologyError unless this checkout's Turtle is complete, agrees with itself, and its shapes are sound."""
    graph = turtle.parse()
    problems = [*ontology_problems(graph), *thesaurus_problems(graph), *shape_problems(shapes())]
    if problems:
        raise OntologyError(in_words("the ontology is not sound", problems))


# The ontology itself


def ontology_problems(graph: Graph) -> Iterator[str]:
    """Terms that lack words, domain or range; names that are not declared; what ``model`` refuses to read."""
    declared = {
        s for kind in (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty) for s in graph.subjects(RDF.type, kind)
        if isinstance(s, URIRef)
    }
    values = {s for s in graph.subjects(SKOS.inScheme, None) if is_own(s)}
    for term in sorted(declared | values, key=str):
        words = ABOUT_TERMS if term in declared else (SKOS.prefLabel, SKOS.definition, SKOS.example, SKOS.notation)
        yield from _missing(graph, term, words)
    for term in graph.subjects(RDF.type, OWL.Class):
        if isinstance(term, URIRef):
            yield from _missing(graph, term, (META.plural,))
    for term in graph.subjects(RDF.type, OWL.ObjectProperty):
        yield from _missing(graph, term, (META.inverseLabel, RDFS.domain, RDFS.range))
    for term in graph.subjects(RDF.type, OWL.DatatypeProperty):
        yield from _missing(graph, term, (RDFS.domain, RDFS.range))
    for term in graph.subjects(SKOS.inScheme, REG.predicates):
        yield from _missing(graph, term, (META.relationship,))
    known = declared | values | set(graph.subjects(RDF.type, SKOS.ConceptScheme))
    known |= set(graph.subjects(RDF.type, META.FullTextIndex))
    for term in sorted({t for triple in graph for t in triple if is_own(t)} - known, key=str):
        yield f"{short(term)} is used but not declared"
    try:
        ontology = turtle.read(graph)
    except OntologyError as problem:
        yield str(problem)
        return
    yield from _model_problems(ontology)


def is_own(term: Term) -> bool:
    """Whether a term stands in the ontology's namespace."""
    return isinstance(term, URIRef) and term in REG


def _model_problems(ontology: Ontology) -> Iterator[str]:
    for predicate in ontology.values["predicates"].values:
        if predicate.upper() != ontology.predicates[predicate]:
            yield f"the predicate {predicate} gives the relationship type {ontology.predicates[predicate]}"
    for label in ontology.labels.values():
        keys = [name for each in ontology.labels_of(label.label) for name in ontology.labels[each].unique]
        if not label.abstract and "id" not in keys:
            yield f"reg:{label.label} has no unique id"
        if label.indexed and not set(label.indexed) <= set(label.properties):
            yield f"reg:{label.label} has an index over a property that it does not have"
    for relation in ontology.relations.values():
        for end in (*relation.domain, *relation.range):
            if end not in ontology.labels:
                yield f"{relation.type} leads from or to {end}, which is no class"
    for index in ontology.full_text_indexes.values():
        for label_name in index.labels:
            family = [each for each in ontology.labels if label_name in ontology.labels_of(each)]
            known = {name for each in family for name in ontology.labels[each].properties}
            for name in sorted(set(index.properties) - known):
                yield f"{index.name} reads {name}, which no {label_name} has"


def _missing(graph: Graph, term: Term, predicates: Iterable[URIRef]) -> Iterator[str]:
    for predicate in predicates:
        found = list(graph.objects(term, predicate))
        if len(found) != 1:
            yield f"{short(term)} has {len(found)} of {local(predicate)}, not one"
        elif isinstance(found[0], Literal) and not str(found[0]).strip():
            yield f"{short(term)} has an empty {local(predicate)}"


# The thesaurus


def thesaurus_problems(graph: Graph) -> Iterator[str]:
    """Concepts without words or scheme, labels that two concepts of a scheme share, headings that do not fit."""
    concepts = [s for s in graph.subjects(RDF.type, SKOS.Concept) if not is_own(s)]
    for concept in concepts:
        yield from _missing(graph, concept, (SKOS.prefLabel, SKOS.definition, SKOS.inScheme))
    for name in SCHEMES:
        members = list(graph.subjects(SKOS.inScheme, SCHEME[name]))
        if not members:
            yield f"the scheme {name} is empty"
        yield from _label_problems(graph, name, members)
    for concept in concepts:
        for predicate in (SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel, SKOS.definition, SKOS.scopeNote):
            for text in graph.objects(concept, predicate):
                if not isinstance(text, Literal) or text.language != "en" or str(text) != str(text).strip():
                    yield f"{short(concept)}: {local(predicate)} “{text}” is not English text without outer spaces"
    for concept, broader in graph.subject_objects(SKOS.broader):
        if graph.value(broader, SKOS.inScheme) != graph.value(concept, SKOS.inScheme):
            yield f"{short(concept)} is under {short(broader)}, which stands in no or another scheme"
        if (broader, SKOS.broader, None) in graph:
            yield f"{short(concept)} stands on a third level"


def _label_problems(graph: Graph, scheme: str, members: Iterable[Term]) -> Iterator[str]:
    """A label that means one concept of a scheme means no other, nor is it hidden (ambiguous) elsewhere."""
    owner: dict[str, Term] = {}
    hidden: list[tuple[str, Term]] = []
    for concept in members:
        own = Counter(
            str(text).casefold() for p in (SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel)
            for text in graph.objects(concept, p)
        )
        for label, times in own.items():
            if times > 1:
                yield f"{short(concept)} has the label “{label}” twice"
        for p in (SKOS.prefLabel, SKOS.altLabel):
            for text in graph.objects(concept, p):
                label = str(text).casefold()
                if owner.setdefault(label, concept) != concept:
                    yield f"{scheme}: “{text}” is a label of {short(owner[label])} and of {short(concept)}"
        hidden += [(str(text).casefold(), concept) for text in graph.objects(concept, SKOS.hiddenLabel)]
    for label, concept in hidden:
        if owner.get(label, concept) != concept:
            yield f"{scheme}: “{label}” is a label of {short(owner[label])} and hidden at {short(concept)}"


# The shapes


def shape_problems(graph: Graph) -> Iterator[str]:
    """Shapes that are no valid SHACL, and where they and the ontology differ, either way."""
    from pyshacl import validate

    try:
        validate(Graph(), shacl_graph=graph, meta_shacl=True)
    except Exception as problem:  # pySHACL raises several kinds for a malformed shape
        yield f"{SHAPES.name}: {problem}"
        return
    ontology = model.load()
    for info in ontology.labels.values():
        targeting = list(graph.subjects(SH.targetClass, REG[info.label]))
        if not info.abstract:
            targeting = [shape for shape in targeting if (shape, SH.closed, Literal(True)) in graph]
        if len(targeting) != 1:
            kind = "shapes" if info.abstract else "closed shapes"
            yield f"{SHAPES.name} has {len(targeting)} {kind} for {info.label}, not one"
        elif not info.abstract:
            yield from _differences(graph, targeting[0], info, ontology)
    for target in graph.objects(None, SH.targetClass):
        if local(target) not in ontology.labels:
            yield f"{SHAPES.name} has a shape for {short(target)}, which is no class"


def _differences(graph: Graph, shape: Term, info: model.LabelInfo, ontology: Ontology) -> Iterator[str]:
    """What a leaf class's closed shape allows, against what the ontology gives the class."""
    inherited = {path for ancestor in info.ancestors for target in graph.subjects(SH.targetClass, REG[ancestor])
                 for path in _paths(graph, target)}
    ignored = graph.value(shape, SH.ignoredProperties)
    listed = set(graph.items(ignored)) - {RDF.type} if ignored is not None else set()
    if listed != inherited:
        yield f"the shape of {info.label} ignores other properties than the shapes above it check: " + ", ".join(
            sorted(map(short, listed ^ inherited)))
    allowed = {*_paths(graph, shape), *inherited}
    expected = {URIRef(each.iri) for each in info.properties.values() if each.exported}
    expected |= {URIRef(r.iri) for r in ontology.relations.values() if ontology.is_a((info.label,), r.domain)}
    for term in sorted(allowed ^ expected, key=str):
        where = "the shapes" if term in allowed else "the ontology"
        yield f"only {where} give {short(term)} to {info.label}"
    owners = [shape, *(t for a in info.ancestors for t in graph.subjects(SH.targetClass, REG[a]))]
    for each in info.properties.values():
        if not each.exported:
            continue
        for constraint in (c for owner in owners for c in graph.objects(owner, SH.property)
                           if graph.value(c, SH.path) == URIRef(each.iri)):
            datatype = graph.value(constraint, SH.datatype)
            if turtle.TYPES.get(URIRef(str(datatype))) != each.type:
                yield f"{info.label}.{each.name}: the type is {each.type}; its shape says {short(datatype)}"
            if (graph.value(constraint, SH.minCount) is not None) != each.required:
                yield f"{info.label}.{each.name}: ontology and shape differ on whether it is required"
            choice = graph.value(constraint, SH["in"])
            values = {str(v) for v in graph.items(choice)} if choice is not None else set()
            if values != set(each.values) - {terms.State.REJECTED}:
                yield f"{info.label}.{each.name}: ontology and shape differ on its values"


def _paths(graph: Graph, shape: Term) -> set[Term]:
    """Properties that a shape constrains by their plain name."""
    return {
        path for constraint in graph.objects(shape, SH.property) for path in graph.objects(constraint, SH.path)
        if not isinstance(path, BNode)
    }
