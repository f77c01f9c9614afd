"""The register: leases that outlive their workers, and entries that are done once or said to have failed."""
# Strategy: short leases on a real database; workers are processes that are killed while they hold a lease.
from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest

from errors import ConflictError, NotFoundError, RecordsError
from records.register import DONE, FAILED, MOST_ATTEMPTS, QUEUED, RUNNING, Entry, owner_name
from records.store import Records
from tests.unit.records.processes import child, said

LEASE = 60.0
SHORT = 0.05


def claim(records: Records, owner: str = "me", lease: float = LEASE) -> Entry:
    entry = records.claim(owner, lease)
    assert entry is not None
    return entry


def test_entries_are_claimed_in_order_and_once(records: Records) -> None:
    numbers = [records.enqueue(f"file:/{each}", "add") for each in range(3)]
    claimed = [claim(records), claim(records, "other"), claim(records)]
    assert [each.entry_id for each in claimed] == numbers
    assert [each.source for each in claimed] == ["file:/0", "file:/1", "file:/2"]
    assert {each.state for each in claimed} == {RUNNING}
    assert records.claim("me", LEASE) is None
    records.finish(numbers[0], "me", DONE, document_id="d", result="known")
    found = records.register.entry(numbers[0])
    assert (found.state, found.document_id, found.result, found.owner) == (DONE, "d", "known", "")
    assert found.finished_at >= found.queued_at
    assert records.register.counts() == {QUEUED: 0, RUNNING: 2, DONE: 1, FAILED: 0}


def test_a_source_that_waits_is_not_queued_twice(records: Records) -> None:
    number = records.enqueue("file:/a", "add")
    assert records.enqueue("file:/a", "add") == number
    assert records.enqueue("file:/a", "refresh") != number
    claim(records)
    assert records.enqueue("file:/a", "add") == number
    records.finish(number, "me")
    assert records.enqueue("file:/a", "add") != number


def test_a_lease_that_ran_out_passes_on_and_its_late_owner_is_told(records: Records) -> None:
    records.enqueue("file:/a", "add")
    first = claim(records, "slow", SHORT)
    time.sleep(2 * SHORT)
    second = claim(records, "quick")
    assert (second.entry_id, second.attempts) == (first.entry_id, 2)
    for late in (
        lambda: records.renew(first.entry_id, "slow", LEASE), lambda: records.finish(first.entry_id, "slow", DONE),
    ):
        with pytest.raises(ConflictError, match="not held by slow"):
            late()
    records.finish(second.entry_id, "quick", DONE)
    with pytest.raises(ConflictError):
        records.finish(second.entry_id, "quick", DONE)


def test_a_renewed_lease_does_not_run_out(records: Records) -> None:
    records.enqueue("file:/a", "add")
    entry = claim(records, "me", SHORT)
    records.renew(entry.entry_id, "me", LEASE)
    time.sleep(2 * SHORT)
    assert records.claim("other", LEASE) is None
    records.finish(entry.entry_id, "me")


def test_an_entry_that_kills_its_workers_fails_and_may_be_queued_again(records: Records) -> None:
    number = records.enqueue("file:/bad", "add")
    for attempt in range(1, MOST_ATTEMPTS + 1):
        assert claim(records, f"worker {attempt}", SHORT).attempts == attempt
        time.sleep(2 * SHORT)
    good = records.enqueue("file:/good", "add")
    assert claim(records).entry_id == good  # the bad one does not stand in the way
    found = records.register.entry(number)
    assert (found.state, found.error) == (FAILED, "given up: 5 workers have begun it and none has finished it")
    assert records.register.entries(FAILED) == [found]
    records.register.requeue(number)
    assert claim(records).attempts == 1


def test_a_worker_puts_back_what_it_cannot_do_now_but_not_for_ever(records: Records) -> None:
    number = records.enqueue("https://x.org/", "add")
    for attempt in range(1, MOST_ATTEMPTS + 1):
        assert claim(records).attempts == attempt
        records.finish(number, "me", QUEUED, "no answer")
    found = records.register.entry(number)
    assert (found.state, found.error) == (FAILED, "given up after 5 attempts; the last one: no answer")
    assert records.claim("me", LEASE) is None


def test_a_failure_has_a_reason(records: Records) -> None:
    number = records.enqueue("file:/a", "add")
    claim(records)
    with pytest.raises(RecordsError, match="needs a reason"):
        records.finish(number, "me", FAILED)
    records.finish(number, "me", FAILED, "a.txt: there is no text in it")
    assert records.register.entry(number).error == "a.txt: there is no text in it"


