"""The gazetteer: public bodies and places that are known by name, curated by hand.

One row a body in ``gazetteer/*.csv`` (UTF-8, a header line, ``|`` between aliases). Files whose
name begins with ``places`` hold places, all others organisations. Columns:

- ``id``: lower-case words joined by hyphens; it never changes, also when the name does
- ``name``: the full official name, which pages show
- ``sector``: id of a sector of the thesaurus; empty for places
- ``aliases``: other names that mean this body wherever they stand, in any case of letters. An apostrophe
  stands for the typographic one too; leave out a leading "The"
- ``acronyms``: short forms, and names that are common words otherwise: matched letter by letter, in their case
- ``country``: ISO 3166 code of two letters, or ``INT`` for an international body
- ``note``: for editors, e.g. the years of a former department; for places what kind of place it is
"""
from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from errors import OntologyError
from ontology import model

FOLDER = model.FOLDER / "gazetteer"
COLUMNS = ("id", "name", "sector", "aliases", "acronyms", "country", "note")
ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
COUNTRY = re.compile(r"[A-Z]{2}|INT")


@dataclass(frozen=True, slots=True)
class Body:
    """A public body or place. ``kind`` is Organisation or Place; ``sector`` is empty for a place."""

    id: str
    name: str
    kind: str
    sector: str
    aliases: tuple[str, ...]
    country: str
    acronyms: tuple[str, ...] = ()  # match in their case only
    note: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Name, aliases and acronyms."""
        return (self.name, *self.aliases, *self.acronyms)


@cache
def load() -> tuple[Body, ...]:
    """All bodies and places of this checkout. Raises OntologyError that names file and line of what is wrong."""
    return read(sorted(FOLDER.glob("*.csv")), model.load().sectors)


def read(files: Iterable[Path], sectors: Collection[str]) -> tuple[Body, ...]:
    """Bodies of the files. Raises OntologyError that names file and line of the first thing that is wrong.

    No id stands twice. Among organisations, and among places, no name, alias or acronym stands
    twice, whatever its case: a name that two bodies share says nothing.
    """
    bodies: list[Body] = []
    ids: dict[str, str] = {}
    names: dict[tuple[str, str], str] = {}
    for path in files:
        for where, body in read_rows(path, sectors):
            if body.id in ids:
                raise OntologyError(f"{where}: the id {body.id} stands already in {ids[body.id]}")
            ids[body.id] = where
            for name in body.names:
                key = (body.kind, name.casefold())
                if key in names:
                    raise OntologyError(f"{where}: the name “{name}” stands already in {names[key]}")
                names[key] = where
            bodies.append(body)
    return tuple(bodies)


def read_rows(path: Path, sectors: Collection[str]) -> Iterator[tuple[str, Body]]:
    """Each row with its place, ``bodies.csv, line 3``. Raises OntologyError."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise OntologyError(f"{path.name} cannot be read: {problem}") from problem
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    kind = "Place" if path.name.startswith("places") else "Organisation"
    try:
        header = next(reader, [])
        if tuple(header) != COLUMNS:
            raise OntologyError(f"{path.name}, line 1: the columns must be {', '.join(COLUMNS)}")
        for cells in reader:
            where = f"{path.name}, line {reader.line_num}"
            yield where, read_row(where, cells, kind, sectors)
    except csv.Error as problem:
        raise OntologyError(f"{path.name}, line {reader.line_num}: {problem}") from problem


def read_row(where: str, cells: list[str], kind: str, sectors: Collection[str]) -> Body:
    """One row as a body. Raises OntologyError."""
    if len(cells) != len(COLUMNS):
        raise OntologyError(f"{where}: {len(cells)} columns instead of {len(COLUMNS)}")
    row = dict(zip(COLUMNS, cells, strict=True))
    for column, cell in row.items():
        if cell != cell.strip():
            raise OntologyError(f"{where}: {column} begins or ends with a space")
    aliases, acronyms = (tuple(row[c].split("|")) if row[c] else () for c in ("aliases", "acronyms"))
    if not ID.fullmatch(row["id"]):
        raise OntologyError(f"{where}: the id “{row['id']}” is not lower-case words joined by hyphens")
    if not row["name"]:
        raise OntologyError(f"{where}: {row['id']} has no name")
    if any(not name or name != name.strip() for name in (*aliases, *acronyms)):
        raise OntologyError(f"{where}: {row['id']} has an empty alias, or one with a space at its end")
    if kind == "Organisation" and row["sector"] not in sectors:
        raise OntologyError(f"{where}: “{row['sector']}” is not a sector of the thesaurus")
    if kind == "Place" and row["sector"]:
        raise OntologyError(f"{where}: a place has no sector")
    if not COUNTRY.fullmatch(row["country"]):
        raise OntologyError(f"{where}: “{row['country']}” is not a country code of two capitals, nor INT")
    curly = tuple(name.replace("'", "’") for name in (row["name"], *aliases) if "'" in name)
    return Body(row["id"], row["name"], kind, row["sector"], aliases + curly, row["country"], acronyms, row["note"])
