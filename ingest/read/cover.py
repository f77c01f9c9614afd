"""The title page of a report: title, authors, publisher and date as a reader finds them there.

What the pages show goes before what the file's properties claim; a claimed title counts when
the pages show it too, a claimed author when its name stands in the first part of the text.
"""
from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.read.byline import ORGANISATION_WORDS, add_bios, is_person, kind_of, parse_authors, split_byline
from ingest.read.date import find_date, is_date
from records.model import Author, Metadata

_LABEL = re.compile(r"(?:example|annex|appendix|attachment|enclosure|exhibit|template|sample|part|schedule)\s*(?:\d+|[A-Z])?\b(?:\s*[:.–—-]|$)", re.I)
_MARK = re.compile(r"(?:un)?classified|unclass|official(?:[ -:]+sensitive)?|confidential|protected(?: [ab])?|restricted|(?:discussion |final |working )?draft|"
                   r"for (?:discussion|comment|release|official use only|internal use)|embargoed.*|not for (?:circulation|citation).*", re.I)
_CONTENTS = re.compile(r"(?:table of )?contents|executive summary|introduction|foreword|preface|overview|abstract|summary", re.I)
_MAKER = re.compile(r"^(?:prepared|published|produced|issued|written|developed|commissioned|created|submitted)\s+(?:jointly\s+)?by\b\s*:?\s*(?:the\s+)?(?P<who>.*)$", re.I)
_HOLDER = re.compile(r"(?:©|\(c\)|copyright)\s*(?:©\s*)?(?:(?:19|20)\d\d(?:\s*[-–]\s*(?:19|20)?\d\d)?,?\s*)?(?:by\s+)?(?P<who>[A-Z][^.|©\n(]{2,80})")
_CUE = re.compile(r"\b(?:published|issued|released|dated?|version|updated|revised|last (?:updated|revised)|©|copyright)\b", re.I)
_HOST = re.compile(r"(?:[\w.+-]+@|https?://|\b(?=www\.))(?:www\.)?(?P<host>(?:[\w-]+\.)+[a-z]{2,10})(?P<path>/[\w-]+)?|"
                   r"(?<![\w@./-])(?P<bare>(?:[a-z0-9-]+\.)+(?:org|gov|com|net|uk|eu|ca|au|nz|int|io|co|info)(?:\.[a-z]{2})?)(?P<barepath>/[\w-]+)?(?![\w@])", re.I)
_SECOND_LEVEL = frozenset("co com org gov ac nhs net gc edu police govt sch parliament mod ltd plc".split())
_SUBJECT = re.compile(
    r"(?:^|[.;]\s+|\bthe\s+)(?P<who>(?:[A-Z][\w&’'.-]*)(?:\s+(?:(?:of|for|and|the|on)\s+){0,2}[A-Z][\w&’'.-]*){0,9})(?:\s+\((?P<short>[A-Z][\w&.]{1,12})\))?"
    r"(?:,[^.,]{3,90},)?\s+(?:is|are|has|have|was)\s+(?:been\s+)?(?:develop|issu|publish|produc|prepar|creat|writ|commission|releas|pleased to)\w*\s+"
    r"(?:\w+\s+)?(?:this|these|the|an?|its)?\s*(?:[\w-]+\s+){0,4}(?:reports?|guides?|guidance|handbook|papers?|framework|strategy|plan|playbook|tools?|document|"
    r"model|standard|toolkit|review|study|survey|consultation|publication|series|memorandum|policy|principles|summary|case stud(?:y|ies))\b")
_LED = re.compile(r"\b(?:led|run|prepared|published|produced|issued|written|developed|delivered|commissioned|undertaken|conducted)\s+by\s+(?:the\s+)?"
                  r"(?P<who>[A-Z][\w&’'-]*(?:\s+(?:(?:of|for|and|the|on)\s+){0,2}[A-Z][\w&’'-]*){0,9})")
_COVER_WORDS = 90  # a first page with more words is no title page: what stands after its title is text
_CONNECTIVES = re.compile(r"\s+(?:and|of|for|the|on|in|to)$")


@dataclass(frozen=True, slots=True)
class Line:
    """A line or paragraph of the first pages as it looks. ``apart``: a wide gap stands above it."""

    text: str
    size: float = 0.0  # points; 0: not known
    bold: bool = False
    apart: bool = False
    page: int = 1
    title: bool = False  # set in a title's style
    heading: bool = False


@dataclass(frozen=True, slots=True)
class Claims:
    """What the file's properties claim (junk left out), and the running heads and feet of its pages."""

    title: str = ""
    author: str = ""
    edges: tuple[str, ...] = ()


