"""From file to graph, top to bottom.

    sources   what a person named: files, folders, addresses       ingest.sources
       | those whose original, parser and extractor are known are passed over here
    batches   several documents a task, to extraction processes    ingest.batch, ingest.pool
       |        a file becomes a reading (text, blocks, metadata)  ingest.read
       |        a reading becomes an extraction                    ingest.extractor
    records   document, text, extraction and identities, in one    records.store
       |        transaction; entities find their identities in it  ingest.resolution
    graph     follows the records in the order of their changes    graph.project

Whatever dies, the records hold whole documents only, and the graph catches up from them. To run
the same command again completes what was cut short.
"""
from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Protocol

from errors import DocumentError, GraphError, ReformError, WorkerError
from graph.project import bring_up_to_date
from graph.store import Store
from ingest import batch
from ingest.pool import Executor, open_executor
from ingest.provenance import current_info
from ingest.sources import Source, Sources, Work
from ingest.summary import Summary
from records.documents import KnownVersion
from records.model import ExtractorInfo, Reading, run_id_of
from records.store import Records, TakenIn
from settings import Settings

FOLLOW_SECONDS = 2.0  # the graph follows about so often; at the end it has caught up

log = logging.getLogger(__name__)


class Progress(Protocol):
    """Who is told what happens, document by document."""

    def begin(self, total: int) -> None: ...

    def done(self, name: str, what: str, words: int) -> None: ...

    def failed(self, problem: DocumentError) -> None: ...

    def note(self, name: str, text: str) -> None: ...


class Silent:
    """Tells nobody."""

    def begin(self, total: int) -> None: ...

    def done(self, name: str, what: str, words: int) -> None: ...

    def failed(self, problem: DocumentError) -> None: ...

    def note(self, name: str, text: str) -> None: ...


def ingest(
    sources: Sources, records: Records, store: Store, settings: Settings, progress: Progress | None = None,
    executor: Executor | None = None,
) -> Summary:
    """Take sources in: records first, then the graph.

    A document that cannot be taken in is told to ``progress``, counted in the summary, and the
    rest goes on. Raises GraphError when, at the end, the graph could not follow (the records are
    whole then), RecordsError when the records cannot be written, SettingsError when the extractor
    or the executor cannot be had.
    """
    run = _Run(records, store, settings, progress or Silent(), current_info(settings))
    run.progress.begin(len(sources.wanted) + len(sources.missing))
    run.summary.passed_over = sources.passed_over
    for problem in sources.missing:
        run.fail(problem)
    run.take(run.changed_works(sources.wanted), len(sources.wanted), executor, run.take_in)
    return run.finish()


def reextract(
    document_ids: Iterable[str] | None, records: Records, store: Store, settings: Settings,
    progress: Progress | None = None, executor: Executor | None = None,
) -> Summary:
    """Extract again from stored texts with the current extractor; older extractions are kept.

    ``document_ids``: which documents; None for all. One whose current extraction is of this very
    extractor counts as unchanged. Raises NotFoundError for an id that is not there, and what
    ``ingest`` raises.
    """
    run = _Run(records, store, settings, progress or Silent(), current_info(settings))
    wanted = [each.document_id for each in records.documents()] if document_ids is None else list(document_ids)
    run.progress.begin(len(wanted))
    run.take(run.stored_works(wanted), len(wanted), executor, run.extract_again)
    return run.finish()


