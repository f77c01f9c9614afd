# Strategy: the language model is loaded once for all tests of this folder; tests write their own
# short texts, so that nothing of anybody else's is kept here.
from __future__ import annotations

from collections.abc import Callable

import pytest

import settings
from ingest.extractor import Extractor, load
from records.model import Block, Extraction, Metadata


@pytest.fixture(scope="session")
def extractor() -> Extractor:
    return load(settings.load())


def lay_out(*paragraphs: str) -> tuple[str, tuple[Block, ...]]:
    """Paragraphs parted by an empty line, with their blocks; one that starts with "# " is a heading, "> " a quote."""
    text = ""
    blocks = []
    for paragraph in paragraphs:
        kind = "heading" if paragraph.startswith("# ") else "quote" if paragraph.startswith("> ") else "paragraph"
        paragraph = paragraph.removeprefix("# ").removeprefix("> ")
        text += "\n\n" if text else ""
        blocks.append(Block(kind, len(text), len(text) + len(paragraph)))
        text += paragraph
    return text, tuple(blocks)


@pytest.fixture
def extract(extractor: Extractor) -> Callable[..., Extraction]:
    def run(*paragraphs: str, metadata: Metadata | None = None) -> Extraction:
        text, blocks = lay_out(*paragraphs)
        return extractor.extract(text, blocks, metadata or Metadata())

    return run
