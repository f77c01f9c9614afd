"""Characters of the stored text, and bytes to text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.text import clean, collapse, decode, looks_binary


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("o\ufb03ce \ufb01nd \ufb02ow", "office find flow"),
        ("co\u00adop", "coop"),
        ("a\u00a0b\u2009c", "a b c"),
        ("x\u200by\ufeff", "xy"),
        ("cafe\u0301", "café"),
        ("bell\x07 tab\there", "bell tab here"),
        ("line\u2028two", "line two"),
        ("\uf0b7 item", "• item"),
        ("\U0001f469\u200d\U0001f4bb works", "\U0001f469\u200d\U0001f4bb works"),
        ("a\u200db", "ab"),
        ("“quotes” – and £5", "“quotes” – and £5"),
        ("\ud83d alone", "alone"),
        ("bad\ufffd", "bad"),
    ],
)
def test_characters(raw: str, expected: str) -> None:
    assert collapse(raw) == expected


@given(st.text())
def test_collapse_is_stable_and_clean(text: str) -> None:
    once = collapse(text)
    assert collapse(once) == once == once.strip()
    assert not any(unicodedata.category(char) in ("Cc", "Cs", "Co", "Zl", "Zp") for char in once)


@given(st.text(alphabet=st.characters(max_codepoint=127)))
def test_plain_ascii_keeps_its_letters(text: str) -> None:
    assert [char for char in clean(text) if char.isalnum()] == [char for char in text if char.isalnum()]


def test_the_order_of_encodings() -> None:
    assert decode("£5 – “yes”".encode("cp1252")).encoding == "cp1252"  # not Windows-1250, where £ is Ł
    assert decode("Łódź".encode("cp1250"), "windows-1250").text == "Łódź"  # declared
    assert decode("£5".encode(), "iso-8859-1").text == "Â£5"  # declared, even if wrong: a browser shows the same
    assert decode("£5 “yes”".encode("cp1252"), "ISO-8859-1").text == "£5 “yes”"  # which means Windows-1252 on the web
    assert decode("\ufeffa".encode()).text == "a"
    assert decode("abc".encode("utf-16")).text == "abc"
    assert decode(b"abc", "no-such-encoding").text == "abc"


def test_nearly_utf_8_is_utf_8() -> None:
    found = decode("“one” “two” “three” ".encode() + b"\xff" + "“four”".encode())
    assert found.text == "“one” “two” “three” “four”" and found.note == "1 bytes are not UTF-8 and were left out"


def test_binary() -> None:
    assert looks_binary(b"abc\0def") and looks_binary(bytes(range(256)))
    assert not looks_binary("text".encode("utf-16")) and not looks_binary("plain text in it".encode("utf-16-le"))
    assert not looks_binary(b"tab\there\r\n\x0cform feed")
