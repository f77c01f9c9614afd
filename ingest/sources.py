"""What a person names to be taken in, files, folders and addresses, as single sources in a fixed order."""
from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from errors import AddressError, DamagedError, DocumentError, TooLargeError
from ingest.read.format import SUFFIXES, suffix_of
from records.model import Reading
from settings import Settings


@dataclass(frozen=True, slots=True)
class Work:
    """One document to read and extract; with ``reading``, one whose stored text is extracted again."""

    name: str  # as the person knows it: the path given, or the address
    filename: str
    data: bytes = b""
    source_address: str = ""  # "file:" + path, or the address after redirects
    address: str = ""  # where it was fetched from; "" for a file
    media_type: str = ""  # as a server declared it
    reading: Reading | None = None
    document_id: str = ""  # with ``reading``: whose it is
    text_id: str = ""

    @property
    def size(self) -> int:
        """Bytes, or characters of the stored text."""
        return len(self.data) if self.reading is None else len(self.reading.text)

    @property
    def sha256(self) -> str:
        """Hash of the original."""
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True, slots=True)
class Source:
    """A file (``path``) or an address, not yet read."""

    name: str
    path: Path | None = None
    address: str = ""

    def digest(self, settings: Settings) -> str:
        """SHA-256 of a file's bytes, read piece by piece. Raises DocumentError when it cannot be read."""
        if self.path is None:
            raise ValueError("an address has no digest before it is fetched")
        with _said(self.name):
            self._check_size(settings)
            with self.path.open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()

    @property
    def source_address(self) -> str:
        """What the records keep as the place that it came from."""
        return self.address if self.path is None else f"file:{os.path.realpath(self.path)}"

    def load(self, settings: Settings) -> Work:
        """The source with its bytes. Raises DocumentError: TooLargeError, AddressError, DamagedError."""
        if self.path is None:
            from ingest.address import fetch

            fetched = fetch(self.address, settings)
            return Work(self.name, filename_of(fetched.address), fetched.data, fetched.address, fetched.address,
                        fetched.media_type)
        with _said(self.name):
            self._check_size(settings)
            return Work(self.name, self.path.name, self.path.read_bytes(), self.source_address)

    def _check_size(self, settings: Settings) -> None:
        assert self.path is not None
        if not self.path.is_file():
            raise DamagedError(self.name, "it is not a file" if self.path.exists() else "there is no such file")
        size = self.path.stat().st_size
        if size > settings.document_mb << 20:
            raise TooLargeError(
                self.name, f"it has {size / (1 << 20):.0f} MiB; files up to {settings.document_mb} MiB are read"
            )


def filename_of(address: str) -> str:
    """The last part of an address's path, or its host."""
    parts = urlsplit(address)
    return unquote(parts.path.rstrip("/").rpartition("/")[2]) or parts.hostname or address


class _said:  # noqa: N801 (used like a function)
    """A file that cannot be opened becomes a DocumentError with the system's reason."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, problem: BaseException | None, _: object) -> None:
        if isinstance(problem, OSError):
            raise DamagedError(self.name, f"it cannot be opened: {problem.strerror or problem}") from problem


@dataclass(frozen=True, slots=True)
class Sources:
    """All that was found: ``wanted`` in order, ``passed_over`` files of a folder, ``missing`` ones as errors."""

    wanted: tuple[Source, ...]
    passed_over: tuple[str, ...]
    missing: tuple[DocumentError, ...]


def collect(arguments: Iterable[str]) -> Sources:
    """Sources of paths and addresses. Each file comes once, folders are walked in the order of names.

    In folders, files of formats that are not read here are passed over, and so is what is hidden;
    links to folders are not followed. A file that is named itself is always wanted: reading it says
    what is wrong with it.
    """
    wanted: dict[str, Source] = {}
    passed_over: list[str] = []
    missing: list[DocumentError] = []
    for argument in arguments:
        if "://" in argument:
            if argument.lower().startswith(("http://", "https://")):
                wanted.setdefault(argument, Source(argument, address=argument))
            else:
                missing.append(AddressError(argument, "only http and https addresses are read"))
            continue
        path = Path(argument)
        if path.is_dir():
            for file in _files_in(path):
                if suffix_of(file.name) in SUFFIXES:
                    wanted.setdefault(os.path.realpath(file), Source(str(file), file))
                else:
                    passed_over.append(str(file))
        elif path.exists():
            wanted.setdefault(os.path.realpath(path), Source(argument, path))
        else:
            missing.append(DamagedError(argument, "there is no such file or folder"))
    return Sources(tuple(wanted.values()), tuple(passed_over), tuple(missing))


def _files_in(folder: Path) -> Iterator[Path]:
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if not name.startswith("."):
                yield Path(place, name)
