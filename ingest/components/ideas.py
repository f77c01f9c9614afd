"""Ideas: words that express one of the thesaurus's ideas."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from ingest import lexicon
from ingest.components.words import Phrases, split_phrase
from ingest.pipeline import Found
from ontology.model import Ontology, load

# How often labels of the thesaurus were right on the annotated documents, where they are not listed one by one.
LABEL, ALT_LABEL = 0.80, 0.65
LEAST = 0.44


def idea_phrases(ontology: Ontology) -> Phrases[tuple[str, float]]:
    """Labels of the thesaurus and the measured phrases, each with idea and precision."""
    rows: dict[tuple[str, ...], tuple[str, float]] = {}
    for idea in ontology.ideas.values():
        for label in idea.alt_labels:
            rows.setdefault(split_phrase(label), (idea.id, ALT_LABEL))
    for idea in ontology.ideas.values():
        rows[split_phrase(idea.label)] = (idea.id, LABEL)
    for phrase in lexicon.load_idea_phrases():
        if phrase.precision >= LEAST:
            rows[phrase.words] = (phrase.idea, phrase.precision)
        else:
            rows.pop(phrase.words, None)  # listed because it is mostly wrong
    return Phrases(rows.items())


class IdeaMatcher:
    def __init__(self, ontology: Ontology) -> None:
        self.phrases = idea_phrases(ontology)

    def __call__(self, doc: Doc) -> Doc:
        tokens, found, block_of = doc._.tokens, doc._.found, doc._.block_of
        for first, last in tokens.sentences:
            for start, end, (idea, precision) in self.phrases.find(tokens, first, last):
                if block_of[start] >= 0:
                    found.append(Found(start, end, "Idea", round(precision, 3), "thesaurus", idea=idea))
        return doc


@Language.factory("reform_ideas", assigns=["doc._.found"], requires=["doc._.tokens"])
def make_idea_matcher(nlp: Language, name: str) -> IdeaMatcher:
    return IdeaMatcher(load())
