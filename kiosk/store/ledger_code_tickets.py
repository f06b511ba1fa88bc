"""The tickets that codes have paid, in ledger.db (ports.CodeTicketJournal): durable on return."""

from __future__ import annotations

from datetime import datetime

from kiosk.domain.ledger import ticket_entry
from kiosk.domain.money import Money
from kiosk.store.ledger import Ledger
from kiosk.store.ledger_entries import book, tell

KIND = "purchase"


class CodeTickets:
    """ports.CodeTicketJournal on the kiosk's journal; usable from any thread."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def book_ticket(self, request_id: str, amount: Money, service: str, *, at: datetime) -> int:
        """Write entry, legs and the hub's news in one transaction; gives the entry's sequence."""
        booked = self._ledger.read(
            "SELECT seq FROM entry WHERE subject = ? AND kind = ?", request_id, KIND
        )
        if booked:
            known: int = booked[0]["seq"]
            return known
        with self._ledger.transaction() as connection:
            seq = book(
                connection,
                request_id,
                KIND,
                lambda seq: ticket_entry(request_id, amount.cents, service, seq=seq, at=at),
            )
            payload = {"request": request_id, "amount_cents": amount.cents, "entry": seq}
            tell(connection, "ticket.paid", request_id, at=at, payload=payload)
        return seq
