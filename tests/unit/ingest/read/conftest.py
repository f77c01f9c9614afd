"""What the tests of reading share."""

# Strategy: every file is made in its test, by a library that writes the format or byte by byte, and is
# read through the front door; each reading's offsets and characters are checked on the way.
from __future__ import annotations

import unicodedata
from collections.abc import Callable

import pytest

import settings as settings_module
from ingest.read import read_file
from records.model import BLOCKS, Reading
from settings import Settings

Read = Callable[[str, bytes], Reading]


@pytest.fixture(scope="session")
def settings() -> Settings:
    return settings_module.load()


def check_reading(reading: Reading) -> None:
    """What holds for every reading: blocks in order and exact, clean characters."""
    at = 0
    for block in reading.blocks:
        quote = reading.text[block.start : block.end]
        assert block.kind in BLOCKS
        assert quote and quote == " ".join(quote.split())
        assert block.start == at
        at = block.end + 2
    assert reading.text == "\n\n".join(reading.text[block.start : block.end] for block in reading.blocks)
    for char in reading.text.replace("\n", ""):
        assert unicodedata.category(char) not in ("Cc", "Cs", "Co", "Zl", "Zp"), repr(char)
        assert char not in "\u00a0\u00ad\u200b\ufeff\ufb01\ufb02\ufffd"
    assert unicodedata.is_normalized("NFC", reading.text)
    assert reading.metadata.title == " ".join(reading.metadata.title.split())
    assert reading.parser_version and reading.media_type


@pytest.fixture
def read(settings: Settings) -> Read:
    """Reads a file and checks what must hold for every reading."""

    def read_and_check(name: str, data: bytes) -> Reading:
        reading = read_file(name, data, settings)
        check_reading(reading)
        return reading

    return read_and_check


@pytest.fixture
def blocks() -> Callable[[Reading], list[tuple[str, str]]]:
    """(kind, text) of each block."""
    return lambda reading: [(block.kind, reading.text[block.start : block.end]) for block in reading.blocks]


@pytest.fixture(scope="session")
def check() -> Callable[[Reading], None]:
    """Checks what must hold for every reading."""
    return check_reading
