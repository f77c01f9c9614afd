"""``python -m ontology check|page``: checks the ontology, or writes its page."""
from __future__ import annotations

import sys
from pathlib import Path

import click

from errors import ReformError
from ontology import gazetteer, model
from ontology.page import PATH, page


@click.group()
def main() -> None:
    """The ontology, its thesaurus and its gazetteer."""


@main.command()
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def check(files: tuple[Path, ...]) -> None:
    """Check ontology, thesaurus, shapes and gazetteer; with FILES, RDF exports against the shapes too."""
    from ontology import check as checks
    from ontology import soundness

    soundness.check_ontology()
    ontology, bodies = model.load(), gazetteer.load()
    places = sum(body.kind == "Place" for body in bodies)
    click.echo(
        f"Sound: {len(ontology.labels)} labels, {len(ontology.relations)} relationship types, "
        f"{len(ontology.ideas)} ideas, {len(ontology.headings)} headings, "
        f"{len(bodies) - places} bodies, {places} places."
    )
    for path in files:
        graph = checks.read_graph(path)
        checks.check(graph)
        click.echo(f"{path.name} conforms: {len(graph)} triples.")


@main.command("page")
def write_page() -> None:
    """Write docs/ontology.md from the Turtle."""
    PATH.write_text(page(model.load()), "utf-8")
    click.echo(f"Wrote {PATH}.")


if __name__ == "__main__":
    try:
        main.main(standalone_mode=False)
    except click.ClickException as problem:
        problem.show()
        sys.exit(problem.exit_code)
    except click.exceptions.Abort:
        sys.exit(130)
    except ReformError as problem:
        click.echo(f"Error: {problem}", err=True)
        sys.exit(problem.exit_code)
