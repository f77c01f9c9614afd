"""Documents as numbered sentences: the form in which extraction is evaluated.

A file holds ``id``, ``title``, ``byline`` (names), ``date``, ``publisher``, ``licence``, ``sentences``
and for each its ``blocks`` entry: para, item, heading or quote; with ``+`` it goes on in the same block.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from errors import DamagedError
from records.model import Author, Block, Metadata, Span

KINDS = {"para": "paragraph", "item": "item", "heading": "heading", "quote": "quote"}


@dataclass(frozen=True, slots=True)
class Numbered:
    """The sentences laid out as one text: blocks parted by an empty line, sentences by a blank."""

    id: str
    text: str
    blocks: tuple[Block, ...]
    metadata: Metadata
    sentences: tuple[Span, ...]


def lay_out(row: dict[str, Any]) -> Numbered:
    """A document of numbered sentences as text, blocks and metadata.

    Raises KeyError or TypeError when a field is missing or of another type.
    """
    text = ""
    spans: list[Span] = []
    blocks: list[Block] = []
    sentences = row["sentences"]
    kinds = row.get("blocks") or ["para"] * len(sentences)
    if len(kinds) != len(sentences):
        raise TypeError(f"{len(sentences)} sentences but {len(kinds)} blocks")
    for sentence, kind in zip(sentences, kinds, strict=True):
        goes_on = kind.endswith("+") and bool(blocks)
        if text:
            text += " " if goes_on else "\n\n"
        start = len(text)
        text += sentence
        spans.append(Span(start, len(text)))
        if goes_on:
            blocks[-1] = Block(blocks[-1].kind, blocks[-1].start, len(text))
        else:
            blocks.append(Block(KINDS[kind.rstrip("+")], start, len(text)))
    metadata = Metadata(
        title=row.get("title") or "",
        authors=tuple(Author(name) for name in row.get("byline") or ()),
        publisher=row.get("publisher") or "",
        date=row.get("date") or "",
        licence=row.get("licence") or "",
        language="en",
    )
    return Numbered(row["id"], text, tuple(blocks), metadata, tuple(spans))


def read_numbered(path: Path) -> Numbered:
    """Reads one file. Raises DamagedError that names it."""
    try:
        return lay_out(json.loads(path.read_text("utf-8")))
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise DamagedError(path.name, f"not a document of numbered sentences ({problem!r})") from problem
