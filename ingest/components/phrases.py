"""Candidate phrases for issues, interventions and outcomes, and the cues that speak for each kind.

A candidate is a noun phrase without its article and at most one phrase after its head ("lack of
trust"), or a verb phrase ("cut processing time by half"). Its cues are its words and its place in
the sentence; ``ingest.lexicon`` says how much each weighs.
"""

from __future__ import annotations

from dataclasses import dataclass

from ingest.tokens import Tokens

NOUN, VERB = "noun", "verb"
LONGEST_TAIL = 8  # tokens after the head of a noun
LONGEST = 12  # tokens of a verb phrase

_NOMINAL = frozenset({"NOUN", "PROPN"})
_INSIDE = frozenset({"compound", "nmod", "npadvmod", "amod", "nummod", "quantmod", "poss"})
_BEFORE = frozenset(
    {
        "compound",
        "amod",
        "nmod",
        "nummod",
        "poss",
        "punct",
        "quantmod",
        "npadvmod",
        "advmod",
        "case",
        "dep",
        "cc",
        "conj",
        "neg",
    }
)
_SKIP_FIRST = frozenset(
    {
        "the",
        "a",
        "an",
        "this",
        "that",
        "these",
        "those",
        "its",
        "their",
        "our",
        "my",
        "your",
        "his",
        "her",
        "such",
        "some",
        "any",
        "all",
        "each",
        "every",
        "no",
        "both",
        "other",
        "another",
        "own",
        ",",
        "-",
        "–",
        "—",
        "(",
        "“",
        '"',
        "‘",
        "'",
        "’s",
        "'s",
        "*",
        "_",
        ":",
        "many",
        "several",
    }
)
_TAIL_STOPS = frozenset({"advcl", "relcl", "parataxis", "cc", "conj", "punct", "mark", "intj", "meta", "ccomp"})


@dataclass(slots=True)
class Phrase:
    """A candidate: tokens ``start:end`` with head ``head``."""

    start: int
    end: int
    head: int
    shape: str  # NOUN or VERB
    cues: list[str]


def _governor(tokens: Tokens, i: int) -> tuple[str, int]:
    """How a phrase hangs in its sentence, through coordination and prepositions, and on which token."""
    seen = 0
    while tokens.dep[i] == "conj" and tokens.head[i] != i and seen < 6:
        i, seen = tokens.head[i], seen + 1
    dep, up = tokens.dep[i], tokens.head[i]
    if dep == "pobj" and tokens.head[up] != up:
        return "p:" + tokens.lower[up], tokens.head[up]
    return dep, up


def _noun_phrase(tokens: Tokens, i: int) -> tuple[int, int]:
    start = i
    for child in tokens.children[i]:
        if child < i and tokens.dep[child] in _BEFORE:
            start = min(start, tokens.left[child])
    start = max(start, i - 7)
    while start < i and (tokens.lower[start] in _SKIP_FIRST or tokens.pos[start] in ("DET", "PRON", "PUNCT", "SPACE")):
        start += 1
    for j in range(i - 1, start - 1, -1):  # a line of its own inside the span is a list that was not parsed
        if tokens.pos[j] in ("SPACE", "PUNCT") and tokens.text[j] not in ("-", "‑", "–", "'", "’", "/", "&", "“", '"'):
            start = j + 1
            break
    end = i + 1
    for child in tokens.children[i]:
        if child > i and tokens.dep[child] == "prep" and tokens.right[child] - i <= LONGEST_TAIL and child == end:
            end = tokens.right[child] + 1
            break
    while end > i + 1 and tokens.pos[end - 1] in ("PUNCT", "SPACE", "ADP", "CCONJ", "DET"):
        end -= 1
    return start, end


def _verb_phrase(tokens: Tokens, i: int) -> tuple[int, int]:
    start = i
    for child in tokens.children[i]:
        if child < i and tokens.dep[child] in ("neg", "advmod") and child == start - 1:
            start = child
    end = tokens.right[i] + 1
    for child in tokens.children[i]:
        if child > i and tokens.dep[child] in _TAIL_STOPS and child > i + 1:
            end = min(end, tokens.left[child])
    end = min(end, i + LONGEST)
    while end > i + 1 and tokens.pos[end - 1] in ("PUNCT", "SPACE", "ADP", "CCONJ", "DET", "SCONJ", "PART"):
        end -= 1
    return start, end