class _Run:
    """One run: what all its steps share."""

    def __init__(
        self, records: Records, store: Store, settings: Settings, progress: Progress, info: ExtractorInfo
    ) -> None:
        self.records = records
        self.store = store
        self.settings = settings
        self.progress = progress
        self.info = info
        self.run_id = run_id_of(info)
        self.summary = Summary()
        self.follow_next = 0.0

    # What is to be done

    def changed_works(self, sources: Iterable[Source]) -> Iterator[Work]:
        """The sources that are not taken in yet as they are, with their bytes."""
        known = self.records.known_versions()
        current = {each.document_id: each.source_address for each in known.values() if each.is_current}
        seen: dict[str, str] = {}
        for source in sources:
            try:
                # A file is hashed before it is read as a whole: most often nothing has changed.
                work = source.load(self.settings) if source.path is None else None
                digest = work.sha256 if work else source.digest(self.settings)
                address = work.source_address if work else source.source_address
                if digest in seen:
                    self.progress.note(source.name, f"the same file as {seen[digest]}")
                if digest in seen or self._is_settled(known.get(digest), address, current):
                    self.pass_over(source.name, known[digest].document_id if digest in known else "")
                else:
                    yield work or source.load(self.settings)
                seen.setdefault(digest, source.name)
            except DocumentError as problem:
                self.fail(problem)

    def _is_settled(self, known: KnownVersion | None, address: str, current: dict[str, str]) -> bool:
        """Whether the records hold this original, read and extracted as it would be now."""
        from ingest.read import parser_version

        if known is None:
            return False
        if not known.is_current:  # a copy of an older version changes nothing, unless it is at the newer one's place
            return current.get(known.document_id) != address
        return known.parser_version == parser_version(known.parser) and known.run_id == self.run_id

    def stored_works(self, document_ids: Iterable[str]) -> Iterator[Work]:
        """Documents whose current extraction is another extractor's, with their stored texts."""
        for document_id in document_ids:
            document = self.records.document(document_id)
            if document.run_id == self.run_id:
                self.pass_over(document.filename, document_id)
                continue
            text = self.records.text(document_id)
            reading = Reading(
                text.text, text.blocks, text.metadata, text.parser, text.parser_version, text.media_type, text.notes
            )
            name = document.filename
            yield Work(name, name, reading=reading, document_id=document_id, text_id=text.text_id)

    # Extraction, then records, then graph

    def take(
        self, works: Iterator[Work], total: int, executor: Executor | None,
        keep: Callable[[Work, batch.Outcome], TakenIn],
    ) -> None:
        """Extract works and keep what comes back. No process is started where there is nothing to do."""
        first = next(works, None)
        if first is None:
            return None
        if executor is None:
            with open_executor(self.settings, batch.prepare, batch.without_secrets(self.settings), self.info) as opened:
                return self.take(chain([first], works), total, opened, keep)
        for work, outcome in batch.run(executor, chain([first], works), total):
            if outcome.error is not None:
                self.fail(outcome.error, outcome.details)
                continue
            try:
                taken = keep(work, outcome)
            except DocumentError as problem:
                self.fail(problem)
            except ReformError:
                raise
            except Exception as problem:  # a fault of ours in one document must not cost the others
                log.exception("%s", work.name)
                self.fail(WorkerError(work.name, f"it could not be kept: {type(problem).__name__}: {problem}"))
            else:
                self.count(work, outcome, taken)
                self.follow()
        return None

    def take_in(self, work: Work, outcome: batch.Outcome) -> TakenIn:
        """One document's reading and extraction into the records, in one transaction."""
        from ingest.resolution import resolve

        assert outcome.reading is not None and outcome.extraction is not None
        return self.records.take_in(
            outcome.reading, work.data, work.filename, work.source_address, outcome.extraction, self.info, resolve
        )

    def extract_again(self, work: Work, outcome: batch.Outcome) -> TakenIn:
        """Another extraction of a stored text into the records, in one transaction."""
        from ingest.resolution import resolve

        assert outcome.extraction is not None
        return self.records.reextract(work.document_id, work.text_id, outcome.extraction, self.info, resolve)

    def follow(self, at_the_end: bool = False) -> None:
        """Bring the graph up to date, from time to time. A server that is away is waited for until the end."""
        if not at_the_end and time.monotonic() < self.follow_next:
            return
        try:
            self.summary.projected += bring_up_to_date(self.records, self.store)
        except GraphError as problem:
            if at_the_end:
                raise
            log.warning("The graph does not follow yet: %s", problem)
        self.follow_next = time.monotonic() + FOLLOW_SECONDS

    # What is said

    def pass_over(self, name: str, document_id: str) -> None:
        self.summary.unchanged += 1
        if document_id:
            self.summary.documents.append(document_id)
        self.progress.done(name, "unchanged", 0)

    def count(self, work: Work, outcome: batch.Outcome, taken: TakenIn) -> None:
        assert outcome.reading is not None and outcome.extraction is not None
        words = len(outcome.reading.text.split())
        self.summary.documents.append(taken.document_id)
        for note in outcome.reading.notes if work.reading is None else ():
            self.progress.note(work.name, note)
        if not taken.changed:
            self.summary.unchanged += 1
        else:
            if taken.case == "new document":
                self.summary.new += 1
            else:
                self.summary.changed += 1
            self.summary.add(words, outcome.extraction)
        self.progress.done(work.name, str(taken.case), words)

    def fail(self, problem: DocumentError, details: str = "") -> None:
        if details:
            log.error("%s\n%s", problem, details)
        self.summary.failures.append(problem)
        self.progress.failed(problem)

    def finish(self) -> Summary:
        self.follow(at_the_end=True)
        self.summary.end()
        return self.summary
