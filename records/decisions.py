"""Editors' decisions: an append-only list, and the pure fold that says what holds now.

A decision is never changed or deleted; ``undo`` names another one, which then counts as though
it had never been made (and an undone ``undo`` lets it count again). Judgements are kept
append-only after nomenklatura's resolver, but superseded ones are kept too.
"""
from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from types import MappingProxyType
from typing import Any, Final

from errors import RecordsError
from records.model import Author, Identity, Metadata

# Of a statement (target: its id; ``version`` says on which original it was decided)
ACCEPT, REJECT, DISPUTE = "accept", "reject", "dispute"
# Of an identity (target: its id)
RETYPE, RENAME, SET_SECTOR, MERGE, UNMERGE = "retype", "rename", "set_sector", "merge", "unmerge"
# Of two identities (target: pair()): they are not the same
DISTINCT = "distinct"
# Of a document (target: its id); the value of set_metadata is a JSON object of fields of Metadata
WITHDRAW, REINSTATE, SET_METADATA = "withdraw", "reinstate", "set_metadata"
# Of two documents (target: pair())
SAME_TEXT, NOT_SAME_TEXT = "same_text", "not_same_text"
# Of another decision (``undoes``; the target is that decision's)
UNDO = "undo"

STATES: Final[Mapping[str, str]] = MappingProxyType({ACCEPT: "accepted", REJECT: "rejected", DISPUTE: "disputed"})
OF_IDENTITY: Final = frozenset({RETYPE, RENAME, SET_SECTOR, MERGE, UNMERGE})
OF_DOCUMENT: Final = frozenset({WITHDRAW, REINSTATE, SET_METADATA})
OF_TEXTS: Final = frozenset({SAME_TEXT, NOT_SAME_TEXT})
DECISION_KINDS: Final = frozenset(STATES) | OF_IDENTITY | {DISTINCT} | OF_DOCUMENT | OF_TEXTS | {UNDO}
METADATA_FIELDS: Final = frozenset(each.name for each in fields(Metadata))


def pair(one: str, other: str) -> str:
    """The target of a decision about two identities or documents; the order does not matter."""
    return "~".join(sorted((one, other)))


def split_pair(target: str) -> tuple[str, str]:
    """The two ids of a ``pair``. Raises RecordsError for anything else."""
    left, found, right = target.partition("~")
    if not (found and left and right) or left >= right:
        raise RecordsError(f"{target!r} does not name two different ids in order")
    return left, right


@dataclass(frozen=True, slots=True)
class Decision:
    """Who decided what about which target, when and why.

    ``at``, ``decision_id`` and ``document_id`` are set by the records; ``version`` is the SHA-256 of
    the original that lay before the editor, and is needed for a statement, whose document it names.
    """

    kind: str  # one of DECISION_KINDS
    target: str
    value: str = ""
    who: str = ""
    why: str = ""
    at: str = ""  # ISO 8601, UTC
    version: str = ""
    undoes: int | None = None
    decision_id: int = 0
    document_id: str = ""  # of a statement's or a document's decision


@dataclass(frozen=True, slots=True)
class Verdict:
    """What holds for a statement, by the latest decision on it that counts."""

    state: str  # accepted, rejected, disputed
    decision_id: int
    version: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class IdentityOverride:
    """What editors changed of an identity; an empty text means unchanged."""

    kind: str = ""
    name: str = ""
    sector: str = ""
    merged_into: str = ""  # the next in the chain; ``DecisionView.canonical`` follows it to the end


@dataclass(frozen=True, slots=True)
class DocumentOverride:
    """What editors changed of a document."""

    state: str = "active"  # or withdrawn
    reason: str = ""  # why it was withdrawn
    metadata: Mapping[str, Any] = field(default_factory=dict)  # field of Metadata -> value