@pytest.mark.parametrize("act", [
    lambda records: records.enqueue("", "add"), lambda records: records.enqueue("a", ""),
    lambda records: records.enqueue("a\x00", "add"), lambda records: records.claim("", LEASE),
    lambda records: records.claim("me", 0), lambda records: records.finish(1, "me", "lost"),
])
def test_what_makes_no_sense_is_refused(records: Records, act: Callable[[Records], object]) -> None:
    with pytest.raises(RecordsError):
        act(records)


def test_only_closed_entries_are_queued_again(records: Records) -> None:
    number = records.enqueue("file:/a", "add")
    with pytest.raises(ConflictError):
        records.register.requeue(number)
    with pytest.raises(NotFoundError):
        records.register.requeue(number + 1)
    with pytest.raises(NotFoundError):
        records.register.entry(number + 1)


def test_a_worker_may_ask_for_some_kinds(records: Records) -> None:
    records.enqueue("file:/a", "add")
    number = records.enqueue("d", "refresh")
    entry = records.claim("me", LEASE, kinds=("refresh",))
    assert entry is not None
    assert entry.entry_id == number
    assert records.claim("me", LEASE, kinds=("refresh",)) is None


def test_no_two_workers_have_one_name() -> None:
    assert len({owner_name() for _ in range(100)}) == 100


def test_threads_never_claim_one_entry_twice(records: Records) -> None:
    for each in range(40):
        records.enqueue(f"file:/{each}", "add")
    claimed: list[int] = []

    def work() -> None:
        owner = owner_name()
        while (entry := records.claim(owner, LEASE)) is not None:
            claimed.append(entry.entry_id)
            records.finish(entry.entry_id, owner)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(claimed) == len(set(claimed)) == 40
    assert records.register.counts()[DONE] == 40


WORKS = """
import sys, time
from pathlib import Path
from errors import ConflictError
from records.register import owner_name
from records.store import Records
address, originals = sys.argv[1:]
with Records(address, Path(originals)) as records:
    owner = owner_name()
    while True:
        entry = records.claim(owner, 2)
        if entry is None:
            time.sleep(0.02)
            continue
        print("begun", entry.entry_id)
        time.sleep(0.05)
        try:
            records.finish(entry.entry_id, owner)
        except ConflictError:  # this process was not let run for the length of a lease
            continue
        print("done", entry.entry_id)
"""


def test_nothing_is_lost_when_workers_are_killed(records: Records, address: str) -> None:
    """Two workers at a time, killed in the middle of a job six times: every job is done, once."""
    total = 40
    for each in range(total):
        records.enqueue(f"file:/{each}", "add")
    arguments = (address, str(records.originals.folder))
    done: Counter[int] = Counter()
    begun: Counter[int] = Counter()

    def count(line: str) -> None:
        word, _, number = line.partition(" ")
        if word:
            (done if word == "done" else begun)[int(number)] += 1

    for _ in range(3):
        with ExitStack() as stack:
            workers = [stack.enter_context(child(WORKS, *arguments)) for _ in range(2)]
            for worker in workers:
                for _ in range(5):  # ends with a "begun": the kill hits it at work
                    count(said(worker))
                worker.kill()
            for worker in workers:
                assert worker.stdout is not None
                for line in worker.stdout:
                    count(line.strip())
    with child(WORKS, *arguments) as worker:
        until = time.monotonic() + 60
        while records.register.counts()[DONE] < total:
            assert time.monotonic() < until, records.register.counts()
            time.sleep(0.1)
        worker.kill()
        assert worker.stdout is not None
        for line in worker.stdout:
            count(line.strip())
    assert records.register.counts() == {QUEUED: 0, RUNNING: 0, DONE: total, FAILED: 0}
    assert max(done.values()) == 1  # a late owner's word did not count
    assert sum(begun.values()) > total  # the killed ones were begun again
    assert max(each.attempts for each in records.register.entries()) > 1


def test_the_register_is_in_the_same_file(sqlite_records: Records, tmp_path: Path) -> None:
    sqlite_records.enqueue("file:/a", "add")
    with Records.open(f"sqlite:///{tmp_path / 'records.sqlite'}") as other:
        assert claim(other).source == "file:/a"
