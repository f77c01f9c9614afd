"""The supervisor's loopback socket: a thread a client, a JSON object a line."""
from __future__ import annotations

import json
import logging
import socket
import socketserver
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

log = logging.getLogger(__name__)

LONGEST_LINE = 8192


class Client:
    """One connection, line by line."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self.file = connection.makefile("rb")

    def orders(self) -> Iterator[dict[str, Any]]:
        while True:
            try:
                line = self.file.readline(LONGEST_LINE)
                words = json.loads(line) if line.endswith(b"\n") else None
            except (OSError, ValueError):
                return
            if not isinstance(words, dict):
                return
            yield words

    def tell(self, words: dict[str, Any]) -> None:
        self.connection.sendall(json.dumps(words).encode() + b"\n")


class Control(socketserver.ThreadingTCPServer):
    """The loopback socket, a thread a client."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, serve: Callable[[Client], None]) -> None:
        self.serve = serve
        super().__init__(("127.0.0.1", 0), Session)

    def handle_error(self, request: Any, client_address: Any) -> None:
        log.debug("a client's session ended", exc_info=True)


class Session(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        assert isinstance(self.server, Control)
        client = Client(self.request)
        with suppress(OSError), client.file:  # an error: the client has gone
            self.server.serve(client)
