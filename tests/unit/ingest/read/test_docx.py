"""Word documents: runs, notes, tables, boxes, headings by look, properties that are junk."""

# Strategy: documents written by python-docx, with raw XML where it has no means (notes, text boxes,
# tracked changes); archives taken apart and packed again where a part has to be odd.
from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import docx
import pytest
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.shared import Pt

from errors import DamagedError
from ingest.read import read_file
from records.model import Author

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
SENTENCE = "The council asked forty tenants what a good repair is and wrote down what they said."


def saved(document: Document) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def repacked(data: bytes, change: Callable[[str, bytes], bytes], **more: bytes) -> bytes:
    """The archive with each part changed, and parts added (``__`` in a name stands for a slash, ``_xml`` for .xml)."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
        for name, content in more.items():
            new.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return stream.getvalue()


def test_words_split_over_runs_are_whole_and_line_breaks_are_blanks(read, blocks) -> None:
    document = docx.Document()
    heading = document.add_heading(level=1)
    heading.add_run("Result of assessment:")
    heading.add_run().add_break()
    heading.add_run("Not pass")
    paragraph = document.add_paragraph()
    for piece in ("D", "uring Dis", "covery, ten", "ants were asked."):
        paragraph.add_run(piece)
    document.add_paragraph("It took nine weeks.")
    assert blocks(read("a.docx", saved(document))) == [
        ("heading", "Result of assessment: Not pass"),
        ("paragraph", "During Discovery, tenants were asked."),
        ("paragraph", "It took nine weeks."),
    ]


def test_title_in_two_paragraphs_junk_properties_and_the_publisher_in_the_foot(read) -> None:
    document = docx.Document()
    document.core_properties.author = "z441145"
    document.core_properties.title = "Microsoft Word - draft7.doc"
    document.add_paragraph("Why tenants do not report", style="Title")
    document.add_paragraph("a repair to their landlord", style="Title")
    document.add_paragraph("5 November 2016")
    document.add_paragraph(SENTENCE * 3)
    document.sections[0].footer.paragraphs[0].text = "Northfield Housing Association - Why tenants do not report"
    reading = read("a.docx", saved(document))
    found = reading.metadata
    assert found.title == "Why tenants do not report a repair to their landlord"
    assert found.authors == () and found.publisher == "Northfield Housing Association" and found.date == "2016-11-05"
    assert reading.text.startswith("Why tenants do not report a repair to their landlord\n\n")
    assert "Northfield Housing Association" not in reading.text


def test_headings_typed_as_normal_text_and_a_byline(read, blocks) -> None:
    document = docx.Document()
    for text, size in (("Repairs at a time that suits", 20), ("What we did", 14)):
        run = document.add_paragraph().add_run(text)
        run.font.size, run.bold = Pt(size), True
        if size == 20:
            document.paragraphs[-1].alignment = WD_ALIGN_PARAGRAPH.CENTER
            document.add_paragraph("By Amara Osei and Bo Lindqvist")
            document.add_paragraph()
    for _ in range(3):
        document.add_paragraph(SENTENCE).runs[0].font.size = Pt(11)
    reading = read("a.docx", saved(document))
    assert reading.metadata.title == "Repairs at a time that suits"
    assert reading.metadata.authors == (Author("Amara Osei"), Author("Bo Lindqvist"))
    assert ("heading", "What we did") in blocks(reading)


def test_a_label_of_a_collection_is_not_the_title(read) -> None:
    document = docx.Document()
    document.add_heading("Example 2 – a report on one service", 2)
    document.add_heading("Online booking - Service Assessment", 3)
    document.add_paragraph(SENTENCE)
    assert read("a.docx", saved(document)).metadata.title == "Online booking - Service Assessment"


def test_lists_and_tables(read, blocks) -> None:
    document = docx.Document()
    document.add_paragraph("one", style="List Bullet")
    document.add_paragraph("two", style="List Number")
    table = document.add_table(rows=2, cols=2)
    for row, texts in zip(table.rows, (("Year", "Missed visits"), ("2015", "812")), strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    box = document.add_table(rows=1, cols=1).rows[0].cells[0]
    box.text = "What would you change first?"
    box.add_paragraph(SENTENCE)
    assert blocks(read("a.docx", saved(document))) == [
        ("item", "one"),
        ("item", "two"),
        ("table", "Year | Missed visits"),
        ("table", "2015 | 812"),
        ("table", "What would you change first?"),
        ("paragraph", SENTENCE),
    ]


def test_footnotes_come_after_their_paragraph(read, blocks) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("They work in the open by default")
    paragraph._p.append(parse_xml(f'<w:r {W}><w:footnoteReference w:id="2"/></w:r>'))
    paragraph.add_run(", and little of it was shared.")
    document.add_paragraph("The next paragraph.")
    notes = (
        f'<w:footnotes {W}><w:footnote w:type="separator" w:id="0"><w:p/></w:footnote><w:footnote w:id="2"><w:p><w:r>'
        f"<w:t>See the standard on openness.</w:t></w:r></w:p></w:footnote></w:footnotes>"
    )
    data = repacked(saved(document), lambda _, content: content, word__footnotes_xml=notes.encode())
    assert blocks(read("a.docx", data)) == [
        ("paragraph", "They work in the open by default, and little of it was shared."),
        ("note", "See the standard on openness."),
        ("paragraph", "The next paragraph."),
    ]


def test_deleted_text_is_gone_inserted_text_stays_and_a_box_is_read_once(read, blocks) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("Rents ")
    paragraph._p.append(parse_xml(f"<w:del {W}><w:r><w:delText>fell</w:delText></w:r></w:del>"))
    paragraph._p.append(parse_xml(f"<w:ins {W}><w:r><w:t>rose in most of the estates.</w:t></w:r></w:ins>"))
    inside = f"<w:txbxContent {W}><w:p><w:r><w:t>Inside the box.</w:t></w:r></w:p></w:txbxContent>"
    paragraph._p.append(
        parse_xml(
            f'<w:r {W} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><mc:AlternateContent>'
            f'<mc:Choice Requires="wps">{inside}</mc:Choice><mc:Fallback>{inside}</mc:Fallback>'
            "</mc:AlternateContent></w:r>"
        )
    )
    reading = read("a.docx", saved(document))
    assert blocks(reading) == [("paragraph", "Rents rose in most of the estates."), ("paragraph", "Inside the box.")]
    assert any("tracked changes" in note for note in reading.notes)


def test_a_typed_table_of_contents_is_left_out(read) -> None:
    document = docx.Document()
    document.add_paragraph("Contents")
    for number, text in enumerate(("Why we did it", "What we found", "What should happen next"), 3):
        document.add_paragraph(f"{text}\t{number}")
    document.add_paragraph(SENTENCE)
    reading = read("a.docx", saved(document))
    assert reading.text == SENTENCE and any("table of contents" in note for note in reading.notes)


@pytest.mark.parametrize(
    "xml",
    [
        '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "x"><!ENTITY b "&a;&a;&a;">]>',
        '<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
    ],
)
def test_xml_entities_are_refused(settings, xml: str) -> None:
    document = docx.Document()
    document.add_paragraph(SENTENCE)

    def with_entities(name: str, content: bytes) -> bytes:
        if name != "word/document.xml":
            return content
        return xml.encode() + content[content.index(b"?>") + 2 :].replace(b"tenants", b"&b;")

    with pytest.raises(DamagedError, match="declares XML entities"):
        read_file("a.docx", repacked(saved(document), with_entities), settings)
