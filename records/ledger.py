"""The ledger of decisions in the database: writing one, and the view of all of them."""
from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field, replace

from sqlalchemy import Connection, func, select

from errors import ConflictError, NotFoundError, RecordsError
from ontology.model import load as ontology
from records import identities as registry
from records.database import Database, Writing, now_text
from records.decisions import (
    DECISION_KINDS,
    DISTINCT,
    MERGE,
    OF_DOCUMENT,
    OF_IDENTITY,
    OF_TEXTS,
    RENAME,
    RETYPE,
    SET_METADATA,
    SET_SECTOR,
    STATES,
    UNDO,
    UNMERGE,
    WITHDRAW,
    Decision,
    DecisionView,
    affected_identities,
    metadata_changes,
    split_pair,
    view,
)
from records.tables import decisions, document_states, identities, versions

KINDS = ("Person", "Organisation", "Group", "Place", "Issue", "Intervention", "Outcome", "Idea")


@dataclass(frozen=True, slots=True)
class Log:
    """All decisions up to ``last`` and what they say together."""

    last: int = 0
    decisions: tuple[Decision, ...] = ()
    view: DecisionView = field(default_factory=DecisionView)
    by_target: dict[str, list[Decision]] = field(default_factory=dict)


def _log(entries: tuple[Decision, ...]) -> Log:
    by_target: dict[str, list[Decision]] = {}
    for each in entries:
        by_target.setdefault(each.target, []).append(each)
    return Log(entries[-1].decision_id if entries else 0, entries, view(entries), by_target)


