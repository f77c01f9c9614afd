"""Strategy: small cases for each rule, then random claims against the plain definition (reachability)."""
from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from graph.independence import Claim, Reason, Source, group, similar


def test_each_contributor_is_a_source() -> None:
    assert group([Claim("1", "ann", "d"), Claim("2", "bob", "d"), Claim("3", "ann", "e")]) == (
        Source(("1", "3"), (Reason("contributor", "ann", ("1", "3")),)), Source(("2",)),
    )


def test_a_shared_study_makes_one_source() -> None:
    found = group([Claim("1", "ann", "d", studies=("s", "t")), Claim("2", "bob", "e", studies=("t",))])
    assert found == (Source(("1", "2"), (Reason("study", "t", ("1", "2")),)),)


def test_sharing_is_carried_on() -> None:
    found = group([
        Claim("1", "ann", "d", studies=("s",)), Claim("2", "bob", "e", studies=("s",)), Claim("3", "bob", "f"),
    ])
    assert [source.statements for source in found] == [("1", "2", "3")]
    assert [reason.kind for reason in found[0].reasons] == ["contributor", "study"]


def test_a_reprint_counts_once_passage_by_passage() -> None:
    claims = [
        Claim("1", "ann", "d", "Panels cut waiting times by half."),
        Claim("2", "a.", "e", "Panels cut waiting times by half"),
        Claim("3", "bob", "d", "The council closed three libraries last year."),
    ]
    assert group(claims) == (Source(("1",)), Source(("2",)), Source(("3",))), "without a word on their texts"
    assert group(claims, [("d", "e")]) == (Source(("1", "2"), (Reason("text", "d", ("1", "2")),)), Source(("3",)))


def test_one_document_is_not_its_own_reprint() -> None:
    same = "Panels cut waiting times by half."
    assert len(group([Claim("1", "ann", "d", same), Claim("2", "bob", "d", same)], [("d", "e")])) == 2


def test_similar_passages() -> None:
    words = frozenset(["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"])
    assert similar(words, words - {"a"})
    assert not similar(words, words - {"a", "b", "c"})


NAMES = st.sampled_from("abcdef")


@given(
    st.lists(st.tuples(NAMES, NAMES, st.lists(st.sampled_from("xyz"), max_size=2)), max_size=12),
    st.lists(st.tuples(NAMES, NAMES).filter(lambda pair: pair[0] != pair[1]), max_size=4), st.randoms(),
)
def test_sources_are_what_can_be_reached(
    rows: list[tuple[str, str, list[str]]], pairs: list[tuple[str, str]], choice: object,
) -> None:
    claims = [Claim(str(n), who, where, studies=tuple(studies)) for n, (who, where, studies) in enumerate(rows)]
    found = {frozenset(source.statements) for source in group(claims, pairs)}
    texts = {each: {each} for each in "abcdef"}
    for _ in texts:
        for one, other in pairs:
            union = texts[one] | texts[other]
            for each in union:
                texts[each] = union

    def one_source(one: Claim, other: Claim) -> bool:
        reprint = one.document != other.document and other.document in texts[one.document]
        return one.contributor == other.contributor or bool({*one.studies} & {*other.studies}) or reprint

    expected = [{claim.statement} for claim in claims]
    for _ in claims:
        for one, other in combinations(claims, 2):
            if one_source(one, other):
                first = next(each for each in expected if one.statement in each)
                second = next(each for each in expected if other.statement in each)
                if first is not second:
                    expected.remove(second)
                    first |= second
    assert found == {frozenset(each) for each in expected}
    shuffled = sorted(claims, key=lambda _: choice.random())  # type: ignore[attr-defined]
    assert {frozenset(source.statements) for source in group(shuffled, pairs[::-1])} == found
