"""Evidence: who contributes what to which idea, by cues that are weighed like those of mentions.

The author contributes to the one to five ideas that the document is really about. Others do
where they are quoted or cited with an idea, or where their own case is told. Which sentences
say it, of what kind it is and which side it takes are judged one after another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from spacy.tokens import Doc

from ingest import lexicon
from ingest.components.words import forms
from ingest.entities import EntityBook, Sentence, Spot
from ingest.stance import challenges
from ingest.tokens import Tokens

MOST_IDEAS = 5
MOST_PASSAGES = 4
_TURNS = frozenset({"but", "however", "not", "no", "n't", "without"})
_BENDS = frozenset({"not", "no", "n't", "n’t", "too", "more", "less", "without", "can", "could", "should", "may"})
_CONTENT = frozenset({"NOUN", "PROPN", "VERB", "ADJ", "ADV", "AUX", "NUM", "PART", "SCONJ"})


@dataclass(slots=True)
class Heard:
    """Somebody who is quoted or cited: in which sentences, how, and how sure."""

    role: str
    sentences: tuple[int, ...]
    confidence: float
    reason: str
    cue: str


@dataclass(slots=True)
class Findings:
    """All that the components found in one document, in terms of its entities and sentences."""

    docs: Sequence[Doc]
    spots: Sequence[Spot]
    entity_of: Sequence[int]  # of each spot
    sentences: Sequence[Sentence]
    book: EntityBook
    authors: Sequence[int]  # entities
    heard: Mapping[int, list[Heard]] = field(default_factory=dict)  # by entity
    delivers: frozenset[tuple[int, int]] = frozenset()  # (entity, sentence)

    def spots_of(self, sentence: int) -> list[int]:
        return self._in_sentence.get(sentence, [])

    _in_sentence: dict[int, list[int]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for number, spot in enumerate(self.spots):
            self._in_sentence.setdefault(spot.sentence, []).append(number)


@dataclass(frozen=True, slots=True)
class Claim:
    """A contributor's evidence about an idea, before it becomes a statement."""

    entity: int
    role: str
    idea: str
    sentences: tuple[int, ...]
    stance: str
    kind: str
    confidence: float
    reason: str


def _bucket(n: float) -> str:
    return str(int(n)) if n < 4 else "4" if n < 6 else "6" if n < 10 else "10" if n < 18 else "18"


def idea_sentences(findings: Findings) -> dict[str, dict[int, float]]:
    """For each idea the sentences that mention it, with the weight of the mentions there."""
    said: dict[str, dict[int, float]] = defaultdict(dict)
    for spot in findings.spots:
        if spot.found.kind == "Idea":
            row = said[spot.found.idea]
            row[spot.sentence] = row.get(spot.sentence, 0.0) + spot.found.confidence
    return said


def author_cues(findings: Findings, title_ideas: Iterable[str]) -> dict[str, list[str]]:
    """For each idea of the document the cues that its authors contribute to it."""
    said = idea_sentences(findings)
    total = sum(sum(row.values()) for row in said.values()) or 1.0
    weights = {idea: sum(row.values()) for idea, row in said.items()}
    titled = set(title_ideas)
    for idea in titled:
        weights.setdefault(idea, 0.0)
        said.setdefault(idea, {})
    count = max(1, len(findings.sentences))
    result = {}
    for rank, idea in enumerate(sorted(weights, key=lambda i: (-weights[i], i))):
        row = said[idea]
        share = weights[idea] / total
        cues = [
            "",
            "rank:" + str(min(rank, 9)),
            "sentences:" + _bucket(len(row)),
            "weight:" + _bucket(weights[idea]),
            "share:" + str(min(int(share * 20), 10)),
            f"idea:{idea}",
            "per:" + str(min(int(100 * len(row) / count), 20)),
            f"rw:{min(rank, 9)} {_bucket(weights[idea])}",
            "kinds:" + _bucket(len(weights)),
            "spread:" + str(int(4 * (max(row) - min(row)) / count) if row else -1),
        ]
        cues.append("titled" if idea in titled else "untitled")
        if any(findings.sentences[s].block == "heading" for s in row):
            cues.append("headed")
        if row and min(row) < 4:
            cues.append("early")
        if row and max(row) >= count - 4:
            cues.append("late")
        result[idea] = cues
    return result


