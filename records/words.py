"""The words of names, under which alike identities are found."""
from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

WORDY = frozenset({"Person", "Organisation", "Place"})  # kinds that have names of their own
LONGEST_WORD = 64  # characters
_WORD = re.compile(r"[^\W_]+")


@lru_cache(maxsize=10_000)
def words_of(name: str) -> frozenset[str]:
    """The words of a name without case and accents. A change here needs a migration: they are stored."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(character for character in plain if not unicodedata.combining(character))
    return frozenset(word[:LONGEST_WORD] for word in _WORD.findall(plain))
