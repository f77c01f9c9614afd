"""Relations between two mentions of one sentence, by weighed cues of the words that join them.

Where a sentence has no head of its own ("it cut waiting times", "we built a tracker") the
intervention last spoken of, or the publisher, stands in for the pronoun.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from spacy.language import Language
from spacy.tokens import Doc

from ingest import lexicon
from ingest.pipeline import Found, Link
from ingest.tokens import Tokens

PUBLISHER = -1  # as a link's subject: the document's publisher, where the text says "we"
MOST_MENTIONS = 14  # of one sentence; a list of fifty things relates nothing

TYPES = {
    ("Person", "Organisation"),
    ("Organisation", "Intervention"),
    ("Person", "Intervention"),
    ("Intervention", "Issue"),
    ("Idea", "Issue"),
    ("Intervention", "Outcome"),
    ("Idea", "Outcome"),
    ("Organisation", "Place"),
    ("Intervention", "Place"),
}
FITS = {
    "affiliated_with": {("Person", "Organisation")},
    "delivers": {("Organisation", "Intervention"), ("Person", "Intervention")},
    "addresses": {("Intervention", "Issue"), ("Idea", "Issue")},
    "leads_to": {("Intervention", "Outcome"), ("Idea", "Outcome"), ("Intervention", "Issue"), ("Idea", "Issue")},
    "located_in": {("Organisation", "Place"), ("Intervention", "Place")},
}
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
        "leader",
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
        "councillor",
        "mayor",
        "governor",
        "fellow",
        "owner",
        "member",
        "deputy",
        "lecturer",
        "scientist",
        "economist",
        "architect",
    }
)
_LESS = frozenset(
    {
        "reduce",
        "cut",
        "lower",
        "decrease",
        "prevent",
        "avoid",
        "solve",
        "resolve",
        "eliminate",
        "remove",
        "tackle",
        "overcome",
        "minimise",
        "minimize",
        "mitigate",
        "limit",
        "fix",
        "halve",
        "stop",
        "break",
        "combat",
        "alleviate",
        "ease",
        "shorten",
        "save",
        "curb",
        "relieve",
        "address",
        "end",
        "drop",
        "fall",
    }
)
_WITHOUT = frozenset({"no", "not", "n't", "never", "without", "neither", "nor"})
_EFFECTS = frozenset({"effect", "impact", "difference", "change", "improvement", "increase", "decrease", "evidence"})


@dataclass(frozen=True, slots=True)
class Pair:
    """Two mentions that may be related; ``subject`` may be PUBLISHER."""

    subject: int
    object: int
    sentence: int
    types: tuple[str, str]
    cues: tuple[str, ...]


def _head(tokens: Tokens, f: Found) -> int:
    for i in range(f.start, f.end):
        if not f.start <= tokens.head[i] < f.end or tokens.head[i] == i:
            return i
    return f.end - 1


def _bucket(n: int) -> str:
    return str(n) if n < 3 else "3" if n < 6 else "6" if n < 12 else "12"


def _between(tokens: Tokens, a: Found, b: Found) -> list[str]:
    """Cues of the words between two mentions, and of the path that joins their heads."""
    first, second = (a, b) if a.start <= b.start else (b, a)
    gap = range(first.end, second.start)
    order = "1" if a.start <= b.start else "2"
    if second.start < first.end:
        inside = "in" if b.start >= a.start and b.end <= a.end else "around" if a.start >= b.start else "over"
        cues = ["place:" + inside]
    else:
        cues = [f"gap:{order}{_bucket(len(gap))}"]
        words = ["JOB" if tokens.lower[i] in _JOBS else tokens.lower[i] for i in gap if tokens.pos[i] != "SPACE"]
        if len(words) <= 4:
            cues.append(f"words:{order} " + " ".join(words))
        cues += [f"verb:{order} {tokens.lemma[i]}" for i in gap if tokens.pos[i] == "VERB"][:4]
        cues += [f"prep:{order} {tokens.lower[i]}" for i in gap if tokens.pos[i] == "ADP"][:3]
        if "JOB" in words:
            cues.append("job")
        marks = {tokens.text[i] for i in gap} & {",", ";", ":", "(", "–", "—"}
        cues += sorted("mark:" + mark for mark in marks)
    ha, hb = _head(tokens, a), _head(tokens, b)
    up_a, up_b = [ha, *tokens.path(ha)], [hb, *tokens.path(hb)]
    at = {token: n for n, token in enumerate(up_a)}
    common = next((token for token in up_b if token in at), -1)
    if common >= 0:
        down = up_b[: up_b.index(common)]
        rise = up_a[: at[common]]
        cues.append("join:" + tokens.lemma[common])
        path = "<".join(tokens.dep[i] for i in rise[-3:]) + "|" + ">".join(tokens.dep[i] for i in reversed(down[-3:]))
        cues.append("path:" + path)
        cues.append(f"jp:{tokens.lemma[common]} {path}")
        if any(tokens.dep[c] == "neg" for c in tokens.children[common]):
            cues.append("negated")
    cues += [
        "ad:" + tokens.dep[ha],
        "bd:" + tokens.dep[hb],
        "bh:" + tokens.lemma[hb],
        "ah:" + tokens.lemma[ha],
        f"bg:{tokens.dep[hb]} {tokens.lemma[tokens.head[hb]]}",
        "btag:" + tokens.tag[hb],
    ]
    return cues


def find_pairs(tokens: Tokens, found: list[Found]) -> Iterator[Pair]:
    """Pairs whose kinds fit a relation, with their cues."""
    per_sentence: dict[int, list[int]] = {}
    for number, f in enumerate(found):
        if f.kind != "Group":
            per_sentence.setdefault(tokens.sentence_of[f.start], []).append(number)
    topic = -1
    topic_sentence = -1
    for sentence in sorted(per_sentence):
        numbers = sorted(per_sentence[sentence], key=lambda n: (found[n].start, found[n].end))[:MOST_MENTIONS]
        kinds: dict[str, int] = {}
        for n in numbers:
            kinds[found[n].kind] = kinds.get(found[n].kind, 0) + 1
        for a in numbers:
            for b in numbers:
                types = (found[a].kind, found[b].kind)
                if a == b or types not in TYPES:
                    continue
                base = "t:" + ">".join(types)
                cues = [
                    base,
                    f"many:{types[0]} {min(kinds[types[0]], 4)}",
                    f"many:{types[1]} {min(kinds[types[1]], 4)}",
                    f"by:{base} {found[a].found_by}" if types[0] == "Intervention" else "by:-",
                    f"sure:{int(min(found[a].confidence, found[b].confidence) * 5)}",
                ]
                joined = _between(tokens, found[a], found[b])
                cues += joined
                cues += [f"{base} {cue}" for cue in joined if cue.startswith(("gap", "place", "path", "verb", "words"))]
                yield Pair(a, b, sentence, types, tuple(cues))
        yield from _for_pronouns(tokens, found, numbers, sentence, topic, topic_sentence)
        for n in numbers:
            if found[n].kind == "Intervention" and (
                tokens.dep[_head(tokens, found[n])] in ("nsubj", "nsubjpass", "ROOT")
                or topic < 0
                or sentence - topic_sentence > 3
            ):
                topic, topic_sentence = n, sentence
                break


def _for_pronouns(
    tokens: Tokens, found: list[Found], numbers: list[int], sentence: int, topic: int, topic_sentence: int
) -> Iterator[Pair]:
    first, last = tokens.sentences[sentence]
    subjects = [
        i for i in range(first, last) if tokens.dep[i] in ("nsubj", "nsubjpass") and tokens.pos[i] in ("PRON", "DET")
    ]
    for i in subjects:
        word, verb = tokens.lower[i], tokens.head[i]
        if word in ("it", "this", "that", "they", "these") and topic >= 0 and sentence - topic_sentence <= 2:
            a, kind = topic, "Intervention"
        elif word in ("we", "i"):
            a, kind = PUBLISHER, "Organisation"
        else:
            continue
        for b in numbers:
            types = (kind, found[b].kind)
            if types not in TYPES or found[b].start < i or b == a or types[1] == "Place":
                continue
            hb = _head(tokens, found[b])
            path = ">".join(tokens.dep[t] for t in [hb, *tokens.path(hb)][:3])
            base = "t:" + ">".join(types)
            yield Pair(
                a,
                b,
                sentence,
                types,
                (
                    base,
                    "pronoun:" + word,
                    f"pronoun:{base} {word}",
                    "pv:" + tokens.lemma[verb],
                    f"pt:{tokens.tag[verb]}",
                    f"pp:{path}",
                    f"pd:{tokens.lemma[tokens.head[hb]]}",
                    f"pgap:{_bucket(found[b].start - i)}",
                    f"{base} bh:{tokens.lemma[hb]}",
                    f"sure:{int(found[b].confidence * 5)}",
                    f"far:{sentence - topic_sentence}",
                ),
            )


def direction_of(tokens: Tokens, found: list[Found], pair: Pair) -> str:
    """Which way the object of leads_to changes: the direction is that of the thing it names."""
    first, last = tokens.sentences[pair.sentence]
    target = found[pair.object]
    words = set(tokens.lower[first:last])
    if (
        words & _WITHOUT
        and words & _EFFECTS
        and any(
            tokens.lower[i] in _WITHOUT and any(tokens.lemma[j] in _EFFECTS for j in range(i + 1, min(i + 5, last)))
            for i in range(first, last)
        )
    ):
        return "no_change"
    if target.kind == "Issue":
        head = _head(tokens, target)
        chain = [tokens.lemma[i] for i in [head, *tokens.path(head)][:4]]
        return "decreases" if any(lemma in _LESS for lemma in chain) else "increases"
    return "increases"


class RelationFinder:
    def __init__(self) -> None:
        self.cues = lexicon.load_cues("relation")

    def __call__(self, doc: Doc) -> Doc:
        tokens: Tokens = doc._.tokens
        found: list[Found] = doc._.found
        best: dict[tuple[int, int, str], Link] = {}
        for pair in find_pairs(tokens, found):
            predicate, probability = self.cues.judge(pair.cues)
            if not predicate or pair.types not in FITS[predicate]:
                continue
            direction = direction_of(tokens, found, pair) if predicate == "leads_to" else ""
            link = Link(
                pair.subject, predicate, pair.object, pair.sentence, round(probability, 3), "relation-cues", direction
            )
            key = (pair.subject, pair.object, predicate)
            if key not in best or best[key].confidence < link.confidence:
                best[key] = link
        doc._.links = list(best.values())
        return doc


@Language.factory("reform_relations", assigns=["doc._.links"], requires=["doc._.found", "doc._.tokens"])
def make_relation_finder(nlp: Language, name: str) -> RelationFinder:
    return RelationFinder()