def voice_cues(findings: Findings, author_ideas: Sequence[str]) -> dict[tuple[int, str], list[str]]:
    """For each pair of a named or heard contributor and an idea near to it the cues that it contributes."""
    said = idea_sentences(findings)
    at: dict[int, list[str]] = defaultdict(list)
    for idea, row in said.items():
        for sentence in row:
            at[sentence].append(idea)
    ranks = {idea: rank for rank, idea in enumerate(sorted(said, key=lambda i: (-sum(said[i].values()), i)))}
    authors = set(findings.authors) | {findings.book.publisher}
    spoken: dict[int, dict[int, Heard]] = defaultdict(dict)
    for entity, rows in findings.heard.items():
        for heard in rows:
            for sentence in heard.sentences:
                spoken[entity].setdefault(sentence, heard)
    where: dict[int, dict[int, int]] = defaultdict(dict)  # entity -> sentence -> spot
    for number, spot in enumerate(findings.spots):
        if spot.found.kind in ("Person", "Organisation"):
            where[findings.entity_of[number]].setdefault(spot.sentence, number)
    pairs: dict[tuple[int, str], list[str]] = {}
    for entity in sorted({*where, *spoken}):
        if entity in authors or findings.book.kind_of(entity) == "Group":
            continue
        kind = findings.book.kind_of(entity)
        near: dict[str, dict[int, str]] = defaultdict(dict)
        for sentence in sorted({*where.get(entity, ()), *spoken.get(entity, ())}):
            heard_here = sentence in spoken.get(entity, {})
            for idea in at.get(sentence, ()):
                near[idea][sentence] = "heard" if heard_here else "with"
            for other in (sentence - 1, sentence + 1):
                if 0 <= other < len(findings.sentences):
                    for idea in at.get(other, ()):
                        near[idea].setdefault(other, "beside heard" if heard_here else "beside")
        for idea, places in near.items():
            together = [s for s, how in places.items() if not how.startswith("beside")]
            cues = [
                "",
                "kind:" + kind,
                f"near:{kind} {min(len(places), 5)}",
                f"together:{kind} {min(len(together), 5)}",
                "rank:" + str(min(ranks[idea], 9)),
                "author" if idea in author_ideas else "other",
                f"seen:{kind} " + _bucket(len(where.get(entity, ()))),
                "idea:" + idea,
                f"ways:{kind} " + "+".join(sorted(set(places.values()))),
            ]
            for sentence in together:
                if entity in spoken and sentence in spoken[entity]:
                    heard = spoken[entity][sentence]
                    cues += [f"heard:{heard.role}", "by:" + heard.reason, "verb:" + heard.cue]
                if (place := where.get(entity, {}).get(sentence)) is not None:
                    cues += _spot_cues(findings, place, kind)
                if (entity, sentence) in findings.delivers:
                    cues.append("delivers")
            for sentence, how in places.items():
                if how == "beside heard":
                    near_heard = [
                        spoken[entity][s] for s in (sentence - 1, sentence + 1) if s in spoken.get(entity, {})
                    ]
                    cues += ["beside:" + heard.reason for heard in near_heard]
            pairs[entity, idea] = list(dict.fromkeys(cues))
    return pairs


def _spot_cues(findings: Findings, number: int, kind: str) -> list[str]:
    spot = findings.spots[number]
    tokens = findings.docs[spot.doc]._.tokens
    head = spot.found.end - 1
    for i in range(spot.found.start, spot.found.end):
        if not spot.found.start <= tokens.head[i] < spot.found.end:
            head = i
            break
    dep, up = tokens.dep[head], tokens.head[head]
    cues = [f"d:{kind} {dep}", f"g:{dep} {tokens.lemma[up]}"]
    if dep == "pobj":
        cues.append(f"p:{tokens.lower[up]} {tokens.lemma[tokens.head[up]]}")
    if spot.found.start > 0:
        cues.append("before:" + tokens.lower[spot.found.start - 1])
    return cues


