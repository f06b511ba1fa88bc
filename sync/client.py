"""Fetches from a hub over HTTP and sends to it; believes nothing it gets (aiohttp).

Rules:
1. https anywhere, plain http on loopback only; redirects and cookies are refused; no answer is read
   past the bytes that its kind may have.
2. STALL_S without a byte ends a transfer. What came is kept: the next try asks for the rest by
   ``Range``, and for half as much after each stall, RANGE_MIN at least. A stall may be an MTU black
   hole, in which nothing of full size arrives: the next connections use smaller segments
   (SEGMENTS, both ways), until this client ends.
3. Errors of the hub (5xx, 429) and of the line are HubUnavailable, with what ``Retry-After`` asks.
4. The server's ``Date`` gives the clock's skew. It decides one thing: a request that the hub
   refused is signed once more at the hub's own moment, where ours is further off than SKEW_S (a
   clock that was set back must not stop events).
5. What a kiosk alone may ask is signed, and its answer verified (sync.message_signing).
"""

from __future__ import annotations

import re
import secrets
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Self
from urllib.parse import urlsplit

import aiohttp

from kiosk.domain.errors import (
    BlobDamaged,
    DeviceRevoked,
    FeedRefused,
    HubUnavailable,
    InputRefused,
)
from sync.message_signing import NONCE_BYTES, Answered, Asked, Identity, sign, verify
from sync.protocol.blobs import BLOB_BYTES_MAX, NAME, name_of
from sync.protocol.events import ANSWER_BYTES_MAX
from sync.protocol.manifest import MANIFEST_BYTES_MAX
from sync.signing import Signer
from sync.source import Polled

STALL_S = 20.0
CONNECT_S = 10.0
TRIES_MAX = 8  # of one blob, each from where the last one ended
RANGE_MIN = 1024
SEGMENTS = (
    0,
    1180,
    536,
)  # TCP's largest: the system's, inside IPv6's least MTU, RFC 9293's default
SKEW_S = 30.0
ROUNDS_MAX = TRIES_MAX + BLOB_BYTES_MAX // RANGE_MIN
_CONTENT_RANGE = re.compile(r"bytes (\d{1,9})-(\d{1,9})/(\d{1,9})")
PIECE_BYTES = 16 * 1024
LOOPBACKS = frozenset({"127.0.0.1", "::1", "localhost"})
OK, PARTIAL, NOT_MODIFIED = 200, 206, 304
UNKNOWN_CALLER, FORBIDDEN, NOT_FOUND = 401, 403, 404
TOO_MANY, BROKEN = 429, 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What is asked of the hub in one's own name; ``key`` names what may be asked again."""

    method: str
    path: str
    body: bytes = b""
    media: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """An answer's status and bytes, not believed before ``verified``."""

    status: int
    data: bytes
    answered: Answered

    def verified(self, hub_key: bytes) -> bytes:
        """Give the bytes of an answer that the hub's key has signed.

        Raises FeedForged, DeviceRevoked (the hub itself says so), FeedRefused (any other status).
        """
        if self.status not in (OK, FORBIDDEN):
            raise FeedRefused(f"the hub answers {self.status}{_hint(self.status)}")
        verify(self.answered, self.data, hub_key)
        if self.status == FORBIDDEN:
            raise DeviceRevoked("the hub has shut this kiosk out")
        return self.data


def is_loopback(url: str) -> bool:
    """Whether an address is this machine's own."""
    return (urlsplit(url).hostname or "") in LOOPBACKS


def checked(url: str) -> str:
    """Give a hub's address without its last slash; raises InputRefused (rule 1)."""
    try:
        parts = urlsplit(url)
        sound = parts.scheme == "https" and bool(parts.hostname)
        sound = sound or (parts.scheme == "http" and (parts.hostname or "") in LOOPBACKS)
        sound = sound and not (parts.query or parts.fragment or parts.username) and parts.port != 0
    except ValueError as wrong:
        raise InputRefused(f"not an address: {wrong}", where="hub") from wrong
    if not sound:
        raise InputRefused("https is needed, or http on loopback", where=f"hub: {url}")
    return url.rstrip("/")


