"""The relay of loads: the hub writes one load to the card on a kiosk's reader, APDU by APDU.

``POST /v1/k/{kiosk}/relay``, asked and answered signed. The first request names the load, each
later one brings the card's answer to the last APDU, or what became of the card. Each answer is the
next APDU, the end, or the message key of why it ended. Steps are counted from 0, one after another.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

import msgspec
from msgspec import Meta

from kiosk.domain.errors import FeedRefused
from sync.protocol.manifest import Strict
from sync.protocol.private import LOAD_CENTS_MAX

STEPS_MAX = 128  # a load takes 29, each stale key begins anew
APDU_BYTES_MAX = 300
ANSWER_BYTES_MAX = 2_000

Dialogue: TypeAlias = Annotated[str, Meta(pattern=r"^[0-9a-f]{32}$")]
Apdu: TypeAlias = Annotated[bytes, Meta(min_length=2, max_length=APDU_BYTES_MAX)]  # base64 in JSON
Uid: TypeAlias = Annotated[bytes, Meta(min_length=7, max_length=7)]


class LoadAsk(Strict, frozen=True, kw_only=True):
    """The load that a card is to take: ``topup`` is the kiosk's id of it, ``uid`` the card's."""

    uid: Uid
    topup: Annotated[str, Meta(pattern=r"^[A-Z]-[0-9a-f]{12}$")]
    number: Annotated[int, Meta(ge=1, le=2**31)]
    amount_cents: Annotated[int, Meta(ge=1, le=LOAD_CENTS_MAX)]


class RelayAsk(Strict, frozen=True, kw_only=True):
    """One step: a load with step 0; afterwards the card's ``answer``, or how it was ``lost``."""

    dialogue: Dialogue
    step: Annotated[int, Meta(ge=0, le=STEPS_MAX)]
    load: LoadAsk | None = None
    answer: Apdu | None = None
    lost: Literal["", "pulled", "absent"] = ""


class RelayTold(Strict, frozen=True, kw_only=True):
    """The next APDU; none of it is the end, with the message key of a refusal, "" when written."""

    apdu: Apdu | None = None
    error: Annotated[str, Meta(max_length=100)] = ""


_TOLD = msgspec.json.Decoder(RelayTold)


def read_relay(data: bytes) -> RelayTold:
    """Read a verified answer; raises FeedRefused."""
    try:
        return _TOLD.decode(data)
    except (msgspec.MsgspecError, ValueError, RecursionError) as wrong:
        raise FeedRefused("not a step of a relay") from wrong
