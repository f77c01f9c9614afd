"""Sectors as a text states them: of a body beside its name, of the author in the first person."""
# Strategy: sentences written for the test; each sector once, and look-alikes that state none.
from __future__ import annotations

import pytest

from ingest.components.descriptions import describe_author, describe_body

NAME = "Lantern Street"


@pytest.mark.parametrize(("text", "sector"), [
    (f"{NAME} is a charity that gives free advice.", "voluntary-and-community"),
    (f"{NAME} (LS) is an independent think-tank.", "think-tank"),
    (f"{NAME} is the independent regulator of home care.", "regulator"),
    (f"The work was done by the technology firm {NAME}.", "private-firm"),
    (f"{NAME}, a management consultancy, drew up the plan.", "private-firm"),
    (f"{NAME} is the government department responsible for forms.", "central-government"),
    (f"{NAME} is a place where a charity meets a firm.", "voluntary-and-community"),
    (f"{NAME} was pleased with the charity.", ""),
    (f"{NAME} is a success.", ""),
    (f"A firm said so. {NAME} agreed.", ""),
])
def test_a_body_beside_its_name(text: str, sector: str) -> None:
    start = text.index(NAME)
    assert describe_body(text, start, start + len(NAME)) == sector


@pytest.mark.parametrize(("text", "stated"), [
    ("I am a general practitioner in a small town.", ("health-and-care", "front-line")),
    ("I have been a home carer for twenty-two years.", ("health-and-care", "front-line")),
    ("I write as a service user, and for nobody else.", ("citizens-and-service-users", "service-user")),
    ("I am glad that a patient was asked.", ("", "")),
    ("I am sure of it.", ("", "")),
    ("She is a nurse.", ("", "")),
])
def test_an_author_in_the_first_person(text: str, stated: tuple[str, str]) -> None:
    assert describe_author(text) == stated
