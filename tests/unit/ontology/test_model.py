"""The ontology as Python objects.

Strategy: the real Turtle for what the rest of the product relies on; small pieces of Turtle for what the reader must
refuse.
"""
from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from rdflib import Graph

from errors import OntologyError
from ontology import model, turtle
from ontology.model import load
from ontology.terms import Label, Relation

IDEAS = [
    "co-production", "co-design", "user-centred-design", "place-based-working", "devolution",
    "collaborative-leadership", "joined-up-government", "service-integration", "commissioning", "outcomes-focus",
    "prevention", "personalisation", "asset-based-approaches", "citizen-participation", "community-power",
    "relational-services", "new-public-management", "outsourcing-and-competition", "civil-society-delivery",
    "efficiency-and-savings", "workforce-and-skills", "frontline-empowerment", "experimentation", "agile-delivery",
    "multidisciplinary-teams", "digital-transformation", "shared-platforms", "open-data-and-transparency",
    "open-working", "data-sharing", "data-driven-services", "automation-and-ai", "evidence-based-policy",
    "behavioural-insights", "performance-measurement", "customer-experience", "plain-language", "accessibility",
    "digital-inclusion", "equity", "channel-shift", "procurement-reform", "technology-modernisation",
    "trust-privacy-security", "accountability-and-governance", "culture-change", "systems-thinking",
    "knowledge-exchange", "wellbeing", "welfare-reform", "volunteering", "sustainability",
]


def test_labels_of_a_node_go_from_the_general_to_the_specific() -> None:
    ontology = load()
    assert ontology.labels_of(Label.PERSON) == ("Thing", "Contributor", "Person")
    assert ontology.labels_of(Label.IDEA) == ("Thing", "Concept", "Idea")
    assert ontology.labels_of(Label.EVIDENCE) == ("Statement", "Evidence")
    assert ontology.labels_of(Label.DOCUMENT) == ("Document",)


def test_ids_are_unique_under_thirteen_labels() -> None:
    assert dict(load().uniqueness) == dict.fromkeys((
        "Document", "Passage", "Mention", "Statement", "Thing", "Heading", "Sector", "Position", "Study",
        "ExtractionRun", "Decision", "Merged", "GraphState",
    ), "id")
    assert load().unique_label(Label.GROUP) == "Thing"
    assert load().unique_label(Label.RELATION) == "Statement"


def test_properties_are_inherited_with_type_and_need() -> None:
    person = load().labels[Label.PERSON].properties
    assert list(person) == ["id", "name", "aliases", "mentions", "documents", "statements", "degree"]
    assert (person["name"].type, person["name"].required, person["name"].many) == ("string", True, False)
    assert (person["aliases"].required, person["aliases"].many) == (False, True)
    assert person["mentions"].type == "integer"
    assert "sector" in load().labels[Label.ORGANISATION].properties
    assert "sector" not in person


def test_a_count_and_a_relationship_of_one_name_have_two_iris() -> None:
    ontology = load()
    count, relation = ontology.labels[Label.THING].properties["mentions"], ontology.relations[Relation.MENTIONS]
    assert count.iri != relation.iri
    assert not count.exported


def test_one_property_has_the_values_of_its_class() -> None:
    labels = load().labels
    assert labels[Label.EVIDENCE].properties["kind"].values == ("finding", "case", "argument", "recommendation")
    assert labels[Label.HEADING].properties["kind"].values == ("Issue", "Intervention", "Outcome")
    assert labels[Label.DECISION].properties["kind"].values == ()
    assert labels[Label.DOCUMENT].properties["state"].values == ("active", "withdrawn")
    assert "rejected" in labels[Label.RELATION].properties["state"].values


def test_cardinalities_are_inherited() -> None:
    found = load().labels[Label.EVIDENCE].cardinalities
    assert found["MADE_BY"] == (1, 1)
    assert found["IN_PASSAGE"] == (1, 4)
    assert found["ABOUT"] == (1, 1)
    assert found["FROM_AFFILIATION"] == (0, 1)
    assert "ABOUT" not in load().labels[Label.RELATION].cardinalities


