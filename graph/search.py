"""Search terms as people type them, made safe for the full-text indexes (Lucene's classic query parser).

The rules were tried with hundreds of random strings: each special character gets a backslash, the operators AND, OR,
NOT and TO are put in lower case, and a search without a word is no search.
"""
from __future__ import annotations

import re
from collections.abc import Sequence

MOST_WORDS = 30  # Lucene takes 1,024 clauses; nobody types that many
SPECIAL = re.compile(r'([+\-&|!(){}\[\]^"~*?:\\/])')
OPERATORS = frozenset({"AND", "OR", "NOT", "TO"})
WORD = re.compile(r"\w", re.UNICODE)
SHORTEST_PREFIX = 3  # letters from which the last word also stands for what begins with it
# English words that the analyzer leaves out (Lucene's list).
STOP_WORDS = frozenset((
    "a", "an", "and", "are", "as", "at", "be", "but", "by", "for", "if", "in", "into", "is", "it", "no", "not", "of",
    "on", "or", "such", "that", "the", "their", "then", "there", "these", "they", "this", "to", "was", "will", "with",
))


def escape(text: str) -> str:
    """The text as plain words for the parser. Empty where it holds no letter or digit."""
    words = [word for word in text.replace("\0", " ").split() if WORD.search(word)][:MOST_WORDS]
    return " ".join(SPECIAL.sub(r"\\\1", word.lower() if word in OPERATORS else word) for word in words)


def make_query(text: str, prefix: bool = True) -> str:
    """A full-text query for what a person typed; empty where there is nothing to search for.

    Words are OR-ed and the best matches come first. With ``prefix`` the last word also finds longer words that begin
    with it, at a lower weight: the analyzer stems whole words but not prefixes, so both are sent.
    """
    escaped = escape(text)
    if not escaped or not prefix:
        return escaped
    last = escaped.rsplit(" ", 1)[-1]
    if last.isalnum() and len(last) >= SHORTEST_PREFIX:
        return f"{escaped} {last.lower()}*^0.5"
    return escaped


def make_query_of_terms(terms: Sequence[str], every: bool) -> str:
    """A full-text query for words and phrases (a term with a space in it); empty where there is nothing to search for.

    A word also finds longer words that begin with it, at half the weight. A term of several parts ("co-production",
    a phrase) is found as it stands. With ``every``, each term is required that is not a stop word.
    """
    clauses = []
    for term in terms:
        safe = escape(term)
        if not safe:
            continue
        if safe.isalnum():
            word = safe.lower()
            clause = f"({word}^2 OR {word}*)" if len(word) >= SHORTEST_PREFIX else word
        else:
            clause = f'"{safe}"'
        clauses.append(clause if not every or term.lower() in STOP_WORDS else f"+{clause}")
    return " ".join(clauses)
