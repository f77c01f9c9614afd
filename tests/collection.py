"""Documents made up by a seeded generator, taken into real records, for tests of derivation and projection.

Strategy: each text is a list of sentences about things drawn from small lists, so that documents share people, bodies,
concepts and ideas. Spans are computed from the text itself. The resolver is the simplest that keeps the contract: an
entity is what its first known key says, else new under its first key. Decisions are drawn at random from all kinds that
derivation applies.
"""
from __future__ import annotations

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from errors import ConflictError, RecordsError
from records.decisions import (
    ACCEPT,
    DISPUTE,
    MERGE,
    NOT_SAME_TEXT,
    REINSTATE,
    REJECT,
    RENAME,
    RETYPE,
    SAME_TEXT,
    SET_METADATA,
    SET_SECTOR,
    UNDO,
    UNMERGE,
    WITHDRAW,
    Decision,
    pair,
)
from records.model import (
    Author,
    Block,
    Contributor,
    Entity,
    Extraction,
    ExtractorInfo,
    Identity,
    Mention,
    Metadata,
    Reading,
    Span,
    Statement,
    mint,
    registered_key,
)
from records.store import Records

INFO = ExtractorInfo("rules", "1", "model 1", "model-hash", "ontology-hash")
PEOPLE = tuple(f"Person {letter}" for letter in "ABCDEF")
BODIES = tuple(f"Body {letter}" for letter in "ABCDE")
GROUPS = ("tenants", "nurses", "carers")
PLACES = ("Sheffield", "Leeds", "Hull")
ISSUES = ("social isolation", "long waits", "silos", "𝔘𝔫𝔪𝔢𝔱 need")  # astral characters count as one
INTERVENTIONS = ("panels", "text reminders", "a shared desk", "visits")
OUTCOMES = ("fewer missed appointments", "trust", "savings")
IDEAS = ("co-production", "devolution", "co-design")
SECTORS = ("academia", "local-government", "unknown", "citizens-and-service-users")
POSITIONS = ("manager", "front-line", "unknown")
KINDS = ("Person", "Organisation", "Group", "Place", "Issue", "Intervention", "Outcome", "Idea")
NAMES = dict(zip(KINDS, (PEOPLE, BODIES, GROUPS, PLACES, ISSUES, INTERVENTIONS, OUTCOMES, IDEAS), strict=True))
PREFIX = {"Organisation": "org"}
RELATIONS = (
    ("affiliated_with", ("Person",), ("Organisation",)), ("delivers", ("Organisation", "Person"), ("Intervention",)),
    ("addresses", ("Intervention", "Idea"), ("Issue",)), ("leads_to", ("Intervention", "Idea"), ("Outcome", "Issue")),
    ("located_in", ("Organisation", "Intervention"), ("Place",)),
)


@dataclass(frozen=True)
class Resolution:
    identities: tuple[Identity, ...] = ()
    candidates: tuple[tuple[str, str, float, tuple[str, ...]], ...] = ()


def resolve(extraction: Extraction, known: Mapping[str, Identity], document_id: str) -> Resolution:
    """Each entity is what its first known key says; else a new identity. An idea's identity is its idea."""
    found: dict[str, Identity] = {}
    for entity in extraction.entities:
        keys = tuple(registered_key(key, document_id) for key in entity.keys)
        before = next((known[key] for key in keys if key in known), None)
        own_id = keys[0].removeprefix("idea:") if entity.kind == "Idea" else mint(keys[0])
        identity_id = before.identity_id if before else own_id
        names = (entity.name, *entity.names)
        earlier = found.get(identity_id)
        found[identity_id] = Identity(
            identity_id, before.kind if before else entity.kind, before.name if before else entity.name, entity.sector,
            (*names, *(earlier.names if earlier else ())),
            (*(key for key in keys if key not in known), *(earlier.keys if earlier else ())),
        )
    return Resolution(tuple(found.values()))


