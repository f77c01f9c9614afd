"""A process that takes in what waits in the register of the records. Several may run, on several machines.

An entry is claimed under a lease, which is renewed while it is worked on. When a worker dies, its
leases run out and other workers claim the entries: taking a document in twice changes nothing. The
same path runs as for ``add`` (``ingest.run``).
"""
from __future__ import annotations

import logging
import signal
import threading
import time
from concurrent.futures import CancelledError
from types import FrameType, TracebackType
from typing import Self

from errors import ConflictError, GraphError, RecordsError, ReformError
from graph.project import bring_up_to_date
from graph.store import Store
from ingest import batch
from ingest.pool import open_executor
from ingest.provenance import current_info
from ingest.run import ingest, reextract
from ingest.sources import Sources, collect
from ingest.summary import Summary
from records.register import DONE, FAILED, QUEUED, Entry, Register, owner_name
from records.store import Records
from settings import Settings

LEASE_SECONDS = 60.0
RENEW_SECONDS = 15.0
LOOK_SECONDS = 1.0  # how often an idle worker looks into the register
FOLLOW_SECONDS = 10.0  # how often it looks whether the graph lags behind
GRACE_SECONDS = 6.0  # after SIGTERM: what is not finished by then goes back into the register

log = logging.getLogger(__name__)


class Worker:
    """Works on as many entries at a time as there are extraction processes, each in a thread of its own."""

    def __init__(self, records: Records, store: Store, settings: Settings) -> None:
        self.records = records
        self.store = store
        self.settings = settings
        self.register = Register(records.database)
        self.owner = owner_name()
        self.executor = open_executor(settings, batch.prepare, batch.without_secrets(settings), current_info(settings))
        self.stopping = threading.Event()
        self.ended = threading.Event()
        self.held: set[int] = set()  # entries under our lease
        self.problem: BaseException | None = None  # what ended the worker

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.executor.shutdown()

    def run(self, once: bool = False) -> int:
        """Work until SIGTERM or SIGINT, or with ``once`` until nothing can be claimed. Gives the exit code.

        After a signal what is under way is finished, or given back to the register after a few
        seconds. Raises what made it impossible to go on (SettingsError, RecordsError).
        """
        before = {number: signal.signal(number, self._stop) for number in (signal.SIGTERM, signal.SIGINT)}
        slots = [
            threading.Thread(target=self._serve, args=(once,), name=f"slot-{number}", daemon=True)
            for number in range(self.executor.workers)
        ]
        heartbeat = threading.Thread(target=self._renew, name="heartbeat", daemon=True)
        self.ended.clear()
        try:
            heartbeat.start()
            for slot in slots:
                slot.start()
            log.info("Worker %s has begun, %d entries at a time", self.owner, len(slots))
            self._wait(slots)
        finally:
            self.ended.set()
            heartbeat.join()
            for number, handler in before.items():
                signal.signal(number, handler)
        if self.problem is not None:
            raise self.problem
        return 0

    def _stop(self, number: int, _: FrameType | None) -> None:
        self.stopping.set()

    def _wait(self, slots: list[threading.Thread]) -> None:
        """Until all slots have ended; meanwhile the graph is kept up to date."""
        follow_next = time.monotonic() + FOLLOW_SECONDS
        while any(slot.is_alive() for slot in slots) and not self.stopping.wait(0.2):
            if time.monotonic() > follow_next:
                self._follow()
                follow_next = time.monotonic() + FOLLOW_SECONDS
        deadline = time.monotonic() + GRACE_SECONDS
        for slot in slots:
            slot.join(max(0.0, deadline - time.monotonic()))
        if any(slot.is_alive() for slot in slots):
            self.executor.shutdown()  # who waits for it gets CancelledError, and gives its entry back
            for slot in slots:
                slot.join(GRACE_SECONDS)

    def _follow(self) -> None:
        try:
            bring_up_to_date(self.records, self.store)
        except GraphError as problem:
            log.warning("The graph does not follow yet: %s", problem)

    def _renew(self) -> None:
        while not self.ended.wait(RENEW_SECONDS):
            for entry_id in list(self.held):
                try:
                    self.register.renew(entry_id, self.owner, LEASE_SECONDS)
                except ConflictError:
                    self.held.discard(entry_id)  # it took too long, another worker has it; both results are the same
                except RecordsError as problem:
                    log.warning("A lease could not be renewed: %s", problem)

    def _serve(self, once: bool) -> None:
        try:
            while not self.stopping.is_set():
                entry = self.register.claim(self.owner, LEASE_SECONDS)
                if entry is not None:
                    self._work_on(entry)
                elif once:
                    return
                else:
                    self.stopping.wait(LOOK_SECONDS)
        except BaseException as problem:
            self.problem = problem
            self.stopping.set()

    def _work_on(self, entry: Entry) -> None:
        log.info("Entry %d: %s %s", entry.entry_id, entry.kind, entry.source)
        self.held.add(entry.entry_id)
        state, error, summary = QUEUED, "", Summary()
        try:
            summary = self._carry_out(entry)
            state, error = (FAILED, _reasons(summary)) if summary.failures else (DONE, "")
        except GraphError as problem:  # the records are whole, the graph follows later
            state = DONE
            log.warning("Entry %d is in the records, the graph does not follow yet: %s", entry.entry_id, problem)
        except ReformError as problem:
            error = str(problem)
            raise
        except Exception as problem:
            if self.stopping.is_set() and isinstance(problem, CancelledError | RuntimeError):  # its processes are gone
                error = "the worker was told to stop"
            else:
                state, error = FAILED, f"it failed in a way that was not foreseen: {type(problem).__name__}: {problem}"
                log.exception("Entry %d", entry.entry_id)
        finally:
            self.held.discard(entry.entry_id)
            try:
                self.register.finish(
                    entry.entry_id, self.owner, state, error,
                    document_id=summary.documents[0] if len(summary.documents) == 1 else "",
                    result="" if state == QUEUED else summary.lines()[0],
                )
            except ConflictError:
                log.warning("Entry %d took longer than its lease; another worker has it", entry.entry_id)

    def _carry_out(self, entry: Entry) -> Summary:
        """What the entry's kind asks for. An unknown kind fails the entry."""
        common = (self.records, self.store, self.settings)
        match entry.kind:
            case "add":
                return ingest(collect([entry.source]), *common, executor=self.executor)
            case "refresh":
                return ingest(self._where(entry.source), *common, executor=self.executor)
            case "reextract":
                return reextract([entry.source], *common, executor=self.executor)
        raise ValueError(f"an entry of the kind {entry.kind} is not known to this worker")

    def _where(self, document_id: str) -> Sources:
        """The place from which a document came, to read it again."""
        return collect([self.records.document(document_id).source_address.removeprefix("file:")])


def _reasons(summary: Summary) -> str:
    more = f" (and {summary.failed - 1} more)" if summary.failed > 1 else ""
    return f"{summary.failures[0]}{more}"
