"""The commands ``rebuild``, ``project`` and ``export`` of ``python -m graph``."""
from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

import settings as settings_module
from errors import ReformError
from graph.local.commands import fail
from graph.store import Store
from records.store import Records


@contextmanager
def opened() -> Iterator[tuple[Records, Store]]:
    """Records and graph of the settings; an error of the product's ends the command with its sentence."""
    try:
        settings = settings_module.load()
        with Records.open(settings) as records, Store.open(settings) as store:
            yield records, store
    except ReformError as problem:
        fail(problem)


def with_progress(work: Callable[[Callable[[int, int], None]], int], verb: str) -> None:
    """Runs the work with a bar on a terminal, and says how many documents were written and in what time."""
    from rich.console import Console
    from rich.progress import Progress

    began = time.monotonic()
    with Progress(console=Console(stderr=True), transient=True, disable=not Console(stderr=True).is_terminal) as bar:
        task = bar.add_task(verb, total=None)
        number = work(lambda done, all_: bar.update(task, completed=done, total=all_))
    click.echo(f"{number} document{'' if number == 1 else 's'} written to the graph in "
               f"{time.monotonic() - began:.1f} s.")


@click.command()
def rebuild() -> None:
    """Drop the graph and derive it again from the records. Nothing is extracted again."""
    from graph.rebuild import rebuild as derive_again

    with opened() as (records, store):
        with_progress(lambda progress: derive_again(records, store, progress), "Deriving again")


@click.command()
def project() -> None:
    """Bring the graph up to date with the records."""
    from graph.project import bring_up_to_date

    with opened() as (records, store):
        with_progress(lambda progress: bring_up_to_date(records, store, progress), "Bringing up to date")


@click.command()
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), required=True,
              help="Its ending says the format: .ttl, .nt, .jsonld, .rdf or .xml.")
def export(output: Path) -> None:
    """Write the whole graph as RDF; the texts of the documents are left out."""
    from graph import rdf

    with opened() as (_, store):
        graph = rdf.export(store)
        rdf.write(graph, output)
        click.echo(f"{len(graph):,} triples written to {output}")


COMMANDS = (rebuild, project, export)
