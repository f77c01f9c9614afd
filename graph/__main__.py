"""Commands of the graph: ``python -m graph start|stop|status|shell|rebuild|project|export``."""
from __future__ import annotations

import click

from graph import commands
from graph.local import commands as local_commands


@click.group(help="The graph database: run it, ask it, derive it again.")
def main() -> None:
    pass


for command in (*local_commands.COMMANDS, *commands.COMMANDS):
    main.add_command(command)


if __name__ == "__main__":
    main()
