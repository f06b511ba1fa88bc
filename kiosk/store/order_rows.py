"""The rows of what is paid without a card: beside its payment's row, in the same transaction."""

from __future__ import annotations

import sqlite3
from datetime import date

from kiosk.domain.bill import BillOrder
from kiosk.domain.payment import Order
from kiosk.domain.ticket_order import TicketOrder

# what a top-up's row is read from, with its order where it has one
PAID = (
    "topup LEFT JOIN ticket_order ON ticket_order.topup = topup.id"
    " LEFT JOIN bill_order ON bill_order.topup = topup.id"
)
UNRETURNED_BILL = (
    f"SELECT * FROM {PAID} WHERE bill = ? AND state NOT IN ('canceled', 'refunded')"  # noqa: S608  # a constant of ours
    " ORDER BY created_at LIMIT 1"
)
_SAVE_BILL = """
    INSERT INTO bill_order (topup, bill, earner) VALUES (?, ?, ?) ON CONFLICT (topup) DO NOTHING
"""
_SAVE = """
    INSERT INTO ticket_order
        (topup, product, service, tariff, persons, first_day, last_day, ticket, copies)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (topup) DO UPDATE SET ticket = excluded.ticket,
        copies = max(copies, excluded.copies)
"""


def save_order(connection: sqlite3.Connection, topup: str, order: Order) -> None:
    """Write an order; of one that stands already only a ticket and its copies may be new."""
    if isinstance(order, BillOrder):
        connection.execute(_SAVE_BILL, (topup, order.key, order.service))
        return
    connection.execute(
        _SAVE,
        (
            topup,
            order.product,
            order.service,
            order.tariff,
            order.persons,
            order.first_day.isoformat(),
            order.last_day.isoformat(),
            order.ticket,
            order.copies,
        ),
    )


def told_order(order: Order) -> dict[str, object]:
    """Give what the hub is told of an order."""
    if isinstance(order, BillOrder):
        return {"bill": order.key, "service": order.service}
    return {
        "product": order.product,
        "service": order.service,
        "tariff": order.tariff,
        "persons": order.persons,
    }


def order_of_row(row: sqlite3.Row) -> Order | None:
    """Read the order beside a top-up, None for a load."""
    if row["bill"] is not None:
        issuer, _, reference = row["bill"].partition(":")
        return BillOrder(issuer=issuer, reference=reference, service=row["earner"])
    if row["product"] is None:
        return None
    return TicketOrder(
        product=row["product"],
        service=row["service"],
        tariff=row["tariff"],
        persons=row["persons"],
        first_day=date.fromisoformat(row["first_day"]),
        last_day=date.fromisoformat(row["last_day"]),
        ticket=row["ticket"],
        copies=row["copies"],
    )
