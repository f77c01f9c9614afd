"""How a page is given: as HTML, as JSON, or its lists as CSV, at addresses of their own.

``/ideas/co-production`` is the page, ``/ideas/co-production.json`` its data, ``/ideas/co-production.csv`` its
first list and ``/ideas/co-production/sectors.csv`` another one. A request for the page that asks for JSON
(``Accept: application/json``) gets it there too.
"""
from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any, ClassVar

from flask import Blueprint, Response, current_app, g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from web.explorer import PATHS, explorer
from web.pages import says
from web.tables import to_csv, to_data

FOLDER = Path(__file__).resolve().parent
SHOWN: dict[str, type[Page]] = {}  # by endpoint


@dataclass(frozen=True)
class ListForm:
    """A list of a page that is given as CSV: the page's field, and the dataclass of its rows."""

    name: str
    label: str
    field: str
    rows: type


@dataclass(frozen=True, kw_only=True)
class Page:
    """What each page has. ``template`` draws it; ``lists`` are given as CSV; ``section`` is its place in the menu."""

    template: ClassVar[str]
    lists: ClassVar[tuple[ListForm, ...]] = ()
    section: ClassVar[str] = ""
    status: ClassVar[int] = 200
    own_search: ClassVar[bool] = False

    title: str = says("The page's title")

    @property
    def menu(self) -> str:
        """The entry of the menu that the page belongs to."""
        return self.section


@dataclass(frozen=True)
class Link:
    label: str
    address: str


@dataclass(frozen=True)
class Forms:
    """The other forms of a page, for its foot."""

    json: str
    lists: tuple[Link, ...]


def fingerprint() -> str:
    """A short hash over the explorer's code, templates and style: a page drawn by another version is another page."""
    digest = hashlib.sha256()
    for path in sorted(p for p in FOLDER.rglob("*") if p.suffix in (".py", ".html", ".css", ".svg")):
        digest.update(path.relative_to(FOLDER).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


def wants_json() -> bool:
    """Whether the request prefers JSON to HTML."""
    best = request.accept_mimetypes.best_match(("text/html", "application/json"), "text/html")
    accepts = request.accept_mimetypes
    return best == "application/json" and accepts["application/json"] > accepts["text/html"]


def page(blueprint: Blueprint, rule: str, shows: type[Page], stem: str = "", **defaults: Any) -> Callable[..., Any]:
    """Registers a view under ``rule`` and under the addresses of its other forms.

    The view gives a ``shows``, or a redirect. ``stem`` replaces the rule where a suffix cannot follow it ("/").
    """

    def register(view: Callable[..., Page | BaseResponse]) -> Callable[..., BaseResponse]:
        @wraps(view)
        def answer(form: str = "html", listed: str = "", **values: Any) -> BaseResponse:
            g.form = "json" if form == "html" and wants_json() else form
            g.listed = listed
            if unchanged := not_modified():
                return unchanged
            shown = view(**values)
            return shown if isinstance(shown, BaseResponse) else give(shown)

        SHOWN[f"{blueprint.name}.{view.__name__}"] = shows
        base = stem or rule
        name = view.__name__
        blueprint.add_url_rule(rule, name, answer, defaults=defaults)
        blueprint.add_url_rule(f"{base}.json", f"{name}:json", answer, defaults={**defaults, "form": "json"})
        for place, each in enumerate(shows.lists):
            tail = ".csv" if place == 0 else f"/{each.name}.csv"
            blueprint.add_url_rule(base + tail, f"{name}:csv:{each.name}", answer,
                                   defaults={**defaults, "form": "csv", "listed": each.name})
        return answer

    return register


def give(shown: Page) -> Response:
    """The page in the form that was asked for."""
    if g.form == "json":
        text = json.dumps(to_data(shown), ensure_ascii=False, indent=1)
        response = make_response(text, shown.status)
        response.mimetype = "application/json"
    elif g.form == "csv":
        each = next(form for form in shown.lists if form.name == g.listed)
        response = make_response(to_csv(each.rows, getattr(shown, each.field)), shown.status)
        response.mimetype = "text/csv"
        stem = "-".join(part for part in request.path.strip("/").removesuffix(".csv").split("/") if part)
        response.headers["Content-Disposition"] = f'attachment; filename="{stem}.csv"'
    else:
        response = make_response(
            render_template(shown.template, page=shown, section=shown.menu, forms=forms_of(shown)), shown.status
        )
    if g.get("cut"):
        response.headers["X-Rows-Cut"] = str(g.cut[0][1])  # JSON and CSV have no place for a notice
    return keep_for_later(response)


def forms_of(shown: Page) -> Forms | None:
    """The addresses of the other forms of the page at hand, with the same filters."""
    if request.endpoint is None:
        return None
    endpoint = request.endpoint.partition(":")[0]
    values: dict[str, Any] = {**request.args.to_dict(), **(request.view_args or {})}
    values.pop("form", None)
    values.pop("listed", None)
    lists = tuple(
        Link(each.label, url_for(f"{endpoint}:csv:{each.name}", **values)) for each in shown.lists
    )
    return Forms(url_for(f"{endpoint}:json", **values), lists)


# Caching: a page depends on its address, on the state of the two stores, and on the explorer's version. Nothing else.

def tag() -> str:
    collection = explorer().collection()
    return f"{explorer().version}-{collection.sequence}-{collection.lag}-{g.form}"


def not_modified() -> Response | None:
    """An empty answer, if the browser has this very page already."""
    if request.if_none_match.contains_weak(tag()):
        return keep_for_later(make_response("", 304))
    return None


def keep_for_later(response: Response) -> Response:
    response.set_etag(tag(), weak=True)
    response.headers["Cache-Control"] = "private, no-cache"
    response.vary.add("Accept")
    return response


def moved(kind: str, id_: str) -> BaseResponse:
    """A permanent redirect to the page where a thing is now, in the form that was asked for."""
    form = {"json": ":json", "csv": f":csv:{g.get('listed')}"}.get(g.get("form", ""), "")
    if request.endpoint and ":" not in request.endpoint:
        form = ""  # JSON by the Accept header: the next request carries it again
    values: dict[str, Any] = dict(request.args.items())
    if kind == "Idea":
        known = f"ideas.show{form}" in current_app.view_functions
        address = url_for(f"ideas.show{form if known else ''}", **{**values, "id_": id_})
    else:
        address = url_for(f"things.show{form}", **{**values, "path": PATHS[kind], "id_": id_})
    return redirect(address, 308)