class Ledger:
    """Reads the decisions once and again only what was added: rows are never changed."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._log = Log()

    def log(self, connection: Connection) -> Log:
        """The decisions as this transaction sees them."""
        log = self._log
        last = int(connection.execute(select(func.max(decisions.c.decision_id))).scalar() or 0)
        if last == log.last:
            return log
        if last < log.last:  # another thread has read on in a later transaction
            return _log(tuple(each for each in log.decisions if each.decision_id <= last))
        rows = connection.execute(
            select(decisions).where(decisions.c.decision_id > log.last).order_by(decisions.c.decision_id)
        )
        log = _log((*log.decisions, *(
            Decision(**{name: value for name, value in row._mapping.items() if name != "sequence"}) for row in rows
        )))
        self._log = log
        return log

    def add(
        self, writing: Writing, decision: Decision, expected: int | None,
        statement_ids: Callable[[str], Iterable[str]] | None,
    ) -> Decision:
        """Check and append a decision, and number the change of each document that it touches.

        ``expected`` is the id of the latest decision on the target that the editor has seen (0: none);
        None leaves it unchecked. ``statement_ids`` gives the statements of a document as it is now; with
        None (decisions that were made elsewhere) the target need not be there.
        Raises ConflictError when somebody decided in between, NotFoundError for a missing target,
        RecordsError for a decision that cannot be.
        """
        log = self.log(writing.connection)
        decision = _checked(writing.connection, log, decision, statement_ids)
        latest = max((each.decision_id for each in log.by_target.get(decision.target, ())), default=0)
        if expected is not None and expected != latest:
            raise ConflictError("somebody else decided on this in between: look at it again")
        number = writing.number()
        # Only decisions that were made elsewhere keep their time.
        at = decision.at if statement_ids is None and decision.at else now_text()
        row = asdict(decision) | {"at": at, "sequence": number}
        del row["decision_id"]
        decision_id = writing.connection.execute(
            self._database.insert(decisions).values(row).returning(decisions.c.decision_id)
        ).scalar_one()
        decision = replace(decision, at=at, decision_id=decision_id)
        after = view((*log.decisions, decision))  # refuses circles of merges
        for document_id in _documents(writing.connection, log, after, decision):
            writing.change(document_id)
        return decision


def _checked(
    connection: Connection, log: Log, decision: Decision, statement_ids: Callable[[str], Iterable[str]] | None,
) -> Decision:
    """The decision with its document filled in."""
    kind, value = decision.kind, decision.value
    if kind not in DECISION_KINDS:
        raise RecordsError(f"{kind!r} is not a kind of decision")
    if not decision.who.strip():
        raise RecordsError("a decision needs the name of who made it")
    if any("\x00" in each for each in (decision.target, value, decision.who, decision.why)):
        raise RecordsError("a decision holds a NUL character")
    if kind == UNDO:
        undone = next((each for each in log.decisions if each.decision_id == decision.undoes), None)
        if undone is None:
            raise NotFoundError(f"there is no decision {decision.undoes} to undo")
        if any(each.kind == UNDO and each.undoes == undone.decision_id for each in _standing(log)):
            raise ConflictError(f"decision {undone.decision_id} is undone already")
        return replace(decision, target=undone.target, document_id=undone.document_id)
    if decision.undoes is not None:
        raise RecordsError("only an undo names another decision")
    if kind in STATES:
        document_id = connection.execute(
            select(versions.c.document_id).where(versions.c.version == decision.version)
        ).scalar()
        if statement_ids is None:
            return replace(decision, document_id=document_id or decision.document_id)
        if document_id is None:
            raise NotFoundError("a decision on a statement needs the version of its document")
        if decision.target not in set(statement_ids(document_id)):
            raise NotFoundError(f"the document {document_id} has no statement {decision.target} now")
        return replace(decision, document_id=document_id)
    if kind in OF_IDENTITY:
        if statement_ids is not None:
            _need_identities(connection, decision.target, *((value,) if kind == MERGE else ()))
        _check_identity_value(log.view, decision)
        return decision
    if kind in OF_DOCUMENT:
        if statement_ids is not None:
            _need_documents(connection, decision.target)
        if kind == WITHDRAW and not decision.why.strip():
            raise RecordsError("to withdraw a document, say why")
        if kind == SET_METADATA:
            metadata_changes(value)
        return replace(decision, document_id=decision.target)
    left, right = split_pair(decision.target)
    if kind in OF_TEXTS:
        if statement_ids is not None:
            _need_documents(connection, left, right)
    else:
        if statement_ids is not None:
            _need_identities(connection, left, right)
        if log.view.canonical(left) == log.view.canonical(right):
            raise ConflictError("these two have been merged: undo that first")
    return decision


def _standing(log: Log) -> list[Decision]:
    """The undoing decisions that are not themselves undone."""
    undone: set[int] = set()
    standing: list[Decision] = []
    for each in reversed(log.decisions):
        if each.decision_id not in undone and each.kind == UNDO and each.undoes is not None:
            undone.add(each.undoes)
            standing.append(each)
    return standing


def _check_identity_value(before: DecisionView, decision: Decision) -> None:
    kind, value = decision.kind, decision.value
    merged = before.identities.get(decision.target)
    into = merged.merged_into if merged else ""
    if kind == RETYPE and value not in KINDS:
        raise RecordsError(f"{value!r} is not a kind of thing")
    if kind == RENAME and not 0 < len(value.strip()) <= registry.LONGEST:
        raise RecordsError(f"a name has 1 to {registry.LONGEST} characters")
    if kind == SET_SECTOR and value not in ontology().sectors:
        raise RecordsError(f"{value!r} is not a sector; to take a sector back, undo the decision that set it")
    if kind == MERGE:
        if into:
            raise ConflictError(f"{decision.target} has been merged into {into}: undo that first")
        if before.canonical(value) == decision.target:
            raise ConflictError(f"merging {decision.target} into {value} would close a circle")
    if kind == UNMERGE and not into:
        raise ConflictError(f"{decision.target} is not merged into anything")


def _need_identities(connection: Connection, *identity_ids: str) -> None:
    for each in identity_ids:
        if connection.execute(
            select(identities.c.identity_id).where(identities.c.identity_id == each)
        ).scalar() is None:
            raise NotFoundError(f"there is no identity {each!r}")


def _need_documents(connection: Connection, *document_ids: str) -> None:
    for each in document_ids:
        if connection.execute(
            select(document_states.c.document_id).where(document_states.c.document_id == each)
        ).scalar() is None:
            raise NotFoundError(f"there is no document {each!r}")


def _documents(connection: Connection, log: Log, after: DecisionView, decision: Decision) -> list[str]:
    """The documents whose part of the graph changes with a decision."""
    meant = decision
    while meant.kind == UNDO:  # an undone undo changes what the first one was about
        meant = next(each for each in log.decisions if each.decision_id == meant.undoes)
    if meant.kind in OF_IDENTITY:
        return registry.documents_with(connection, affected_identities(log.view, after, meant))
    if meant.kind in OF_TEXTS:
        return list(split_pair(meant.target))
    if meant.kind == DISTINCT:
        return []
    return [meant.document_id]

