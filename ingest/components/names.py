"""Names: persons, organisations, places, and named interventions that look like them.

The language model's entities and runs of capitalised words are candidates; the gazetteer, the
document's own abbreviations and weighed cues decide what they are. Acronyms, job titles and
products are what a news model most often takes for organisations.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import spacy
from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc

from ingest import lexicon
from ingest.naming import is_acronym, normal_person
from ingest.pipeline import Context, Found
from ingest.tokens import Tokens
from ontology import gazetteer
from ontology.gazetteer import Body

NAME = "name"
LABELS = frozenset({"PERSON", "ORG", "GPE", "LOC", "FAC", "PRODUCT", "WORK_OF_ART", "LAW", "EVENT", "NORP"})
_JOIN = frozenset({"of", "for", "and", "the", "&", "on", "to", "in", "-", "/", "’s", "'s", "de"})
_TRIM = frozenset(
    {
        "the",
        "a",
        "an",
        "our",
        "their",
        "this",
        "’s",
        "'s",
        "s",
        "’",
        "'",
        "@",
        "#",
        "-",
        "–",
        "—",
        ",",
        ".",
        ":",
        ";",
        "(",
        ")",
        "“",
        "”",
        '"',
        "‘",
        "and",
        "of",
        "for",
        "&",
        "*",
        "|",
        "[",
        "]",
        "in",
        "at",
        "by",
        "to",
        "/",
        "…",
    }
)
_JOBS = frozenset(
    {
        "director",
        "manager",
        "officer",
        "head",
        "chief",
        "secretary",
        "minister",
        "designer",
        "researcher",
        "engineer",
        "developer",
        "analyst",
        "lead",
        "professor",
        "administrator",
        "commissioner",
        "president",
        "chair",
        "ceo",
        "cto",
        "cio",
        "advisor",
        "adviser",
        "consultant",
        "specialist",
        "strategist",
        "writer",
        "editor",
        "founder",
        "executive",
        "coordinator",
        "clerk",
        "nurse",
        "doctor",
        "mp",
        "senator",
        "councillor",
        "mayor",
        "governor",
        "fellow",
        "owner",
    }
)


@dataclass(slots=True)
class Name:
    """A candidate name: tokens ``start:end``."""

    start: int
    end: int
    cues: list[str]


def shape_of(text: str) -> str:
    """The form of a token as a cue: acronym, inner capital or dot, capital, digit, small."""
    if is_acronym(text):
        return "acronym"
    if any(c.isdigit() for c in text):
        return "digit"
    if any(c.isupper() for c in text[1:]) or "." in text.strip("."):
        return "inner"
    if text[:1].isupper():
        return "capital"
    return "small"


def _is_name_token(tokens: Tokens, i: int, first: int) -> bool:
    text = tokens.text[i]
    if not text[:1].isupper() and not any(c.isupper() for c in text[1:]):
        return False
    if not text[0].isalnum():
        return False
    if i == first and text[1:].islower():
        return tokens.pos[i] == "PROPN"
    return tokens.pos[i] not in ("PRON", "DET", "AUX", "ADP", "CCONJ", "SCONJ")


def _runs(tokens: Tokens, first: int, last: int) -> list[tuple[int, int]]:
    """Entities of the model in a sentence and, between them, runs of capitalised words."""
    spans: list[tuple[int, int]] = []
    taken = [False] * (last - first)
    i = first
    while i < last:
        kind = tokens.entity_type[i]
        if kind in LABELS or (
            kind in ("CARDINAL", "DATE", "TIME")
            and any(c.isupper() for c in tokens.text[i])
            and any(c.isdigit() for c in tokens.text[i])
        ):
            end = i + 1
            while end < last and tokens.entity_type[end] == kind and not tokens.entity_begins[end]:
                end += 1
            spans.append((i, end))
            taken[i - first : end - first] = [True] * (end - i)
            i = end
        else:
            i += 1
    i = first
    while i < last:
        if taken[i - first] or not _is_name_token(tokens, i, first):
            i += 1
            continue
        end = i + 1
        while end < last and not taken[end - first]:
            if _is_name_token(tokens, end, first) or tokens.text[end].isdigit():
                end += 1
            elif (
                tokens.lower[end] in ("of", "for", "-", "&")
                and end + 1 < last
                and not taken[end + 1 - first]
                and _is_name_token(tokens, end + 1, first)
            ):
                end += 2
            else:
                break
        spans.append((i, end))
        i = end
    return sorted(spans)


def _trim(tokens: Tokens, start: int, end: int) -> tuple[int, int]:
    for i in range(start + 1, end):  # a name never goes over a line or into a bracket
        if tokens.text[i] in "([" or (tokens.pos[i] == "SPACE" and "\n" in tokens.text[i]):
            end = i
            break
    while start < end and (tokens.lower[start] in _TRIM or tokens.pos[start] == "SPACE"):
        start += 1
    while end > start and (tokens.lower[end - 1] in _TRIM or tokens.pos[end - 1] == "SPACE"):
        end -= 1
    return start, end


def candidate_spans(tokens: Tokens) -> Iterator[tuple[int, int, int, int]]:
    """Candidates of a Doc: start, end, and the sentence's first token and end."""
    for first, last in tokens.sentences:
        for run in _runs(tokens, first, last):
            start, end = _trim(tokens, *run)
            if start < end:
                yield start, end, first, last


