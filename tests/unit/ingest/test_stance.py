"""Stance: a claim challenges where its words say so, in at least half of its passages."""
# Strategy: sentences written for the test, pairs that differ in what they say only.
from __future__ import annotations

import pytest

from ingest.stance import challenges, says_no


@pytest.mark.parametrize("passage", [
    "We challenge the view that professional autonomy is enough.",
    "The claim that prevention saves money is not proven.",
    "Outsourcing has failed the people we look after.",
    "Contracting out led to lower pay.",
    "Co-production itself was costly for staff.",
    "User research that does not change anything is theatre.",
    "The pilot increased the number of meetings.",
])
def test_words_that_say_no(passage: str) -> None:
    assert says_no(passage)


@pytest.mark.parametrize("passage", [
    "The challenge was to reach people who live alone.",
    "Prevention paid: early help reduced referrals.",
    "The programme cut waiting times and costs less than before.",
    "It is worth the risk.",
    "Staff were not afraid to try.",
])
def test_words_that_do_not(passage: str) -> None:
    assert not says_no(passage)


def test_half_of_the_passages_must_say_so() -> None:
    no, yes = "Targets backfired.", "Targets helped."
    assert challenges([no])
    assert challenges([no, yes])
    assert not challenges([no, yes, yes])
    assert not challenges([])
