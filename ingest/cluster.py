"""Extraction on several machines: an executor over a Dask cluster."""
from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, wait
from typing import Any, Self, TypeVar

from errors import ReformError, SettingsError
from ingest.pool import TaskLostError

T = TypeVar("T")
Start = tuple[Callable[..., Any], tuple[Any, ...]]


class DaskExecutor:
    """Workers of a Dask cluster, on other machines too. The scheduler is given by its address.

    Each worker needs this package on its path and should have a memory limit of its own
    (``dask worker --memory-limit``), which its nanny enforces. A task that kills its worker is
    tried elsewhere by Dask before it comes back as lost; so one that stood beside it may be
    blamed with it. Traffic to a scheduler is trusted: use TLS or a private network.
    """

    WAIT_SECONDS = 30.0

    def __init__(self, address: str, seconds: float, prepare: Callable[..., Any], *arguments: Any) -> None:
        try:
            import dask
            from distributed import Client
        except ImportError as problem:
            raise SettingsError(
                "dask_address is set, but Dask is not installed: pip install -r requirements-dask.txt"
            ) from problem
        dask.config.set({"distributed.admin.large-graph-warning-threshold": f"{1 << 30}B"})  # documents travel in tasks
        try:
            self._client = Client(address, timeout=self.WAIT_SECONDS, set_as_default=False)
        except (OSError, ValueError) as problem:
            raise SettingsError(f"no Dask scheduler answers at {address}") from problem
        try:
            self._client.wait_for_workers(1, timeout=self.WAIT_SECONDS)
        except TimeoutError as problem:
            self._client.close()
            raise SettingsError(f"the Dask scheduler at {address} has no workers") from problem
        self._executor = self._client.get_executor(pure=False)
        self._seconds = seconds
        self._start = (prepare, arguments)

    @property
    def workers(self) -> int:
        return max(1, sum(int(threads) for threads in self._client.nthreads().values()))

    def submit(self, function: Callable[..., T], /, *arguments: Any) -> Future[T]:
        inner = self._executor.submit(_run_on_dask, self._start, function, arguments, self._seconds)
        outer: Future[T] = Future()
        outer.set_running_or_notify_cancel()
        inner.add_done_callback(lambda done: _pass_on(done, outer))
        return outer

    def shutdown(self) -> None:
        self._executor.shutdown(wait=False)
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()


def _pass_on(inner: Future[T], outer: Future[T]) -> None:
    from distributed import KilledWorker

    try:
        outer.set_result(inner.result())
    except KilledWorker:
        outer.set_exception(TaskLostError("every Dask worker that ran it died"))
    except CancelledError:
        outer.set_exception(ReformError("the Dask scheduler was lost, or gave the task up"))
    except BaseException as problem:
        outer.set_exception(problem)


_prepared: dict[str, Any] = {}
_prepare_lock = threading.Lock()


def _run_on_dask(
    start: Start, function: Callable[..., T], arguments: tuple[Any, ...],
    seconds: float,
) -> T:
    """Runs a task in a Dask worker, prepared once. One that hangs ends its worker, which Dask replaces."""
    prepare, prepare_arguments = start
    with _prepare_lock:
        name = f"{prepare.__module__}.{prepare.__qualname__}{prepare_arguments!r}"
        if name not in _prepared:
            prepare(*prepare_arguments)
            _prepared[name] = True
    answer: Future[T] = Future()

    def run() -> None:
        try:
            answer.set_result(function(*arguments))
        except BaseException as problem:
            answer.set_exception(problem)

    threading.Thread(target=run, daemon=True).start()
    if not wait([answer], timeout=seconds).done:
        # A thread cannot be stopped: its process must go, after the answer has left it.
        threading.Thread(target=_exit_soon, daemon=True).start()
        raise TaskLostError(f"it took longer than {seconds:g} s (document_seconds)", hung=True)
    return answer.result()


def _exit_soon() -> None:
    time.sleep(2)
    os._exit(1)
