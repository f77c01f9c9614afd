"""Who published a report, as its title page, running feet, addresses and opening say."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from ingest.read.byline import ORGANISATION_WORDS, is_person
from ingest.read.date import is_date
from ingest.read.title import SMALL, from_capitals, plain
from records.model import Author

_MAKER = re.compile(
    r"^(?:prepared|published|produced|issued|written|developed|commissioned|created|"
    r"submitted)\s+(?:jointly\s+)?by\b\s*:?\s*(?:the\s+)?(?P<who>.*)$",
    re.I,
)
_HOLDER = re.compile(
    r"(?:©|\(c\)|copyright)\s*(?:©\s*)?(?:(?:19|20)\d\d(?:\s*[-–]\s*(?:19|"
    r"20)?\d\d)?,?\s*)?(?:by\s+)?(?P<who>[A-Z][^.|©\n(]{2,80})"
)
_HOST = re.compile(
    r"(?:[\w.+-]+@|https?://|\b(?=www\.))(?:www\.)?(?P<host>(?:[\w-]+\.)+[a-z]{2,10})(?P<path>/[\w-]+)?|"
    r"(?<![\w@./-])(?P<bare>(?:[a-z0-9-]+\.)+(?:org|gov|com|net|uk|eu|ca|au|nz|int|io|co|"
    r"info)(?:\.[a-z]{2})?)(?P<barepath>/[\w-]+)?(?![\w@])",
    re.I,
)
_SECOND_LEVEL = frozenset(
    [
        "co", "com", "org", "gov", "ac", "nhs", "net", "gc", "edu", "police", "govt", "sch", "parliament", "mod", "ltd",
        "plc",
    ]
)
_SUBJECT = re.compile(
    r"(?:^|[.;]\s+|\bthe\s+)(?P<who>(?:[A-Z][\w&’'.-]*)(?:\s+(?:(?:of|for|and|the|"
    r"on)\s+){0,2}[A-Z][\w&’'.-]*){0,9})(?:\s+\((?P<short>[A-Z][\w&.]{1,12})\))?"
    r"(?:,[^.,]{3,90},)?\s+(?:is|are|has|have|was)\s+(?:been\s+)?(?:develop|issu|publish|produc|prepar|creat|writ|"
    r"commission|releas|pleased to)\w*\s+"
    r"(?:\w+\s+)?(?:this|these|the|an?|its)?\s*(?:[\w-]+\s+){0,4}(?:reports?|guides?|guidance|handbook|papers?|"
    r"framework|strategy|plan|playbook|tools?|document|"
    r"model|standard|toolkit|review|study|survey|consultation|publication|series|memorandum|policy|principles|"
    r"summary|case stud(?:y|ies))\b"
)
_LED = re.compile(
    r"\b(?:led|run|prepared|published|produced|issued|written|developed|delivered|commissioned|undertaken|"
    r"conducted)\s+by\s+(?:the\s+)?"
    r"(?P<who>[A-Z][\w&’'-]*(?:\s+(?:(?:of|for|and|the|on)\s+){0,2}[A-Z][\w&’'-]*){0,9})"
)
_CONNECTIVES = re.compile(r"\s+(?:and|of|for|the|on|in|to)$")
# Words that end a body's name but as often something else on a title page.
_WEAK = frozenset(
    [
        "executive", "strategy", "ward", "project", "programme", "program", "services", "service", "systems",
        "solutions", "campaign", "housing", "network",
    ]
)


def find_publisher(
    near: Sequence[str], title: str, authors: Sequence[Author], texts: Sequence[str], edges: Sequence[str]
) -> str:
    """The publisher's name, or "".

    ``near``: the title page's lines but the title; ``texts``: the blocks; ``edges``: running heads
    and feet. In this order: "prepared by" and "©"; a line that is a body's name; a foot that names
    one; the body of a web or mail address; the body that the opening says to have made the document.
    """
    known = {author.name for author in authors}
    for number, line in enumerate(near):
        if match := _MAKER.match(line):
            who = match["who"].strip() or (near[number + 1] if number + 1 < len(near) else "")
            if who and not is_person(who):
                return _named(who)
    for text in [*near, *texts[:30], *edges]:
        if len(text) < 300 and (match := _HOLDER.search(text)):
            who = re.split(r"\s*(?:all rights|\d{4}|,\s*all)", match["who"], flags=re.I)[0].strip(" ,;.-–")
            if who and not re.match(r"(?:crown|copyright)\b", who, re.I) and who not in known:
                return who
    for line in near:
        text = line.strip(" .,")
        if plain(text) in plain(title) or plain(title) in plain(text) or is_date(text) or "@" in text:
            continue
        if (
            1 < len(text.split()) <= 14
            and (text[:1].isupper() or text[:1].isdigit())
            and _is_body(text)
            and not is_person(text)
        ):
            return _named(text)
    opening = " ".join(texts[:30])[:20_000]
    for line in near:
        if 1 < len(line.split()) <= 8 and line not in known and _presents_itself(line.strip(" .,"), opening):
            return line.strip(" .,")
    for edge in edges:
        for part in re.split(r"\s+[-–—|·•]\s+|\s*\|\s*", edge):
            new = plain(part) and plain(part) not in plain(title)
            if new and 1 < len(part.split()) <= 10 and _is_body(part, weak=True):
                return part.strip(" .,")
    if body := _of_host([*near, *edges], texts):
        return body
    return _speaker(texts)


def _presents_itself(name: str, opening: str) -> bool:
    """Whether the text says of a name on the title page that it is a body ("X is a charity that …")."""
    said = re.search(
        rf"\b{re.escape(name)}(?:,? \([^)]{{1,40}}\))?,? (?:is|was|are) (?:an?|the) (?:[\w’'-]+,? ){{0,6}}"
        r"(?:charity|organi[sz]ation|"
        r"think-?tank|council|body|agency|company|firm|network|association|unit|department|partnership|trust|institute|"
        r"cent(?:re|er)|forum|group|team|enterprise|foundation|alliance|coalition|consultancy|cooperative|union|service)\b",
        opening,
    )
    return said is not None


def is_address(text: str) -> bool:
    """Whether a line is only a web or mail address."""
    return _HOST.fullmatch(text.strip()) is not None


def has_address(text: str) -> bool:
    """Whether a line holds a web or mail address."""
    return _HOST.search(text) is not None


def names_maker(text: str) -> bool:
    """Whether a line says who made the document ("Prepared by: …")."""
    return _MAKER.match(text) is not None


def _is_body(text: str, weak: bool = False) -> bool:
    """Whether a line is a body's name: capitals and a word of such names (``weak``: of less sure ones too)."""
    words = text.split()
    named = [word for word in words if word.lower().strip(".,()") not in SMALL and word != "&"]
    if not all(word[:1].isupper() or word[:1].isdigit() or word.startswith("(") for word in named):
        return False
    known = ORGANISATION_WORDS if weak else ORGANISATION_WORDS - _WEAK
    return any(word.strip(".,()").lower() in known for word in words)


