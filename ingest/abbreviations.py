"""Abbreviations that a text introduces itself: "Government Digital Service (GDS)".

After Schwartz and Hearst, "A simple algorithm for identifying abbreviation definitions in
biomedical text" (2003): the letters of the short form are looked for, from the right, in the
words before the bracket. Such a pair holds in its document only.
"""

from __future__ import annotations

import re

_BRACKET = re.compile(r"\(\s*[“\"']?(?:the |or )?([A-Za-z0-9][\w&.\-]{1,9})[”\"']?\s*\)")
_STOPS = re.compile(r"[.;:!?()\n“”\"]|,\s(?=[a-z])")


def _long_form(short: str, before: str) -> str:
    """The words at the end of ``before`` that ``short`` abbreviates, or ""."""
    at = len(before) - 1
    for i in range(len(short) - 1, -1, -1):
        letter = short[i].lower()
        if not letter.isalnum():
            continue
        while at >= 0 and (before[at].lower() != letter or (i == 0 and at > 0 and before[at - 1].isalnum())):
            at -= 1
        if at < 0:
            return ""
        at -= 1
    return before[at + 1 :]


def find_abbreviations(text: str) -> dict[str, str]:
    """Short form to long form, as first introduced: ``{"GDS": "Government Digital Service"}``."""
    found: dict[str, str] = {}
    for match in _BRACKET.finditer(text):
        short = match[1].strip(".")
        if short in found or sum(c.isupper() for c in short) < 2:
            continue
        before = text[max(0, match.start() - 120) : match.start()].rstrip()
        if stops := list(_STOPS.finditer(before)):
            before = before[stops[-1].end() :]
        words = before.split()
        limit = min(len(short) + 5, len(short) * 2)
        long = _long_form(short, " ".join(words[-limit:])).strip()
        if not long or len(long) <= len(short) or short in long.split() or not long[0].isalnum():
            continue
        found[short] = long
    return found