def sentence_words(findings: Findings, sentence: int) -> list[str]:
    """The content words of a sentence as cues."""
    place = findings.sentences[sentence]
    tokens = findings.docs[place.doc]._.tokens
    return list(
        dict.fromkeys(
            "w:" + forms(tokens.lemma[i])[0] for i in range(place.first, place.last) if tokens.pos[i] in _CONTENT
        )
    )


def stance_cues(tokens: Tokens, first: int, last: int) -> list[str]:
    """The words of a sentence, and what stands after a negation, a contrast or a modal, as cues of a stance."""
    words = [
        "w:" + forms(tokens.lemma[i])[0]
        for i in range(first, last)
        if tokens.pos[i] in _CONTENT or tokens.lower[i] in _TURNS
    ]
    turned = [f"n:{tokens.lower[i]} {tokens.lemma[i + 1]}" for i in range(first, last - 1) if tokens.lower[i] in _BENDS]
    return list(dict.fromkeys(words + turned))


def passage_cues(findings: Findings, sentence: int, row: Mapping[int, float], role: str, spoken: bool) -> list[str]:
    """Cues that a sentence is one in which it is said at the clearest."""
    place = findings.sentences[sentence]
    order = sorted(row, key=lambda s: (-row[s], s)).index(sentence) if sentence in row else 9
    cues = [
        "",
        f"order:{role} {min(order, 8)}",
        f"weight:{role} {min(int(row.get(sentence, 0.0) * 2), 6)}",
        f"many:{role} {_bucket(len(row))}",
        f"om:{min(order, 6)} {_bucket(len(row))}",
        "block:" + place.block,
        "length:" + _bucket((place.last - place.first) / 4),
        "at:" + str(min(4, int(5 * sentence / max(1, len(findings.sentences))))),
        f"first:{min(sentence, 3)}",
    ]
    if spoken:
        cues.append("spoken")
    if sentence - 1 in row:
        cues.append("after")
    if sentence + 1 in row:
        cues.append("before")
    kinds = [findings.spots[n].found.kind for n in findings.spots_of(sentence)]
    cues += [f"has:{kind}" for kind in sorted(set(kinds))]
    return cues + sentence_words(findings, sentence)


def near_sentences(findings: Findings, entity: int, row: Mapping[int, float]) -> dict[int, float]:
    """The idea's sentences that are the contributor's or next to them; they weigh more where both stand."""
    own = {spot.sentence for spot, of in zip(findings.spots, findings.entity_of, strict=True) if of == entity}
    own |= {s for heard in findings.heard.get(entity, ()) for s in heard.sentences}
    near = {s: w + 1.0 for s, w in row.items() if s in own}
    return near or {s: w for s, w in row.items() if s - 1 in own or s + 1 in own}


def own_sentences(findings: Findings, row: Mapping[int, float]) -> dict[int, float]:
    """The idea's sentences in which nobody else speaks and that are no headings; all, where none is left."""
    others = {s for rows in findings.heard.values() for heard in rows for s in heard.sentences}
    plain = {s: w for s, w in row.items() if findings.sentences[s].block != "heading"} or dict(row)
    return {s: w for s, w in plain.items() if s not in others} or plain


