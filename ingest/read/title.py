"""Titles as text: junk of file properties, capitals, comparison."""

from __future__ import annotations

import re

SMALL = frozenset(
    [
        "a", "an", "and", "as", "at", "but", "by", "for", "from", "in", "into", "nor", "of", "on", "or", "per", "the",
        "to", "via", "vs", "with",
    ]
)


def from_capitals(title: str) -> str:
    """A title in capitals as it is cited; short words without a vowel stay as they are: they are abbreviations."""
    words = title.split()
    return " ".join(
        word
        if re.fullmatch(r"[^AEIOUY]{2,5}|[A-Z]{1,4}\d+\w*", word.strip(".,:;()")) and len(word) > 1
        else word.lower()
        if number and word.lower() in SMALL and not words[number - 1].endswith(":")
        else "-".join(part[:1] + part[1:].lower() for part in word.split("-"))
        for number, word in enumerate(words)
    )


def plain(text: str) -> str:
    """The words of a text alone, in small letters, to compare by."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def is_junk_title(title: str) -> bool:
    """Whether a metadata title is a file name or a program's placeholder."""
    bare = title.strip().lower()
    return (
        len(bare) < 3
        or bare.startswith(("microsoft word", "microsoft powerpoint", "untitled", "powerpoint presentation", "slide 1"))
        or bool(re.search(r"\.(?:docx?|pdf|pptx?|indd|xlsx?|odt|rtf|tex|pub|qxd|html?)$", bare))
        or bool(re.search(r"^(?:document\d*|title|draft|template|report|presentation\d*|new document|home)$", bare))
        or (" " not in bare and bool(re.search(r"[_\d]", bare)))
    )
