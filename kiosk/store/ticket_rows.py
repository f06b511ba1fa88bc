"""The rows of what is ordered without a card: beside its top-up's row, in the same transaction."""

from __future__ import annotations

import sqlite3
from datetime import date

from kiosk.domain.ticket_order import TicketOrder

# what a top-up's row is read from, with its order where it has one
PAID = "topup LEFT JOIN ticket_order ON ticket_order.topup = topup.id"

_SAVE = """
    INSERT INTO ticket_order
        (topup, product, service, tariff, persons, first_day, last_day, ticket, copies)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (topup) DO UPDATE SET ticket = excluded.ticket,
        copies = max(copies, excluded.copies)
"""


def save_order(connection: sqlite3.Connection, topup: str, order: TicketOrder) -> None:
    """Write an order; of one that stands already only the ticket and its copies may be new."""
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


def told_order(order: TicketOrder) -> dict[str, object]:
    """Give what the hub is told of an order."""
    return {
        "product": order.product,
        "service": order.service,
        "tariff": order.tariff,
        "persons": order.persons,
    }


def order_of_row(row: sqlite3.Row) -> TicketOrder | None:
    """Read the order beside a top-up, None for a load."""
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
