"""Sketches of texts: what they estimate, and that alike texts meet in a band."""
# Strategy: pairs of texts with a known Jaccard similarity of their shingles, many seeds, both sides of 0.8.
from __future__ import annotations

import random
from statistics import mean

import pytest

from records import likeness
from tests.unit.records.collection import prose


def shingles(text: str) -> set[str]:
    words = likeness.words(text)
    return {" ".join(words[at:at + 5]) for at in range(max(1, len(words) - 4))}


def jaccard(one: str, other: str) -> float:
    left, right = shingles(one), shingles(other)
    return len(left & right) / len(left | right)


def edited(text: str, edits: int, seed: int) -> str:
    """The text with single words replaced, each of which spoils five shingles."""
    words, choice = text.split(), random.Random(seed)
    for at in choice.sample(range(0, len(words), 10), edits):
        words[at] = f"edited{at}"
    return " ".join(words)


def sketch(text: str) -> bytes:
    return likeness.signature(likeness.words(text))


@pytest.mark.parametrize("edits", [0, 2, 5, 10, 20])
def test_the_estimate_is_near_the_truth(edits: int) -> None:
    errors = []
    for seed in range(30):
        text = prose(seed, 500)
        other = edited(text, edits, seed)
        errors.append(likeness.similarity(sketch(text), sketch(other)) - jaccard(text, other))
    assert abs(mean(errors)) < 0.02  # no bias
    assert max(abs(each) for each in errors) < 0.15  # 4 standard errors of 128 values


def test_unlike_texts_are_unlike() -> None:
    assert all(likeness.similarity(sketch(prose(seed)), sketch(prose(seed + 1000))) < 0.1 for seed in range(50))


def test_alike_texts_share_a_band_and_unlike_ones_none() -> None:
    met = 0
    for seed in range(200):
        text = prose(seed, 500)
        other = edited(text, 9, seed)
        assert 0.78 < jaccard(text, other) < 0.88
        met += bool(set(likeness.bands(sketch(text))) & set(likeness.bands(sketch(other))))
        assert not set(likeness.bands(sketch(text))) & set(likeness.bands(sketch(prose(seed + 1000, 500))))
    assert met == 200


@pytest.mark.parametrize("words", [6, 8, 12, 30, 60])
def test_short_texts_are_estimated_too(words: int) -> None:
    errors = []
    for seed in range(60):
        text = prose(seed, words)
        other = text + " one more"
        errors.append(likeness.similarity(sketch(text), sketch(other)) - jaccard(text, other))
    assert abs(mean(errors)) < 0.03
    assert max(abs(each) for each in errors) < 0.3  # of very few shingles two may share a bin, and one is lost


@pytest.mark.parametrize("text", ["one", "one two three", "one two three four five six"])
def test_short_texts_are_like_themselves_alone(text: str) -> None:
    assert likeness.similarity(sketch(text), sketch(text.upper() + "!")) == 1.0
    assert likeness.similarity(sketch(text), sketch("zero " + text)) < 0.8


def test_a_text_without_words_is_like_nothing() -> None:
    assert sketch("... !") == b""
    assert likeness.similarity(b"", b"") == likeness.similarity(b"", sketch("one")) == 0.0
    assert list(likeness.bands(b"")) == []


def test_a_sketch_is_the_same_on_every_machine() -> None:
    """A stored sketch must fit those that later versions make: a change here needs a migration."""
    import hashlib

    found = sketch(prose(7))
    assert len(found) == 512
    assert hashlib.sha256(found).hexdigest()[:16] == "757a607da9e13897"
    assert len(list(likeness.bands(found))) == 25
