"""What every request is held to before Django: bytes and seconds."""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping
from typing import Any

import pytest

from sync.hub.limits import Limited, Receive, Scope, Send


async def echo(_scope: Scope, receive: Receive, send: Send) -> None:
    body = (await receive())["body"]
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": body})


def asked(parts: list[bytes], *, length: str = "", end: bool = True) -> tuple[int, bytes]:
    """Send a body in parts to an application of 10 bytes and 0.2 s; gives status and body."""
    sent: list[MutableMapping[str, Any]] = []
    waiting = list(parts)

    async def receive() -> MutableMapping[str, Any]:
        if waiting:
            body = waiting.pop(0)
            return {"type": "http.request", "body": body, "more_body": bool(waiting) or not end}
        await asyncio.sleep(3600)
        return {}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    headers = [(b"content-length", length.encode())] if length else []
    scope: Scope = {"type": "http", "headers": headers}
    asyncio.run(Limited(echo, body_max=10, receive_s=0.2)(scope, receive, send))
    return sent[0]["status"], sent[1]["body"]


def test_a_body_within_the_limit_comes_whole() -> None:
    assert asked([b"12345", b"67890"]) == (200, b"1234567890")


@pytest.mark.parametrize("length", ["11", "-1", "x", "9" * 30])
def test_a_body_that_says_that_it_is_too_large_is_refused_unread(length: str) -> None:
    assert asked([b"1"], length=length)[0] == 413


def test_a_body_that_doesn_t_say_is_cut_off_at_the_limit() -> None:
    assert asked([b"123456", b"123456", b"123456"])[0] == 413


def test_a_body_that_drips_is_ended() -> None:
    assert asked([b"1"], end=False)[0] == 408


def test_a_caller_who_leaves_is_let_go() -> None:
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.disconnect"}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    asyncio.run(Limited(echo)({"type": "http", "headers": []}, receive, send))
    assert sent[0]["status"] == 408


def test_anything_else_than_http_is_not_spoken() -> None:
    asyncio.run(Limited(echo)({"type": "websocket", "headers": []}, None, None))  # type: ignore[arg-type]
