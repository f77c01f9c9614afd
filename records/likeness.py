"""Near-duplicate texts: a sketch of each text, and bands to look alike ones up by.

MinHash over 5-word shingles (Broder 1997), by one permutation cut into 128 bins with optimal
densification of empty bins (Shrivastava 2017): one hash a shingle instead of 128, with the same
chance of agreement. 25 bands of 5 values (Leskovec, Rajaraman, Ullman, chapter 3) find a pair of
similarity 0.8 with a chance above 0.9999.
"""
from __future__ import annotations

import re
from array import array
from collections.abc import Iterator
from hashlib import blake2b

THRESHOLD = 0.8  # from this estimated similarity on, two texts count as one source
SHINGLE = 5  # words
BINS = 128
BANDS, ROWS = 25, 5
_WORD = re.compile(r"\w+")
_EMPTY = -1
_MASK = (1 << 64) - 1


def words(text: str) -> list[str]:
    """The words of a text, in order, case folded."""
    return _WORD.findall(text.casefold())


def signature(words: list[str]) -> bytes:
    """128 values of 4 bytes, little end first; empty for a text without words."""
    if not words:
        return b""
    shingles = {" ".join(words[at:at + SHINGLE]) for at in range(max(1, len(words) - SHINGLE + 1))}
    bins = [_EMPTY] * BINS
    for shingle in shingles:
        value = int.from_bytes(blake2b(shingle.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")
        place, rest = value % BINS, value >> 32
        if bins[place] == _EMPTY or rest < bins[place]:
            bins[place] = rest
    filled = list(bins)
    for place, value in enumerate(bins):
        attempt = 0
        while value == _EMPTY:
            # The same walk from the same bin in every text, so that alike texts copy alike bins.
            value = bins[_step(place, attempt)]
            attempt += 1
        filled[place] = value
    return b"".join(value.to_bytes(4, "little") for value in filled)


def _step(place: int, attempt: int) -> int:
    """Where the walk from an empty bin goes; independent for each bin and attempt (SplitMix64's mixing)."""
    mixed = (place * 0x9E3779B97F4A7C15 + (attempt + 1) * 0xBF58476D1CE4E5B9) & _MASK
    mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9 & _MASK
    mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EB & _MASK
    return (mixed ^ mixed >> 31) % BINS


def similarity(one: bytes, other: bytes) -> float:
    """Estimated Jaccard similarity of two texts' shingles, from their signatures."""
    if not one or not other:
        return 0.0
    left, right = array("I", one), array("I", other)
    return sum(a == b for a, b in zip(left, right, strict=True)) / BINS


def bands(signature: bytes) -> Iterator[int]:
    """The bands' numbers (signed, 64 bits); texts that share one are candidates for a comparison."""
    width = ROWS * 4
    for band in range(BANDS if signature else 0):
        part = signature[band * width:(band + 1) * width]
        digest = blake2b(part, digest_size=8, salt=band.to_bytes(2, "little")).digest()
        yield int.from_bytes(digest, "little", signed=True)
