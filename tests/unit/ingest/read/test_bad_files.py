"""Files that cannot be read: each gives the right error, which names the file and a plain reason."""

# Strategy: bad bytes are made here, from good files of each format by breaking them, and by hand.
from __future__ import annotations

import io
import os
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from fpdf import FPDF
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st
from odfdo import Document as Odt
from odfdo import Paragraph

import settings as settings_module
from errors import (
    DamagedError,
    DocumentError,
    EmptyTextError,
    EncryptedError,
    LanguageError,
    TooLargeError,
    UnsupportedError,
)
from ingest.read import FORMATS, read_bytes, read_file

SETTINGS = settings_module.load()
SENTENCE = "The council asked forty tenants what a good repair is and wrote down what they said."


def make_docx(text: str = SENTENCE) -> bytes:
    document = docx.Document()
    document.add_heading("Repairs")
    document.add_paragraph(text)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def make_odt() -> bytes:
    document = Odt("text")
    document.body.clear()
    document.body.append(Paragraph(SENTENCE))
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def make_pdf() -> bytes:
    sheet = FPDF()
    sheet.add_page()
    sheet.set_font("Helvetica", size=11)
    sheet.multi_cell(0, text=f"{SENTENCE} {SENTENCE}")
    return bytes(sheet.output())


GOOD = {
    "a.docx": make_docx(),
    "a.odt": make_odt(),
    "a.pdf": make_pdf(),
    "a.md": f"---\ntitle: Repairs\n---\n# Repairs\n\n{SENTENCE}\n".encode(),
    "a.txt": f"Repairs\n\n{SENTENCE}\n".encode(),
    "a.html": f"<!DOCTYPE html><html><body><h1>Repairs</h1><p>{SENTENCE}</p></body></html>".encode(),
}


