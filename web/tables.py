"""Rows of a page as CSV: one column for each plain value, in an order that depends on the types alone.

Spreadsheet programs run a cell that begins with ``= + - @``, a tab or a carriage return as a formula (OWASP,
"CSV injection"). Such a text gets an apostrophe before it; numbers never do.
"""
from __future__ import annotations

import csv
import dataclasses
import io
import types
import typing
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from web.pages import Quote, Reference, Term

RISKY = ("=", "+", "-", "@", "\t", "\r")
JOINT = "; "


def safe_cell(value: object) -> object:
    """A value as it may stand in a CSV cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return value
    text = str(value)
    return "'" + text if text.startswith(RISKY) else text


def unwrap(hint: Any) -> Any:
    """The type behind ``X | None``."""
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        return next(arg for arg in typing.get_args(hint) if arg is not type(None))
    return hint


def hints(cls: type) -> Iterator[tuple[str, Any, bool]]:
    """Name and type of each field of a page's dataclass that is data, in order, and whether it is flat."""
    resolved = typing.get_type_hints(cls)
    for each in dataclasses.fields(cls):
        if not each.metadata.get("drawn"):
            yield each.name, unwrap(resolved[each.name]), bool(each.metadata.get("flat"))


def columns(cls: type, prefix: str = "") -> list[str]:
    """Names of the columns for rows of the dataclass ``cls``."""
    names: list[str] = []
    for name, hint, flat in hints(cls):
        path = prefix + name
        if hint is Reference:
            names += [f"{path}_id", f"{path}_kind", f"{path}_name"]
        elif hint is Term:
            names += [f"{path}_id", path]
        elif typing.get_origin(hint) is tuple:
            names += [path, f"{path}_places"] if typing.get_args(hint)[0] is Quote else [path]
        elif dataclasses.is_dataclass(hint):
            names += columns(typing.cast(type, hint), prefix if flat else path + "_")
        else:
            names.append(path)
    return names


def cells(cls: type, row: Any) -> list[object]:
    """The values of one row, in the order of ``columns``."""
    values: list[object] = []
    for name, hint, _ in hints(cls):
        value = None if row is None else getattr(row, name)
        if hint is Reference:
            values += [value.id, value.kind, value.name] if value else [None] * 3
        elif hint is Term:
            values += [value.id, value.label] if value else [None] * 2
        elif typing.get_origin(hint) is tuple:
            items: Sequence[Any] = value or ()
            if typing.get_args(hint)[0] is Quote:
                values += [" […] ".join(q.quote for q in items), JOINT.join(q.place for q in items)]
            else:
                values.append(JOINT.join(str(getattr(i, "name", getattr(i, "label", i))) for i in items))
        elif dataclasses.is_dataclass(hint):
            values += cells(typing.cast(type, hint), value)
        elif isinstance(value, Mapping):
            values.append(JOINT.join(f"{key} {count}" for key, count in value.items()))
        else:
            values.append(value)
    return values


def to_csv(cls: type, rows: Sequence[Any]) -> str:
    """A CSV file after RFC 4180, with a heading row; begins with the byte order mark that spreadsheets look for."""
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns(cls))
    for row in rows:
        writer.writerow([safe_cell(value) for value in cells(cls, row)])
    return out.getvalue()


def to_data(value: Any) -> Any:
    """A page, or a part of one, as JSON values: each field under its own name."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            each.name: to_data(getattr(value, each.name))
            for each in dataclasses.fields(value) if not each.metadata.get("drawn")
        }
    if isinstance(value, Mapping):
        return {key: to_data(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [to_data(item) for item in value]
    return value
