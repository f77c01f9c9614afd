"""Decisions in the records: what is refused, which documents change, and what comes back."""
# Strategy: three documents with shared identities on a real database; each decision is checked by the
# documents that changes_after lists and by the snapshots' view.
from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import delete, update

from errors import ConflictError, NotFoundError, RecordsError
from records.decisions import (
    ACCEPT,
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
    dump,
    load,
    pair,
)
from records.model import Entity, Extraction, Identity, mint
from records.store import Records
from records.tables import decisions as decisions_table
from records.tables import extractions, runs, texts, versions
from tests.unit.records.collection import (
    CO_PRODUCTION,
    INFO,
    NESTA,
    Resolution,
    extraction,
    prose,
    reading,
    resolve,
)

OTHER = Entity("Organisation", "National Endowment", ("org:national endowment",))
THIRD = Entity("Organisation", "Third Body", ("org:third body",))
NESTA_ID, OTHER_ID, THIRD_ID = mint("org:nesta"), mint("org:national endowment"), mint("org:third body")


@pytest.fixture
def documents(records: Records) -> list[str]:
    """One document with Nesta, one with Other, one with Third."""
    return [
        records.take_in(
            reading(prose(seed, 300)), str(seed).encode(), f"{seed}.txt", f"file:/{seed}.txt",
            extraction(prose(seed, 300), entity, CO_PRODUCTION), INFO, resolve,
        ).document_id
        for seed, entity in enumerate((NESTA, OTHER, THIRD))
    ]


def decide(records: Records, kind: str, target: str, value: str = "", **more: object) -> int:
    return records.decide(Decision(kind, target, value, "Ed Itor", **more))  # type: ignore[arg-type]


def changed(records: Records, act: Callable[[], object]) -> set[str]:
    before = records.sequence()
    act()
    return {each.document_id for each in records.changes_after(before)}


def test_a_verdict_on_a_statement_changes_its_document(records: Records, documents: list[str]) -> None:
    snapshot = records.snapshot(documents[0])
    (target,) = snapshot.statement_ids
    assert changed(
        records, lambda: decide(records, ACCEPT, target, "supports", why="read it", version=snapshot.version),
    ) == {documents[0]}
    after = records.snapshot(documents[0])
    assert after.view.statements[target].state == "accepted"
    (decision,) = after.decisions
    assert (decision.who, decision.why, decision.version) == ("Ed Itor", "read it", snapshot.version)
    assert decision.at.endswith("Z")
    assert decision.document_id == documents[0]
    assert records.snapshot(documents[1]).decisions == ()
    assert records.decisions(target) == records.decisions() == [decision]


def test_a_verdict_needs_a_statement_that_is_there(records: Records, documents: list[str]) -> None:
    snapshot = records.snapshot(documents[0])
    with pytest.raises(NotFoundError, match="needs the version"):
        decide(records, ACCEPT, snapshot.statement_ids[0])
    with pytest.raises(NotFoundError, match="no statement"):
        decide(records, ACCEPT, "nothing", version=snapshot.version)
    with pytest.raises(NotFoundError, match="no statement"):
        decide(records, ACCEPT, snapshot.statement_ids[0], version=records.snapshot(documents[1]).version)


def test_a_merge_changes_the_documents_of_both_and_of_all_merged_before(records: Records, documents: list[str]) -> None:
    one, two, three = documents
    assert changed(records, lambda: decide(records, MERGE, NESTA_ID, OTHER_ID)) == {one, two}
    assert changed(records, lambda: decide(records, MERGE, OTHER_ID, THIRD_ID)) == {one, two, three}
    snapshot = records.snapshot(one)
    assert snapshot.registered(0).identity_id == NESTA_ID
    assert snapshot.identity_of(0).identity_id == THIRD_ID
    assert {each.identity_id for each in snapshot.merged_into(THIRD_ID)} == {NESTA_ID, OTHER_ID}
    assert len(snapshot.decisions) == 2
    assert records.snapshot(three).merged_into(THIRD_ID) == snapshot.merged_into(THIRD_ID)
    assert changed(records, lambda: decide(records, RENAME, THIRD_ID, "Third")) == {one, two, three}
    assert records.snapshot(one).identity_of(0).name == "Third"
    assert changed(records, lambda: decide(records, UNMERGE, OTHER_ID)) == {one, two, three}
    assert records.snapshot(one).identity_of(0).identity_id == OTHER_ID
    assert changed(records, lambda: decide(records, RENAME, THIRD_ID, "Third again")) == {three}