class EvidenceFinder:
    """Judges ideas, voices, passages, kinds and stances of a document."""

    def __init__(self) -> None:
        self.author, self.voice = lexicon.load_cues("author"), lexicon.load_cues("voice")
        self.passage, self.kind, self.stance = (lexicon.load_cues(name) for name in ("passage", "kind", "stance"))

    def find(self, findings: Findings, title_ideas: Sequence[str]) -> list[Claim]:
        """The claims of the authors (each of them for each idea), of others, and of unnamed voices."""
        said = idea_sentences(findings)
        chances = {
            idea: self.author.weigh(cues)[1]
            for idea, cues in author_cues(findings, title_ideas).items()
            if idea in said
        }
        least = self.author.least["author"]
        ranked = sorted(chances, key=lambda idea: (-chances[idea], idea))
        # The likeliest idea is taken at half of the probability, so that few documents are about nothing.
        wanted = [least / 2] + [least] * (MOST_IDEAS - 1)
        main = [idea for idea, at in zip(ranked, wanted, strict=False) if chances[idea] >= at]
        claims: list[Claim] = []
        for idea in main:
            sentences = self._passages(findings, own_sentences(findings, said[idea]), "author", frozenset())
            for author in findings.authors:
                claims.append(
                    self._claim(
                        findings, author, "author", idea, sentences, chances[idea], "author of the idea's document"
                    )
                )
        for (entity, idea), cues in voice_cues(findings, main).items():
            role, probability = self.voice.judge(cues)
            if role:
                near = near_sentences(findings, entity, said[idea])
                spoken = frozenset(s for heard in findings.heard.get(entity, ()) for s in heard.sentences)
                sentences = self._passages(findings, near, role, spoken)
                claims.append(self._claim(findings, entity, role, idea, sentences, probability, "voice-cues"))
        return claims + self._groups(findings, said)

    def _groups(self, findings: Findings, said: Mapping[str, Mapping[int, float]]) -> list[Claim]:
        claims = []
        for entity, rows in findings.heard.items():
            if findings.book.kind_of(entity) != "Group":
                continue
            per_idea: dict[str, set[int]] = defaultdict(set)
            for heard in rows:
                for idea, row in said.items():
                    for sentence in heard.sentences:
                        if sentence in row:
                            per_idea[idea].add(sentence)
            for idea, places in per_idea.items():
                sentences = tuple(sorted(places))[:MOST_PASSAGES]
                surest = max(rows, key=lambda heard: heard.confidence)
                claims.append(
                    self._claim(findings, entity, "quoted", idea, sentences, surest.confidence * 0.8, surest.reason)
                )
        return claims

    def _passages(
        self, findings: Findings, row: Mapping[int, float], role: str, spoken: frozenset[int]
    ) -> tuple[int, ...]:
        chances = {s: self.passage.weigh(passage_cues(findings, s, row, role, s in spoken))[1] for s in row}
        ranked = sorted(chances, key=lambda s: (-chances[s], s))
        least = self.passage.least["passage"]
        return tuple(sorted(s for n, s in enumerate(ranked[:MOST_PASSAGES]) if n == 0 or chances[s] >= least))

    def _claim(
        self,
        findings: Findings,
        entity: int,
        role: str,
        idea: str,
        sentences: tuple[int, ...],
        probability: float,
        reason: str,
    ) -> Claim:
        words = [cue for s in sentences for cue in sentence_words(findings, s)]
        kinds = self.kind.weigh(["", "role:" + role, "idea:" + idea, *words])
        return Claim(
            entity,
            role,
            idea,
            sentences,
            self._stance(findings, sentences),
            _most(self.kind, kinds),
            round(min(0.99, max(0.01, probability)), 3),
            reason,
        )

    def _stance(self, findings: Findings, sentences: Sequence[int]) -> str:
        judged, passages = [], []
        for number in sentences:
            place = findings.sentences[number]
            tokens = findings.docs[place.doc]._.tokens
            judged.append(self.stance.weigh(stance_cues(tokens, place.first, place.last)))
            passages.append(tokens.span(place.first, place.last))
        if challenges(passages):  # said in so many words
            return "challenges"
        return _most(self.stance, [sum(column) for column in zip(*judged, strict=True)])


def _most(cues: lexicon.Cues, chances: Sequence[float]) -> str:
    return cues.kinds[max(range(1, len(chances)), key=lambda k: (chances[k], -k))]