class HubClient:
    """A hub over HTTP (implements sync.source.Source); an async context manager."""

    def __init__(
        self,
        url: str,
        territory: str,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        stall_s: float = STALL_S,
    ) -> None:
        """Name the hub; raises InputRefused for an address that may not be used."""
        self._url = checked(url)
        self._territory = territory
        self._now = now
        self._stall_s = stall_s
        self._session: aiohttp.ClientSession | None = None
        self._stalls = 0
        self._ahead = timedelta()

    async def __aenter__(self) -> Self:
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_S, sock_read=self._stall_s)
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(socket_factory=self._socket),
            timeout=timeout,
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            headers={"Accept-Encoding": "identity", "User-Agent": "alveole"},
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session is not None:
            await self._session.close()

    async def manifest(self, etag: str) -> Polled:
        """Ask for the manifest; raises HubUnavailable, FeedRefused (too long)."""
        headers = {"If-None-Match": etag} if etag else {}
        url = f"{self._url}/v1/t/{self._territory}/manifest"
        status, said, data = await self._get(url, headers, MANIFEST_BYTES_MAX)
        skew_s = self._skew_s(said)
        if status == NOT_MODIFIED:
            return Polled(data=None, etag=etag, skew_s=skew_s)
        _expect(status, OK)
        return Polled(data=data, etag=said.get("ETag", "")[:200], skew_s=skew_s)

    async def notice(self) -> bytes:
        """Ask for the notice of keys; raises HubUnavailable, FeedRefused."""
        url = f"{self._url}/v1/t/{self._territory}/keys"
        status, _, data = await self._get(url, {}, MANIFEST_BYTES_MAX)
        _expect(status, OK)
        return data

    async def blob(self, name: str, *, fresh: bool = False) -> bytes:
        """Fetch a blob, going on where a try ended; raises BlobDamaged, HubUnavailable."""
        if not NAME.fullmatch(name):
            raise FeedRefused("not a blob's name")
        transfer = _Transfer()
        failures = 0
        for _ in range(ROUNDS_MAX):
            try:
                if await self._some(name, transfer, fresh=fresh):
                    break
            except (aiohttp.ClientError, TimeoutError, OSError) as cut:
                self._note(cut)
                failures += 1
                transfer.halve()
                if failures == TRIES_MAX:
                    raise HubUnavailable(f"{name[:12]}: {cut!r}") from cut
        if name_of(bytes(transfer.got)) != name:
            raise BlobDamaged(f"{name[:12]}: other bytes than those of its name")
        return bytes(transfer.got)

    async def send(self, batch: bytes, identity: Identity, *, key: str) -> bytes:
        """Send a batch of events; gives the hub's verified answer.

        ``key`` names the batch: the same events sent again bear it again. Raises HubUnavailable,
        FeedForged, FeedRefused, DeviceRevoked.
        """
        path = f"/v1/events/{identity.device}"
        call = Call(method="POST", path=path, body=batch, media="application/zstd", key=key)
        said = await self.call(call, identity.signer, identity.device, bytes_max=ANSWER_BYTES_MAX)
        return said.verified(identity.hub_key)

    async def call(self, call: Call, signer: Signer, name: str, *, bytes_max: int) -> Said:
        """Ask something, signed under ``name``; raises HubUnavailable, FeedRefused (too long)."""
        said = await self._signed(call, signer, name, bytes_max)
        skew_s = self._skew_s(said.answered.headers)
        if said.status == UNKNOWN_CALLER and skew_s is not None:
            ahead = timedelta(seconds=skew_s)
            if abs((ahead - self._ahead).total_seconds()) > SKEW_S:
                self._ahead = ahead
                return await self._signed(call, signer, name, bytes_max)
        return said

    async def _signed(self, call: Call, signer: Signer, name: str, bytes_max: int) -> Said:
        """Sign and ask once, at the hub's moment as far as it is known."""
        headers = {"Content-Type": call.media} if call.media else {}
        if call.key:
            headers["Idempotency-Key"] = call.key
        asked = Asked(method=call.method, url=self._url + call.path, headers=headers)
        nonce, now = secrets.token_urlsafe(NONCE_BYTES), self._now() + self._ahead
        sign(asked, call.body, signer, device=name, nonce=nonce, now=now)
        status, said, data = await self._ask(asked, call.body or None, bytes_max)
        answered = Answered(status_code=status, headers=said, request=asked)
        return Said(status=status, data=data, answered=answered)

    async def _get(
        self, url: str, headers: Mapping[str, str], bytes_max: int
    ) -> tuple[int, Mapping[str, str], bytes]:
        return await self._ask(Asked(method="GET", url=url, headers=dict(headers)), None, bytes_max)

    async def _ask(
        self, asked: Asked, body: bytes | None, bytes_max: int
    ) -> tuple[int, Mapping[str, str], bytes]:
        """Ask once; gives status, headers and the bounded body. Raises HubUnavailable."""
        try:
            async with self._opened.request(
                asked.method, asked.url, data=body, headers=asked.headers, allow_redirects=False
            ) as answer:
                data = await _bounded(answer, bytes_max)
                said = answer.headers  # of any case
        except (aiohttp.ClientError, TimeoutError, OSError) as silent:
            self._note(silent)
            raise HubUnavailable(f"no answer: {silent!r}") from silent
        _refuse_broken(answer.status, said)
        return answer.status, said, data

    async def _some(self, name: str, transfer: _Transfer, *, fresh: bool) -> bool:
        """Fetch a blob's next piece; gives whether that was the last one."""
        headers = transfer.headers()
        if fresh:
            headers["Cache-Control"] = "no-cache"
        async with self._opened.get(
            f"{self._url}/v1/b/{name}", headers=headers, allow_redirects=False
        ) as answer:
            _refuse_broken(answer.status, answer.headers)
            transfer.begin(answer.status, answer.headers.get("Content-Range", ""))
            async for piece in answer.content.iter_chunked(PIECE_BYTES):
                transfer.add(piece)
        return transfer.ended or answer.status == OK

    def _note(self, wrong: Exception) -> None:
        """Use smaller segments after a stall (rule 2)."""
        if isinstance(wrong, TimeoutError):
            self._stalls = min(self._stalls + 1, len(SEGMENTS) - 1)

    def _socket(self, address: tuple[int, int, int, str, object]) -> socket.socket:
        """Make a connection's socket, its segments bounded after stalls."""
        family, kind, protocol, _, _ = address
        made = socket.socket(family, kind, protocol)
        segment = SEGMENTS[self._stalls]
        if segment:
            made.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, segment)
        return made

    @property
    def _opened(self) -> aiohttp.ClientSession:
        assert self._session is not None, "used inside its context"
        return self._session

    def _skew_s(self, headers: Mapping[str, str]) -> float | None:
        """Give how far the server's clock is ahead of ours, None when it doesn't say."""
        try:
            told = parsedate_to_datetime(headers.get("Date", ""))
        except ValueError:
            return None
        if told.tzinfo is None:
            return None
        return (told - self._now()).total_seconds()