def make_name(
    tokens: Tokens, start: int, end: int, first: int, last: int, authors: frozenset[str] = frozenset(), long: str = ""
) -> Name:
    """The candidate with its cues. ``long`` is the last word of what the document says that it abbreviates."""
    words = tokens.text[start:end]
    lower = [word.lower() for word in words]
    entity = tokens.entity_type[start] or tokens.entity_type[end - 1] or "-"
    cues = [
        "",
        "e:" + entity,
        "last:" + lower[-1],
        "n:" + str(min(len(words), 4)),
        f"en:{entity} {min(len(words), 3)}",
        "shape:" + shape_of(words[-1]),
        f"es:{entity} {shape_of(words[0])}",
    ]
    if len(words) > 1:
        cues += ["first:" + lower[0], "middle" if "of" in lower or "for" in lower else "plain"]
    text = " ".join(words)
    cues.append("s:" + text)
    cues.append("before:" + (tokens.lower[start - 1] if start > first else "^"))
    cues.append("after:" + (tokens.lower[end] if end < last else "$"))
    if any(word in _JOBS for word in lower):
        cues.append("job")
    root = end - 1
    for i in range(start, end):
        if not start <= tokens.head[i] < end:
            root = i
            break
    dep, up = tokens.dep[root], tokens.head[root]
    cues.append(f"g:{dep} {tokens.lemma[up]}")
    cues.append("d:" + dep)
    if dep == "pobj" and tokens.head[up] != up:
        cues.append(f"pg:{tokens.lower[up]} {tokens.lemma[tokens.head[up]]}")
    if authors and set(normal_person(text).split()) <= authors:
        cues.append("author")
    if long:
        cues += ["long:" + long, "abbreviation"]
    return Name(start, end, cues)


class NameFinder:
    """Persons, organisations, places and named interventions of a Doc."""

    def __init__(self, nlp: Language, bodies: Sequence[Body]) -> None:
        self.cues = lexicon.load_cues(NAME)
        self.bodies = {body.id: body for body in bodies}
        exact, folded = PhraseMatcher(nlp.vocab, attr="ORTH"), PhraseMatcher(nlp.vocab, attr="LOWER")
        for body in bodies:
            if body.acronyms:
                exact.add(body.id, [nlp.make_doc(name) for name in body.acronyms])
            folded.add(body.id, [nlp.make_doc(name) for name in (body.name, *body.aliases)])
        self.matchers = (exact, folded)

    def __call__(self, doc: Doc) -> Doc:
        tokens: Tokens = doc._.tokens
        context: Context = doc._.context or Context()
        found: list[Found] = doc._.found
        block_of = doc._.block_of
        authors = frozenset(
            word
            for author in context.metadata.authors
            if author.kind == "Person"
            for word in normal_person(author.name).split()
        )
        listed = self._listed(doc)
        inside = {i for start, end in listed for i in range(start, end)}
        for (start, end), body in listed.items():
            if block_of[start] >= 0 and block_of[start] == block_of[end - 1]:
                found.append(Found(start, end, body.kind, 0.9, "gazetteer", body=body.id))
        for start, end, first, last in candidate_spans(tokens):
            if (
                block_of[start] < 0
                or block_of[start] != block_of[end - 1]
                or any(i in inside for i in range(start, end))
            ):
                continue
            long = context.abbreviations.get(tokens.span(start, end), "")
            name = make_name(tokens, start, end, first, last, authors, long.split()[-1].lower() if long else "")
            kind, probability = self.cues.judge(name.cues)
            if kind:
                found.append(Found(start, end, kind, round(probability, 3), "name-cues"))
        return doc

    def _listed(self, doc: Doc) -> dict[tuple[int, int], Body]:
        """Names of the gazetteer, the longest at each place; a name inside a longer proper name is left alone."""
        tokens: Tokens = doc._.tokens
        hits: dict[tuple[int, int], Body] = {}
        for matcher in self.matchers:
            for key, start, end in matcher(doc):
                body = self.bodies[doc.vocab.strings[key]]
                if not tokens.text[start][:1].isupper() and not any(c.isupper() for c in tokens.text[end - 1]):
                    continue
                hits.setdefault((start, end), body)
        taken: set[int] = set()
        kept: dict[tuple[int, int], Body] = {}
        for (start, end), body in sorted(hits.items(), key=lambda hit: (hit[0][0] - hit[0][1], hit[0][0])):
            if taken.isdisjoint(range(start, end)):
                taken.update(range(start, end))
                kept[start, end] = body
        return {span: body for span, body in sorted(kept.items()) if not _is_part(tokens, *span)}


def _is_part(tokens: Tokens, start: int, end: int) -> bool:
    """Whether the name goes on in capitals on either side: "Leeds" in "Leeds City Council"."""
    after = end < len(tokens) and tokens.sentence_of[end] == tokens.sentence_of[start]
    if after and tokens.pos[end] == "PROPN" and tokens.text[end][:1].isupper() and tokens.head[end - 1] >= end:
        return True
    if start == 0 or tokens.sentence_of[start - 1] != tokens.sentence_of[start]:
        return False
    before = tokens.text[start - 1]
    return tokens.pos[start - 1] == "PROPN" and before[:1].isupper() and tokens.head[start - 1] >= start


@Language.factory(
    "reform_names",
    assigns=["doc._.found"],
    requires=["doc._.tokens", "doc.ents"],
    default_config={"bodies": {"@misc": "reform.gazetteer.v1"}},
)
def make_name_finder(nlp: Language, name: str, bodies: Sequence[Body]) -> NameFinder:
    return NameFinder(nlp, bodies)


@spacy.registry.misc("reform.gazetteer.v1")
def load_gazetteer() -> Sequence[Body]:
    return gazetteer.load()