@pytest.mark.parametrize(("type_", "start", "end", "allowed"), [
    ("AFFILIATED_WITH", "Person", "Organisation", True), ("AFFILIATED_WITH", "Organisation", "Person", False),
    ("DELIVERS", "Person", "Intervention", True), ("DELIVERS", "Group", "Intervention", False),
    ("ADDRESSES", "Idea", "Issue", True), ("ADDRESSES", "Outcome", "Issue", False),
    ("LEADS_TO", "Intervention", "Issue", True), ("LEADS_TO", "Intervention", "Intervention", False),
    ("LOCATED_IN", "Organisation", "Place", True), ("LOCATED_IN", "Person", "Place", False),
    ("CONTRIBUTED_TO", "Group", "Idea", True), ("CONTRIBUTED_TO", "Place", "Idea", False),
    ("MADE_BY", "Evidence", "Group", True), ("MADE_BY", "Evidence", "Place", False),
    ("UNDER", "Heading", "Heading", True), ("UNDER", "Idea", "Heading", False),
    ("DECIDED_ON", "Decision", "Person", True), ("DECIDED_ON", "Decision", "Passage", False),
])
def test_what_may_relate_to_what(type_: str, start: str, end: str, allowed: bool) -> None:
    ontology = load()
    assert ontology.allows(type_, ontology.labels_of(start), ontology.labels_of(end)) is allowed
    assert ontology.allows(type_, (start,), (end,)) is allowed  # the narrowest label says enough


def test_unknown_names_are_refused() -> None:
    with pytest.raises(OntologyError, match="Persom is not a label"):
        load().allows("MADE_BY", ("Evidence",), ("Persom",))
    with pytest.raises(OntologyError, match="MADE_BYE is not a relationship type"):
        load().relation("MADE_BYE")


def test_predicates_lead_to_relationship_types() -> None:
    assert dict(load().predicates) == {
        "affiliated_with": "AFFILIATED_WITH", "delivers": "DELIVERS", "addresses": "ADDRESSES", "leads_to": "LEADS_TO",
        "located_in": "LOCATED_IN",
    }
    derived = {relation.type for relation in load().relations.values() if relation.derived}
    assert derived == {*load().predicates.values(), "CONTRIBUTED_TO"}


def test_relationships_read_from_both_ends() -> None:
    delivers = load().relations[Relation.DELIVERS]
    assert (delivers.title, delivers.inverse_title) == ("delivers", "is delivered by")
    assert set(delivers.properties) == {"statements", "documents"}


def test_full_text_indexes_cover_what_is_searched() -> None:
    indexes = load().full_text_indexes
    assert {name: index.labels for name, index in indexes.items()} == {
        "search_things": ("Thing",), "search_documents": ("Document",), "search_passages": ("Passage",),
        "search_headings": ("Heading",),
    }
    assert {"name", "aliases"} <= set(indexes["search_things"].properties)


def test_alignments_are_prefixed_names() -> None:
    labels = load().labels
    assert labels[Label.ORGANISATION].alignments == ("foaf:Organization", "org:Organization", "prov:Organization")
    assert "skos:Concept" in labels[Label.HEADING].alignments
    infos = (*labels.values(), *load().relations.values())
    used = {name.partition(":")[0] for info in infos for name in info.alignments}
    assert used >= {"prov", "skos", "org", "foaf", "dcterms", "oa"}


def test_addresses() -> None:
    ontology = load()
    assert ontology.iri("Person", "x1") == "https://w3id.org/reform-evidence-graph/thing/x1"
    assert ontology.iri("Evidence", "s1") == "https://w3id.org/reform-evidence-graph/statement/s1"
    assert ontology.iri("ExtractionRun", "r1") == "https://w3id.org/reform-evidence-graph/extractionrun/r1"


# The thesaurus


