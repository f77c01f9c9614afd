"""The graph as a function of the records: what one document contributes, from its snapshot and the ontology alone.

Pure: no clock, no chance, no language model; the same snapshot gives the same fragment. ``rebuild`` applies it to every
document, ingestion to one. What an editor's decision, or a faulty extraction, has made unfit for the ontology (a place
that makes a statement) is left out, and ``Derivation.left_out`` says what and why; nothing else is dropped but rejected
statements.
"""
from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from graph import headings
from graph.fragment import Fragment, Node, Properties, Relationship
from ontology.model import Ontology
from ontology.terms import UNKNOWN, Label, Predicate, Relation, State
from records.decisions import effective
from records.model import Contributor, Identity, Mention, Statement, anchor_of, mention_id, mint
from records.snapshot import Snapshot

CONTRIBUTORS = frozenset({Label.PERSON, Label.ORGANISATION, Label.GROUP})
CLASSED = frozenset({Label.ISSUE, Label.INTERVENTION, Label.OUTCOME})  # what stands under headings


@dataclass(frozen=True, slots=True)
class Derivation:
    """A document's fragment, and in plain words what of its extraction does not fit the ontology."""

    fragment: Fragment
    left_out: tuple[str, ...] = ()


def derive(snapshot: Snapshot, ontology: Ontology) -> Fragment:
    """What a document contributes to the graph (``derive_all`` also says what was left out)."""
    return derive_all(snapshot, ontology).fragment


def derive_all(snapshot: Snapshot, ontology: Ontology) -> Derivation:
    """What a document contributes to the graph, and what of its extraction cannot."""
    return _Document(snapshot, ontology).derivation()


def study_id(name: str) -> str:
    """Id of a study: from its name as printed, white space and a leading article apart."""
    return mint("study", study_name(name))


def study_name(name: str) -> str:
    words = name.split()
    return " ".join(words[1:] if len(words) > 1 and words[0].casefold() in ("the", "a", "an") else words)