def test_ids_of_statements_outlive_merges_and_new_names(records: Records, documents: list[str]) -> None:
    before = records.snapshot(documents[0]).statement_ids
    decide(records, MERGE, NESTA_ID, OTHER_ID)
    decide(records, RENAME, OTHER_ID, "Another")
    decide(records, RETYPE, mint("idea:co-production"), "Issue")
    assert records.snapshot(documents[0]).statement_ids == before


def test_to_undo_a_merge_brings_back_what_was(records: Records, documents: list[str]) -> None:
    before = [replace(records.snapshot(each), sequence=0, decisions=()) for each in documents]
    number = decide(records, MERGE, NESTA_ID, OTHER_ID)
    assert changed(
        records, lambda: records.decide(Decision(UNDO, "", who="Ed", undoes=number)),
    ) == set(documents[:2])
    assert [replace(records.snapshot(each), sequence=0, decisions=()) for each in documents] == before
    undo = records.decisions()[-1]
    assert (undo.target, undo.undoes) == (NESTA_ID, number)
    assert changed(
        records, lambda: records.decide(Decision(UNDO, "", who="Ed", undoes=undo.decision_id)),
    ) == set(documents[:2])
    assert records.snapshot(documents[0]).identity_of(0).identity_id == OTHER_ID


def test_merges_that_cannot_be_are_refused(records: Records, documents: list[str]) -> None:
    with pytest.raises(ConflictError, match="circle"):
        decide(records, MERGE, NESTA_ID, NESTA_ID)
    number = decide(records, MERGE, NESTA_ID, OTHER_ID)
    with pytest.raises(ConflictError, match="has been merged"):
        decide(records, MERGE, NESTA_ID, THIRD_ID)
    with pytest.raises(ConflictError, match="circle"):
        decide(records, MERGE, OTHER_ID, NESTA_ID)
    with pytest.raises(ConflictError, match="not merged"):
        decide(records, UNMERGE, THIRD_ID)
    with pytest.raises(ConflictError, match="have been merged"):
        decide(records, DISTINCT, pair(NESTA_ID, OTHER_ID))
    # an undo may close a circle too
    records.decide(Decision(UNDO, "", who="Ed", undoes=number))
    decide(records, MERGE, OTHER_ID, NESTA_ID)
    undo = records.decisions()[-2]
    sequence = records.sequence()
    with pytest.raises(RecordsError, match="circle"):
        records.decide(Decision(UNDO, "", who="Ed", undoes=undo.decision_id))
    assert records.sequence() == sequence
    assert records.view().canonical(OTHER_ID) == NESTA_ID


def test_editors_words_on_identities_reach_the_snapshot(records: Records, documents: list[str]) -> None:
    assert changed(records, lambda: decide(records, SET_SECTOR, NESTA_ID, "think-tank")) == {documents[0]}
    assert changed(records, lambda: decide(records, RETYPE, NESTA_ID, "Group")) == {documents[0]}
    identity = records.snapshot(documents[0]).identity_of(0)
    assert (identity.sector, identity.kind, identity.name) == ("think-tank", "Group", "Nesta")
    assert records.identity(NESTA_ID).kind == "Organisation"  # as registered


def test_documents_are_withdrawn_reinstated_and_corrected(records: Records, documents: list[str]) -> None:
    target = documents[0]
    with pytest.raises(RecordsError, match="say why"):
        decide(records, WITHDRAW, target)
    assert changed(records, lambda: decide(records, WITHDRAW, target, why="not ours")) == {target}
    assert records.document(target).state == records.snapshot(target).state == "withdrawn"
    decide(records, REINSTATE, target)
    assert records.document(target).state == "active"
    decide(records, SET_METADATA, target, '{"title": "Right title"}')
    assert records.document(target).metadata.title == records.snapshot(target).metadata.title == "Right title"
    assert records.snapshot(target).as_read.title == records.text(target).metadata.title == "A title"
    assert next(iter(records.documents())).title == "Right title"


