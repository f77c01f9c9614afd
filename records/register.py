"""The register of documents to be taken in: work that is leased, so that it survives a killed worker.

An entry is queued, claimed under a lease that its worker renews, and finished. When a worker dies,
its lease runs out and another worker claims the entry: it may run twice, so what it does must be
safe to do twice. An entry that has been claimed too often is failed, with a reason, until somebody
queues it again.
"""
from __future__ import annotations

import os
import socket
import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, func, or_, select, update

from errors import ConflictError, NotFoundError, RecordsError
from records.database import Database, now_text
from records.tables import register

QUEUED, RUNNING, DONE, FAILED = "queued", "running", "done", "failed"
MOST_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Entry:
    """One piece of work, as it was when it was read."""

    entry_id: int
    kind: str  # what is to be done, e.g. "add" or "refresh"
    source: str  # with what: a path, an address, a document's id
    state: str
    attempts: int  # how often it has been claimed
    lease_until: float  # seconds since 1970, by the database's clock; 0 without a lease
    owner: str
    error: str  # why it failed, a plain sentence
    document_id: str
    result: str
    queued_at: str
    finished_at: str


def owner_name() -> str:
    """A name for this worker that no other one has, now or later."""
    return f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"


class Register:
    """Every method is one short transaction of its own."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def enqueue(self, source: str, kind: str = "add") -> int:
        """Queue a piece of work and return its number; one that is queued or running already is not doubled."""
        if not source or not kind or "\x00" in source:
            raise RecordsError("an entry of the register needs a source and a kind")
        with self._database.lock() as connection:
            if not self._database.is_sqlite:  # two at once would both see that it is not there
                connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"{kind}:{source}"))))
            waiting = connection.execute(
                select(register.c.entry_id)
                .where(register.c.source == source, register.c.kind == kind, register.c.state.in_((QUEUED, RUNNING)))
                .order_by(register.c.entry_id).limit(1)
            ).scalar()
            if waiting is not None:
                return int(waiting)
            return int(connection.execute(
                self._database.insert(register).values(
                    kind=kind, source=source, state=QUEUED, attempts=0, lease_until=0.0, owner="", error="",
                    document_id="", result="", queued_at=now_text(), finished_at="",
                ).returning(register.c.entry_id)
            ).scalar_one())

    def claim(self, owner: str, lease_seconds: float, kinds: tuple[str, ...] = ()) -> Entry | None:
        """Lease the oldest entry that is queued or whose lease has run out; None when there is none."""
        if not owner or lease_seconds <= 0:
            raise RecordsError("a claim needs an owner and a lease of some time")
        if not self._any_open():  # do not take the write lock in vain each time a worker asks
            return None
        with self._database.lock() as connection:
            now = self._database.now(connection)
            expired = and_(register.c.state == RUNNING, register.c.lease_until < now)
            self._give_up(connection, expired)
            ready = or_(register.c.state == QUEUED, expired)
            if kinds:
                ready = and_(ready, register.c.kind.in_(kinds))
            entry_id = connection.execute(
                select(register.c.entry_id).where(ready).order_by(register.c.entry_id).limit(1)
                .with_for_update(skip_locked=True)
            ).scalar()
            if entry_id is None:
                return None
            row = connection.execute(
                update(register).where(register.c.entry_id == entry_id)
                .values(state=RUNNING, owner=owner, attempts=register.c.attempts + 1, lease_until=now + lease_seconds)
                .returning(register)
            ).one()
            return _entry(row)

    def _any_open(self) -> bool:
        with self._database.read() as connection:
            return connection.execute(
                select(register.c.entry_id).where(register.c.state.in_((QUEUED, RUNNING))).limit(1)
            ).scalar() is not None

    def _give_up(self, connection: Connection, expired: Any) -> None:
        connection.execute(
            update(register).where(expired, register.c.attempts >= MOST_ATTEMPTS)
            .values(
                state=FAILED, owner="", lease_until=0.0, finished_at=now_text(),
                error=f"given up: {MOST_ATTEMPTS} workers have begun it and none has finished it",
            )
        )

    def renew(self, entry_id: int, owner: str, lease_seconds: float) -> None:
        """Prolong a lease from now on. Raises ConflictError when it has passed to another worker."""
        with self._database.lock() as connection:
            until = self._database.now(connection) + lease_seconds
            self._owned(connection, entry_id, owner, lease_until=until)

    def finish(
        self, entry_id: int, owner: str, state: str = DONE, error: str = "", document_id: str = "", result: str = "",
    ) -> None:
        """Close an entry as done or failed, or put it back as queued (its attempts count on).

        Raises ConflictError when the lease has passed to another worker: then that one's word counts.
        """
        if state not in (DONE, FAILED, QUEUED):
            raise RecordsError(f"an entry cannot be finished as {state!r}")
        if state == FAILED and not error:
            raise RecordsError("an entry that failed needs a reason")
        with self._database.lock() as connection:
            if state == QUEUED:
                attempts = connection.execute(
                    select(register.c.attempts).where(register.c.entry_id == entry_id)
                ).scalar() or 0
                if attempts >= MOST_ATTEMPTS:
                    state, error = FAILED, f"given up after {attempts} attempts; the last one: {error or 'no reason'}"
            self._owned(
                connection, entry_id, owner, state=state, owner="", lease_until=0.0, error=error,
                document_id=document_id, result=result, finished_at="" if state == QUEUED else now_text(),
            )

    def _owned(self, connection: Connection, entry_id: int, holder: str, **values: Any) -> None:
        changed = connection.execute(
            update(register)
            .where(register.c.entry_id == entry_id, register.c.owner == holder, register.c.state == RUNNING)
            .values(**values).returning(register.c.entry_id)
        ).scalar()
        if changed is None:
            raise ConflictError(f"the lease of entry {entry_id} is not held by {holder} any more")

    def requeue(self, entry_id: int) -> None:
        """Queue a closed entry again, with no attempts counted. Raises NotFoundError, ConflictError while it runs."""
        with self._database.lock() as connection:
            changed = connection.execute(
                update(register).where(register.c.entry_id == entry_id, register.c.state.in_((DONE, FAILED)))
                .values(
                    state=QUEUED, attempts=0, error="", result="", owner="", lease_until=0.0, finished_at="",
                    queued_at=now_text(),
                ).returning(register.c.entry_id)
            ).scalar()
            if changed is None:
                if _find(connection, entry_id) is None:
                    raise NotFoundError(f"there is no entry {entry_id} in the register")
                raise ConflictError(f"entry {entry_id} is queued or running already")

    def entry(self, entry_id: int) -> Entry:
        """Raises NotFoundError."""
        with self._database.read() as connection:
            found = _find(connection, entry_id)
        if found is None:
            raise NotFoundError(f"there is no entry {entry_id} in the register")
        return found

    def entries(self, state: str = "", limit: int = 1000) -> list[Entry]:
        """Entries, the newest first; of one state, or of all."""
        query = select(register).order_by(register.c.entry_id.desc()).limit(limit)
        with self._database.read() as connection:
            rows = connection.execute(query.where(register.c.state == state) if state else query)
            return [_entry(row) for row in rows]

    def counts(self) -> dict[str, int]:
        """How many entries are in each state; all four states are named."""
        found = dict.fromkeys((QUEUED, RUNNING, DONE, FAILED), 0)
        with self._database.read() as connection:
            rows = connection.execute(select(register.c.state, func.count()).group_by(register.c.state))
            found.update((state, count) for state, count in rows)
        return found


def _find(connection: Connection, entry_id: int) -> Entry | None:
    row = connection.execute(select(register).where(register.c.entry_id == entry_id)).one_or_none()
    return None if row is None else _entry(row)


def _entry(row: Any) -> Entry:
    return Entry(**row._mapping)
