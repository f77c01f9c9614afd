"""Cuts a stored text into stretches, so that passages and mentions can be marked.

All offsets are code points of the stored text, as Python counts them, half-open.
"""
from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

CONTEXT = 180  # code points of the paragraph that are shown at most on each side of a passage
SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*\s+(?=[\"'“‘(\[]*[A-Z0-9])")
QUOTE_MARKS = "\"“”‘’«»„'"


@dataclass(frozen=True, slots=True)
class Cover:
    """A span that a page marks: ``text[start:end]``. ``key`` says which."""

    start: int
    end: int
    key: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """``text[start:end]``, over which the same covers lie. ``ends`` are the keys of passages that end here."""

    text: str
    passages: tuple[str, ...] = ()
    mention: str = ""
    ends: tuple[str, ...] = ()


def single_file(covers: Iterable[Cover]) -> list[Cover]:
    """The covers that can be links side by side: where two overlap, the longer one, then the earlier one."""
    chosen: list[Cover] = []
    for cover in sorted(covers, key=lambda c: (c.start - c.end, c.start, c.key)):
        if cover.start < cover.end and all(cover.end <= other.start or other.end <= cover.start for other in chosen):
            chosen.append(cover)
    return sorted(chosen, key=lambda c: c.start)


def stretches(text: str, start: int, end: int, passages: Sequence[Cover], mentions: Sequence[Cover]) -> list[Stretch]:
    """``text[start:end]`` cut where a passage or a mention begins or ends.

    The pieces, put together, are ``text[start:end]`` again. Passages may overlap; of overlapping
    mentions one is kept (``single_file``). A cover that runs over the borders is cut there; its key stands in
    ``ends`` only if it really ends within them.
    """
    inside = [c for c in passages if c.start < end and start < c.end]
    links = single_file(c for c in mentions if start <= c.start and c.end <= end)
    borders = {start, end}
    for cover in (*inside, *links):
        borders.update((max(start, cover.start), min(end, cover.end)))
    cuts = sorted(borders)
    pieces: list[Stretch] = []
    for left, right in pairwise(cuts):
        over = tuple(c.key for c in inside if c.start < right and left < c.end)
        mention = next((c.key for c in links if c.start < right and left < c.end), "")
        ends = tuple(c.key for c in inside if c.end == right)
        pieces.append(Stretch(text[left:right], over, mention, ends))
    return pieces


def before(text: str) -> str:
    """The end of ``text`` (what stands before a passage): its last sentence, cut at a word if it is long."""
    text = re.sub(r"\s+", " ", text).lstrip()
    ends = [found.end() for found in SENTENCE_END.finditer(text)]
    if ends and ends[-1] == len(text):  # never with a lookahead, but a slice may end in spaces
        ends.pop()
    text = text[ends[-1]:] if ends else text
    if len(text) <= CONTEXT:
        return text
    cut = text[-CONTEXT:]
    return "… " + cut.partition(" ")[2]


def after(text: str) -> str:
    """The start of ``text`` (what stands after a passage): up to the end of its first sentence, or cut at a word."""
    text = re.sub(r"\s+", " ", text).rstrip()
    found = SENTENCE_END.search(text)
    text = text[:found.start() + 1].rstrip() if found else text
    if len(text) <= CONTEXT:
        return text
    cut = text[:CONTEXT]
    return (cut.rpartition(" ")[0] or cut) + " …"


def terms_of(query: str) -> list[str]:
    """The words and quoted phrases of what somebody typed, in order, without their quotation marks."""
    found = re.findall(r"[\"“”]([^\"“”]+)[\"“”]|([^\s\"“”]+)", query)
    return [" ".join((phrase or word).split()) for phrase, word in found if (phrase or word).strip()]


def marked(text: str, terms: Sequence[str]) -> list[Stretch]:
    """``text`` cut so that whole words that begin with one of ``terms`` are marked (their key is "hit")."""
    words = [re.escape(term) for term in terms if any(c.isalnum() for c in term)]
    if not words:
        return [Stretch(text)] if text else []
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(sorted(words, key=len, reverse=True))})\w*", re.IGNORECASE)
    pieces, last = [], 0
    for found in pattern.finditer(text):
        if found.start() > last:
            pieces.append(Stretch(text[last:found.start()]))
        pieces.append(Stretch(found.group(), ("hit",)))
        last = found.end()
    if last < len(text):
        pieces.append(Stretch(text[last:]))
    return pieces
