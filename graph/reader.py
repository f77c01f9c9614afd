"""Named queries: the files ``graph/queries/*.cypher``, read in READ transactions within the limits.

A file begins with comment lines: ``// title:``, ``// purpose:`` and, where it takes any, ``// parameters:``, a list
separated by commas. Each parameter is ``name``, with a type, a default and a note where they help::

    // parameters: id, kinds: strings, skip: integer = 0, sector (its id, or null) = null
"""
from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from errors import GraphError, NotFoundError
from graph import guard
from graph.answer import Answer, plain
from graph.store import Store

__all__ = ["Answer", "NamedQuery", "Parameter", "Reader", "load_queries", "plain"]

FOLDER = Path(__file__).with_name("queries")
TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,), "integer": (int,), "number": (int, float), "boolean": (bool,), "strings": (list, tuple),
    "any": (),
}
HEADER = re.compile(r"//\s*(title|purpose|parameters):\s*(.*)")
PARAMETER = re.compile(
    r"(?P<name>\w+)\s*(?::\s*(?P<type>\w+))?\s*(?:\((?P<note>[^)]*)\))?\s*(?:=\s*(?P<default>.+?))?\s*"
)
USED = re.compile(r"\$(\w+)")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value that a query takes. ``type``: string, integer, number, boolean, strings or any."""

    name: str
    type: str = "any"
    note: str = ""
    required: bool = True
    default: Any = None

    def check(self, value: Any) -> None:
        """Raises GraphError where the value is not of the type; null fits every type."""
        kinds = TYPES[self.type]
        if value is None or not kinds:
            return
        if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
            raise GraphError(f"the parameter {self.name} is a {self.type}, not {value!r}")


@dataclass(frozen=True, slots=True)
class NamedQuery:
    name: str
    title: str
    purpose: str
    parameters: Mapping[str, Parameter]
    text: str

    def fill(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """The values to send. Raises GraphError for a parameter that is unknown, missing or of another type."""
        if unknown := sorted(given.keys() - self.parameters.keys()):
            raise GraphError(f"the query {self.name} has no parameter {unknown[0]}")
        filled: dict[str, Any] = {}
        for parameter in self.parameters.values():
            if parameter.name not in given and parameter.required:
                raise GraphError(f"the query {self.name} needs the parameter {parameter.name}")
            filled[parameter.name] = value = given.get(parameter.name, parameter.default)
            parameter.check(value)
        return filled


def parse_query(name: str, content: str) -> NamedQuery:
    """The query of a file. Raises GraphError where its header does not fit its text."""
    header: dict[str, str] = {}
    lines = content.splitlines()
    while lines and (found := HEADER.fullmatch(lines[0].strip())):
        header[found[1]] = found[2].strip()
        lines.pop(0)
    text = "\n".join(lines).strip()
    if not header.get("title") or not header.get("purpose") or not text:
        raise GraphError(f"{name}.cypher needs a title, a purpose and a statement")
    parameters = {each.name: each for each in map(parse_parameter, split(header.get("parameters", "")))}
    used = set(USED.findall(text))
    if used != parameters.keys():
        raise GraphError(f"{name}.cypher names other parameters than it uses: {sorted(used ^ parameters.keys())}")
    return NamedQuery(name, header["title"], header["purpose"], parameters, text)


def split(listed: str) -> list[str]:
    """The parts of a list between commas that stand outside of brackets."""
    parts, depth, part = [], 0, ""
    for character in listed:
        depth += (character in "([{") - (character in ")]}")
        if character == "," and depth == 0:
            parts.append(part.strip())
            part = ""
        else:
            part += character
    return [each for each in (*parts, part.strip()) if each]


def parse_parameter(written: str) -> Parameter:
    found = PARAMETER.fullmatch(written)
    if found is None or (found["type"] or "any") not in TYPES:
        raise GraphError(f"{written!r} is not a parameter: name: type (note) = default")
    try:
        default = json.loads(found["default"]) if found["default"] else None
    except ValueError as problem:
        raise GraphError(f"the default of {written!r} is not JSON") from problem
    return Parameter(found["name"], found["type"] or "any", found["note"] or "", not found["default"], default)


@cache
def load_queries(folder: Path = FOLDER) -> Mapping[str, NamedQuery]:
    """All named queries, by name. Raises GraphError where a file's header does not fit."""
    return {path.stem: parse_query(path.stem, path.read_text("utf-8")) for path in sorted(folder.glob("*.cypher"))}


class Reader:
    """Answers named queries. One reader may be shared by threads."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._queries = load_queries()

    @property
    def queries(self) -> Mapping[str, NamedQuery]:
        return self._queries

    def read(self, name: str, **parameters: Any) -> Answer:
        """The answer to the query ``graph/queries/<name>.cypher``.

        Raises NotFoundError for an unknown name, GraphError for parameters that do not fit, QueryLimitError past the
        time or memory limit, GraphUnavailableError where no server answers.
        """
        query = self._queries.get(name)
        if query is None:
            raise NotFoundError(f"there is no query {name}")
        return self._store.read(query.text, query.fill(parameters))

    def ask(self, text: str, parameters: Mapping[str, Any] | None = None) -> Answer:
        """The answer to a statement that a user wrote, if the guard lets it pass.

        Raises QueryRefusedError, which says why it may not run or what is wrong with it, and what ``read`` raises.
        """
        guard.check(self._store, text, parameters)
        return self._store.read(text, parameters, watch=True)