@dataclass(frozen=True, slots=True)
class DecisionView:
    """What all decisions together say. Made by ``view``."""

    statements: Mapping[str, Verdict] = field(default_factory=dict)
    identities: Mapping[str, IdentityOverride] = field(default_factory=dict)
    documents: Mapping[str, DocumentOverride] = field(default_factory=dict)
    same_texts: Mapping[tuple[str, str], bool] = field(default_factory=dict)  # ids in order -> verdict
    distinct: frozenset[tuple[str, str]] = frozenset()  # ids in order: known to be two identities
    members: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # canonical id -> all merged into it

    def canonical(self, identity_id: str) -> str:
        """The identity that stands for this one after all merges; itself when it is not merged."""
        while (override := self.identities.get(identity_id)) is not None and override.merged_into:
            identity_id = override.merged_into
        return identity_id

    def cluster(self, identity_id: str) -> tuple[str, ...]:
        """All identities that stand for one thing with this one: the canonical first, then by id."""
        canonical = self.canonical(identity_id)
        return (canonical, *self.members.get(canonical, ()))

    def identity(self, identity: Identity) -> Identity:
        """The identity with editors' kind, name and sector. Merges are not followed here."""
        override = self.identities.get(identity.identity_id)
        if override is None:
            return identity
        return replace(
            identity,
            kind=override.kind or identity.kind,
            name=override.name or identity.name,
            sector=override.sector or identity.sector,
        )

    def document(self, document_id: str) -> DocumentOverride:
        return self.documents.get(document_id, DocumentOverride())

    def metadata(self, document_id: str, as_read: Metadata) -> Metadata:
        """The metadata as read, with editors' changes."""
        changes = dict(self.document(document_id).metadata)
        if "authors" in changes:
            changes["authors"] = tuple(Author(**author) for author in changes["authors"])
        return replace(as_read, **changes) if changes else as_read

    def only(
        self, statements: Collection[str], identities: Collection[str], document_id: str,
    ) -> DecisionView:
        """The part that concerns these statements, these identities' clusters and this document."""
        kept = {each for identity_id in identities for each in self.cluster(identity_id)}
        return DecisionView(
            statements={each: self.statements[each] for each in statements if each in self.statements},
            identities={each: self.identities[each] for each in sorted(kept) if each in self.identities},
            documents={document_id: self.documents[document_id]} if document_id in self.documents else {},
            same_texts={each: same for each, same in self.same_texts.items() if document_id in each},
            distinct=frozenset(each for each in self.distinct if kept.intersection(each)),
            members={each: self.members[each] for each in sorted(kept) if each in self.members},
        )


def effective(decisions: Iterable[Decision]) -> list[Decision]:
    """The decisions that count, in order: without undone ones and without the undoing."""
    undone: set[int] = set()
    kept: list[Decision] = []
    # From the newest: by the time an undo is met, it is known whether it was itself undone.
    for decision in sorted(decisions, key=lambda each: each.decision_id, reverse=True):
        if decision.decision_id in undone:
            continue
        if decision.kind == UNDO:
            if decision.undoes is not None:
                undone.add(decision.undoes)
        else:
            kept.append(decision)
    kept.reverse()
    return kept


def view(decisions: Iterable[Decision]) -> DecisionView:
    """What the decisions say together. Pure: the same list gives the same view.

    Raises RecordsError for an unknown kind, and for merges that close a circle.
    """
    statements: dict[str, Verdict] = {}
    identities: dict[str, IdentityOverride] = {}
    documents: dict[str, DocumentOverride] = {}
    same_texts: dict[tuple[str, str], bool] = {}
    distinct: set[tuple[str, str]] = set()
    for decision in effective(decisions):
        kind, target, value = decision.kind, decision.target, decision.value
        if kind in STATES:
            statements[target] = Verdict(STATES[kind], decision.decision_id, decision.version, value)
        elif kind in OF_IDENTITY:
            if kind == MERGE:
                _refuse_circle(identities, target, value)
            identities[target] = _override(identities.get(target, IdentityOverride()), kind, value)
        elif kind == DISTINCT:
            distinct.add(split_pair(target))
        elif kind in OF_DOCUMENT:
            documents[target] = _document_override(documents.get(target, DocumentOverride()), decision)
        elif kind in OF_TEXTS:
            same_texts[split_pair(target)] = kind == SAME_TEXT
        else:
            raise RecordsError(f"decision {decision.decision_id} is of an unknown kind: {kind}")
    identities = {each: override for each, override in identities.items() if override != IdentityOverride()}
    documents = {each: override for each, override in documents.items() if override != DocumentOverride()}
    found = DecisionView(statements, identities, documents, same_texts, frozenset(distinct))
    members: dict[str, list[str]] = {}
    for identity_id, override in identities.items():
        if override.merged_into:
            members.setdefault(found.canonical(identity_id), []).append(identity_id)
    return replace(found, members={each: tuple(sorted(merged)) for each, merged in sorted(members.items())})


