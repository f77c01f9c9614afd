"""The one client of the graph: the official driver with the product's limits, retries and errors.

``Store.open(settings)`` reaches one's own server or the local one (``graph.local``) and brings its schema up to date.
A store may be shared by threads; processes open their own. Every method raises the errors of ``errors.GraphError``.
"""
from __future__ import annotations

import logging
import random
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from types import TracebackType
from typing import Any, Self, TypeVar

from neo4j import (
    READ_ACCESS,
    WRITE_ACCESS,
    Driver,
    GraphDatabase,
    NotificationMinimumSeverity,
    Query,
    Session,
    Transaction,
)
from neo4j.exceptions import DriverError, IncompleteCommit, Neo4jError

from errors import GraphUnavailableError, QueryLimitError
from graph import local, replacement
from graph.answer import Answer, plain
from graph.failures import is_limit, is_lost, translated
from graph.fragment import Fragment
from ontology.gate import check_fragment
from settings import Settings

log = logging.getLogger(__name__)

T = TypeVar("T")
OLDEST = (5, 26)  # of the server
CONNECT_SECONDS = 15.0
RETRY_SECONDS = 30.0  # how long a write is tried again after deadlocks and the like
WRITE_SECONDS = 600.0  # time limit of one write transaction
POOL = 50  # connections
HAS_DOCUMENT = "RETURN EXISTS { (:Document {id: $id}) } AS found"
WATCH_SECONDS = 5.0  # after its time limit a watched statement costs the local server its life
FIRST_PAUSE = 0.1  # seconds before the second try of a write; it doubles


