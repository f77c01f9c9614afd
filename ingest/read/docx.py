"""Word documents (Office Open XML, ECMA-376): the parts' XML walked in reading order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from errors import DamagedError
from ingest.read.archive import open_archive
from ingest.read.byline import is_junk_name
from ingest.read.cover import Claims, read_cover
from ingest.read.draft import Draft
from ingest.read.paragraph import Paragraph, add_paragraphs, body_size, cover_lines
from ingest.read.title import is_junk_title
from ingest.text import collapse
from records.model import Metadata
from settings import Settings

VERSION = "1"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_BOXES = (W + "txbxContent",)
# Deleted text, field codes, properties, comments' marks: nothing that a reader sees.
_UNSEEN = frozenset(
    W + name
    for name in ("del", "moveFrom", "instrText", "delText", "rPr", "pPr", "tblPr", "trPr", "tcPr", "sectPr", "sdtPr")
)
_SYMBOLS = {"F0B7": "•", "F0A7": "•", "F0D8": "•", "F0FC": "•", "F0E0": "→", "F0E8": "→"}


@dataclass(frozen=True, slots=True)
class Style:
    """A paragraph style with what it inherits."""

    name: str = ""
    size: float = 0.0
    bold: bool = False
    centred: bool = False
    outline: int | None = None
    numbered: bool = False


@dataclass(slots=True)
class _Runs:
    """A paragraph's runs while they are walked."""

    text: list[str] = field(default_factory=list)
    bold: int = 0  # characters
    sizes: dict[float, int] = field(default_factory=dict)
    after: list[tuple[str, str]] = field(default_factory=list)


def read(name: str, data: bytes, settings: Settings) -> tuple[Draft, Metadata]:
    """Draft and metadata of a Word document. Raises DamagedError, EncryptedError, TooLargeError."""
    parts = open_archive(name, data, settings)
    main = next((part for part in sorted(parts) if re.fullmatch(r"word/document\d*\.xml", part)), "")
    if not main:
        raise DamagedError(name, "its archive holds no document")
    reader = _Reader(name, parts)
    paragraphs = reader.paragraphs(parts[main])
    draft = Draft()
    add_paragraphs(draft, paragraphs)
    if reader.deleted:
        draft.notes.append(f"left out: {reader.deleted} passages that tracked changes have deleted")
    title, author = _core(name, parts)
    feet = [
        text
        for part in sorted(parts)
        if re.match(r"word/(?:footer|header)\d*\.xml$", part)
        for text in reader.plain_lines(parts[part])
    ]
    claims = Claims(title, author, tuple(dict.fromkeys(feet)))
    return draft, read_cover(
        cover_lines(paragraphs), body_size(paragraphs), [piece.text for piece in draft.pieces], claims
    )


def parse_xml(name: str, part: str, content: bytes) -> Any:
    """The root of a part. Entities, networks and trees of over 256 levels are refused. Raises DamagedError."""
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(content, parser=parser)
    except (etree.XMLSyntaxError, ValueError) as problem:
        raise DamagedError(name, f"its part {part} is no well-formed XML") from problem
    return root


