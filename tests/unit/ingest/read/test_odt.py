"""OpenDocument texts: notes, marks, lists, tables, styles, a locked file."""

# Strategy: documents written by odfdo; raw elements where a writer's habits are to be shown.
from __future__ import annotations

import io

import pytest
from odfdo import Document, Element, Header, List, ListItem, Note, Paragraph, Style, Table

from errors import EncryptedError
from ingest.read import read_file
from records.model import Author

SENTENCE = "The council asked forty tenants what a good repair is and wrote down what they said."


def saved(*elements: Element, **meta: str) -> bytes:
    document = Document("text")
    document.body.clear()
    document.insert_style(Style("paragraph", name="Big", area="text", size="20pt", bold=True), automatic=True)
    for element in elements:
        document.body.append(element)
    document.meta.title = meta.get("title", "")
    document.meta.creator = meta.get("creator", "")
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def test_blocks_in_order(read, blocks) -> None:
    table = Table("T", width=2, height=2)
    table.set_values([["Year", "Missed visits"], ["2015", "812"]])
    bullets = List(["one", "two"])
    nested = ListItem("three")
    nested.append(List(["four"]))
    bullets.append(nested)
    spaced = Element.from_tag(
        "<text:p>A<text:s text:c='3'/>tab<text:tab/>and<text:line-break/>break in <text:span>a "
        "sp</text:span>an.</text:p>"
    )
    found = blocks(read("a.odt", saved(Header(1, "Repairs"), Paragraph(SENTENCE), bullets, table, spaced)))
    assert found == [
        ("heading", "Repairs"),
        ("paragraph", SENTENCE),
        ("item", "one"),
        ("item", "two"),
        ("item", "three"),
        ("item", "four"),
        ("table", "Year | Missed visits"),
        ("table", "2015 | 812"),
        ("paragraph", "A tab and break in a span."),
    ]


def test_a_footnote_in_the_middle_of_a_sentence(read, blocks) -> None:
    paragraph = Paragraph("They work in the open by default")
    paragraph.append(Note(note_id="n1", citation="1", body="See the standard on openness."))
    paragraph.append_plain_text(", and little of it was shared.")
    assert blocks(read("a.odt", saved(paragraph, Paragraph("Next.")))) == [
        ("paragraph", "They work in the open by default, and little of it was shared."),
        ("note", "See the standard on openness."),
        ("paragraph", "Next."),
    ]


def test_title_by_its_look_after_a_classification_mark(read) -> None:
    reading = read(
        "a.odt",
        saved(
            Paragraph("UNCLASSIFIED"),
            Paragraph(""),
            Paragraph("Repairs pilot:", style="Big"),
            Paragraph("what it taught us", style="Big"),
            Paragraph(""),
            Paragraph("By Amara Osei"),
            Paragraph("May 2022"),
            *[Paragraph(SENTENCE) for _ in range(4)],
            title="Untitled 1",
            creator="tbouma",
        ),
    )
    found = reading.metadata
    assert (
        found.title == "Repairs pilot: what it taught us"
        and found.authors == (Author("Amara Osei"),)
        and found.date == "2022-05"
    )


def test_a_locked_file_is_said(settings) -> None:
    import zipfile

    data = io.BytesIO(saved(Paragraph(SENTENCE)))
    with zipfile.ZipFile(data) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["META-INF/manifest.xml"] = parts["META-INF/manifest.xml"].replace(
        b"</manifest:manifest>",
        b'<manifest:file-entry manifest:full-path="x"><manifest:encryption-data/></manifest:file-entry>'
        b"</manifest:manifest>",
    )
    parts["content.xml"] = b"\x93 not XML"
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    with pytest.raises(EncryptedError, match="locked with a password"):
        read_file("a.odt", stream.getvalue(), settings)