def read_cover(lines: Sequence[Line], usual: float, texts: Sequence[str], claims: Claims) -> Metadata:
    """Title, authors, publisher and date out of the first lines.

    ``usual``: size of the running text; ``texts``: the document's blocks, for bios, names and spellings.
    """
    lines = [line for line in lines if not _MARK.fullmatch(line.text.strip(" .:–—-/"))]
    title, title_at, after = _title(lines, usual, claims)
    cover = _cover(lines, usual)
    near = [line for number, line in enumerate(cover) if not title_at <= number < after or title_at == after]
    opening = " ".join(texts[:60])[:30_000]
    lower = set(re.findall(r"\b[a-z]{3,}\b", " ".join(texts)))
    authors = _authors(near, title, lower, claims, opening)
    publisher = _publisher(near, title, authors, texts, claims)
    if not authors and not publisher and claims.author and kind_of(claims.author) == "Organisation":
        publisher = claims.author
    if not publisher and (bodies := [author.name for author in authors if author.kind == "Organisation"]):
        publisher = bodies[0]
    return Metadata(title=title, authors=add_bios(authors, texts[:40]), publisher=publisher, date=_date(lines, near, claims, title))


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


def _cover(lines: Sequence[Line], usual: float) -> list[Line]:
    """The lines of the first page, up to where running text or the contents begin."""
    first = [line for line in lines if line.page == lines[0].page] if lines else []
    if sum(len(line.text.split()) for line in first) <= _COVER_WORDS and len({line.page for line in lines}) > 1:
        return first
    kept: list[Line] = []
    for line in first:
        words = len(line.text.split())
        if _CONTENTS.fullmatch(line.text.strip()) or (words > 25 and (not usual or line.size <= usual * 1.3)):
            break
        kept.append(line)
    return kept


def _title(lines: Sequence[Line], usual: float, claims: Claims) -> tuple[str, int, int]:
    """The title, and the numbers of its first line and of the first line after it."""
    styled = [number for number, line in enumerate(lines[:30]) if line.title]
    if styled:
        end = styled[0]
        while end < len(lines) and lines[end].title and end - styled[0] < 5:
            end += 1
        return _joined(lines[styled[0]:end]), styled[0], end
    shown = _plain(" ".join(line.text for line in lines[:60]) + " " + " ".join(claims.edges))
    claimed = claims.title if len(claims.title.split()) > 1 and _plain(claims.title) in shown else ""
    found = _biggest(lines, usual)
    if found is None:
        edge = next((edge for edge in claims.edges if 2 <= len(edge.split()) <= 20 and not find_date(edge) and not _HOST.search(edge)), "")
        return claimed or edge or claims.title, 0, 0
    start, end = found
    title = _joined(lines[start:end])
    if claimed and _plain(claimed) != _plain(title) and (_plain(title) in _plain(claimed) or not _plain(claimed) in _plain(title)):
        return claimed, start, end
    longer = next((edge for edge in claims.edges if _plain(edge) == _plain(title)), "")
    return longer or title, start, end


def _biggest(lines: Sequence[Line], usual: float) -> tuple[int, int] | None:
    """Range of the lines set in the biggest type of the first page that has any, read as one title."""
    if not lines:
        return None
    pages = sorted({line.page for line in lines})
    for page in pages[:3]:
        numbers = [n for n, line in enumerate(lines) if line.page == page and _may_be_title(line.text)]
        if not numbers:
            continue
        top = max(lines[n].size for n in numbers)
        bigger = top > usual * 1.12 if usual else False
        start = next(n for n in numbers if lines[n].size >= top * 0.97) if bigger else next(
            (n for n in numbers if lines[n].heading), next((n for n in numbers if lines[n].bold), -1))
        if start < 0:
            if page == pages[0] and len(lines[numbers[0]].text.split()) <= 20 and not lines[numbers[0]].text.endswith((".", ":", ";")):
                start = numbers[0]  # no look to go by: the first short line
            else:
                continue
        first = lines[start]
        end = start + 1
        while end < len(lines) and end - start < 6 and _continues(first, lines[end], usual):
            end += 1
        return start, end
    return None


def _continues(first: Line, line: Line, usual: float) -> bool:
    """Whether a line goes on with the title that begins with ``first``."""
    if line.page != first.page or abs(line.size - first.size) > 0.03 * max(first.size, 1) or line.bold != first.bold:
        return False
    large = bool(usual) and first.size >= 1.25 * usual
    return (not line.apart or large) and not is_date(line.text) and not _CONTENTS.fullmatch(line.text.strip()) and line.heading == first.heading


