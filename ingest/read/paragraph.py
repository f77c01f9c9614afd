"""Paragraphs of word processors (DOCX, ODT) with what their look says, and blocks out of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest.read.cover import Line
from ingest.read.draft import Draft, row_blocks
from ingest.text import collapse

_CAPTION = re.compile(
    r"(?:figure|fig\.|table|chart|exhibit|box|map|image|photo|source|illustration)\s*(?:\d+|"
    r"[A-Z]\b)?[\d.]*\s*[:.–—-]\s*\S",
    re.I,
)
_CONTENTS = re.compile(r"(?:table of )?contents|list of (?:figures|tables|exhibits|boxes)", re.I)
_ENTRY = re.compile(r".{2,200}?(?:\s*\.{3,}\s*|\s*(?:\.\s){3,}\s*|\s*…+\s*|\t+\s*)(?:\d{1,3}|[ivxl]{1,6})\s*$", re.S)
_SENTENCE = re.compile(r"[.!?:;,][”\"')\]]*$")
LONGEST_HEADING = 20  # words


@dataclass(slots=True)
class Paragraph:
    """A paragraph before it is a block. ``size`` in points (0: not known), ``apart``: blank lines stand before it."""

    text: str
    kind: str = "paragraph"
    size: float = 0.0
    bold: bool = False
    centred: bool = False
    title: bool = False  # in the style of a title
    contents: bool = False  # in the style of a table of contents
    apart: bool = False
    row: list[list[str]] | None = None  # the cells' paragraphs of a table row, instead of a text
    after: list[tuple[str, str]] = field(default_factory=list)  # (kind, text) of notes and boxes anchored in it


def body_size(paragraphs: Sequence[Paragraph]) -> float:
    """The size, in points, in which most of the text is set."""
    sizes: Counter[float] = Counter()
    for paragraph in paragraphs:
        if paragraph.size:
            sizes[paragraph.size] += len(paragraph.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def add_paragraphs(draft: Draft, paragraphs: Sequence[Paragraph]) -> None:
    """Blocks of the paragraphs in order, without tables of contents; headings are known by style or look."""
    usual = body_size(paragraphs)
    skipped = _contents(paragraphs)
    if skipped:
        draft.notes.append(f"left out: a table of contents of {len(skipped)} lines")
    for number, paragraph in enumerate(paragraphs):
        if number in skipped:
            continue
        if (
            number
            and paragraph.title
            and paragraphs[number - 1].title
            and not paragraphs[number - 1].after
            and draft.pieces
        ):
            draft.pieces[-1].text += " " + collapse(paragraph.text)  # one title in two paragraphs
            continue
        if paragraph.row is not None:
            for kind, text in row_blocks(paragraph.row):
                draft.add(kind, text)
        else:
            draft.add(_kind(paragraph, usual), paragraph.text)
        for kind, text in paragraph.after:
            draft.add(kind, text)


def _kind(paragraph: Paragraph, usual: float) -> str:
    text = collapse(paragraph.text)
    words = len(text.split())
    if paragraph.kind == "heading":
        return (
            "paragraph"
            if words > LONGEST_HEADING and text.endswith((".", "!", "?")) and not paragraph.title
            else "heading"
        )
    if paragraph.kind != "paragraph":
        return paragraph.kind
    if _CAPTION.match(text) and words <= 60:
        return "caption"
    if (
        words <= LONGEST_HEADING
        and not _SENTENCE.search(text)
        and (paragraph.bold or (usual and paragraph.size > usual + 0.9))
    ):
        return "heading"
    return "paragraph"


def _contents(paragraphs: Sequence[Paragraph]) -> set[int]:
    """Numbers of the paragraphs that make a table of contents: by style, or three typed entries in a row."""
    found = {n for n, paragraph in enumerate(paragraphs) if paragraph.contents}
    run: list[int] = []
    for number, paragraph in enumerate([*paragraphs, Paragraph("x")]):
        if paragraph.row is None and _ENTRY.fullmatch(paragraph.text.strip()):
            run.append(number)
        else:
            if len(run) >= 3:
                found.update(run)
            run = []
    for number in sorted(found):
        if number and number - 1 not in found and _CONTENTS.fullmatch(collapse(paragraphs[number - 1].text)):
            found.add(number - 1)
    return found


def cover_lines(paragraphs: Sequence[Paragraph], limit: int = 40) -> list[Line]:
    """The first paragraphs as lines of a title page."""
    return [
        Line(
            text,
            paragraph.size,
            paragraph.bold,
            paragraph.apart,
            title=paragraph.title,
            heading=paragraph.kind == "heading",
        )
        for paragraph in paragraphs[:limit]
        if paragraph.row is None and (text := collapse(paragraph.text))
    ]
