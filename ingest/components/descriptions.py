"""The sector that a text gives to a body or to its author in plain words.

"Lantern Street Advice is a charity", "the technology firm Brightwater Digital", "I am a general
practitioner": what a document says of somebody, at its date.
"""

from __future__ import annotations

import re

_WORDS: tuple[tuple[str, str], ...] = (
    ("think-tank", r"think[- ]tanks?|policy institute"),
    (
        "voluntary-and-community",
        r"charit(?:y|ies|able trust)|voluntary (?:organisation|group)|community group|"
        r"campaign group|non-?profits?|not-for-profit|social enterprise|trade union|union|residents['’] association",
    ),
    ("regulator", r"regulator|inspectorate|watchdog|ombudsman"),
    ("central-government", r"government department|ministry|(?:federal|executive|government) agency"),
    ("local-government", r"local authority|(?:borough|district|county|city|unitary) council"),
    ("academia", r"university|research cent(?:re|er)"),
    ("health-and-care", r"hospital|health (?:service|provider|trust)|care provider|nhs trust"),
    ("police-and-justice", r"police force|police service"),
    ("education", r"school|college"),
    (
        "private-firm",
        r"(?:technology |software |consulting |private |design )?(?:firm|company|consultancy|"
        r"start-?up|supplier|vendor)|management consultancy",
    ),
)
_SECTORS = tuple((sector, re.compile(rf"\b(?:{words})\b", re.IGNORECASE)) for sector, words in _WORDS)
_IS = re.compile(r"^(?: \([^)]{1,20}\))?,? (?:is|are|was|were|,)? ?(?:an?|the) (?P<what>[^.;:]{3,70})", re.IGNORECASE)
_BEFORE = re.compile(r"\b(?:the|an?|our|its|local|national|independent) (?P<what>(?:[a-z-]+ ){1,3})$")
_AUTHOR_IS = re.compile(
    r"\bI(?: am|['’]m| have been| work as| was) an? (?P<what>[^.;:]{3,80})"
    r"|\bI write as an? (?P<role>[^.;:]{3,40})"
)
_PEOPLE: tuple[tuple[str, str, str], ...] = (
    (
        "citizens-and-service-users",
        "service-user",
        r"service user|tenant|resident|patient|unpaid carer|disabled (?:woman|man|person)|claimant|parent of",
    ),
    (
        "elected-politicians",
        "politician",
        r"councillor|member of parliament|mp|mayor|senator|elected (?:leader|member)",
    ),
    (
        "health-and-care",
        "front-line",
        r"general practitioner|gp|nurse|doctor|midwife|paramedic|"
        r"(?:home|care) (?:carer|worker)|care worker|social worker",
    ),
    ("education", "front-line", r"teacher|head ?teacher|lecturer at a college"),
    ("police-and-justice", "front-line", r"police officer|constable|probation officer"),
)
_JOBS = tuple((s, p, re.compile(rf"\b(?:{words})\b", re.IGNORECASE)) for s, p, words in _PEOPLE)


def find_sector(words: str) -> str:
    """Id of the sector that a description names first, or ""."""
    found = [(match.start(), sector) for sector, pattern in _SECTORS if (match := pattern.search(words))]
    return min(found)[1] if found else ""


def describe_body(text: str, start: int, end: int) -> str:
    """The sector that the words round ``text[start:end]``, a body's name, give to it; "" where none do."""
    after = _IS.match(text[end : end + 100])
    if after and (sector := find_sector(after["what"].split(" that ")[0].split(" which ")[0])):
        return sector
    before = _BEFORE.search(text[max(0, start - 50) : start])
    return find_sector(before["what"]) if before else ""


def find_job(words: str) -> tuple[str, str]:
    """Sector and position that a person's job or situation states; ("", "") where it states none."""
    return next(((s, p) for s, p, pattern in _JOBS if pattern.search(words)), ("", ""))


def describe_author(text: str) -> tuple[str, str]:
    """Sector and position that an author gives in the first person near the start ("I am a general practitioner")."""
    for match in _AUTHOR_IS.finditer(text[:1500]):
        sector, position = find_job(match["what"] or match["role"] or "")
        if sector:
            return sector, position
    return "", ""
