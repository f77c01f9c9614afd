"""What the pages draw on: the graph through its reader, the records, and the ontology's words.

One object an application. What is worked out over the whole collection is kept until the graph changes: the
graph's own sequence number says when.
"""
from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from flask import current_app, g, url_for

from graph.reader import Answer, Reader
from graph.store import Store
from ontology.model import Ontology, load
from records.store import Records
from settings import Settings
from web.listing import Window
from web.pages import KindLine, Reference, Term

T = TypeVar("T")
Row = Mapping[str, Any]

# The kinds of thing that have pages, in the order of the lists, and the path of each: the plural, for good.
PATHS = {
    "Idea": "ideas", "Person": "people", "Organisation": "organisations", "Group": "groups", "Issue": "issues",
    "Intervention": "interventions", "Outcome": "outcomes", "Place": "places",
}
KINDS = {path: kind for kind, path in PATHS.items()}
SITE = "Reform Evidence Graph"


@dataclass(frozen=True)
class Collection:
    """The whole of what was read, as of one state of the graph."""

    sequence: int  # of the records' changes, that the graph reflects
    lag: int  # documents whose latest change it does not reflect yet
    documents: int
    read_until: str  # date of the last reading, or nothing
    statements: int
    counts: Mapping[str, int]  # of each kind of thing


class Explorer:
    """Reads for the pages. ``read`` counts the queries of a request in ``flask.g.queries``."""

    def __init__(self, settings: Settings, records: Records, store: Store, version: str) -> None:
        self.settings = settings
        self.records = records
        self.store = store
        self.reader = Reader(store)
        self.ontology: Ontology = load()
        self.version = f"{version}-{self.ontology.hash[:8]}"
        self._kept: dict[str, tuple[int, Any]] = {}
        self._lock = threading.Lock()

    # Reading

    def read(self, name: str, **parameters: Any) -> Answer:
        """The answer to the named query (``graph/queries/<name>.cypher``)."""
        answer = self.reader.read(name, **parameters)
        g.setdefault("queries", []).append((name, answer.seconds, len(answer.rows)))
        if answer.truncated:
            g.setdefault("cut", []).append((name, len(answer.rows)))
        return answer

    def row(self, name: str, **parameters: Any) -> Row | None:
        """The first row of the answer, or None."""
        rows = self.read(name, **parameters).rows
        return rows[0] if rows else None

    def rows(self, name: str, at: Window, **parameters: Any) -> list[Row]:
        """The rows of a window. A window on everything is read a part at a time, as one answer's rows are limited."""
        step = min(at.size, self.settings.read_rows)
        found: list[Row] = []
        while len(found) < at.size:
            part = self.read(name, skip=at.skip + len(found), limit=min(step, at.size - len(found)), **parameters).rows
            found.extend(part)
            if len(part) < step:
                break
        else:
            if at.everything:
                g.setdefault("cut", []).append((name, len(found)))
        return found

    # The state of the collection

    def collection(self) -> Collection:
        """Counts of the whole graph, and how far it is behind the records. One query a request."""
        if "collection" not in g:
            row = self.row("collection_state") or {}
            counts: list[tuple[str, int]] = row.get("counts", [])
            sequence = int(row.get("sequence") or 0)
            behind = self.records.sequence() > sequence
            g.collection = Collection(
                sequence=sequence, lag=len(self.records.changes_after(sequence)) if behind else 0,
                documents=int(row.get("documents") or 0), read_until=str(row.get("read_until") or "")[:10],
                statements=int(row.get("statements") or 0), counts=dict(counts),
            )
        return cast(Collection, g.collection)

    def kept(self, name: str, work_out: Callable[[], T]) -> T:
        """What ``work_out`` gives, kept under ``name`` until the graph changes."""
        sequence = self.collection().sequence
        with self._lock:
            found = self._kept.get(name)
        if found and found[0] == sequence:
            return cast(T, found[1])
        value = work_out()
        with self._lock:
            self._kept[name] = (sequence, value)
        return value

    def known(self, name: str) -> Any:
        """What is kept under ``name``, if the graph has not changed since; else None."""
        with self._lock:
            found = self._kept.get(name)
        return found[1] if found and found[0] == self.collection().sequence else None

    # Words and links

    def sector(self, id_: str | None) -> Term:
        known = self.ontology.sectors.get(id_ or "unknown")
        return Term(id=id_ or "unknown", label=known.label if known else str(id_))

    def position(self, id_: str | None) -> Term:
        known = self.ontology.positions.get(id_ or "unknown")
        return Term(id=id_ or "unknown", label=known.label if known else str(id_))

    def sectors(self) -> list[Term]:
        """The sectors that can be heard: all but the unknown one."""
        return [Term(id=s.id, label=s.label) for s in self.ontology.sectors.values() if s.id != "unknown"]

    def label(self, values: str, id_: str) -> str:
        """The word for a value of a closed list of the ontology: ``label("roles", "author")``."""
        known = self.ontology.values[values].values.get(id_)
        return known.label if known else id_

    def terms(self, values: str) -> list[Term]:
        """The values of a closed list of the ontology (roles, stances, kinds, ...)."""
        return [Term(id=v.id, label=v.label) for v in self.ontology.values[values].values.values()]

    def kinds(self) -> tuple[KindLine, ...]:
        """The types of thing with their counts, then the documents."""
        collection = self.collection()
        lines = [
            KindLine(kind=kind, label=self.ontology.labels[kind].plural, address=address_of_list(kind),
                     count=len(self.ontology.ideas) if kind == "Idea" else collection.counts.get(kind, 0))
            for kind in PATHS
        ]
        return (*lines, KindLine(kind="Document", label=self.ontology.labels["Document"].plural,
                                 count=collection.documents, address=url_for("documents.show_list")))


def explorer() -> Explorer:
    """The explorer of the running application."""
    return cast(Explorer, current_app.extensions["explorer"])


def address_of(kind: str, id_: str) -> str:
    """The path of the page of a thing or document."""
    if kind == "Document":
        return url_for("documents.show", id_=id_)
    if kind == "Idea":
        return url_for("ideas.show", id_=id_)
    return url_for("things.show", path=PATHS[kind], id_=id_)


def address_of_list(kind: str) -> str:
    """The path of the list of a kind of thing."""
    return url_for("ideas.show_list") if kind == "Idea" else url_for("things.show_list", path=PATHS[kind])


def reference(row: Row) -> Reference:
    """A link to a thing or document, from a row or map with kind, id and name."""
    return Reference(kind=row["kind"], id=row["id"], name=row["name"] or row["id"],
                     address=address_of(row["kind"], row["id"]))


def reference_or_none(row: Row | None) -> Reference | None:
    return reference(row) if row and row.get("id") else None