def _override(before: IdentityOverride, kind: str, value: str) -> IdentityOverride:
    if kind == MERGE:
        return replace(before, merged_into=value)
    if kind == UNMERGE:
        return replace(before, merged_into="")
    return replace(before, **{{RETYPE: "kind", RENAME: "name", SET_SECTOR: "sector"}[kind]: value})


def _document_override(before: DocumentOverride, decision: Decision) -> DocumentOverride:
    if decision.kind == WITHDRAW:
        return replace(before, state="withdrawn", reason=decision.why)
    if decision.kind == REINSTATE:
        return replace(before, state="active", reason="")
    merged = dict(before.metadata) | metadata_changes(decision.value)
    return replace(before, metadata={name: value for name, value in sorted(merged.items()) if value is not None})


def _refuse_circle(identities: Mapping[str, IdentityOverride], target: str, into: str) -> None:
    # Every step is looked at, not the end alone: a target that is merged already is no end.
    step = into
    while step and step != target:
        step = identities[step].merged_into if step in identities else ""
    if step or not into:
        raise RecordsError(f"merging {target} into {into or 'nothing'} would close a circle")


def metadata_changes(value: str) -> dict[str, Any]:
    """The value of a set_metadata decision: field -> text (authors: list), or None for "as read".

    Raises RecordsError unless it is a JSON object of known fields with fitting values.
    """
    try:
        changes = json.loads(value)
    except ValueError as problem:
        raise RecordsError("changed metadata must be a JSON object") from problem
    if not isinstance(changes, dict) or not changes:
        raise RecordsError("changed metadata must be a JSON object of at least one field")
    for name, content in changes.items():
        if name not in METADATA_FIELDS:
            raise RecordsError(f"documents have no metadata field {name!r}")
        if content is None:
            continue
        if name == "authors":
            if not isinstance(content, list):
                raise RecordsError("the authors must be a list")
            for author in content:
                if not isinstance(author, dict) or not isinstance(author.get("name"), str) or not author["name"]:
                    raise RecordsError("each author must be an object with a name")
                known = {each.name for each in fields(Author)}
                if unknown := sorted(set(author) - known):
                    raise RecordsError(f"an author has no field {unknown[0]!r}")
        elif not isinstance(content, str):
            raise RecordsError(f"the metadata field {name} must be a text")
    return changes


def affected_identities(before: DecisionView, after: DecisionView, decision: Decision) -> set[str]:
    """The identities whose documents change with a decision on an identity (or its undoing)."""
    touched = {decision.target}
    if decision.kind == MERGE:
        touched.add(decision.value)
    return {
        each for which in (before, after) for identity_id in touched for each in which.cluster(identity_id)
    }


def dump(decisions: Iterable[Decision]) -> str:
    """The decisions as JSON lines, oldest first."""
    return "".join(
        json.dumps(asdict(decision), ensure_ascii=False, sort_keys=True) + "\n"
        for decision in sorted(decisions, key=lambda each: each.decision_id)
    )


def load(lines: str) -> list[Decision]:
    """The decisions that ``dump`` wrote. Raises RecordsError naming the line that does not fit."""
    found: list[Decision] = []
    known = {each.name for each in fields(Decision)}
    for number, line in enumerate(lines.split("\n"), 1):  # not splitlines: names may hold U+2028
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as problem:
            raise RecordsError(f"line {number} of the decisions is not JSON") from problem
        if not isinstance(row, dict) or set(row) - known or row.get("kind") not in DECISION_KINDS:
            raise RecordsError(f"line {number} of the decisions is not a decision")
        found.append(Decision(**row))
    return found


def orphans(decisions: Iterable[Decision], exists: Callable[[Decision], bool]) -> list[Decision]:
    """Effective decisions whose target is no longer there."""
    return [decision for decision in effective(decisions) if not exists(decision)]


def last_on(decisions: Sequence[Decision], target: str) -> int:
    """The id of the latest decision on a target; 0 when there is none."""
    return max((each.decision_id for each in decisions if each.target == target), default=0)