def _named(text: str) -> str:
    text = text.strip(" .,;:")
    letters = [char for char in text if char.isalpha()]
    return from_capitals(text) if len(text.split()) > 2 and all(char.isupper() for char in letters) else text


def _of_host(places: Sequence[str], texts: Sequence[str]) -> str:
    """The body that the web and mail addresses of first page and feet belong to, in the text's own spelling."""
    hosts: list[tuple[str, str]] = []
    for place in places:
        for match in _HOST.finditer(place):
            hosts.append(
                (
                    (match["host"] or match["bare"]).lower(),
                    ((match["path"] or match["barepath"] or "").strip("/").lower()),
                )
            )
    whole = " ".join(texts)
    for host, path in dict.fromkeys(hosts):
        labels = [label for label in host.split(".")[:-1] if label not in _SECOND_LEVEL and label != "www"]
        for word in [path, *reversed(labels)]:
            if len(word) >= 4 and (name := _spelt(word.replace("-", ""), whole)):
                return name
        for label in labels:
            if long := re.search(
                rf"((?:[A-Z][\w’'-]*\s+(?:(?:of|for|and|the|"
                rf"on)\s+)*){{1,8}}[A-Z][\w’'-]*)\s+\((?i:{re.escape(label)})\)",
                whole,
            ):
                name = _long_form(long[1], label)
                if name:
                    return name
    return next(
        (
            host
            for host, _ in hosts
            if not re.search(
                r"gmail|hotmail|yahoo|outlook|bit\.ly|twitter|facebook|linkedin|doi\.|creativecommons", host
            )
        ),
        "",
    )


def _spelt(letters: str, whole: str) -> str:
    """Capitalised words of the text that, run together, spell an address's label; with a body's word that follows."""
    initial = letters[0].upper()
    counts: Counter[str] = Counter()
    for match in re.finditer(rf"\b{initial}[\w’'-]*", whole):
        at, joined, end = match.start(), "", match.end()
        for word in re.finditer(r"\S+", whole[at : at + len(letters) * 2 + 20]):
            joined += re.sub(r"\W", "", word.group()).lower()
            end = at + word.end()
            if not letters.startswith(joined):
                break
            if joined == letters:
                name = whole[at:end].strip(" .,;:()’'\"")
                tail = re.match(r"((?:\s+[A-Z][a-z]+){1,2})\b", whole[end:]) if whole[end - 1].isalnum() else None
                counts[
                    name + (tail[1] if tail and any(w.lower() in ORGANISATION_WORDS for w in tail[1].split()) else "")
                ] += 1
                break
    return counts.most_common(1)[0][0] if counts else ""


def _long_form(before: str, short: str) -> str:
    """The words before a bracketed abbreviation whose initials it is."""
    words = before.split()
    for start in range(len(words)):
        initials = "".join(word[0] for word in words[start:] if word[0].isupper())
        if initials.casefold() == short.casefold():
            return " ".join(words[start:])
    return ""


def _speaker(texts: Sequence[str]) -> str:
    """The body that the opening says to speak or to have made the document; "" where it does not say."""
    for text in texts[:20]:
        for form in (_SUBJECT, _LED):
            for match in form.finditer(text):
                who = _CONNECTIVES.sub("", match["who"].strip(" .,"))
                who = re.sub(r"^(?:The|In|This|Our)\s+", "", who)
                abbreviation = re.fullmatch(r"[A-Z][A-Z&]{2,7}|\d+[A-Z]", who) is not None
                if abbreviation or any(
                    word.lower() in ORGANISATION_WORDS for word in who.split() if len(who.split()) > 1
                ):
                    return who
    return ""
