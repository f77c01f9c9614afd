"""Issues, interventions and outcomes, by the weighed cues of candidate phrases."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from ingest import lexicon
from ingest.components.phrases import Phrase, find_phrases
from ingest.pipeline import Found
from ingest.tokens import Tokens

# A candidate of these words alone says nothing that a graph could hold.
_EMPTY = frozenset(
    {
        "thing",
        "way",
        "lot",
        "one",
        "people",
        "time",
        "bit",
        "kind",
        "sort",
        "example",
        "question",
        "day",
        "week",
        "month",
        "year",
        "everything",
        "something",
        "anything",
        "nothing",
        "someone",
        "everyone",
        "case",
        "place",
        "part",
        "fact",
    }
)


class ConceptFinder:
    def __init__(self) -> None:
        self.cues = {shape: lexicon.load_cues(shape) for shape in ("noun", "verb")}

    def __call__(self, doc: Doc) -> Doc:
        tokens: Tokens = doc._.tokens
        found: list[Found] = doc._.found
        block_of = doc._.block_of
        names = [(f.start, f.end) for f in found if f.kind in ("Person", "Organisation", "Place", "Intervention")]
        named = {i for start, end in names for i in range(start, end)}
        judged: list[tuple[float, str, Phrase]] = []
        for phrase in find_phrases(tokens):
            if phrase.head in named or block_of[phrase.start] < 0 or block_of[phrase.end - 1] != block_of[phrase.start]:
                continue
            if phrase.end - phrase.start == 1 and tokens.lemma[phrase.head] in _EMPTY:
                continue
            kind, probability = self.cues[phrase.shape].judge(phrase.cues)
            if kind:
                judged.append((probability, kind, phrase))
        taken: dict[str, set[int]] = {}
        spans: set[tuple[int, int]] = set()
        for probability, kind, phrase in sorted(judged, key=lambda row: (-row[0], row[2].start)):
            inside = taken.setdefault(kind, set())
            span = (phrase.start, phrase.end)
            if span in spans or any(i in inside for i in range(*span)):
                continue
            spans.add(span)
            inside.update(range(*span))
            found.append(Found(*span, kind, round(probability, 3), f"{phrase.shape}-cues"))
        return doc


@Language.factory("reform_concepts", assigns=["doc._.found"], requires=["doc._.tokens"])
def make_concept_finder(nlp: Language, name: str) -> ConceptFinder:
    return ConceptFinder()
