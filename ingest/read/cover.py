"""The title page of a report: title, authors, publisher and date as a reader finds them there.

What the pages show goes before what the file's properties claim; a claimed title counts when
the pages show it too, a claimed author when its name stands in the first part of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.read.byline import add_bios, is_person, kind_of, parse_authors, split_byline
from ingest.read.date import find_date, is_date
from ingest.read.publisher import find_publisher, has_address, is_address, names_maker
from ingest.read.title import from_capitals, plain
from records.model import Author, Metadata

_LABEL = re.compile(
    r"(?:example|annex|appendix|attachment|enclosure|exhibit|template|sample|part|schedule)\s*(?:\d+|"
    r"[A-Z])?\b(?:\s*[:.–—-]|$)",
    re.I,
)
_MARK = re.compile(
    r"(?:un)?classified|unclass|official(?:[ -:]+sensitive)?|confidential|protected(?: [ab])?|restricted|"
    r"(?:discussion |final |working )?draft|"
    r"for (?:discussion|comment|release|official use only|internal use)|embargoed.*|not for (?:circulation|citation).*",
    re.I,
)
_CONTENTS = re.compile(
    r"(?:table of )?contents|executive summary|introduction|foreword|preface|overview|abstract|summary", re.I
)
_CUE = re.compile(
    r"\b(?:published|issued|released|dated?|version|updated|revised|last (?:updated|revised)|©|copyright)\b", re.I
)
_COVER_WORDS = 90  # a first page with more words is no title page: what stands after its title is text


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
    prose: bool = False  # a line of a paragraph of running text


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
    near = [
        line
        for number, line in enumerate(cover)
        if (not title_at <= number < after or title_at == after) and not line.prose
    ]
    lines = [line for line in lines if not line.prose]
    opening = " ".join(texts[:60])[:30_000]
    lower = set(re.findall(r"\b[a-z]{3,}\b", " ".join(texts)))
    authors = _authors(near, title, lower, claims, opening)
    publisher = find_publisher([line.text for line in near], title, authors, texts, claims.edges)
    if not authors and not publisher and claims.author and kind_of(claims.author) == "Organisation":
        publisher = claims.author
    if not publisher and (bodies := [author.name for author in authors if author.kind == "Organisation"]):
        publisher = bodies[0]
    return Metadata(
        title=title,
        authors=add_bios(authors, texts[:40]),
        publisher=publisher,
        date=_date(lines, near, usual, claims, title),
    )


def _cover(lines: Sequence[Line], usual: float) -> list[Line]:
    """The lines of the first page, up to where running text or the contents begin."""
    first = [line for line in lines if line.page == lines[0].page] if lines else []
    if any(line.prose for line in first):
        return first  # what is running text is known line by line
    if sum(len(line.text.split()) for line in first) <= _COVER_WORDS and len({line.page for line in lines}) > 1:
        return first
    kept: list[Line] = []
    for line in first:
        words = len(line.text.split())
        running = words > 25 and (not usual or line.size <= usual * 1.3)
        if running or (kept and _CONTENTS.fullmatch(line.text.strip())):
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
        return _joined(lines[styled[0] : end]), styled[0], end
    shown = plain(" ".join(line.text for line in lines[:60]) + " " + " ".join(claims.edges))
    claimed = claims.title if len(claims.title.split()) > 1 and plain(claims.title) in shown else ""
    found = _biggest(lines, usual)
    if found is None:
        edge = next(
            (
                edge
                for edge in claims.edges
                if 2 <= len(edge.split()) <= 20 and not find_date(edge) and not has_address(edge)
            ),
            "",
        )
        return claimed or edge or claims.title, 0, 0
    start, end = found
    title = _joined(lines[start:end])
    if (
        claimed
        and plain(claimed) != plain(title)
        and (plain(title) in plain(claimed) or plain(claimed) not in plain(title))
    ):
        return claimed, start, end
    longer = next((edge for edge in claims.edges if plain(edge) == plain(title)), "")
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
        start = (
            next(n for n in numbers if lines[n].size >= top * 0.97)
            if bigger
            else next((n for n in numbers if lines[n].heading), next((n for n in numbers if lines[n].bold), -1))
        )
        if start < 0:
            if (
                page == pages[0]
                and len(lines[numbers[0]].text.split()) <= 20
                and not lines[numbers[0]].text.endswith((".", ":", ";"))
            ):
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
    if has_address(line.text):
        return False
    large = bool(usual) and first.size >= 1.25 * usual
    return (
        (not line.apart or large)
        and not is_date(line.text)
        and not _CONTENTS.fullmatch(line.text.strip())
        and line.heading == first.heading
    )


def _may_be_title(text: str) -> bool:
    words = re.findall(r"[^\W\d_]{2,}", text)
    return (
        0 < len(words) <= 40
        and sum(map(len, words)) >= 5
        and not is_date(text)
        and not _LABEL.match(text)
        and not is_address(text)
        and not _CONTENTS.fullmatch(text.strip(" :."))
        and not names_maker(text)
        and (len(words) > 1 or len(words[0]) > 6)
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
        return from_capitals(title)
    return title.strip(" :–—-").rstrip("*∗†‡")


def _authors(near: Sequence[Line], title: str, lower: set[str], claims: Claims, opening: str) -> tuple[Author, ...]:
    for number, line in enumerate(near):
        who = split_byline(line.text)
        if (
            who is None
            and re.fullmatch(r"(?:by|authors?|written by|prepared by)\s*:?", line.text.strip(), re.I)
            and number + 1 < len(near)
        ):
            who = near[number + 1].text
        if who and (named := tuple(author for author in parse_authors(who) if author.kind == "Person")):
            return named
    found: list[Author] = []
    for line in near:
        if line.text == title or is_address(line.text):
            continue
        mail = "@" in line.text
        names = [author for author in parse_authors(line.text) if author.kind == "Person"]
        parts = [part for part in re.split(r",|;|\band\b|&", re.sub(r"\S+@\S+", "", line.text)) if part.strip(" <>()")]
        whole = len(names) > 0 and len(names) == sum(1 for part in parts if is_person(part.strip(" .<>()")))
        if not whole or any(plain(name.name) in plain(title) for name in names):
            continue
        common = sum(1 for name in names for word in name.name.split() if word.lower() in lower)
        if mail or (len(names) > 1 and common < len(names)) or (len(parts) <= 3 and not common):
            found.extend(names)
    if found:
        return tuple(dict.fromkeys(found))
    claimed = parse_authors(claims.author)
    return tuple(author for author in claimed if author.kind == "Person" and author.name in opening)


def _date(lines: Sequence[Line], near: Sequence[Line], usual: float, claims: Claims, title: str) -> str:
    """The title page's date, else one with a cue in the first pages, else the running foot's; a bare year last."""
    ends = [line for line in lines if line.page == lines[0].page]
    short = [line for line in near if len(line.text.split()) <= 14]
    exact: tuple[Iterator[str], ...] = (
        (find_date(line.text) for line in short if is_date(line.text)),
        (find_date(line.text) for line in short),
        (find_date(line.text) for line in ends if len(line.text.split()) <= 14 and _CUE.search(line.text)),
        (find_date(line.text) for line in ends if len(line.text.split()) <= 8),
        (
            find_date(line.text)
            for line in lines
            if line.page <= 4 and len(line.text.split()) <= 14 and (_CUE.search(line.text) or is_date(line.text))
        ),
        (find_date(edge) for edge in claims.edges),
    )
    for step in exact:
        if date := next((date for date in step if len(date) > 4), ""):
            return date
    years: tuple[Iterator[str], ...] = (
        (find_date(line.text, year_alone=True) for line in short if line.text != title and is_date(line.text)),
        (find_date(edge, year_alone=True) for edge in claims.edges),
        (
            find_date(line.text, year_alone=True)
            for line in short
            if line.text != title and len(line.text.split()) <= 8 and line.size >= usual
        ),
        (find_date(line.text, year_alone=True) for line in lines if line.page <= 4 and "©" in line.text),
        (match[1] for match in re.finditer(r"(?<![\d/–-])((?:19|20)\d\d)(?!\s*[-–/]\s*\d)", title)),
    )
    return next((date for step in years for date in step if date), "")


