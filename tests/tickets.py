"""Orders and tickets of the tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from kiosk.domain.money import Money
from kiosk.domain.payment import TopupRow, TopupState
from kiosk.domain.product import Product
from kiosk.domain.receipt import EntryTicket, Mark
from kiosk.domain.ticket_order import TicketOrder

NOW = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)
TODAY = date(2026, 11, 22)
POOL = Product(
    code=101,
    kind="entry",
    service="piscine",
    title={"fr": "Entrée piscine"},
    prices={"full": Money(320), "child": Money(160)},
)
ORDER = TicketOrder(
    product=101, service="piscine", tariff="full", persons=2, first_day=TODAY, last_day=TODAY
)
ROW = TopupRow(
    id="T-0123456789ab",
    state=TopupState.CREATED,
    card="",
    amount=Money(640),
    provider="simulator",
    created_at=NOW,
    changed_at=NOW,
    order=ORDER,
)
TICKET = EntryTicket(
    id=bytes(range(8)),
    product="101",
    quantity=2,
    amount=Money(640),
    first_day=TODAY,
    last_day=TODAY,
    kiosk="borne",
    at=NOW,
    marks=Mark.DEMO,
)


def numbered(number: int, **changed: object) -> EntryTicket:
    """Give a ticket with another id, and whatever else is changed."""
    return replace(TICKET, id=number.to_bytes(8, "big"), **changed)  # type: ignore[arg-type]  # by field
