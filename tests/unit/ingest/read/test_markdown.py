"""Markdown: front matter of site generators, and what they put between the words."""

# Strategy: small posts written for these tests.
from __future__ import annotations

import time

import pytest

from records.model import Author

BODY = "\nTenants now choose the **time** of a repair.\n"


def test_front_matter_as_our_collections_have_it(read) -> None:
    head = (
        "---\ntitle: Repairs at a time that suits\nauthors:\n- Amara Osei\n- Northfield Homes\ndate: '2016-11-05'\n"
        "publisher: Northfield Homes\nsource_repo: someone/something\nlicence: 'CC-BY-4.0 (LICENSE)'\ntags:\n- "
        "repairs\n---\n"
    )
    reading = read("repairs.md", (head + BODY).encode())
    found = reading.metadata
    assert found.title == "Repairs at a time that suits" and found.date == "2016-11-05"
    assert found.authors == (Author("Amara Osei"), Author("Northfield Homes", kind="Organisation"))
    assert found.publisher == "Northfield Homes" and found.licence == "CC-BY-4.0 (LICENSE)"
    assert reading.text == "Tenants now choose the time of a repair."


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("date: 2016-11", "2016-11"),
        ("date: 2016", "2016"),
        ("date: 2016-11-05T10:00:00Z", "2016-11-05"),
        ("published: 5 November 2016", "2016-11-05"),
        ("pubDate: Nov 2016", "2016-11"),
        ("date: 2009-13-40", "2009"),
        ("date: soon", ""),
    ],
)
def test_dates_are_as_exact_as_printed(read, line: str, expected: str) -> None:
    assert read("a.md", f"---\ntitle: A post\n{line}\n---\n{BODY}".encode()).metadata.date == expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("author: Amara Osei", (Author("Amara Osei"),)),
        ("author: Amara Osei and Bo Lindqvist", (Author("Amara Osei"), Author("Bo Lindqvist"))),
        (
            "byline: By Amara Osei, Head of Repairs at Northfield Homes",
            (Author("Amara Osei", "Northfield Homes", "Head of Repairs"),),
        ),
        (
            "author:\n  name: Amara Osei\n  affiliation: Northfield Homes\n  role: Head of Repairs",
            (Author("Amara Osei", "Northfield Homes", "Head of Repairs"),),
        ),
        ("authors: [{name: Amara Osei}, Bo Lindqvist]", (Author("Amara Osei"), Author("Bo Lindqvist"))),
        ("authors: []", ()),
        ("author: admin", ()),
        ("author: 17", ()),
        ("author: {a: {b: c}}", ()),
        ("authors: null", ()),
    ],
)
def test_authors_in_every_form(read, lines: str, expected: tuple[Author, ...]) -> None:
    assert read("a.md", f"---\ntitle: A post\n{lines}\n---\n{BODY}".encode()).metadata.authors == expected


def test_front_matter_that_is_no_yaml_is_read_line_by_line(read) -> None:
    reading = read("a.md", f"---\ntitle: Repairs: a beginning\nauthors:\n- Amara Osei\n---\n{BODY}".encode())
    assert reading.metadata.title == "Repairs: a beginning"
    assert reading.metadata.authors == (Author("Amara Osei"),)
    assert "its front matter is no valid YAML and was read line by line" in reading.notes


def test_front_matter_can_neither_run_nor_blow_up(read) -> None:
    evil = "---\ntitle: !!python/object/apply:os.system ['true']\n---\n"
    assert read("a.md", (evil + BODY).encode()).text == "Tenants now choose the time of a repair."
    bomb = (
        "---\na: &a [x,x,x,x,x,x,x,x,x]\n"
        + "".join(
            f"{name}: &{name} [{','.join(['*' + before] * 9)}]\n"
            for before, name in zip("abcdefgh", "bcdefghi", strict=True)
        )
        + "authors: *i\ntitle: *i\n---\n"
    )
    started = time.perf_counter()
    assert read("a.md", (bomb + BODY).encode()).metadata.authors == ()
    assert time.perf_counter() - started < 2


def test_toml_front_matter(read) -> None:
    found = read(
        "a.md", f'+++\ntitle = "Repairs"\ndate = 2016-11-05\nauthor = "Amara Osei"\n+++\n{BODY}'.encode()
    ).metadata
    assert (found.title, found.authors) == ("Repairs", (Author("Amara Osei"),))


def test_blocks(read, blocks) -> None:
    text = """# A heading with *stress*

First [link](https://example.org), `code` and a
wrapped line.<br>Another.

- one
- two

  still two
1. three

> said a tenant

| name | count |
|---|---|
| repairs | 12 |

```python
print("left out")
```

A note[^1] in the text.

[^1]: What the note says.
"""
    assert blocks(read("a.md", text.encode())) == [
        ("heading", "A heading with stress"),
        ("paragraph", "First link, code and a wrapped line. Another."),
        ("item", "one"),
        ("item", "two"),
        ("item", "still two"),
        ("item", "three"),
        ("quote", "said a tenant"),
        ("table", "name | count"),
        ("table", "repairs | 12"),
        ("paragraph", "A note in the text."),
        ("note", "What the note says."),
    ]


def test_tags_of_site_generators_leave_nothing_behind(read) -> None:
    text = (
        "# Repairs {#repairs .big}\n\n{% include video.html %}\n\nA council "
        "{{ site.name }}decided.\n{: .lead}\n\n::: {.callout}\n"
        'Inside the box.\n:::\n\n{{< youtube abc >}}\n\n<div class="x"><p>In <b>HTML</b> '
        'too.</p><script>alert(1)</script></div>\n\n'
        "<!-- a comment -->\n\n[broken](http://example.org/a b.pdf) link and **stray stars.\n\n---\n\n![only a "
        "picture](a.png)\n"
    )
    assert read("a.md", text.encode()).text.split("\n\n") == [
        "Repairs",
        "A council decided.",
        "Inside the box.",
        "In HTML too.",
        "broken link and stray stars.",
    ]


def test_byline_and_bio_in_the_body(read) -> None:
    text = (
        "# Repairs at a time that suits\n\n*By Amara Osei*\n\n5 November 2016\n\nTenants now choose.\n\n"
        "*Amara Osei is a Head of Repairs at Northfield Homes and writes about houses.*\n"
    )
    found = read("a.md", text.encode()).metadata
    assert found.title == "Repairs at a time that suits" and found.date == "2016-11-05"
    assert found.authors == (Author("Amara Osei", "Northfield Homes", "Head of Repairs"),)


def test_a_post_is_read_quickly(read, settings) -> None:
    """A blog post of a thousand words; the bound is ten times what it takes on a quiet machine."""
    from ingest.read import read_file

    text = "---\ntitle: Long\n---\n" + "\n\n".join(
        ["The council asked forty tenants about the form and then changed it. " * 5] * 18
    )
    data = text.encode()
    read_file("a.md", data, settings)
    started = time.process_time()
    for _ in range(5):
        read_file("a.md", data, settings)
    assert (time.process_time() - started) / 5 < 0.06
