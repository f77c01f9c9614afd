"""Words for the pages: dates, counts and lists, as the design guide spells them."""
from __future__ import annotations

import re
from collections.abc import Sequence

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
          "November", "December")
ISO_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?:[T ].*)?")

# Characters that turn the direction of what follows, and those that HTML does not allow (the WHATWG's
# "control" and "noncharacter" code points). Both may stand in a document that somebody hands in.
DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(chr(plane * 0x10000 + last) for plane in range(17) for last in (0xFFFE, 0xFFFF)) + "]"
)


def allowed(text: str) -> str:
    """``text`` with each character that HTML forbids replaced by U+FFFD; its length stays the same."""
    return FORBIDDEN.sub("\ufffd", text)


def plain(text: str) -> str:
    """``text`` on one line and without direction marks: for titles, labels and citations."""
    return " ".join(DIRECTION.sub("", allowed(text)).split())


def date_words(date: str) -> str:
    """A date in words, as exact as given: "14 March 2024", "March 2024", "2024"; "" for none.

    What is not an ISO 8601 date comes back as it is.
    """
    found = ISO_DATE.fullmatch(date.strip())
    if not found:
        return date
    year, month, day = found.groups()
    if not month or not 1 <= int(month) <= 12:
        return year
    return f"{int(day)} {MONTHS[int(month) - 1]} {year}" if day else f"{MONTHS[int(month) - 1]} {year}"


def number(count: int) -> str:
    """A count as English print has it: 1,906."""
    return f"{count:,}"


def counted(count: int, one: str, many: str = "") -> str:
    """"1 statement", "1,906 statements"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def listed(items: Sequence[str], joint: str = "and") -> str:
    """"a", "a and b", "a, b and c"."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {joint} {items[-1]}"


def listed_short(items: Sequence[str], most: int = 2) -> str:
    """The first ``most`` items, then how many more: "a, b and 3 more"."""
    if len(items) <= most + 1:
        return listed(items)
    return f"{', '.join(items[:most])} and {len(items) - most} more"


def in_sentence(label: str) -> str:
    """A label as it stands inside a sentence: its first letter small, unless it is a name or an abbreviation."""
    head = label[:2]
    return label if len(head) > 1 and head.isupper() else label[:1].lower() + label[1:]


def sentence(label: str) -> str:
    """A label as it stands at the head of a sentence or a cell."""
    return label[:1].upper() + label[1:]


def last_word(text: str) -> tuple[str, str]:
    """What stands before the last word, with its space, and the last word: a note's number stays beside it."""
    head, space, tail = text.rpartition(" ")
    return head + space, tail


def first_word(text: str) -> tuple[str, str]:
    """The first word of a name, and the rest: a sign is kept on one line with the first."""
    head, _, tail = text.strip().partition(" ")
    return head, tail