class _Document:
    """The derivation of one document: gathers nodes and relationships, each once."""

    def __init__(self, snapshot: Snapshot, ontology: Ontology) -> None:
        self.snapshot, self.ontology = snapshot, ontology
        self.id = snapshot.document_id
        self.owned: dict[tuple[str, str], Node] = {}
        self.shared: dict[tuple[str, str], Node] = {}
        self.relationships: dict[tuple[str, str, str, str, str], Relationship] = {}
        self.left_out: list[str] = []
        self.starts = [block.start for block in snapshot.blocks]
        self.anchors: dict[tuple[int, int], str] = {}
        self.identities = [snapshot.identity_of(entity) for entity in range(len(snapshot.extraction.entities))]

    def derivation(self) -> Derivation:
        self.add_document()
        self.add_mentions()
        pairs = zip(self.snapshot.statement_ids, self.snapshot.extraction.statements, strict=True)
        for statement_id, statement in pairs:
            self.add_statement(statement_id, statement)
        self.add_decisions()
        fragment = Fragment(
            self.id, tuple(self.owned.values()), tuple(self.shared[key] for key in sorted(self.shared)),
            tuple(self.relationships.values()),
        )
        return Derivation(fragment, tuple(self.left_out))

    # Rows

    def own(self, id_: str, label: str, properties: Properties) -> Node:
        node = Node(id_, self.ontology.labels_of(label), _present(properties))
        return self.owned.setdefault((self.ontology.unique_label(label), id_), node)

    def share(self, id_: str, label: str, properties: Properties) -> None:
        key = (self.ontology.unique_label(label), id_)
        if key not in self.shared:
            self.shared[key] = Node(id_, self.ontology.labels_of(label), _present(properties))

    def relate(
        self, type_: str, start_label: str, start: str, end_label: str, end: str, properties: Properties | None = None,
    ) -> None:
        """Once a type and pair of ends: the first stays."""
        key = (type_, start_label, start, end_label, end)
        self.relationships.setdefault(key, Relationship(*key, properties or {}))

    # The document

    def add_document(self) -> None:
        snapshot, metadata, extraction = self.snapshot, self.snapshot.metadata, self.snapshot.extraction
        self.own(self.id, Label.DOCUMENT, {
            "title": metadata.title or snapshot.filename or self.id, "date": metadata.date,
            "year": year_of(metadata.date), "publisher": metadata.publisher, "language": metadata.language,
            "licence": metadata.licence, "address": snapshot.address, "filename": snapshot.filename,
            "media_type": snapshot.media_type, "words": snapshot.words, "state": snapshot.state,
            "version": snapshot.version, "read_at": snapshot.read_at, "text": snapshot.text,
            "authors_by_default": bool(extraction.authors) and all(each.by_default for each in extraction.authors),
        })
        order = 0
        for author in extraction.authors:
            if thing := self.contributor_of(author, "author"):
                before = len(self.relationships)
                self.relate(Relation.WRITTEN_BY, Label.DOCUMENT, self.id, Label.THING, thing, {"order": order})
                order += len(self.relationships) - before
        if extraction.publisher is not None:
            if self.identities[extraction.publisher].kind == Label.ORGANISATION:
                publisher = self.thing(extraction.publisher)
                self.relate(Relation.PUBLISHED_BY, Label.DOCUMENT, self.id, Label.THING, publisher)
            else:
                self.leave_out(f"the publisher {self.identities[extraction.publisher].name} is no organisation")
        for other in snapshot.same_texts:
            low, high = sorted((self.id, other.document_id))
            self.relate(
                Relation.SAME_TEXT_AS, Label.DOCUMENT, low, Label.DOCUMENT, high, {"score": float(other.score)},
            )

    # Things

    def thing(self, entity: int) -> str:
        """The id of the thing that an entity stands for; it is added with what hangs on it."""
        identity = self.identities[entity]
        id_ = identity.identity_id
        if (Label.THING, id_) in self.shared:
            return id_
        kind = identity.kind
        members = self.snapshot.merged_into(id_)
        name, names = self.names_of(identity, members)
        idea = self.ontology.ideas.get(id_) if kind == Label.IDEA else None
        sector = self.sector_of_organisation(identity) if kind == Label.ORGANISATION else ""
        self.share(id_, kind, {
            "name": name, "aliases": names, "sector": sector, "definition": idea.definition if idea else "",
        })
        if sector:
            self.share(sector, Label.SECTOR, {"label": self.ontology.sectors[sector].label})
            self.relate(Relation.IN_SECTOR, Label.THING, id_, Label.SECTOR, sector)
        if kind in CLASSED:
            self.add_headings(id_, kind, (name, *names))
        for member in members:
            self.share(member.identity_id, Label.MERGED, {"name": member.name})
            self.relate(Relation.MERGED_INTO, Label.MERGED, member.identity_id, Label.THING, id_)
        return id_

    def names_of(self, identity: Identity, members: Iterable[Identity]) -> tuple[str, list[str]]:
        """A thing's name and its other names, in order: its own, as registered, and of all merged into it."""
        registered = self.snapshot.identities[identity.identity_id]
        name = identity.name
        names = {registered.name, *registered.names}
        for member in members:
            as_registered = self.snapshot.identities[member.identity_id]
            names |= {member.name, as_registered.name, *as_registered.names}
        if identity.kind == Label.IDEA and (idea := self.ontology.ideas.get(identity.identity_id)):
            override = self.snapshot.view.identities.get(identity.identity_id)
            if override is None or not override.name:
                name = idea.label
            names |= {idea.label, *idea.alt_labels}
        return name, sorted(names - {name, ""})

    def add_headings(self, id_: str, kind: str, names: Iterable[str]) -> None:
        for found in headings.find(self.ontology, kind, names):
            lower = None
            for heading in (found, *headings.above(self.ontology, found)):
                self.share(heading.id, Label.HEADING, {
                    "label": heading.label, "definition": heading.definition, "kind": heading.kind,
                })
                if lower is None:
                    self.relate(Relation.UNDER, Label.THING, id_, Label.HEADING, heading.id)
                else:
                    self.relate(Relation.UNDER, Label.HEADING, lower, Label.HEADING, heading.id)
                lower = heading.id

    def sector_of_organisation(self, identity: Identity) -> str:
        """An editor's sector, else the registered one (the gazetteer's); empty where neither is known."""
        sector = identity.sector
        return sector if sector in self.ontology.sectors and sector != UNKNOWN else ""

    # Mentions and passages

    def anchor(self, start: int, end: int) -> str:
        """Id of a span of the text, from its anchor."""
        if (start, end) not in self.anchors:
            self.anchors[start, end] = mention_id(self.id, anchor_of(self.snapshot.text, start, end))
        return self.anchors[start, end]

    def place(self, start: int) -> tuple[int, int | None]:
        """Number of the paragraph in which an offset lies, from 1, and its page where there are pages."""
        index = max(bisect_right(self.starts, start) - 1, 0)
        return index + 1, self.snapshot.blocks[index].page if self.snapshot.blocks else None

    def add_mentions(self) -> None:
        """One node a span and thing; the surest finding of it stays."""
        counts: Counter[str] = Counter()
        found: dict[tuple[int, int, str], Mention] = {}
        for mention in self.snapshot.extraction.mentions:
            identity = self.identities[mention.entity]
            if identity.kind not in self.ontology.values["mention_kinds"].values:
                self.leave_out(f"the mention at {mention.start} is of the kind {identity.kind}")
                continue
            key = (mention.start, mention.end, identity.identity_id)
            if key not in found or found[key].confidence < mention.confidence:
                found[key] = mention
        spans: Counter[tuple[int, int]] = Counter()
        for (start, end, _), mention in found.items():
            id_ = self.anchor(start, end)
            if number := spans[start, end]:  # two things under the very same words
                id_ = mint(id_, str(number))
            spans[start, end] += 1
            thing = self.thing(mention.entity)
            counts[thing] += 1
            self.own(id_, Label.MENTION, {
                "start": start, "end": end, "quote": self.snapshot.text[start:end],
                "kind": self.identities[mention.entity].kind, "confidence": float(mention.confidence),
                "paragraph": self.place(start)[0], "found_by": mention.found_by,
            })
            self.relate(Relation.IN_DOCUMENT, Label.MENTION, id_, Label.DOCUMENT, self.id)
            self.relate(Relation.REFERS_TO, Label.MENTION, id_, Label.THING, thing)
        for thing, count in counts.items():
            self.relate(Relation.MENTIONS, Label.DOCUMENT, self.id, Label.THING, thing, {"count": count})

    def passage(self, start: int, end: int) -> str:
        id_ = self.anchor(start, end)
        paragraph, page = self.place(start)
        self.own(id_, Label.PASSAGE, {
            "start": start, "end": end, "quote": self.snapshot.text[start:end], "paragraph": paragraph, "page": page,
        })
        self.relate(Relation.PART_OF, Label.PASSAGE, id_, Label.DOCUMENT, self.id)
        return id_

    # Statements

    def add_statement(self, id_: str, statement: Statement) -> None:
        verdict = self.snapshot.view.statements.get(id_)
        state = verdict.state if verdict else State.MACHINE
        if state == State.REJECTED:
            return
        if problem := self.problem_of(statement):
            self.leave_out(f"the statement {id_}: {problem}")
            return
        contributor = statement.contributor
        is_evidence = statement.idea is not None
        properties: Properties = {
            "role": contributor.role, "confidence": float(statement.confidence), "state": state,
            "by_default": contributor.by_default, "reason": statement.reason,
        }
        if is_evidence:
            properties |= {"stance": statement.stance, "kind": statement.kind}
        else:
            properties |= {"predicate": statement.predicate, "direction": statement.direction}
        self.own(id_, Label.EVIDENCE if is_evidence else Label.RELATION, properties)
        self.relate_statement(Relation.MADE_BY, id_, Label.THING, self.thing(contributor.entity))
        for order, (start, end) in enumerate(dict.fromkeys((each.start, each.end) for each in statement.passages)):
            passage = self.passage(start, end)
            self.relate(Relation.IN_PASSAGE, Label.STATEMENT, id_, Label.PASSAGE, passage, {"order": order})
        for type_, entity in (
            (Relation.ABOUT, statement.idea), (Relation.SUBJECT, None if is_evidence else statement.subject),
            (Relation.OBJECT, None if is_evidence else statement.object),
        ):
            if entity is not None:
                self.relate_statement(type_, id_, Label.THING, self.thing(entity))
        self.add_provenance(id_, statement)

    def relate_statement(self, type_: str, id_: str, end_label: str, end: str) -> None:
        self.relate(type_, Label.STATEMENT, id_, end_label, end)

    def add_provenance(self, id_: str, statement: Statement) -> None:
        """From which sector, position and affiliation a statement comes, on what it rests, and who found it."""
        contributor, snapshot = statement.contributor, self.snapshot
        sector = self.sector_of(contributor)
        self.share(sector, Label.SECTOR, {"label": self.ontology.sectors[sector].label})
        self.relate_statement(Relation.FROM_SECTOR, id_, Label.SECTOR, sector)
        position = contributor.position if contributor.position in self.ontology.positions else UNKNOWN
        self.share(position, Label.POSITION, {"label": self.ontology.positions[position].label})
        self.relate_statement(Relation.FROM_POSITION, id_, Label.POSITION, position)
        affiliation = contributor.affiliation
        if affiliation is not None and self.identities[affiliation].kind == Label.ORGANISATION:
            self.relate_statement(Relation.FROM_AFFILIATION, id_, Label.THING, self.thing(affiliation))
        for name in statement.studies:
            if study_name(name):
                self.share(study_id(name), Label.STUDY, {"name": study_name(name)})
                self.relate_statement(Relation.RESTS_ON, id_, Label.STUDY, study_id(name))
        if snapshot.info is not None:
            info = snapshot.info
            self.share(snapshot.run_id, Label.EXTRACTION_RUN, {
                "extractor": info.name, "version": info.version, "model": info.model, "model_hash": info.model_hash,
                "ontology_hash": info.ontology_hash,
            })
            self.relate_statement(Relation.EXTRACTED_BY, id_, Label.EXTRACTION_RUN, snapshot.run_id)

    def sector_of(self, contributor: Contributor) -> str:
        """The sector from which a contribution comes, in this order.

        An editor's word on the body that speaks, or for which a person speaks; what the document says of the
        contribution; the body's own sector.
        """
        bodies = [self.identities[contributor.entity]]
        if contributor.affiliation is not None:
            bodies.append(self.identities[contributor.affiliation])
        bodies = [body for body in bodies if body.kind == Label.ORGANISATION]
        decided = [self.decided_sector(body) for body in bodies]
        speaker = self.identities[contributor.entity]
        own = [speaker.sector] if speaker.kind == Label.GROUP else [body.sector for body in bodies]
        for sector in (*decided, contributor.sector, *own):
            if sector in self.ontology.sectors and sector != UNKNOWN:
                return sector
        return UNKNOWN

    def decided_sector(self, body: Identity) -> str:
        override = self.snapshot.view.identities.get(body.identity_id)
        return override.sector if override else ""

    def contributor_of(self, contributor: Contributor, what: str) -> str:
        """The thing of a contributor; empty, and said, where it cannot be one."""
        identity = self.identities[contributor.entity]
        if identity.kind in CONTRIBUTORS:
            return self.thing(contributor.entity)
        self.leave_out(f"the {what} {identity.name} is of the kind {identity.kind}")
        return ""

    def problem_of(self, statement: Statement) -> str:
        """Why a statement does not fit the ontology, or nothing."""
        values, identities = self.ontology.values, self.identities
        contributor = statement.contributor
        if identities[contributor.entity].kind not in CONTRIBUTORS:
            return f"its contributor is of the kind {identities[contributor.entity].kind}"
        if contributor.role not in values["roles"].values:
            return f"{contributor.role!r} is not a role"
        if not 0 <= statement.confidence <= 1:
            return f"its confidence is {statement.confidence}"
        if statement.idea is not None:
            if identities[statement.idea].kind != Label.IDEA:
                return f"what it is about is of the kind {identities[statement.idea].kind}"
            if statement.stance not in values["stances"].values or statement.kind not in values["kinds"].values:
                return f"{statement.stance!r} and {statement.kind!r} are not a stance and a kind"
            return ""
        return self.problem_of_relation(statement)

    def problem_of_relation(self, statement: Statement) -> str:
        if statement.predicate not in self.ontology.predicates or statement.subject is None or statement.object is None:
            return f"{statement.predicate!r} does not relate two things"
        subject, object_ = self.identities[statement.subject].kind, self.identities[statement.object].kind
        known = set(self.ontology.values["mention_kinds"].values)
        type_ = self.ontology.predicates[statement.predicate]
        if not {subject, object_} <= known or not self.ontology.allows(type_, (subject,), (object_,)):
            return f"{statement.predicate} does not lead from {subject} to {object_}"
        if self.snapshot.view.canonical(self.snapshot.entity_identities[statement.subject]) == (
            self.snapshot.view.canonical(self.snapshot.entity_identities[statement.object])
        ):
            return "it relates a thing to itself"
        directed = statement.direction in self.ontology.values["directions"].values
        if directed != (statement.predicate == Predicate.LEADS_TO) or (statement.direction and not directed):
            return f"{statement.direction!r} is not the direction of a {statement.predicate}"
        return ""

    # Decisions

    def add_decisions(self) -> None:
        """The decisions that count and whose target is here; those on a merged thing, on the one that stands for it."""
        for decision in effective(self.snapshot.decisions):
            target = decision.target
            label = next((each for each in (Label.STATEMENT, Label.DOCUMENT) if (each, target) in self.owned), None)
            if label is None:
                target, label = self.snapshot.view.canonical(target), Label.THING
                if (label, target) not in self.shared:
                    continue
            id_ = str(decision.decision_id)
            self.share(id_, Label.DECISION, {"kind": decision.kind, "at": decision.at})
            self.relate(Relation.DECIDED_ON, Label.DECISION, id_, label, target)

    def leave_out(self, reason: str) -> None:
        self.left_out.append(reason)


def year_of(date: str) -> int | None:
    """The year of an ISO 8601 date, however exact; None where there is none."""
    return int(date[:4]) if len(date) >= 4 and date[:4].isascii() and date[:4].isdigit() and int(date[:4]) else None


def _present(properties: Properties) -> Properties:
    """Without what is not known: the database keeps no nulls, and an empty text says nothing."""
    return {name: value for name, value in properties.items() if value is not None and value != "" and value != []}


