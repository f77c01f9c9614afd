"""OpenDocument texts (ISO/IEC 26300): content.xml walked in reading order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from errors import DamagedError, EncryptedError
from ingest.read.archive import open_archive
from ingest.read.byline import is_junk_name
from ingest.read.cover import Claims, read_cover
from ingest.read.docx import parse_xml
from ingest.read.draft import Draft
from ingest.read.paragraph import Paragraph, add_paragraphs, body_size, cover_lines
from ingest.read.title import is_junk_title
from ingest.text import collapse
from records.model import Metadata
from settings import Settings

VERSION = "1"
_NS = "urn:oasis:names:tc:opendocument:xmlns:"
TEXT, OFFICE, TABLE, STYLE, FO, DRAW, META = (
    f"{{{_NS}{name}:1.0}}" for name in ("text", "office", "table", "style", "xsl-fo-compatible", "drawing", "meta")
)
_DC = "{http://purl.org/dc/elements/1.1/}"
_UNSEEN = frozenset(
    (
        TEXT + "tracked-changes",
        OFFICE + "annotation",
        OFFICE + "annotation-end",
        OFFICE + "forms",
        TEXT + "sequence-decls",
        TEXT + "bibliography-mark",
        TEXT + "ruby-text",
        TEXT + "note-citation",
    )
)
_CONTENTS = frozenset(
    TEXT + name
    for name in ("table-of-content", "illustration-index", "table-index", "alphabetical-index", "user-index")
)


@dataclass(frozen=True, slots=True)
class Style:
    """A style with what it inherits; ``bold`` None: it does not say."""

    size: float = 0.0
    percent: float = 1.0
    bold: bool | None = None
    centred: bool = False
    name: str = ""
    outline: bool = False
    numbered: bool = False


def read(name: str, data: bytes, settings: Settings) -> tuple[Draft, Metadata]:
    """Draft and metadata of an OpenDocument text. Raises DamagedError, EncryptedError, TooLargeError."""
    parts = open_archive(name, data, settings)
    if b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
        raise EncryptedError(name, "it is locked with a password; save it without one")
    if "content.xml" not in parts:
        raise DamagedError(name, "its archive holds no document")
    root = parse_xml(name, "content.xml", parts["content.xml"])
    body = root.find(f"{OFFICE}body/{OFFICE}text")
    if body is None:
        raise DamagedError(name, "its archive holds no document")
    styles_root = parse_xml(name, "styles.xml", parts["styles.xml"]) if "styles.xml" in parts else None
    reader = _Reader([tree for tree in (styles_root, root) if tree is not None])
    paragraphs = reader.paragraphs(body)
    draft = Draft()
    add_paragraphs(draft, paragraphs)
    title, author = _meta(name, parts)
    feet: list[str] = []
    if styles_root is not None:
        for element in styles_root.iter(STYLE + "footer", STYLE + "header"):
            feet.extend(
                text
                for paragraph in reader.blocks(element)
                if paragraph.row is None and (text := collapse(paragraph.text))
            )
    claims = Claims(title, author, tuple(dict.fromkeys(feet)))
    return draft, read_cover(
        cover_lines(paragraphs), body_size(paragraphs), [piece.text for piece in draft.pieces], claims
    )


class _Reader:
    def __init__(self, trees: list[Any]) -> None:
        self.elements: dict[tuple[str, str], Any] = {}
        self.defaults: dict[str, Any] = {}
        for tree in trees:
            for element in tree.iter(STYLE + "style"):
                self.elements[element.get(STYLE + "family", ""), element.get(STYLE + "name", "")] = element
            for element in tree.iter(STYLE + "default-style"):
                self.defaults[element.get(STYLE + "family", "")] = element
        self.known: dict[tuple[str, str], Style] = {}

    def paragraphs(self, body: Any) -> list[Paragraph]:
        found: list[Paragraph] = []
        apart = False
        for paragraph in self.blocks(body):
            if paragraph.row is None and not paragraph.text.strip():
                if paragraph.after:
                    found.append(paragraph)
                apart = True
                continue
            paragraph.apart = apart
            apart = False
            found.append(paragraph)
        return found

    def style(self, family: str, name: str, depth: int = 0) -> Style:
        key = family, name
        if key in self.known:
            return self.known[key]
        element = self.elements.get(key)
        base = _changed(Style(), self.defaults.get(family))
        if element is None or depth > 20:
            return base
        parent = self.style(family, element.get(STYLE + "parent-style-name", ""), depth + 1)
        style = replace(
            _changed(parent, element), name=(element.get(STYLE + "display-name") or name).replace("_20_", " ").lower()
        )
        if re.fullmatch(r"p\d+", style.name):
            style = replace(style, name=parent.name)  # an automatic style is its parent with a change
        self.known[key] = style
        return style

    def blocks(self, parent: Any, kind: str = "paragraph") -> Iterator[Paragraph]:
        for child in parent:
            tag = child.tag
            if tag in (TEXT + "p", TEXT + "h"):
                yield self._paragraph(child, kind)
            elif tag == TEXT + "list":
                yield from self.blocks(child, "item")
            elif tag == TABLE + "table":
                yield from self._table(child)
            elif tag in _CONTENTS:
                yield from (replace_contents(paragraph) for paragraph in self.blocks(child))
            elif tag not in _UNSEEN and isinstance(tag, str):
                yield from self.blocks(child, kind)

    def _table(self, table: Any) -> Iterator[Paragraph]:
        for row in table.iter(TABLE + "table-row"):
            if next(row.iterancestors(TABLE + "table")) is not table:
                continue
            cells: list[list[str]] = []
            after: list[tuple[str, str]] = []
            for cell in row.iterchildren(TABLE + "table-cell"):
                texts: list[str] = []
                for paragraph in self.blocks(cell):
                    texts.extend(
                        text for inside in paragraph.row for text in inside
                    ) if paragraph.row else texts.append(paragraph.text)
                    after.extend(paragraph.after)
                cells.append([collapse(text) for text in texts if text.strip()])
            if any(cells):
                yield Paragraph("", "table", row=cells, after=after)

    def _paragraph(self, element: Any, kind: str) -> Paragraph:
        style = self.style("paragraph", element.get(TEXT + "style-name", ""))
        text: list[str] = []
        after: list[tuple[str, str]] = []
        weights: dict[tuple[float, bool], int] = {}
        self._walk(element, style, text, after, weights)
        letters = sum(weights.values())
        size = max(weights, key=lambda key: weights[key])[0] if weights else style.size
        titled = style.name == "title"
        if element.tag == TEXT + "h" or titled or style.name == "subtitle" or style.name.startswith("heading"):
            kind = "heading"
        elif kind == "paragraph" and (style.numbered or style.name.startswith("list")):
            kind = "item"
        elif "quot" in style.name:
            kind = "quote"
        bold = letters > 0 and sum(count for (_, heavy), count in weights.items() if heavy) >= 0.9 * letters
        return Paragraph(
            "".join(text), kind, size, bold, style.centred, titled, style.name.startswith("contents"), after=after
        )

    def _walk(
        self,
        element: Any,
        style: Style,
        text: list[str],
        after: list[tuple[str, str]],
        weights: dict[tuple[float, bool], int],
    ) -> None:
        def add(piece: str | None) -> None:
            if piece:
                text.append(piece)
                key = round(style.size * style.percent, 1), bool(style.bold)
                weights[key] = weights.get(key, 0) + sum(not char.isspace() for char in piece)

        add(element.text)
        for child in element:
            tag = child.tag
            if tag == TEXT + "span":
                named = self.style("text", child.get(TEXT + "style-name", ""))
                inner = Style(named.size or style.size, named.percent, style.bold if named.bold is None else named.bold)
                self._walk(child, inner, text, after, weights)
            elif tag == TEXT + "s":
                text.append(" ")
            elif tag in (TEXT + "tab", TEXT + "line-break"):
                text.append("\t" if tag.endswith("tab") else "\n")
            elif tag == TEXT + "note":
                body = child.find(TEXT + "note-body")
                if body is not None:
                    after.append(("note", " ".join(paragraph.text for paragraph in self.blocks(body))))
            elif tag == DRAW + "frame" or tag == DRAW + "custom-shape" or tag == DRAW + "g":
                after.extend(
                    (p.kind if p.kind != "table" else "paragraph", p.text) for p in self.blocks(child) if p.row is None
                )
            elif tag not in _UNSEEN and isinstance(tag, str):
                self._walk(child, style, text, after, weights)
            add(child.tail)


def replace_contents(paragraph: Paragraph) -> Paragraph:
    """The same paragraph, marked as part of a table of contents."""
    paragraph.contents = True
    return paragraph


def _changed(style: Style, element: Any) -> Style:
    """The style with what an element's properties say."""
    if element is None:
        return style
    run, paragraph = element.find(STYLE + "text-properties"), element.find(STYLE + "paragraph-properties")
    if run is not None:
        size = run.get(FO + "font-size", "")
        if match := re.fullmatch(r"([\d.]+)pt", size):
            style = replace(style, size=float(match[1]), percent=1.0)
        elif match := re.fullmatch(r"([\d.]+)%", size):
            style = replace(style, percent=style.percent * float(match[1]) / 100)
        if weight := run.get(FO + "font-weight"):
            style = replace(style, bold=weight == "bold" or (weight.isdigit() and int(weight) >= 600))
    if paragraph is not None and (align := paragraph.get(FO + "text-align")):
        style = replace(style, centred=align == "center")
    if element.get(STYLE + "list-style-name"):
        style = replace(style, numbered=True)
    return style


def _meta(name: str, parts: dict[str, bytes]) -> tuple[str, str]:
    """Title and author of the file's properties, "" for what is junk."""
    if "meta.xml" not in parts:
        return "", ""
    root = parse_xml(name, "meta.xml", parts["meta.xml"])

    def first(*tags: str) -> str:
        return next(
            (
                collapse(element.text or "")
                for tag in tags
                for element in root.iter(tag)
                if (element.text or "").strip()
            ),
            "",
        )

    title, author = first(_DC + "title"), first(META + "initial-creator", _DC + "creator")
    return ("" if is_junk_title(title) else title), ("" if is_junk_name(author) else author)
