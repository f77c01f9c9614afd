"""Cue words and phrases with what they are worth, counted on annotated documents.

Tables beside this module (``python -m ingest.lexicon FOLDER STANCES`` counts them again):

- ``name.csv``, ``noun.csv``, ``verb.csv``: for candidates of a shape, how often a cue was seen and
  how often the candidate was a mention of each kind.
- ``trust.json``: for each shape the smoothing, the least probability for a mention, and how much
  each sort of cue counts (a cue's sort is what stands before its colon), fitted on folds of
  documents that the counts did not see.
- ``ideas.csv``: phrases that express an idea, how often seen, how often right.
- ``rules.csv``: rules for voices, how often they fired and were right: "counted" against the annotation
  (named speakers: the same body or person has evidence as quoted or cited), or "judged" by eye (unnamed ones).

They hold words and numbers only, no text. A count of a rule is its precision on the documents it
was made with, so it flatters by some points.
"""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
KINDS = {
    "name": ("", "Person", "Organisation", "Place", "Intervention", "Issue"),
    "noun": ("", "Issue", "Intervention", "Outcome"),
    "verb": ("", "Issue", "Intervention", "Outcome"),
    "relation": ("", "affiliated_with", "delivers", "addresses", "leads_to", "located_in"),
    "author": ("", "author"),  # an idea to which the authors contribute
    "voice": ("", "quoted", "cited"),  # an idea to which somebody else does
    "passage": ("", "passage"),  # a sentence in which it is said
    "kind": ("", "finding", "case", "argument", "recommendation"),
    "stance": ("", "supports", "challenges", "discusses"),
}


def sort_of(cue: str) -> str:
    """The sort of a cue: what stands before its colon; "*" for a bare flag."""
    sort, colon, _ = cue.partition(":")
    return sort if colon else "*"


@dataclass(frozen=True, slots=True)
class Cues:
    """What each cue of a shape adds to the log-odds of each kind."""

    kinds: tuple[str, ...]  # the first is "": no mention
    base: tuple[float, ...]
    weights: dict[str, tuple[float, ...]]
    least: dict[str, float]  # kind -> least probability of a mention

    def weigh(self, cues: Iterable[str]) -> list[float]:
        """The probability of each kind, in the order of ``kinds``."""
        scores = list(self.base)
        size = range(len(scores))
        weights = self.weights
        for cue in cues:
            if row := weights.get(cue):
                for k in size:
                    scores[k] += row[k]
        top = max(scores)
        odds = [math.exp(score - top) for score in scores]
        total = sum(odds)
        return [value / total for value in odds]

    def judge(self, cues: Iterable[str]) -> tuple[str, float]:
        """The likeliest kind and its probability, or ("", 0.0) where none is likely enough."""
        chances = self.weigh(cues)
        best = max(range(1, len(chances)), key=chances.__getitem__)
        probability = chances[best]
        kind = self.kinds[best]
        return (kind, probability) if probability >= self.least[kind] else ("", 0.0)


def log_odds(seen: int, counts: Iterable[int], prior: Iterable[float], smoothing: float) -> tuple[float, ...]:
    """Log of the share of each kind among a cue's candidates over its share among all, smoothed."""
    return tuple(
        math.log((count + smoothing * p) / ((seen + smoothing) * p)) for count, p in zip(counts, prior, strict=True)
    )


@cache
def load_cues(shape: str) -> Cues:
    """The cues of a shape: "name", "noun" or "verb"."""
    kinds = KINDS[shape]
    trust = json.loads((FOLDER / "trust.json").read_text("utf-8"))[shape]
    prior, smoothing = trust["prior"], trust["smoothing"]
    weights: dict[str, tuple[float, ...]] = {}
    with (FOLDER / f"{shape}.csv").open(encoding="utf-8", newline="") as file:
        for cue, seen, *counts in list(csv.reader(file))[1:]:
            numbers = [int(count) for count in counts]
            share = trust["sorts"].get(sort_of(cue), 0.0)
            odds = log_odds(int(seen), [int(seen) - sum(numbers), *numbers], prior, smoothing)
            weights[cue] = tuple(share * value for value in odds)
    return Cues(kinds, tuple(trust["base"]), weights, trust["least"])


@dataclass(frozen=True, slots=True)
class IdeaPhrase:
    words: tuple[str, ...]  # in normal form
    idea: str
    precision: float


@cache
def load_idea_phrases() -> tuple[IdeaPhrase, ...]:
    """Phrases that express an idea often enough to be believed."""
    with (FOLDER / "ideas.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            IdeaPhrase(tuple(row["phrase"].split()), row["idea"], smooth(int(row["right"]), int(row["seen"])))
            for row in csv.DictReader(file)
        )


def smooth(right: int, seen: int) -> float:
    """Share of right ones, drawn to one half while few were seen."""
    return (right + 1) / (seen + 2)


def read_rules() -> list[dict[str, str]]:
    """Rows of the table of rules."""
    with (FOLDER / "rules.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def load_rules() -> dict[str, float]:
    """Rule to its share of right ones."""
    return {row["rule"]: smooth(int(row["right"]), int(row["seen"])) for row in read_rules()}


def trust_of(rule: str, otherwise: float = 0.3) -> float:
    """The measured precision of a rule; ``otherwise`` for one that was never seen to fire."""
    return round(load_rules().get(rule, otherwise), 3)


@dataclass(frozen=True, slots=True)
class GroupNoun:
    """A noun for people who speak without a name, with their sector and position."""

    noun: str
    sector: str
    position: str


@cache
def load_groups() -> tuple[GroupNoun, ...]:
    """Nouns of unnamed voices."""
    with (FOLDER / "groups.csv").open(encoding="utf-8", newline="") as file:
        return tuple(GroupNoun(**row) for row in csv.DictReader(file))
