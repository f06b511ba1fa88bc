"""What a hub delivers of a territory's card keys to one kiosk: to read and to debit, nothing more.

``POST /v1/k/{kiosk}/card-keys``: asked and answered signed, never cached. The kiosk names a key
that it made for this request; what is answered is sealed to it (sync.sealing). ``edition`` counts
the changes of the territory's keys; the private channel tells which one is in force.
"""

from __future__ import annotations

from typing import Annotated, TypeAlias

import msgspec
from msgspec import Meta

from kiosk.domain.errors import FeedRefused
from sync.protocol.enrolment import Slug
from sync.protocol.manifest import NUMBER_MAX, Strict

SETS_MAX = 8  # key versions that cards of a territory may still have
ANSWER_BYTES_MAX = 16 * 1024

Edition: TypeAlias = Annotated[int, Meta(ge=1, le=NUMBER_MAX)]
Master: TypeAlias = Annotated[bytes, Meta(min_length=16, max_length=16)]  # base64 in JSON


class KeysAsk(Strict, frozen=True, kw_only=True):
    """The kiosk's key of this request (X25519, hex)."""

    seal_key: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]


class KeysTold(Strict, frozen=True, kw_only=True):
    """A Delivered, sealed."""

    sealed: Annotated[bytes, Meta(max_length=8 * 1024)]


class DeliveredSet(Strict, frozen=True, kw_only=True):
    """The masters of one key version, as far as a kiosk may hold them; never shown by repr."""

    version: Annotated[int, Meta(ge=1, le=255)]
    identify: Master
    debit: Master

    def __repr__(self) -> str:
        """Show the version alone."""
        return f"DeliveredSet(version={self.version})"


class Delivered(Strict, frozen=True, kw_only=True):
    """What a kiosk holds: ``tags`` makes the names of cards (kiosk.domain.purse.card_tag)."""

    edition: Edition
    territory: Slug
    kiosk: Annotated[str, Meta(min_length=1, max_length=32)]
    tags: Annotated[bytes, Meta(min_length=32, max_length=32)]
    sets: Annotated[tuple[DeliveredSet, ...], Meta(min_length=1, max_length=SETS_MAX)]

    def __repr__(self) -> str:
        """Show what is no secret."""
        return f"Delivered(edition={self.edition}, territory={self.territory!r}, sets={self.sets})"


_TOLD = msgspec.json.Decoder(KeysTold)
_DELIVERED = msgspec.json.Decoder(Delivered)


def read_told(data: bytes) -> KeysTold:
    """Read a verified answer; raises FeedRefused."""
    try:
        return _TOLD.decode(data)
    except (msgspec.MsgspecError, ValueError, RecursionError) as wrong:
        raise FeedRefused("not an answer with card keys") from wrong


def read_delivered(data: bytes) -> Delivered:
    """Read what was opened; raises FeedRefused, whose words hold none of it."""
    try:
        return _DELIVERED.decode(data)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        raise FeedRefused("not a territory's card keys") from None
