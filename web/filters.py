"""Filter bars: GET forms whose answers are checked, shown as removable filters, and passed to a query."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from flask import request

from web.listing import here
from web.pages import Term

LONGEST = 200  # characters of a typed answer
YEARS = range(1500, 2201)
TOO_LONG = f"use at most {LONGEST} characters"


@dataclass(frozen=True)
class Field:
    """A field of a filter bar. ``choices`` begin with the one that filters nothing (its id is empty)."""

    name: str
    label: str
    value: str
    choices: tuple[Term, ...] = ()
    numeric: bool = False
    error: str = ""


@dataclass(frozen=True)
class Applied:
    label: str
    address: str  # of the page without this filter


@dataclass(frozen=True)
class Filters:
    """A filter bar as asked for. ``errors`` counts the answers that cannot be used."""

    label: str
    address: str
    fields: tuple[Field, ...]
    applied: tuple[Applied, ...]
    clear: str
    kept: tuple[tuple[str, str], ...] = ()  # parameters that the form passes on unchanged
    errors: int = 0
    values: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str | None:
        """The answer to a field, or None where it filters nothing. For a query's parameter."""
        return self.values.get(name) or None

    def year(self, name: str) -> int | None:
        return int(self.values[name]) if self.values.get(name) else None


def choice(name: str, label: str, everything: str, terms: Sequence[Term]) -> Field:
    """A field with a closed list of answers; an answer that is not on it is an error."""
    value = request.args.get(name, "")
    choices = (Term(id="", label=everything), *terms)
    known = any(value == term.id for term in choices)
    return Field(name, label, value, choices, error="" if known else "choose one of the list")


def year(name: str, label: str) -> Field:
    """A field for a year."""
    value = request.args.get(name, "").strip()
    right = not value or (value.isascii() and value.isdigit() and len(value) == 4 and int(value) in YEARS)
    return Field(name, label, value[:LONGEST], numeric=True,
                 error="" if right else f"enter a year from {YEARS[0]} to {YEARS[-1]}")


def words(name: str, label: str) -> Field:
    """A field for words."""
    value = " ".join(request.args.get(name, "").split())
    return Field(name, label, value[:LONGEST], error="" if len(value) <= LONGEST else TOO_LONG)


def filters(label: str, fields: Sequence[Field], keep: Sequence[str] = ()) -> Filters:
    """A filter bar from its fields. ``keep`` names other parameters (a sort order) that it must not lose."""
    nothing: dict[str, str | int | None] = dict.fromkeys((*(f.name for f in fields), "page"))
    applied = []
    for each in fields:
        if not each.value or each.error:
            continue
        typed = f"{each.label.removesuffix(' year')} {each.value}"
        said = next((term.label for term in each.choices if term.id == each.value), typed)
        applied.append(Applied(said, here(**{each.name: None, "page": None})))
    errors = sum(1 for each in fields if each.error)
    return Filters(
        label=label, address=request.path, fields=tuple(fields), applied=tuple(applied), clear=here(**nothing),
        kept=tuple((name, request.args[name]) for name in keep if request.args.get(name)), errors=errors,
        values={} if errors else {each.name: each.value for each in fields},
    )
