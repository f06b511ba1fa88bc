"""What the régie owes back by a transfer: paid, loaded on no card, and not given back by the bank.

Rules:
1. A kiosk tells a top-up that it gave up after it was paid (``topup.refunding``). It is owed while
   its payment is taken and not given back: the payments' own table says that, nobody is asked.
2. A transfer is noted once, whole: its key names what had been given back before, so that a second
   tap, or a form that was sent again, notes nothing.
3. From TWO_PEOPLE_FROM on a second person confirms with a password; each try of it is counted as a
   try to sign in (sync.hub.office.tries).
4. Act and log line stand or fall together; the kiosk ends the top-up when it next asks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final

import msgspec
from django.db import transaction
from django.db.models import QuerySet

from kiosk.domain.errors import AmountRefused
from kiosk.domain.money import Money
from kiosk.domain.payment import PaymentStatus
from kiosk.domain.psp import PspPayment
from payments.service import PaymentService
from sync.hub.accounts.models import User
from sync.hub.audit.record import note
from sync.hub.cards.models import OwnedTopup
from sync.hub.events.models import Event
from sync.hub.here import Here
from sync.hub.territories.models import Territory
from sync.protocol.events import Event as Told

KIND: Final = "topup.refunding"
LOOKED_MAX: Final = 2_000  # top-ups given up, the newest first
Text = Annotated[str, msgspec.Meta(max_length=200)]


class _Refunding(msgspec.Struct, frozen=True):
    """What is read of the event; the rest of it doesn't matter here."""

    topup: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """A sum to transfer; ``seen_cents`` is what had been given back when it was looked at."""

    topup: str
    payment: str
    provider: str
    amount: Money
    seen_cents: int
    since: datetime
    kiosk: str
    territory: str


def owed(service: PaymentService, own: QuerySet[Territory]) -> list[Owed]:
    """Give what is owed in some territories, the newest first."""
    rows = Event.objects.filter(kind=KIND, code="", device__territory__in=own)
    told = rows.select_related("device__territory").order_by("-received_at", "-seq")[:LOOKED_MAX]
    pairs = [(_topup_of(row), row) for row in told]
    theirs = OwnedTopup.objects.filter(topup__in=[topup for topup, _ in pairs])
    owners = dict(theirs.values_list("topup", "device_id"))
    mine = {topup: row for topup, row in pairs if owners.get(topup) == row.device_id}
    found = [_owed(service.kept(one), row) for one, row in mine.items()]
    return sorted((one for one in found if one), key=lambda one: one.since, reverse=True)


def transferred(
    hub: Here, service: PaymentService, sum_: Owed, reference: str, people: list[User]
) -> None:
    """Note a transfer; raises AmountRefused when nothing is owed (any more), too few people.

    Raises PaymentUnavailable: the bank, which is asked first, doesn't answer.
    """
    payment = service.kept(sum_.topup)
    if payment is None or payment.refunded.cents != sum_.seen_cents:
        raise AmountRefused("it was noted, or given back, meanwhile")
    staff = frozenset(one.get_username() for one in people)
    details: Mapping[str, str | int] = {
        "amount_cents": sum_.amount.cents,
        "people": len(staff),
        "reference": reference,
    }
    key = f"{sum_.topup}:repaid:{sum_.seen_cents}"
    with transaction.atomic():
        note(hub, people[0], ("payment.transferred", sum_.territory), sum_.payment, details)
        service.repaid(sum_.payment, sum_.amount, staff=staff, key=key)


def _topup_of(row: Event) -> str:
    """Give the top-up that an event tells, "" when it can't be read."""
    try:
        told = msgspec.json.decode(bytes(row.body), type=Told)
        return msgspec.json.decode(told.payload.encode(), type=_Refunding).topup
    except msgspec.DecodeError:
        return ""


def _owed(payment: PspPayment | None, row: Event) -> Owed | None:
    if payment is None or payment.status is not PaymentStatus.SUCCEEDED:
        return None
    left = payment.amount - payment.refunded
    if left <= Money(0):
        return None
    return Owed(
        topup=payment.topup,
        payment=payment.id,
        provider=payment.provider,
        amount=left,
        seen_cents=payment.refunded.cents,
        since=row.received_at,
        kiosk=row.device.name,
        territory=row.device.territory_id,
    )