class _Transfer:
    """What came of a blob, and how much is asked for at once (rule 2)."""

    def __init__(self) -> None:
        self.got = bytearray()
        self.ended = False
        self._piece = BLOB_BYTES_MAX
        self._total: int | None = None
        self._whole = True

    def headers(self) -> dict[str, str]:
        """Give the headers that ask for what is missing."""
        self._whole = not self.got and self._piece == BLOB_BYTES_MAX
        if self._whole:
            return {}
        last = len(self.got) + self._piece - 1
        return {"Range": f"bytes={len(self.got)}-{last}"}

    def halve(self) -> None:
        """Ask for half as much the next time."""
        self._piece = max(RANGE_MIN, self._piece // 2)

    def begin(self, status: int, said: str) -> None:
        """Take an answer's head in; raises BlobDamaged when it doesn't answer what was asked."""
        if status == OK:
            self.got.clear()
            self._total = None
            return
        found = _CONTENT_RANGE.fullmatch(said)
        if status != PARTIAL or self._whole or found is None or int(found[1]) != len(self.got):
            raise BlobDamaged(f"an answer {status} to a blob's request")
        self._total = int(found[3])

    def add(self, piece: bytes) -> None:
        """Take bytes in; raises BlobDamaged past a blob's size."""
        self.got += piece
        if len(self.got) > BLOB_BYTES_MAX:
            raise BlobDamaged(f"a blob of more than {BLOB_BYTES_MAX} bytes")
        self.ended = self._total is not None and len(self.got) >= self._total


async def _bounded(answer: aiohttp.ClientResponse, bytes_max: int) -> bytes:
    """Read a body; raises FeedRefused past ``bytes_max``."""
    got = bytearray()
    async for piece in answer.content.iter_chunked(PIECE_BYTES):
        got += piece
        if len(got) > bytes_max:
            raise FeedRefused(f"an answer of more than {bytes_max} bytes")
    return bytes(got)


def _refuse_broken(status: int, headers: Mapping[str, str]) -> None:
    """Raise HubUnavailable for the hub's own errors (rule 3)."""
    if status >= BROKEN or status in (TOO_MANY, NOT_FOUND):
        asked = headers.get("Retry-After", "")
        after_s = float(asked) if asked.isdecimal() and len(asked) < 6 else 0.0
        raise HubUnavailable(f"the hub answers {status}", after_s=after_s)


def _hint(status: int) -> str:
    """Give what is most often behind a status, for whoever reads the log."""
    return ": is this kiosk's clock right?" if status == UNKNOWN_CALLER else ""


def _expect(status: int, expected: int) -> None:
    if status != expected:
        raise FeedRefused(f"the hub answers {status}")