class _Reader:
    def __init__(self, name: str, parts: dict[str, bytes]) -> None:
        self.name = name
        self.deleted = 0
        self.styles, self.default = self._read_styles(parts.get("word/styles.xml"))
        self.notes: dict[tuple[str, str], str] = {}
        for kind in ("footnote", "endnote"):
            self._read_notes(kind, parts.get(f"word/{kind}s.xml"))

    def paragraphs(self, content: bytes) -> list[Paragraph]:
        root = self._root("word/document.xml", content)
        body = root.find(W + "body")
        found: list[Paragraph] = []
        apart = False
        for paragraph in self._blocks(root if body is None else body):
            if paragraph.row is None and not paragraph.text.strip():
                if paragraph.after:
                    found.append(paragraph)
                apart = True
                continue
            paragraph.apart = apart
            apart = False
            found.append(paragraph)
        return found

    def plain_lines(self, content: bytes) -> list[str]:
        """The lines of a header or footer, page numbers' field results left in."""
        root = self._root("word/footer.xml", content)
        return [
            text for paragraph in self._blocks(root) if paragraph.row is None and (text := collapse(paragraph.text))
        ]

    def _root(self, part: str, content: bytes) -> Any:
        return parse_xml(self.name, part, content.replace(_STRICT.encode(), W[1:-1].encode()))

    def _read_styles(self, content: bytes | None) -> tuple[dict[str, Style], Style]:
        if content is None:
            return {}, Style()
        root = self._root("word/styles.xml", content)
        defaults = root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")
        base = Style(size=_size(defaults) or 10.0)
        elements = {element.get(W + "styleId", ""): element for element in root.iter(W + "style")}
        styles: dict[str, Style] = {}

        def resolve(style_id: str, seen: tuple[str, ...] = ()) -> Style:
            if style_id in styles:
                return styles[style_id]
            element = elements.get(style_id)
            if element is None or style_id in seen or len(seen) > 20:
                return base
            based = element.find(W + "basedOn")
            parent = resolve(based.get(W + "val", ""), (*seen, style_id)) if based is not None else base
            run, paragraph = element.find(W + "rPr"), element.find(W + "pPr")
            title = element.find(W + "name")
            outline = paragraph.find(W + "outlineLvl") if paragraph is not None else None
            bold = _flag(run, "b")
            style = replace(
                parent,
                name=(title.get(W + "val", "") if title is not None else "").lower(),
                size=_size(run) or parent.size,
                bold=parent.bold if bold is None else bold,
                centred=_centred(paragraph, parent.centred),
                outline=int(outline.get(W + "val", "9"))
                if outline is not None and outline.get(W + "val", "9").isdigit()
                else parent.outline,
                numbered=parent.numbered or (paragraph is not None and _numbered(paragraph) is True),
            )
            styles[style_id] = style
            return style

        for style_id in elements:
            resolve(style_id)
        usual = next(
            (
                styles[key]
                for key, element in elements.items()
                if element.get(W + "type") == "paragraph" and element.get(W + "default") in ("1", "true")
            ),
            base,
        )
        return styles, usual

    def _read_notes(self, kind: str, content: bytes | None) -> None:
        if content is None:
            return
        for note in self._root(f"word/{kind}s.xml", content).iter(W + kind):
            if note.get(W + "type") in ("separator", "continuationSeparator", "continuationNotice"):
                continue
            text = collapse(" ".join(paragraph.text for paragraph in self._blocks(note)))
            if text:
                self.notes[kind, note.get(W + "id", "")] = text

    def _blocks(self, parent: Any) -> Iterator[Paragraph]:
        for child in parent:
            if child.tag == W + "p":
                yield self._paragraph(child)
            elif child.tag == W + "tbl":
                yield from self._table(child)
            elif child.tag in (W + "del", W + "moveFrom"):
                self.deleted += 1
            elif child.tag == _MC + "AlternateContent":
                branch = _branch(child)
                if branch is not None:
                    yield from self._blocks(branch)
            elif child.tag not in _UNSEEN:
                yield from self._blocks(child)  # content controls, insertions, custom XML

    def _table(self, table: Any) -> Iterator[Paragraph]:
        for row in table.iterchildren(W + "tr", W + "sdt", W + "ins"):
            for inner in [row] if row.tag == W + "tr" else row.iter(W + "tr"):
                cells: list[list[str]] = []
                after: list[tuple[str, str]] = []
                for cell in inner.iter(W + "tc"):
                    if next(cell.iterancestors(W + "tr")) is not inner:
                        continue  # a nested table's cell: read with the cell round it
                    texts: list[str] = []
                    for paragraph in self._blocks(cell):
                        texts.extend(
                            text for inside in paragraph.row for text in inside
                        ) if paragraph.row else texts.append(paragraph.text)
                        after.extend(paragraph.after)
                    cells.append([collapse(text) for text in texts if text.strip()])
                if any(cells):
                    yield Paragraph("", "table", row=cells, after=after)

    def _paragraph(self, element: Any) -> Paragraph:
        properties = element.find(W + "pPr")
        style_id = ""
        if properties is not None and (named := properties.find(W + "pStyle")) is not None:
            style_id = named.get(W + "val", "")
        style = self.styles.get(style_id, self.default)
        runs = _Runs()
        self._walk(element, style, runs)
        text = "".join(runs.text)
        letters = sum(not char.isspace() for char in text)
        size = max(runs.sizes, key=lambda points: runs.sizes[points]) if runs.sizes else style.size
        own_outline = properties.find(W + "outlineLvl") if properties is not None else None
        outline = style.outline if own_outline is None else int(own_outline.get(W + "val", "9"))
        titled = style.name in ("title", "document title", "report title", "cover title")
        numbered = _numbered(properties) if properties is not None else None
        heading = (
            titled
            or style.name in ("subtitle",)
            or style.name.startswith("heading")
            or (outline is not None and outline < 9)
        )
        kind = (
            "heading"
            if heading
            else "quote"
            if "quote" in style.name
            else "caption"
            if style.name == "caption"
            else "item"
            if (style.numbered if numbered is None else numbered)
            else "paragraph"
        )
        return Paragraph(
            text,
            kind,
            size,
            letters > 0 and runs.bold >= 0.9 * letters,
            _centred(properties, style.centred),
            titled,
            style.name.startswith(("toc ", "table of figures")) or style.name == "toc heading",
            after=runs.after,
        )

    def _walk(self, parent: Any, style: Style, runs: _Runs) -> None:
        for child in parent:
            tag = child.tag
            if tag == W + "r":
                self._run(child, style, runs)
            elif tag in (W + "del", W + "moveFrom"):
                self.deleted += 1
            elif tag == _MC + "AlternateContent":
                branch = _branch(child)
                if branch is not None:
                    self._walk(branch, style, runs)
            elif tag in _BOXES:
                runs.after.extend(
                    (p.kind if p.kind != "table" else "paragraph", p.text) for p in self._blocks(child) if p.row is None
                )
            elif tag not in _UNSEEN:
                self._walk(child, style, runs)

    def _run(self, run: Any, style: Style, runs: _Runs) -> None:
        properties = run.find(W + "rPr")
        if _flag(properties, "vanish"):
            return
        text: list[str] = []
        for child in run:
            tag = child.tag
            if tag == W + "t":
                text.append(child.text or "")
            elif tag == W + "tab":
                text.append("\t")
            elif tag in (W + "br", W + "cr"):
                text.append("\n")
            elif tag == W + "noBreakHyphen":
                text.append("-")
            elif tag == W + "sym":
                text.append(_SYMBOLS.get(child.get(W + "char", "").upper(), ""))
            elif tag in (W + "footnoteReference", W + "endnoteReference"):
                kind = "footnote" if "footnote" in tag else "endnote"
                if note := self.notes.get((kind, child.get(W + "id", ""))):
                    runs.after.append(("note", note))
            elif tag == _MC + "AlternateContent":
                if (branch := _branch(child)) is not None:
                    self._walk(branch, style, runs)
            elif tag not in _UNSEEN and len(child):
                self._walk(child, style, runs)  # pictures with text boxes
        joined = "".join(text)
        letters = sum(not char.isspace() for char in joined)
        if letters:
            bold = _flag(properties, "b")
            runs.bold += letters if (style.bold if bold is None else bold) else 0
            size = _size(properties) or style.size
            runs.sizes[size] = runs.sizes.get(size, 0) + letters
        runs.text.append(joined)


