"""PDF: columns, heads and feet, notes, broken words, tables, watermarks, title pages, pictures of text."""

# Strategy: every file is set by fpdf2 with lines placed by hand, so that each trouble of real reports is
# there once and the right text is known. Core fonts only: quick, and no font file is needed.
from __future__ import annotations

import pytest
from fpdf import FPDF
from fpdf.enums import AccessPermission, EncryptionMethod

from errors import DamagedError, EmptyTextError, EncryptedError, TooLargeError
from ingest.read import read_file
from records.model import Author

LEADING = 14
PROSE = (
    "The council asked forty tenants what a good repair is and wrote down what they said about it all.",
    "Most of them said the same thing, which is that somebody comes when they said that they would come.",
    "Nobody asked for a new telephone number, a portal or a second survey, and several asked for a name.",
)


class Sheet(FPDF):
    """A document of points whose lines are placed from the top left."""

    def __init__(self) -> None:
        super().__init__(unit="pt", format="A4")
        self.set_auto_page_break(False)
        self.set_margin(0)

    def line_at(self, x: float, y: float, text: str, size: float = 10, style: str = "", grey: int = 0) -> None:
        self.set_font("Helvetica", style, size)
        self.set_text_color(grey)
        self.text(x, y, text)

    def lines(self, x: float, y: float, *texts: str, size: float = 10, style: str = "") -> float:
        for text in texts:
            self.line_at(x, y, text, size, style)
            y += 1.4 * size
        return y

    def bytes(self) -> bytes:
        return bytes(self.output())


def test_paragraphs_headings_and_pages(read, blocks) -> None:
    sheet = Sheet()
    sheet.add_page()
    y = sheet.lines(72, 100, "What we did", size=16, style="B")
    y = sheet.lines(72, y + 10, *PROSE)
    sheet.lines(72, y + 12, *PROSE[:2])
    sheet.add_page()
    sheet.lines(72, 100, "What we found", size=16, style="B")
    sheet.lines(72, 140, *PROSE)
    reading = read("a.pdf", sheet.bytes())
    assert blocks(reading) == [
        ("heading", "What we did"),
        ("paragraph", " ".join(PROSE)),
        ("paragraph", " ".join(PROSE[:2])),
        ("heading", "What we found"),
        ("paragraph", " ".join(PROSE)),
    ]
    assert [block.page for block in reading.blocks] == [1, 1, 1, 2, 2]


def test_a_sentence_runs_over_the_page_past_foot_note_and_head(read, blocks) -> None:
    sheet = Sheet()
    for page in range(1, 5):
        sheet.add_page()
        sheet.line_at(72, 40, "Repairs at a time that suits", 9)
        sheet.line_at(72, 810, f"{page}", 9)
        sheet.line_at(300, 810, "www.northfield.example", 9)
        if page == 2:
            y = sheet.lines(
                72, 100, *PROSE, "This handbook came from learning and teaching hundreds of people from dozens of"
            )
            sheet.line_at(72 + 430, y - 14 - 4, "3", 6)
            sheet.line(72, 740, 200, 740)
            sheet.line_at(72, 752, "3", 5)
            sheet.line_at(76, 756, "The association counted them in its survey of 2018.", 7)
        elif page == 3:
            sheet.lines(
                72,
                100,
                "states. We are grateful to them for all the time that they gave to us in that year.",
                *PROSE[:1],
            )
        else:
            sheet.lines(72, 100, *PROSE)
    reading = read("a.pdf", sheet.bytes())
    assert "hundreds of people from dozens of states. We are grateful" in reading.text
    assert ("note", "The association counted them in its survey of 2018.") in [
        (kind, text.lstrip("3 ")) for kind, text in blocks(reading)
    ]
    assert "www.northfield" not in reading.text and "Repairs at a time" not in reading.text
    assert "\n\n2\n\n" not in reading.text
    assert any("running heads and feet" in note for note in reading.notes)


LEFT = (
    "The department looked at the",
    "money for each school and at the",
    "way in which it was spent, and the",
    "answer was that nobody had de-",
)
RIGHT = (
    "cided it: the sum came from the",
    "year before, and that one from the",
    "year before it. Schools with many",
    "poor pupils had less than others.",
)


