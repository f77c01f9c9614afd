"""Plain text: a copied blog page, letters, lists, encodings."""

# Strategy: texts written for these tests, in the shape in which people paste pages and reports.
from __future__ import annotations

import pytest

from records.model import Author

ARTICLE = """Listening before deciding

May 3, 2012 by Sharon Squires

Our city has six hundred services and one budget. Last year we asked residents of three estates
to design the repairs service with us. The first meeting was awkward, and nobody would say
what they really thought.

If you leave a reply to a tenant for three weeks, they will not write again. That was the first
lesson, and it cost us nothing to learn.

Sharon Squires is Director of Sheffield First Partnership.
"""
MENU = """Partnership Notes

Just another weblog

Skip to content

Home
About
Contact

"""
TAIL = """
Share this:

Twitter
Facebook

Like this:
Like Loading...

Related

How we closed a housing office and nobody noticed for a year
In "Housing"

← Previous post
Next post →

Leave a Reply
Enter your comment here...
Fill in your details below or click an icon to log in:
Email (required) (Address never made public)
Name (required)
Website
You are commenting using your WordPress.com account. ( Log Out / Change )
You are commenting using your Twitter account. ( Log Out / Change )
Cancel
Connecting to %s
Notify me of new comments via email.
Notify me of new posts via email.
Blog at WordPress.com.
"""


def test_a_blog_page_copied_with_its_menu_and_comment_form(read) -> None:
    reading = read("listening.txt", (MENU + ARTICLE + TAIL).encode())
    assert reading.metadata.title == "Listening before deciding"
    assert reading.metadata.authors == (Author("Sharon Squires", "Sheffield First Partnership", "Director"),)
    assert reading.metadata.date == "2012-05-03"
    for gone in (
        "Skip to content",
        "Home",
        "Share this",
        "Loading",
        "Related",
        "closed a housing office",
        "Log Out",
        "comment",
        "Notify",
        "WordPress",
        "Previous post",
    ):
        assert gone not in reading.text
    assert "If you leave a reply to a tenant for three weeks, they will not write again." in reading.text
    assert reading.text.endswith("Sharon Squires is Director of Sheffield First Partnership.")
    assert any("Share this:" in note for note in reading.notes)
    assert any("menu" in note for note in reading.notes)


def test_the_same_page_with_its_lines_run_together(read) -> None:
    """Some browsers copy a form without blank lines and a menu in one line."""
    text = "Skip to content\nHome About Contact\n" + ARTICLE + "\n".join(line for line in TAIL.splitlines() if line)
    reading = read("listening.txt", text.encode())
    assert reading.metadata.title == "Listening before deciding"
    assert [author.name for author in reading.metadata.authors] == ["Sharon Squires"]
    assert reading.text.startswith("Listening before deciding")
    assert reading.text.endswith("Sheffield First Partnership.")


def test_the_bio_below_the_sharing_buttons_is_still_found(read) -> None:
    body, bio = ARTICLE.rsplit("\n\n", 1)
    reading = read("listening.txt", f"{body}\n\nShare this:\nTwitter\nFacebook\n\n{bio}\n{TAIL}".encode())
    assert reading.metadata.authors == (Author("Sharon Squires", "Sheffield First Partnership", "Director"),)
    assert "Twitter" not in reading.text


def test_a_paragraph_that_only_mentions_a_reply_is_never_cut(read) -> None:
    text = (
        "How to run a consultation\n\nAsk people to leave a reply on the wall. Like this: a card, a pen, a box.\n\n"
        "Related\n\nThe box must be emptied every day, or people stop. Share this: with the caretaker.\n\n"
        "We closed the box after a month and read out every card in the hall.\n"
    )
    reading = read("cards.txt", text.encode())
    assert reading.text == text.strip()
    assert not any("cut" in note for note in reading.notes)


def test_readers_comments_go_with_the_form(read) -> None:
    comments = (
        "\n2 Responses to “Listening before deciding”\n\nAnn says:\n\nI was there and it was not like that at all.\n\n"
    )
    reading = read("a.txt", (ARTICLE + comments + "Leave a Reply\nName (required)\nWebsite\n").encode())
    assert "I was there" not in reading.text and reading.text.endswith("Sheffield First Partnership.")


def test_a_header_of_title_author_and_date(read) -> None:
    text = (
        "Title: Repairs by appointment\nAuthor: Amara Osei, Head of Repairs at Northfield Homes\nDate: 2016-11\n"
        "Publisher: Northfield Homes\nURL: https://example.org/repairs\n\nWe now agree a time with each tenant.\n"
    )
    reading = read("repairs.txt", text.encode())
    found = reading.metadata
    assert (found.title, found.date, found.publisher) == ("Repairs by appointment", "2016-11", "Northfield Homes")
    assert found.authors == (Author("Amara Osei", "Northfield Homes", "Head of Repairs"),)
    assert found.address == "https://example.org/repairs"
    assert reading.text == "We now agree a time with each tenant."


def test_wrapped_lines_lists_headings_and_quotes(read, blocks) -> None:
    text = (
        "A SHORT REPORT\n\nFindings\n--------\n\nThe first finding is that nobody knew who\nowned the form, and that "
        "it was\nlong.\n\n"
        "- it was printed\n- it was posted and then it was\n  scanned again\n\n> We waited nine weeks,\n> she said.\n"
    )
    assert blocks(read("report.txt", text.encode())) == [
        ("heading", "A SHORT REPORT"),
        ("heading", "Findings"),
        ("paragraph", "The first finding is that nobody knew who owned the form, and that it was long."),
        ("item", "it was printed"),
        ("item", "it was posted and then it was scanned again"),
        ("quote", "We waited nine weeks, she said."),
    ]


PROSE = "The council’s report says “£5 a week” is enough — we doubt it, and so do the café’s regulars in naïve days."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings(read, encoding: str) -> None:
    assert read("prose.txt", f"Prices\n\n{PROSE}\n".encode(encoding)).text == f"Prices\n\n{PROSE}"


def test_a_few_broken_bytes_in_utf_8_are_left_out_and_said(read) -> None:
    data = (f"{PROSE}\n\n" * 3).encode().replace(b"doubt", b"do\xffubt", 1)
    reading = read("prose.txt", data)
    assert "we doubt it" in reading.text and "â" not in reading.text
    assert "1 bytes are not UTF-8 and were left out" in reading.notes


def test_characters_are_put_right(read) -> None:
    odd = "The o\ufb03ce\u00a0of the co\u00adoperative\u200b moved\u2009to the cafe\u0301 \U0001f3e0"
    odd += "\x07 in\tJune\u2028today."
    assert (
        read("odd.txt", odd.encode()).text
        == "The office of the cooperative moved to the café \U0001f3e0 in June today."
    )
