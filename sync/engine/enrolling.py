"""Asks the hub to let this kiosk in and waits for its people: does what sync.enrolment's rules say.

Rules:
1. The licence is kept before the enrolment: a kiosk that counts as let in has one.
2. It may be killed between any two steps, and called as often as one likes.
"""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

import msgspec
import structlog

from kiosk.domain.errors import (
    DeviceRevoked,
    EnrolmentRefused,
    FeedRefused,
    HubUnavailable,
    InputRefused,
)
from kiosk.ports import Clock
from kiosk.store.enrolment import EnrolmentStore, LetIn, Waiting
from sync.client import FORBIDDEN, OK, Call, HubClient, Said, is_loopback
from sync.enrolment import ASKS_MAX, POLLS_MAX, Pace, proven, trusted
from sync.feed import Pin
from sync.protocol.enrolment import (
    ANSWER_BYTES_MAX,
    EnrolAsk,
    EnrolBegun,
    Enrolled,
    TokenAsk,
    TokenError,
)
from sync.signing import Signer

JSON = "application/json"
WHY_MAX = 300  # characters of the hub's own words
REFUSED = frozenset({400, 401, FORBIDDEN, 413, 422})

log = structlog.get_logger("sync.enrolling")
_Shape = TypeVar("_Shape")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Where this kiosk wants to be let in, under which name, and the words of that hub's root."""

    hub: str
    territory: str
    name: str
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hands:
    """What an enrolment is done with: ``show`` shows a request that waits, ``rest`` waits."""

    store: EnrolmentStore
    signer: Signer
    clock: Clock
    show: Callable[[Waiting], None]
    rest: Callable[[float], Awaitable[object]]


async def enrol(hub: HubClient, wish: Wish, hands: Hands) -> LetIn:
    """Enrol, or go on with an enrolment that was begun.

    Raises InputRefused (another hub's kiosk, wrong words, what the hub can't take), DeviceRevoked
    (this key was shut out), EnrolmentRefused, HubUnavailable, FeedForged, FeedRefused, DataAbsent.
    """
    known = _let_in_before(hands.store, wish)
    if known is not None:
        return known
    pin = trusted(await hub.notice(), wish.territory, wish.words, here=is_loopback(wish.hub))
    waiting = _begun_before(hands, wish)
    for _ in range(ASKS_MAX):
        waiting = waiting or await _ask(hub, wish, hands)
        hands.show(waiting)
        told = await _polled(hub, waiting, hands)
        if told is not None:
            return _kept(proven(told, pin, hands.signer.public_key), pin, wish, hands.store)
        waiting = None
    raise EnrolmentRefused("nobody has let this kiosk in in time")


def _let_in_before(store: EnrolmentStore, wish: Wish) -> LetIn | None:
    """Give the enrolment that stands, if it is this one; raises InputRefused, DeviceRevoked."""
    known = store.let_in()
    if known is None:
        return None
    standing = store.standing()
    if standing is not None and standing.revoked:
        raise DeviceRevoked(
            "the hub has shut this kiosk's key out; set device.key and enrolment.json aside to ask"
            " with a new one"
        )
    if (known.hub, known.territory) != (wish.hub, wish.territory):
        raise InputRefused(
            f"this kiosk is {known.kiosk} of {known.territory} at {known.hub}",
            where="hub",
            todo="set enrolment.json aside to let it in elsewhere",
        )
    return known


def _begun_before(hands: Hands, wish: Wish) -> Waiting | None:
    known = hands.store.known()
    if not isinstance(known, Waiting) or hands.clock.now() >= known.expires_at:
        return None
    same = (known.hub, known.territory, known.name) == (wish.hub, wish.territory, wish.name)
    return known if same else None


