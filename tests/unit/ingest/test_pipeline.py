# Strategy: the borders of Docs, tokens and sentences are checked on texts whose blocks are known; chunks are made
# small by long made-up texts. Properties are sampled with hypothesis over words with astral characters.
from __future__ import annotations

from pathlib import Path

import pytest
import spacy
from hypothesis import HealthCheck, given
from hypothesis import settings as sampling
from hypothesis import strategies as st

import settings
from errors import SettingsError
from ingest import pipeline
from ingest.extractor import Extractor, RuleExtractor
from records.model import Block, Metadata, Span


@pytest.fixture(scope="module")
def language(extractor: Extractor) -> spacy.Language:
    assert isinstance(extractor, RuleExtractor)
    return extractor.language


def test_components_say_what_they_need_and_give(language: spacy.Language) -> None:
    ours = [name for name in language.pipe_names if name.startswith("reform_")]
    assert ours == list(pipeline.COMPONENTS)
    assert language.pipe_names[0] == "reform_borders"
    problems = language.analyze_pipes()["problems"]
    assert {name: problems[name] for name in ours if problems[name]} == {}
    assert "doc._.found" in language.get_pipe_meta("reform_names").assigns


def test_a_named_model_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no_such_model"):
        pipeline.load_model(settings.load(spacy_model="no_such_model"))


def test_a_model_that_cannot_parse_is_refused(tmp_path: Path) -> None:
    spacy.blank("en").to_disk(tmp_path / "blank")
    with pytest.raises(SettingsError, match="has no"):
        pipeline.load_model(settings.load(spacy_model=str(tmp_path / "blank")))


def test_long_texts_are_cut_at_blocks(language: spacy.Language) -> None:
    paragraph = "The council helped tenants. " * 200
    text = "\n\n".join([paragraph] * 10)
    blocks = [
        Block("paragraph", i * (len(paragraph) + 2), i * (len(paragraph) + 2) + len(paragraph)) for i in range(10)
    ]
    docs = pipeline.make_docs(language, text, blocks, Metadata())
    assert len(docs) > 2
    assert max(len(doc.text) for doc in docs) <= pipeline.CHUNK
    starts = {block.start for block in blocks}
    for doc in docs:
        assert doc._.base in starts
        assert text[doc._.base : doc._.base + len(doc.text)] == doc.text


def test_one_endless_block_is_cut_between_words(language: spacy.Language) -> None:
    text = "word " * 30_000
    docs = pipeline.make_docs(language, text, [Block("paragraph", 0, len(text))], Metadata())
    assert all(len(doc.text) <= 2 * pipeline.CHUNK for doc in docs)
    assert "".join(doc.text for doc in docs) == text
    assert all(text[doc._.base - 1 : doc._.base].isspace() for doc in docs[1:])


def test_no_token_and_no_sentence_crosses_a_block(language: spacy.Language) -> None:
    text = "Reducing wasteOne more heading"  # a parser that lost the white space
    blocks = [Block("heading", 0, 14), Block("paragraph", 14, len(text))]
    (doc,) = pipeline.run(language, pipeline.make_docs(language, text, blocks, Metadata()))
    assert [token.idx for token in doc if token.is_sent_start] == [0, 14]
    assert "wasteOne" not in [token.text for token in doc]


def test_given_sentences_are_kept(language: spacy.Language) -> None:
    text = "It works. It helps us. It is fine."
    sentences = [Span(0, 22), Span(23, 34)]
    docs = pipeline.make_docs(language, text, [Block("paragraph", 0, len(text))], Metadata(), sentences)
    (doc,) = pipeline.run(language, docs)
    assert [sentence.text for sentence in doc.sents] == ["It works. It helps us.", "It is fine."]


WORDS = st.sampled_from(
    [
        "the",
        "council",
        "𝒜stral",
        "😀",
        "reduced",
        "loneliness",
        "Nesta",
        "é",
        "👩🏽‍⚕️",
        "Leeds",
        "said",
        ".",
        ",",
        "“",
        "”",
        "co-production",
        "in",
        "\n",
        "(",
        ")",
        "of",
        "We",
        "a",
        "waiting",
        "times",
    ]
)


@st.composite
def documents(draw: st.DrawFn) -> tuple[str, list[Block]]:
    text, blocks = "", []
    for words in draw(st.lists(st.lists(WORDS, min_size=1, max_size=14), min_size=1, max_size=5)):
        text += draw(st.sampled_from(["", "\n\n", " "])) if text else ""
        paragraph = " ".join(words)
        blocks.append(
            Block(draw(st.sampled_from(["paragraph", "heading", "quote"])), len(text), len(text) + len(paragraph))
        )
        text += paragraph
    return text, blocks


@given(documents())
@sampling(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_everything_found_lies_inside_a_block(extractor: Extractor, document: tuple[str, list[Block]]) -> None:
    text, blocks = document
    extraction = extractor.extract(text, blocks, Metadata(title="Co-production", publisher="Example"))
    spans = [(m.start, m.end) for m in extraction.mentions]
    spans += [(p.start, p.end) for s in extraction.statements for p in s.passages]
    for start, end in spans:
        assert 0 <= start < end <= len(text)
        assert text[start:end].strip() == text[start:end]
        assert any(block.start <= start and end <= block.end for block in blocks)
    for mention in extraction.mentions:
        assert extraction.entities[mention.entity].kind == mention.kind
    for statement in extraction.statements:
        assert 1 <= len(statement.passages) <= 4
        assert len(set(statement.passages)) == len(statement.passages)
        for index in (statement.idea, statement.subject, statement.object, statement.contributor.entity):
            assert index is None or 0 <= index < len(extraction.entities)
    assert extractor.extract(text, blocks, Metadata(title="Co-production", publisher="Example")) == extraction
