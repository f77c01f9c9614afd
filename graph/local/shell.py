"""A small Cypher prompt for the person who runs the server. A statement ends with a semicolon."""
from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from typing import Any, TextIO

import neo4j
from neo4j.exceptions import DriverError, Neo4jError
from rich.console import Console
from rich.table import Table

from errors import QueryRefusedError
from graph.local.connection import Connection
from settings import Settings

# A quoted text, a quoted name or a comment (each to the end of the input where it is not closed), or a semicolon.
TOKENS = re.compile(
    r"""'(?:\\.|[^'\\])*(?:'|\\?$)|"(?:\\.|[^"\\])*(?:"|\\?$)|`[^`]*(?:`|$)|//[^\n]*|/\*(?:.|\n)*?(?:\*/|$)|;""",
    re.DOTALL,
)


def run(connection: Connection, settings: Settings, write: bool = False) -> int:
    """Reads statements to the end of the input and prints each answer; gives the exit code.

    Read-only unless ``write``. Raises QueryRefusedError for ``write`` at one's own server.
    """
    if write and not connection.is_local:
        raise QueryRefusedError("--write is for the local server only; use your server's own tools to write there")
    mode = neo4j.WRITE_ACCESS if write else neo4j.READ_ACCESS
    console, failed = Console(), False
    with neo4j.GraphDatabase.driver(connection.uri, auth=(connection.user, connection.password)) as driver:
        for statement in statements(sys.stdin):
            with driver.session(database=connection.database, default_access_mode=mode) as session:
                try:
                    query = neo4j.Query(statement, timeout=settings.read_seconds)
                    show(console, session.run(query), settings.read_rows)
                except (Neo4jError, DriverError) as problem:
                    failed = True
                    Console(stderr=True).print(f"error: {getattr(problem, 'message', None) or problem}", markup=False)
    return int(failed and not sys.stdin.isatty())


def statements(source: TextIO) -> Iterator[str]:
    """Statements of a text, each ended by a semicolon or by the end of the text."""
    is_terminal = source.isatty()
    if is_terminal:
        import readline  # noqa: F401 - gives the prompt its history and keys
    rest = ""
    while True:
        try:
            line = input("cypher> " if not rest else "      > ") if is_terminal else source.readline()
        except (EOFError, KeyboardInterrupt):
            return
        if not is_terminal and not line:
            break
        *whole, rest = split(rest + line + ("\n" if is_terminal else ""))
        yield from (statement.strip() for statement in whole if statement.strip())
        rest = rest if rest.strip() else ""
    if rest.strip():
        yield rest.strip()


def split(text: str) -> list[str]:
    """The parts of a text between semicolons, but those in quotes, names and comments; the last one is unfinished."""
    parts, begin = [], 0
    for match in TOKENS.finditer(text):
        if match[0] == ";":
            parts.append(text[begin:match.start()])
            begin = match.end()
    return [*parts, text[begin:]]


def show(console: Console, result: neo4j.Result, most: int) -> None:
    """Prints an answer as a table of at most so many rows."""
    table = Table(*result.keys())
    count = 0
    for record in result:
        if count == most:
            break
        table.add_row(*(plain(value) for value in record.values()))
        count += 1
    more = result.peek() is not None
    counters = result.consume().counters
    if table.columns:
        console.print(table)
        console.print(f"{count} rows" + (f" (cut: there are more; the setting read_rows is {most})" if more else ""))
    if counters.contains_updates:
        console.print(", ".join(f"{name.replace('_', ' ')} {value}" for name, value in changes(counters)))


def changes(counters: neo4j.SummaryCounters) -> Iterator[tuple[str, int]]:
    for name, value in vars(counters).items():
        if isinstance(value, int) and not isinstance(value, bool) and value and not name.startswith("_"):
            yield name, value


def plain(value: Any) -> str:
    """One value as text: a node with its labels, a relationship with its type."""
    if isinstance(value, neo4j.graph.Node):
        return f"(:{':'.join(sorted(value.labels))} {dict(value)})"
    if isinstance(value, neo4j.graph.Relationship):
        return f"[:{value.type} {dict(value)}]"
    return "" if value is None else str(value)