def _may_be_title(text: str) -> bool:
    words = re.findall(r"[^\W\d_]{2,}", text)
    return (
        0 < len(words) <= 40 and sum(map(len, words)) >= 5 and not is_date(text) and not _LABEL.match(text) and not _HOST.fullmatch(text.strip())
        and not _CONTENTS.fullmatch(text.strip(" :.")) and not _MAKER.match(text) and (len(words) > 1 or len(words[0]) > 6)
    )


def _joined(lines: Sequence[Line]) -> str:
    """The title's lines as one, with a colon where a second part begins ("TechFAR" + "Handbook for …")."""
    title = ""
    for line in lines:
        text = line.text.strip()
        if title and title.endswith("-") and text[:1].islower():
            title += text
        else:
            title = f"{title} {text}".strip()
    letters = [char for char in title if char.isalpha()]
    if letters and len(title.split()) > 1 and all(char.isupper() for char in letters):
        return _from_capitals(title)
    return title.strip(" :–—-")


_SMALL = frozenset("a an and as at but by for from in into nor of on or per the to via vs with".split())


def _from_capitals(title: str) -> str:
    """A title in capitals as it is cited; short words without a vowel stay as they are: they are abbreviations."""
    words = title.split()
    return " ".join(
        word if re.fullmatch(r"[^AEIOUY]{2,5}|[A-Z]{1,4}\d+\w*", word.strip(".,:;()")) and len(word) > 1
        else word.lower() if number and word.lower() in _SMALL and not words[number - 1].endswith(":")
        else "-".join(part[:1] + part[1:].lower() for part in word.split("-"))
        for number, word in enumerate(words)
    )


def _authors(near: Sequence[Line], title: str, lower: set[str], claims: Claims, opening: str) -> tuple[Author, ...]:
    for number, line in enumerate(near):
        who = split_byline(line.text)
        if who is None and re.fullmatch(r"(?:by|authors?|written by|prepared by)\s*:?", line.text.strip(), re.I) and number + 1 < len(near):
            who = near[number + 1].text
        if who and (found := tuple(author for author in parse_authors(who) if author.kind == "Person")):
            return found
    found: list[Author] = []
    for line in near:
        if line.text == title or _HOST.fullmatch(line.text.strip()):
            continue
        mail = "@" in line.text
        names = [author for author in parse_authors(line.text) if author.kind == "Person"]
        parts = [part for part in re.split(r",|;|\band\b|&", re.sub(r"\S+@\S+", "", line.text)) if part.strip(" <>()")]
        whole = len(names) > 0 and len(names) == sum(1 for part in parts if is_person(part.strip(" .<>()")))
        if not whole or any(_plain(name.name) in _plain(title) for name in names):
            continue
        common = sum(1 for name in names for word in name.name.split() if word.lower() in lower)
        if mail or (len(names) > 1 and common < len(names)) or (len(parts) <= 3 and not common):
            found.extend(names)
    if found:
        return tuple(dict.fromkeys(found))
    claimed = tuple(author for author in parse_authors(claims.author) if author.kind == "Person" and author.name in opening)
    return claimed


def _date(lines: Sequence[Line], near: Sequence[Line], claims: Claims, title: str) -> str:
    """The date on the title page, else one with a cue in the first pages, else one in the running foot; a bare year last."""
    ends = [line for line in lines if line.page == (lines[0].page if lines else 1)]
    short = [line for line in near if len(line.text.split()) <= 14]
    steps: tuple[Iterator[str], ...] = (
        (find_date(line.text) for line in short if is_date(line.text)),
        (find_date(line.text) for line in short),
        (find_date(line.text) for line in ends if len(line.text.split()) <= 14 and _CUE.search(line.text)),
        (find_date(line.text) for line in ends if len(line.text.split()) <= 8),
        (find_date(line.text) for line in lines if line.page <= 4 and len(line.text.split()) <= 14 and (_CUE.search(line.text) or is_date(line.text))),
        (find_date(edge) for edge in claims.edges),
        (find_date(line.text, year_alone=True) for line in short if line.text != title and len(line.text.split()) <= 8),
        (find_date(edge, year_alone=True) for edge in claims.edges),
        (find_date(line.text, year_alone=True) for line in lines if line.page <= 4 and "©" in line.text),
        (match[1] for match in [re.search(r"\b((?:19|20)\d\d)\b", title)] if match and not re.search(r"(?:19|20)\d\d\s*[-–/]", title)),
    )
    found = [date for step in steps for date in step if len(date) > 4] or [date for step in steps[6:] for date in step if date]
    return found[0] if found else next((date for step in (steps[0], steps[1]) for date in step if date), "")


