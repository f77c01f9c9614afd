"""Documents on their way through the extraction processes: batches go out, outcomes come back in order."""
from __future__ import annotations

import gc
import logging
import threading
import traceback
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pydantic import SecretStr

from errors import DocumentError, SettingsError, WorkerError
from ingest.pool import Executor, TaskLostError
from ingest.sources import Work
from records.model import Extraction, ExtractorInfo, Reading
from settings import Settings

if TYPE_CHECKING:
    from ingest.extractor import Extractor

DOCUMENTS = 16  # in a batch at most; spaCy gains nothing from more
BYTES = 1 << 20  # of originals in a batch, unless it is a single one
AHEAD = 4  # batches for each process that are under way or wait for their turn
BYTES_AHEAD = 128 << 20  # of originals under way, unless it is a single one: bounds the main process

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a process gives back for one document: a reading with its extraction, or the error."""

    reading: Reading | None = None
    extraction: Extraction | None = None
    error: DocumentError | None = None
    details: str = ""  # the error's traceback where it was not foreseen


_extractor: Extractor | None = None
_settings: Settings | None = None
_one_at_a_time = threading.Lock()  # a Dask worker may have several threads, spaCy's vocabulary is for one


def prepare(settings: Settings, info: ExtractorInfo) -> None:
    """Loads the extractor. Called once in each extraction process.

    Raises SettingsError when it is another one than ``info``, under which its findings would be kept:
    a machine of the cluster may have another release, or another language model.
    """
    from ingest.extractor import load  # spaCy is for these processes, the one that submits does without

    global _extractor, _settings
    extractor = load(settings)
    if extractor.info != info:
        raise SettingsError(f"an extraction process has another extractor than was asked for: {extractor.info}, {info}")
    _settings, _extractor = settings, extractor
    gc.collect()
    gc.freeze()  # model, ontology and gazetteer stay to the end, and need not be looked through again and again


def without_secrets(settings: Settings) -> Settings:
    """The settings as extraction processes get them, on other machines too."""
    return settings.model_copy(update={"neo4j_password": SecretStr(""), "neo4j_password_file": None})


def read_and_extract(works: Sequence[Work]) -> list[Outcome]:
    """Reads and extracts a batch, in an extraction process. One document's error is its own outcome."""
    if _extractor is None or _settings is None:
        raise RuntimeError("prepare() was not called in this process")
    with _one_at_a_time:
        outcomes = [_read(work, _settings) for work in works]
        readings = [outcome.reading for outcome in outcomes if outcome.reading is not None]
        try:
            extractions = iter(list(_extractor.extract_many(readings)))
        except Exception:  # one of them is at fault, and each that is not must come through
            log.debug("A batch failed; its documents are extracted one by one", exc_info=True)
            return [_extract(work, outcome, _extractor) for work, outcome in zip(works, outcomes, strict=True)]
        return [
            outcome if outcome.reading is None else Outcome(outcome.reading, next(extractions)) for outcome in outcomes
        ]


def _read(work: Work, settings: Settings) -> Outcome:
    if work.reading is not None:
        return Outcome(work.reading)
    from ingest.read import read_file

    try:
        return Outcome(read_file(work.name, work.data, settings, work.address, work.media_type))
    except DocumentError as problem:
        return Outcome(error=problem)
    except Exception as problem:
        return _unforeseen(work, "reading", problem)


def _extract(work: Work, outcome: Outcome, extractor: Extractor) -> Outcome:
    if outcome.reading is None:
        return outcome
    try:
        return Outcome(outcome.reading, next(iter(extractor.extract_many([outcome.reading]))))
    except DocumentError as problem:
        return Outcome(error=problem)
    except Exception as problem:
        return _unforeseen(work, "extracting from", problem)


def _unforeseen(work: Work, doing: str, problem: Exception) -> Outcome:
    reason = f"{doing} it failed in a way that was not foreseen: {type(problem).__name__}: {problem}"
    return Outcome(error=WorkerError(work.name, reason), details=traceback.format_exc())


@dataclass(slots=True)
class _Task:
    works: list[Work]
    future: Future[list[Outcome]]
    size: int = field(init=False)

    def __post_init__(self) -> None:
        self.size = sum(work.size for work in self.works)


def run(executor: Executor, works: Iterable[Work], total: int) -> Iterator[tuple[Work, Outcome]]:
    """The outcome of each work, in the order in which they were given.

    Small documents go out several together (``total`` is about how many there are). A batch
    that loses its process is run again document by document, and a document that loses its
    process is run once more when nothing else runs; only then it is called bad, since the
    loss may have been another's doing. These, and one that is so slow that processes would
    stand idle, give up their place in the order. Takes no more works than are under way,
    so memory is bounded.
    """
    size = max(1, min(DOCUMENTS, total // (executor.workers * AHEAD)))
    batches = _batches(works, size)
    window: deque[_Task] = deque()
    doubtful: deque[Work] = deque()
    waiting: list[Work] | None = None
    more = True

    def submit(batch: list[Work]) -> None:
        window.append(_Task(batch, executor.submit(read_and_extract, batch)))

    while more or window or doubtful:
        while more and not doubtful and len(window) < executor.workers * AHEAD:
            waiting = waiting or next(batches, None)
            if waiting is None:
                more = False
            elif window and sum(task.size for task in window) + sum(work.size for work in waiting) > BYTES_AHEAD:
                break
            else:
                submit(waiting)
                waiting = None
        if window:
            task = _take(window, executor.workers if more else 0)
            try:
                yield from zip(task.works, task.future.result(), strict=True)
            except TaskLostError as loss:
                if len(task.works) > 1:
                    for work in task.works:
                        submit([work])
                elif loss.hung:
                    yield task.works[0], _lost(task.works[0], loss)
                else:
                    doubtful.append(task.works[0])
        elif doubtful:
            work = doubtful.popleft()
            try:
                yield work, executor.submit(read_and_extract, [work]).result()[0]
            except TaskLostError as loss:
                yield work, _lost(work, loss)


def _lost(work: Work, loss: TaskLostError) -> Outcome:
    return Outcome(error=WorkerError(work.name, loss.reason))


def _take(window: deque[_Task], workers: int) -> _Task:
    """The oldest task, when it is done; another that is done, where fewer than ``workers`` are left running."""
    while True:
        running = [task.future for task in window if not task.future.done()]
        for place, task in enumerate(window):
            if task.future.done():
                del window[place]
                return task
            if len(running) >= workers:
                break
        wait(running, return_when=FIRST_COMPLETED)


def _batches(works: Iterable[Work], size: int) -> Iterator[list[Work]]:
    batch: list[Work] = []
    for work in works:
        if batch and (len(batch) >= size or sum(one.size for one in batch) + work.size > BYTES):
            yield batch
            batch = []
        batch.append(work)
    if batch:
        yield batch
