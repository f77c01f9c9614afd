"""Bylines and the sentences that say who an author is."""

# Strategy: tables of lines as they stand in posts and reports; names are invented.
from __future__ import annotations

import pytest

from ingest.read.byline import add_bios, find_bio, is_junk_name, is_person, kind_of, parse_authors, split_byline
from records.model import Author

P, ORG = "Person", "Organisation"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("By Amara Osei", [("Amara Osei", "", "", P)]),
        ("by Amara Osei and Bo Lindqvist", [("Amara Osei", "", "", P), ("Bo Lindqvist", "", "", P)]),
        (
            "By Amara Osei, Bo Lindqvist & Jean-Luc de la Tour",
            [("Amara Osei", "", "", P), ("Bo Lindqvist", "", "", P), ("Jean-Luc de la Tour", "", "", P)],
        ),
        ("Posted by Amara Osei on 3 May 2016", [("Amara Osei", "", "", P)]),
        ("Posted on 3 May 2016 by Amara Osei", [("Amara Osei", "", "", P)]),
        ("May 3, 2016 by Amara Osei", [("Amara Osei", "", "", P)]),
        ("By Amara Osei | 12 March 2012 | 3 comments", [("Amara Osei", "", "", P)]),
        ("Author: Dr Amara O’Sei OBE, University of Wexmoor", [("Amara O’Sei", "University of Wexmoor", "", P)]),
        (
            "By Amara Osei, Head of Repairs at Northfield Homes",
            [("Amara Osei", "Northfield Homes", "Head of Repairs", P)],
        ),
        (
            "By Amara Osei, Director of Policy, Nestling and Bo Lindqvist (Demesne)",
            [("Amara Osei", "Nestling", "Director of Policy", P), ("Bo Lindqvist", "Demesne", "", P)],
        ),
        ("By Councillor Adeel Raman", [("Adeel Raman", "", "Councillor", P)]),
        ("Authors: Department of Health and Social Care", [("Department of Health and Social Care", "", "", ORG)]),
        ("Written by the Northfield Housing Association", [("Northfield Housing Association", "", "", ORG)]),
        ("By the end of the year we had failed.", []),
        ("By John P. Smith Jr.", [("John P. Smith", "", "", P)]),
    ],
)
def test_bylines(line: str, expected: list[tuple[str, str, str, str]]) -> None:
    who = split_byline(line)
    assert who is not None
    assert [(a.name, a.affiliation, a.position, a.kind) for a in parse_authors(who)] == expected


@pytest.mark.parametrize(
    "line", ["Bypass surgery", "The report by Amara Osei", "Nearby Amara Osei", "By " + "x" * 400, ""]
)
def test_lines_that_are_no_bylines(line: str) -> None:
    assert split_byline(line) is None


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "Sharon Squires is Director of Sheffield First Partnership.",
            Author("Sharon Squires", "Sheffield First Partnership", "Director"),
        ),
        (
            "Amara Osei is a Head of Repairs at Northfield in Wexmoor, and writes.",
            Author("Amara Osei", "Northfield", "Head of Repairs"),
        ),
        (
            "Prof. Amara Osei is Professor of Public Policy at the University of Wexmoor.",
            Author("Amara Osei", "University of Wexmoor", "Professor of Public Policy"),
        ),
        ("Amara Osei is Director of Adult Social Care.", Author("Amara Osei", "", "Director of Adult Social Care")),
        ("Amara Osei (she/her) is currently a nurse who works in a clinic.", Author("Amara Osei", "", "nurse")),
        (
            "Amara Osei is a Senior Analyst in the U.S. Department of Repairs.",
            Author("Amara Osei", "U.S. Department of Repairs", "Senior Analyst"),
        ),
        (
            "Amara Osei is chief executive of the Local Trust and a trustee.",
            Author("Amara Osei", "Local Trust", "chief executive"),
        ),
        ("The Director is Amara Osei.", None),
        ("Amara Osei is tired of forms.", None),
        ("This is a director of a trust.", None),
        ("Public Health is a director’s task.", None),
        ("Amara Osei is working with the director of it.", None),
    ],
)
def test_bios(sentence: str, expected: Author | None) -> None:
    assert find_bio(sentence) == expected


def test_bios_fill_what_the_byline_left_open_and_add_nobody() -> None:
    texts = [
        "About us. Amara Osei is Head of Repairs at Northfield Homes.",
        "Somebody Else is Director of Nestling.",
        "We met Bo Lindqvist is not a sentence.",
    ]
    found = add_bios((Author("Amara Osei"), Author("Bo Lindqvist"), Author("Northfield Homes", kind=ORG)), texts)
    assert found == (
        Author("Amara Osei", "Northfield Homes", "Head of Repairs"),
        Author("Bo Lindqvist"),
        Author("Northfield Homes", kind=ORG),
    )


@pytest.mark.parametrize(
    "name", ["Amara Osei", "Jean-Luc de la Tour", "Mary O’Neil", "J. P. Morgan", "Ludwig van der Rohe", "Åsa Öberg"]
)
def test_persons(name: str) -> None:
    assert is_person(name) and kind_of(name) == P


@pytest.mark.parametrize(
    "name",
    [
        "Executive Summary",
        "Digital Service",
        "Amara",
        "amara osei",
        "Chief Technology Officer",
        "Open Data",
        "NHS Wexmoor",
        "https://a.example B",
        "The Council",
        "Final Version",
        "",
    ],
)
def test_no_persons(name: str) -> None:
    assert not is_person(name)


@pytest.mark.parametrize(
    ("name", "publisher"),
    [
        ("18F", ""),
        ("NHSX", ""),
        ("Department of Health", ""),
        ("Northfield Housing Association", ""),
        ("Data to Insight", "Data to Insight (UK)"),
    ],
)
def test_organisations(name: str, publisher: str) -> None:
    assert kind_of(name, publisher) == ORG


@pytest.mark.parametrize(
    "name",
    [
        "z441145",
        "blum_m",
        "TBOUMA",
        "admin",
        "user",
        "wpadmin1",
        "a@b.example",
        "Microsoft Office User",
        "x",
        "",
        "123",
    ],
)
def test_junk_of_file_properties(name: str) -> None:
    assert is_junk_name(name)


def test_names_are_no_junk() -> None:
    assert not any(map(is_junk_name, ("Amara Osei", "18F", "Nesta", "Department of Health")))
