"""Which language a text is in, and when that is not sure."""

from __future__ import annotations

import pytest

from ingest.language import detect, name_of


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("The council asked its tenants what a good repair is.", "en"),
        ("Le conseil a demandé aux locataires leur avis.", "fr"),
        ("Der Rat hat die Mieter gefragt, was gut ist.", "de"),
        ("Gofynnodd y cyngor i'w denantiaid beth yw atgyweiriad da.", "cy"),
    ],
)
def test_sentences(text: str, tag: str) -> None:
    assert detect(text) == tag


@pytest.mark.parametrize("text", ["", "ok", "NHS 111", "2015 | 812", "— … !"])
def test_what_is_too_short_to_tell(text: str) -> None:
    assert detect(text) == ""


def test_long_texts_are_sampled_from_start_middle_and_end() -> None:
    english = "The council asked its tenants what a good repair is. "
    assert detect(english * 2000) == "en"
    assert detect("Résumé. " + english * 200) == "en"


def test_names() -> None:
    assert name_of("fr") == "French" and name_of("xx") == "xx"
