"""Reported speech and citation: who says what, and in which sentences.

After the usual cues of quotation attribution (a verb of saying with a named or described
subject, "according to", a byline after a quotation). An attribution covers the sentence of its
cue and, while a quotation mark stays open, the sentences that the quotation goes on in.
"""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from ingest import lexicon
from ingest.pipeline import Attribution, Found
from ingest.tokens import Tokens

SPEECH = frozenset(
    {
        "say",
        "tell",
        "argue",
        "explain",
        "note",
        "add",
        "write",
        "suggest",
        "claim",
        "believe",
        "describe",
        "state",
        "comment",
        "stress",
        "warn",
        "recommend",
        "observe",
        "remark",
        "emphasise",
        "emphasize",
        "recall",
        "ask",
        "point",
        "call",
        "think",
        "put",
        "insist",
        "admit",
        "reply",
        "agree",
        "share",
        "mention",
        "reflect",
        "feel",
        "joke",
        "hope",
        "urge",
        "propose",
        "acknowledge",
        "announce",
        "discuss",
        "talk",
        "speak",
        "present",
        "highlight",
        "encourage",
        "want",
        "advise",
        "define",
        "express",
        "quote",
        "complain",
        "value",
        "appreciate",
        "prefer",
        "worry",
        "identify",
    }
)
FINDING = frozenset(
    {
        "find",
        "show",
        "report",
        "conclude",
        "estimate",
        "reveal",
        "demonstrate",
        "publish",
        "discover",
        "measure",
        "evaluate",
        "study",
        "analyse",
        "analyze",
        "research",
    }
)
WORKS = frozenset(
    {
        "report",
        "study",
        "research",
        "survey",
        "evaluation",
        "paper",
        "analysis",
        "review",
        "book",
        "article",
        "work",
        "blog",
        "post",
        "guide",
        "guidance",
        "talk",
        "strategy",
        "framework",
        "data",
        "presentation",
    }
)
_OPEN, _CLOSE = ("“", "‘"), ("”", "’")
_SPEAKERS = ("Person", "Organisation", "Group")


class SpeechFinder:
    def __call__(self, doc: Doc) -> Doc:
        tokens: Tokens = doc._.tokens
        found: list[Found] = doc._.found
        speaker_at: dict[int, int] = {}
        for number, f in enumerate(found):
            if f.kind in _SPEAKERS:
                for i in range(f.start, f.end):
                    speaker_at[i] = number
        if not speaker_at:
            return doc
        heard: dict[tuple[int, int], Attribution] = {}
        quotations = _open_quotations(tokens)
        for i, number in speaker_at.items():
            if i + 1 in speaker_at and speaker_at[i + 1] == number and tokens.head[i] == i + 1:
                continue  # only the head of a name is looked at
            if rule := attribution_rule(tokens, i, found[number]):
                role, reason, cue = rule
                sentence = tokens.sentence_of[i]
                heard.setdefault(
                    (number, sentence),
                    Attribution(
                        number, quotations.get(sentence, (sentence,)), role, lexicon.trust_of(reason, 0.5), reason, cue
                    ),
                )
        _attribute_quote_blocks(doc, heard)
        doc._.attributions = list(heard.values())
        return doc


def attribution_rule(tokens: Tokens, i: int, speaker: Found) -> tuple[str, str, str] | None:
    """Role, rule and verb by which the speaker whose head is token ``i`` is heard, or None."""
    if speaker.kind == "Group":
        return "quoted", speaker.found_by, ""
    dep, up = tokens.dep[i], tokens.head[i]
    while dep in ("compound", "appos", "conj", "poss", "nmod") and speaker.start <= up < speaker.end:
        dep, up = tokens.dep[up], tokens.head[up]
    if dep == "conj":
        dep, up = tokens.dep[up], tokens.head[up]
    person = speaker.kind == "Person"
    if dep == "nsubj" and tokens.pos[up] in ("VERB", "AUX"):
        verb = tokens.lemma[up]
        if verb in SPEECH:
            return "quoted", f"speech: {'person' if person else 'body'} says", verb
        if verb in FINDING:
            return "cited", f"speech: {'person' if person else 'body'} finds", verb
    if dep == "pobj":
        over = tokens.head[up]
        if tokens.lower[up] == "to" and tokens.lower[over] == "according":
            return ("quoted" if person else "cited"), "speech: according to", ""
        if tokens.lower[up] in ("by", "from") and tokens.lemma[over] in WORKS:
            return "cited", "speech: work by", tokens.lemma[over]
        if tokens.lower[up] == "by" and tokens.lemma[over] in (
            "publish",
            "write",
            "find",
            "describe",
            "develop",
            "say",
        ):
            return "cited", "speech: published by", tokens.lemma[over]
    if dep == "poss" and tokens.lemma[up] in WORKS:
        return "cited", "speech: someone's work", tokens.lemma[up]
    if (
        speaker.end < len(tokens)
        and tokens.text[speaker.end] == ":"
        and (speaker.start == 0 or tokens.sentence_of[speaker.start - 1] != tokens.sentence_of[speaker.start])
    ):
        return "quoted", "speech: name and colon", ""
    return None


def _open_quotations(tokens: Tokens) -> dict[int, tuple[int, ...]]:
    """For each sentence the sentences over which a quotation that it holds extends, four at most."""
    runs: list[list[int]] = []
    is_open = False
    for number, (first, last) in enumerate(tokens.sentences):
        if is_open and runs and len(runs[-1]) < 4:
            runs[-1].append(number)
        elif any(tokens.text[i] in _OPEN or tokens.text[i] == '"' for i in range(first, last)):
            runs.append([number])
            is_open = False
        for i in range(first, last):
            if tokens.text[i] == "“":
                is_open = True
            elif tokens.text[i] == "”":
                is_open = False
            elif tokens.text[i] == '"':
                is_open = not is_open
        if runs and len(runs[-1]) >= 4:
            is_open = False
    return {number: tuple(run) for run in runs for number in run}


def _attribute_quote_blocks(doc: Doc, heard: dict[tuple[int, int], Attribution]) -> None:
    """A quoted block belongs to the name at its own end, or to the one that the sentence before names."""
    tokens: Tokens = doc._.tokens
    found: list[Found] = doc._.found
    block_of, borders = doc._.block_of, doc._.borders
    sentences_of: dict[int, list[int]] = {}
    for number, (first, _) in enumerate(tokens.sentences):
        if block_of[first] >= 0:
            sentences_of.setdefault(block_of[first], []).append(number)
    people = [(n, f) for n, f in enumerate(found) if f.kind == "Person"]
    for block, numbers in sentences_of.items():
        if borders[block].kind != "quote":
            continue
        end = tokens.sentences[numbers[-1]][1]
        begin = tokens.sentences[numbers[0]][0]
        at_end = [n for n, f in people if begin <= f.start and f.end <= end and end - f.start <= 20]
        before = numbers[0] - 1
        led = [n for n, f in people if before >= 0 and tokens.sentence_of[f.start] == before]
        speaker = at_end[0] if at_end else led[-1] if led else None
        if speaker is not None:
            reason = "speech: name after quotation" if at_end else "speech: name before quotation"
            heard.setdefault(
                (speaker, numbers[0]),
                Attribution(speaker, tuple(numbers[:4]), "quoted", lexicon.trust_of(reason, 0.6), reason),
            )


@Language.factory("reform_speech", assigns=["doc._.attributions"], requires=["doc._.found", "doc._.tokens"])
def make_speech_finder(nlp: Language, name: str) -> SpeechFinder:
    return SpeechFinder()
