"""The spaCy pipeline: a language model and, after it, this project's registered components.

A document becomes one or more Docs: long texts are cut at block borders, so that memory and
spaCy's limit hold. Every Doc carries its place in the text and the document's context; each
component adds what it finds as offsets into the Doc. No token and no sentence crosses a block.
"""

from __future__ import annotations

import importlib
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy
import spacy
from spacy.attrs import SENT_START
from spacy.language import Language
from spacy.tokens import Doc

from errors import SettingsError
from ingest.abbreviations import find_abbreviations
from ingest.provenance import hash_model, model_folder
from ingest.tokens import Tokens, read_tokens
from records.model import Block, Metadata, Span
from settings import Settings

COMPONENTS = (
    "reform_borders",
    "reform_tokens",
    "reform_names",
    "reform_ideas",
    "reform_concepts",
    "reform_groups",
    "reform_speech",
    "reform_relations",
)
CHUNK = 10_000  # characters of one Doc, about: sixteen of them are what spaCy works on at once
BATCH = 16


@dataclass(frozen=True, slots=True)
class Found:
    """A mention in a Doc: tokens ``start:end``, with the probability that it is right."""

    start: int
    end: int
    kind: str
    confidence: float
    found_by: str
    idea: str = ""  # id of the idea
    body: str = ""  # id of the gazetteer's body
    sector: str = ""  # of a group
    position: str = ""  # of a group


@dataclass(frozen=True, slots=True)
class Attribution:
    """Reported speech or a citation: who (an index into ``Doc._.found``) and the sentences said."""

    speaker: int
    sentences: tuple[int, ...]  # numbers of sentences in the Doc
    role: str  # quoted or cited
    confidence: float
    reason: str
    cue: str = ""  # lemma of the verb, "" for a bare quotation


@dataclass(frozen=True, slots=True)
class Link:
    """A relation in a Doc between two found mentions."""

    subject: int  # indices into Doc._.found
    predicate: str
    object: int
    sentence: int
    confidence: float
    reason: str
    direction: str = ""


@dataclass(slots=True)
class Context:
    """What a component may know about the whole document."""

    metadata: Metadata = field(default_factory=Metadata)
    abbreviations: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Model:
    """A loaded language model with its name, version and the hash of its files."""

    language: Language
    name: str
    version: str
    hash: str


for _name, _default in (
    ("context", None),
    ("base", 0),
    ("borders", ()),
    ("given", None),
    ("tokens", None),
    ("block_of", None),
    ("found", None),
    ("attributions", None),
    ("links", None),
):
    Doc.set_extension(_name, default=_default, force=True)


def load_model(settings: Settings) -> Model:
    """The model of the settings, or the best one installed. Raises SettingsError when it does not load."""
    folder = model_folder(settings)
    try:
        with warnings.catch_warnings():
            # The medium model of the index was made for 3.7; its files are the official ones and load on 3.8.
            warnings.filterwarnings("ignore", message=r"\[W095\]")
            language = spacy.load(folder)
    except (OSError, ValueError, KeyError, AttributeError, ImportError) as problem:
        raise SettingsError(f"the language model in {folder} does not load: {problem}") from problem
    if missing := {"tagger", "parser", "ner", "lemmatizer"} - set(language.pipe_names):
        raise SettingsError(f"the language model in {folder} has no {', '.join(sorted(missing))}")
    meta = language.meta
    return Model(language, f"{meta['lang']}_{meta['name']}", meta["version"], hash_model(folder))


def add_components(language: Language, config: dict[str, dict[str, Any]] | None = None) -> Language:
    """Appends this project's components; ``config`` overrides the settings of single ones."""
    importlib.import_module("ingest.components")  # registers them
    for name in COMPONENTS:
        if name == "reform_borders":
            language.add_pipe(name, first=True)
        else:
            language.add_pipe(name, config=(config or {}).get(name, {}))
    return language


@Language.component("reform_tokens", assigns=["doc._.tokens", "doc._.block_of"], requires=["token.dep", "token.tag"])
def view_tokens(doc: Doc) -> Doc:
    """Reads the Doc's annotations into lists, once for all rules."""
    tokens: Tokens = read_tokens(doc)
    doc._.tokens = tokens
    block_of = [-1] * len(doc)
    number, borders = 0, doc._.borders
    for i, (start, end) in enumerate(zip(tokens.start, tokens.end, strict=True)):
        while number < len(borders) and borders[number].end <= start:
            number += 1
        if number < len(borders) and borders[number].start <= start and end <= borders[number].end:
            block_of[i] = number
    doc._.block_of = block_of
    doc._.found, doc._.attributions, doc._.links = [], [], []
    return doc


