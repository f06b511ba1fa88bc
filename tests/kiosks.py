"""A kiosk as the hub sees it: its key, its signed requests, and what it is answered."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.http import HttpResponse
from django.test import Client
from http_message_signatures import HTTPMessageSigner, MappingKeyResolver
from http_message_signatures.algorithms import ECDSA_P256_SHA256, ED25519

from kiosk.domain.errors import FeedForged
from kiosk.ports import Clock
from sync.hub.devices.models import Device
from sync.hub.here import Here
from sync.hub.territories.models import Territory
from sync.message_signing import Answered, Asked, verify
from sync.protocol.events import Event, write_batch
from tests.hubs import PUBLIC_URL

HOST = PUBLIC_URL.removeprefix("https://")
Key = ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey


def public_hex(key: Key) -> str:
    """Give a key's public half as the hub keeps it."""
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return key.public_key().public_bytes_raw().hex()
    point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return point.hex()


@dataclass(slots=True, kw_only=True)
class Kiosk:
    """Signs with ``key`` under the name ``id``."""

    clock: Clock
    id: str
    key: Key = field(default_factory=ed25519.Ed25519PrivateKey.generate)
    last: Asked | None = None

    @property
    def public_key(self) -> str:
        """Its public key, hex."""
        return public_hex(self.key)

    def signed(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        *,
        headers: Mapping[str, str] | None = None,
        created: datetime | None = None,
        nonce: str | None = None,
        covered: tuple[str, ...] = ("@method", "@target-uri"),
        tag: str = "alveole",
    ) -> Asked:
        """Give a signed request."""
        asked = Asked(method=method, url=PUBLIC_URL + path, headers=dict(headers or {}))
        algorithm = (
            ED25519 if isinstance(self.key, ed25519.Ed25519PrivateKey) else ECDSA_P256_SHA256
        )
        keys = MappingKeyResolver(public_keys={}, private_keys={self.id: self.key})
        extra = ("idempotency-key",) if "idempotency-key" in asked.headers else ()
        HTTPMessageSigner(signature_algorithm=algorithm, key_resolver=keys).sign(
            asked,
            key_id=self.id,
            created=created or self.clock.now(),
            nonce=nonce or secrets.token_urlsafe(18),
            tag=tag,
            label="kiosk",
            covered_component_ids=(*covered, *extra),
            body=body or None,
        )
        return asked

    def ask(
        self, method: str, path: str, body: bytes = b"", *, media: str = "", **how: Any
    ) -> HttpResponse:
        """Send a signed request."""
        self.last = self.signed(method, path, body, **how)
        return send(self.last, body, media=media)

    def post(self, path: str, shape: object, **how: Any) -> HttpResponse:
        """Send JSON, signed."""
        return self.ask("POST", path, msgspec.json.encode(shape), media="application/json", **how)

    def tell(self, events: list[Event], **how: Any) -> HttpResponse:
        """Send a batch of events."""
        data, _ = write_batch(events)
        path = f"/v1/events/{self.id}"
        return self.ask("POST", path, data, media="application/zstd", **how)


def send(asked: Asked, body: bytes = b"", *, media: str = "") -> HttpResponse:
    """Send a request as it is, signed or not."""
    client = Client(raise_request_exception=False)
    headers = {"host": HOST, **asked.headers}
    kind = media or "application/octet-stream"
    path = asked.url.removeprefix(PUBLIC_URL)
    answer: Any = client.generic(
        asked.method, path, body, content_type=kind, secure=True, headers=headers
    )
    assert isinstance(answer, HttpResponse)
    return answer


def get(path: str, **headers: str) -> HttpResponse:
    """Fetch what anybody may."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return send(Asked(method="GET", url=PUBLIC_URL + path, headers=named))


def is_signed(hub: Here, asked: Asked, answer: HttpResponse) -> bool:
    """Say whether an answer is the hub's to this very request, as the kiosk's side finds."""
    heard = Answered(status_code=answer.status_code, headers=dict(answer.headers), request=asked)
    try:
        verify(heard, answer.content, hub.key.public_key)
    except FeedForged:
        return False
    return True


def enrolled(hub: Here, name: str = "borne-1", territory: str = "orne") -> Kiosk:
    """Give an enrolled kiosk without going through the enrolment."""
    from datetime import timedelta

    Territory.objects.get_or_create(slug=territory, defaults={"name": territory})
    kiosk = Kiosk(clock=hub.clock, id=f"k{territory}{name}".replace("-", ""))
    Device.objects.create(
        id=kiosk.id,
        territory_id=territory,
        name=name,
        public_key=kiosk.public_key,
        approved_at=hub.clock.now(),
        licence_until=hub.clock.now() + timedelta(days=30),
    )
    return kiosk


def event(
    seq: int, *, epoch: str = "e1", payload: str = '{"a":1}', kind: str = "till.opened"
) -> Event:
    """Give an event."""
    return Event(
        epoch=epoch, seq=seq, kind=kind, subject="", at="2026-11-22T10:00:00+01:00", payload=payload
    )