def test_ideas_are_the_fifty_two() -> None:
    assert list(load().ideas) == IDEAS


def test_every_idea_has_words_that_texts_use() -> None:
    for idea in load().ideas.values():
        assert len(idea.alt_labels) >= 15, idea.id
        assert not {idea.label.casefold()} & {label.casefold() for label in idea.alt_labels}, idea.id
        assert not set(idea.alt_labels) & set(idea.hidden_labels), idea.id


def test_sectors_and_positions() -> None:
    assert list(load().sectors) == [
        "central-government", "local-government", "health-and-care", "police-and-justice", "education", "regulator",
        "academia", "think-tank", "voluntary-and-community", "private-firm", "citizens-and-service-users",
        "elected-politicians", "unknown",
    ]
    assert list(load().positions) == ["front-line", "manager", "service-user", "researcher", "politician", "unknown"]
    assert "nurse" in load().positions["front-line"].alt_labels


def test_headings_stand_in_two_levels_of_one_kind() -> None:
    headings = load().headings
    for kind in ("Issue", "Intervention", "Outcome"):
        assert sum(heading.kind == kind for heading in headings.values()) >= 25
    for heading in headings.values():
        if heading.broader:
            above = headings[heading.broader]
            assert (above.kind, above.broader) == (heading.kind, "")


# Reading


def test_the_hash_covers_turtle_and_gazetteer(tmp_path: Path) -> None:
    files = model.ontology_files()
    assert {path.suffix for path in files} == {".ttl", ".csv"}
    assert load().hash == model.hash_files(files)
    changed = tmp_path / files[0].name
    changed.write_bytes(files[0].read_bytes() + b"\n# one more line\n")
    assert model.hash_files((changed, *files[1:])) != load().hash
    changed.write_bytes(files[0].read_bytes().replace(b"\n", b"\r\n"))
    assert model.hash_files((changed, *files[1:])) == load().hash


def test_loading_is_quick_and_leaves_pyshacl_alone() -> None:
    """In a process of its own, in CPU seconds, with what rdflib's import costs; twice the aim, for a busy machine."""
    code = (
        "import sys, time; from ontology import gazetteer, model; model.load(); gazetteer.load();"
        "print(time.process_time(), 'pyshacl' in sys.modules)"
    )
    command, folder = [sys.executable, "-c", code], model.FOLDER.parent
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    seconds, pyshacl = done.stdout.split()
    assert pyshacl == "False"
    assert float(seconds) < 1.0


PREFIXES = """
@prefix reg: <https://w3id.org/reform-evidence-graph/ontology#> .
@prefix meta: <https://w3id.org/reform-evidence-graph/meta#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
"""


@pytest.mark.parametrize(("change", "message"), [
    ("reg:Person rdfs:label 'Another' .", "Person has 2 values of label"),
    ("reg:Person rdfs:subClassOf reg:Nobody .", "Person is under Nobody, which is no class"),
    ("reg:Person meta:requires reg:stance .", "Person requires stance, which it may not have"),
    ("reg:shoe a owl:DatatypeProperty ; rdfs:domain reg:Person ; rdfs:range xsd:duration ; rdfs:label 's' ; "
     "skos:definition 'd' ; skos:example 'e' .", "shoe has the range"),
])
def test_turtle_that_does_not_fit_together_is_refused(change: str, message: str) -> None:
    graph = turtle.parse()
    graph.parse(data=PREFIXES + change, format="turtle")
    with pytest.raises(OntologyError, match=message):
        turtle.read(graph)


def test_a_file_that_is_no_turtle_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "reform.ttl").write_text("this is no Turtle", "utf-8")
    monkeypatch.setattr(turtle, "FOLDER", tmp_path)
    with pytest.raises(OntologyError, match=r"reform\.ttl cannot be read"):
        turtle.parse()


def test_an_empty_graph_is_no_ontology() -> None:
    with pytest.raises(OntologyError):
        turtle.read(Graph())
