"""Strategy: one small document written by hand goes through real records (SQLite in a new folder) into derivation; then
made-up documents with random decisions, of which all that holds for every document is checked."""
from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from graph.derive import derive, derive_all, study_id, study_name, year_of
from graph.fragment import Fragment, Node
from ontology.gate import check_fragment
from ontology.model import load
from records.decisions import (
    ACCEPT,
    DISPUTE,
    MERGE,
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
    pair,
)
from records.model import Contributor, Entity, Extraction, Mention, Reading, Statement, anchor_of, mention_id
from records.store import Records
from tests.collection import Draft, decide_something, take_in, take_in_this

SENTENCES = (
    "Sharon Squires of Sheffield First said that 𝔭anels cut silos.",
    "She backs co-production.",
    "Sheffield First runs panels in Sheffield.",
)


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    with Records.open(f"sqlite:///{tmp_path / 'records.sqlite'}") as opened:
        yield opened


def hand_written() -> tuple[Reading, Extraction]:
    """Two statements by a person who speaks for a body, and one by that body."""
    draft = Draft()
    person = draft.entity("Person", "Sharon Squires", names=("Squires",))
    body = draft.entity("Organisation", "Sheffield First", sector="local-government")
    panels, silos = draft.entity("Intervention", "𝔭anels"), draft.entity("Issue", "Silo")
    idea, place = draft.entity("Idea", "co-production"), draft.entity("Place", "Sheffield")
    first = draft.say(
        (person, "Sharon Squires"), " of ", (body, "Sheffield First"), " said that ", (panels, "𝔭anels"), " cut ",
        (silos, "silos"), ".",
    )
    second = draft.say("She backs ", (idea, "co-production"), ".")
    third = draft.say((body, "Sheffield First"), " runs ", (panels, "panels"), " in ", (place, "Sheffield"), ".")
    speaks = Contributor(person, "quoted", position="manager", affiliation=body)
    draft.statements += [
        Statement(speaks, (first,), 0.6, subject=panels, predicate="leads_to", object=silos, direction="decreases",
                  studies=("the  Hull Study",), reason="verb"),
        Statement(speaks, (second, first), 0.7, idea=idea, stance="supports", kind="argument"),
        Statement(Contributor(body, "author", by_default=True), (third,), 0.5, subject=panels, predicate="located_in",
                  object=place),
    ]
    return draft.finish(
        "Panels", (Contributor(person, "author", affiliation=body),), body, date="2011-03",
    )


def derived(records: Records, document_id: str) -> Fragment:
    """The fragment of a document as the records hold it; it fits the ontology, and the second time is the same."""
    fragment = derive(records.snapshot(document_id), load())
    assert fragment == derive(records.snapshot(document_id), load())
    check_fragment(fragment)
    return fragment


def nodes(fragment: Fragment, label: str) -> dict[str, Node]:
    return {node.id: node for node in (*fragment.owned, *fragment.shared) if label in node.labels}


def ends(fragment: Fragment, type_: str) -> set[tuple[str, str]]:
    return {(each.start, each.end) for each in fragment.relationships if each.type == type_}


def decide(records: Records, kind: str, target: str, value: str = "", **more: object) -> int:
    return records.decide(Decision(kind, target, value, "An Editor", "a reason", **more))  # type: ignore[arg-type]


def names(fragment: Fragment) -> dict[str, str]:
    """Names of things to ids."""
    return {str(node.properties["name"]): node.id for node in nodes(fragment, "Thing").values()}