class Store:
    """See the module. ``settings.read_seconds`` and ``settings.read_rows`` bound each read."""

    def __init__(self, settings: Settings, connection: local.Connection) -> None:
        """Prefer ``open``. The store closes the connection when it is closed."""
        self.settings = settings
        self._connection = connection
        self._bookmarks = GraphDatabase.bookmark_manager()
        self._lock = threading.Lock()
        self._driver = self._new_driver()

    @classmethod
    def open(cls, settings: Settings, migrate: bool = True) -> Self:
        """Reaches the server (starting the local one where needed) and migrates the graph's schema.

        Raises GraphUnavailableError where no server answers, it refuses the login, or it is older than 5.26.
        """
        from graph import schema  # it imports this module

        store = cls(settings, local.connect(settings))
        try:
            store.verify()
            if migrate:
                schema.migrate(store)
        except BaseException:
            store.close()
            raise
        return store

    def _new_driver(self) -> Driver:
        with translated():
            return GraphDatabase.driver(
                self._connection.uri, auth=(self._connection.user, self._connection.password),
                connection_timeout=CONNECT_SECONDS, connection_acquisition_timeout=CONNECT_SECONDS * 2,
                max_connection_pool_size=POOL, telemetry_disabled=True,
                notifications_min_severity=NotificationMinimumSeverity.OFF,
            )

    @property
    def is_local(self) -> bool:
        """Whether the server is run here, and not one's own by address."""
        return self._connection.is_local

    def verify(self) -> str:
        """The server's version, after a real answer. Raises GraphUnavailableError."""
        with translated():
            agent = self._driver.get_server_info().agent
        found = re.match(r"Neo4j/(\d+)\.(\d+)", agent)
        if found is None or (int(found[1]), int(found[2])) < OLDEST:
            raise GraphUnavailableError(f"The server says that it is {agent}; Neo4j 5.26 or newer is needed.")
        return agent.partition("/")[2]

    def close(self) -> None:
        """Closes the driver and leaves the server."""
        try:
            self._driver.close()
        finally:
            self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None,
    ) -> None:
        self.close()

    # Sessions

    def _session(self, access: str, fetch: int = 1000) -> Session:
        return self._driver.session(
            database=self._connection.database, default_access_mode=access, fetch_size=fetch,
            bookmark_manager=self._bookmarks,
        )

    def recover(self) -> None:
        """Waits for a local server that restarts, or joins it anew where its address changed."""
        with self._lock:
            try:
                self._connection.wait()
                with translated():
                    self._driver.verify_connectivity()
                return
            except GraphUnavailableError:
                if not self.is_local:
                    raise
            log.info("the local server is joined anew")
            connection = local.connect(self.settings)
            old_driver, old_connection = self._driver, self._connection
            self._connection = connection
            self._driver = self._new_driver()
            old_driver.close()
            old_connection.close()

    def _twice(self, work: Callable[[], T]) -> T:
        """The work, and once more where the server went away under it. Only for work that may be repeated."""
        with translated():
            try:
                return work()
            except (Neo4jError, DriverError) as problem:
                if not (is_lost(problem) or isinstance(problem, IncompleteCommit)):
                    raise
                log.warning("the graph database went away; trying once more")
            self.recover()
            return work()

    # Reading

    def read(
        self, text: str, parameters: Mapping[str, Any] | None = None, *, seconds: float | None = None,
        rows: int | None = None, watch: bool = False,
    ) -> Answer:
        """The answer to one reading statement, in a READ transaction with a time limit and a cap on rows.

        ``text`` is the product's own; user-written text goes through ``graph.guard`` first, and with ``watch`` under
        the watchdog: some expressions do not end at the server's time limit, and then the local server is killed and
        started anew. Read once more where the server was restarted underneath, by that or by a crash.
        Raises QueryLimitError, QueryRefusedError, GraphUnavailableError.
        """
        limit = self.settings.read_seconds if seconds is None else seconds
        most = self.settings.read_rows if rows is None else rows

        def once() -> Answer:
            with self._watched(limit) if watch else nullcontext():
                return self._read(text, parameters or {}, limit, most)

        return self._twice(once)

    def explain(
        self, text: str, parameters: Mapping[str, Any] | None, seconds: float,
    ) -> tuple[str | None, Mapping[str, Any] | None]:
        """What kind of statement it is (``r``: it only reads) and the plan for it. It does not run.

        The database's time limit does not bound the making of plans, the watchdog does. Raises as ``read`` does.
        """

        def once() -> tuple[str | None, Mapping[str, Any] | None]:
            with (
                self._watched(seconds), self._session(READ_ACCESS) as session,
                session.begin_transaction(timeout=seconds) as transaction,
            ):
                summary = transaction.run("EXPLAIN " + text, dict(parameters or {})).consume()
                transaction.rollback()
            return summary.query_type, summary.plan

        return self._twice(once)

    @contextmanager
    def _watched(self, seconds: float) -> Iterator[None]:
        """The watchdog: what does not end some seconds after its time limit costs the local server its life."""
        fired = threading.Event()

        def fire() -> None:
            fired.set()
            log.warning("a statement did not end at its limit of %s s: the local server is started anew", seconds)
            try:
                self._connection.kill("a statement did not end at its time limit")
            except GraphUnavailableError as problem:
                log.error("%s", problem)

        timer = threading.Timer(seconds + WATCH_SECONDS, fire)
        timer.daemon = True
        if self.is_local:
            timer.start()
        try:
            yield
        except (Neo4jError, DriverError) as problem:
            if fired.is_set():
                raise QueryLimitError(
                    "The statement did not end at its time limit, and the database had to be started anew."
                ) from problem
            raise
        finally:
            timer.cancel()

    def _read(self, text: str, parameters: Mapping[str, Any], seconds: float, most: int) -> Answer:
        began = time.monotonic()
        found: list[dict[str, Any]] = []
        truncated = False
        with (
            self._session(READ_ACCESS, fetch=min(most + 1, 1000)) as session,
            session.begin_transaction(timeout=seconds) as transaction,
        ):
            result = transaction.run(text, dict(parameters))
            columns = tuple(result.keys())
            for record in result:
                if len(found) == most:
                    truncated = True
                    break
                found.append({name: plain(value) for name, value in zip(columns, record, strict=True)})
            transaction.rollback()
        return Answer(columns, found, truncated, time.monotonic() - began)

    def values(
        self, text: str, parameters: Mapping[str, Any] | None = None, seconds: float = WRITE_SECONDS,
    ) -> list[list[Any]]:
        """All rows as lists, uncut: for the product's own passes over the whole graph (export, comparison)."""

        def work() -> list[list[Any]]:
            with (
                self._session(READ_ACCESS) as session, session.begin_transaction(timeout=seconds) as transaction,
            ):
                return transaction.run(text, dict(parameters or {})).values()

        return self._twice(work)

    # Writing

    def write(self, work: Callable[[Transaction], T], seconds: float = WRITE_SECONDS) -> T:
        """The result of ``work(transaction)`` in one write transaction: all of it or nothing.

        Tried again after a deadlock or a lost connection, so ``work`` must be repeatable: a commit whose
        confirmation was lost may have happened. The driver's own ``execute_write`` would also try again, for half a
        minute, what ran out of memory. Raises GraphError and its kinds.
        """

        def once() -> T:
            with self._session(WRITE_ACCESS) as session, session.begin_transaction(timeout=seconds) as transaction:
                result = work(transaction)
                transaction.commit()
                return result

        return self._twice(lambda: self._until_done(once))

    def _until_done(self, once: Callable[[], T]) -> T:
        """Tries again, ever later, what the server gave up for the sake of others (deadlocks and the like)."""
        until, pause = time.monotonic() + RETRY_SECONDS, FIRST_PAUSE
        while True:
            try:
                return once()
            except Neo4jError as problem:
                if is_limit(problem) or is_lost(problem) or not problem.is_retryable() or time.monotonic() > until:
                    raise
                log.info("written again after: %s", problem.code)
            time.sleep(pause * random.uniform(0.8, 1.2))  # noqa: S311 - so that two do not meet again
            pause *= 2

    def run(self, text: str, parameters: Mapping[str, Any] | None = None, seconds: float = WRITE_SECONDS) -> None:
        """One statement in a transaction of its own (auto-commit): schema, and ``CALL … IN TRANSACTIONS``.

        It must be repeatable: it is tried again after a deadlock or a lost connection.
        """

        def once() -> None:
            with self._session(WRITE_ACCESS) as session:
                session.run(Query(text, timeout=seconds), dict(parameters or {})).consume()

        self._twice(lambda: self._until_done(once))

    # The state of the graph

    def sequence(self) -> int:
        """Number of the records' change that the graph reflects; 0 for an empty graph."""
        rows = self.read("MATCH (state:GraphState {id: 'state'}) RETURN state.sequence AS sequence").rows
        return int(rows[0]["sequence"]) if rows else 0

    def replace_document(
        self, fragment: Fragment, sequence: int | None, after: int = 0, ontology_hash: str = "",
    ) -> bool:
        """Makes the graph hold this fragment for its document and reflect the change ``sequence``, in one transaction.

        A projector gives the change that the graph must have reached before (``after``) and the ontology that it must
        be derived from. False where the graph reflects the change already. Raises OntologyError for a fragment that
        does not fit, QueryLimitError for one that is too large for the server, replacement.SetBackError, GraphError.
        """
        check_fragment(fragment)

        def work(transaction: Transaction) -> bool:
            return replacement.replace(transaction, fragment, sequence, after, ontology_hash)

        try:
            return self.write(work)
        except QueryLimitError:
            # To replace a very long document takes more memory than to write it. It is taken out whole, then written
            # whole; the number does not move in between, so whatever happens the projector comes back to it.
            if not self.read(HAS_DOCUMENT, {"id": fragment.document_id}).rows[0]["found"]:
                raise
            self.remove_document(fragment.document_id)
            log.warning("Document %s is too large to be replaced at once: it is written anew", fragment.document_id)
            return self.write(work)

    def remove_document(self, document_id: str, sequence: int | None = None) -> bool:
        """Takes a document out of the graph with all that only it used (see ``replace_document``).

        Without a number the graph's own stays as it is.
        """
        nothing = Fragment(document_id, (), (), ())
        return self.write(lambda transaction: replacement.replace(transaction, nothing, sequence))

    def ontology_hash(self) -> str:
        """Hash of the ontology from which the graph was derived; empty before the first time."""
        rows = self.read("MATCH (state:GraphState {id: 'state'}) RETURN state.ontology_hash AS hash").rows
        return str(rows[0]["hash"] or "") if rows else ""

    def begin_again(self, ontology_hash: str | None = None) -> None:
        """The graph says that it reflects no change, so that the projector derives every document again."""
        self.write(lambda transaction: transaction.run(
            replacement.statement("begin_again"), ontology_hash=ontology_hash
        ).consume())