def test_two_columns_under_a_title_with_a_word_broken_between_them(read) -> None:
    sheet = Sheet()
    sheet.add_page()
    sheet.line_at(72, 80, "Where the money for our schools goes", 20, "B")
    # The lines of both columns lie on the same height, written across the page, as some programs do.
    for number, (left, right) in enumerate(zip(LEFT, RIGHT, strict=True)):
        sheet.line_at(72, 120 + LEADING * number, left)
        sheet.line_at(320, 120 + LEADING * number, right)
    reading = read("a.pdf", sheet.bytes())
    assert reading.text.split("\n\n")[0] == "Where the money for our schools goes"
    assert "nobody had decided it: the sum came from the year before" in reading.text
    assert "looked at the money for each school" in reading.text


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("to assist organi-", "sations that are asked", "organisations that"),
        ("the user-", "centric design of the form", "user-centric design"),
        ("the per-", "school sum is not told", "per-school sum"),
        ("a cross-", "jurisdictional model of all", "cross-jurisdictional model"),
        ("we could raise the take-", "up of services in the town", "take-up of services"),
        ("a whole-of-", "government panel was asked", "whole-of-government panel"),
        ("the Pan-", "Canadian model of trust", "Pan-Canadian model"),
        ("short-", "and long-term goals of it", "short- and long-term goals"),
        ("an im-", "portant part of the work", "an important part"),
        ("an end-", "to-end view of the work", "an end-to-end view"),
    ],
)
def test_hyphens_at_line_ends(read, first: str, second: str, expected: str) -> None:
    sheet = Sheet()
    sheet.add_page()
    # Two certain breaks show that this document is set with hyphenation.
    sheet.lines(
        72,
        100,
        "Tenants were asked by the depart-",
        "ment what they would like to be im-",
        "proved in the repairs that they get,",
        f"and the answer was {first}",
        f"{second}, which is no more",
        "than anybody would have thought.",
    )
    assert expected in read("a.pdf", sheet.bytes()).text


def test_a_word_processor_breaks_only_at_real_hyphens(read) -> None:
    sheet = Sheet()
    sheet.add_page()
    sheet.lines(
        72,
        100,
        "The model is a seamless and citizen-",
        "focused one that was made in a cross-",
        "departmental team of long-",
        "standing members of the service.",
    )
    assert (
        "citizen-focused one that was made in a cross-departmental team of long-standing"
        in read("a.pdf", sheet.bytes()).text
    )


def test_raised_note_marks_go_and_ordinals_stay(read) -> None:
    sheet = Sheet()
    sheet.add_page()
    sheet.lines(72, 100, *PROSE)
    sheet.line_at(72, 160, "Uptake across government was limited")
    x = 72 + sheet.get_string_width("Uptake across government was limited")
    sheet.line_at(x, 156, "12", 6)
    sheet.line_at(x + 8, 160, ", as the 3")
    x += 8 + sheet.get_string_width(", as the 3")
    sheet.line_at(x, 156, "rd", 6)
    sheet.line_at(x + 8, 160, "review of it said.")
    assert "Uptake across government was limited, as the 3rd review of it said." in read("a.pdf", sheet.bytes()).text


def test_a_ruled_table_is_read_row_by_row(read, blocks) -> None:
    sheet = Sheet()
    sheet.add_page()
    sheet.lines(72, 80, *PROSE)
    cells = [
        [("Case",), ("Submitted by",)],
        [("Weather data helps power a multi-", "billion dollar industry"), ("MITRE",)],
        [("Open forms",), ("A team of", "two people")],
    ]
    y = 140.0
    for row in cells:
        height = 14 * max(len(cell) for cell in row) + 8
        for number, cell in enumerate(row):
            sheet.rect(72 + 220 * number, y, 220, height)
            sheet.lines(76 + 220 * number, y + 14, *cell)
        y += height
    sheet.lines(72, y + 30, *PROSE)
    found = blocks(read("a.pdf", sheet.bytes()))
    assert found == [
        ("paragraph", " ".join(PROSE)),
        ("table", "Case | Submitted by"),
        ("table", "Weather data helps power a multi-billion dollar industry | MITRE"),
        ("table", "Open forms | A team of two people"),
        ("paragraph", " ".join(PROSE)),
    ]


def test_contents_watermarks_letter_spacing_and_numbers_in_drawings(read) -> None:
    sheet = Sheet()
    sheet.add_page()
    sheet.line_at(72, 90, "Contents", 14, "B")
    for number, entry in enumerate(("Why we did it", "What we found", "What should happen next")):
        sheet.line_at(72, 120 + 16 * number, f"{entry} {'. ' * 40}{number + 2}")
    sheet.add_page()
    sheet.line_at(200, 400, "DRAFT FOR COMMENT", 40, grey=215)
    x = 72.0
    for letter in "WHAT IS FOUND":
        sheet.line_at(x, 90, letter, 14, "B")
        x += sheet.get_string_width(letter) + 5
    sheet.lines(72, 120, *PROSE)
    for number in range(5):
        sheet.line_at(80 + 60 * number, 600, f"{20 * number}", 8)
    text = read("a.pdf", sheet.bytes()).text
    assert text == f"WHAT IS FOUND\n\n{' '.join(PROSE)}"


