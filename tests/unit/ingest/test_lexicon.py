# Strategy: the engine that counts cues is tried on made-up candidates whose truth is known; the shipped tables are
# checked for their form only, since their numbers change with each count.
from __future__ import annotations

import csv
from pathlib import Path

import pytest

from ingest import lexicon
from ingest.lexicon.measure import Candidate, alike, measure
from ontology.model import load as load_ontology


def test_counted_cues_tell_kinds_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = []
    for number in range(400):
        kind = ("", "Issue", "Outcome")[number % 3]
        rows.append(Candidate(number, ("h:" + ("chair", "problem", "saving")[number % 3], f"v:{number % 2}"), kind))
    (line,) = measure({"noun": rows}, tmp_path)
    assert line.startswith("noun")
    monkeypatch.setattr(lexicon, "FOLDER", tmp_path)
    lexicon.load_cues.cache_clear()
    try:
        cues = lexicon.load_cues("noun")
        assert cues.judge(["h:problem"])[0] == "Issue"
        assert cues.judge(["h:saving", "v:1"])[0] == "Outcome"
        assert cues.judge(["h:chair"]) == ("", 0.0)
        assert "v:0" not in cues.weights  # it tells nothing
    finally:
        lexicon.load_cues.cache_clear()


def test_probabilities_sum_to_one() -> None:
    assert sum(lexicon.load_cues("name").weigh(["e:ORG", "last:council"])) == pytest.approx(1)


@pytest.mark.parametrize("shape", lexicon.KINDS)
def test_shipped_tables_have_their_form(shape: str) -> None:
    cues = lexicon.load_cues(shape)
    assert cues.weights
    assert set(cues.least) == set(cues.kinds[1:])
    assert all(len(row) == len(cues.kinds) for row in cues.weights.values())


def test_phrases_of_ideas_name_ideas_of_the_thesaurus() -> None:
    ideas = load_ontology().ideas
    phrases = lexicon.load_idea_phrases()
    assert len(phrases) > 100
    assert {phrase.idea for phrase in phrases} <= set(ideas)
    assert all(0 < phrase.precision < 1 for phrase in phrases)


def test_groups_name_sectors_and_positions_of_the_thesaurus() -> None:
    ontology = load_ontology()
    for group in lexicon.load_groups():
        assert group.sector in ontology.sectors
        assert group.position in ontology.positions


def test_no_name_of_a_person_is_in_the_tables() -> None:
    with (lexicon.FOLDER / "name.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    texts = [row for row in rows if row["cue"].startswith("s:")]
    assert texts
    assert {row["Person"] for row in texts} == {"0"}


@pytest.mark.parametrize(
    ("one", "other", "names", "same"),
    [
        ("the long waiting lists", "long waiting lists", False, True),
        ("waiting", "long waiting lists for care", False, False),
        ("GSA", "18F, GSA", True, True),
        ("GSA", "18F, US GSA office", False, False),
    ],
)
def test_alike(one: str, other: str, names: bool, same: bool) -> None:
    assert alike(one, other, names) is same