def noun_phrase(tokens: Tokens, i: int, first: int, last: int) -> Phrase | None:
    """The candidate with noun ``i`` as head, in the sentence ``first:last``; None for a mere part of another."""
    if tokens.dep[i] in _INSIDE and tokens.head[i] != i and tokens.pos[tokens.head[i]] in _NOMINAL:
        return None
    start, end = _noun_phrase(tokens, i)
    start, end = max(start, first), min(end, last)
    head = tokens.lemma[i]
    cues = ["", "h:" + head]
    if i > start:
        before = i - 1
        while before > start and tokens.pos[before] == "PUNCT":
            before -= 1
        cues += ["m:" + tokens.lemma[before], f"b:{tokens.lemma[before]} {head}"]
        if start < before:
            cues.append("f:" + tokens.lemma[start])
    else:
        cues.append("bare")
    dep, up = _governor(tokens, i)
    lemma = tokens.lemma[up] if up != i else ""
    cues += [f"g:{dep} {lemma}", "d:" + dep]
    if up != i:
        cues.append("v:" + lemma)
    if dep == "dobj" and tokens.dep[up] in ("xcomp", "advcl", "acl", "pcomp"):
        cues.append("under:" + tokens.lemma[tokens.head[up]])
    if dep in ("nsubj", "nsubjpass"):
        cues += [
            "does:" + tokens.lemma[child]
            for child in tokens.children[up]
            if tokens.dep[child] in ("attr", "acomp", "dobj")
        ]
    if end > i + 1:
        cues.append("tail:" + tokens.lower[i + 1])
        cues.append("t:" + tokens.lemma[end - 1])
    if start > first:
        cues.append("det:" + tokens.lower[start - 1])
    cues.append("tag:" + tokens.tag[i])
    if tokens.entity_type[i]:
        cues.append("e:" + tokens.entity_type[i])
    text = tokens.text[i]
    if tokens.pos[i] == "PROPN" or (text[:1].isupper() and i > first):
        cues.append(
            "upper" if text.isupper() else "inner" if any(c.isupper() or c == "." for c in text[1:]) else "capital"
        )
    cues.append("suffix:" + head[-4:])
    return Phrase(start, end, i, NOUN, cues)


def verb_phrase(tokens: Tokens, i: int, first: int, last: int) -> Phrase | None:
    """The candidate with verb (or predicate adjective) ``i`` as head; None where it has nothing to say alone."""
    start, end = _verb_phrase(tokens, i)
    start, end = max(start, first), min(end, last)
    lemma = tokens.lemma[i]
    dep, up = tokens.dep[i], tokens.head[i]
    chain = 0
    while dep == "conj" and chain < 5 and tokens.head[up] != up:
        dep, up, chain = tokens.dep[up], tokens.head[up], chain + 1
    cues = ["", "h:" + lemma, "tag:" + tokens.tag[i], "d:" + dep, f"dt:{dep} {tokens.tag[i]}"]
    if up != i:
        cues += ["v:" + tokens.lemma[up], f"g:{dep} {tokens.lemma[up]}"]
    cues.append("length:" + ("1" if end - start == 1 else "2" if end - start < 3 else "3" if end - start < 7 else "7"))
    for child in tokens.children[i]:
        kind = tokens.dep[child]
        if kind in ("dobj", "attr", "acomp", "nsubjpass", "oprd", "ccomp", "xcomp"):
            cues += [f"{kind}:{tokens.lemma[child]}", "has:" + kind]
            if kind == "dobj":
                cues.append(f"o:{lemma} {tokens.lemma[child]}")
        elif kind == "nsubj":
            cues.append("nsubj:" + (tokens.lower[child] if tokens.pos[child] == "PRON" else tokens.lemma[child]))
            cues.append("subject:" + tokens.pos[child])
        elif kind in ("aux", "neg", "mark", "prep"):
            cues.append(f"{kind}:{tokens.lower[child]}")
    if lemma == "be":
        return None
    return Phrase(start, end, i, VERB, cues)


def find_phrases(tokens: Tokens) -> list[Phrase]:
    """All candidates of a Doc, in the order of their heads."""
    found = []
    for first, last in tokens.sentences:
        for i in range(first, last):
            pos = tokens.pos[i]
            if pos in _NOMINAL:
                phrase = noun_phrase(tokens, i, first, last)
            elif (pos == "VERB" and tokens.dep[i] != "amod") or (
                pos == "ADJ" and tokens.dep[i] in ("acomp", "ccomp", "oprd")
            ):
                phrase = verb_phrase(tokens, i, first, last)
            else:
                continue
            if phrase is not None:
                found.append(phrase)
    return found
