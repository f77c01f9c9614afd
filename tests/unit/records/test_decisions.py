"""The fold of decisions: what holds after accepting, merging, undoing, and undoing the undoing."""
# Strategy: hypothesis draws lists of decisions over few targets, so that they meet; a decision that the
# fold refuses (a merge that closes a circle) is left out of the list, as the ledger would refuse it.
from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from errors import RecordsError
from records.decisions import (
    ACCEPT,
    DECISION_KINDS,
    DISPUTE,
    DISTINCT,
    MERGE,
    NOT_SAME_TEXT,
    REINSTATE,
    REJECT,
    RENAME,
    RETYPE,
    SAME_TEXT,
    SET_METADATA,
    SET_SECTOR,
    UNDO,
    UNMERGE,
    WITHDRAW,
    Decision,
    DecisionView,
    DocumentOverride,
    dump,
    effective,
    load,
    orphans,
    pair,
    split_pair,
    view,
)
from records.model import Author, Identity, Metadata

THINGS = ("a", "b", "c", "d", "e")


def numbered(*decisions: Decision) -> list[Decision]:
    return [replace(each, decision_id=number) for number, each in enumerate(decisions, 1)]


def merge(one: str, into: str) -> Decision:
    return Decision(MERGE, one, into, "editor")


single = st.one_of(
    st.builds(Decision, st.sampled_from([ACCEPT, REJECT, DISPUTE]), st.sampled_from(THINGS), version=st.just("v")),
    st.builds(Decision, st.just(RENAME), st.sampled_from(THINGS), st.sampled_from(["One", "Two"])),
    st.builds(Decision, st.just(RETYPE), st.sampled_from(THINGS), st.sampled_from(["Person", "Place"])),
    st.builds(Decision, st.just(SET_SECTOR), st.sampled_from(THINGS), st.sampled_from(["academia", "regulator"])),
    st.builds(Decision, st.just(MERGE), st.sampled_from(THINGS), st.sampled_from(THINGS)),
    st.builds(Decision, st.just(UNMERGE), st.sampled_from(THINGS)),
    st.builds(Decision, st.sampled_from([WITHDRAW, REINSTATE]), st.sampled_from(THINGS), why=st.just("why")),
    st.builds(
        Decision, st.just(SET_METADATA), st.sampled_from(THINGS),
        st.sampled_from(['{"title": "T"}', '{"title": null}', '{"date": "2020", "title": "U"}']),
    ),
    st.builds(
        Decision, st.sampled_from([SAME_TEXT, NOT_SAME_TEXT, DISTINCT]),
        st.lists(st.sampled_from(THINGS), min_size=2, max_size=2, unique=True).map(lambda two: pair(*two)),
    ),
)


@st.composite
def logs(draw: st.DrawFn) -> list[Decision]:
    """A list that the ledger would hold: numbered, undoing earlier ones, with no circle of merges."""
    found: list[Decision] = []
    for each in draw(st.lists(st.one_of(single, st.just(None)), max_size=14)):
        if each is None:
            if not found:
                continue
            earlier = draw(st.sampled_from(found))
            each = Decision(UNDO, earlier.target, undoes=earlier.decision_id)
        attempt = [*found, replace(each, decision_id=len(found) + 1)]
        try:
            view(attempt)
        except RecordsError:
            continue
        found = attempt
    return found


@given(logs(), single)
def test_to_undo_a_decision_restores_what_was(log: list[Decision], decision: Decision) -> None:
    before = view(log)
    number = len(log) + 1
    undone = [
        *log, replace(decision, decision_id=number),
        Decision(UNDO, decision.target, undoes=number, decision_id=number + 1),
    ]
    assert view(undone) == before
    again = [*undone, Decision(UNDO, decision.target, undoes=number + 1, decision_id=number + 2)]
    made = [*log, replace(decision, decision_id=number)]
    try:
        expected = view(made)
    except RecordsError:
        with pytest.raises(RecordsError):
            view(again)
    else:
        assert view(again) == expected


@given(logs(), st.randoms())
def test_the_fold_depends_on_numbers_not_on_the_order_of_the_list(log: list[Decision], random: object) -> None:
    mixed = list(log)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert view(mixed) == view(log)


@given(logs())
def test_every_identity_has_one_canonical_and_clusters_are_disjoint(log: list[Decision]) -> None:
    found = view(log)
    clusters = {found.canonical(each): set(found.cluster(each)) for each in THINGS}
    for each in THINGS:
        assert found.canonical(found.canonical(each)) == found.canonical(each)
        assert each in clusters[found.canonical(each)]
    assert sum(len(cluster) for cluster in clusters.values()) == len(THINGS)


@given(logs())
def test_dump_and_load_keep_all(log: list[Decision]) -> None:
    assert load(dump(log)) == log
    assert effective(load(dump(log))) == effective(log)


@given(logs())
def test_undone_decisions_do_not_count(log: list[Decision]) -> None:
    counting = {each.decision_id for each in effective(log)}
    by_id = {each.decision_id: each for each in log}

    def counts(decision: Decision) -> bool:
        """By the definition, from the decision's point of view: no undo of it counts."""
        return not any(
            each.kind == UNDO and each.undoes == decision.decision_id and counts(each)
            for each in log if each.decision_id > decision.decision_id
        )

    assert counting == {number for number, each in by_id.items() if each.kind != UNDO and counts(each)}


