# Strategy: pairs that must have one normal form, and pairs that must not; both lists would show a rule too many.
from __future__ import annotations

import pytest

from ingest import naming
from records.model import LOCAL


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("Issue", "Social isolation", "social  isolation"),
        ("Issue", "the waiting times", "waiting time"),
        ("Issue", "long waiting lists", "Long Waiting List"),
        ("Intervention", "enrollment programs", "enrolment programme"),
        ("Intervention", "organized crime unit", "organised crime units"),
        ("Intervention", "co-design workshops", "co design workshop"),
        ("Outcome", "children’s wellbeing", "children's well-being"),
        ("Outcome", "better lives", "better life"),
        ("Organisation", "The King’s Fund", "the King's Fund"),
        ("Organisation", "Health & Safety Executive", "Health and Safety Executive"),
        ("Organisation", "Center for Policy", "Centre for Policy"),
        ("Place", "São Paulo", "Sao Paulo"),
        ("Person", "Dr Sharon Squires", "Sharon Squires"),
        ("Person", "J. R. Smith MP", "J R Smith"),
    ],
)
def test_spellings_of_one_thing_have_one_form(kind: str, one: str, other: str) -> None:
    assert naming.normal_form(kind, one) == naming.normal_form(kind, other) != ""


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("Organisation", "Essex County Council", "Sussex County Council"),
        ("Organisation", "Sheffield First", "Sheffield First Partnership"),
        ("Issue", "care of the old", "old care"),
        ("Issue", "crisis", "cris"),
        ("Outcome", "less waste", "waste"),
        ("Person", "Ann Lee", "Anne Lee"),
    ],
)
def test_other_things_keep_other_forms(kind: str, one: str, other: str) -> None:
    assert naming.normal_form(kind, one) != naming.normal_form(kind, other)


@pytest.mark.parametrize(
    ("plural", "one"),
    [
        ("crises", "crisis"),
        ("children", "child"),
        ("policies", "policy"),
        ("boxes", "box"),
        ("buses", "buse"),
        ("status", "status"),
        ("services", "service"),
        ("business", "business"),
        ("data", "data"),
        ("analyses", "analysis"),
    ],
)
def test_singular(plural: str, one: str) -> None:
    assert naming.singular(plural) == one


@pytest.mark.parametrize("name", ["NHS", "DfE", "18F", "HMRC", "GOV.UK"])
def test_acronyms(name: str) -> None:
    assert naming.is_acronym(name)


@pytest.mark.parametrize("name", ["Nesta", "A", "Cabinet Office", "AGE", "the", "iPhone"])
def test_words_are_no_acronyms(name: str) -> None:
    assert naming.is_acronym(name) is (name == "AGE")  # in capitals a word cannot be told from an acronym


def test_keys_of_a_person_name_each_anchor_and_end_in_the_document() -> None:
    keys = naming.person_keys("Ms Sharon Squires", ["org:sheffield first partnership", "", "org:example blog"])
    assert keys == (
        "person:sharon squires@org:sheffield first partnership",
        "person:sharon squires@org:example blog",
        "person:sharon squires@document",
    )


def test_a_local_key_is_no_anchor() -> None:
    assert naming.person_keys("Ann Lee", ["org:abc@document"]) == ("person:ann lee@document",)


def test_keys_of_bodies() -> None:
    assert naming.organisation_keys("Nesta", "nesta") == ("org:nesta",)
    assert naming.organisation_keys("Sheffield First Partnership") == ("org:sheffield first partnership",)
    assert naming.organisation_keys("ABC", publisher="org:example blog") == (
        "org:abc@org:example blog",
        "org:abc" + LOCAL,
    )


def test_clean_keeps_what_is_shown() -> None:
    assert naming.clean("the  Cabinet\nOffice’s") == "Cabinet Office"
    assert naming.clean("The") == "The"
    assert naming.clean("Foundation for Public Code (NL)") == "Foundation for Public Code (NL)"
    assert naming.clean("(Nesta)") == naming.clean("Nesta)") == naming.clean("the Nesta (") == "Nesta"
