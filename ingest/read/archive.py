"""ZIP containers (DOCX, ODT): checked whole before a parser sees them."""

from __future__ import annotations

import re
import zipfile
import zlib
from io import BytesIO

from errors import DamagedError, EncryptedError, TooLargeError
from settings import Settings

MEMBERS = 10_000
RATIO = 300  # XML deflates by 10 to 30; a bomb by 1,000
SMALL = 20 * 2**20  # below this many bytes no ratio is a danger
_ENTITIES = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.I)


def open_archive(name: str, data: bytes, settings: Settings) -> dict[str, bytes]:
    """The archive's XML members by name, after every member was really inflated and checked.

    Raises TooLargeError for a ZIP bomb (declared or real size, or ratio), EncryptedError for locked
    members, DamagedError for truncated or corrupt ones and for XML with entity declarations, which
    word processors never write and which can be made to expand without end.
    """
    limit = 4 * settings.document_mb * 2**20
    parts: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            infos = archive.infolist()
            if len(infos) > MEMBERS:
                raise TooLargeError(name, f"its archive holds {len(infos):,} files; at most {MEMBERS:,} are read")
            _check_declared(name, infos, len(data), limit)
            total = 0
            for info in infos:
                if info.is_dir():
                    continue
                content, size = _inflate(name, archive, info, limit - total)
                total += size
                if content is not None:
                    parts[info.filename] = content
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, KeyError) as problem:
        raise DamagedError(name, "it is truncated or damaged: its archive cannot be unpacked") from problem
    except RuntimeError as problem:  # what zipfile says of a locked member
        raise EncryptedError(name, "it is locked with a password; save it without one") from problem
    for member, content in parts.items():
        if _ENTITIES.search(content) or _ENTITIES.search(content.replace(b"\0", b"")):
            raise DamagedError(name, f"its part {member} declares XML entities, which no word processor writes")
    return parts


def _check_declared(name: str, infos: list[zipfile.ZipInfo], packed: int, limit: int) -> None:
    declared = sum(info.file_size for info in infos)
    if declared > limit:
        raise TooLargeError(name, f"it would unpack to {declared // 2**20:,} MiB; at most {limit // 2**20:,} are read")
    if declared > SMALL and declared > RATIO * max(packed, 1):
        raise TooLargeError(name, f"it would unpack to {declared // max(packed, 1):,} times its size: a ZIP bomb")


def _inflate(name: str, archive: zipfile.ZipFile, info: zipfile.ZipInfo, limit: int) -> tuple[bytes | None, int]:
    """A member's bytes (None unless it is XML) and their number. The declared size is not believed."""
    xml = info.filename.endswith((".xml", ".rels"))
    kept: list[bytes] = []
    size = 0
    with archive.open(info) as stream:
        while chunk := stream.read(1 << 20):
            size += len(chunk)
            if size > limit or (size > SMALL and size > RATIO * max(info.compress_size, 1)):
                raise TooLargeError(name, f"its part {info.filename} unpacks to more than is read here: a ZIP bomb")
            if xml:
                kept.append(chunk)
    return (b"".join(kept) if xml else None), size
