"""One HTTP POST with a time-out and a bounded answer, sent once (standard library only)."""

from __future__ import annotations

import http.client
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from kiosk.domain.errors import InputRefused, PaymentUnavailable

TIMEOUT_S = 10.0
LOOPBACKS = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True, slots=True)
class Address:
    """Where to post: https anywhere, plain http on loopback only.

    ``trust`` is None for plain http; reading the system's certificates takes about 50 ms, so that
    it is done once an address, not once a call.
    """

    host: str
    port: int | None
    path: str
    trust: ssl.SSLContext | None


def address(url: str) -> Address:
    """Read an address; raises InputRefused for plain HTTP beyond loopback."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as wrong:
        raise InputRefused(f"not an address: {wrong}", where=url) from wrong
    plain = parts.scheme == "http" and host in LOOPBACKS
    if not plain and not (parts.scheme == "https" and host):
        raise InputRefused("https is needed, or http on loopback", where=url)
    trust = None if plain else ssl.create_default_context()
    return Address(host, port, parts.path.rstrip("/"), trust)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: status, headers by lower-case name, bounded body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def post(
    to: Address,
    path: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    bytes_max: int,
    timeout_s: float = TIMEOUT_S,
) -> tuple[int, bytes]:
    """Send once; gives status and body. Raises PaymentUnavailable when no answer came."""
    reply = answer_of(to, path, body, headers, bytes_max=bytes_max, timeout_s=timeout_s)
    return reply.status, reply.body


def answer_of(
    to: Address,
    path: str,
    body: bytes,
    headers: Mapping[str, str],
    *,
    bytes_max: int,
    timeout_s: float = TIMEOUT_S,
) -> Reply:
    """Send once; gives the whole answer. Raises PaymentUnavailable when no answer came."""
    connection = _connection(to, timeout_s)
    try:
        connection.request("POST", to.path + path, body, dict(headers))
        response = connection.getresponse()
        answer = response.read(bytes_max + 1)
    except (OSError, http.client.HTTPException) as silent:
        raise PaymentUnavailable(f"no answer: {silent}") from silent
    finally:
        connection.close()
    if len(answer) > bytes_max:
        raise PaymentUnavailable("the answer is too long")
    said = {name.lower(): value for name, value in response.getheaders()}
    return Reply(response.status, said, answer)


def _connection(to: Address, timeout_s: float) -> http.client.HTTPConnection:
    if to.trust is None:
        return http.client.HTTPConnection(to.host, to.port, timeout=timeout_s)
    return http.client.HTTPSConnection(to.host, to.port, timeout=timeout_s, context=to.trust)
