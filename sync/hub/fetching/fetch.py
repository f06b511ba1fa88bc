"""Fetches a source: the name is resolved once, and the address that was checked is connected to.

Rules:
1. Every redirect is an address of its own: checked like the first, REDIRECTS_MAX at most, never
   from https to http.
2. Bytes and seconds are capped: a watch cuts the connection at one deadline, however slowly its
   bytes come.
3. The body is taken as it comes: compression isn't asked for, and not undone.
"""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Timer
from typing import Protocol
from urllib.parse import urljoin

from kiosk.domain.errors import AddressRefused, SourceUnavailable
from sync.hub.fetching.address import Target, checked, target_of

REDIRECTS_MAX = 3
CHUNK_BYTES = 65_536
CONNECT_S = 5.0
AGENT = "Alveole-hub/1"
_REDIRECTS = {301, 302, 303, 307, 308}
_OK = 200


class Net(Protocol):
    """The network as a fetch needs it; tests give another one."""

    def resolve(self, host: str, port: int) -> Sequence[str]:
        """Give the IP addresses of a name."""
        ...

    def connect(self, address: str, port: int, timeout_s: float) -> socket.socket:
        """Open a connection to an IP address."""
        ...


class RealNet:
    """The machine's network."""

    def resolve(self, host: str, port: int) -> Sequence[str]:
        """Give the IP addresses of a name, at most once each."""
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        return list(dict.fromkeys(str(one[4][0]) for one in found))

    def connect(self, address: str, port: int, timeout_s: float) -> socket.socket:
        """Open a connection to an IP address."""
        return socket.create_connection((address, port), timeout_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """A fetch's caps."""

    bytes_max: int
    seconds_max: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetcher:
    """Fetches by a network; ``monotonic`` measures the deadline."""

    monotonic: Callable[[], float]
    net: Net = field(default_factory=RealNet)

    def fetch(self, url: str, limits: Limits) -> bytes:
        """Give a source's bytes; raises AddressRefused, SourceUnavailable."""
        deadline = self.monotonic() + limits.seconds_max
        for _ in range(REDIRECTS_MAX + 1):
            target = target_of(url)
            found = self._ask(target, limits, deadline)
            if isinstance(found, bytes):
                return found
            url = _next(url, target, found.to)
        raise SourceUnavailable(f"more than {REDIRECTS_MAX} redirects")

    def _ask(self, target: Target, limits: Limits, deadline: float) -> bytes | _Redirect:
        wire = self._wire(target, deadline)
        end = Timer(self._left(deadline), _cut, [wire])
        end.daemon = True
        end.start()
        try:
            connection = self._spoken(target, wire)
            try:
                host = f"[{target.host}]" if ":" in target.host else target.host
                headers = {"Host": host, "User-Agent": AGENT, "Accept-Encoding": "identity"}
                connection.request("GET", target.path, headers=headers)
                return self._answer(connection, limits, deadline)
            finally:
                connection.close()
        except (OSError, http.client.HTTPException, ValueError) as wrong:
            raise SourceUnavailable(f"{target.host}: {wrong}"[:300]) from wrong
        finally:
            end.cancel()
            wire.close()

    def _wire(self, target: Target, deadline: float) -> socket.socket:
        """Connect to an address that was checked (rule 4 of sync.hub.fetching.address)."""
        try:
            known = [target.host] if target.literal else self.net.resolve(target.host, target.port)
            address = checked(known)
            return self.net.connect(address, target.port, min(CONNECT_S, self._left(deadline)))
        except (OSError, UnicodeError) as wrong:
            raise SourceUnavailable(f"{target.host}: {wrong}"[:300]) from wrong

    @staticmethod
    def _spoken(target: Target, wire: socket.socket) -> http.client.HTTPConnection:
        connection = http.client.HTTPConnection(target.host, target.port)
        connection.sock = wire
        if target.scheme == "https":
            context = ssl.create_default_context()
            connection.sock = context.wrap_socket(wire, server_hostname=target.host)
        return connection

    def _answer(
        self, connection: http.client.HTTPConnection, limits: Limits, deadline: float
    ) -> bytes | _Redirect:
        answer = connection.getresponse()
        if answer.status in _REDIRECTS:
            return _Redirect(to=answer.headers.get("Location", ""))
        if answer.status != _OK:
            raise SourceUnavailable(f"it answered {answer.status}")
        return self._body(answer, limits, deadline)

    def _body(self, answer: http.client.HTTPResponse, limits: Limits, deadline: float) -> bytes:
        body = bytearray()
        for _ in range(limits.bytes_max + 1):  # at least a byte a turn
            self._left(deadline)
            some = answer.read1(CHUNK_BYTES)
            if not some:
                break
            body += some
            if len(body) > limits.bytes_max:
                raise SourceUnavailable(f"more than {limits.bytes_max} bytes")
        if answer.length:
            raise SourceUnavailable("it ended before its end")
        self._left(deadline)  # what the watch has cut isn't whole
        return bytes(body)

    def _left(self, deadline: float) -> float:
        left = deadline - self.monotonic()
        if left <= 0:
            raise SourceUnavailable("too slow")
        return left


@dataclass(frozen=True, slots=True, kw_only=True)
class _Redirect:
    to: str


def _cut(wire: socket.socket) -> None:
    """End a connection at its deadline, whatever it waits for."""
    with suppress(OSError):
        wire.shutdown(socket.SHUT_RDWR)


def _next(url: str, target: Target, to: str) -> str:
    """Give where a redirect leads; raises AddressRefused."""
    there = urljoin(url, to)
    if not to or (target.scheme == "https" and not there.startswith("https:")):
        raise AddressRefused("a redirect to nowhere, or away from https")
    return there
