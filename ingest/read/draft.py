"""A reading in the making: pieces of text in reading order, then one text with exact offsets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest.text import collapse
from records.model import BLOCKS, Block

SEPARATOR = "\n\n"


@dataclass(slots=True)
class Piece:
    """One block before it has its place in the text."""

    kind: str
    text: str
    page: int | None = None


@dataclass(slots=True)
class Draft:
    """Collects pieces in reading order; ``build`` gives the text and its blocks."""

    pieces: list[Piece] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)  # what was left out and why

    def add(self, kind: str, text: str, page: int | None = None) -> None:
        """Add a piece unless it has no letter or digit; its characters and white space are put right here."""
        if kind not in BLOCKS:
            raise ValueError(f"{kind} is not a kind of block")
        text = collapse(text)
        if any(char.isalnum() for char in text):
            self.pieces.append(Piece(kind, text, page))

    def build(self) -> tuple[str, tuple[Block, ...]]:
        """The one text, and the blocks with offsets into it."""
        blocks, at = [], 0
        for piece in self.pieces:
            blocks.append(Block(piece.kind, at, at + len(piece.text), piece.page))
            at += len(piece.text) + len(SEPARATOR)
        return SEPARATOR.join(piece.text for piece in self.pieces), tuple(blocks)


def row_blocks(cells: Sequence[Sequence[str]]) -> list[tuple[str, str]]:
    """(kind, text) of a table row's cells, each a list of paragraphs.

    One block a row, its cells parted by " | "; but cell by cell where a cell holds running text, as
    in tables that only serve the layout. Sentences in such cells are paragraphs like any other.
    """
    filled = [texts for texts in ([text for text in cell if text.strip()] for cell in cells) if texts]
    longest = max((len(text.split()) for cell in filled for text in cell), default=0)
    if len(filled) == 1 or longest > 40 or sum(len(cell) for cell in filled) > 2 * len(filled):
        return [("paragraph" if _is_sentence(text) else "table", text) for cell in filled for text in cell]
    return [("table", " | ".join(" ".join(cell) for cell in filled))] if filled else []


def _is_sentence(text: str) -> bool:
    return len(text.split()) >= 6 and re.search(r"[.!?:;][”\"’')\]]*$", text.rstrip()) is not None