def test_a_document_in_full(records: Records) -> None:
    document_id = take_in_this(records, *hand_written())
    text = "\n".join(SENTENCES)
    fragment = derived(records, document_id)
    assert fragment.document_id == document_id
    document = nodes(fragment, "Document")[document_id].properties
    assert document["text"] == text
    assert (document["title"], document["date"], document["year"]) == ("Panels", "2011-03", 2011)
    assert (document["state"], document["words"], document["authors_by_default"]) == ("active", 19, False)
    for label in ("Mention", "Passage"):
        for id_, node in nodes(fragment, label).items():
            start, end = node.properties["start"], node.properties["end"]
            assert text[start:end] == node.properties["quote"]
            assert id_ == mention_id(document_id, anchor_of(text, start, end))
            assert node.properties["paragraph"] == text[:start].count("\n") + 1
    assert len(nodes(fragment, "Mention")) == 8
    assert len(nodes(fragment, "Passage")) == 3
    known = names(fragment)
    statements = {node.labels[-1] + str(node.properties.get("predicate", "")): node
                  for node in nodes(fragment, "Statement").values()}
    assert set(statements) == {"Evidence", "Relationleads_to", "Relationlocated_in"}
    evidence, leads = statements["Evidence"], statements["Relationleads_to"]
    assert evidence.properties == {
        "role": "quoted", "confidence": 0.7, "state": "machine", "by_default": False, "stance": "supports",
        "kind": "argument",
    }
    assert leads.properties["direction"] == "decreases"
    assert (evidence.id, known["Sharon Squires"]) in ends(fragment, "MADE_BY")
    assert (evidence.id, "co-production") in ends(fragment, "ABOUT")
    assert (leads.id, known["𝔭anels"]) in ends(fragment, "SUBJECT")
    assert (leads.id, known["Silo"]) in ends(fragment, "OBJECT")
    assert (leads.id, study_id("Hull Study")) in ends(fragment, "RESTS_ON")
    orders = {each.properties["order"]: each.end for each in fragment.relationships
              if each.type == "IN_PASSAGE" and each.start == evidence.id}
    assert [nodes(fragment, "Passage")[orders[n]].properties["quote"] for n in (0, 1)] == [SENTENCES[1], SENTENCES[0]]
    assert ends(fragment, "FROM_SECTOR") == {(each, "local-government") for each in nodes(fragment, "Statement")}
    assert (evidence.id, "manager") in ends(fragment, "FROM_POSITION")
    assert (evidence.id, known["Sheffield First"]) in ends(fragment, "FROM_AFFILIATION")
    assert len(ends(fragment, "EXTRACTED_BY")) == 3
    assert ends(fragment, "WRITTEN_BY") == {(document_id, known["Sharon Squires"])}
    assert ends(fragment, "PUBLISHED_BY") == {(document_id, known["Sheffield First"])}
    assert ends(fragment, "IN_SECTOR") == {(known["Sheffield First"], "local-government")}
    counts = {each.end: each.properties["count"] for each in fragment.relationships if each.type == "MENTIONS"}
    assert counts[known["𝔭anels"]] == 2
    assert sum(counts.values()) == 8


def test_things_carry_what_ontology_and_records_know(records: Records) -> None:
    fragment = derived(records, take_in_this(records, *hand_written()))
    idea = nodes(fragment, "Idea")["co-production"]
    known = load().ideas["co-production"]
    assert idea.labels == ("Thing", "Concept", "Idea")
    assert (idea.properties["name"], idea.properties["definition"]) == (known.label, known.definition)
    assert set(known.alt_labels) <= set(idea.properties["aliases"])
    [person] = nodes(fragment, "Person").values()
    assert person.properties == {"name": "Sharon Squires", "aliases": ["Squires"]}


def test_a_concept_stands_under_the_heading_of_its_label(records: Records) -> None:
    """Number and case do not count: the heading is the plural."""
    issues = [each for each in load().headings.values() if each.kind == "Issue"]
    heading = next(each for each in issues if re.search("[^suie]s$", each.label))
    draft = Draft()
    issue = draft.entity("Issue", heading.label.removesuffix("s").upper())
    other = draft.entity("Issue", heading.label + " elsewhere")
    draft.say("On ", (issue, "words"), " and ", (other, "others"), ".")
    fragment = derived(records, take_in_this(records, *draft.finish("A title")))
    found = {end for start, end in ends(fragment, "UNDER") if start in nodes(fragment, "Issue")}
    assert found == {heading.id}
    assert nodes(fragment, "Heading")[heading.id].properties["label"] == heading.label
    if heading.broader:
        assert (heading.id, heading.broader) in ends(fragment, "UNDER")


