"""The explorer as a Flask application."""
from __future__ import annotations

import atexit
import contextlib
import hashlib
import logging
from pathlib import Path
from typing import Any

from flask import Flask, Response, g, jsonify, make_response, render_template, request, url_for
from markupsafe import Markup
from werkzeug.exceptions import HTTPException

from errors import GraphUnavailableError, ReformError
from graph.store import Store
from records.store import Records
from settings import Settings
from web import words
from web.about import about
from web.documents import documents
from web.explorer import SITE, Explorer, address_of_list, explorer
from web.filters import LONGEST
from web.home import home
from web.ideas import ideas
from web.respond import fingerprint, wants_json
from web.search import search
from web.security import secure
from web.statements import statements
from web.things import things

log = logging.getLogger(__name__)
BLUEPRINTS = (home, ideas, things, documents, statements, search, about)
MENU = ("Idea", "Person", "Organisation", "Group", "Issue", "Intervention", "Outcome", "Place", "Document")


def create_app(settings: Settings, records: Records | None = None, store: Store | None = None) -> Flask:
    """The explorer over ``records`` and ``store``; those that are not given are opened, and closed with the process."""
    held = contextlib.ExitStack()
    if records is None or store is None:
        atexit.register(held.close)
    app = Flask("web", static_folder=str(Path(__file__).parent / "static"),
                template_folder=str(Path(__file__).parent / "templates"))
    app.config.update(PROVIDE_AUTOMATIC_OPTIONS=False, SEND_FILE_MAX_AGE_DEFAULT=31_536_000, MAX_CONTENT_LENGTH=0)
    app.url_map.strict_slashes = False
    records = records or held.enter_context(Records.open(settings))
    store = store or held.enter_context(Store.open(settings))
    app.extensions["explorer"] = Explorer(settings, records, store, fingerprint())
    secure(app, settings)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    answer_errors(app)
    dress(app)
    return app


def dress(app: Flask) -> None:
    """Gives the templates their words and what each page shows around its content."""
    environment = app.jinja_env
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.filters.update(
        plain=words.plain, date=words.date_words, number=words.number, sentence=words.sentence,
        in_sentence=words.in_sentence, counted=words.counted, listed=words.listed, listed_short=words.listed_short,
        first_word=words.first_word, short_place=lambda place: place.rpartition(" ")[2], last_word=words.last_word,
    )
    environment.finalize = lambda value: value if isinstance(value, Markup) or not isinstance(value, str) \
        else words.allowed(value)
    versions = {name: hashlib.sha256((Path(app.static_folder or "") / name).read_bytes()).hexdigest()[:12]
                for name in ("style.css", "icon.svg")}

    @app.context_processor
    def around() -> dict[str, Any]:
        web = explorer()
        lists = {"stance": "stances", "role": "roles", "kind": "kinds", "predicate": "predicates",
                 "direction": "directions", "state": "states"}
        return {
            "site": SITE, "collection": g.get("collection"), "cut": g.get("cut"), "longest_query": LONGEST,
            "label": lambda sort, id_: web.label(lists[sort], id_), "navigation": navigation(web),
            "label_title": lambda kind: web.ontology.labels[kind].title,
            "label_plural": lambda kind: web.ontology.labels[kind].plural,
            "style_address": url_for("static", filename="style.css", v=versions["style.css"]),
            "icon_address": url_for("static", filename="icon.svg", v=versions["icon.svg"]),
        }


def navigation(web: Explorer) -> list[dict[str, Any]]:
    """The main menu: a list for each type of thing, the documents, and apart from them how it is made."""
    entries: list[dict[str, Any]] = [
        {"key": kind, "label": web.ontology.labels[kind].plural, "apart": False,
         "address": url_for("documents.show_list") if kind == "Document" else address_of_list(kind)}
        for kind in MENU
    ]
    return [*entries, {"key": "About", "label": "How it is made", "apart": True, "address": url_for("about.show")}]


# -------------------------------------------------------------------------------------------------------------- errors

class ErrorPage:
    """What the template of an error needs of a page."""

    own_search = True

    def __init__(self, title: str, reason: str, status: int, searchable: bool) -> None:
        self.title, self.reason, self.status, self.searchable = title, reason, status, searchable


TITLES = {400: "The request cannot be answered", 404: "There is no such page", 405: "That cannot be done here",
          408: "The query took too long", 421: "Not at this host name", 503: "The graph does not answer"}


def answer_errors(app: Flask) -> None:
    """Errors as plain sentences, in the form that was asked for. Their causes go into the log."""

    def respond(status: int, reason: str) -> Response:
        title = TITLES.get(status, "Something failed")
        if wants_json() or request.path.endswith(".json"):
            response = jsonify(error=title, reason=reason)
        elif status == 421:  # a page would hold links to a host that is not this one
            response = make_response(f"{title}. {reason}\n")
            response.mimetype = "text/plain"
        else:
            shown = ErrorPage(title, reason, status, searchable=status in (404, 408))
            response = make_response(render_template("error.html", page=shown, section="", forms=None))
        response.status_code = status
        response.headers["Cache-Control"] = "no-store"
        if status == 503:
            response.headers["Retry-After"] = "10"
        return response

    @app.errorhandler(ReformError)
    def known(problem: ReformError) -> Response:
        level = logging.WARNING if problem.status >= 500 else logging.INFO
        log.log(level, "%s %s: %s", request.method, request.full_path.rstrip("?"), problem, exc_info=problem.__cause__)
        if isinstance(problem, GraphUnavailableError):
            return respond(503, "No database server answers at present. Try again in a while.")
        if problem.status >= 500:
            return respond(problem.status, "The error has been written to the log of the explorer.")
        return respond(problem.status, str(problem))

    @app.errorhandler(HTTPException)
    def http(problem: HTTPException) -> Response:
        status = problem.code or 500
        reason = {404: "Nothing is at that address. A search may find what you are looking for."}.get(status, "")
        return respond(status, reason)

    @app.errorhandler(Exception)
    def unknown(problem: Exception) -> Response:
        log.error("%s %s failed", request.method, request.full_path.rstrip("?"), exc_info=problem)
        return respond(500, "The error has been written to the log of the explorer.")

