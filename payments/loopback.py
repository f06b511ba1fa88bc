"""The one HTTP server of this package: on 127.0.0.1, in threads, bounded and silent."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Self

import structlog

HOST = "127.0.0.1"
WAIT_S = 10.0
POLL_S = 0.05  # between looks whether to stop

log = structlog.get_logger("payments.loopback")


class Handler(BaseHTTPRequestHandler):
    """One connection; whoever serves says what ``get`` and ``post`` answer."""

    timeout = WAIT_S

    def do_GET(self) -> None:  # http.server's name
        """Answer a read."""
        self.get()

    def do_POST(self) -> None:  # http.server's name
        """Answer a write."""
        self.post()

    def get(self) -> None:
        """Answer a read: there is nothing, unless a server says more."""
        self.send(404, b"", {})

    def post(self) -> None:
        """Answer a write: there is nothing, unless a server says more."""
        self.send(404, b"", {})

    def body(self, bytes_max: int) -> bytes | None:
        """Read the body; None, unread, for one without a length or longer than ``bytes_max``."""
        said = self.headers.get("Content-Length", "")
        length = int(said) if said.isdecimal() else -1
        return self.rfile.read(length) if 0 <= length <= bytes_max else None

    def send(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
        """Answer with a body and its headers."""
        self.send_response(status)
        for name, said in headers.items():
            self.send_header(name, said)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # http.server's name
        """Stay silent: an access log would hold ids and codes."""


class Loopback:
    """Listens in a thread of its own until it is closed; a context manager."""

    def __init__(self, handler: type[Handler], *, port: int = 0) -> None:
        """Listen at once; ``port`` 0 takes a free one."""
        self._server = _Server((HOST, port), handler)
        self._thread = Thread(target=self._server.serve_forever, args=(POLL_S,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://{HOST}:{self._server.server_port}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(WAIT_S)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:  # noqa: ARG002
        """Log a bug; the caller sees a closed connection."""
        why = sys.exception()
        log.error("loopback.bug", why=repr(why))
