"""The extractor: a text with its blocks and metadata in, an Extraction out.

``Extractor`` is the interface; ``RuleExtractor`` fills it with the spaCy pipeline, its components
and weighed cues. A trained model joins as another component of the pipeline, in place of one or
beside it, or as another Extractor that ``load`` returns.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Protocol

from spacy.language import Language
from spacy.tokens import Doc

from ingest import pipeline
from ingest.components.ideas import idea_phrases
from ingest.entities import Directory
from ingest.pipeline import Context, Model
from ingest.provenance import NAME, version
from ingest.statements import StatementMaker, gather
from ingest.tokens import read_tokens
from ontology import gazetteer
from ontology.gazetteer import Body
from ontology.model import Ontology
from ontology.model import load as load_ontology
from records.model import Block, Extraction, ExtractorInfo, Metadata, Reading, Span
from settings import Settings

CHARACTERS = 400_000  # of texts that are held parsed at once, unless a single one has more
_LOG = logging.getLogger(__name__)


class Extractor(Protocol):
    """What ingestion, prediction and later trained models agree on."""

    @property
    def info(self) -> ExtractorInfo: ...

    def extract(
        self, text: str, blocks: Sequence[Block], metadata: Metadata, sentences: Sequence[Span] | None = None
    ) -> Extraction:
        """Everything found in one text. ``sentences`` replace the extractor's own splitting."""
        ...

    def extract_many(self, readings: Iterable[Reading]) -> Iterator[Extraction]:
        """The extractions of many readings, in their order."""
        ...


class RuleExtractor:
    """Rules and counted cues over one spaCy pipeline."""

    def __init__(self, model: Model, ontology: Ontology, bodies: Sequence[Body]) -> None:
        self.language = pipeline.add_components(model.language)
        self._directory = Directory(ontology, bodies)
        self.info = ExtractorInfo(NAME, version(), f"{model.name} {model.version}", model.hash, ontology.hash)
        self._statements = StatementMaker()
        self._titles = TitleReader(self.language, ontology)

    def extract(
        self, text: str, blocks: Sequence[Block], metadata: Metadata, sentences: Sequence[Span] | None = None
    ) -> Extraction:
        docs = pipeline.make_docs(self.language, text, blocks, metadata, sentences)
        return self._finish(list(pipeline.run(self.language, docs)), metadata)

    def extract_many(self, readings: Iterable[Reading]) -> Iterator[Extraction]:
        """Documents share the pipeline's batches; about as many are held at once as a batch has."""
        for group in _groups(readings):
            made = [pipeline.make_docs(self.language, r.text, r.blocks, r.metadata) for r in group]
            run = pipeline.run(self.language, (doc for docs in made for doc in docs))
            for reading, docs in zip(group, made, strict=True):
                yield self._finish(list(islice(run, len(docs))), reading.metadata)

    def _finish(self, docs: Sequence[Doc], metadata: Metadata) -> Extraction:
        context: Context = docs[0]._.context if docs else Context(metadata)
        findings = gather(docs, self._directory, context)
        return self._statements.make(findings, context, self._titles.ideas(metadata.title))


def _groups(readings: Iterable[Reading]) -> Iterator[list[Reading]]:
    """Readings in lists of a batch's size, shorter where their texts are long."""
    group: list[Reading] = []
    for reading in readings:
        if group and (len(group) == pipeline.BATCH or sum(len(r.text) for r in group) + len(reading.text) > CHARACTERS):
            yield group
            group = []
        group.append(reading)
    if group:
        yield group


class TitleReader:
    """Finds the ideas that a title names."""

    def __init__(self, language: Language, ontology: Ontology) -> None:
        self._language = language
        self._phrases = idea_phrases(ontology)

    def ideas(self, title: str) -> list[str]:
        """Ids of ideas, in order."""
        tokens = read_tokens(self._language.make_doc(title))
        tokens.lemma = list(tokens.lower)
        return list(dict.fromkeys(idea for _, _, (idea, _) in self._phrases.find(tokens, 0, len(tokens))))


def load(settings: Settings) -> Extractor:
    """The extractor of this checkout. Raises SettingsError when no language model loads."""
    model = pipeline.load_model(settings)
    extractor = RuleExtractor(model, load_ontology(), gazetteer.load())
    info = extractor.info
    _LOG.info("extractor %s %s with %s (%s)", info.name, info.version, info.model, info.model_hash[:12])
    return extractor
