"""Asks for a payment while the kiosk is offline: a signed request, kept before it is shown.

Rules (kiosk.domain.reload_code; MONEY.md, "Paying while the kiosk is offline"):

1. The row is durable before the request is shown, so that its code is known when it comes back.
2. Asked again for the same load, a request that may still be paid is shown again.
3. The card's own limits hold, and the kiosk's ceilings on what it may ask for in 24 hours.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from kiosk.domain.errors import CardBlocked, CardExpired, CardForeign
from kiosk.domain.money import Money
from kiosk.domain.payment import TopupLimits
from kiosk.domain.purse import CardFace, card_tag
from kiosk.domain.reload_code import (
    DAY,
    PAY_MAX,
    REDEEM_MAX,
    CodeLimits,
    CodeRow,
    ReloadRequest,
)
from kiosk.ports import Clock, CodeRequests
from kiosk.usecases.read_card import refusal_of


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeDesk:
    """What requests are made with: ``card_key`` is the territory's key for card tags."""

    kiosk: str
    card_key: bytes
    topups: TopupLimits
    new_id: Callable[[], str]
    new_nonce: Callable[[], bytes]
    limits: CodeLimits = field(default_factory=CodeLimits)


def ask_reload_code(
    face: CardFace, amount: Money, *, codes: CodeRequests, clock: Clock, desk: CodeDesk
) -> CodeRow:
    """Ask for a load of the card just read.

    Raises AmountRefused, PurseFull, CardForeign, CardBlocked, CardExpired, LimitReached,
    StorageFull.
    """
    now = clock.now()
    refusal = refusal_of(face, now.date())
    for kind in (CardForeign, CardBlocked, CardExpired):
        if refusal == kind.message_key:
            raise kind("this card can't be loaded")
    desk.topups.check(amount, face.balance)
    tag, number = card_tag(face.number, desk.card_key), face.last_load + 1
    for row in codes.open_codes(tag, now - PAY_MAX):
        wish = row.request.amount, row.request.load_number
        if wish == (amount, number) and row.usable(now):
            return row
    asked = ReloadRequest(
        id=desk.new_id(),
        kiosk=desk.kiosk,
        card=tag,
        amount=amount,
        load_number=number,
        nonce=desk.new_nonce(),
        at=_second(now),
    )
    return _kept(asked, codes=codes, clock=clock, desk=desk)


def code_awaited(
    face: CardFace, *, codes: CodeRequests, clock: Clock, desk: CodeDesk
) -> CodeRow | None:
    """Give the card's newest request whose code may still be typed, None without one."""
    now, tag = clock.now(), card_tag(face.number, desk.card_key)
    rows = codes.open_codes(tag, now - REDEEM_MAX)
    return next((row for row in rows if row.usable(now)), None)


def _kept(asked: ReloadRequest, *, codes: CodeRequests, clock: Clock, desk: CodeDesk) -> CodeRow:
    now = clock.now()
    desk.limits.check(asked.amount, codes.code_use(now - DAY))
    row = CodeRow(request=asked, changed_at=now)
    codes.save_code(row)
    return row


def _second(moment: datetime) -> datetime:
    """Give a moment as requests hold it: in UTC, to the second."""
    return moment.astimezone(UTC).replace(microsecond=0)
