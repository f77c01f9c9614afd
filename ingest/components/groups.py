"""Unnamed voices: "a tenant told us", "nurses we interviewed", "feedback from staff".

Only where the text makes them speak or be heard; a group that is merely talked about is no
contributor. Sector and position come from the noun and the words before it.
"""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from ingest import lexicon
from ingest.components.words import Phrases, split_phrase
from ingest.lexicon import GroupNoun
from ingest.pipeline import Found
from ingest.tokens import Tokens

# After these a group is heard where they have a clause, a quotation or "us".
_STRONG = frozenset({
    "say", "tell", "explain", "report", "describe", "comment", "complain", "mention", "argue", "add", "note", "recall",
    "remark", "reply", "state", "claim", "stress", "emphasise", "emphasize", "highlight", "suggest", "warn", "voice",
    "reveal", "praise", "criticise", "criticize", "express",
})  # fmt: skip
# After these only in the past and with a clause: "users want a form" is the author's word about users.
_WEAK = frozenset(
    {"find", "feel", "believe", "think", "agree", "identify", "appreciate", "value", "prefer", "worry", "ask"}
)
SAYING = _STRONG | _WEAK
_HEARING = frozenset({"interview", "hear", "speak", "talk", "ask", "survey", "consult", "listen", "quote", "meet"})
_FEEDBACK = frozenset(
    {
        "feedback",
        "comment",
        "quote",
        "testimony",
        "view",
        "opinion",
        "evidence",
        "response",
        "account",
        "story",
        "interview",
    }
)
_CUES = SAYING | _HEARING | _FEEDBACK | {"accord", "according"}
_SECTORS = {
    "council": "local-government",
    "borough": "local-government",
    "municipal": "local-government",
    "nhs": "health-and-care",
    "hospital": "health-and-care",
    "health": "health-and-care",
    "care": "health-and-care",
    "clinical": "health-and-care",
    "ward": "health-and-care",
    "police": "police-and-justice",
    "prison": "police-and-justice",
    "probation": "police-and-justice",
    "court": "police-and-justice",
    "school": "education",
    "college": "education",
    "university": "academia",
    "charity": "voluntary-and-community",
    "voluntary": "voluntary-and-community",
    "community": "voluntary-and-community",
    "federal": "central-government",
    "government": "central-government",
    "ministry": "central-government",
    "departmental": "central-government",
    "whitehall": "central-government",
    "elected": "elected-politicians",
}
_MODALS = frozenset({"can", "could", "may", "might", "should", "will", "would", "must", "to"})
_QUOTES = frozenset({"“", "”", '"'})
_MANAGERS = frozenset({"senior", "chief", "executive", "managing"})


class GroupFinder:
    def __init__(self) -> None:
        self.nouns: Phrases[GroupNoun] = Phrases((split_phrase(group.noun), group) for group in lexicon.load_groups())

    def __call__(self, doc: Doc) -> Doc:
        tokens: Tokens = doc._.tokens
        found, block_of = doc._.found, doc._.block_of
        named = {i for f in found if f.kind in ("Person", "Organisation") for i in range(f.start, f.end)}
        for first, last in tokens.sentences:
            if _CUES.isdisjoint(tokens.lemma[first:last]):
                continue
            for start, end, group in self.nouns.find(tokens, first, last):
                head = end - 1
                if block_of[start] < 0 or head in named or tokens.pos[head] not in ("NOUN", "PROPN"):
                    continue
                if end - start > 1 and start > first and all(word[:1].isupper() for word in tokens.text[start:end]):
                    continue  # "Executive Director" is the title of somebody who is named
                if rule := hearing_rule(tokens, head, first, last):
                    found.append(_voice(tokens, start, end, group, rule, first))
        return doc


def hearing_rule(tokens: Tokens, head: int, first: int, last: int) -> str:
    """By which rule the group whose noun is token ``head`` is heard in its sentence, or ""."""
    dep, up = tokens.dep[head], tokens.head[head]
    after = head + 1
    if after < last and tokens.pos[after] == "PROPN" and tokens.text[after][:1].isupper():
        return ""  # "designer Charles Eames" is not unnamed
    if dep == "nsubj" and tokens.lemma[up] in SAYING and tokens.tag[up] in ("VBD", "VBZ", "VBP", "VBN"):
        children = tokens.children[up]
        if any(tokens.dep[c] == "neg" or (tokens.dep[c] == "aux" and tokens.lower[c] in _MODALS) for c in children):
            return ""
        if tokens.lemma[up] in _STRONG and any(tokens.lower[c] in ("us", "me") for c in children):
            return "group: told us"
        clause = any(tokens.dep[c] == "ccomp" for c in children)
        if tokens.lemma[up] in _STRONG and (clause or any(tokens.text[i] in _QUOTES for i in range(first, last))):
            return "group: says"
        return "group: thought" if clause and tokens.tag[up] == "VBD" else ""
    for child in tokens.children[head]:  # nurses (that) we interviewed
        if (
            tokens.dep[child] == "relcl"
            and tokens.lemma[child] in _HEARING
            and any(tokens.lower[c] in ("we", "i") for c in tokens.children[child])
        ):
            return "group: interviewed"
    if (
        dep == "dobj"
        and tokens.lemma[up] in ("interview", "quote", "survey", "consult")
        and any(tokens.lower[c] in ("we", "i") for c in tokens.children[up])
    ):
        return "group: interviewed"
    if dep == "pobj":
        over = tokens.head[up]
        if (
            tokens.lower[up] in ("to", "with", "from")
            and tokens.lemma[over] in ("speak", "talk", "hear", "listen")
            and any(tokens.lower[c] in ("we", "i") for c in tokens.children[over])
            and tokens.tag[over] in ("VBD", "VBN")
        ):
            return "group: interviewed"
        if tokens.lower[up] == "from" and tokens.lemma[over] in _FEEDBACK:
            return "group: feedback"
        if tokens.lower[up] == "to" and tokens.lower[over] == "according":
            return "group: according to"
        if (
            tokens.lower[up] == "by"
            and tokens.dep[up] == "agent"
            and tokens.tag[over] == "VBN"
            and any(tokens.lower[c] in ("we", "i") and tokens.dep[c] == "nsubjpass" for c in tokens.children[over])
        ):
            return "group: told us"
    return ""


def _voice(tokens: Tokens, start: int, end: int, group: GroupNoun, rule: str, first: int) -> Found:
    sector, position = group.sector, group.position
    begin = start
    while begin > first:
        before = begin - 2 if tokens.text[begin - 1] == "-" and begin - 2 >= first else begin - 1
        if tokens.dep[before] not in ("amod", "compound", "nummod") or tokens.pos[before] not in (
            "ADJ",
            "NOUN",
            "PROPN",
        ):
            break
        begin = before
        word = tokens.lower[begin]
        if sector == "unknown" and word in _SECTORS:
            sector = _SECTORS[word]
        if word in _MANAGERS and position in ("unknown", "front-line"):
            position = "manager"
    return Found(begin, end, "Group", lexicon.trust_of(rule, 0.6), rule, sector=sector, position=position)


@Language.factory("reform_groups", assigns=["doc._.found"], requires=["doc._.tokens"])
def make_group_finder(nlp: Language, name: str) -> GroupFinder:
    return GroupFinder()
