"""Which format a file has: by its content first, then by its name."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from errors import DamagedError, EmptyTextError, EncryptedError, UnsupportedError
from ingest.text import looks_binary

FORMATS = {
    "html": "text/html",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "odt": "application/vnd.oasis.opendocument.text",
    "markdown": "text/markdown",
    "text": "text/plain",
}
TITLES = {
    "html": "an HTML page",
    "pdf": "a PDF",
    "docx": "a Word document (DOCX)",
    "odt": "an OpenDocument text (ODT)",
    "markdown": "a Markdown text",
    "text": "a plain text",
}
READABLE = "HTML, PDF, DOCX, ODT, Markdown and plain text are read"
SUFFIXES = {
    "htm": "html",
    "html": "html",
    "xhtml": "html",
    "pdf": "pdf",
    "docx": "docx",
    "docm": "docx",
    "dotx": "docx",
    "odt": "odt",
    "ott": "odt",
    "md": "markdown",
    "markdown": "markdown",
    "mdown": "markdown",
    "mkd": "markdown",
    "qmd": "markdown",
    "rmd": "markdown",
    "txt": "text",
    "text": "text",
}
# Texts of other kinds, which would read as nonsense.
FOREIGN = frozenset(
    [
        "csv", "tsv", "json", "jsonl", "xml", "yaml", "yml", "toml", "ini", "cfg", "log", "tex", "bib", "rtf", "ttl",
        "rdf", "sql", "css", "js", "ts", "py", "rb", "java", "c", "h", "cpp", "go", "rs", "sh", "bat", "eml", "ics",
        "vcf", "srt", "svg", "ipynb",
    ]
)
_MAGIC = (
    (b"{\\rtf", "an RTF document"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"II*\0", "a TIFF picture"),
    (b"MM\0*", "a TIFF picture"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"Rar!", "a RAR archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"SQLite format 3", "an SQLite database"),
    (b"%!PS", "a PostScript file"),
    (b"ID3", "a sound file"),
    (b"OggS", "a sound file"),
    (b"RIFF", "a sound, film or picture file"),
    (b"\0\0\0\x1cftyp", "a film"),
    (b"wOFF", "a font"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body)\b", re.I)
_TAGS = re.compile(rb"<(?:p|div|h[1-6]|article|section|main|table|ul|ol|span|title|meta)\b[^>]*>", re.I)
_XML = re.compile(rb"^\s*<\?xml\b")
_FRONT = re.compile(rb"^(?:---[ \t]*\r?\n.*?^---[ \t]*\r?$|\+\+\+[ \t]*\r?\n.*?^\+\+\+[ \t]*\r?$)", re.S | re.M)


def suffix_of(name: str) -> str:
    """The name's ending in small letters, without its dot."""
    return PurePosixPath(name.replace("\\", "/").lower()).suffix[1:]


def detect(name: str, data: bytes, media_type: str = "") -> str:
    """A key of FORMATS. ``media_type``: what a server declared, for addresses whose name has no known ending.

    Raises EmptyTextError for no bytes, EncryptedError for a locked Word file, DamagedError for a
    file that is not what its name says, UnsupportedError for any other format.
    """
    if not data.strip(b"\0 \t\r\n"):
        raise EmptyTextError(name, "the file is empty" if not data else "the file holds only blanks or zero bytes")
    named = SUFFIXES.get(suffix_of(name), "")
    found = _by_content(name, data)
    if found in ("pdf", "docx", "odt"):
        if named and named != found:
            raise DamagedError(name, f"its name says {TITLES[named]}, but it is {TITLES[found]}")
        return found
    if named in ("pdf", "docx", "odt"):
        what = TITLES["html"] if found == "html" else "something else"
        raise DamagedError(name, f"its name says {TITLES[named]}, but its content is {what}")
    if found == "html":
        return found
    if named in ("markdown", "text"):
        return named
    if suffix_of(name) in FOREIGN:
        raise UnsupportedError(name, f"{suffix_of(name).upper()} is not a format that is read here; {READABLE}")
    if _XML.match(data[:200]):
        raise UnsupportedError(name, f"it is an XML file, which is not read here; {READABLE}")
    if named == "html" or (len(_TAGS.findall(data[:4096])) >= 3 and not _FRONT.match(data)):
        return "html"
    if media_type == "text/markdown" or _FRONT.match(data[:20_000]):
        return "markdown"
    return "text"


def _by_content(name: str, data: bytes) -> str:
    """pdf, docx, odt or html by content; "" for another text. Raises for all that is neither."""
    head = data[:1024]
    if b"%PDF-" in head and not _HTML.search(head[: head.index(b"%PDF-")]):
        return "pdf"
    if data.startswith(_ZIP):
        return _zip_kind(name, data)
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise EncryptedError(name, "it is locked with a password; save it without one")
        raise UnsupportedError(name, "it is an old Microsoft Office file (.doc, .xls or .ppt); save it as DOCX or PDF")
    for magic, title in _MAGIC:
        if data.startswith(magic):
            raise UnsupportedError(name, f"it is {title}, which is not read here; {READABLE}")
    if looks_binary(data):
        raise DamagedError(name, f"it is not a text: its bytes are of no format that is known here; {READABLE}")
    plain = data[:4096].replace(b"\0", b"")  # UTF-16 tags are found without its zero bytes
    if _FRONT.match(data[:20_000]):
        return ""
    if (match := _HTML.search(plain)) and _prologue(plain[: match.start()]):
        return "html"
    return ""


def _prologue(before: bytes) -> bool:
    """Whether only what may stand before a page's first tag stands there: blanks, comments, an XML line."""
    rest = re.sub(
        rb"<!--.*?(?:-->|$)|<\?.*?\?>|<!\[.*?\]>|<!doctype[^>]*>|<[a-z][^>]*>", b"", before, flags=re.S | re.I
    )
    return not rest.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n")


def _zip_kind(name: str, data: bytes) -> str:
    import zipfile
    from io import BytesIO

    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            members = set(archive.namelist())
            info = next((i for i in archive.infolist() if i.filename == "mimetype"), None)
            kind = (
                archive.open(info).read(200).decode("ascii", "replace").strip() if info and info.file_size < 200 else ""
            )
    except Exception as problem:  # whatever a broken archive makes the reader say
        raise DamagedError(name, "it is truncated or damaged: its ZIP directory cannot be read") from problem
    if "word/document.xml" in members or any(re.fullmatch(r"word/document\d*\.xml", m) for m in members):
        return "docx"
    if kind.startswith(FORMATS["odt"]):
        return "odt"
    if not kind and {"content.xml", "styles.xml"} <= members:
        return "odt"
    titles = {"xl/workbook.xml": "an Excel file", "ppt/presentation.xml": "a PowerPoint file"}
    title = next((title for member, title in titles.items() if member in members), "")
    if kind.startswith("application/epub"):
        title = "an EPUB book"
    elif kind.startswith("application/vnd.oasis.opendocument"):
        title = "an OpenDocument file that is not a text"
    named = SUFFIXES.get(suffix_of(name), "")
    if named in ("docx", "odt") and not title:
        raise DamagedError(name, f"its name says {TITLES[named]}, but the archive holds no such document")
    raise UnsupportedError(name, f"it is {title or 'a ZIP archive'}, which is not read here; {READABLE}")
