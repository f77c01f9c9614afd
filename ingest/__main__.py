"""``python -m ingest``: each command imports what it needs when it runs, so that the start stays quick."""
from __future__ import annotations

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


if __name__ == "__main__":
    main()
