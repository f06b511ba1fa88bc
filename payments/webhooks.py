"""Stripe's signed notifications, checked before anything of them is believed (pure).

Rules (Stripe's documentation, "Verify webhook signatures manually"):

1. The header is ``t=<epoch s>,v1=<hex>,…``; v1 is HMAC-SHA256 of ``<t>.<payload>`` under a secret.
   Several v1 stand there while a secret is rolled; one of ours must match, in constant time.
2. ``t`` may be AGE_MAX old and AHEAD_MAX in the future: older may be a replay, younger a wrong
   clock. The event's own moment isn't in the future either.
3. A payload is at most BYTES_MAX long, and an event: nothing else was signed by the bank.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from kiosk.domain.errors import WebhookForged, WebhookStale

AGE_MAX = timedelta(minutes=5)
AHEAD_MAX = timedelta(minutes=1)
BYTES_MAX = 256_000
PARTS_MAX = 10
_TIME = re.compile(r"\d{1,12}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What a notification speaks of; ``topup`` "" when its object doesn't tell."""

    id: str
    kind: str
    object_id: str
    topup: str


class _Object(msgspec.Struct, frozen=True):
    id: str
    metadata: dict[str, str] | None = None
    client_reference_id: str | None = None


class _Data(msgspec.Struct, frozen=True):
    object: _Object


class _Event(msgspec.Struct, frozen=True):
    id: str
    type: str
    created: int
    data: _Data


def verified(payload: bytes, signature: str, *, secrets_: Sequence[str], now: datetime) -> Notice:
    """Check a notification and read it; raises WebhookForged, WebhookStale."""
    if len(payload) > BYTES_MAX:
        raise WebhookForged(f"longer than {BYTES_MAX} bytes")
    at_s, given = _parts(signature)
    wanted = [sign(payload, at_s, one) for one in secrets_]
    if not any(hmac.compare_digest(one, other) for one in wanted for other in given):
        raise WebhookForged("no signature of ours")
    _check_time(at_s, now)
    try:
        event = msgspec.json.decode(payload, type=_Event)
    except msgspec.MsgspecError as wrong:
        raise WebhookForged(f"not an event: {wrong}") from wrong
    if event.created > now.timestamp() + AHEAD_MAX.total_seconds():
        raise WebhookStale("the event is from the future")
    about = event.data.object
    topup = about.client_reference_id or (about.metadata or {}).get("topup", "")
    return Notice(id=event.id, kind=event.type, object_id=about.id, topup=topup)


def sign(payload: bytes, at_s: int, secret: str) -> str:
    """Give the v1 signature of a payload at an epoch second."""
    return hmac.new(secret.encode(), b"%d.%b" % (at_s, payload), hashlib.sha256).hexdigest()


def header(payload: bytes, at_s: int, secret: str) -> str:
    """Give the whole header, as the bank's stand-in sends it."""
    return f"t={at_s},v1={sign(payload, at_s, secret)}"


def _parts(signature: str) -> tuple[int, list[str]]:
    parts = [part.partition("=") for part in signature.split(",")[:PARTS_MAX]]
    times = [value for name, _, value in parts if name == "t" and _TIME.fullmatch(value)]
    given = [value for name, _, value in parts if name == "v1" and value.isascii()]
    if len(times) != 1 or not given:
        raise WebhookForged("no signature")
    return int(times[0]), given


def _check_time(at_s: int, now: datetime) -> None:
    age_s = now.timestamp() - at_s
    if age_s > AGE_MAX.total_seconds():
        raise WebhookStale(f"{age_s:.0f} s old")
    if age_s < -AHEAD_MAX.total_seconds():
        raise WebhookStale(f"{-age_s:.0f} s in the future")
