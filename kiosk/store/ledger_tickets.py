"""Bought tickets and let-in ones in ledger.db: each write is durable on return.

What a gate lets in is told to the hub in the same transaction (ports.Redemptions): the hub finds a
ticket that two gates have let in when it merges their rows.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from datetime import datetime

from kiosk.domain.ledger import moment
from kiosk.domain.payment import TopupRow
from kiosk.domain.ticket import Redemption
from kiosk.store.ledger import Ledger, topup_of
from kiosk.store.ledger_entries import tell
from kiosk.store.ledger_moves import ACKNOWLEDGED
from kiosk.store.order_rows import PAID

_UNHEARD = """
    SELECT coalesce(sum(persons), 0) AS persons FROM redemption
    WHERE kiosk = ? AND event > coalesce((SELECT value FROM mark WHERE name = ?), 0)
"""


class Tickets:
    """ports.TicketJournal on the kiosk's journal; usable from any thread."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def bought(self, topup_id: str) -> TopupRow | None:
        """Give an order with its ticket, as it stands."""
        rows = self._ledger.read(
            f"SELECT * FROM {PAID} WHERE id = ? AND product IS NOT NULL",  # noqa: S608  # a name
            topup_id,
        )
        return topup_of(rows[0]) if rows else None

    def numbered(self, entry: int) -> TopupRow | None:
        """Give the order that an entry has booked."""
        rows = self._ledger.read(
            f"SELECT * FROM {PAID} WHERE entry = ? AND product IS NOT NULL",  # noqa: S608  # a name
            entry,
        )
        return topup_of(rows[0]) if rows and entry else None

    def count_copy(self, topup_id: str) -> int:
        """Count one more copy of an order's ticket; 0 when there is no such order."""
        with self._ledger.transaction() as connection:
            rows = connection.execute(
                "UPDATE ticket_order SET copies = copies + 1 WHERE topup = ? RETURNING copies",
                (topup_id,),
            ).fetchall()
        return int(rows[0]["copies"]) if rows else 0


class RedemptionStore:
    """ports.Redemptions on a gate's journal; usable from any thread."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def redeem(self, redemption: Redemption) -> Redemption:
        """Keep a ticket as let in, once; gives the row kept."""
        self._ledger.require_room()
        with self._ledger.transaction() as connection:
            kept = _find(connection, redemption.ticket)
            if kept is not None:
                return kept
            event = _tell(connection, "ticket.redeemed", redemption, redemption.at)
            connection.execute(
                "INSERT INTO redemption (ticket, product, persons, kiosk, at, again_at, event)"
                " VALUES (?, ?, ?, ?, ?, '', ?)",
                (
                    redemption.ticket,
                    redemption.product,
                    redemption.persons,
                    redemption.kiosk,
                    moment(redemption.at),
                    event,
                ),
            )
        return redemption

    def find(self, ticket: str) -> Redemption | None:
        """Give the row of a ticket's id."""
        rows = self._ledger.read("SELECT * FROM redemption WHERE ticket = ?", ticket)
        return _row(rows[0]) if rows else None

    def answered_again(self, ticket: str, *, at: datetime) -> bool:
        """Keep that its one more scan was answered; False when it was before."""
        with self._ledger.transaction() as connection:
            first = connection.execute(
                "UPDATE redemption SET again_at = ? WHERE ticket = ? AND again_at = ''",
                (moment(at), ticket),
            ).rowcount
            kept = _find(connection, ticket) if first else None
            if kept is not None:
                _tell(connection, "ticket.counted_again", kept, at)
        return bool(first)

    def unheard_persons(self, kiosk: str) -> int:
        """Give how many people came in on a kiosk's tickets past the hub's acknowledgement."""
        (row,) = self._ledger.read(_UNHEARD, kiosk, ACKNOWLEDGED)
        return int(row["persons"])


def _find(connection: sqlite3.Connection, ticket: str) -> Redemption | None:
    row = connection.execute("SELECT * FROM redemption WHERE ticket = ?", (ticket,)).fetchone()
    return None if row is None else _row(row)


def _tell(connection: sqlite3.Connection, kind: str, one: Redemption, at: datetime) -> int:
    payload: Mapping[str, object] = {
        "ticket": one.ticket,
        "product": one.product,
        "persons": one.persons,
        "kiosk": one.kiosk,
    }
    return tell(connection, kind, one.ticket, at=at, payload=payload)


def _row(row: sqlite3.Row) -> Redemption:
    again: str = row["again_at"]
    return Redemption(
        ticket=row["ticket"],
        product=row["product"],
        persons=row["persons"],
        kiosk=row["kiosk"],
        at=datetime.fromisoformat(row["at"]),
        again_at=datetime.fromisoformat(again) if again else None,
    )