def test_an_editors_word_on_same_texts_counts_before_the_machines(records: Records, documents: list[str]) -> None:
    one, two, _ = documents
    assert records.same_text(one) == ()
    assert changed(records, lambda: decide(records, SAME_TEXT, pair(one, two))) == {one, two}
    (found,) = records.same_text(one)
    assert (found.document_id, found.decided, found.score) == (two, True, 1.0)
    reprint = records.take_in(
        reading(prose(0, 300) + " end"), b"reprint", "r.txt", "file:/r.txt", extraction(prose(0, 300)), INFO, resolve,
    ).document_id
    assert {each.document_id for each in records.same_text(one)} == {two, reprint}
    assert changed(records, lambda: decide(records, NOT_SAME_TEXT, pair(one, reprint))) == {one, reprint}
    assert {each.document_id for each in records.same_text(one)} == {two}
    assert records.snapshot(reprint).same_texts == ()
    records.decide(Decision(UNDO, "", who="Ed", undoes=records.decisions()[-1].decision_id))
    assert {each.document_id for each in records.same_text(one)} == {two, reprint}


def test_a_decided_pair_does_not_wait_any_more(records: Records, documents: list[str]) -> None:
    def suggests(found: Extraction, known: dict[str, Identity], document_id: str) -> Resolution:
        pairs = ((NESTA_ID, OTHER_ID, 0.9, ("alike",)), (OTHER_ID, THIRD_ID, 0.5, ("near",)))
        return replace(resolve(found, known, document_id), candidates=pairs)

    records.take_in(reading(prose(9)), b"9", "9.txt", "file:/9.txt", extraction(prose(9)), INFO, suggests)
    assert [each.score for each in records.candidates()] == [0.9, 0.5]
    assert changed(records, lambda: decide(records, DISTINCT, pair(OTHER_ID, THIRD_ID))) == set()
    assert [each.score for each in records.candidates()] == [0.9]
    number = decide(records, MERGE, NESTA_ID, OTHER_ID)
    assert records.candidates() == []
    records.decide(Decision(UNDO, "", who="Ed", undoes=number))
    assert [each.score for each in records.candidates()] == [0.9]


@pytest.mark.parametrize(("kind", "target", "value", "error"), [
    ("guess", NESTA_ID, "", RecordsError),
    (RENAME, "nothing", "Name", NotFoundError),
    (RENAME, NESTA_ID, " ", RecordsError),
    (RENAME, NESTA_ID, "x" * 501, RecordsError),
    (RETYPE, NESTA_ID, "Idol", RecordsError),
    (SET_SECTOR, NESTA_ID, "space", RecordsError),
    (SET_SECTOR, NESTA_ID, "", RecordsError),
    (MERGE, NESTA_ID, "nothing", NotFoundError),
    (REINSTATE, "nothing", "", NotFoundError),
    (SAME_TEXT, "a~b", "", NotFoundError),
    (SAME_TEXT, "a", "", RecordsError),
    (UNDO, "", "", NotFoundError),
    (RENAME, NESTA_ID, "with \x00", RecordsError),
])
def test_decisions_that_cannot_be_are_refused(
    records: Records, documents: list[str], kind: str, target: str, value: str, error: type[RecordsError],
) -> None:
    with pytest.raises(error):
        decide(records, kind, target, value)
    assert records.decisions() == []


def test_a_decision_has_an_author_and_is_undone_once(records: Records, documents: list[str]) -> None:
    with pytest.raises(RecordsError, match="who made it"):
        records.decide(Decision(RENAME, NESTA_ID, "Name", " "))
    number = decide(records, RENAME, NESTA_ID, "Name")
    records.decide(Decision(UNDO, "", who="Ed", undoes=number))
    with pytest.raises(ConflictError, match="undone already"):
        records.decide(Decision(UNDO, "", who="Ed", undoes=number))
    with pytest.raises(RecordsError, match="only an undo"):
        records.decide(Decision(RENAME, NESTA_ID, "Name", "Ed", undoes=number))


def test_the_second_of_two_editors_is_told(records: Records, documents: list[str]) -> None:
    first = records.decide(Decision(RENAME, NESTA_ID, "One", "Ann"), expected=0)
    with pytest.raises(ConflictError, match="in between"):
        records.decide(Decision(RENAME, NESTA_ID, "Two", "Bob"), expected=0)
    second = records.decide(Decision(RENAME, NESTA_ID, "Two", "Bob"), expected=first)
    assert second > first
    assert records.decide(Decision(RENAME, OTHER_ID, "Three", "Bob"), expected=0) > second


