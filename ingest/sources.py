"""What a person names to be taken in, files, folders and addresses, as single sources in a fixed order."""
from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from errors import AddressError, DamagedError, DocumentError, TooLargeError
from ingest.read.format import SUFFIXES, suffix_of
from settings import Settings


@dataclass(frozen=True, slots=True)
class Loaded:
    """The bytes of one source and what is known about them."""

    name: str  # as the person knows it: the path given, or the address
    filename: str
    data: bytes
    address: str = ""  # where it was read from, after redirects

    @property
    def sha256(self) -> str:
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

    def load(self, settings: Settings) -> Loaded:
        """The bytes. Raises DocumentError: TooLargeError, AddressError, DamagedError."""
        if self.path is None:
            from ingest.address import fetch

            fetched = fetch(self.address, settings)
            return Loaded(self.name, fetched.address, fetched.data, fetched.address)
        with _said(self.name):
            self._check_size(settings)
            return Loaded(self.name, self.path.name, self.path.read_bytes())

    def _check_size(self, settings: Settings) -> None:
        assert self.path is not None
        if not self.path.is_file():
            raise DamagedError(self.name, "it is not a file" if self.path.exists() else "there is no such file")
        size = self.path.stat().st_size
        if size > settings.document_mb << 20:
            raise TooLargeError(
                self.name, f"it has {size / (1 << 20):.0f} MiB; files up to {settings.document_mb} MiB are read"
            )


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