def _publisher(near: Sequence[Line], title: str, authors: Sequence[Author], texts: Sequence[str], claims: Claims) -> str:
    known = {author.name for author in authors}
    for number, line in enumerate(near):
        if match := _MAKER.match(line.text):
            who = match["who"].strip() or (near[number + 1].text if number + 1 < len(near) else "")
            if who and not is_person(who):
                return _named(who)
    for text in [*(line.text for line in near), *texts[:30], *claims.edges]:
        if len(text) < 300 and (match := _HOLDER.search(text)):
            who = re.split(r"\s*(?:all rights|\d{4}|,\s*all)", match["who"], flags=re.I)[0].strip(" ,;.-–")
            if who and not re.match(r"(?:crown|copyright)\b", who, re.I) and who not in known:
                return who
    for line in near:
        text = line.text.strip(" .,")
        if _plain(text) in _plain(title) or _plain(title) in _plain(text) or is_date(text) or "@" in text:
            continue
        if 1 < len(text.split()) <= 14 and text[:1].isupper() and _is_body(text) and not is_person(text):
            return _named(text)
    for edge in claims.edges:
        for part in re.split(r"\s+[-–—|·•]\s+|\s*\|\s*", edge):
            if _plain(part) and _plain(part) not in _plain(title) and 1 < len(part.split()) <= 10 and _is_body(part):
                return part.strip(" .,")
    if body := _of_host([*(line.text for line in near), *claims.edges], texts):
        return body
    return _speaker(texts)


def _is_body(text: str) -> bool:
    """Whether a line is a body's name: capitals throughout, a word of such names, no verb-like tail."""
    words = text.split()
    named = [word for word in words if word.lower().strip(".,()") not in _SMALL and word.lower() not in ("&",)]
    capital = sum(1 for word in named if word[:1].isupper() or word[:1].isdigit() or word.startswith("("))
    return capital >= len(named) - 0 and any(word.strip(".,()").lower() in ORGANISATION_WORDS - {"executive", "strategy", "ward", "project", "programme",
                                             "program", "services", "service", "systems", "solutions", "campaign", "housing", "network"}
                                             for word in words) or bool(re.search(r"\b(?:Digital Service|Ideas Project|Health Service)\b", text))


def _named(text: str) -> str:
    text = text.strip(" .,;:")
    letters = [char for char in text if char.isalpha()]
    return _from_capitals(text) if len(text.split()) > 2 and all(char.isupper() for char in letters) else text


def _of_host(places: Sequence[str], texts: Sequence[str]) -> str:
    """The body to which the first pages' or the running feet's web and mail addresses belong, in the text's own spelling."""
    hosts: list[tuple[str, str]] = []
    for place in places:
        for match in _HOST.finditer(place):
            hosts.append(((match["host"] or match["bare"]).lower(), ((match["path"] or match["barepath"] or "").strip("/").lower())))
    whole = " ".join(texts)
    for host, path in dict.fromkeys(hosts):
        labels = [label for label in host.split(".")[:-1] if label not in _SECOND_LEVEL and label != "www"]
        for word in [path, *reversed(labels)]:
            if len(word) >= 4 and (name := _spelt(word.replace("-", ""), whole)):
                return name
        for label in labels:
            if match := re.search(rf"((?:[A-Z][\w’'-]*\s+(?:(?:of|for|and|the|on)\s+)*){{1,8}}[A-Z][\w’'-]*)\s+\({re.escape(label)}\)", whole, re.I):
                name = _long_form(match[1], label)
                if name:
                    return name
    return next((host for host, _ in hosts if not re.search(r"gmail|hotmail|yahoo|outlook|bit\.ly|twitter|facebook|linkedin|doi\.|creativecommons", host)), "")


def _spelt(letters: str, whole: str) -> str:
    """Capitalised words of the text that, run together, spell an address's label; with the capitalised words that follow."""
    initial = letters[0].upper()
    counts: Counter[str] = Counter()
    for match in re.finditer(rf"\b{initial}[\w’'-]*", whole):
        at, joined, end = match.start(), "", match.end()
        for word in re.finditer(r"\S+", whole[at:at + len(letters) * 2 + 20]):
            joined += re.sub(r"\W", "", word.group()).lower()
            end = at + word.end()
            if not letters.startswith(joined):
                break
            if joined == letters:
                name = whole[at:end].strip(" .,;:()’'\"")
                tail = re.match(r"((?:\s+[A-Z][a-z]+){1,2})\b", whole[end:]) if whole[end - 1].isalnum() else None
                counts[name + (tail[1] if tail and any(w.lower() in ORGANISATION_WORDS for w in tail[1].split()) else "")] += 1
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
                if abbreviation or any(word.lower() in ORGANISATION_WORDS for word in who.split() if len(who.split()) > 1):
                    return who
    return ""