@Language.component("reform_borders", assigns=["token.is_sent_start"])
def set_borders(doc: Doc) -> Doc:
    """A sentence starts with each block, or where the caller says; a heading is one sentence."""
    if not len(doc):
        return doc
    borders: Sequence[Block] = doc._.borders
    given: Sequence[Span] | None = doc._.given
    starts = numpy.zeros(len(doc), dtype="int64")
    if given is not None:
        starts[:] = -1
    token_starts = numpy.array([token.idx for token in doc])
    for block in borders:
        at = int(numpy.searchsorted(token_starts, block.start))
        if at >= len(doc):
            continue
        if block.kind == "heading":
            starts[at : int(numpy.searchsorted(token_starts, block.end))] = -1
        starts[at] = 1
    for span in given or ():
        at = int(numpy.searchsorted(token_starts, span.start))
        if at < len(doc):
            starts[at] = 1
    starts[0] = 1
    doc.from_array([SENT_START], starts.reshape(-1, 1).astype("uint64"))
    return doc


def _cut(text: str, blocks: Sequence[Block], sentences: Sequence[Span] | None) -> Iterator[tuple[int, int]]:
    """Ranges of the text of about CHUNK characters; borders of blocks, else of sentences, else white space."""
    start = end = blocks[0].start
    for block in blocks:
        if end > start and block.end - start > CHUNK:
            yield start, block.start
            start = block.start
        end = block.end
        while end - start > 2 * CHUNK:  # one block of many pages: a file without paragraphs
            limit = start + CHUNK
            if sentences is not None:
                inside = [span.start for span in sentences if start < span.start <= limit]
                cut = inside[-1] if inside else limit
            else:
                cut = (
                    max(text.rfind(". ", start + CHUNK // 2, limit - 1) + 1, text.rfind(" ", start + CHUNK // 2, limit))
                    + 1
                )
            yield start, cut if cut > start else limit
            start = cut if cut > start else limit
    yield start, end


def make_docs(
    language: Language, text: str, blocks: Sequence[Block], metadata: Metadata, sentences: Sequence[Span] | None = None
) -> list[Doc]:
    """The unparsed Docs of one document, in order."""
    if not text.strip():
        return []
    blocks = [block for block in blocks if block.end > block.start] or [Block("paragraph", 0, len(text))]
    context = Context(metadata, find_abbreviations(text))
    docs = []
    for start, end in _cut(text, blocks, sentences):
        doc = language.make_doc(text[start:end])
        doc._.context, doc._.base = context, start
        doc._.borders = [
            Block(b.kind, max(b.start, start) - start, min(b.end, end) - start, b.page)
            for b in blocks
            if b.start < end and b.end > start
        ]
        if sentences is not None:
            doc._.given = [
                Span(max(s.start, start) - start, min(s.end, end) - start)
                for s in sentences
                if s.start < end and s.end > start
            ]
        _split_tokens(doc)
        docs.append(doc)
    return docs


def _split_tokens(doc: Doc) -> None:
    """Splits the rare token that lies across a border (blocks that no white space parts)."""
    edges = {edge for span in (*doc._.borders, *(doc._.given or ())) for edge in (span.start, span.end)}
    starts = numpy.array([token.idx for token in doc])
    cuts: dict[int, list[int]] = {}
    for edge in sorted(edges):
        at = int(numpy.searchsorted(starts, edge, side="right")) - 1
        if at >= 0 and starts[at] < edge < starts[at] + len(doc[at]):
            cuts.setdefault(at, []).append(edge - int(starts[at]))
    if not cuts:
        return
    with doc.retokenize() as retokenizer:
        for at, places in cuts.items():
            word, borders = doc[at].text, [0, *places, len(doc[at])]
            parts = [word[a:b] for a, b in pairwise(borders)]
            retokenizer.split(doc[at], parts, heads=[(doc[at], i) for i in range(len(parts))])


def run(language: Language, docs: Iterable[Doc]) -> Iterator[Doc]:
    """Runs the pipeline over Docs, in batches."""
    yield from language.pipe(docs, batch_size=BATCH)