def test_verdicts_on_statements(records: Records) -> None:
    document_id = take_in_this(records, *hand_written())
    version = records.snapshot(document_id).version
    first, second, third = records.snapshot(document_id).statement_ids
    decide(records, ACCEPT, first, version=version)
    decide(records, DISPUTE, second, version=version)
    rejection = decide(records, REJECT, third, version=version)
    fragment = derived(records, document_id)
    states = {id_: node.properties["state"] for id_, node in nodes(fragment, "Statement").items()}
    assert states == {first: "accepted", second: "disputed"}
    assert len(nodes(fragment, "Passage")) == 2, "the rejected statement's passage carries nothing"
    assert len(nodes(fragment, "Mention")) == 8, "its mentions stay"
    kinds = {id_: node.properties["kind"] for id_, node in nodes(fragment, "Decision").items()}
    assert sorted(kinds.values()) == ["accept", "dispute"]
    assert {end for _, end in ends(fragment, "DECIDED_ON")} == {first, second}
    for node in nodes(fragment, "Decision").values():
        assert set(node.properties) == {"kind", "at"}, "no editor's name or reason reaches the graph"
    decide(records, UNDO, "", undoes=rejection)
    assert nodes(derived(records, document_id), "Statement")[third].properties["state"] == "machine"


def test_renaming_and_retyping_keep_addresses(records: Records) -> None:
    document_id = take_in_this(records, *hand_written())
    before = derived(records, document_id)
    body = names(before)["Sheffield First"]
    decide(records, RENAME, body, "Sheffield First Partnership")
    renamed = derived(records, document_id)
    assert nodes(renamed, "Thing")[body].properties["name"] == "Sheffield First Partnership"
    assert "Sheffield First" in nodes(renamed, "Thing")[body].properties["aliases"]
    assert nodes(renamed, "Statement").keys() == nodes(before, "Statement").keys()
    assert nodes(renamed, "Mention").keys() == nodes(before, "Mention").keys()
    panels = names(before)["𝔭anels"]
    decide(records, RETYPE, panels, "Outcome")
    derivation = derive_all(records.snapshot(document_id), load())
    check_fragment(derivation.fragment)
    assert nodes(derivation.fragment, "Thing")[panels].labels == ("Thing", "Concept", "Outcome")
    assert {node.properties["kind"] for id_, node in nodes(derivation.fragment, "Mention").items()
            if (id_, panels) in ends(derivation.fragment, "REFERS_TO")} == {"Outcome"}
    assert len(nodes(derivation.fragment, "Relation")) == 0, "an outcome leads to nothing and is nowhere"
    assert len(derivation.left_out) == 2
    assert all("Outcome" in reason for reason in derivation.left_out)


def test_an_editors_kind_can_leave_a_document_without_author_and_publisher(records: Records) -> None:
    document_id = take_in_this(records, *hand_written())
    known = names(derived(records, document_id))
    for name in ("Sharon Squires", "Sheffield First"):
        decide(records, RETYPE, known[name], "Place")
    derivation = derive_all(records.snapshot(document_id), load())
    check_fragment(derivation.fragment)
    assert ends(derivation.fragment, "WRITTEN_BY") == ends(derivation.fragment, "PUBLISHED_BY") == set()
    assert len(derivation.left_out) == 5


def test_sectors_come_from_the_contribution_the_body_or_an_editor(records: Records) -> None:
    document_id = take_in_this(records, *hand_written())
    body = names(derived(records, document_id))["Sheffield First"]
    decide(records, SET_SECTOR, body, "voluntary-and-community")
    fragment = derived(records, document_id)
    assert {end for _, end in ends(fragment, "FROM_SECTOR")} == {"voluntary-and-community"}
    assert nodes(fragment, "Organisation")[body].properties["sector"] == "voluntary-and-community"
    reading, extraction = hand_written()
    said = tuple(
        replace(each, contributor=replace(each.contributor, sector="citizens-and-service-users"))
        for each in extraction.statements
    )
    other = take_in_this(records, reading, replace(extraction, statements=said), 2)
    assert {end for _, end in ends(derived(records, other), "FROM_SECTOR")} == {"voluntary-and-community"}
    decide(records, UNDO, "", undoes=records.decisions()[-1].decision_id)
    assert {end for _, end in ends(derived(records, other), "FROM_SECTOR")} == {"citizens-and-service-users"}