async def _ask(hub: HubClient, wish: Wish, hands: Hands) -> Waiting:
    """Ask, and keep the request before anybody sees it."""
    ask = EnrolAsk(
        territory=wish.territory,
        name=wish.name,
        algorithm="ed25519",
        public_key=hands.signer.public_key.hex(),
    )
    said = await _posted(hub, "/v1/enrol", ask, hands.signer)
    begun = _read(_fine(said), EnrolBegun)
    waiting = Waiting(
        hub=wish.hub,
        territory=wish.territory,
        name=wish.name,
        device_code=begun.device_code,
        user_code=begun.user_code,
        page=begun.verification_uri_complete,
        expires_at=hands.clock.now() + timedelta(seconds=begun.expires_in),
        interval_s=begun.interval,
    )
    hands.store.keep(waiting)
    log.info("enrolment.asked")
    return waiting


async def _polled(hub: HubClient, waiting: Waiting, hands: Hands) -> Enrolled | None:
    """Poll until people have answered; None: the request's time is over."""
    pace = Pace(interval_s=waiting.interval_s)
    ask = TokenAsk(device_code=waiting.device_code, public_key=hands.signer.public_key.hex())
    chance = random.SystemRandom().random
    for _ in range(POLLS_MAX):
        asked_s = 0.0
        try:
            told = _told(await _posted(hub, "/v1/enrol/token", ask, hands.signer))
        except HubUnavailable as silent:
            pace, asked_s = pace.missed(), silent.after_s
        else:
            if isinstance(told, Enrolled):
                return told
            if told.error == "access_denied":
                raise EnrolmentRefused("the hub's people have refused this kiosk")
            if told.error == "expired_token":
                return None
            pace = pace.slower() if told.error == "slow_down" else pace.heard()
        if hands.clock.now() >= waiting.expires_at:
            return None
        await hands.rest(pace.rest_s(chance(), asked_s))
    return None


def _told(said: Said) -> Enrolled | TokenError:
    if said.status == OK:
        return _read(said.data, Enrolled)
    try:
        return msgspec.json.decode(said.data, type=TokenError)
    except (msgspec.MsgspecError, ValueError, RecursionError) as wrong:
        raise _refusal(said) from wrong


def _kept(told: Enrolled, pin: Pin, wish: Wish, store: EnrolmentStore) -> LetIn:
    """Keep what was proven (rule 1)."""
    let_in = LetIn(
        hub=wish.hub,
        territory=wish.territory,
        name=wish.name,
        kiosk=told.kiosk,
        root=pin.root.hex(),
        key=pin.key.hex(),
        epoch=pin.epoch,
    )
    store.first_licence(told.licence, pin.key)
    store.keep(let_in)
    log.info("enrolment.done", kiosk=told.kiosk)
    return let_in


async def _posted(hub: HubClient, path: str, ask: EnrolAsk | TokenAsk, signer: Signer) -> Said:
    """Ask under the name of our own key: there is no other one yet."""
    call = Call(method="POST", path=path, body=msgspec.json.encode(ask), media=JSON)
    return await hub.call(call, signer, signer.public_key.hex(), bytes_max=ANSWER_BYTES_MAX)


def _fine(said: Said) -> bytes:
    """Give an answer's body; raises InputRefused with the hub's words, FeedRefused."""
    if said.status != OK:
        raise _refusal(said)
    return said.data


def _refusal(said: Said) -> InputRefused | FeedRefused:
    if said.status not in REFUSED:
        return FeedRefused(f"the hub answers {said.status}")
    return InputRefused(
        f"the hub answers {said.status}: {_why(said.data)}",
        where="hub",
        todo="check territory, name and this kiosk's clock",
    )


class _Words(msgspec.Struct, frozen=True):
    """A refusal's message; nothing in it is believed."""

    message: str = ""


def _why(data: bytes) -> str:
    try:
        words = msgspec.json.decode(data, type=_Words).message
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return "no reason"
    return "".join(sign for sign in words if sign.isprintable())[:WHY_MAX] or "no reason"


def _read(data: bytes, shape: type[_Shape]) -> _Shape:
    """Read a bounded answer strictly; raises FeedRefused."""
    try:
        return msgspec.json.decode(data, type=shape)
    except (msgspec.MsgspecError, ValueError, RecursionError) as wrong:
        raise FeedRefused(f"not an answer to an enrolment: {wrong}") from wrong
