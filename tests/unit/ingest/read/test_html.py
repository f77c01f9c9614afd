"""Web pages: main text, metadata, what must not come out."""

# Strategy: whole pages written for these tests in the shape of government, blog and static-site pages.
from __future__ import annotations

import json

import pytest

from errors import DamagedError, EmptyTextError
from records.model import Author

PARAGRAPHS = (
    "The <b>repairs team</b> now agrees a time with each <a href='/t'>tenant</a>, and the number of missed visits "
    "fell by half within a year.",
    "We asked forty tenants what a good repair is. They said: somebody comes, says who they are, and mends it the "
    "first time.",
    "There are 4 stages<!-- x -->: <em>asking</em>, booking, mending and checking. Each has an owner now, and the "
    "owner has a name.",
)
MAIN = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
WORDS = (
    "The repairs team now agrees a time with each tenant, and the number of missed visits fell by half within a year."
)


def page(main: str, head: str = "", before: str = "", after: str = "") -> bytes:
    return (
        f"<!DOCTYPE html><html lang='en-GB'><head><meta charset='utf-8'>{head}</head><body>"
        f"<a class='skip' href='#c'>Skip to main content</a><div id='cookie-bar'>This site uses cookies to make it "
        f"simpler. "
        f"<button>Accept all cookies</button></div><header><nav><ul><li><a href='/'>Home</a></li><li><a "
        f"href='/about'>About us</a></li>"
        f"</ul></nav></header>{before}<main id='c'>{main}</main>{after}<footer><ul><li><a href='/p'>Privacy "
        f"policy</a></li></ul>"
        f"<p>© 2016 Northfield Homes. All content is available under the Open Government Licence "
        f"v3.0</p></footer></body></html>"
    ).encode()


def test_a_page_gives_its_main_text_and_nothing_else(read) -> None:
    form = (
        "<div id='respond'><h3>Leave a Reply</h3><p>Your email address will not be published. Required fields are "
        "marked *</p>"
        "<form><textarea>Enter your comment here...</textarea></form></div><div class='sharedaddy'><h3>Share this:</h3>"
        "<ul><li>Twitter</li><li>Facebook</li></ul></div><aside><h2>Related posts</h2><ul><li><a href='/x'>Another "
        "post</a></li></ul></aside>"
    )
    reading = read(
        "page.html",
        page(f"<h1>Repairs at a time that suits</h1>{MAIN}", "<title>Repairs at a time that suits</title>", after=form),
    )
    assert WORDS in reading.text
    assert "There are 4 stages: asking, booking, mending and checking." in reading.text
    for gone in (
        "Skip to",
        "cookies",
        "Home",
        "About us",
        "Leave a Reply",
        "email address",
        "Share this",
        "Twitter",
        "Related",
        "Privacy",
        "Licence v3",
    ):
        assert gone not in reading.text


def test_metadata_of_the_head_and_the_foot(read) -> None:
    head = (
        "<title>Repairs at a time that suits – Northfield Homes</title><meta property='og:site_name' "
        "content='Northfield Homes'>"
        "<meta property='article:published_time' content='2016-11-05T08:00:00+00:00'><meta name='author' "
        "content='Amara Osei'>"
        "<link rel='canonical' href='https://example.org/repairs'>"
    )
    found = read("page.html", page(f"<h1>Repairs at a time that suits</h1>{MAIN}", head)).metadata
    assert found.title == "Repairs at a time that suits" and found.publisher == "Northfield Homes"
    assert found.authors == (Author("Amara Osei"),) and found.date == "2016-11-05"
    assert found.address == "https://example.org/repairs" and found.licence == "Open Government Licence v3.0"
    assert found.language == "en"


def test_what_the_page_shows_goes_before_its_head(read) -> None:
    head = "<title>Repairs | Northfield</title><meta name='author' content='wpadmin1'>"
    head += "<meta property='og:title' content='Repairs'>"
    main = "<h1>Repairs</h1><p class='byline'>By <a rel='author' href='/a'>Amara Osei</a></p>"
    main += f"<time datetime='2016-11-05'>5 Nov</time>{MAIN}"
    found = read("page.html", page(f"<article>{main}</article>", head)).metadata
    assert found.authors == (Author("Amara Osei"),) and found.date == "2016-11-05" and found.title == "Repairs"


def test_date_and_author_in_one_paragraph(read) -> None:
    main = f"<h1>Findings about repairs</h1><p>Date: February 15, 2021<br>Author: Amara Osei</p>{MAIN}"
    found = read("page.html", page(main, "<title>Findings about repairs</title>")).metadata
    assert found.authors == (Author("Amara Osei"),) and found.date == "2021-02-15"


def test_linked_data(read) -> None:
    graph = {
        "@context": "https://schema.org",
        "@graph": [
            {"@type": "Organization", "@id": "#o", "name": "Northfield Homes"},
            {"@type": "Person", "@id": "#p", "name": "Amara Osei"},
            {
                "@type": "BlogPosting",
                "headline": "Repairs",
                "author": {"@id": "#p"},
                "publisher": {"@id": "#o"},
                "datePublished": "2016-11-05",
            },
        ],
    }
    head = f"<title>Repairs</title><script type='application/ld+json'>{json.dumps(graph)}</script>"
    head += "<script type='application/ld+json'>{bad</script>"
    found = read("page.html", page(f"<h1>Repairs</h1>{MAIN}", head)).metadata
    assert (found.publisher, found.date, found.authors) == ("Northfield Homes", "2016-11-05", (Author("Amara Osei"),))


def test_lists_tables_headings_and_quotes(read, blocks) -> None:
    main = (
        f"<h1>Repairs</h1>{MAIN}<h2>What changed</h2><ul><li>a time is agreed</li><li>visits are confirmed by text "
        f"message</li></ul>"
        f"<blockquote><p>It was the first time that anybody asked.</p></blockquote>"
        f"<table><tr><th>Year</th><th>Missed visits</th></tr><tr><td>2015</td><td>812</td></tr></table>{MAIN}"
    )
    found = blocks(read("page.html", page(main)))
    assert ("heading", "What changed") in found and ("item", "a time is agreed") in found
    assert ("quote", "It was the first time that anybody asked.") in found and ("table", "2015 | 812") in found


def test_the_declared_encoding_is_used(read) -> None:
    source = page(
        f"<h1>Repairs</h1>{MAIN}<p>The café’s rent is £5 a week, and the owner is glad of it these days.</p>"
    ).decode()
    data = source.replace("utf-8", "iso-8859-1").encode("cp1252")
    assert "The café’s rent is £5 a week" in read("page.html", data).text


def test_a_page_under_another_name_is_known_by_its_content(read) -> None:
    assert WORDS in read("download", page(f"<h1>Repairs</h1>{MAIN}")).text
    assert read("saved.txt", page(f"<h1>Repairs</h1>{MAIN}")).parser == "html"


def test_a_page_without_text_is_said() -> None:
    import settings
    from ingest.read import read_file

    with pytest.raises(EmptyTextError, match="no running text"):
        read_file(
            "app.html",
            b"<!doctype html><html><body><div id='root'></div><script>render()</script></body></html>",
            settings.load(),
        )


@pytest.mark.parametrize("tag", ["div", "b", "blockquote", "table"])
def test_deep_nesting_is_refused(settings, tag: str) -> None:
    from ingest.read import read_file

    deep = f"<html><body>{f'<{tag}>' * 50_000}text that nobody can reach{f'</{tag}>' * 50_000}</body></html>"
    with pytest.raises((DamagedError, EmptyTextError)):
        read_file("deep.html", deep.encode(), settings)
