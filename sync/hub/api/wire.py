"""The shapes of the API's JSON: strict both ways, and what the OpenAPI document is made of."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, TypeAlias

from msgspec import Meta

from kiosk.domain.money import CENTS_MAX
from sync.protocol.manifest import Strict

Text: TypeAlias = Annotated[str, Meta(min_length=1, max_length=200)]


class PhotoState(Strict, frozen=True, kw_only=True):
    """How far a photo is here: the next piece begins at ``size``."""

    size: int
    total: int
    complete: bool


class FleetDevice(Strict, frozen=True, kw_only=True):
    """A device as the fleet's list shows it."""

    kiosk: str
    name: str
    approved_at: datetime
    revoked_at: datetime | None
    seen_at: datetime | None
    licence_until: datetime
    forks: int


class Fleet(Strict, frozen=True, kw_only=True):
    """A territory's devices."""

    devices: list[FleetDevice]


class Waiting(Strict, frozen=True, kw_only=True):
    """A kiosk that waits: the words must be those on its screen."""

    code: str
    name: str
    fingerprint: str
    expires_at: datetime


class Approved(Strict, frozen=True, kw_only=True):
    """The device that was let in."""

    kiosk: str


class Signed(Strict, frozen=True, kw_only=True):
    """The manifest that was signed."""

    epoch: int
    version: int


class BlockAsk(Strict, frozen=True, kw_only=True):
    """Put a card on the list of lost cards."""

    card: Annotated[str, Meta(pattern=r"^[0-9a-f]{32}$")]
    reason: Annotated[str, Meta(max_length=200)] = ""


class Blocked(Strict, frozen=True, kw_only=True):
    """Whether the card is on the list by this call."""

    added: bool


class RefundAsk(Strict, frozen=True, kw_only=True):
    """Give taken money back; ``second`` is the second person's account from 50 € on."""

    payment: Text
    amount_cents: Annotated[int, Meta(ge=1, le=CENTS_MAX)]
    key: Text
    second: Annotated[str, Meta(max_length=150)] = ""
    second_password: Annotated[str, Meta(max_length=200)] = ""
