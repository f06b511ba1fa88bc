"""What a hub tells one kiosk and nobody else: loads that wait, lost cards, its licence.

``GET /v1/k/{kiosk}/private?lost_cards=V``: asked and answered signed, never cached. V is the
version of the list that the kiosk holds; its cards travel only when another one is in force.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, TypeAlias

import msgspec

from kiosk.domain.card_rules import LISTED_MAX
from kiosk.domain.errors import FeedRefused
from sync.protocol.enrolment import LicenceText
from sync.protocol.manifest import NUMBER_MAX, Strict

LOADS_MAX = 5_000
LOAD_CENTS_MAX = 10_000_000
PRIVATE_BYTES_MAX = 8_000_000

Tag: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{32}$")]
Aware: TypeAlias = Annotated[datetime, msgspec.Meta(tz=True)]


class Load(Strict, frozen=True, kw_only=True):
    """Money that waits for its card; ``number`` counts the card's loads."""

    card: Tag
    number: Annotated[int, msgspec.Meta(ge=1, le=2**31)]
    amount_cents: Annotated[int, msgspec.Meta(ge=1, le=LOAD_CENTS_MAX)]


class LostCards(Strict, frozen=True, kw_only=True):
    """The list of lost cards as kiosk.store.blocklist keeps it; ``cards`` null: as you hold it."""

    version: Annotated[int, msgspec.Meta(ge=1, le=NUMBER_MAX)]
    issued_at: Aware
    cards: Annotated[dict[Tag, Aware], msgspec.Meta(max_length=LISTED_MAX)] | None


class Private(Strict, frozen=True, kw_only=True):
    """The whole answer."""

    licence: LicenceText
    card_keys: Annotated[int, msgspec.Meta(ge=0, le=NUMBER_MAX)] = 0  # their edition, 0: none
    loads: Annotated[tuple[Load, ...], msgspec.Meta(max_length=LOADS_MAX)]
    lost_cards: LostCards


def read_private(data: bytes) -> Private:
    """Read a verified answer; raises FeedRefused."""
    try:
        return msgspec.json.decode(data, type=Private)
    except (msgspec.MsgspecError, ValueError, RecursionError) as wrong:
        raise FeedRefused(f"not a private answer: {wrong}") from wrong
