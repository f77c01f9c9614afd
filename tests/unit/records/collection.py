"""Documents, extractions and a resolver for the tests of the records.

Strategy: small texts whose spans are computed from the text itself; the resolver is the simplest
that keeps the contract (an entity is what its first known key says, else new under its first key).
"""
from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass

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

INFO = ExtractorInfo("rules", "1", "en_core_web_sm-3.8.0", "model-hash", "ontology-hash")
NEWER = ExtractorInfo("rules", "2", "en_core_web_sm-3.8.0", "model-hash", "ontology-hash")
VOCABULARY = tuple(f"word{number}" for number in range(4000))


@dataclass(frozen=True)
class Resolution:
    identities: tuple[Identity, ...] = ()
    candidates: tuple[tuple[str, str, float, tuple[str, ...]], ...] = ()


def resolve(extraction: Extraction, known: Mapping[str, Identity], document_id: str) -> Resolution:
    """Each entity is what its first known key says; else a new identity under its first key."""
    found: dict[str, Identity] = {}
    for entity in extraction.entities:
        keys = tuple(registered_key(key, document_id) for key in entity.keys)
        before = next((known[key] for key in keys if key in known), None)
        identity_id = before.identity_id if before else mint(keys[0])
        own = tuple(key for key in keys if key not in known)
        earlier = found.get(identity_id)
        found[identity_id] = Identity(
            identity_id, entity.kind, before.name if before else entity.name, entity.sector,
            (entity.name, *entity.names, *(earlier.names if earlier else ())), own + (earlier.keys if earlier else ()),
        )
    return Resolution(tuple(found.values()))


def prose(seed: int, words: int = 120) -> str:
    """Words at random, the same for the same seed; two seeds share next to no 5-word shingle."""
    choice = random.Random(seed)
    return " ".join(choice.choice(VOCABULARY) for _ in range(words))


def reading(text: str, parser_version: str = "1", **metadata: object) -> Reading:
    facts = {"title": "A title", "authors": (Author("Ann Author", "Nesta"),), "date": "2024-05"} | metadata
    return Reading(text, (Block("paragraph", 0, len(text)),), Metadata(**facts), "plain", parser_version, "text/plain")  # type: ignore[arg-type]


NESTA = Entity("Organisation", "Nesta", ("org:nesta",), names=("NESTA",))
CO_PRODUCTION = Entity("Idea", "co-production", ("idea:co-production",))
TENANTS = Entity("Group", "tenants", ("group:tenants@document",))


def extraction(text: str, *entities: Entity) -> Extraction:
    """One mention of each entity at the text's first words, and one statement by the first about the last."""
    entities = entities or (NESTA, CO_PRODUCTION)
    end = min(len(text), 5)
    return Extraction(
        entities=entities,
        mentions=tuple(Mention(0, end, entity.kind, index, 0.9) for index, entity in enumerate(entities)),
        statements=(
            Statement(Contributor(0, "author"), (Span(0, end),), 0.7, idea=len(entities) - 1, stance="supports",
                      kind="case"),
        ),
        authors=(Contributor(0, "author"),),
    )


def large(seed: int, mentions: int = 150, statements: int = 30, entities: int = 60) -> tuple[Reading, Extraction]:
    """A document of 1,000 words as the speed measurement takes it: a third of its entities is shared."""
    choice = random.Random(seed)
    text = prose(seed, 1000)
    kinds = ("Organisation", "Person", "Issue", "Intervention", "Outcome", "Place")
    found = tuple(
        Entity(
            kind := kinds[index % len(kinds)], f"Name {seed if index % 3 else choice.randrange(200)} {index}",
            (f"{kind.lower()}:name {seed if index % 3 else choice.randrange(200)} {index}",), names=(f"N{index}",),
        )
        for index in range(entities)
    )
    return reading(text, title=f"Document {seed}"), Extraction(
        entities=found,
        mentions=tuple(
            Mention(at := choice.randrange(len(text) - 20), at + 12, kinds[index % 6], index % entities, 0.8)
            for index in range(mentions)
        ),
        statements=tuple(
            Statement(
                Contributor(index % entities, "quoted", "academia", "researcher"),
                (Span(at := choice.randrange(len(text) - 200), at + 150),), 0.6, subject=index % entities,
                predicate="addresses", object=(index + 7) % entities, reason="rule",
            )
            for index in range(statements)
        ),
        authors=(Contributor(1, "author"),), publisher=0,
    )
