"""Reads a file of any format that is known here into one plain text with exact offsets and metadata."""

from __future__ import annotations

import stat
from dataclasses import replace
from importlib import import_module
from itertools import islice
from pathlib import Path

from errors import DamagedError, DocumentError, EmptyTextError, LanguageError, TooLargeError, UnsupportedError
from ingest.language import READ_HERE, SHORT, detect, name_of
from ingest.read.draft import Draft
from ingest.read.format import FORMATS
from ingest.read.format import detect as detect_format
from ingest.text import collapse
from records.model import Author, Metadata, Reading
from settings import Settings

__all__ = ["FORMATS", "parser_version", "read_bytes", "read_file"]

_COMMON_VERSION = "1"  # raise it when what is shared by all formats changes the text
_MODULES = {"html": "html", "pdf": "pdf", "docx": "docx", "odt": "odt", "markdown": "markdown", "text": "plain"}
FEWEST_WORDS = 3


def read_bytes(path: Path, settings: Settings) -> bytes:
    """The bytes of a file.

    Raises UnsupportedError for a folder or device, TooLargeError above ``settings.document_mb``, and
    DocumentError where the file cannot be opened.
    """
    name = path.name or str(path)
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise UnsupportedError(name, "it is a folder, not a file")
        if not stat.S_ISREG(status.st_mode):
            raise UnsupportedError(name, "it is no regular file")
        _check_size(name, status.st_size, settings)
        return path.read_bytes()
    except FileNotFoundError as problem:
        raise DocumentError(name, "there is no such file") from problem
    except OSError as problem:
        raise DocumentError(name, f"it cannot be opened: {problem.strerror}") from problem


def read_file(name: str, data: bytes, settings: Settings, address: str = "", media_type: str = "") -> Reading:
    """The reading of one file. ``address``: where it was fetched from; ``media_type``: what a server declared.

    Offsets of blocks are code points of ``Reading.text``. Raises a DocumentError, which names the
    file and the reason in plain words, for every file that cannot be read; never anything else.
    """
    _check_size(name, len(data), settings)
    kind = detect_format(name, data, media_type.partition(";")[0].strip().lower())
    module = import_module(f"ingest.read.{_MODULES[kind]}")
    try:
        draft, metadata = module.read(name, data, settings, **({"media_type": media_type} if kind == "html" else {}))
    except DocumentError:
        raise
    except RecursionError as problem:
        raise DamagedError(name, "its parts are nested too deeply") from problem
    except MemoryError as problem:
        raise TooLargeError(name, "it needs more memory than there is") from problem
    except Exception as problem:  # a parser's own failure on a file that nobody foresaw
        raise DamagedError(
            name, f"it cannot be read as {kind.upper()}: it is damaged or of an unusual kind"
        ) from problem
    return _finish(name, kind, draft, metadata, parser_version(kind), address)


def parser_version(parser: str) -> str:
    """The version of a parser (a key of FORMATS) that would read a file now; "" for one that is no more."""
    return f"{_COMMON_VERSION}.{import_module(f'ingest.read.{_MODULES[parser]}').VERSION}" if parser in _MODULES else ""


def _check_size(name: str, size: int, settings: Settings) -> None:
    if size > settings.document_mb * 2**20:
        raise TooLargeError(name, f"it has {size / 2**20:,.0f} MiB; at most {settings.document_mb:,} MiB are read")


def _finish(name: str, kind: str, draft: Draft, metadata: Metadata, version: str, address: str) -> Reading:
    text, blocks = draft.build()
    if len(list(islice((word for word in text.split() if any(map(str.isalpha, word))), FEWEST_WORDS))) < FEWEST_WORDS:
        raise EmptyTextError(name, "it has no text")
    notes = list(draft.notes)
    language = detect(text)
    if language and language != READ_HERE:
        if len(text) >= SHORT:
            raise LanguageError(name, f"its text is in {name_of(language)}; only English is read")
        language = ""
    if not language:
        notes.append("its language is not sure (the text is short or mixed); it was read as English")
    metadata = _clean(replace(metadata, language=language or READ_HERE, address=metadata.address or address))
    return Reading(text, blocks, metadata, kind, version, FORMATS[kind], tuple(notes))


def _clean(metadata: Metadata) -> Metadata:
    authors = tuple(
        Author(collapse(author.name), collapse(author.affiliation), collapse(author.position), author.kind)
        for author in metadata.authors
        if author.name.strip()
    )
    return replace(
        metadata,
        title=collapse(metadata.title)[:500],
        authors=tuple(dict.fromkeys(authors)),
        publisher=collapse(metadata.publisher)[:300],
        licence=collapse(metadata.licence)[:300],
        address=collapse(metadata.address)[:2000],
    )
