# Strategy: each component on sentences made for one rule, through the whole pipeline, since the rules need a parse;
# pure functions by themselves.
from __future__ import annotations

from collections.abc import Callable

import pytest

from ingest.components.bylines import position_of, sector_of
from ingest.components.words import Phrases, split_phrase
from ingest.extractor import Extractor, RuleExtractor
from ingest.tokens import Tokens
from records.model import Extraction

Extract = Callable[..., Extraction]


def groups(extraction: Extraction) -> list[tuple[str, str]]:
    return [
        (extraction.entities[m.entity].name, extraction.entities[m.entity].sector)
        for m in extraction.mentions
        if m.kind == "Group"
    ]


@pytest.mark.parametrize(
    ("sentence", "name", "sector"),
    [
        ("A tenant told us that nobody answered.", "tenant", "citizens-and-service-users"),
        ("Nurses we interviewed were tired of new forms.", "Nurses", "health-and-care"),
        ("“It is a mess,” staff said.", "staff", ""),
        ("Council staff said that the new system failed.", "Council staff", "local-government"),
        ("Feedback from patients was mixed.", "patients", "citizens-and-service-users"),
        ("According to teachers, the scheme helped.", "teachers", "education"),
        ("We spoke to carers in every town.", "carers", "citizens-and-service-users"),
    ],
)
def test_voices_that_are_heard(extract: Extract, sentence: str, name: str, sector: str) -> None:
    assert groups(extract(sentence)) == [(name, sector)]


@pytest.mark.parametrize(
    "sentence",
    [
        "The scheme helps tenants to pay their rent.",
        "Nurses work long hours.",
        "Patients could say what they want.",
        "We want users to find the form.",
    ],
)
def test_people_who_are_talked_about_are_no_voices(extract: Extract, sentence: str) -> None:
    assert groups(extract(sentence)) == []


@pytest.mark.parametrize(
    ("title", "position"),
    [
        ("Director of Housing", "manager"),
        ("Professor of Social Policy", "researcher"),
        ("district nurse", "front-line"),
        ("councillor", "politician"),
        ("tenant", "service-user"),
        ("Deputy Minister", "politician"),
        ("friend", "unknown"),
    ],
)
def test_positions(title: str, position: str) -> None:
    assert position_of(title.split()) == position


@pytest.mark.parametrize(
    ("name", "sector"),
    [
        ("Leeds City Council", "local-government"),
        ("University of Leeds", "academia"),
        ("Acme Ltd", "private-firm"),
        ("Department for Transport", "central-government"),
        ("Kent Police", "police-and-justice"),
        ("St George's Hospital", "health-and-care"),
        ("Nesta", "unknown"),
        ("Councillors United", "unknown"),
    ],
)
def test_sectors_by_name(name: str, sector: str) -> None:
    assert sector_of(name) == sector


def tokens_of(*words: str) -> Tokens:
    n = len(words)
    empty = [""] * n
    return Tokens(
        " ".join(words),
        list(words),
        [w.lower() for w in words],
        [w.lower() for w in words],
        empty,
        empty,
        empty,
        list(range(n)),
        list(range(n)),
        list(range(n)),
        empty,
        [False] * n,
        [(0, n)],
        [0] * n,
    )


def test_phrases_are_found_whatever_hyphen_number_and_spelling() -> None:
    phrases = Phrases(
        [(split_phrase("user-centred design"), "A"), (split_phrase("design"), "B"), (split_phrase("waiting list"), "C")]
    )
    tokens = tokens_of("User", "-", "centered", "design", ",", "designs", "and", "Waiting", "lists")
    assert list(phrases.find(tokens, 0, 9)) == [(0, 4, "A"), (5, 6, "B"), (7, 9, "C")]


def test_a_phrase_does_not_end_in_a_hyphen() -> None:
    assert list(Phrases([(("design",), 1)]).find(tokens_of("design", "-", "led"), 0, 3)) == [(0, 1, 1)]


@pytest.mark.parametrize(
    ("sentence", "speaker", "role"),
    [
        ("Ann Lee said that agile teams deliver sooner.", "Ann Lee", "quoted"),
        ("According to Ann Lee, agile teams deliver sooner.", "Ann Lee", "quoted"),
        ("Research by Leeds City Council shows that it works.", "Leeds City Council", "cited"),
    ],
)
def test_attributions(extractor: Extractor, sentence: str, speaker: str, role: str) -> None:
    assert isinstance(extractor, RuleExtractor)
    doc = extractor.language(sentence)  # without blocks: the whole text is none of them
    assert doc._.found == []
    from ingest import pipeline
    from records.model import Block, Metadata

    (doc,) = pipeline.run(
        extractor.language,
        pipeline.make_docs(extractor.language, sentence, [Block("paragraph", 0, len(sentence))], Metadata()),
    )
    heard = [(doc[doc._.found[a.speaker].start : doc._.found[a.speaker].end].text, a.role) for a in doc._.attributions]
    assert heard == [(speaker, role)]


def test_a_quotation_goes_on_over_sentences(extractor: Extractor) -> None:
    from ingest import pipeline
    from records.model import Block, Metadata

    assert isinstance(extractor, RuleExtractor)
    text = "Ann Lee said: “It is late. It is cold. We wait.” Then she left."
    (doc,) = pipeline.run(
        extractor.language, pipeline.make_docs(extractor.language, text, [Block("paragraph", 0, len(text))], Metadata())
    )
    (said,) = doc._.attributions
    sentences = [doc[a:b].text.strip() for a, b in doc._.tokens.sentences]
    covered = " ".join(sentences[n] for n in said.sentences)
    assert "We wait." in covered and "Then she left" not in covered
