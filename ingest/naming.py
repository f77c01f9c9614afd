"""Normal forms of names and phrases, and the keys under which entities may be known elsewhere.

Two spellings with one normal form are one thing by rule: case, number, articles, accents,
punctuation and British or American spelling do not count. Word order and words do. Nothing
here guesses: what merely looks alike is for ``ingest.resolution`` to suggest.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from records.model import LOCAL

PREFIX = {
    "Person": "person",
    "Organisation": "org",
    "Place": "place",
    "Group": "group",
    "Issue": "issue",
    "Intervention": "intervention",
    "Outcome": "outcome",
    "Idea": "idea",
}
CONCEPTS = ("Issue", "Intervention", "Outcome")

_ARTICLES = frozenset({"the", "a", "an"})
_DETERMINERS = _ARTICLES | {
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
}
_TITLES = frozenset(
    {
        "mr",
        "mrs",
        "ms",
        "miss",
        "mx",
        "dr",
        "prof",
        "professor",
        "sir",
        "dame",
        "lord",
        "lady",
        "baroness",
        "baron",
        "rt",
        "hon",
        "cllr",
        "councillor",
        "rev",
        "reverend",
        "mp",
        "obe",
        "mbe",
        "cbe",
        "phd",
    }
)
_QUOTES = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "‑": "-", "‐": "-", "­": ""})
_POSSESSIVE = re.compile(r"'s?(?=\s|$)")
_NOT_WORD = re.compile(r"[^\w+#.@/]+")
_LOOSE_DOT = re.compile(r"(?<!\w)\.|\.(?!\w)")
_COMPOUND = re.compile(r"\b(well|web|on|back|front|life|work|out|in) (being|site|line|log|style|place|reach|house)\b")
_CO = re.compile(r"\b(co|pre|re|multi|inter|non) (?=[a-z]{3})")

# Plurals that no ending gives away.
_IRREGULAR = {
    "children": "child",
    "people": "people",
    "persons": "person",
    "women": "woman",
    "men": "man",
    "data": "data",
    "media": "media",
    "criteria": "criterion",
    "lives": "life",
    "crises": "crisis",
    "analyses": "analysis",
    "hypotheses": "hypothesis",
    "diagnoses": "diagnosis",
    "bases": "base",
    "indices": "index",
    "knives": "knife",
    "wives": "wife",
    "halves": "half",
    "shelves": "shelf",
    "feet": "foot",
    "teeth": "tooth",
    "news": "news",
    "politics": "politics",
    "economics": "economics",
    "ethics": "ethics",
    "statistics": "statistic",
    "analytics": "analytics",
    "logistics": "logistics",
    "series": "series",
    "means": "means",
    "always": "always",
    "lens": "lens",
    "bias": "bias",
    "thus": "thus",
    "plus": "plus",
    "bonus": "bonus",
    "focus": "focus",
    "campus": "campus",
    "status": "status",
    "census": "census",
    "virus": "virus",
    "gas": "gas",
    "canvas": "canvas",
    "less": "less",
    "this": "this",
    "has": "has",
    "was": "was",
    "is": "is",
    "its": "its",
    "as": "as",
    "us": "us",
    "yes": "yes",
    "pros": "pro",
    "movies": "movie",
    "monies": "money",
    "caches": "cache",
    "ties": "tie",
    "heroes": "hero",
    "potatoes": "potato",
    "silos": "silo",
    "kudos": "kudos",
    "chaos": "chaos",
    "ethos": "ethos",
    "aids": "aids",
    "devops": "devops",
    "ops": "ops",
    "cos": "cos",
    "pss": "pss",
}
# American and old forms to the British form that is kept.
_SPELLING = {
    "program": "programme",
    "center": "centre",
    "labor": "labour",
    "behavior": "behaviour",
    "color": "colour",
    "neighbor": "neighbour",
    "neighborhood": "neighbourhood",
    "favor": "favour",
    "honor": "honour",
    "defense": "defence",
    "offense": "offence",
    "license": "licence",
    "fulfillment": "fulfilment",
    "enrollment": "enrolment",
    "catalog": "catalogue",
    "dialog": "dialogue",
    "judgment": "judgement",
    "pediatric": "paediatric",
    "modeling": "modelling",
    "traveling": "travelling",
    "counseling": "counselling",
    "ageing": "aging",
    "healthcare": "health care",
    "email": "e-mail",
    "e-mail": "e-mail",
    "web-site": "website",
    "centered": "centred",
    "organizational": "organisational",
    "behavioral": "behavioural",
    "nonprofit": "non-profit",
    "wellbeing": "wellbeing",
    "well-being": "wellbeing",
    "decision-making": "decision making",
}
_IZE = re.compile(r"^(\w{3,}?)iz(e|es|ed|ing|ation|ations|ational|er|ers)$")
_IZE_STAYS = ("siz", "priz", "seiz", "capsiz", "citiz", "horiz")


def clean(name: str) -> str:
    """A name for display: white space collapsed, no leading article, no trailing possessive."""
    words = name.translate(_QUOTES).split()
    while len(words) > 1 and words[0].lower() in _ARTICLES:
        words = words[1:]
    bare = re.sub(r"(?<=\w)'s?$", "", " ".join(words)).strip(" ,;:\"'[]")
    if bare.count("(") != bare.count(")") or (bare.startswith("(") and bare.endswith(")")):
        bare = bare.strip(" ()")  # a bracket that belongs to the sentence; "Public Code (NL)" keeps its own
    return bare or name.strip()


def fold(text: str) -> str:
    """Case, accents, quotes, dashes and white space folded; words keep their order."""
    text = unicodedata.normalize("NFKD", text.translate(_QUOTES)).casefold()
    return " ".join("".join(c for c in text if not unicodedata.combining(c)).split())


@lru_cache(maxsize=50_000)
def singular(word: str) -> str:
    """The singular of a lower-case noun by its ending; a word that is no plural comes back as it is."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is", "'s")):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "sses", "xes", "zzes")):
        return word[:-2]
    return word[:-1]


