"""Strategy: plain values; hypothesis makes texts with characters outside the basic plane and overlapping spans."""
from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from web.excerpts import CONTEXT, Cover, Stretch, after, before, marked, single_file, stretches, terms_of

TEXTS = st.text(alphabet=st.sampled_from("ab .\n“\U0001f9ed\u202eé"), max_size=60)


@st.composite
def covered(draw: st.DrawFn) -> tuple[str, int, int, list[Cover], list[Cover]]:
    text = draw(TEXTS)
    ends = st.integers(0, len(text))
    start, end = sorted((draw(ends), draw(ends)))

    def covers(prefix: str) -> list[Cover]:
        spans = draw(st.lists(st.tuples(ends, ends), max_size=5))
        return [Cover(min(s), max(s), f"{prefix}{n}") for n, s in enumerate(spans)]

    return text, start, end, covers("p"), covers("m")


@given(covered())
def test_stretches_put_together_are_the_text(case: tuple[str, int, int, list[Cover], list[Cover]]) -> None:
    text, start, end, passages, mentions = case
    pieces = stretches(text, start, end, passages, mentions)
    assert "".join(piece.text for piece in pieces) == text[start:end]
    assert all(piece.text for piece in pieces)


@given(covered())
def test_each_character_lies_under_the_passages_that_cover_it(
    case: tuple[str, int, int, list[Cover], list[Cover]],
) -> None:
    text, start, end, passages, mentions = case
    at = start
    for piece in stretches(text, start, end, passages, mentions):
        for place in range(at, at + len(piece.text)):
            assert set(piece.passages) == {p.key for p in passages if p.start <= place < p.end}
        at += len(piece.text)


@given(covered())
def test_a_mention_is_marked_whole_or_not_at_all(case: tuple[str, int, int, list[Cover], list[Cover]]) -> None:
    text, start, end, passages, mentions = case
    pieces = stretches(text, start, end, passages, mentions)
    for mention in mentions:
        words = "".join(piece.text for piece in pieces if piece.mention == mention.key)
        assert words in ("", text[mention.start:mention.end])


def test_of_overlapping_mentions_the_longer_stays() -> None:
    assert single_file([Cover(0, 4, "short"), Cover(2, 9, "long"), Cover(9, 12, "next")]) == [
        Cover(2, 9, "long"), Cover(9, 12, "next"),
    ]


def test_a_passage_says_where_it_ends() -> None:
    text = "One two three."
    pieces = stretches(text, 0, len(text), [Cover(4, 7, "a"), Cover(4, 13, "b")], [])
    assert [(p.text, p.passages, p.ends) for p in pieces] == [
        ("One ", (), ()), ("two", ("a", "b"), ("a",)), (" three", ("b",), ("b",)), (".", (), ()),
    ]


def test_a_passage_that_runs_past_the_border_does_not_end_there() -> None:
    pieces = stretches("abcdef", 0, 3, [Cover(1, 5, "p")], [])
    assert pieces == [Stretch("a"), Stretch("bc", ("p",))]


def test_context_is_the_nearest_sentence() -> None:
    assert before("First one. Then this: ") == "Then this: "
    assert after(" and so on. Another one.") == " and so on."
    assert before("") == after("") == ""


def test_long_context_is_cut_at_a_word_and_says_so() -> None:
    words = " ".join(["word"] * 200)
    assert before(words).startswith("… word")
    assert after(words).endswith("word …")
    assert len(before(words)) <= CONTEXT + 2
    assert len(after(words)) <= CONTEXT + 2


def test_terms_are_words_and_phrases() -> None:
    assert terms_of('co-production “repeat calls" x') == ["co-production", "repeat calls", "x"]
    assert terms_of('  ""  ') == []


def test_marks_stand_on_whole_words_whatever_the_case() -> None:
    hits = [p.text for p in marked("Panels and panel; unpanelled. PANELS", ["panel"]) if p.passages]
    assert hits == ["Panels", "panel", "PANELS"]
    assert marked("a (b) c", ["(", ")"]) == [Stretch("a (b) c")]


@given(TEXTS, st.lists(TEXTS, max_size=3))
def test_marking_loses_nothing(text: str, terms: list[str]) -> None:
    assert "".join(piece.text for piece in marked(text, terms)) == text
