"""The folder of originals: each file under the SHA-256 of its bytes, written once."""
from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

from errors import NotFoundError, RecordsError

INCOMING = "incoming"  # where files are written before they get their name
LEFT_OVER_SECONDS = 24 * 3600.0  # an incoming file of this age belongs to no living process


def hash_of(data: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


class Originals:
    """Content-addressed files: ``ab/abcdef...`` holds the bytes with that SHA-256."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, version: str) -> Path:
        """Where the original with this SHA-256 lies. Raises NotFoundError for what is no hash."""
        if len(version) != 64 or not set(version) <= set("0123456789abcdef"):
            raise NotFoundError(f"{version!r} is not the hash of an original")
        return self.folder / version[:2] / version

    def write(self, data: bytes) -> str:
        """Store the bytes durably and return their SHA-256. An original that is there stays untouched.

        Raises RecordsError when the disk refuses, or when what lies there is of another size.
        """
        version = hash_of(data)
        path = self.path(version)
        try:
            if path.exists():
                if path.stat().st_size != len(data):
                    raise RecordsError(f"the original {path} is damaged: its size is not that of its content")
                return version
            incoming = self.folder / INCOMING
            incoming.mkdir(parents=True, exist_ok=True)
            path.parent.mkdir(exist_ok=True)
            temporary = incoming / f"{version}.{os.getpid()}.{time.monotonic_ns()}"
            try:
                with temporary.open("xb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                temporary.replace(path)
            finally:
                temporary.unlink(missing_ok=True)
            sync_folder(path.parent)
            sync_folder(self.folder)
        except OSError as problem:
            raise RecordsError(f"the original {path} cannot be written: {problem.strerror}") from problem
        return version

    def read(self, version: str) -> bytes:
        """The original's bytes. Raises NotFoundError when it is missing, RecordsError when it is damaged."""
        path = self.path(version)
        try:
            data = path.read_bytes()
        except FileNotFoundError as problem:
            raise NotFoundError(f"the original {version} is not in {self.folder}") from problem
        except OSError as problem:
            raise RecordsError(f"the original {path} cannot be read: {problem.strerror}") from problem
        if hash_of(data) != version:
            raise RecordsError(f"the original {path} is damaged: its content does not fit its name")
        return data

    def all(self) -> Iterator[str]:
        """The hashes of all originals in the folder, in order."""
        if self.folder.is_dir():
            for folder in sorted(self.folder.iterdir()):
                if folder.is_dir() and len(folder.name) == 2:
                    yield from sorted(each.name for each in folder.iterdir())

    def sweep(self) -> int:
        """Remove incoming files that a killed process left a day ago or longer; returns how many."""
        removed = 0
        incoming = self.folder / INCOMING
        if incoming.is_dir():
            for path in incoming.iterdir():
                try:
                    if time.time() - path.stat().st_mtime > LEFT_OVER_SECONDS:
                        path.unlink()
                        removed += 1
                except FileNotFoundError:
                    continue  # another process swept it, or it has just got its name
        return removed


def sync_folder(folder: Path) -> None:
    """Make a rename in the folder durable. Windows has no such call and needs none."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
