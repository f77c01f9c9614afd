"""The watchdog's ear: whether a server still answers."""
from __future__ import annotations

import logging
import threading
import time

from neo4j.exceptions import DriverError, Neo4jError

from graph.local.server import Server

log = logging.getLogger(__name__)


class Pulse:
    """Asks the server for its store id every few seconds, in a thread of its own: an answer may never come."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.heard = time.monotonic()
        self.wrong_store = False
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.beat, daemon=True, name="pulse")

    def __enter__(self) -> Pulse:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()

    def beat(self) -> None:
        while not self.over.wait(self.server.plan.pulse_seconds):
            try:
                self.wrong_store = self.server.ask_store_id() != self.server.store_id
                self.heard = time.monotonic()
            except (DriverError, Neo4jError, OSError) as problem:
                if not self.over.is_set():
                    log.warning("no pulse: %s", problem)

    def silence(self) -> float:
        """Seconds since the last answer."""
        return time.monotonic() - self.heard

    def forget(self) -> None:
        self.heard = time.monotonic()
