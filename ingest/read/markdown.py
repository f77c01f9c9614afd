"""Markdown with YAML or TOML front matter."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from typing import Any

from errors import DamagedError
from ingest.read.boilerplate import tail_start
from ingest.read.byline import bare_name, is_junk_name, kind_of, parse_authors, split_byline
from ingest.read.date import parse_date
from ingest.read.draft import Draft
from ingest.read.plain import complete
from ingest.text import clean, collapse, decode
from records.model import Author, Metadata
from settings import Settings

VERSION = "1"
_FRONT = re.compile(
    r"\A\s*(?:---[ \t]*\n(?P<yaml>.*?)^(?:---|\.\.\.)[ \t]*$|\+\+\+[ \t]*\n(?P<toml>.*?)^\+\+\+[ \t]*$)\n?", re.S | re.M
)
_LONGEST_FRONT = 64_000
# What site generators put between the words: Liquid and Hugo tags, attribute lists, fenced divs, footnote marks.
_TAGS = re.compile(r"\{%.{0,2000}?%\}|\{\{.{0,2000}?\}\}", re.S)
_ATTRIBUTES = re.compile(
    r"\{:[^}\n]{0,300}\}|^[ \t]*\{#[^}\n]{0,400}\}[ \t]*$|"
    r"(?<=[\])])\{[.#][^}\n]{0,300}\}|^(#{1,6} .*?)\s*\{[.#][^}\n]{0,200}\}\s*$",
    re.M,
)
_DIVS = re.compile(r"^[ \t]*:{3,}.*$", re.M)
_NOTE_MARK = re.compile(r"(?<=\S)[ ]?\[\^[^\]\s]{1,40}\](?!:)")
_NOTE = re.compile(r"^\[\^([^\]\s]{1,40})\]:[ \t]*", re.M)
_SHOWN_MARK = re.compile(r"\[\^[^\]\s]{1,40}\]")
_BROKEN_LINK = re.compile(r"!?\[([^\]\n]{0,300})\]\([^)\n]{0,500}\)")
_EDGE = 6
_TITLE = ("title", "headline", "name")
_AUTHORS = ("authors", "author", "byline", "by", "creator", "written_by")
_DATE = ("date", "published", "publish_date", "publication_date", "pubdate", "date_published", "created")
_PUBLISHER = ("publisher", "organisation", "organization", "site", "source_name")
_LICENCE = ("licence", "license", "rights")
_ADDRESS = ("canonical_url", "canonical", "url", "source_url", "link", "permalink", "source")


@cache
def _parser() -> Any:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark").enable("table")


@cache
def _yaml_loader() -> Any:
    """PyYAML's safe loader without dates: a date must come as it is printed."""
    import yaml

    base = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    loader = type("FrontMatterLoader", (base,), {})
    loader.yaml_implicit_resolvers = {  # type: ignore[attr-defined]
        first: [(tag, form) for tag, form in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in base.yaml_implicit_resolvers.items()
    }
    return loader


def read(name: str, data: bytes, settings: Settings) -> tuple[Draft, Metadata]:
    """Draft and metadata of a Markdown text. Raises DamagedError when no encoding fits."""
    try:
        decoded = decode(data)
    except UnicodeDecodeError as problem:
        raise DamagedError(name, "its characters are in no encoding that is known here") from problem
    draft = Draft()
    if decoded.note:
        draft.notes.append(decoded.note)
    text = decoded.text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    front, body = split_front(text, draft)
    for piece_kind, piece in blocks(body, draft):
        draft.add(piece_kind, piece)
    _cut_furniture(draft)
    metadata = metadata_of(front)
    if not metadata.title:
        heading = next((piece.text for piece in draft.pieces[:_EDGE] if piece.kind == "heading"), "")
        metadata = Metadata(
            heading, metadata.authors, metadata.publisher, metadata.date, metadata.licence, "", metadata.address
        )
    texts = [piece.text for piece in draft.pieces]
    return draft, complete(metadata, texts[:_EDGE], texts[-_EDGE:])


def split_front(text: str, draft: Draft) -> tuple[dict[str, Any], str]:
    """The front matter's keys and the text after it. What YAML cannot parse is read line by line, with a note."""
    match = _FRONT.match(text)
    if match is None or match.end() > _LONGEST_FRONT:
        return {}, text
    body = text[match.end() :]
    try:
        if match["toml"] is not None:
            return tomllib.loads(match["toml"]), body
        import yaml

        try:
            found = yaml.load(match["yaml"], _yaml_loader())  # noqa: S506 - a subclass of the safe loader
        except (yaml.YAMLError, ValueError, RecursionError):
            draft.notes.append("its front matter is no valid YAML and was read line by line")
            return _lines_of(match["yaml"]), body
        return (found, body) if isinstance(found, dict) else ({}, text if found else body)
    except tomllib.TOMLDecodeError:
        draft.notes.append("its front matter is no valid TOML and was left out")
        return {}, body


def _lines_of(front: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    key = ""
    for line in front.split("\n"):
        if match := re.match(r"([A-Za-z_][\w-]*)\s*:\s*(.*)$", line):
            key = match[1]
            found[key] = match[2].strip().strip("\"'")
        elif key and (match := re.match(r"\s*-\s+(\S.*)$", line)):
            held = found[key]
            found[key] = [*(held if isinstance(held, list) else [held] if held else []), match[1].strip().strip("\"'")]
    return found


def metadata_of(front: dict[str, Any]) -> Metadata:
    """Bibliographic facts of front matter; keys are known by name, in any case."""
    keys = {str(key).lower().replace("-", "_"): value for key, value in list(front.items())[:200]}
    publisher = _first(keys, _PUBLISHER)
    address = next(
        (value for key in _ADDRESS if (value := _plain(keys.get(key))).startswith(("http://", "https://"))), ""
    )
    return Metadata(
        title=_first(keys, _TITLE),
        authors=_authors(keys, publisher),
        publisher=publisher,
        date=parse_date(_first(keys, _DATE)),
        licence=_first(keys, _LICENCE),
        address=address,
    )


def _first(keys: dict[str, Any], names: Sequence[str]) -> str:
    return next((value for name in names if (value := _plain(keys.get(name)))), "")


def _plain(value: Any) -> str:
    """A value's text; a list or a mapping gives its name or first plain value, nothing else."""
    if isinstance(value, dict):
        value = value.get("name") or value.get("title") or ""
    elif isinstance(value, list):
        value = value[0] if value else ""
    return collapse(str(value))[:1000] if isinstance(value, (str, int, float)) and not isinstance(value, bool) else ""


def _authors(keys: dict[str, Any], publisher: str) -> tuple[Author, ...]:
    for key in _AUTHORS:
        value = keys.get(key)
        authors: list[Author] = []
        for entry in value[:50] if isinstance(value, list) else [value]:
            authors.extend(_author(entry, publisher))
        if authors:
            return tuple(dict.fromkeys(authors))
    return ()


def _author(entry: Any, publisher: str) -> Sequence[Author]:
    if isinstance(entry, dict):
        name = _plain(entry)
        affiliation = next(
            (a for key in ("affiliation", "organisation", "organization", "org") if (a := _plain(entry.get(key)))), ""
        )
        position = next(
            (p for key in ("position", "role", "title", "job_title") if (p := _plain(entry.get(key))) and p != name), ""
        )
        kind = kind_of(name, publisher)
        name, office = bare_name(name) if kind == "Person" else (name, "")
        return (Author(name, affiliation, position or office, kind),) if name else ()
    name = _plain(entry)
    if not name or (is_junk_name(name) and name.casefold() != publisher.casefold()):
        return parse_authors(name, publisher) if name else ()
    return parse_authors(split_byline(name) or name, publisher) or (Author(name, kind=kind_of(name, publisher)),)


def blocks(body: str, draft: Draft) -> list[tuple[str, str]]:
    """(kind, text) of each block of a Markdown body. Code is left out, with a note."""
    if "{" in body:
        body = _ATTRIBUTES.sub(r"\1", _TAGS.sub("", body))
    if ":::" in body:
        body = _DIVS.sub("", body)
    if "[^" in body:
        body = _NOTE.sub(r"\n\n[^\1]\\: ", _NOTE_MARK.sub("", body))
    found: list[tuple[str, str]] = []
    around: list[str] = []  # open containers
    row: list[str] = []
    code = 0
    for token in _parser().parse(body):
        kind = token.type
        if kind == "inline":
            text = _inline(token.children or [])
            if around and around[-1] == "cell":
                row.append(text)
            elif _SHOWN_MARK.match(text):
                found.append(("note", _SHOWN_MARK.sub("", text, count=1).lstrip(": ")))
            else:
                found.append((_kind(around), text))
        elif kind in ("fence", "code_block"):
            code += 1
        elif kind == "html_block":
            found.extend(_html(token.content))
        elif kind == "tr_open":
            row = []
        elif kind == "tr_close":
            found.append(("table", " | ".join(cell for cell in row if cell)))
        elif kind in ("th_open", "td_open"):
            around.append("cell")
        elif kind == "heading_open":
            around.append("heading")
        elif kind == "blockquote_open":
            around.append("quote")
        elif kind == "list_item_open":
            around.append("item")
        elif kind in ("th_close", "td_close", "heading_close", "blockquote_close", "list_item_close"):
            around.pop()
    if code:
        draft.notes.append(f"left out: {code} blocks of program code")
    return found


def _kind(around: Sequence[str]) -> str:
    return around[-1] if around else "paragraph"


def _inline(children: Sequence[Any]) -> str:
    parts = []
    for child in children:
        if child.type in ("text", "code_inline"):
            parts.append(child.content)
        elif child.type in ("softbreak", "hardbreak") or (
            child.type == "html_inline" and child.content[:3].lower() == "<br"
        ):
            parts.append(" ")
    text = "".join(parts)
    if "](" in text:  # a link that Markdown does not know as one, for a blank in its address
        text = _BROKEN_LINK.sub(r"\1", text)
    return text.replace("**", "") if "**" in text else text


def _html(source: str) -> list[tuple[str, str]]:
    """Blocks of HTML that stands between Markdown."""
    if source.lstrip().startswith("<!--") and "-->" in source and not source.split("-->", 1)[1].strip():
        return []
    from ingest.read.html import fragment_blocks

    return fragment_blocks(clean(source))


def _cut_furniture(draft: Draft) -> None:
    """A post that was turned into Markdown with its page's tail: the same anchored cut as for plain text."""
    end = tail_start([piece.text for piece in draft.pieces])
    if end < len(draft.pieces):
        draft.notes.append(
            f"cut at the end, from “{draft.pieces[end].text[:60]}”: {len(draft.pieces) - end} lines of sharing "
            "buttons, links and forms"
        )
        del draft.pieces[end:]
