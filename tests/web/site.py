"""The explorer over a small real collection, opened once a process and line of Neo4j.

Strategy: records in a new folder, a local server of its own (so that the tests of ``tests/neo4j``, which empty theirs,
do not disturb it), the seed taken in and projected as the product does it. Closed when the session ends.
"""
from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import waitress
from flask import Flask

from graph import project
from graph.store import Store
from records.store import Records
from settings import Settings
from tests.servers import settings_for, stop_server
from tests.web import seed
from web.application import create_app


@dataclass(frozen=True)
class Site:
    settings: Settings
    records: Records
    store: Store
    app: Flask
    documents: dict[str, str]  # filename -> id
    folder: Path

    def path(self, key: str) -> str:
        """The path of the page of an entity of the seed."""
        from web.explorer import PATHS

        kind = {"retyped": "Intervention"}.get(key, seed.WHO[key].kind)
        return f"/{PATHS[kind]}/{seed.identity_id(key)}"

    def document(self, filename: str) -> str:
        return f"/documents/{self.documents[filename]}"

    def statement(self, filename: str, number: int) -> str:
        """The id of a document's statement, counted from 0 in the order of the seed."""
        return self.records.snapshot(self.documents[filename]).statement_ids[number]


_open: list[Site] = []


@cache
def open_site(line: str) -> Site:
    folder = Path(tempfile.mkdtemp(prefix="explorer-"))
    settings = settings_for(line, folder, allowed_hosts=("localhost", "127.0.0.1"))
    records = Records.open(settings)
    store = Store.open(settings)
    documents = seed.take_in(records, [*seed.SAMPLES, seed.long_sample()])
    seed.decide(records, documents)
    project.bring_up_to_date(records, store)
    site = Site(settings, records, store, create_app(settings, records, store), documents, folder)
    _open.append(site)
    return site


def close_sites() -> None:
    """Closes what ``open_site`` opened."""
    open_site.cache_clear()
    while _open:
        site = _open.pop()
        site.store.close()
        site.records.close()
        stop_server(site.settings)
        shutil.rmtree(site.folder, ignore_errors=True)


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The address at which ``app`` is served on loopback, as ``python -m web`` serves it."""
    server = waitress.create_server(app, host="127.0.0.1", port=0, threads=4, ident="")
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        server.close()
        thread.join(timeout=10)
