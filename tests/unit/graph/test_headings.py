"""Strategy: labels in pairs; headings of an ontology made for the test."""
from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import pytest

from graph import headings
from ontology.model import Heading, load

MADE = replace(load(), headings=MappingProxyType({each.id: each for each in (
    Heading("access", "Access", "", "Issue"),
    Heading("waiting", "Waiting times", "", "Issue", ("long waits",), ("queues",), "access"),
    Heading("visits", "Home visits", "", "Intervention"),
    Heading("round", "Round", "", "Issue", broader="trip"), Heading("trip", "Trip", "", "Issue", broader="round"),
)}))


@pytest.mark.parametrize(("one", "other"), [
    ("Waiting times", "waiting time"), ("policies", "policy"), ("boxes", "box"), ("Access", "access"),
    ("crises", "Crises"), ("classes", "class"), ("children’s homes", "children home"),
    ("co-operatives", "co operative"),
])
def test_case_number_and_punctuation_do_not_count(one: str, other: str) -> None:
    assert headings.normal(one) == headings.normal(other)


@pytest.mark.parametrize(("one", "other"), [
    ("bus", "bu"), ("process", "proces"), ("analysis", "analysi"), ("aid", "aide"),
])
def test_other_words_stay_apart(one: str, other: str) -> None:
    assert headings.normal(one) != headings.normal(other)


def test_a_concept_finds_the_heading_of_its_kind_and_label() -> None:
    def ids(kind: str, *names: str) -> list[str]:
        return [each.id for each in headings.find(MADE, kind, names)]

    assert ids("Issue", "Long wait") == ids("Issue", "QUEUE") == ["waiting"]
    assert ids("Issue", "access", "Waiting time") == ["access", "waiting"]
    assert ids("Intervention", "Waiting times") == []
    assert ids("Issue", "Waiting times for tests") == []


def test_broader_headings() -> None:
    assert [each.id for each in headings.above(MADE, MADE.headings["waiting"])] == ["access"]
    assert [each.id for each in headings.above(MADE, MADE.headings["round"])] == ["trip", "round"]
