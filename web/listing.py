"""Which rows of a list a request asks for, in which order, and the links to the others."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import g, request, url_for

from web.pages import Span

MOST_PAGES = 10_000
ALL_ROWS = 100_000  # of a CSV file


@dataclass(frozen=True)
class Column:
    """The head of a column. ``address`` sorts by it; ``sorted`` is an aria-sort value or empty."""

    label: str
    number: bool = False
    address: str = ""
    sorted: str = ""


@dataclass(frozen=True)
class Window:
    """Rows ``skip`` to ``skip + size`` of a list, in the order ``sort``. CSV files take them all."""

    skip: int
    size: int
    page: int
    key: str  # name of the parameter that holds the page's number

    @property
    def everything(self) -> bool:
        return self.size == ALL_ROWS


def here(**changes: str | int | None) -> str:
    """The address of this page with some parameters changed; None takes one away."""
    values: dict[str, str | int] = dict(request.args.items())
    for name, value in changes.items():
        if value is None or value == "":
            values.pop(name, None)
        else:
            values[name] = value
    place = {name: value for name, value in (request.view_args or {}).items() if name not in ("form", "listed")}
    return url_for(str(request.endpoint).partition(":")[0], **{**place, **values})


def page_number(key: str = "page") -> int:
    """The number of the page asked for; what is not one counts as 1."""
    text = request.args.get(key, "1")
    return min(max(int(text), 1), MOST_PAGES) if text.isascii() and text.isdigit() and len(text) < 9 else 1


def window(size: int, key: str = "page") -> Window:
    """The window that the request asks for."""
    if g.get("form") == "csv":
        return Window(0, ALL_ROWS, 1, key)
    page = page_number(key)
    return Window((page - 1) * size, size, page, key)


def span(rows: int, total: int, at: Window) -> Span:
    """Which part of ``total`` rows is shown, with the links before and after."""
    last = at.skip + rows
    return Span(
        first=at.skip + 1 if rows else 0, last=last if rows else 0, total=total, size=at.size,
        previous=here(**{at.key: at.page - 1 if at.page > 2 else None}) if at.page > 1 else "",
        next=here(**{at.key: at.page + 1}) if last < total else "",
    )


@dataclass(frozen=True)
class Order:
    """A list's order: ``key`` names the column; ``down`` turns it round."""

    key: str
    down: bool


def order(keys: Sequence[str], first: str, numbers: Sequence[str] = ()) -> Order:
    """The order that the request asks for, of ``keys``; ``first`` where it asks for none that is known.

    Columns of ``numbers`` run downwards unless the request says otherwise, the others upwards.
    """
    key = request.args.get("sort", first)
    if key not in keys:
        key = first
    way = request.args.get("order", "")
    return Order(key, way == "down" if way in ("up", "down") else key in numbers)


def columns(labels: Sequence[tuple[str, str]], by: Order, numbers: Sequence[str] = ()) -> tuple[Column, ...]:
    """The heads of a table: (key, label) of each column; an empty key cannot be sorted by."""
    heads = []
    for key, label in labels:
        if not key:
            heads.append(Column(label))
            continue
        now = key == by.key
        way = ("up" if by.down else "down") if now else ""
        state = ("descending" if by.down else "ascending") if now else ""
        heads.append(Column(label, key in numbers, here(sort=key, order=way, page=None), state))
    return tuple(heads)