def _branch(alternate: Any) -> Any:
    """One of the forms in which the same content is given."""
    choice = alternate.find(_MC + "Choice")
    return choice if choice is not None else alternate.find(_MC + "Fallback")


def _flag(properties: Any, name: str) -> bool | None:
    element = None if properties is None else properties.find(W + name)
    return None if element is None else element.get(W + "val", "1") not in ("0", "false", "off")


def _size(properties: Any) -> float:
    element = None if properties is None else properties.find(W + "sz")
    value = "" if element is None else element.get(W + "val", "")
    return int(value) / 2 if value.isdigit() else 0.0


def _centred(properties: Any, inherited: bool) -> bool:
    element = None if properties is None else properties.find(W + "jc")
    return inherited if element is None else element.get(W + "val") == "center"


def _numbered(properties: Any) -> bool | None:
    element = properties.find(f"{W}numPr/{W}numId")
    return None if element is None else element.get(W + "val", "0") != "0"


def _core(name: str, parts: dict[str, bytes]) -> tuple[str, str]:
    """Title and author of the file's properties, "" for what is junk."""
    content = parts.get("docProps/core.xml")
    if content is None:
        return "", ""
    found = {"title": "", "creator": ""}
    for element in parse_xml(name, "docProps/core.xml", content):
        key = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
        if key in found:
            found[key] = collapse(element.text or "")
    title, author = found["title"], found["creator"]
    return ("" if is_junk_title(title) else title), ("" if is_junk_name(author) else author)
