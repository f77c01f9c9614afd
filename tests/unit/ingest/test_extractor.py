# Strategy: short texts written for this test, each for one thing that must be found, with what must not be found
# beside it. Counts of mentions are not fixed: the cues are counted anew with more annotated documents.
from __future__ import annotations

from collections.abc import Callable

import pytest

from ingest.components.relations import FITS
from ingest.entities import Directory
from ingest.extractor import Extractor
from ingest.provenance import current_info
from ontology.gazetteer import Body
from ontology.model import load as load_ontology
from records.model import Author, Block, Entity, Extraction, Metadata, Reading, Statement
from settings import load as load_settings

from .conftest import lay_out

Extract = Callable[..., Extraction]

BLOG = (
    "# Why co-production works",
    "Co-production means that residents and staff plan services together. Northbridge First Partnership (NFP) used "
    "co-production to reduce social isolation among older people.",
    "The NFP's befriending programme led to fewer missed appointments. “We could not have done it without residents,” "
    "said Maria Okafor, a manager at Sheffield City Council.",
    "A tenant told us that the old service never listened. According to Nesta, early intervention saves money.",
    "Co-production is hard work. Sharon Squires is Director of Northbridge First Partnership.",
)
ABOUT = Metadata(title="Why co-production works", authors=(Author("Sharon Squires"),), publisher="Example Blog")


@pytest.fixture(scope="module")
def blog(extractor: Extractor) -> Extraction:
    text, blocks = lay_out(*BLOG)
    return extractor.extract(text, blocks, ABOUT)


def names(extraction: Extraction, kind: str) -> set[str]:
    return {entity.name for entity in extraction.entities if entity.kind == kind}


def entity(extraction: Extraction, name: str) -> Entity:
    return next(each for each in extraction.entities if each.name == name)


def evidence(extraction: Extraction) -> list[Statement]:
    return [statement for statement in extraction.statements if statement.idea is not None]


def test_names_are_found_and_typed(blog: Extraction) -> None:
    assert {"Sharon Squires", "Maria Okafor"} <= names(blog, "Person")
    assert {"Northbridge First Partnership", "Sheffield City Council"} <= names(blog, "Organisation")
    assert "Manager" not in names(blog, "Organisation") | names(blog, "Person")


def test_an_abbreviation_of_the_document_is_the_same_body(blog: Extraction) -> None:
    body = entity(blog, "Northbridge First Partnership")
    assert "NFP" in body.names
    assert body.keys == ("org:northbridge first partnership",)
    assert "NFP" not in names(blog, "Organisation")


def test_the_author_contributes_to_the_idea_in_so_many_passages(blog: Extraction) -> None:
    (statement,) = [
        s
        for s in evidence(blog)
        if s.contributor.role == "author" and blog.entities[s.idea or 0].keys == ("idea:co-production",)
    ]
    text, _ = lay_out(*BLOG)
    assert blog.entities[statement.contributor.entity].name == "Sharon Squires"
    assert not statement.contributor.by_default
    assert statement.stance == "supports"
    assert 1 <= len(statement.passages) <= 4
    assert all("o-production" in text[p.start : p.end] for p in statement.passages)


def test_the_bio_sentence_gives_affiliation_and_position(blog: Extraction) -> None:
    (author,) = blog.authors
    assert author.affiliation is not None
    assert blog.entities[author.affiliation].name == "Northbridge First Partnership"
    assert author.position == "manager"
    assert "person:sharon squires@org:northbridge first partnership" in entity(blog, "Sharon Squires").keys


def test_an_unnamed_voice_is_a_group_with_sector_and_position(blog: Extraction) -> None:
    group = entity(blog, "tenant")
    assert (group.kind, group.keys) == ("Group", ("group:tenant@document",))
    text, _ = lay_out(*BLOG)
    mention = next(m for m in blog.mentions if m.kind == "Group")
    assert text[mention.start : mention.end] == "tenant"
    assert "resident" not in {e.name for e in blog.entities if e.kind == "Group"}  # talked about, not heard


def test_relations_fit_the_ontology(blog: Extraction) -> None:
    ontology = load_ontology()
    relations = [s for s in blog.statements if s.idea is None]
    assert relations
    for statement in relations:
        assert statement.subject is not None and statement.object is not None
        kinds = blog.entities[statement.subject].kind, blog.entities[statement.object].kind
        assert ontology.allows(ontology.predicates[statement.predicate], [kinds[0]], [kinds[1]])
        assert (statement.direction != "") == (statement.predicate == "leads_to")


def test_the_tables_of_what_fits_agree_with_the_ontology() -> None:
    ontology = load_ontology()
    assert set(FITS) == set(ontology.predicates)
    for predicate, pairs in FITS.items():
        for subject, target in pairs:
            assert ontology.allows(ontology.predicates[predicate], [subject], [target])


def test_values_are_those_of_the_ontology(blog: Extraction) -> None:
    ontology = load_ontology()
    lists = {(each.label, each.property): set(each.values) for each in ontology.values.values()}
    for statement in blog.statements:
        assert statement.contributor.sector in ontology.sectors
        assert statement.contributor.position in ontology.positions
        assert statement.contributor.role in lists["Statement", "role"]
        if statement.idea is not None:
            assert statement.stance in lists["Evidence", "stance"]
            assert statement.kind in lists["Evidence", "kind"]


def test_an_extraction_survives_json(blog: Extraction) -> None:
    assert Extraction.from_json(blog.to_json()) == blog