def test_who_is_nobody_and_nowhere_is_unknown(records: Records) -> None:
    draft = Draft()
    group, idea = draft.entity("Group", "tenants"), draft.entity("Idea", "devolution")
    span = draft.say((group, "Tenants"), " doubt ", (idea, "devolution"), ".")
    draft.statements.append(Statement(
        Contributor(group, "quoted"), (span,), 0.5, idea=idea, stance="challenges", kind="case",
    ))
    fragment = derived(records, take_in_this(records, *draft.finish("")))
    assert {end for _, end in ends(fragment, "FROM_SECTOR") | ends(fragment, "FROM_POSITION")} == {"unknown"}
    [document] = nodes(fragment, "Document").values()
    assert document.properties["title"] == "document-0.txt"


def test_merged_things_are_one(records: Records) -> None:
    document_id = take_in_this(records, *hand_written())
    other_id = take_in(records, 1)
    known, others = names(derived(records, document_id)), names(derived(records, other_id))
    person = known["Sharon Squires"]
    into = next(id_ for name, id_ in others.items() if name.startswith("Person"))
    decide(records, MERGE, person, into)
    for each in (document_id, other_id):
        fragment = derived(records, each)
        assert ends(fragment, "MERGED_INTO") == {(person, into)}
        assert nodes(fragment, "Merged")[person].properties == {"name": "Sharon Squires"}
        assert nodes(fragment, "Merged")[person].labels == ("Merged",)
        assert person not in nodes(fragment, "Thing")
        assert {"Sharon Squires", "Squires"} <= set(nodes(fragment, "Thing")[into].properties["aliases"])
    assert (document_id, into) in ends(derived(records, document_id), "WRITTEN_BY")
    assert (str(records.decisions()[0].decision_id), into) in ends(derived(records, document_id), "DECIDED_ON")
    decide(records, UNMERGE, person)
    assert ends(derived(records, document_id), "MERGED_INTO") == set()
    assert (document_id, person) in ends(derived(records, document_id), "WRITTEN_BY")


def test_merging_both_ends_of_a_relation_leaves_none(records: Records) -> None:
    draft = Draft()
    body, one = draft.entity("Organisation", "A body"), draft.entity("Intervention", "one")
    other = draft.entity("Issue", "other")
    span = draft.say((body, "A body"), " says ", (one, "one"), " helps ", (other, "other"), ".")
    draft.statements.append(Statement(Contributor(body, "author"), (span,), 0.5, subject=one, predicate="addresses",
                                      object=other))
    document_id = take_in_this(records, *draft.finish("A title"))
    known = names(derived(records, document_id))
    decide(records, MERGE, known["one"], known["other"])
    derivation = derive_all(records.snapshot(document_id), load())
    check_fragment(derivation.fragment)
    assert nodes(derivation.fragment, "Statement") == {}
    assert len(derivation.left_out) == 1


def test_a_withdrawn_document_keeps_its_statements(records: Records) -> None:
    document_id = take_in_this(records, *hand_written())
    before = derived(records, document_id)
    decide(records, WITHDRAW, document_id)
    decide(records, SET_METADATA, document_id, '{"title": "Another title", "date": "1999"}')
    fragment = derived(records, document_id)
    document = nodes(fragment, "Document")[document_id].properties
    assert (document["state"], document["title"], document["year"]) == ("withdrawn", "Another title", 1999)
    assert nodes(fragment, "Statement") == nodes(before, "Statement")


def test_documents_of_one_text(records: Records) -> None:
    one, other = sorted((take_in(records, 1), take_in(records, 2)))
    decide(records, SAME_TEXT, pair(one, other))
    for each in (one, other):
        [link] = [each for each in derived(records, each).relationships if each.type == "SAME_TEXT_AS"]
        assert (link.start, link.end, link.properties) == (one, other, {"score": 1.0})


def test_two_things_under_the_same_words_are_two_mentions(records: Records) -> None:
    reading, extraction = hand_written()
    first = extraction.mentions[0]
    again = Mention(first.start, first.end, "Organisation", 1, 0.4)
    surer = replace(first, confidence=0.95)
    document_id = take_in_this(records, reading, replace(extraction, mentions=(*extraction.mentions, again, surer)))
    fragment = derived(records, document_id)
    here = [node for node in nodes(fragment, "Mention").values() if node.properties["start"] == first.start]
    assert sorted((node.properties["kind"], node.properties["confidence"]) for node in here) == [
        ("Organisation", 0.4), ("Person", 0.95)]
    assert len({node.id for node in here}) == 2


