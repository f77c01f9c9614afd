"""The records: documents, versions, texts, extractions, identities and decisions, in one place.

``Records.open(settings)`` opens them, makes them where there are none, and brings an older schema
up to date. One object may be shared by threads; processes open their own.
"""
from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from sqlalchemy import Connection, select

from errors import NotFoundError, RecordsError
from records import documents, extractions, intake
from records import identities as registry
from records.database import Database
from records.decisions import MERGE, OF_DOCUMENT, OF_TEXTS, STATES, Decision, DecisionView, orphans
from records.documents import DocumentRecord, DocumentSummary, KnownVersion, StoredText
from records.identities import Candidate, Resolve
from records.intake import Case, Registered
from records.ledger import Ledger
from records.model import Extraction, ExtractorInfo, Identity, Reading
from records.originals import Originals
from records.register import Register
from records.snapshot import SameText, Snapshot
from records.tables import document_states
from settings import Settings


class Change(NamedTuple):
    """A document, and the number of its latest change."""

    sequence: int
    document_id: str


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What became of a document and its extraction."""

    document_id: str
    version: str
    text_id: str
    case: Case
    is_new_extraction: bool
    new_identities: int
    sequence: int  # number of the document's latest change
    also_changed: tuple[str, ...]  # other documents whose part of the graph changes with it

    @property
    def changed(self) -> bool:
        return self.is_new_extraction or self.case not in (Case.KNOWN, Case.OLD_COPY)


@dataclass(frozen=True, slots=True)
class _Given:
    """A resolution made beforehand."""

    identities: tuple[Identity, ...]
    candidates: tuple[tuple[str, str, float, tuple[str, ...]], ...] = ()


def _content(decision: Decision) -> tuple[str | int | None, ...]:
    return (decision.kind, decision.target, decision.value, decision.who, decision.why, decision.at,
            decision.version, decision.undoes)


class Records:
    """See the module. Every method is one transaction; errors are RecordsError and its kinds."""

    def __init__(self, settings: Settings | str, originals: Path | None = None) -> None:
        """From settings, or from an SQLAlchemy address (originals then lie beside the SQLite file)."""
        if isinstance(settings, Settings):
            self.database = Database(settings.records_address)
            folder = originals or settings.originals_folder
        else:
            self.database = Database(settings)
            folder = originals or Path(self.database.url.database or "records").parent / "originals"
        self.originals = Originals(folder)
        self._ledger = Ledger(self.database)
        self.register = Register(self.database)
        self.enqueue = self.register.enqueue
        self.claim = self.register.claim
        self.renew = self.register.renew
        self.finish = self.register.finish

    @classmethod
    def open(cls, settings: Settings | str, originals: Path | None = None) -> Self:
        """Open the records; the schema is made or brought up to date where it must be."""
        records = cls(settings, originals)
        try:
            records.database.migrate()
            records.originals.sweep()
        except BaseException:
            records.close()
            raise
        return records

    def close(self) -> None:
        self.database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None,
    ) -> None:
        self.close()

    # Taking in

    def add_document(self, reading: Reading, original: bytes, filename: str, source_address: str) -> Registered:
        """Register a file with its text, without an extraction. What that can mean: ``intake.Case``.

        ``source_address`` is where it came from, ``file:`` + path for a local file.
        """
        intake.check_reading(reading, filename)
        version = self.originals.write(original)
        with self.database.write() as writing:
            return intake.place(
                self.database, writing, reading, version, len(original), filename, intake.printable(source_address),
            )

    def add_extraction(
        self, document_id: str, text_id: str, extraction: Extraction, info: ExtractorInfo,
        identities: Sequence[Identity],
    ) -> int:
        """Add an extraction with identities resolved beforehand; returns the document's latest number."""
        given = _Given(tuple(identities))
        return self.reextract(document_id, text_id, extraction, info, lambda *_: given).sequence

    def reextract(
        self, document_id: str, text_id: str, extraction: Extraction, info: ExtractorInfo, resolve: Resolve,
    ) -> TakenIn:
        """Add another run's extraction of a stored text; the older ones are kept."""
        with self.database.write() as writing:
            before = documents.document(writing.connection, DecisionView(), document_id)
            extracted = extractions.add_extraction(
                self.database, writing, document_id, text_id, extraction, info, resolve, before.filename,
            )
            return self._taken_in(writing.connection, writing.changed, Registered(
                document_id, before.version, text_id, Case.KNOWN), extracted)

    def take_in(
        self, reading: Reading, original: bytes, filename: str, source_address: str, extraction: Extraction,
        info: ExtractorInfo, resolve: Resolve,
    ) -> TakenIn:
        """Document, text, extraction and identities in one transaction.

        ``resolve(extraction, known, document_id)`` is called inside it; ``known`` maps the entities'
        keys (LOCAL ones with the document's id: ``model.registered_key``) to what is registered.
        In the case OLD_COPY the extraction is not kept.
        """
        intake.check_reading(reading, filename)
        version = self.originals.write(original)
        with self.database.write() as writing:
            registered = intake.place(
                self.database, writing, reading, version, len(original), filename, intake.printable(source_address),
            )
            extracted = None
            if registered.case is not Case.OLD_COPY:
                extracted = extractions.add_extraction(
                    self.database, writing, registered.document_id, registered.text_id, extraction, info, resolve,
                    filename,
                )
            return self._taken_in(writing.connection, writing.changed, registered, extracted)

    def _taken_in(
        self, connection: Connection, changed: dict[str, int], registered: Registered,
        extracted: extractions.Extracted | None,
    ) -> TakenIn:
        document_id = registered.document_id
        number = changed.get(document_id) or connection.execute(
            select(document_states.c.sequence).where(document_states.c.document_id == document_id)
        ).scalar_one()
        return TakenIn(
            document_id, registered.version, registered.text_id, registered.case,
            extracted is not None and extracted.is_new, extracted.new_identities if extracted else 0,
            number, tuple(sorted(changed.keys() - {document_id})),
        )

    # Finding

    def document(self, document_id: str) -> DocumentRecord:
        """Raises NotFoundError."""
        with self.database.read() as connection:
            return documents.document(connection, self._ledger.log(connection).view, document_id)

    def documents(self) -> Iterator[DocumentSummary]:
        """All documents, in the order in which they were registered."""
        with self.database.read() as connection:
            found = list(documents.summaries(connection, self._ledger.log(connection).view))
        return iter(found)

    def known_versions(self) -> dict[str, KnownVersion]:
        """All originals by SHA-256: what an ingest needs to pass over what it has taken in before."""
        with self.database.read() as connection:
            return documents.known_versions(connection)

    def find_address(self, address: str) -> str:
        """The document that is registered under an address; "" when there is none."""
        with self.database.read() as connection:
            return documents.documents_of_address(connection, intake.normal_address(address))

    def text(self, document_id: str) -> StoredText:
        """The document's current text. Raises NotFoundError."""
        with self.database.read() as connection:
            return documents.text(connection, document_id)

    def original(self, version: str) -> bytes:
        """The original with this SHA-256. Raises NotFoundError, or RecordsError when it is damaged."""
        return self.originals.read(version)

    def same_text(self, document_id: str) -> tuple[SameText, ...]:
        """Documents with nearly this text (estimated Jaccard 0.8 or more), editors' verdicts applied."""
        with self.database.read() as connection:
            return documents.same_text(connection, self._ledger.log(connection).view, document_id)

    def snapshot(self, document_id: str) -> Snapshot:
        """Everything that derivation needs about one document. Raises NotFoundError."""
        with self.database.read() as connection:
            return self._snapshot(connection, document_id)

    def _snapshot(self, connection: Connection, document_id: str) -> Snapshot:
        log = self._ledger.log(connection)
        return documents.snapshot(connection, log.view, log.by_target, document_id)

    # Changes

    def sequence(self) -> int:
        """The number of the latest change of any document; 0 when there is none."""
        with self.database.read() as connection:
            return documents.latest(connection)

    def epoch(self) -> int:
        """A number that the records were given when they were made or restored.

        A graph that was derived under another one reflects other records, whatever its sequence says.
        """
        with self.database.read() as connection:
            return documents.epoch(connection)

    def changes_after(self, sequence: int) -> list[Change]:
        """Each document that changed after this number, with its latest change, in order of number.

        No two documents share a number. A graph that has all of these reflects ``sequence()``.
        """
        with self.database.read() as connection:
            rows = connection.execute(
                select(document_states.c.sequence, document_states.c.document_id)
                .where(document_states.c.sequence > sequence).order_by(document_states.c.sequence)
            )
            return [Change(number, document_id) for number, document_id in rows]

    # Identities

    def identities_by_keys(self, keys: Iterable[str]) -> dict[str, Identity]:
        """The identity under each registered key, as registered; unknown keys are left out."""
        with self.database.read() as connection:
            return registry.by_keys(connection, keys)

    def identities_by_names(self, names: Iterable[str]) -> dict[str, tuple[Identity, ...]]:
        """For each name the identities that carry it, whatever the case."""
        with self.database.read() as connection:
            return registry.by_names(connection, names)

    def identity(self, identity_id: str) -> Identity:
        """The identity as registered. Raises NotFoundError."""
        with self.database.read() as connection:
            found = registry.by_ids(connection, [identity_id])
        if identity_id not in found:
            raise NotFoundError(f"there is no identity {identity_id!r}")
        return found[identity_id]

    def candidates(self) -> list[Candidate]:
        """Pairs of identities that wait for a person, the best first."""
        with self.database.read() as connection:
            return registry.waiting(connection, self._ledger.log(connection).view)

    # Decisions

    def decide(self, decision: Decision, expected: int | None = None) -> int:
        """Append a decision and return its id (see ``ledger.Ledger.add`` for what is refused)."""
        with self.database.write() as writing:
            return self._ledger.add(
                writing, decision, expected,
                lambda document_id: self._snapshot(writing.connection, document_id).statement_ids,
            ).decision_id

    def append_decisions(self, given: Iterable[Decision]) -> int:
        """Append decisions that ``decisions.dump`` wrote; returns how many were not there yet.

        They keep their author and time and get numbers of their own. All of them, or none. What they
        are about need not be here (see ``orphans``). Raises RecordsError when they do not fit each other.
        """
        added = 0
        with self.database.write() as writing:
            ledger = Ledger(self.database)  # its own: it will see rows that may yet be rolled back
            here = {_content(each): each.decision_id for each in ledger.log(writing.connection).decisions}
            numbers: dict[int, int] = {}
            for decision in given:
                if decision.undoes is not None and decision.undoes not in numbers:
                    raise RecordsError(f"decision {decision.decision_id} undoes one that is not among them")
                renumbered = replace(decision, undoes=numbers.get(decision.undoes or 0))
                number = here.get(_content(renumbered))
                if number is None:
                    number = ledger.add(writing, renumbered, None, None).decision_id
                    added += 1
                numbers[decision.decision_id] = number
        return added

    def orphans(self) -> list[Decision]:
        """Decisions that count, but whose statement, document or identity is not there any more."""
        with self.database.read() as connection:
            log = self._ledger.log(connection)
            present = {each.document_id for each in documents.summaries(connection, log.view)}
            statements: dict[str, set[str]] = {}

            def exists(decision: Decision) -> bool:
                document_id = decision.document_id
                if decision.kind in STATES:
                    if document_id in present and document_id not in statements:
                        statements[document_id] = set(self._snapshot(connection, document_id).statement_ids)
                    return decision.target in statements.get(document_id, ())
                targets = set(decision.target.split("~"))
                if decision.kind in OF_DOCUMENT | OF_TEXTS:
                    return targets <= present
                if decision.kind == MERGE:
                    targets.add(decision.value)
                return targets <= registry.by_ids(connection, targets).keys()

            return orphans(log.decisions, exists)

    def decisions(self, target: str | None = None) -> list[Decision]:
        """All decisions, or those on one target, oldest first."""
        with self.database.read() as connection:
            log = self._ledger.log(connection)
        return list(log.decisions if target is None else log.by_target.get(target, ()))

    def view(self) -> DecisionView:
        """What all decisions together say."""
        with self.database.read() as connection:
            return self._ledger.log(connection).view
