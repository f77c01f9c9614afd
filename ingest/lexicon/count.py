"""Counts all tables in the order in which they build on one another: mentions, relations, evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc

from ingest import lexicon, pipeline
from ingest.components.concepts import ConceptFinder
from ingest.components.groups import GroupFinder
from ingest.components.ideas import IdeaMatcher
from ingest.components.names import NameFinder
from ingest.components.relations import RelationFinder
from ingest.components.speech import SpeechFinder
from ingest.entities import Directory
from ingest.extractor import TitleReader
from ingest.lexicon.claims import evidence_candidates, relation_candidates, rule_rows, stance_candidates
from ingest.lexicon.measure import measure, measure_stances, write_table
from ingest.lexicon.mentions import Annotated, measure_ideas, mention_candidates, read_annotated
from ingest.statements import gather
from ontology import gazetteer
from ontology.model import load as load_ontology
from settings import Settings


def forget() -> None:
    """Lets tables be read again that were written in between."""
    lexicon.load_cues.cache_clear()
    lexicon.load_idea_phrases.cache_clear()
    lexicon.load_rules.cache_clear()


def count(folder: Path, stances: Path, settings: Settings) -> Iterator[str]:
    """Writes all tables anew from annotated documents and passages; gives a line of report for each."""
    language = pipeline.load_model(settings).language
    documents = read_annotated(folder, language)
    yield from count_tables(documents, language)
    yield count_stances(documents, stances, language)


def count_tables(documents: list[Annotated], language: Language, target: Path | None = None) -> Iterator[str]:
    """Writes all tables anew, into ``target`` or in place; gives a line of report for each."""
    target = target or lexicon.FOLDER
    ontology, bodies = load_ontology(), gazetteer.load()
    ideas = measure_ideas(documents)
    write_table(target / "ideas.csv", ["phrase", "idea", "seen", "right"], ideas)
    yield f"ideas  ({len(ideas)} phrases)"
    yield from measure(mention_candidates(documents), target)
    forget()
    finders: list[Callable[[Doc], Doc]] = [
        NameFinder(language, bodies),
        IdeaMatcher(ontology),
        ConceptFinder(),
        GroupFinder(),
        SpeechFinder(),
    ]
    for document in documents:
        for finder in finders:
            finder(document.doc)
    judged = [row for row in lexicon.read_rules() if row["how"] == "judged"]
    rules = rule_rows(documents)
    write_table(
        target / "rules.csv", ["rule", "seen", "right", "how"], [*(list(row.values()) for row in judged), *rules]
    )
    yield f"rules  ({len(rules)} counted, {len(judged)} judged)"
    yield from measure({"relation": relation_candidates(documents)}, target)
    forget()
    relations = RelationFinder()
    directory = Directory(ontology, bodies)
    findings = []
    for document in documents:
        relations(document.doc)
        findings.append(gather([document.doc], directory, document.doc._.context))
    titles = TitleReader(language, ontology)
    yield from measure(
        evidence_candidates(
            documents, findings, [titles.ideas(document.numbered.metadata.title) for document in documents]
        ),
        target,
    )
    forget()


def count_stances(documents: list[Annotated], path: Path, language: Language, target: Path | None = None) -> str:
    """Writes the table of stances anew; gives a line of report."""
    usual = Counter(row["stance"] for document in documents for row in document.annotation["evidence"])
    line = measure_stances(stance_candidates(path, language), usual, target or lexicon.FOLDER)
    forget()
    return line
