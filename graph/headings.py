"""Which headings of the thesaurus a concept stands under: those with its very label, whatever case and number."""
from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from ontology.model import Heading, Ontology

SINGULAR = (
    (re.compile(r"(?<=\w\w)ies$"), "y"), (re.compile(r"(?:(?<=ss)|(?<=[xz])|(?<=[cs]h))es$"), ""),
    (re.compile(r"(?<=[^\Wsui])s$"), ""),
)


def normal(label: str) -> str:
    """A label with case, number and punctuation folded: "Falls, at home" and "fall at home" are one."""
    words = re.findall(r"[\w+]+", label.casefold().replace("’", "'").replace("'s", ""))
    return " ".join(singular(word) for word in words)


def singular(word: str) -> str:
    """A rough singular. It need not be English, only the same for both numbers of most words."""
    for plural, ending in SINGULAR:
        if plural.search(word):
            return plural.sub(ending, word)
    return word


@lru_cache(maxsize=8)
def _by_label(headings: tuple[Heading, ...]) -> Mapping[tuple[str, str], tuple[str, ...]]:
    found: dict[tuple[str, str], list[str]] = {}
    for heading in headings:
        for label in {normal(each) for each in (heading.label, *heading.alt_labels, *heading.hidden_labels)}:
            found.setdefault((heading.kind, label), []).append(heading.id)
    return {key: tuple(sorted(ids)) for key, ids in found.items()}


def find(ontology: Ontology, kind: str, names: Iterable[str]) -> tuple[Heading, ...]:
    """The headings of this kind that carry one of the names, in order of id."""
    labels = _by_label(tuple(ontology.headings.values()))
    ids = {id_ for name in names for id_ in labels.get((kind, normal(name)), ())}
    return tuple(ontology.headings[id_] for id_ in sorted(ids))


def above(ontology: Ontology, heading: Heading) -> tuple[Heading, ...]:
    """The broader headings, the nearest first."""
    found: list[Heading] = []
    while heading.broader and heading.broader in ontology.headings:
        heading = ontology.headings[heading.broader]
        if heading in found:
            break
        found.append(heading)
    return tuple(found)
