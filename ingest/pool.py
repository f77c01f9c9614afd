"""Where documents are extracted: processes of this machine, or a Dask cluster by its address.

Both are used through ``Executor.submit``, which gives a ``concurrent.futures.Future``; the code
that submits does not know which one it has. A task that loses its process (it died, hung, or
took too much memory) fails with ``TaskLostError``, which says why in plain words. The process is
replaced; what becomes of the task is the caller's decision (``ingest.batch``).
"""
from __future__ import annotations

import contextlib
import logging
import multiprocessing
import os
import queue
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, wait
from concurrent.futures.process import BrokenProcessPool
from typing import Any, Protocol, Self, TypeVar

import psutil

from errors import ReformError
from settings import Settings

T = TypeVar("T")
MIB = 1 << 20
LOOK_SECONDS = 0.1  # how often a process's memory is looked at
RENEW_SHARE = 0.8  # an idle process above this share of its memory limit is replaced before it is given more
START_ATTEMPTS = 3

log = logging.getLogger(__name__)


class TaskLostError(ReformError):
    """The process that ran a task is gone. ``reason`` says why; ``hung`` that the time was up."""

    def __init__(self, reason: str, hung: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.hung = hung

    def __reduce__(self) -> tuple[type[TaskLostError], tuple[str, bool]]:
        return type(self), (self.reason, self.hung)


class Executor(Protocol):
    """What both kinds of executors offer."""

    @property
    def workers(self) -> int:
        """How many tasks run at a time."""

    def submit(self, function: Callable[..., T], /, *arguments: Any) -> Future[T]:
        """A future of ``function(*arguments)``, run in another process. Both must be picklable."""

    def shutdown(self) -> None:
        """Ends every process at once, busy ones too."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...


def open_executor(settings: Settings, prepare: Callable[..., Any], *arguments: Any) -> Executor:
    """The executor that the settings name.

    ``prepare(*arguments)`` runs once in each process before its first task. Raises
    SettingsError when no Dask scheduler, or no worker of it, answers.
    """
    if settings.dask_address:
        from ingest.cluster import DaskExecutor

        return DaskExecutor(settings.dask_address, settings.document_seconds, prepare, *arguments)
    workers = settings.workers or cores()
    return LocalExecutor(workers, settings.document_seconds, settings.worker_mb, prepare, *arguments)


def cores() -> int:
    """How many cores this process may use, which can be fewer than the machine has."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class LocalExecutor:
    """Processes of this machine, each with a time limit a task and a memory limit.

    Each process is a pebble pool of one, served by a thread of its own. So a loss is always the
    running task's, and a process that is killed while it holds its pool's pipe harms no other.
    ``seconds`` counts from when the task has reached the process; ``megabytes`` (MiB) is
    resident memory, looked at every tenth of a second. Address space is not limited, since
    numerical libraries reserve far more of it than they use.
    """

    def __init__(
        self, workers: int, seconds: float, megabytes: int, prepare: Callable[..., Any], *arguments: Any
    ) -> None:
        self.workers = workers
        self._seconds = seconds
        self._bytes = megabytes * MIB
        self._start = (prepare, arguments)
        self._tasks: queue.SimpleQueue[tuple[Future[Any], Callable[..., Any], tuple[Any, ...]] | None]
        self._tasks = queue.SimpleQueue()
        self._processes: set[_Process] = set()
        self._lock = threading.Lock()
        self._ending = False
        self._threads: list[threading.Thread] = []

    def submit(self, function: Callable[..., T], /, *arguments: Any) -> Future[T]:
        if self._ending:
            raise RuntimeError("the executor has been shut down")
        future: Future[T] = Future()
        self._tasks.put((future, function, arguments))
        with self._lock:
            if len(self._threads) < self.workers:  # processes start with the first tasks, not before
                thread = threading.Thread(target=self._serve, name=f"process-{len(self._threads)}", daemon=True)
                self._threads.append(thread)
                thread.start()
        return future

    def shutdown(self) -> None:
        with self._lock:
            self._ending = True
            for process in self._processes:
                process.kill()
        for _ in self._threads:
            self._tasks.put(None)
        for thread in self._threads:
            thread.join()
        while not self._tasks.empty():
            if (task := self._tasks.get()) is not None and task[0].cancel():
                task[0].set_running_or_notify_cancel()  # only this wakes who waits for it

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()

    def pids(self) -> tuple[int, ...]:
        """Ids of the processes that run now."""
        with self._lock:
            return tuple(process.pid for process in self._processes if process.pid)

    def _serve(self) -> None:
        """Runs tasks in one process, which is started when first needed and replaced when lost."""
        process: _Process | None = None
        while (task := self._tasks.get()) is not None:
            future, function, arguments = task
            if not future.set_running_or_notify_cancel():
                continue
            try:
                if process is None or not process.is_fit(self._bytes):
                    self._end(process)
                    process = None
                    process = self._started()
                future.set_result(process.run(function, arguments, self._seconds, self._bytes))
            except TaskLostError as loss:
                self._end(process)
                process = None
                future.set_exception(loss)
            except BaseException as problem:  # the task's own error, whatever it is, belongs to its future
                future.set_exception(problem)
        self._end(process)

    def _started(self) -> _Process:
        for attempt in range(1, START_ATTEMPTS + 1):
            fresh = _Process()
            with self._lock:
                if self._ending:
                    raise CancelledError
                self._processes.add(fresh)
            try:
                fresh.start(*self._start)
            except TaskLostError as loss:
                self._end(fresh)
                log.warning("An extraction process did not start (attempt %d): %s", attempt, loss)
            except BaseException:
                self._end(fresh)
                raise
            else:
                return fresh
        raise ReformError(f"no extraction process could be started in {START_ATTEMPTS} attempts")

    def _end(self, process: _Process | None) -> None:
        if process is not None:
            with self._lock:
                self._processes.discard(process)
            process.kill()


class _Process:
    """One process, as a pebble pool of one. It is never used again after a loss."""

    START_SECONDS = 300.0  # loading a language model on a slow disk; a start that takes longer has hung

    def __init__(self) -> None:
        from pebble import ProcessPool

        self._pool = ProcessPool(max_workers=1, context=multiprocessing.get_context("spawn"))
        self._process: psutil.Process | None = None
        self._ended = False
        self._once = threading.Lock()
        self.pid = 0

    def start(self, prepare: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
        """Starts the process and prepares it. Raises what ``prepare`` raises, or TaskLostError."""
        self.pid = self._run(_prepare, (prepare, arguments), self.START_SECONDS, None)
        self._process = psutil.Process(self.pid)

    def is_fit(self, limit: int) -> bool:
        """Alive, and with room below the memory limit (bytes)."""
        try:
            return self._process is not None and self._process.memory_info().rss < RENEW_SHARE * limit
        except psutil.Error:
            return False

    def run(self, function: Callable[..., T], arguments: tuple[Any, ...], seconds: float, limit: int) -> T:
        return self._run(function, arguments, seconds, limit)

    def _run(self, function: Callable[..., T], arguments: tuple[Any, ...], seconds: float, limit: int | None) -> T:
        from pebble import ProcessExpired

        flooded = 0
        try:
            future = self._pool.schedule(function, args=arguments, timeout=seconds)
            while not wait([future], timeout=LOOK_SECONDS).done:
                if self._ended:
                    raise CancelledError
                if limit is not None and self._process is not None and not flooded:
                    try:
                        used = self._process.memory_info().rss
                        if used > limit:
                            flooded = used
                            self._process.kill()
                    except psutil.Error:
                        continue  # it has just died; pebble will say so
            result: T = future.result()
            return result
        except (ProcessExpired, BrokenProcessPool) as problem:
            if flooded:
                raise TaskLostError(
                    f"it needed {flooded // MIB} MiB of memory; {(limit or 0) // MIB} are allowed (worker_mb)"
                ) from problem
            code = getattr(problem, "exitcode", None)
            raise TaskLostError(f"the extraction process died{_by(code)}") from problem
        except TimeoutError as problem:
            if not _is_from_pool(problem):
                raise
            raise TaskLostError(f"it took longer than {seconds:g} s (document_seconds)", hung=True) from problem

    def kill(self) -> None:
        """Ends the process at once and frees its pool in the background. Who waits in ``run`` gets CancelledError."""
        with self._once:
            if self._ended:
                return
            self._ended = True
        if self._process is not None:
            with contextlib.suppress(psutil.Error):
                self._process.kill()
        self._pool.stop()  # type: ignore[no-untyped-call]
        # A pipe that was cut in the middle of a message would hold a caller that waits here.
        threading.Thread(target=self._pool.join, name="pool-end", daemon=True).start()


def _is_from_pool(problem: TimeoutError) -> bool:
    """Whether pebble raised it because the time was up, and not the task itself (a socket, say)."""
    return bool(problem.args) and problem.args[0] == "Task timeout"


def _by(code: int | None) -> str:
    if code is None:
        return ""
    return f" (signal {-code})" if code < 0 else f" (exit code {code})"


def _prepare(prepare: Callable[..., Any], arguments: tuple[Any, ...]) -> int:
    """First task of a process: makes it end with its parent, then prepares it. Gives its id."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    prepare(*arguments)
    return os.getpid()


def _end_with(parent: Any) -> None:
    parent.join()  # returns when the parent is gone, killed or not
    os._exit(1)
