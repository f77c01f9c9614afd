"""A reading in the making: pieces of text in reading order, then one text with exact offsets."""
from __future__ import annotations

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