def zipped(**members: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/"), content)
    return stream.getvalue()


@pytest.mark.parametrize("name", GOOD)
def test_the_good_files_are_good(name: str) -> None:
    reading = read_file(name, GOOD[name], SETTINGS)
    assert SENTENCE in reading.text
    assert reading.media_type == FORMATS[reading.parser]
    assert pickle.loads(pickle.dumps(reading)) == reading  # crosses process borders


CASES: list[tuple[str, bytes, type[DocumentError], str]] = [
    ("empty.pdf", b"", EmptyTextError, "the file is empty"),
    ("empty.txt", b"", EmptyTextError, "the file is empty"),
    ("blank.md", b" \n\n\t ", EmptyTextError, "only blanks"),
    ("zeros.docx", bytes(5000), EmptyTextError, "zero bytes"),
    ("front.md", b"---\ntitle: Only a header\n---\n", EmptyTextError, "no text"),
    ("half.pdf", GOOD["a.pdf"][: len(GOOD["a.pdf"]) // 2], DamagedError, "truncated"),
    ("half.docx", GOOD["a.docx"][: len(GOOD["a.docx"]) // 2], DamagedError, "truncated or damaged"),
    ("half.odt", GOOD["a.odt"][:-200], DamagedError, "truncated or damaged"),
    ("page.pdf", GOOD["a.html"], DamagedError, "its name says a PDF, but its content is an HTML page"),
    ("word.pdf", GOOD["a.docx"], DamagedError, r"its name says a PDF, but it is a Word document \(DOCX\)"),
    ("report.docx", GOOD["a.pdf"], DamagedError, "its name says a Word document .*, but it is a PDF"),
    ("text.odt", GOOD["a.txt"], DamagedError, "its name says an OpenDocument text"),
    ("noise.txt", bytes(range(256)) * 20, DamagedError, "not a text"),
    ("noise.md", os.urandom(4000), DamagedError, "not a text"),
    ("noise.pdf", b"%PDF-1.4\n" + os.urandom(3000) + b"%%EOF", DamagedError, "damaged"),
    ("picture.png", b"\x89PNG\r\n\x1a\n" + bytes(100), UnsupportedError, "a PNG picture"),
    ("picture.pdf", b"\xff\xd8\xff\xe0" + bytes(100), UnsupportedError, "a JPEG picture"),
    ("letter.rtf", b"{\\rtf1 hello}", UnsupportedError, "an RTF document"),
    ("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), UnsupportedError, "old Microsoft Office"),
    (
        "locked.docx",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
        EncryptedError,
        "password",
    ),
    (
        "sheet.xlsx",
        zipped(xl__workbook_xml=b"").replace(b"workbook_xml", b"workbook.xml"),
        UnsupportedError,
        "an Excel file",
    ),
    ("things.zip", zipped(a=b"x"), UnsupportedError, "a ZIP archive"),
    ("things.docx", zipped(a=b"x"), DamagedError, "holds no such document"),
    ("book.epub", zipped(mimetype=b"application/epub+zip"), UnsupportedError, "an EPUB book"),
    ("data.csv", b"year,visits\n2015,812\n", UnsupportedError, "CSV is not a format"),
    ("data.json", b'{"a": 1}', UnsupportedError, "JSON is not a format"),
    ("feed", b'<?xml version="1.0"?><rss><channel><title>x</title></channel></rss>', UnsupportedError, "an XML file"),
    (
        "rapport.txt",
        ("Le conseil a demandé aux locataires ce qu'est une bonne réparation. " * 8).encode(),
        LanguageError,
        "in French",
    ),
    (
        "bericht.md",
        ("Der Rat hat die Mieter gefragt, was eine gute Reparatur ist. " * 8).encode(),
        LanguageError,
        "in German",
    ),
]


@pytest.mark.parametrize(("name", "data", "kind", "reason"), CASES, ids=[case[0] for case in CASES])
def test_each_bad_file_says_what_is_wrong(name: str, data: bytes, kind: type[DocumentError], reason: str) -> None:
    with pytest.raises(kind, match=reason) as caught:
        read_file(name, data, SETTINGS)
    line = str(caught.value)
    assert line.startswith(f"{name}: ") and "\n" not in line and "Error" not in line and len(line) < 200
    assert type(caught.value) is kind


def test_names_do_not_decide_alone() -> None:
    assert read_file("download", GOOD["a.pdf"], SETTINGS).parser == "pdf"
    assert read_file("download", GOOD["a.md"], SETTINGS).parser == "markdown"
    assert read_file("Report of Mr. Smith", GOOD["a.txt"], SETTINGS).parser == "text"
    assert read_file("REPORT.PDF", GOOD["a.pdf"], SETTINGS).parser == "pdf"


def test_a_short_text_of_unsure_language_is_taken_with_a_note() -> None:
    reading = read_file("a.txt", b"NHS 111 GP ward 7", SETTINGS)
    assert any("language is not sure" in note for note in reading.notes) and reading.metadata.language == "en"


def test_a_file_over_the_limit_is_not_opened(tmp_path: Path) -> None:
    large = tmp_path / "large.pdf"
    with large.open("wb") as stream:
        stream.truncate(200 * 2**20)  # a file of 200 MiB that takes no room
    with pytest.raises(TooLargeError, match="it has 200 MiB; at most 100 MiB are read"):
        read_bytes(large, SETTINGS)
    with pytest.raises(TooLargeError, match="at most 1 MiB"):
        read_file("a.txt", b"x" * (2**20 + 1), settings_module.load(document_mb=1))


def test_what_is_no_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedError, match="it is a folder"):
        read_bytes(tmp_path, SETTINGS)
    with pytest.raises(DocumentError, match="there is no such file"):
        read_bytes(tmp_path / "none.pdf", SETTINGS)
    os.mkfifo(tmp_path / "pipe.pdf")
    with pytest.raises(UnsupportedError, match="no regular file"):
        read_bytes(tmp_path / "pipe.pdf", SETTINGS)


def bomb(declared: int | None) -> bytes:
    """A DOCX one part of which unpacks to 60 MB; ``declared``: what its directory says instead."""
    stream = io.BytesIO(make_docx())
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/media/image1.xml", b"0" * 60_000_000)
    data = bytearray(stream.getvalue())
    if declared is not None:
        name = b"word/media/image1.xml"
        for mark, size_at, name_at in ((b"PK\x03\x04", 22, 30), (b"PK\x01\x02", 24, 46)):
            at = data.find(mark)
            while data[at + name_at : at + name_at + len(name)] != name:
                at = data.find(mark, at + 1)
            data[at + size_at : at + size_at + 4] = declared.to_bytes(4, "little")
    return bytes(data)


@pytest.mark.parametrize(("declared", "kind"), [(None, TooLargeError), (1000, DocumentError)])
def test_a_zip_bomb_is_refused_whatever_it_declares(declared: int | None, kind: type[DocumentError]) -> None:
    with pytest.raises(kind):
        read_file("bomb.docx", bomb(declared), SETTINGS)


def test_an_archive_of_very_many_members_is_refused() -> None:
    stream = io.BytesIO(make_docx())
    with zipfile.ZipFile(stream, "a") as archive:
        for number in range(10_001):
            archive.writestr(f"x{number}", b"")
    with pytest.raises(TooLargeError, match="holds 10,0"):
        read_file("many.docx", stream.getvalue(), SETTINGS)


def test_deeply_nested_xml_is_refused() -> None:
    def nest(data: bytes, member: str, tag: bytes, near: bytes) -> bytes:
        stream = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
            for name in old.namelist():
                content = old.read(name)
                if name == member:
                    content = content.replace(near, b"<" + tag + b">", 1)
                    at = content.index(b"<" + tag + b">")
                    content = content[:at] + (b"<" + tag + b">") * 20_000 + (b"</" + tag + b">") * 20_000 + content[at:]
                new.writestr(name, content)
        return stream.getvalue()

    with pytest.raises(DamagedError):
        read_file("deep.docx", nest(make_docx(), "word/document.xml", b"w:ins", b"<w:p>"), SETTINGS)
    with pytest.raises(DamagedError):
        read_file("deep.odt", nest(make_odt(), "content.xml", b"text:section", b"<text:p>"), SETTINGS)


@examples(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    name=st.sampled_from(sorted(GOOD)),
    cut=st.floats(0, 1),
    changes=st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=8)), max_size=6),
)
def test_a_damaged_file_is_read_or_refused_and_never_breaks(
    name: str, cut: float, changes: list[tuple[float, bytes]], check: Callable[..., None]
) -> None:
    data = bytearray(GOOD[name])
    for where, piece in changes:
        at = int(where * len(data))
        data[at : at + len(piece)] = piece
    if cut < 0.5:
        data = data[: int(2 * cut * len(data))]
    try:
        reading = read_file(name, bytes(data), SETTINGS)
    except DocumentError as problem:
        assert problem.name == name and problem.reason
    else:
        check(reading)


@examples(max_examples=80, deadline=None)
@given(text=st.text(max_size=400), name=st.sampled_from(["a.txt", "a.md", "a.html", "a"]))
def test_any_text_gives_exact_blocks_or_a_document_error(text: str, name: str, check: Callable[..., None]) -> None:
    try:
        reading = read_file(name, text.encode("utf-8", "surrogatepass"), SETTINGS)
    except DocumentError:
        return
    check(reading)