def test_findings_that_do_not_fit_are_left_out_and_said(records: Records) -> None:
    reading, extraction = hand_written()
    one, evidence, three = extraction.statements
    bad = (
        replace(one, direction="sideways"), replace(one, predicate="likes"), replace(evidence, stance="loves"),
        replace(evidence, contributor=replace(evidence.contributor, role="bystander")), replace(one, confidence=2.0),
        replace(three, subject=5, object=2), replace(evidence, idea=2), replace(three, direction="mixed"),
    )
    odd = Entity("Machine", "a machine", ("machine:x",))
    mentions = (*extraction.mentions, Mention(0, 3, "Machine", len(extraction.entities), 0.5))
    document_id = take_in_this(
        records, reading,
        replace(extraction, entities=(*extraction.entities, odd), mentions=mentions, statements=(*bad, evidence)),
    )
    derivation = derive_all(records.snapshot(document_id), load())
    check_fragment(derivation.fragment)
    assert len(derivation.left_out) == len(bad) + 1
    assert len(nodes(derivation.fragment, "Statement")) == 1


def test_a_document_without_an_extraction_is_a_document(records: Records) -> None:
    reading, _ = hand_written()
    document_id = records.add_document(reading, b"x", "x.txt", "file:x.txt").document_id
    fragment = derived(records, document_id)
    assert [node.labels for node in fragment.owned] == [("Document",)]
    assert (fragment.shared, fragment.relationships) == ((), ())


def test_another_order_of_findings_gives_the_same_rows(records: Records) -> None:
    reading, extraction = hand_written()
    document_id = take_in_this(records, reading, extraction)
    before = derived(records, document_id)
    turned = replace(extraction, mentions=extraction.mentions[::-1], statements=extraction.statements[::-1])
    take_in_this(records, reading, turned)
    after = derived(records, document_id)
    assert sorted(before.owned, key=lambda node: (node.labels, node.id)) == sorted(
        after.owned, key=lambda node: (node.labels, node.id))
    assert before.shared == after.shared
    assert set(map(str, before.relationships)) == set(map(str, after.relationships))


@pytest.mark.parametrize("seed", range(4))
def test_what_holds_for_every_document_and_decision(seed: int, records: Records) -> None:
    choice = random.Random(seed)
    ids = [take_in(records, number) for number in range(3)]
    for _ in range(25):
        decide_something(records, choice, ids)
    for document_id in ids:
        snapshot = records.snapshot(document_id)
        fragment = derived(records, document_id)
        rejected = {id_ for id_, verdict in snapshot.view.statements.items() if verdict.state == "rejected"}
        statements = nodes(fragment, "Statement").keys()
        assert statements <= set(snapshot.statement_ids) - rejected
        left_out = derive_all(snapshot, load()).left_out
        missing = set(snapshot.statement_ids) - rejected - statements
        assert all(any(id_ in reason for reason in left_out) for id_ in missing)
        used = {each.end for each in fragment.relationships} | {each.start for each in fragment.relationships}
        assert all(node.id in used for node in fragment.shared), "nothing shared hangs in the air"
        things = nodes(fragment, "Thing")
        assert not things.keys() & nodes(fragment, "Merged").keys()
        assert {end for _, end in ends(fragment, "REFERS_TO") | ends(fragment, "MADE_BY")} <= things.keys()


def test_years_and_studies() -> None:
    assert [year_of(date) for date in ("2011-03-04", "2011", "", "n.d.", "0000", "११११")] == [
        2011, 2011, None, None, None, None]
    assert study_name(" The  Hull\nStudy ") == study_name("Hull Study") == "Hull Study"
    assert study_id("a Hull Study") == study_id("The Hull Study") != study_id("Hull study")
    assert study_name("The") == "The"


def test_spans_in_no_block_have_a_paragraph(records: Records) -> None:
    reading, extraction = hand_written()
    gap = replace(reading, blocks=reading.blocks[1:])
    fragment = derived(records, take_in_this(records, gap, extraction))
    assert {node.properties["paragraph"] for node in nodes(fragment, "Mention").values()} == {1, 2}
    nowhere = derived(records, take_in_this(records, replace(reading, blocks=()), extraction, 2))
    assert {node.properties["paragraph"] for node in nodes(nowhere, "Passage").values()} == {1}