@dataclass
class Draft:
    """A document that is being made up: sentences, and what stands in them."""

    sentences: list[str] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(self.sentences)

    def entity(self, kind: str, name: str, **more: object) -> int:
        key = f"{PREFIX.get(kind, kind.lower())}:{name.casefold()}"
        entity = Entity(kind, name, (key + ("@document" if kind == "Group" else ""),), **more)  # type: ignore[arg-type]
        for index, each in enumerate(self.entities):
            if each.keys == entity.keys:
                return index
        self.entities.append(entity)
        return len(self.entities) - 1

    def say(self, *parts: str | tuple[int, str]) -> Span:
        """A sentence of plain words and ``(entity, words)``, which become mentions; gives its span."""
        start = len(self.text) + bool(self.sentences)
        sentence = ""
        for part in parts:
            if isinstance(part, tuple):
                index, words = part
                at = start + len(sentence)
                self.mentions.append(Mention(at, at + len(words), self.entities[index].kind, index, 0.8, "names"))
                sentence += words
            else:
                sentence += part
        self.sentences.append(sentence)
        return Span(start, start + len(sentence))

    def finish(self, title: str, authors: tuple[Contributor, ...] = (), publisher: int | None = None,
               **metadata: object) -> tuple[Reading, Extraction]:
        blocks, at = [], 0
        for number, sentence in enumerate(self.sentences):
            blocks.append(Block("paragraph", at, at + len(sentence), number // 3 + 1))
            at += len(sentence) + 1
        facts = {"title": title, "authors": (Author("An Author"),), "date": "2024-05"} | metadata
        return (
            Reading(self.text, tuple(blocks), Metadata(**facts), "plain", "1", "text/plain"),  # type: ignore[arg-type]
            Extraction(tuple(self.entities), tuple(self.mentions), tuple(self.statements), authors, publisher),
        )


def make_up(number: int, version: int = 0, sentences: int = 8) -> tuple[Reading, Extraction]:
    """Document ``number``; another version of it keeps about half of its sentences."""
    draft = Draft()
    for place in range(sentences):
        choice = random.Random(f"{number} {place} {version if place % 2 else 0}")
        _sentence(draft, choice)
    choice = random.Random(f"{number} about")
    author = draft.entity("Person", choice.choice(PEOPLE))
    body = draft.entity("Organisation", choice.choice(BODIES), sector=choice.choice(SECTORS[:2]))
    authors = (Contributor(author, "author", affiliation=body), Contributor(body, "author"))[:choice.randint(1, 2)]
    return draft.finish(f"Document {number}", authors, body if number % 2 else None)


def _sentence(draft: Draft, choice: random.Random) -> None:
    speaker_kind = choice.choice(("Person", "Organisation", "Group"))
    names = {kind: choice.choice(NAMES[kind]) for kind in KINDS}
    speaker = draft.entity(speaker_kind, names[speaker_kind])
    affiliation = draft.entity("Organisation", choice.choice(BODIES)) if speaker_kind == "Person" else None
    contributor = Contributor(
        speaker, choice.choice(("author", "quoted", "cited")), choice.choice(SECTORS), choice.choice(POSITIONS),
        affiliation, by_default=choice.random() < 0.2,
    )
    studies = ("The Hull Study",) if choice.random() < 0.3 else ()
    number = f" in {choice.randrange(1000)} cases"
    if choice.random() < 0.5:
        idea = draft.entity("Idea", names["Idea"])
        span = draft.say((speaker, names[speaker_kind]), " spoke of ", (idea, names["Idea"]), number, ".")
        draft.statements.append(Statement(
            contributor, (span,), 0.7, idea=idea, stance=choice.choice(("supports", "challenges", "discusses")),
            kind=choice.choice(("finding", "case", "argument", "recommendation")), studies=studies, reason="rule",
        ))
        return
    predicate, starts, ends = choice.choice(RELATIONS)
    first, last = choice.choice(starts), choice.choice(ends)
    subject, object_ = draft.entity(first, names[first]), draft.entity(last, names[last])
    span = draft.say(
        (speaker, names[speaker_kind]), " said that ", (subject, names[first]), " touches ", (object_, names[last]),
        number, ".",
    )
    first_too = len(draft.sentences) > 1 and choice.random() < 0.5
    passages = (span, Span(0, len(draft.sentences[0]))) if first_too else (span,)
    direction = choice.choice(("increases", "decreases", "no_change", "mixed")) if predicate == "leads_to" else ""
    draft.statements.append(Statement(
        contributor, passages, 0.6, subject=subject, predicate=predicate, object=object_, direction=direction,
        studies=studies, reason="rule",
    ))


def take_in(records: Records, number: int, version: int = 0, sentences: int = 8) -> str:
    """Takes a made-up document in, under its own address; gives its id."""
    reading, extraction = make_up(number, version, sentences)
    return take_in_this(records, reading, extraction, number, version)


def take_in_this(
    records: Records, reading: Reading, extraction: Extraction, number: int = 0, version: int = 0,
    info: ExtractorInfo = INFO,
) -> str:
    address = f"https://example.org/{number}"
    reading = replace(reading, metadata=replace(reading.metadata, address=address))
    original = f"{number} {version} {reading.text}".encode()
    return records.take_in(
        reading, original, f"document-{number}.txt", address, extraction, info, resolve
    ).document_id


def decide_something(records: Records, choice: random.Random, document_ids: list[str]) -> bool:
    """One random decision of any kind; False where the records refused it as impossible."""
    snapshot = records.snapshot(choice.choice(document_ids))
    document_id, kind = snapshot.document_id, choice.choice((
        ACCEPT, REJECT, REJECT, DISPUTE, RETYPE, RENAME, SET_SECTOR, MERGE, MERGE, UNMERGE, WITHDRAW, REINSTATE,
        SET_METADATA, SAME_TEXT, NOT_SAME_TEXT, UNDO,
    ))
    target, value, version, undoes = "", "", "", None
    identity_ids = sorted(set(snapshot.entity_identities))
    if kind in (ACCEPT, REJECT, DISPUTE):
        target, version = choice.choice(snapshot.statement_ids), snapshot.version
    elif kind in (RETYPE, RENAME, SET_SECTOR, MERGE, UNMERGE):
        target = choice.choice(identity_ids)
        value = {
            RETYPE: choice.choice(KINDS), RENAME: f"Renamed {choice.randrange(100)}", SET_SECTOR: "regulator",
            MERGE: choice.choice(identity_ids), UNMERGE: "",
        }[kind]
    elif kind in (WITHDRAW, REINSTATE, SET_METADATA):
        target = document_id
        title = f"A new title {choice.randrange(100)}"
        value = json.dumps({"title": title, "date": "2020"}) if kind == SET_METADATA else ""
    elif kind in (SAME_TEXT, NOT_SAME_TEXT):
        other = choice.choice(document_ids)
        if other == document_id:
            return False
        target = pair(document_id, other)
    else:
        made = records.decisions()
        if not made:
            return False
        undoes = choice.choice(made).decision_id
    try:
        records.decide(Decision(kind, target, value, "An Editor", "a test", version=version, undoes=undoes))
    except (RecordsError, ConflictError):
        return False
    return True