def test_of_many_editors_at_once_one_wins(records: Records, documents: list[str]) -> None:
    outcomes: list[str] = []
    start = threading.Barrier(4)

    def edit(name: str) -> None:
        start.wait()
        try:
            records.decide(Decision(RENAME, NESTA_ID, name, name), expected=0)
            outcomes.append("decided")
        except ConflictError:
            outcomes.append("conflict")

    threads = [threading.Thread(target=edit, args=(f"Editor {number}",)) for number in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(outcomes) == ["conflict", "conflict", "conflict", "decided"]


def test_another_process_sees_decisions_at_once(records: Records, documents: list[str], address: str) -> None:
    with Records(address, records.originals.folder) as other:
        assert other.decisions() == []
        decide(records, RENAME, NESTA_ID, "One")
        assert [each.value for each in other.decisions()] == ["One"]
        decide(other, RENAME, NESTA_ID, "Two")
        assert records.view().identities[NESTA_ID].name == "Two"


def test_what_is_written_once_cannot_be_rewritten(records: Records, documents: list[str]) -> None:
    decide(records, RENAME, NESTA_ID, "One")
    for table in (decisions_table, versions, texts, extractions, runs):
        column = next(iter(table.columns))
        for statement in (update(table).values({column: column}), delete(table)):
            with pytest.raises(RecordsError, match="written once"), records.database.lock() as connection:
                connection.execute(statement)
    assert len(records.decisions()) == 1


def test_decisions_move_to_other_records(records: Records, documents: list[str]) -> None:
    snapshot = records.snapshot(documents[0])
    decide(records, DISPUTE, snapshot.statement_ids[0], version=snapshot.version)
    number = decide(records, MERGE, NESTA_ID, OTHER_ID)
    records.decide(Decision(UNDO, "", who="Ed", undoes=number))
    lines = dump(records.decisions())
    assert records.append_decisions(load(lines)) == 0  # there already
    gone = Decision(REJECT, "gone", who="Ann", at="2020-01-01T00:00:00Z", version="0" * 64, decision_id=7)
    later = Decision(RENAME, NESTA_ID, "Later", "Ann", at="2020-01-02T00:00:00Z", decision_id=9)
    undo = Decision(UNDO, NESTA_ID, who="Ann", at="2020-01-03T00:00:00Z", undoes=9, decision_id=10)
    assert changed(records, lambda: records.append_decisions([gone, later, undo])) == {documents[0]}
    assert records.append_decisions([gone, later, undo]) == 0
    assert [each.at for each in records.decisions()][-3:] == [gone.at, later.at, undo.at]
    assert [each.target for each in records.orphans()] == ["gone"]
    with pytest.raises(RecordsError, match="not among them"):
        records.append_decisions([replace(undo, undoes=8)])
    circle = [
        replace(later, kind=MERGE, value=OTHER_ID, decision_id=11),
        replace(later, kind=MERGE, target=OTHER_ID, value=NESTA_ID, decision_id=12),
    ]
    count = len(records.decisions())
    with pytest.raises(ConflictError, match="circle"):
        records.append_decisions(circle)
    assert len(records.decisions()) == count  # all, or none


def test_a_verdict_whose_statement_a_new_version_lacks_is_an_orphan(records: Records, documents: list[str]) -> None:
    snapshot = records.snapshot(documents[0])
    decide(records, ACCEPT, snapshot.statement_ids[0], version=snapshot.version)
    assert records.orphans() == []
    records.take_in(
        reading(prose(50)), b"v2", "0.txt", "file:/0.txt", extraction(prose(50), NESTA, CO_PRODUCTION), INFO, resolve,
    )
    assert [each.kind for each in records.orphans()] == [ACCEPT]
    assert records.snapshot(documents[0]).view.statements == {}
    assert records.snapshot(documents[0]).decisions == ()
    records.take_in(
        reading(prose(0, 300)), b"0", "0.txt", "file:/0.txt", extraction(prose(0, 300)), INFO, resolve,
    )
    assert records.orphans() == []
    assert records.snapshot(documents[0]).view.statements[snapshot.statement_ids[0]].state == "accepted"