def test_what_a_quoted_person_says_is_theirs(extract: Extract) -> None:
    found = extract(
        "Maria Okafor, Director of Housing at Leeds City Council, said: “Co-production has transformed our work.”",
        metadata=Metadata(authors=(Author("Ann Lee"),)),
    )
    quoted = [s for s in evidence(found) if s.contributor.role == "quoted"]
    assert [found.entities[s.contributor.entity].name for s in quoted] == ["Maria Okafor"]
    assert quoted[0].contributor.position == "manager"
    assert quoted[0].contributor.sector == "local-government"


def test_without_byline_the_publisher_is_the_author(extract: Extract) -> None:
    found = extract("Co-production helps. We support co-production.", metadata=Metadata(publisher="Example Council"))
    assert found.authors == ()
    assert found.publisher is not None
    authors = {s.contributor.entity for s in evidence(found) if s.contributor.role == "author"}
    assert authors == {found.publisher}


def test_without_byline_and_publisher_the_author_is_unknown(extract: Extract) -> None:
    found = extract("Co-production helps. We support co-production.")
    assert found.authors == () and found.publisher is None
    (author,) = {s.contributor.entity for s in evidence(found)}
    assert found.entities[author] == Entity("Group", "unknown author", ("group:unknown author@document",))


def test_each_author_of_the_byline_contributes_and_the_first_states_relations(extract: Extract) -> None:
    found = extract(
        "Co-production improved housing. The befriending programme reduced loneliness. We used co-production.",
        metadata=Metadata(authors=(Author("Ann Lee"), Author("Ben Ode"))),
    )
    per_idea = [
        found.entities[s.contributor.entity].name
        for s in evidence(found)
        if found.entities[s.idea or 0].keys == ("idea:co-production",)
    ]
    assert per_idea == ["Ann Lee", "Ben Ode"]
    by = {
        (found.entities[s.contributor.entity].name, s.contributor.by_default)
        for s in found.statements
        if s.idea is None
    }
    assert by <= {("Ann Lee", True)}


def test_american_and_british_words_for_an_idea(extract: Extract) -> None:
    found = extract("They relied on user-centered design.", "They relied on User‑centred design.")
    assert [m.kind for m in found.mentions if m.kind == "Idea"] == ["Idea", "Idea"]
    assert {e.keys for e in found.entities if e.kind == "Idea"} == {("idea:user-centred-design",)}


def test_nothing_in_nothing(extractor: Extractor) -> None:
    assert extractor.extract("", (), Metadata()).mentions == ()
    assert extractor.extract(" \n ", (), Metadata()).statements == ()


def test_many_readings_give_what_each_gives(extractor: Extractor) -> None:
    readings = []
    for number in range(20):
        text, blocks = lay_out(*BLOG[number % 4 :], f"Number {number} is about agile teams.")
        readings.append(Reading(text, blocks, ABOUT, "text", "1", "text/plain"))
    together = list(extractor.extract_many(readings))
    assert len(together) == 20
    for reading, extraction in list(zip(readings, together, strict=True))[::7]:
        assert extractor.extract(reading.text, reading.blocks, reading.metadata) == extraction


def test_a_long_text_in_several_docs_keeps_its_offsets(extractor: Extractor) -> None:
    text, blocks = lay_out(*(["Co-production helps tenants in the housing service. " * 40] * 25))
    found = extractor.extract(text, blocks, ABOUT)
    ideas = [m for m in found.mentions if m.kind == "Idea"]
    assert len(ideas) == 1000
    assert {text[m.start : m.end] for m in ideas} == {"Co-production"}
    assert len([e for e in found.entities if e.kind == "Idea"]) == 1


def test_the_info_is_what_is_told_without_loading(extractor: Extractor) -> None:
    assert extractor.info == current_info(load_settings())
    assert extractor.info.version.startswith("1+")
    assert len(extractor.info.model_hash) == 64


def test_sector_and_stance_come_from_what_the_document_says(extractor: Extractor) -> None:
    text = (
        "Lantern Street Advice is a charity that helps people with forms.\n\n"
        "Outsourcing has failed the people we see. Outsourcing led to lower pay and to staff shortages."
    )
    split = text.index("\n\n")
    blocks = (Block("paragraph", 0, split), Block("paragraph", split + 2, len(text)))
    metadata = Metadata(title="Forms", authors=(Author("Ruth Adeyemi"),), publisher="Lantern Street Advice")
    found = extractor.extract(text, blocks, metadata)
    (author,) = found.authors
    assert author.sector == "voluntary-and-community"
    about = [s for s in found.statements if s.idea is not None]
    stances = {found.entities[s.idea].keys[0]: s.stance for s in about if s.idea is not None}
    assert stances["idea:outsourcing-and-competition"] == "challenges"


def test_bodies_whose_names_look_the_same_are_told_apart() -> None:
    bodies = (Body("veterans-au", "Department of Veterans' Affairs", "Organisation", "central-government", (), "AU"),
              Body("veterans-us", "Department of Veterans Affairs", "Organisation", "central-government", (), "US"),
              Body("one-office", "The One Office", "Organisation", "central-government", ("One Off",), "GB", ("ONE",)))
    directory = Directory(load_ontology(), bodies)
    assert directory.named("Organisation", "Department of Veterans Affairs") is bodies[1]
    assert directory.named("Organisation", "department of veterans' affairs") is bodies[0]
    assert directory.named("Organisation", "The Department of Veterans Affairs") is None  # either
    assert directory.keys_of(bodies[0]) == ("org:veterans-au",)
    assert directory.named("Organisation", "one office") is bodies[2]
    assert directory.named("Organisation", "ONE") is bodies[2]
    assert directory.named("Organisation", "one") is None
    assert directory.named("Place", "One Office") is None
    assert directory.keys_of(bodies[2]) == ("org:one-office", "org:one office")
