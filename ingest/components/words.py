"""Finds listed phrases in tokens, whatever their number, case, hyphens and British or American spelling."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from ingest.naming import british, singular
from ingest.tokens import Tokens

T = TypeVar("T")
_HYPHENS = frozenset({"-", "‑", "–", "—"})
_PARTS = re.compile(r"(?<=\w)[-‑](?=\w)")


def forms(word: str, lemma: str = "") -> tuple[str, ...]:
    """The forms under which a token is looked up: its singular and, where that differs, its lemma."""
    word = british(singular(word.replace("’", "'")))
    lemma = british(lemma)
    return (word,) if not lemma or lemma == word else (word, lemma)


def split_phrase(phrase: str) -> tuple[str, ...]:
    """A listed phrase in the form that is looked up."""
    for hyphen in _HYPHENS:
        phrase = phrase.replace(hyphen, " ")
    return tuple(forms(word.strip(",.()'\""))[0] for word in phrase.lower().split())


@dataclass(slots=True)
class _Node(Generic[T]):
    next: dict[str, _Node[T]] = field(default_factory=dict)
    value: T | None = None


class Phrases(Generic[T]):
    """A dictionary of phrases; the longest one that stands at a place is found."""

    def __init__(self, rows: Iterable[tuple[tuple[str, ...], T]]) -> None:
        self._root: _Node[T] = _Node()
        for words, value in rows:
            node = self._root
            for word in words:
                node = node.next.setdefault(word, _Node())
            if words:
                node.value = value

    def find(self, tokens: Tokens, first: int, last: int) -> Iterator[tuple[int, int, T]]:
        """Phrases in tokens ``first:last``, left to right, none overlapping another."""
        i = first
        while i < last:
            if (hit := self._longest(tokens, i, last)) is None:
                i += 1
            else:
                yield i, *hit
                i = hit[0]

    def _longest(self, tokens: Tokens, i: int, last: int) -> tuple[int, T] | None:
        best: tuple[int, T] | None = None
        nodes = [self._root]
        while i < last and nodes:
            if tokens.text[i] in _HYPHENS and nodes != [self._root]:
                i += 1
                continue
            if len(parts := _PARTS.split(tokens.lower[i])) > 1:  # a hyphen that the tokeniser keeps inside a word
                for part in parts:
                    nodes = [node.next[word] for node in nodes for word in forms(part) if word in node.next]
            else:
                words = forms(tokens.lower[i], tokens.lemma[i])
                nodes = [node.next[word] for node in nodes for word in words if word in node.next]
            i += 1
            for node in nodes:
                if node.value is not None:
                    best = (i, node.value)
        return best
