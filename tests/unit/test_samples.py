"""The sample documents: there are enough, in all formats, they say what they are, and follow from their sources."""
# Strategy: make them again into a temporary folder and compare with what the repository holds.
from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from pdfminer.high_level import extract_text

from samples.__main__ import HERE, NOTICE, make_all, read_source

DOCUMENTS = sorted((HERE / "documents").iterdir())
FORMATS = {".md", ".txt", ".html", ".pdf", ".docx", ".odt"}


def words_of(path: Path) -> str:
    """The words of a file, white space collapsed; for zipped formats the XML of the text."""
    if path.suffix == ".pdf":
        return " ".join(extract_text(str(path)).split())
    if path.suffix in (".docx", ".odt"):
        member = "word/document.xml" if path.suffix == ".docx" else "content.xml"
        with zipfile.ZipFile(path) as archive:
            return archive.read(member).decode()
    return " ".join(path.read_text("utf-8").split())


def test_there_are_enough_in_all_formats() -> None:
    assert len(DOCUMENTS) >= 14
    assert {path.suffix for path in DOCUMENTS} == FORMATS


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_each_says_that_it_is_a_sample(path: Path) -> None:
    assert NOTICE in words_of(path)


def test_each_follows_from_its_source(tmp_path: Path) -> None:
    made = make_all(tmp_path)
    assert {path.name for path in made} == {path.name for path in DOCUMENTS}
    for path in made:
        assert words_of(path) == words_of(HERE / "documents" / path.name), path.name


def test_one_is_a_blog_page_saved_with_menu_and_comment_form() -> None:
    saved = [path for path in (HERE / "sources").glob("*.md") if read_source(path).header.get("saved")]
    assert len(saved) == 1
    page = (HERE / "documents" / f"{saved[0].stem}.html").read_text("utf-8")
    assert "<nav" in page and "Leave a Reply" in page and "<textarea" in page
