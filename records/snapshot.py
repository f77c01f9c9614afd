"""All that is known about one document, as plain values: the input of the graph's derivation."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from records.decisions import Decision, DecisionView
from records.model import Block, Extraction, ExtractorInfo, Identity, Metadata, anchor_of, statement_id


@dataclass(frozen=True, slots=True)
class SameText:
    """Another document whose text is (nearly) this one's: both count as one source."""

    document_id: str
    score: float  # estimated Jaccard similarity of 5-word shingles, or 1.0 where only an editor says so
    decided: bool  # an editor said so; else it is the machine's suggestion


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One document as the records hold it at one moment.

    Two snapshots of the same state are equal, whatever happened in between (``sequence`` apart).
    Offsets are code points of ``text``.

    ``entity_identities[i]`` is the id of the identity that ``extraction.entities[i]`` was registered
    as; it stays when identities are merged. ``identities`` holds, by id, each of those, and for each
    also the canonical identity that it was merged into and all others merged into that one, with
    their fields as registered: ``view.identity()`` puts the editors' changes on top, and
    ``identity_of`` does both. ``view`` holds only what concerns this document; ``decisions`` are the
    decisions behind it, undone ones and undoing ones included, oldest first.
    """

    document_id: str
    version: str  # SHA-256 of the current original
    sequence: int  # number of the document's latest change
    filename: str
    media_type: str
    address: str  # as the document declares it, else where it was fetched from; "" for a local file
    read_at: str  # ISO 8601, UTC: when this version was first taken in
    text_id: str
    text: str
    blocks: tuple[Block, ...]
    words: int
    as_read: Metadata  # as the parser read it; ``metadata`` has the editors' changes
    metadata: Metadata
    parser: str
    parser_version: str
    notes: tuple[str, ...]
    extraction: Extraction  # empty when nothing has been extracted yet (run_id is "" then)
    run_id: str
    info: ExtractorInfo | None
    entity_identities: tuple[str, ...]
    identities: Mapping[str, Identity]
    statement_ids: tuple[str, ...]  # parallel to extraction.statements
    same_texts: tuple[SameText, ...]  # in order of id; verdicts of editors are already applied
    decisions: tuple[Decision, ...]
    view: DecisionView

    @property
    def state(self) -> str:
        """active or withdrawn."""
        return self.view.document(self.document_id).state

    def registered(self, entity: int) -> Identity:
        """The identity as which an entity was registered, as registered."""
        return self.identities[self.entity_identities[entity]]

    def identity_of(self, entity: int) -> Identity:
        """The identity that an entity stands for after merges, with editors' kind, name and sector."""
        return self.view.identity(self.identities[self.view.canonical(self.entity_identities[entity])])

    def merged_into(self, identity_id: str) -> tuple[Identity, ...]:
        """The identities that were merged into a canonical one, in order of id."""
        return tuple(self.view.identity(self.identities[each]) for each in self.view.members.get(identity_id, ()))


def statement_ids(
    document_id: str, text: str, extraction: Extraction, entity_identities: tuple[str, ...],
) -> tuple[str, ...]:
    """Ids of an extraction's statements, in order (see ``records.model.statement_id``)."""
    found: list[str] = []
    taken: set[str] = set()
    for statement in extraction.statements:
        passages = tuple(anchor_of(text, passage.start, passage.end) for passage in statement.passages)
        if statement.idea is not None:
            about: tuple[str, ...] = ("idea", entity_identities[statement.idea])
        else:
            ends = (statement.subject, statement.object)
            about = (statement.predicate, *("" if end is None else entity_identities[end] for end in ends))
        contributor = entity_identities[statement.contributor.entity]
        number = 0
        while (minted := statement_id(document_id, passages, contributor, about, number)) in taken:
            number += 1
        taken.add(minted)
        found.append(minted)
    return tuple(found)
