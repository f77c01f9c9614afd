"""Plain text: paragraphs, and what the head and the tail of a copied page say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from errors import DamagedError
from ingest.read.boilerplate import head_end, is_menu, tail_start
from ingest.read.byline import add_bios, find_bio, kind_of, parse_authors, split_byline
from ingest.read.date import find_date, is_date, parse_date
from ingest.read.draft import Draft
from ingest.read.title import is_junk_title
from ingest.text import collapse, decode
from records.model import Author, Metadata
from settings import Settings

VERSION = "1"
_ITEM = re.compile(r"^\s*(?:[-*•–‣▪◦○●]|\(?\d{1,2}[.)]|\(?[a-z][.)]|\([ivx]+\))\s+(?=\S)")
_BULLET = re.compile(r"^\s*[-*•–‣▪◦○●]\s+")
_RULE = re.compile(r"^\s*([-=*_~#])(?:\s*\1){2,}\s*$")
_HEADER = re.compile(
    r"^(title|headline|authors?|by|byline|date|published|publication date|publisher|source|organisation|organization|"
    r"licen[cs]e|url|"
    r"link|address|canonical url)\s*:\s*(\S.*)$",
    re.I,
)
_EDGE = 6  # blocks at each end where bylines and bios stand


def read(name: str, data: bytes, settings: Settings) -> tuple[Draft, Metadata]:
    """Draft and metadata of a plain text. Raises DamagedError when no encoding fits."""
    try:
        decoded = decode(data)
    except UnicodeDecodeError as problem:
        raise DamagedError(name, "its characters are in no encoding that is known here") from problem
    draft = Draft()
    if decoded.note:
        draft.notes.append(decoded.note)
    raw = decoded.text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n").split("\n")
    lines = [collapse(line) for line in raw]
    end = tail_start(lines)
    start = head_end(lines[:end])
    tail = [line for line in lines[end:] if line]
    if tail:
        draft.notes.append(
            f"cut at the end, from “{tail[0][:60]}”: {len(tail)} lines of sharing buttons, links and forms"
        )
    site = ""
    if start:
        head = [line for line in lines[:start] if line]
        draft.notes.append(f"cut at the start: {len(head)} lines of the page's menu")
        site = next((re.split(r"\s*[:|·–—]\s|\s-\s", line)[0] for line in head if not is_menu(line)), "")
    start, metadata = _header(lines, start, end)
    for kind, text in paragraphs(raw[start:end], lines[start:end]):
        draft.add(kind, text)
    metadata = _from_text(draft, metadata)
    if not metadata.publisher and 0 < len(site.split()) <= 8:
        metadata = replace(metadata, publisher=site)
    authors = metadata.authors or tuple(bio for line in tail if (bio := find_bio(line)))[:3]
    return draft, replace(metadata, authors=add_bios(authors, tail))


def paragraphs(raw: Sequence[str], lines: Sequence[str]) -> Iterable[tuple[str, str]]:
    """(kind, text) of each block. Blank lines part blocks; in a text without line wraps each line is one."""
    filled = sorted(len(line) for line in lines if line)
    wrapped = bool(filled) and filled[len(filled) * 9 // 10] <= 100 and "" in lines
    held: list[str] = []
    kind = "paragraph"
    for source, line in zip(raw, lines, strict=True):
        if not line or _RULE.match(line):
            if line[:1] in ("=", "-") and len(held) == 1 and len(held[0]) < 150:
                kind = "heading"  # underlined
            if held:
                yield kind, " ".join(held)
            held, kind = [], "paragraph"
            continue
        starts_item = _ITEM.match(source) is not None
        short_before = bool(held) and (
            len(held[-1]) < 0.6 * 72 and held[-1].endswith((".", "!", "?", ":")) and not line[:1].islower()
        )
        if held and (starts_item or not wrapped or short_before):
            yield kind, " ".join(held)
            held, kind = [], "paragraph"
        if starts_item:
            kind, line = "item", _BULLET.sub("", line)
        elif line.startswith("#") and re.match(r"#{1,6}\s", line):
            kind, line = "heading", line.lstrip("# ")
        elif line.startswith(">"):
            kind, line = "quote", line.lstrip("> ")
        held.append(line.lstrip("> ") if kind == "quote" else line)
    if held:
        yield kind, " ".join(held)


def _header(lines: Sequence[str], start: int, end: int) -> tuple[int, Metadata]:
    """Metadata of ``Title: …`` lines at the top, and where the text after them starts."""
    found: dict[str, str] = {}
    at = start
    while at < min(end, start + 15):
        match = _HEADER.match(lines[at])
        if match is None and lines[at]:
            break
        if match is not None:
            found.setdefault(match[1].lower(), match[2])
        at += 1
    if len(found) < 2:
        return start, Metadata()
    author = found.get("author") or found.get("authors") or found.get("by") or found.get("byline") or ""
    address = found.get("url") or found.get("link") or found.get("canonical url") or found.get("address") or ""
    publisher = (
        found.get("publisher") or found.get("organisation") or found.get("organization") or found.get("source") or ""
    )
    if publisher.startswith(("http:", "https:")):
        address, publisher = address or publisher, ""
    return at, Metadata(
        title=found.get("title") or found.get("headline") or "",
        authors=parse_authors(author, publisher) or ((Author(author, kind=kind_of(author)),) if author else ()),
        publisher=publisher,
        date=parse_date(found.get("date") or found.get("published") or found.get("publication date") or ""),
        licence=found.get("licence") or found.get("license") or "",
        address=address if address.startswith(("http:", "https:")) else "",
    )


def _from_text(draft: Draft, metadata: Metadata) -> Metadata:
    """Fill what the header left open: title line, byline, date line and bio sentences."""
    pieces = draft.pieces
    byline_at = next((n for n, piece in enumerate(pieces[: _EDGE + 2]) if _byline(piece.text)), None)
    if not metadata.title and pieces:
        at = title_index([piece.text for piece in pieces[:_EDGE]], byline_at)
        if at is not None:
            pieces[at].kind = "heading"
            metadata = replace(metadata, title=pieces[at].text)
            if at and not metadata.publisher and pieces[0].text != metadata.title and len(pieces[0].text) < 60:
                metadata = replace(metadata, publisher=pieces[0].text)
            if at:
                draft.notes.append("cut at the start: the site's name and what stands between it and the title")
                del pieces[:at]
    texts = [piece.text for piece in pieces]
    return complete(metadata, texts[:_EDGE], texts[-_EDGE:])


def _byline(text: str) -> tuple[Author, ...]:
    who = split_byline(text)
    return parse_authors(who) if who else ()


def title_index(texts: Sequence[str], byline_at: int | None) -> int | None:
    """Which of the first blocks is the title: the one above the byline, or the first that is short and no sentence."""
    if byline_at:
        for at in range(byline_at - 1, -1, -1):
            if _may_be_title(texts[at]):
                return at
    first = texts[0]
    return 0 if _may_be_title(first) and byline_at != 0 else None


def _may_be_title(text: str) -> bool:
    return (
        len(text) <= 200 and not text.endswith((".", ",", ";", ":")) and not is_date(text) and not is_junk_title(text)
    )


def complete(metadata: Metadata, head: Sequence[str], tail: Sequence[str]) -> Metadata:
    """The metadata with authors, date and bios that a reader finds in the first and last blocks."""
    if not metadata.authors:
        for text in [*head, *tail[::-1]]:
            who = split_byline(text)
            if who and (authors := parse_authors(who, metadata.publisher)):
                metadata = replace(metadata, authors=authors)
                if not metadata.date:
                    metadata = replace(metadata, date=find_date(text))
                break
    if not metadata.authors and len(bios := [bio for text in tail if (bio := find_bio(text))]) <= 3:
        metadata = replace(metadata, authors=tuple(bios))
    if not metadata.date:
        near = (find_date(text) for text in head[:4] if len(text) < 80)
        metadata = replace(metadata, date=next(filter(None, near), ""))
    return replace(metadata, authors=add_bios(metadata.authors, [*tail, *head]))
