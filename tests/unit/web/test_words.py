"""Strategy: plain values."""
from __future__ import annotations

import pytest

from web.words import allowed, counted, date_words, first_word, in_sentence, listed, listed_short, number, plain


@pytest.mark.parametrize(("date", "words"), [
    ("2024-03-14", "14 March 2024"), ("2024-03", "March 2024"), ("2024", "2024"), ("", ""),
    ("2026-11-25T14:06:00Z", "25 November 2026"), ("2024-13", "2024"), ("spring 2024", "spring 2024"),
])
def test_dates_are_as_exact_as_given(date: str, words: str) -> None:
    assert date_words(date) == words


def test_counts_and_lists() -> None:
    assert counted(1, "statement") == "1 statement"
    assert counted(1906, "link") == "1,906 links"
    assert counted(2, "source speaks", "sources speak") == "2 sources speak"
    assert number(1234567) == "1,234,567"
    assert listed(["a"]) == "a"
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert listed([]) == ""
    assert listed_short(["a", "b", "c", "d"]) == "a, b and 2 more"
    assert listed_short(["a", "b", "c"]) == "a, b and c"


def test_labels_inside_a_sentence() -> None:
    assert in_sentence("Local government") == "local government"
    assert in_sentence("NHS body") == "NHS body"
    assert in_sentence("") == ""


def test_what_html_forbids_is_replaced_one_for_one() -> None:
    text = "a\x00b\x0bc\x85d\ufdd0e\U0001fffff\n\tg\U0001f9ed"
    assert len(allowed(text)) == len(text)
    assert allowed(text) == "a\ufffdb\ufffdc\ufffdd\ufffde\ufffdf\n\tg\U0001f9ed"


def test_plain_text_has_no_direction_marks_and_one_line() -> None:
    assert plain("a\u202eb\u202c\n c") == "ab c"


def test_first_word() -> None:
    assert first_word("University of Wexmoor") == ("University", "of Wexmoor")
    assert first_word("Saltmarsh") == ("Saltmarsh", "")
