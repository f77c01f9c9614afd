"""Candidates for mentions on annotated documents, and the phrases of the ideas."""

from __future__ import annotations

import itertools
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from errors import TooLargeError
from ingest import lexicon, pipeline
from ingest.abbreviations import find_abbreviations
from ingest.components import names, phrases
from ingest.components.words import forms
from ingest.lexicon.measure import Candidate, alike
from ingest.naming import normal_person
from ingest.numbered import Numbered, read_numbered
from ingest.tokens import Tokens

_STOP = frozenset(
    {
        "the",
        "a",
        "an",
        "of",
        "to",
        "and",
        "in",
        "for",
        "on",
        "with",
        "or",
        "is",
        "be",
        "are",
        "by",
        "at",
        "from",
        "as",
        "it",
        "that",
        "this",
        "we",
        "our",
        "their",
    }
)


@dataclass(frozen=True, slots=True)
class Annotated:
    """A document, its annotation, and its tokens with the sentences as numbered."""

    numbered: Numbered
    annotation: dict[str, Any]
    doc: Doc
    tokens: Tokens


def read_annotated(folder: Path, language: Language) -> list[Annotated]:
    """All documents of a folder, parsed with the sentences that are given."""
    files = sorted((folder / "sentences").glob("*.json"))
    documents = [read_numbered(path) for path in files]
    docs = []
    for document in documents:
        made = pipeline.make_docs(language, document.text, document.blocks, document.metadata, document.sentences)
        if len(made) != 1:
            raise TooLargeError(document.id, "a document to count on must fit one Doc")
        docs += made
    result = []
    for document, path, doc in zip(documents, files, language.pipe(map(pipeline.set_borders, docs)), strict=True):
        annotation = json.loads((folder / "annotations" / path.name).read_text("utf-8"))
        result.append(Annotated(document, annotation, doc, pipeline.view_tokens(doc)._.tokens))
    return result


def mention_candidates(documents: Sequence[Annotated]) -> dict[str, list[Candidate]]:
    """Candidates of each shape with the kind of the annotated mention that they match."""
    rows: dict[str, list[Candidate]] = {"name": [], "noun": [], "verb": []}
    for number, document in enumerate(documents):
        tokens, text = document.tokens, document.tokens.source
        gold: dict[int, list[tuple[str, str]]] = defaultdict(list)
        for mention in document.annotation["mentions"]:
            gold[mention["s"]].append((mention["type"], mention["text"]))

        def label(
            shape: str,
            start: int,
            end: int,
            tokens: Tokens = tokens,
            text: str = text,
            gold: dict[int, list[tuple[str, str]]] = gold,
        ) -> str:
            span = text[tokens.start[start] : tokens.end[end - 1]]
            kinds = lexicon.KINDS[shape]
            return next(
                (kind for kind, other in gold[tokens.sentence_of[start]] if kind in kinds and alike(other, span)), ""
            )

        for phrase in phrases.find_phrases(tokens):
            rows[phrase.shape].append(
                Candidate(number, tuple(dict.fromkeys(phrase.cues)), label(phrase.shape, phrase.start, phrase.end))
            )
        authors = frozenset(
            word for author in document.numbered.metadata.authors for word in normal_person(author.name).split()
        )
        short = find_abbreviations(text)
        for start, end, first, last in names.candidate_spans(tokens):
            long = short.get(text[tokens.start[start] : tokens.end[end - 1]], "")
            name = names.make_name(tokens, start, end, first, last, authors, long.split()[-1].lower() if long else "")
            rows["name"].append(Candidate(number, tuple(dict.fromkeys(name.cues)), label("name", start, end)))
    return rows


def _grams(words: Sequence[tuple[str, ...]], longest: int) -> Iterator[tuple[str, ...]]:
    for size in range(1, longest + 1):
        for i in range(len(words) - size + 1):
            yield from itertools.product(*words[i : i + size])


def _looked_up(tokens: Tokens, first: int, last: int) -> list[tuple[str, ...]]:
    return [
        forms(tokens.lower[i], tokens.lemma[i])
        for i in range(first, last)
        if tokens.text[i] not in ("-", "‑", "–", "—")
    ]


def measure_ideas(documents: Sequence[Annotated], longest: int = 4) -> list[tuple[str, str, int, int]]:
    """Phrases of annotated ideas that are right at least 45 times in 100: phrase, idea, seen, right."""
    where: dict[tuple[tuple[str, ...], str], set[int]] = defaultdict(set)
    times: Counter[tuple[tuple[str, ...], str]] = Counter()
    for number, document in enumerate(documents):
        for mention in document.annotation["mentions"]:
            if mention["type"] != "Idea":
                continue
            span = document.numbered.sentences[mention["s"]]
            at = document.numbered.text.find(mention["text"], span.start, span.end)
            inside = [i for i, start in enumerate(document.tokens.start) if at <= start < at + len(mention["text"])]
            if not inside:
                continue
            for gram in set(_grams(_looked_up(document.tokens, inside[0], inside[-1] + 1), longest)):
                if gram[0] in _STOP or gram[-1] in _STOP or not gram[0][:1].isalpha() or len("".join(gram)) < 2:
                    continue
                times[gram, mention["idea"]] += 1
                where[gram, mention["idea"]].add(number)
    kept = {pair for pair, count in times.items() if count >= 3 and len(where[pair]) >= 2}
    ideas: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for gram, idea in sorted(kept):
        ideas[gram].append(idea)
    seen: Counter[tuple[str, ...]] = Counter()
    right: Counter[tuple[tuple[str, ...], str]] = Counter()
    for document in documents:
        said: dict[int, set[str]] = defaultdict(set)
        for mention in document.annotation["mentions"]:
            if mention["type"] == "Idea":
                said[mention["s"]].add(mention["idea"])
        for number, (first, last) in enumerate(document.tokens.sentences):
            for gram in set(_grams(_looked_up(document.tokens, first, last), longest)):
                if gram in ideas:
                    seen[gram] += 1
                    for idea in ideas[gram]:
                        right[gram, idea] += idea in said[number]
    rows = []
    for gram, choices in sorted(ideas.items()):
        idea = max(choices, key=lambda choice: right[gram, choice])
        if lexicon.smooth(right[gram, idea], seen[gram]) >= 0.45:
            rows.append((" ".join(gram), idea, seen[gram], right[gram, idea]))
    return rows
