# Strategy: the order of outcomes and the second tries are tested with an executor that this test
# steers by hand (no processes); what a process does with a batch, with an extractor of a few lines.
from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import replace
from typing import Any, Self

import pytest

import settings
from errors import SettingsError, WorkerError
from ingest import batch
from ingest.batch import Outcome
from ingest.pool import TaskLostError
from ingest.provenance import current_info
from ingest.sources import Work
from records.model import Extraction, Metadata, Reading


def reading_of(text: str) -> Reading:
    return Reading(text, (), Metadata(), "text", "1", "text/plain")


class Steered:
    """Runs each batch in the thread that asks, but for works of certain names, which are lost or slow."""

    def __init__(self, workers: int = 2, lost: Sequence[str] = (), lost_with: str = "", hung: Sequence[str] = ()):
        self.workers = workers
        self.batches: list[list[str]] = []
        self.lost, self.lost_with, self.hung = lost, lost_with, hung
        self.together = 0
        self.slow: dict[str, threading.Event] = {}

    def submit(self, function: Callable[..., Any], /, *arguments: Any) -> Future[Any]:
        assert function is batch.read_and_extract
        names = [work.name for work in arguments[0]]
        self.batches.append(names)
        future: Future[Any] = Future()
        if set(names) & set(self.hung):
            future.set_exception(TaskLostError("it took longer than 1 s", hung=True))
        elif set(names) & set(self.lost) or (self.lost_with in names and self.batches.count(names) == 1):
            future.set_exception(TaskLostError("it died"))
        elif slow := next((self.slow[name] for name in names if name in self.slow), None):
            def later() -> None:
                assert slow.wait(20)
                future.set_result([Outcome(reading_of(name)) for name in names])
            threading.Thread(target=later).start()
        else:
            future.set_result([Outcome(reading_of(name)) for name in names])
        return future

    def shutdown(self) -> None: ...

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None: ...


def works(count: int, size: int = 10) -> list[Work]:
    return [Work(str(number), str(number), b"x" * size) for number in range(count)]


def names(outcomes: Iterable[tuple[Work, Outcome]]) -> list[str]:
    return [work.name for work, _ in outcomes]


def test_outcomes_come_in_the_order_of_the_works() -> None:
    executor = Steered()
    outcomes = list(batch.run(executor, works(200), 200))
    assert names(outcomes) == [str(number) for number in range(200)]
    assert all(outcome.reading is not None and outcome.reading.text == work.name for work, outcome in outcomes)
    assert max(len(names) for names in executor.batches) == batch.DOCUMENTS


def test_few_documents_are_spread_over_the_processes() -> None:
    executor = Steered(workers=2)
    list(batch.run(executor, works(14), 14))
    assert len(executor.batches) == 14


def test_large_documents_go_alone() -> None:
    executor = Steered()
    list(batch.run(executor, works(100, batch.BYTES // 2), 1000))
    assert {len(names) for names in executor.batches} == {2}


def test_takes_no_more_works_than_are_under_way() -> None:
    taken = []

    def count() -> Iterator[Work]:
        for work in works(1000):
            taken.append(work.name)
            yield work

    run = batch.run(Steered(workers=2), count(), 1000)
    next(run)
    assert len(taken) <= 2 * batch.AHEAD * batch.DOCUMENTS + 1
    run.close()


def test_bytes_under_way_are_bounded() -> None:
    taken = 0

    def count() -> Iterator[Work]:
        nonlocal taken
        for work in works(100, 40 << 20):
            taken += len(work.data)
            yield work

    run = batch.run(Steered(workers=16), count(), 100)
    next(run)
    assert taken <= batch.BYTES_AHEAD + (2 * 40 << 20)
    run.close()


def test_a_bad_document_is_found_in_its_batch_and_tried_alone() -> None:
    executor = Steered(lost=["77"])
    outcomes = {work.name: outcome for work, outcome in batch.run(executor, works(200), 200)}
    assert len(outcomes) == 200
    assert isinstance(outcomes["77"].error, WorkerError)
    assert str(outcomes["77"].error) == "77: it died"
    assert [name for name, outcome in outcomes.items() if outcome.error] == ["77"]
    with_it = [names for names in executor.batches if "77" in names]
    assert [len(names) for names in with_it] == [16, 1, 1], "in its batch, by itself, and when nothing else ran"


def test_an_innocent_document_that_was_lost_once_comes_through() -> None:
    executor = Steered(lost_with="5")
    outcomes = list(batch.run(executor, works(6), 6))
    assert sorted(names(outcomes)) == [str(number) for number in range(6)]
    assert not [outcome for _, outcome in outcomes if outcome.error]


def test_a_document_that_hung_by_itself_is_not_run_again() -> None:
    executor = Steered(hung=["3"])
    outcomes = list(batch.run(executor, works(6), 6))
    assert [str(outcome.error) for _, outcome in outcomes if outcome.error] == ["3: it took longer than 1 s"]
    assert executor.batches.count(["3"]) == 1


def test_a_slow_document_does_not_leave_processes_idle() -> None:
    executor = Steered(workers=2)
    executor.slow["0"] = threading.Event()
    run = batch.run(executor, works(20), 20)
    first = [next(run)[0].name for _ in range(5)]
    assert "0" not in first and first[0] == "2", "the batch of 0 and 1 waits, the next ones go on"
    executor.slow["0"].set()
    assert sorted(first + names(run), key=int) == [str(number) for number in range(20)]


class Toy:
    """Finds nothing; refuses some texts."""

    def extract_many(self, readings: Sequence[Reading]) -> Iterator[Extraction]:
        for reading in readings:
            if "poison" in reading.text:
                raise ZeroDivisionError("by zero")
            yield Extraction()


@pytest.fixture
def process(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.setattr(batch, "_extractor", Toy())
    monkeypatch.setattr(batch, "_settings", settings.load(data_folder=tmp_path))


def test_one_bad_document_of_a_batch_is_its_own_outcome(process: None) -> None:
    batch_of = [Work("good", "good", reading=reading_of("a text")), Work("bad", "bad", reading=reading_of("poison")),
                Work("empty.txt", "empty.txt", b""), Work("last", "last", reading=reading_of("another"))]
    good, bad, empty, last = batch.read_and_extract(batch_of)
    assert good.extraction == Extraction() and last.extraction == Extraction()
    assert isinstance(bad.error, WorkerError)
    assert str(bad.error) == "bad: extracting from it failed in a way that was not foreseen: ZeroDivisionError: by zero"
    assert "Traceback" in bad.details
    assert str(empty.error) == "empty.txt: the file is empty"


def test_a_process_with_another_extractor_refuses(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = settings.load(data_folder=tmp_path)
    other = replace(current_info(chosen), version="from yesterday")
    with pytest.raises(SettingsError, match="from yesterday"):
        batch.prepare(chosen, other)


def test_no_secret_leaves_for_other_machines(tmp_path: Any) -> None:
    full = settings.load(data_folder=tmp_path, neo4j_password="hunter2")
    assert "hunter2" not in str(batch.without_secrets(full).model_dump())
    assert batch.without_secrets(full).neo4j_password.get_secret_value() == ""
