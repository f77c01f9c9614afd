"""As what somebody speaks: position from a job title, sector from the name of a body."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ingest.naming import fold
from ingest.tokens import Tokens

# The first that fits counts, so the narrower stand first.
_POSITIONS: tuple[tuple[str, frozenset[str]], ...] = (
    (
        "politician",
        frozenset(
            {
                "mp",
                "councillor",
                "cllr",
                "minister",
                "mayor",
                "senator",
                "politician",
                "msp",
                "premier",
                "congressman",
                "congresswoman",
                "alderman",
            }
        ),
    ),
    (
        "researcher",
        frozenset(
            {
                "professor",
                "lecturer",
                "researcher",
                "scientist",
                "academic",
                "economist",
                "scholar",
                "postdoc",
                "evaluator",
                "doctoral",
            }
        ),
    ),
    (
        "manager",
        frozenset(
            {
                "director",
                "manager",
                "head",
                "chief",
                "ceo",
                "cto",
                "cio",
                "cdo",
                "chair",
                "chairman",
                "president",
                "executive",
                "principal",
                "headteacher",
                "commissioner",
                "administrator",
                "leader",
                "lead",
                "owner",
                "founder",
                "secretary",
                "deputy",
                "supervisor",
                "governor",
            }
        ),
    ),
    (
        "front-line",
        frozenset(
            {
                "nurse",
                "doctor",
                "gp",
                "officer",
                "worker",
                "teacher",
                "designer",
                "developer",
                "engineer",
                "analyst",
                "clerk",
                "planner",
                "librarian",
                "clinician",
                "midwife",
                "therapist",
                "writer",
                "caseworker",
                "adviser",
                "advisor",
                "specialist",
                "coordinator",
                "consultant",
                "fellow",
                "technician",
                "physician",
                "pharmacist",
                "paramedic",
            }
        ),
    ),
    (
        "service-user",
        frozenset(
            {
                "tenant",
                "resident",
                "patient",
                "carer",
                "veteran",
                "parent",
                "student",
                "customer",
                "claimant",
                "applicant",
                "user",
                "citizen",
            }
        ),
    ),
)
_SECTORS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (sector, re.compile(rf"\b(?:{words})\b"))
    for sector, words in (
        ("police-and-justice", r"police|constabulary|probation|prisons?|courts?|justice"),
        (
            "health-and-care",
            r"nhs|hospitals?|health (?:board|trust|service|authority)|clinical commissioning group|foundation trust",
        ),
        ("academia", r"universit(?:y|ies)|institute of technology|business school"),
        ("education", r"school|academy trust|college|schools"),
        (
            "local-government",
            r"(?:county|city|borough|district|town|parish|metropolitan|unitary|combined) (?:council|authority)"
            r"|council|city of|county of|london borough of|municipality",
        ),
        (
            "central-government",
            r"department (?:of|for)|ministry of|cabinet office|treasury|federal|hm revenue|home office",
        ),
        ("private-firm", r"ltd|limited|plc|inc|llc|gmbh|llp"),
        ("voluntary-and-community", r"charity|volunteers|community (?:association|trust)|housing association"),
    )
)


def position_of(words: Iterable[str]) -> str:
    """Id of the position that a job title states, or "unknown"."""
    title = {word.lower().strip(".,") for word in words}
    return next((position for position, jobs in _POSITIONS if title & jobs), "unknown")


def sector_of(name: str) -> str:
    """Id of the sector that the name of a body states in its own words, or "unknown"."""
    folded = fold(name)
    return next((sector for sector, pattern in _SECTORS if pattern.search(folded)), "unknown")


def title_words(tokens: Tokens, start: int, end: int) -> list[str]:
    """The words beside a person's name that may state a job: "Ann Lee, Director of ...", "Head of Design Ann Lee"."""
    first, last = tokens.sentences[tokens.sentence_of[start]]
    after: list[str] = []
    if end < last and (tokens.text[end] in (",", "(", "–", "-", "—") or tokens.lower[end] in ("is", "was", "who")):
        for i in range(end + 1, min(end + 9, last)):
            if tokens.pos[i] == "VERB" or tokens.text[i] in (".", ";", ":", ")"):
                break
            if tokens.text[i] == "," and after:
                break
            after.append(tokens.lower[i])
    before: list[str] = []
    for i in range(start - 1, max(first, start - 5) - 1, -1):
        if tokens.pos[i] in ("VERB", "AUX", "PUNCT", "CCONJ", "SPACE"):
            break
        before.append(tokens.lower[i])
    return after + before
