"""What ``add``, ``reextract`` and ``worker`` of ``python -m ingest`` do, and what they say."""
from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

import click

import settings as settings_module
from errors import ReformError
from graph.store import Store
from ingest.progress import Bar
from ingest.run import ingest, reextract
from ingest.sources import collect
from ingest.summary import Summary
from records.store import Records
from settings import Settings

INTERRUPTED = 130  # as shells have it for Ctrl-C

log = logging.getLogger(__name__)


def add(arguments: Sequence[str], quiet: bool, verbose: bool) -> int:
    """Take files, folders and addresses in. Gives the exit code: 1 when anything failed."""
    sources = collect(arguments)
    if sources.passed_over and not quiet:
        names = ", ".join(sources.passed_over[:5]) + (", …" if len(sources.passed_over) > 5 else "")
        click.echo(f"Passed over {len(sources.passed_over)} files of formats that are not read here: {names}", err=True)
    return _run(quiet, verbose, lambda records, store, settings, bar: ingest(sources, records, store, settings, bar))


def add_again(document_ids: Sequence[str], quiet: bool, verbose: bool) -> int:
    """Extract again from stored texts, of some documents or all. Gives the exit code."""
    return _run(quiet, verbose, lambda records, store, settings, bar: reextract(
        document_ids or None, records, store, settings, bar))


def work(once: bool, verbose: bool) -> int:
    """Work the register off. Gives the exit code."""
    from ingest.worker import Worker

    set_up_logging(verbose)
    try:
        settings = settings_module.load()
        with (Records.open(settings) as records, Store.open(settings) as store,
              Worker(records, store, settings) as worker):
            return worker.run(once)
    except ReformError as problem:
        return fail(problem)


def _run(quiet: bool, verbose: bool, task: Callable[[Records, Store, Settings, Bar], Summary]) -> int:
    bar = Bar(quiet, verbose)
    set_up_logging(verbose)
    try:
        settings = settings_module.load()
        with Records.open(settings) as records, Store.open(settings) as store, bar:
            summary = task(records, store, settings, bar)
    except ReformError as problem:
        return fail(problem)
    except KeyboardInterrupt:
        click.echo("Interrupted. What was taken in stays; the same command takes in the rest.", err=True)
        return INTERRUPTED
    if not quiet:
        click.echo("\n".join(summary.lines()))
    return 1 if summary.failures else 0


def fail(problem: ReformError) -> int:
    """Say an error that ended the command; gives its exit code."""
    click.echo(f"error: {problem}", err=True)
    log.debug("Its cause:", exc_info=problem)
    return problem.exit_code


def set_up_logging(verbose: bool) -> None:
    """Warnings go to the error stream; with ``verbose`` also what is ordinary."""
    logging.basicConfig(format="%(levelname)s %(name)s: %(message)s", level=logging.WARNING)
    for name in ("ingest", "graph", "records"):
        logging.getLogger(name).setLevel(logging.INFO if verbose else logging.WARNING)
