"""``python -m records``: bring the records up to date, back them up, restore them, list them."""
from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

import settings as settings_module
from errors import ReformError


@contextmanager
def _explained() -> Iterator[None]:
    """An error of ours is one line and its exit code; a reader that closed the pipe is no error."""
    try:
        yield
    except ReformError as problem:
        click.echo(f"Error: {problem}", err=True)
        raise SystemExit(problem.exit_code) from problem


@click.group()
def main() -> None:
    """Documents, extractions, identities and decisions: what cannot be derived."""


@main.command()
def migrate() -> None:
    """Make the records where there are none, and bring an older schema up to date."""
    from records.database import HEAD
    from records.store import Records

    with _explained():
        records = Records(settings_module.load())
        changed = records.database.migrate()
        records.close()
        click.echo(f"The records {'are now' if changed else 'were already'} at schema {HEAD}.")


@main.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Replace the file if it exists.")
def backup(file: Path, force: bool) -> None:
    """Write everything that cannot be derived into one archive."""
    from records.backup import backup as write
    from records.store import Records

    with _explained(), Records.open(settings_module.load()) as records:
        made = write(records.database, records.originals, file, force)
        click.echo(f"{file}: {made.documents} documents, {made.originals} originals, {made.decisions} decisions, "
                   f"up to change {made.sequence}.")


@main.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Replace records that are there.")
def restore(file: Path, force: bool) -> None:
    """Put an archive's records in the place of what is there. Then run: python -m graph rebuild."""
    from records.backup import restore as read
    from records.store import Records

    with _explained():
        records = Records(settings_module.load())
        try:
            made = read(records.database, records.originals, file, force)
        finally:
            records.close()
        click.echo(f"Restored {made.documents} documents, {made.originals} originals and {made.decisions} decisions, "
                   f"up to change {made.sequence}, as of {made.made_at}.")
        click.echo("The graph still shows what was there before; derive it again: python -m graph rebuild")


@main.command()
def documents() -> None:
    """List the documents: id, date, words, state, title."""
    from records.store import Records

    with _explained(), Records.open(settings_module.load()) as records:
        for each in records.documents():
            title = each.title or each.filename
            click.echo(f"{each.document_id}\t{each.date or '-'}\t{each.words}\t{each.state}\t{title}")


@main.command()
@click.option("--load", "file", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="Append the decisions of a file; those that are there already are passed over.")
def decisions(file: Path | None) -> None:
    """Write all decisions as JSON lines, or append those of a file."""
    from records.decisions import dump, load
    from records.store import Records

    with _explained(), Records.open(settings_module.load()) as records:
        if file is None:
            sys.stdout.write(dump(records.decisions()))
        else:
            added = records.append_decisions(load(file.read_text("utf-8")))
            click.echo(f"{added} decisions were added.")


if __name__ == "__main__":
    main()
