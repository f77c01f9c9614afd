"""Commands of the graph: ``python -m graph start|stop|status|shell|rebuild|project|export``."""
from __future__ import annotations

import click

from graph.local.commands import COMMANDS


@click.group(help="The graph database: run it, ask it, derive it again.")
def main() -> None:
    pass


for command in COMMANDS:
    main.add_command(command)


if __name__ == "__main__":
    main()
