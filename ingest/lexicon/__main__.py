"""``python -m ingest.lexicon FOLDER STANCES``: counts the tables of this folder again on annotated documents."""

from __future__ import annotations

from pathlib import Path

import click

import settings
from ingest.lexicon.count import count


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("stances", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def main(folder: Path, stances: Path) -> None:
    """FOLDER holds ``sentences`` and ``annotations``, STANCES is a file of passages with their stance, one JSON
    object a line. The tables of the lexicon are written anew."""
    for line in count(folder, stances, settings.load()):
        click.echo(line)


if __name__ == "__main__":
    main()
