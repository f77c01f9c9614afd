"""``python -m ingest.lexicon FOLDER``: counts the tables of this folder again on annotated documents."""

from __future__ import annotations

from pathlib import Path

import click

import settings
from ingest.lexicon.count import count


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def main(folder: Path) -> None:
    """FOLDER holds ``sentences`` and ``annotations``. The tables of the lexicon are written anew."""
    for line in count(folder, settings.load()):
        click.echo(line)


if __name__ == "__main__":
    main()
