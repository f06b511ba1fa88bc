"""The hub's server: Django under uvicorn, on loopback; a web server stands in front of it.

The payments' deadlines are kept by a timer of this process.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Generator
from contextlib import contextmanager
from threading import Event, Thread
from typing import cast

import structlog
import uvicorn
from django.contrib.staticfiles.handlers import ASGIStaticFilesHandler
from django.core.asgi import get_asgi_application

from payments.service import PaymentService
from sync.hub.here import here
from sync.hub.limits import (
    CONNECTIONS_MAX,
    HEADERS_BYTES_MAX,
    KEEP_ALIVE_S,
    App,
    Limited,
)

HOST = "127.0.0.1"
SWEEP_S = 10.0
STOP_S = 5

log = structlog.get_logger("hub.server")


def application() -> App:
    """Give the hub's ASGI application, behind its limits."""
    app = get_asgi_application()
    if not here().config.public_url:  # alone: nobody else serves the back office's files
        app = ASGIStaticFilesHandler(app)
    return Limited(cast("App", app))


def listen(port: int) -> socket.socket:
    """Take a port of loopback (0: a free one); raises OSError."""
    taken = socket.socket()
    try:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind((HOST, port))
    except OSError:
        taken.close()
        raise
    return taken


def run(taken: socket.socket, ready: Callable[[], None]) -> None:
    """Serve on a port that was taken until SIGTERM or SIGINT; ``ready`` is told once it listens."""
    config = uvicorn.Config(
        application(),
        http="h11",
        ws="none",
        lifespan="off",
        loop="asyncio",
        log_config=None,
        access_log=False,  # it would hold ids and codes
        server_header=False,
        proxy_headers=False,
        limit_concurrency=CONNECTIONS_MAX,
        h11_max_incomplete_event_size=HEADERS_BYTES_MAX,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=STOP_S,
    )
    server = _Server(config, ready)
    with swept(here().payments):
        server.run(sockets=[taken])


class _Server(uvicorn.Server):
    """Tells when it listens."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then tell."""
        await super().startup(sockets)
        self._ready()


@contextmanager
def swept(service: PaymentService | None) -> Generator[None]:
    """Keep the payments' deadlines until the block ends."""
    stop = Event()

    def sweep() -> None:
        while service is not None and not stop.wait(SWEEP_S):
            service.sweep()

    timer = Thread(target=sweep, name="sweep", daemon=True)
    timer.start()
    try:
        yield
    finally:
        stop.set()
        timer.join(STOP_S)
