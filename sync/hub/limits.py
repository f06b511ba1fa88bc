"""What every request is held to before Django sees it: bytes, seconds, requests at once.

Rules:
1. A body that says that it is too large is refused unread (413); one that doesn't say is cut off
   where it passes the limit.
2. A request comes whole within RECEIVE_S, however slowly its bytes drip.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

BODY_MAX = 512 * 1024  # the largest of the API's bodies is half of it; a form of staff fits too
RECEIVE_S = 30.0
CONNECTIONS_MAX = 200
HEADERS_BYTES_MAX = 16_384
KEEP_ALIVE_S = 10
_TOO_LARGE, _TOO_SLOW = 413, 408


class _Cut(Exception):  # ends a request from within, never leaves this module
    def __init__(self, status: int) -> None:
        super().__init__()
        self.status = status


class Limited:
    """An ASGI application behind the limits."""

    def __init__(self, app: App, *, body_max: int = BODY_MAX, receive_s: float = RECEIVE_S) -> None:
        self._app = app
        self._body_max = body_max
        self._receive_s = receive_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on while it keeps to the limits."""
        if scope["type"] != "http":
            return
        if _said_length(scope) > self._body_max:
            await _refuse(send, _TOO_LARGE)
            return
        try:
            body = await self._whole(receive)
        except _Cut as cut:
            await _refuse(send, cut.status)
            return
        await self._app(scope, _Given(body, receive), send)

    async def _whole(self, receive: Receive) -> bytes:
        """Receive the body, all of it or not at all."""
        body = bytearray()
        try:
            async with asyncio.timeout(self._receive_s):
                while len(body) <= self._body_max:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        raise _Cut(_TOO_SLOW)
                    body += message.get("body", b"")
                    if not message.get("more_body", False):
                        return bytes(body[: self._body_max + 1])
        except TimeoutError:
            raise _Cut(_TOO_SLOW) from None
        raise _Cut(_TOO_LARGE)


class _Given:
    """Gives a body that is here already, then what the connection says next."""

    def __init__(self, body: bytes, receive: Receive) -> None:
        self._body: bytes | None = body
        self._receive = receive

    async def __call__(self) -> MutableMapping[str, Any]:
        if self._body is None:
            return await self._receive()
        body, self._body = self._body, None
        return {"type": "http.request", "body": body, "more_body": False}


def _said_length(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value) if value.isdigit() and len(value) < 16 else BODY_MAX + 1
    return 0


async def _refuse(send: Send, status: int) -> None:
    headers = [(b"content-length", b"0"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
