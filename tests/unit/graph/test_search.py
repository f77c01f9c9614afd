"""Strategy: rules one by one; ``tests/neo4j/graph`` sends random texts to the real parser."""
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.search import MOST_WORDS, SPECIAL, escape, make_query, make_query_of_terms


@pytest.mark.parametrize(("typed", "escaped"), [
    ("co-production", r"co\-production"), ("cats AND dogs", "cats and dogs"), ("a/b", r"a\/b"),
    ('"quoted', r"\"quoted"),
    ("foo:(", r"foo\:\("), ("~", ""), ("  ", ""), ("foo^2", r"foo\^2"), ("1 TO 5", "1 to 5"),
    (r"back\slash", r"back\\slash"),
    ("&& ||", ""), ("a\0b", "a b"),
])
def test_escape(typed: str, escaped: str) -> None:
    assert escape(typed) == escaped


def test_the_last_word_is_a_beginning_too() -> None:
    assert make_query("public Reform") == "public Reform reform*^0.5"
    assert make_query("co-production") == r"co\-production"
    assert make_query("of") == "of"
    assert make_query("public reform", prefix=False) == "public reform"
    assert make_query("???") == ""


def test_terms_are_required_unless_they_are_stop_words() -> None:
    assert make_query_of_terms(["loneliness", "in", "Eastmarch"], every=True) == (
        "+(loneliness^2 OR loneliness*) in +(eastmarch^2 OR eastmarch*)")
    assert make_query_of_terms(["loneliness", "in"], every=False) == "(loneliness^2 OR loneliness*) in"
    assert make_query_of_terms(["co-production", "staff time"], every=True) == r'+"co\-production" +"staff time"'
    assert make_query_of_terms(["OR", "??"], every=True) == "or"


def test_a_long_text_is_cut() -> None:
    assert len(escape("word " * 5000).split()) == MOST_WORDS


@given(st.text(max_size=60))
def test_every_special_character_is_escaped(typed: str) -> None:
    escaped = escape(typed)
    at = 0
    while at < len(escaped):
        if escaped[at] == "\\":
            assert SPECIAL.fullmatch(escaped[at + 1])
            at += 2
            continue
        assert not SPECIAL.fullmatch(escaped[at])
        at += 1
    assert not {"AND", "OR", "NOT", "TO"} & set(escaped.split())