@lru_cache(maxsize=50_000)
def british(word: str) -> str:
    """The spelling that normal forms use."""
    if word in _SPELLING:
        return _SPELLING[word]
    if (match := _IZE.match(word)) and not word.startswith(_IZE_STAYS) and not word.endswith(("sized", "prized")):
        return f"{match[1]}is{match[2]}"
    return word


def _words(text: str) -> list[str]:
    text = _POSSESSIVE.sub("", fold(text).replace("&", " and "))
    return _LOOSE_DOT.sub(" ", _NOT_WORD.sub(" ", text)).split()


def normal_name(name: str) -> str:
    """Normal form of the name of an organisation or place."""
    words = [british(word) for word in _words(name)]
    while len(words) > 1 and words[0] in _ARTICLES:
        words = words[1:]
    return " ".join(words)


def normal_person(name: str) -> str:
    """Normal form of a person's name: no titles, no dots after initials."""
    words = [word.replace(".", "") for word in _words(name)]
    while len(words) > 1 and words[0] in _TITLES:
        words = words[1:]
    while len(words) > 1 and words[-1] in _TITLES:
        words = words[:-1]
    return " ".join(words)


def normal_concept(phrase: str) -> str:
    """Normal form of an issue, intervention or outcome: besides, number and determiners are folded."""
    words = [british(singular(word)) for word in _words(phrase)]
    while len(words) > 1 and words[0] in _DETERMINERS:
        words = words[1:]
    return _CO.sub(lambda match: match[1], _COMPOUND.sub(lambda match: match[1] + match[2], " ".join(words)))


@lru_cache(maxsize=20_000)
def is_acronym(name: str) -> bool:
    """Whether a name is an abbreviation in form: NHS, DfE, GOV.UK, 18F; not a word of one capital."""
    if " " in name.strip() or len(name) > 8 or len(name) < 2:
        return False
    capitals, digits = sum(c.isupper() for c in name), sum(c.isdigit() for c in name)
    return capitals >= 1 and capitals + digits >= max(2, len(name) / 2)


def normal_form(kind: str, name: str) -> str:
    """Normal form by kind of entity."""
    if kind == "Person":
        return normal_person(name)
    if kind in CONCEPTS or kind == "Group":
        return normal_concept(name)
    return normal_name(name)


def key(kind: str, normal: str, anchor: str = "") -> str:
    """A key: ``kind:normal form``, with ``@anchor`` (another key, or LOCAL) where it holds only there."""
    text = f"{PREFIX[kind]}:{normal}"
    if not anchor:
        return text
    return text + (anchor if anchor == LOCAL else "@" + anchor)


def person_keys(name: str, anchors: Iterable[str]) -> tuple[str, ...]:
    """Keys of a person: one for each anchor (key of an affiliation or of the publisher), then the document."""
    normal = normal_person(name)
    return (
        *(key("Person", normal, anchor) for anchor in dict.fromkeys(anchors) if anchor and LOCAL not in anchor),
        key("Person", normal, LOCAL),
    )


def organisation_keys(name: str, body_id: str = "", publisher: str = "") -> tuple[str, ...]:
    """Keys of an organisation: gazetteer id, else full name, else abbreviation of publisher and document."""
    keys = [key("Organisation", body_id)] if body_id else []
    normal = normal_name(name)
    if is_acronym(name):
        if not body_id:
            if publisher:
                keys.append(key("Organisation", normal, publisher))
            keys.append(key("Organisation", normal, LOCAL))
    else:
        keys.append(key("Organisation", normal))
    return tuple(dict.fromkeys(keys))