def test_the_latest_word_on_a_statement_counts() -> None:
    log = numbered(Decision(ACCEPT, "s", "supports", version="v1"), Decision(REJECT, "s"), Decision(DISPUTE, "t"))
    found = view(log)
    assert (found.statements["s"].state, found.statements["s"].decision_id) == ("rejected", 2)
    assert found.statements["t"].state == "disputed"
    log = [*log, Decision(UNDO, "s", undoes=2, decision_id=4)]
    assert (view(log).statements["s"].state, view(log).statements["s"].version) == ("accepted", "v1")
    assert view(log).statements["s"].value == "supports"


def test_merges_chain_and_come_apart() -> None:
    found = view(numbered(merge("a", "b"), merge("b", "c"), merge("d", "c")))
    assert [found.canonical(each) for each in "abcd"] == ["c"] * 4
    assert found.cluster("a") == found.cluster("c") == ("c", "a", "b", "d")
    apart = view(numbered(merge("a", "b"), merge("b", "c"), Decision(UNMERGE, "b")))
    assert [apart.canonical(each) for each in "abc"] == ["b", "b", "c"]
    assert apart.members == {"b": ("a",)}


@pytest.mark.parametrize("log", [
    [merge("a", "a")],
    [merge("a", "b"), merge("b", "a")],
    [merge("a", "b"), merge("b", "c"), merge("c", "a")],
    [merge("a", "b"), merge("c", "a"), merge("a", "c")],
    [merge("a", "")],
])
def test_circles_of_merges_are_refused(log: list[Decision]) -> None:
    with pytest.raises(RecordsError, match="circle"):
        view(numbered(*log))


def test_an_identity_takes_the_editors_words() -> None:
    identity = Identity("a", "Person", "As read", "academia", ("Other",))
    found = view(numbered(Decision(RENAME, "a", "Right"), Decision(RETYPE, "a", "Organisation")))
    assert found.identity(identity) == Identity("a", "Organisation", "Right", "academia", ("Other",))
    assert found.identity(Identity("b", "Person", "B")) == Identity("b", "Person", "B")


def test_a_document_takes_the_editors_words_field_by_field() -> None:
    authors = json.dumps({"authors": [{"name": "Ann", "affiliation": "Nesta"}], "title": "T"})
    found = view(numbered(
        Decision(SET_METADATA, "d", authors), Decision(SET_METADATA, "d", '{"date": "2020", "title": null}'),
        Decision(WITHDRAW, "d", why="a mistake"),
    ))
    as_read = Metadata(title="As read", date="1999", publisher="P")
    assert found.metadata("d", as_read) == Metadata("As read", (Author("Ann", "Nesta"),), "P", "2020")
    assert (found.document("d").state, found.document("d").reason) == ("withdrawn", "a mistake")
    assert found.document("other") == DocumentOverride()
    assert found.metadata("other", as_read) is as_read


@pytest.mark.parametrize("value", [
    "", "[]", "{}", '"title"', '{"colour": "red"}', '{"title": 5}', '{"authors": "Ann"}', '{"authors": [{"name": ""}]}',
    '{"authors": [{"name": "Ann", "colour": "red"}]}',
])
def test_metadata_that_do_not_fit_are_refused(value: str) -> None:
    with pytest.raises(RecordsError):
        view(numbered(Decision(SET_METADATA, "d", value)))


def test_pairs_have_one_name() -> None:
    assert pair("b", "a") == pair("a", "b") == "a~b"
    assert split_pair("a~b") == ("a", "b")
    for wrong in ("a", "a~", "~b", "a~a", "b~a", ""):
        with pytest.raises(RecordsError):
            split_pair(wrong)


def test_the_part_of_a_view_keeps_whole_clusters() -> None:
    found = view(numbered(
        merge("a", "b"), Decision(RENAME, "b", "Bee"), Decision(RENAME, "x", "Ex"), Decision(ACCEPT, "s1"),
        Decision(ACCEPT, "s2"), Decision(SAME_TEXT, "doc~other"), Decision(SAME_TEXT, "other~third"),
        Decision(WITHDRAW, "other", why="w"), Decision(DISTINCT, "a~x"),
    ))
    part = found.only(["s1"], ["a"], "doc")
    assert set(part.identities) == {"a", "b"}
    assert set(part.statements) == {"s1"}
    assert part.same_texts == {("doc", "other"): True}
    assert part.documents == {}
    assert (part.distinct, part.members) == (frozenset({("a", "x")}), {"b": ("a",)})
    assert DecisionView().only(["s"], ["a"], "doc") == DecisionView()


def test_orphans_are_those_that_count_and_miss_their_target() -> None:
    log = numbered(
        Decision(ACCEPT, "gone"), Decision(ACCEPT, "here"), Decision(REJECT, "undone"),
        Decision(UNDO, "undone", undoes=3),
    )
    assert [each.target for each in orphans(log, lambda decision: decision.target == "here")] == ["gone"]


@pytest.mark.parametrize("line", ["{", "[]", '{"kind": "guess", "target": "a"}', '{"kind": "accept", "x": 1}'])
def test_a_line_that_is_no_decision_is_named(line: str) -> None:
    with pytest.raises(RecordsError, match="line 2"):
        load(dump(numbered(Decision(ACCEPT, "a"))) + line)


def test_lines_hold_any_text() -> None:
    log = numbered(Decision(RENAME, "a", "two\u2028lines\n and \U0001f600", "É. Ditor"))
    assert load(dump(log)) == log


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(RecordsError, match="unknown kind"):
        view(numbered(Decision("guess", "a")))
    assert "guess" not in DECISION_KINDS