def test_bullets_are_items(read, blocks) -> None:
    sheet = Sheet()
    sheet.add_page()
    y = sheet.lines(
        72, 100, "The tenants asked for three things, all of which the council could do and did do within the year:"
    )
    for text in ("a name", "a time that is kept", "a list of what was done"):
        sheet.line_at(80, y, "-")
        sheet.line_at(96, y, text)
        y += LEADING
    assert blocks(read("a.pdf", sheet.bytes()))[1:] == [
        ("item", "a name"),
        ("item", "a time that is kept"),
        ("item", "a list of what was done"),
    ]


def cover(sheet: Sheet) -> None:
    sheet.add_page()
    sheet.line_at(72, 200, "Repairs at a time", 30, "B")
    sheet.line_at(72, 236, "that suits the tenant", 30, "B")
    sheet.line_at(72, 270, "A handbook for landlords", 14, "B")
    sheet.line_at(72, 320, "5 November 2016", 11)
    sheet.line_at(72, 360, "Amara Osei, amara@northfield.example", 11)
    sheet.line_at(72, 376, "Bo Lindqvist, bo@northfield.example", 11)
    sheet.line_at(72, 420, "Northfield Housing Association", 11, "B")


def test_a_title_page(read) -> None:
    sheet = Sheet()
    sheet.set_title("Microsoft Word - ~ME00007.doc")
    sheet.set_author("blum_m")
    cover(sheet)
    sheet.add_page()
    sheet.lines(72, 100, *PROSE, *PROSE)
    found = read("a.pdf", sheet.bytes()).metadata
    assert found.title == "Repairs at a time that suits the tenant" and found.date == "2016-11-05"
    assert found.authors == (Author("Amara Osei"), Author("Bo Lindqvist"))
    assert found.publisher == "Northfield Housing Association"


def test_no_date_is_made_up(read) -> None:
    """What the file says of its making is no date of publication, and a date in the text is not the document's."""
    sheet = Sheet()
    sheet.add_page()
    sheet.line_at(72, 80, "Repairs at a time that suits", 20, "B")
    sheet.lines(
        72,
        120,
        *PROSE,
        "The first letters were sent at the beginning of August 2017, and others after them in the same year.",
        *PROSE,
    )
    assert read("a.pdf", sheet.bytes()).metadata.date == ""


def test_pictures_without_text_are_said(settings) -> None:
    from PIL import Image

    sheet = Sheet()
    for _ in range(2):
        sheet.add_page()
        sheet.image(Image.new("L", (60, 80), 128), 0, 0, 595, 842)
    with pytest.raises(EmptyTextError, match="no text, only pictures"):
        read_file("scan.pdf", sheet.bytes(), settings)


def test_a_locked_file_is_said(settings) -> None:
    sheet = Sheet()
    sheet.add_page()
    sheet.lines(72, 100, *PROSE)
    sheet.set_encryption("owner", "reader", EncryptionMethod.AES_128, AccessPermission.none())
    with pytest.raises(EncryptedError, match="locked with a password"):
        read_file("a.pdf", sheet.bytes(), settings)


def test_a_file_that_only_forbids_printing_is_read(read) -> None:
    sheet = Sheet()
    sheet.add_page()
    sheet.lines(72, 100, *PROSE)
    sheet.set_encryption("owner", "", EncryptionMethod.RC4, AccessPermission.COPY)
    assert read("a.pdf", sheet.bytes()).text == " ".join(PROSE)


def test_a_truncated_file_is_said(settings) -> None:
    sheet = Sheet()
    for _ in range(3):
        sheet.add_page()
        sheet.lines(72, 100, *PROSE)
    data = sheet.bytes()
    for part in (0.3, 0.6, 0.9):
        with pytest.raises(DamagedError, match="truncated"):
            read_file("a.pdf", data[: int(len(data) * part)], settings)


def test_a_stream_that_expands_without_measure_is_refused() -> None:
    import zlib

    import settings as settings_module

    packed = zlib.compress(b" " * 60_000_000, 9)
    sheet = Sheet()
    sheet.add_page()
    sheet.lines(72, 100, *PROSE)
    bomb = b"99 0 obj\n<</Filter /FlateDecode /Length %d>>\nstream\n%s\nendstream\nendobj\n" % (len(packed), packed)
    data = sheet.bytes().replace(b"xref", bomb + b"xref", 1)
    with pytest.raises(TooLargeError, match="unpack to more"):
        read_file("a.pdf", data, settings_module.load(document_mb=10))
    twice = data.replace(b"/Filter /FlateDecode", b"/Filter [/FlateDecode /FlateDecode]", 1)
    with pytest.raises(TooLargeError, match="twice"):
        read_file("a.pdf", twice, settings_module.load(document_mb=10))
