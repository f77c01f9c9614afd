"""Independent sources: which statements are to be counted once.

Two statements have one source where they share a contributor, the text (the same or a similar passage in documents
whose texts are nearly the same: a reprint, another format), or a study or programme that they rest on. The relation is
carried on: if A shares a study with B, and B an author with C, all three are one source. Union-find (Tarjan 1975).
"""
from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

SIMILAR = 0.8  # share of words in common (Jaccard) from which two passages of one text are one
CONTRIBUTOR, TEXT, STUDY = "contributor", "text", "study"
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Claim:
    """What of a statement decides on its source. ``quote`` is its first passage; empty: not known."""

    statement: str
    contributor: str
    document: str
    quote: str = ""
    studies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """Why statements count once. ``shared``: id of the contributor or study, or of the first document of the text."""

    kind: str  # contributor, text or study
    shared: str
    statements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """Statements of one independent source, in the order in which they were given; no reasons where it is one."""

    statements: tuple[str, ...]
    reasons: tuple[Reason, ...] = ()


class _Union:
    """Sets of numbers that grow together."""

    def __init__(self, size: int) -> None:
        self.parents = list(range(size))

    def find(self, number: int) -> int:
        while self.parents[number] != number:
            self.parents[number] = self.parents[self.parents[number]]
            number = self.parents[number]
        return number

    def join(self, numbers: Sequence[int]) -> None:
        for number in numbers[1:]:
            one, other = sorted((self.find(numbers[0]), self.find(number)))
            self.parents[other] = one


def group(claims: Iterable[Claim], same_texts: Iterable[tuple[str, str]] = ()) -> tuple[Source, ...]:
    """The independent sources of some statements, in the order of their first statement.

    ``same_texts``: pairs of documents that have nearly the same text. The result does not depend on the order of
    either, but for the order in which it is given.
    """
    listed = list(claims)
    shared = [
        *_shared(CONTRIBUTOR, ((claim.contributor, at) for at, claim in enumerate(listed))),
        *_texts(listed, same_texts),
        *_shared(STUDY, ((study, at) for at, claim in enumerate(listed) for study in set(claim.studies))),
    ]
    union = _Union(len(listed))
    for _, _, numbers in shared:
        union.join(numbers)
    members: dict[int, list[str]] = defaultdict(list)
    for at, claim in enumerate(listed):
        members[union.find(at)].append(claim.statement)
    reasons: dict[int, list[Reason]] = defaultdict(list)
    for kind, value, numbers in shared:
        reasons[union.find(numbers[0])].append(
            Reason(kind, value, tuple(listed[at].statement for at in numbers))
        )
    return tuple(Source(tuple(own), tuple(reasons[first])) for first, own in members.items())


def _shared(kind: str, found: Iterable[tuple[str, int]]) -> list[tuple[str, str, list[int]]]:
    """What more than one statement shares, with the statements' numbers."""
    numbers: dict[str, list[int]] = defaultdict(list)
    for value, at in found:
        if value:
            numbers[value].append(at)
    return [(kind, value, each) for value, each in sorted(numbers.items()) if len(each) > 1]


def _texts(claims: Sequence[Claim], same_texts: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str, list[int]]]:
    """The statements whose passage stands in more than one of the documents of a text, together."""
    clusters = _clusters(same_texts)
    by_cluster: dict[str, list[int]] = defaultdict(list)
    for at, claim in enumerate(claims):
        if claim.document in clusters:
            by_cluster[clusters[claim.document]].append(at)
    for cluster, numbers in sorted(by_cluster.items()):
        union = _Union(len(numbers))
        words = [frozenset(_WORD.findall(claims[at].quote.casefold())) for at in numbers]
        for one, other in combinations(range(len(numbers)), 2):
            apart = claims[numbers[one]].document != claims[numbers[other]].document
            if apart and union.find(one) != union.find(other) and similar(words[one], words[other]):
                union.join((one, other))
        passages: dict[int, list[int]] = defaultdict(list)
        for place, at in enumerate(numbers):
            passages[union.find(place)].append(at)
        yield from ((TEXT, cluster, each) for each in passages.values() if len(each) > 1)


def similar(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two passages say the same; passages that are not known do, since their texts are the same."""
    if not one or not other:
        return True
    return len(one & other) >= SIMILAR * len(one | other)


def _clusters(pairs: Iterable[tuple[str, str]]) -> Mapping[str, str]:
    """For each document the first, by id, of those whose texts are one with its own."""
    listed = [(one, other) for one, other in pairs]
    ids = sorted({each for pair in listed for each in pair})
    places = {id_: place for place, id_ in enumerate(ids)}
    union = _Union(len(ids))
    for one, other in listed:
        union.join((places[one], places[other]))
    return {id_: ids[union.find(place)] for id_, place in places.items()}
