"""Characters: from bytes to text, and from a file's text to the stored text's characters.

The stored text is NFC, has no control, zero-width or private characters, no ligatures and no
soft hyphens; inside a block white space is one plain space. All else stays as the file has it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st"}
_ZERO_WIDTH = (
    0xAD,
    0x61C,
    0x180E,
    0x200B,
    0x200C,
    0x200E,
    0x200F,
    *range(0x202A, 0x202F),
    *range(0x2060, 0x2070),
    0xFEFF,
    0xFFF9,
    0xFFFA,
    0xFFFB,
    0xFFFC,
    0xFFFD,
    0xFFFE,
    0xFFFF,
)
_BULLETS = (0xF0A7, 0xF0A8, 0xF0B7, 0xF0D8, 0xF0FC)  # Symbol and Wingdings, as Word and PDF writers map them
_TABLE: dict[int, str | None] = {
    **dict.fromkeys((*range(9), *range(14, 32), *range(127, 133), *range(134, 160))),
    **dict.fromkeys((11, 12, 133, 160, 5760, *range(8192, 8203), 8232, 8233, 8239, 8287, 12288), " "),
    **LIGATURES,
    **dict.fromkeys(_ZERO_WIDTH),
    **dict.fromkeys(_BULLETS, "•"),
}
_PRIVATE = re.compile("[\ud800-\udfff\ue000-\uf8ff\U000f0000-\U0010ffff]")
_JOINER = re.compile("(?<![\U0001f000-\U0001faff\u2600-\u27bf\ufe0f])\u200d")  # stays only inside emoji
_SPACES = re.compile(r"[ \t\f\v]+")
_BAD_UTF8 = re.compile("[\udc80-\udcff]")
# What a text file may hold below the blank: tab, line ends, form feed, escape, and DOS's end of file.
_BINARY = bytes(code for code in range(0x20) if code not in (0x08, 0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x1A, 0x1B))


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, the encoding it was read in, and what had to be left out (a plain sentence, or "")."""

    text: str
    encoding: str
    note: str = ""


def looks_binary(data: bytes) -> bool:
    """Whether bytes cannot be a text in any encoding that is read here."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    head = data[:65536]
    if _utf16_without_mark(head):
        return False
    if b"\0" in head:
        return True
    odd = len(head) - len(head.translate(None, _BINARY))
    return odd > len(head) // 200 + 2


def _utf16_without_mark(head: bytes) -> str:
    """``utf-16-le`` or ``utf-16-be`` when nearly every other byte is zero, else ""."""
    half = len(head) // 2
    if half < 8:
        return ""
    even, odd = head[0 : 2 * half : 2].count(0), head[1 : 2 * half : 2].count(0)
    if odd > 0.7 * half and even < 0.05 * half:
        return "utf-16-le"
    if even > 0.7 * half and odd < 0.05 * half:
        return "utf-16-be"
    return ""


def decode(data: bytes, declared: str = "") -> Decoded:
    """Text of bytes: byte order mark, declared encoding, UTF-8, Windows-1252, then a guess.

    Windows-1252 comes before the guess, which takes its curly quotes for another code page. A
    text that is UTF-8 but for a few bytes is read as UTF-8 without them. Raises
    UnicodeDecodeError when nothing fits.
    """
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            try:
                return Decoded(data.decode(encoding), encoding)
            except UnicodeDecodeError:
                if encoding == "utf-16":
                    return Decoded(
                        data.decode(encoding, "ignore"), encoding, "some bytes are not UTF-16 and were left out"
                    )
    if silent := _utf16_without_mark(data[:65536]):
        return Decoded(data.decode(silent, "ignore"), silent)
    for encoding in (_codec(declared), "utf-8"):
        if encoding:
            try:
                return Decoded(data.decode(encoding), encoding)
            except (UnicodeDecodeError, LookupError, ValueError):
                pass
    mixed = data.decode("utf-8", "surrogateescape")
    bad = len(_BAD_UTF8.findall(mixed))
    good = sum(1 for char in mixed if char > "\x7f") - bad
    if good > 3 * bad:
        return Decoded(_BAD_UTF8.sub("", mixed), "utf-8", f"{bad} bytes are not UTF-8 and were left out")
    try:
        return Decoded(data.decode("cp1252"), "cp1252")
    except UnicodeDecodeError:
        pass
    from charset_normalizer import from_bytes  # late: seldom needed

    best = from_bytes(data[:200_000]).best()
    if best is None:
        raise UnicodeDecodeError("utf-8", data[:1], 0, 1, "no encoding fits")
    return Decoded(data.decode(best.encoding, "ignore"), best.encoding, f"its encoding is a guess: {best.encoding}")


def _codec(declared: str) -> str:
    """The codec for a declared name. Web pages that say ISO 8859-1 mean Windows-1252 (WHATWG Encoding Standard)."""
    name = declared.strip().strip("\"'").lower()
    if name in ("iso-8859-1", "latin-1", "latin1", "iso8859-1", "ascii", "us-ascii"):
        return "cp1252"
    return name if re.fullmatch(r"[a-z0-9_.:-]{2,40}", name) and name not in ("utf-7", "idna", "punycode") else ""


def clean(text: str) -> str:
    """The stored text's characters for a piece of a file's text; line ends and tabs stay."""
    if text.isascii():
        return text if text.isprintable() else text.translate(_TABLE)
    text = text.translate(_TABLE)
    if "\u200d" in text:
        text = _JOINER.sub("", text)
    return unicodedata.normalize("NFC", _PRIVATE.sub("", text))


def collapse(text: str) -> str:
    """One block's text: clean, in one line, with single blanks and none at the ends."""
    return " ".join(clean(text).split())
