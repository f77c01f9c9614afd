"""``python -m ingest``: each command imports what it needs when it runs, so that the start stays quick."""
from __future__ import annotations

from pathlib import Path

import click


@click.group()
def main() -> None:
    """Reads documents, extracts from them, and writes records and graph."""


@main.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path())
@click.option("--output", required=True, metavar="F.jsonl", type=click.Path(dir_okay=False),
              help="Where to write, one line a file.")
def read(files: tuple[str, ...], output: str) -> None:
    """Read files only: title, authors, publisher, date and text of each go to F.jsonl.

    Exit code 1 when any file could not be read.
    """
    from ingest.read.command import read_files

    raise SystemExit(read_files(files, output))


@main.command()
@click.argument("sources", nargs=-1, required=True, metavar="PATH_OR_ADDRESS...")
@click.option("--quiet", is_flag=True, help="No bar and no summary; bad files are still said.")
@click.option("--verbose", is_flag=True, help="Also say what was noted about good files.")
def add(sources: tuple[str, ...], quiet: bool, verbose: bool) -> None:
    """Take documents in: files, folders and http(s) addresses go through extraction into records and graph.

    Unchanged ones are passed over. Exit code 1 when any could not be taken in; the rest is.
    """
    from ingest.commands import add

    raise SystemExit(add(sources, quiet, verbose))


@main.command()
@click.option("--document", "documents", multiple=True, metavar="ID", help="Only this document; may be repeated.")
@click.option("--quiet", is_flag=True, help="No bar and no summary; failures are still said.")
@click.option("--verbose", is_flag=True, help="Say more.")
def reextract(documents: tuple[str, ...], quiet: bool, verbose: bool) -> None:
    """Extract again from the stored texts with the present extractor; older extractions are kept."""
    from ingest.commands import add_again

    raise SystemExit(add_again(documents, quiet, verbose))


@main.command()
@click.option("--once", is_flag=True, help="End when nothing waits in the register.")
@click.option("--verbose", is_flag=True, help="Say more.")
def worker(once: bool, verbose: bool) -> None:
    """Take in what waits in the register, and go on until told to stop. Several may run at once."""
    from ingest.commands import work

    raise SystemExit(work(once, verbose))


@main.command()
@click.option("--sentences", required=True, metavar="DIR",
              type=click.Path(exists=True, file_okay=False, path_type=Path),
              help="Folder of *.json documents as numbered sentences.")
@click.option("--output", required=True, metavar="FILE.jsonl", type=click.Path(dir_okay=False, path_type=Path),
              help="Where to write, one line a document.")
def predict(sentences: Path, output: Path) -> None:
    """Extract from documents of numbered sentences, in the form in which extraction is evaluated."""
    import settings
    from errors import ReformError
    from ingest.extractor import load
    from ingest.predict import predict as run

    try:
        count = run(load(settings.load()), sentences, output)
    except ReformError as problem:
        click.echo(str(problem), err=True)
        raise SystemExit(problem.exit_code) from problem
    click.echo(f"{count} documents")


if __name__ == "__main__":
    main()
