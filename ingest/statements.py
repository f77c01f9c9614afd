"""From findings to statements: who says what about an idea, and which things are related.

Decided here:

- Every author of the byline contributes to the ideas of the document; a relation that the text
  puts into nobody's mouth is stated once, by the first author, ``by_default``.
- Where the byline names nobody it is the publisher; where there is no publisher either, a Group
  "unknown author" that holds in this document only.
- A relation in reported speech is the speaker's.
- The sector of a body is the gazetteer's; else what the document calls it ("a charity"); else what
  its name says ("Council"). A person speaks from the sector of the body to which the document ties
  them; an author whom it ties to none, from what they say of themselves ("I am a general
  practitioner"), else from the sector of the publisher.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from spacy.tokens import Doc

from ingest.components.bylines import position_of, sector_of, title_words
from ingest.components.descriptions import describe_author, describe_body, find_job
from ingest.components.relations import FITS, PUBLISHER
from ingest.entities import Directory, EntityBook, collect_spots, settle_kinds
from ingest.evidence import Claim, EvidenceFinder, Findings, Heard
from ingest.pipeline import Context, Link
from records.model import Contributor, Extraction, Mention, Span, Statement

UNKNOWN_AUTHOR = "unknown author"
MOST_PASSAGES = 4


def gather(docs: Sequence[Doc], directory: Directory, context: Context) -> Findings:
    """Entities, speakers and sentences of a document whose Docs went through the pipeline."""
    settle_kinds(docs)
    spots, sentences = collect_spots(docs)
    book = EntityBook(directory, context)
    for author in context.metadata.authors:
        if author.kind == "Person":
            book.note_person(author.name)
    for spot in spots:
        if spot.found.kind == "Person":
            book.note_person(spot.text)
    authors = [book.author(author) for author in context.metadata.authors if author.name.strip()]
    entity_of = [book.spot(spot.found, spot.text) for spot in spots]
    if not authors:
        authors = [book.publisher] if book.publisher is not None else [book.group(UNKNOWN_AUTHOR)]
    number = {(spot.doc, spot.number): i for i, spot in enumerate(spots)}
    offsets: list[int] = []
    total = 0
    for doc in docs:
        offsets.append(total)
        total += len(doc._.tokens.sentences)
    heard: dict[int, list[Heard]] = defaultdict(list)
    delivers: set[tuple[int, int]] = set()
    for d, doc in enumerate(docs):
        for said in doc._.attributions:
            entity = entity_of[number[d, said.speaker]]
            if entity not in authors:
                heard[entity].append(
                    Heard(
                        said.role, tuple(offsets[d] + s for s in said.sentences), said.confidence, said.reason, said.cue
                    )
                )
        for link in doc._.links:
            if link.subject == PUBLISHER:
                continue
            subject = entity_of[number[d, link.subject]]
            if link.predicate == "delivers":
                delivers.add((subject, offsets[d] + link.sentence))
            elif link.predicate == "affiliated_with" and book.kind_of(subject) == "Person":
                book.affiliate(subject, entity_of[number[d, link.object]])
    return Findings(
        docs, spots, entity_of, sentences, book, list(dict.fromkeys(authors)), dict(heard), frozenset(delivers)
    )


class StatementMaker:
    """Turns findings into an Extraction."""

    def __init__(self) -> None:
        self.evidence = EvidenceFinder()

    def make(self, findings: Findings, context: Context, title_ideas: Sequence[str]) -> Extraction:
        claims = self.evidence.find(findings, title_ideas)
        related = self._related(findings)
        contributors = _Contributors(findings, context, related)
        statements = [self._about_idea(findings, contributors, claim) for claim in claims]
        statements += self._relations(findings, contributors, related)
        mentions = [
            Mention(spot.start, spot.end, spot.found.kind, entity, spot.found.confidence, spot.found.found_by)
            for spot, entity in zip(findings.spots, findings.entity_of, strict=True)
        ]
        mentions.sort(key=lambda m: (m.start, m.end, m.kind, m.entity))
        authors = (
            tuple(contributors.of(entity, "author") for entity in findings.authors) if context.metadata.authors else ()
        )
        return Extraction(
            findings.book.entities(), tuple(mentions), tuple(statements), authors, findings.book.publisher
        )

    def _about_idea(self, findings: Findings, contributors: _Contributors, claim: Claim) -> Statement:
        passages = tuple(Span(findings.sentences[s].start, findings.sentences[s].end) for s in claim.sentences)
        return Statement(
            contributors.of(claim.entity, claim.role),
            passages,
            claim.confidence,
            idea=findings.book.idea(claim.idea),
            stance=claim.stance,
            kind=claim.kind,
            reason=claim.reason,
        )

    def _related(self, findings: Findings) -> list[tuple[int, int, int, Link]]:
        """Subject, object (entities), sentence of the document, and the link, without those that do not fit."""
        number = {(spot.doc, spot.number): i for i, spot in enumerate(findings.spots)}
        names = [author.name.strip() for author in findings.book.context.metadata.authors if author.kind == "Person"]
        rows = []
        offset = 0
        for d, doc in enumerate(findings.docs):
            for link in doc._.links:
                target = findings.entity_of[number[d, link.object]]
                if link.subject == PUBLISHER:
                    if findings.book.publisher is None:
                        continue
                    subject = findings.book.publisher
                else:
                    subject = findings.entity_of[number[d, link.subject]]
                kinds = (findings.book.kind_of(subject), findings.book.kind_of(target))
                if link.predicate == "affiliated_with" and any(
                    author in findings.book.name_of(target) for author in names if author
                ):
                    continue  # the next name of a byline, run together with what follows it
                if subject != target and kinds in FITS[link.predicate]:
                    rows.append((subject, target, offset + link.sentence, link))
            offset += len(doc._.tokens.sentences)
        return rows

    def _relations(
        self, findings: Findings, contributors: _Contributors, related: Sequence[tuple[int, int, int, Link]]
    ) -> list[Statement]:
        spoken: dict[int, tuple[int, str]] = {}
        for speaker, all_heard in findings.heard.items():
            for heard in sorted(all_heard, key=lambda h: -h.confidence):
                for sentence in heard.sentences:
                    spoken.setdefault(sentence, (speaker, heard.role))
        grouped: dict[tuple[int, str, int, int, str], list[tuple[int, Link]]] = defaultdict(list)
        for subject, target, sentence, link in related:
            entity, role = spoken.get(sentence, (findings.authors[0], "author"))
            grouped[subject, link.predicate, target, entity, role].append((sentence, link))
        statements = []
        for (subject, predicate, target, entity, role), rows in grouped.items():
            best = max(rows, key=lambda row: (row[1].confidence, -row[0]))[1]
            places = sorted({sentence for sentence, _ in rows})[:MOST_PASSAGES]
            statements.append(
                Statement(
                    contributors.of(entity, role, by_default=role == "author"),
                    tuple(Span(findings.sentences[s].start, findings.sentences[s].end) for s in places),
                    best.confidence,
                    subject=subject,
                    predicate=predicate,
                    object=target,
                    direction=best.direction,
                    reason=best.reason,
                )
            )
        return statements


class _Contributors:
    """Sector, position and affiliation of each contributor, as the document states them."""

    def __init__(self, findings: Findings, context: Context, related: Sequence[tuple[int, int, int, Link]]) -> None:
        self.findings = findings
        self.affiliations: dict[int, int] = {}
        self.positions: dict[int, str] = {}
        self.sectors: dict[int, str] = {}
        book = findings.book
        for author in context.metadata.authors:
            if not author.name.strip():
                continue
            entity = book.author(author)
            if author.affiliation and author.kind == "Person":
                self.affiliations[entity] = book.organisation(author.affiliation)
            if author.position:
                _, job = find_job(author.position)
                self.positions[entity] = job or position_of(author.position.split())
        if len(findings.authors) == 1 and book.kind_of(findings.authors[0]) == "Person":
            sector, position = describe_author(findings.docs[0].text if findings.docs else "")
            if sector:
                self.sectors[findings.authors[0]] = sector
                if self.positions.get(findings.authors[0], "unknown") == "unknown":
                    self.positions[findings.authors[0]] = position
        for body in (*self.affiliations.values(), book.publisher):
            if body is not None and body not in self.sectors:
                self.sectors[body] = self._described(book.name_of(body))
        for subject, target, _, link in sorted(related, key=lambda row: -row[3].confidence):
            if link.predicate == "affiliated_with":
                self.affiliations.setdefault(subject, target)
        for number, spot in enumerate(findings.spots):
            entity = findings.entity_of[number]
            if spot.found.kind == "Group":
                self.sectors.setdefault(entity, spot.found.sector)
                self.positions.setdefault(entity, spot.found.position)
            elif spot.found.kind == "Organisation" and not self.sectors.get(entity):
                doc, tokens = findings.docs[spot.doc], findings.docs[spot.doc]._.tokens
                stated = describe_body(doc.text, tokens.start[spot.found.start], tokens.end[spot.found.end - 1])
                if stated:
                    self.sectors[entity] = stated
            elif spot.found.kind == "Person" and self.positions.get(entity, "unknown") == "unknown":
                tokens = findings.docs[spot.doc]._.tokens
                self.positions[entity] = position_of(title_words(tokens, spot.found.start, spot.found.end))

    def of(self, entity: int, role: str, by_default: bool = False) -> Contributor:
        affiliation = self.affiliations.get(entity) if self.findings.book.kind_of(entity) == "Person" else None
        sector = self._sector(entity, affiliation)
        return Contributor(
            entity, role, sector, self.positions.get(entity, "unknown") or "unknown", affiliation, by_default
        )

    def _described(self, name: str) -> str:
        """The sector that the text gives to a body of this name wherever it stands, or ""."""
        pattern = re.compile(re.sub("['’]", "['’]", re.escape(name)))
        for doc in self.findings.docs:
            for match in pattern.finditer(doc.text):
                if stated := describe_body(doc.text, match.start(), match.end()):
                    return stated
        return ""

    def _sector(self, entity: int, affiliation: int | None) -> str:
        book = self.findings.book
        kind = book.kind_of(entity)
        if kind == "Organisation":
            return book.sector_of(entity) or self.sectors.get(entity) or sector_of(book.name_of(entity))
        if kind == "Group":
            return self.sectors.get(entity) or "unknown"
        if self.positions.get(entity) == "politician":
            return "elected-politicians"
        if affiliation is not None:
            return self._sector(affiliation, None)
        if self.sectors.get(entity):
            return self.sectors[entity]
        if entity in self.findings.authors and book.publisher is not None:
            return self._sector(book.publisher, None)
        return "unknown"
