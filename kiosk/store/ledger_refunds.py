"""The bank's refunds in ledger.db (ports.RefundJournal): entry and outbox row in one commit."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from kiosk.domain.bank_refund import KIND, BankRefund, refund_entry, subject_of
from kiosk.domain.money import Money
from kiosk.domain.payment import TopupRow
from kiosk.store.ledger import Ledger
from kiosk.store.ledger_entries import book, tell

# ";" comes right after ":", so that the index of subjects gives exactly those of one top-up
_BOOKED = f"""
    SELECT coalesce(sum(l.cents), 0) FROM entry AS e
    JOIN leg AS l ON l.entry = e.seq AND l.cents > 0
    WHERE e.kind = '{KIND}' AND e.subject > ? || ':' AND e.subject < ? || ';'
"""  # noqa: S608  # a constant of ours


class Refunds:
    """ports.RefundJournal over the journal."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def find_topup(self, topup_id: str) -> TopupRow | None:
        """Give a top-up as it stands."""
        return self._ledger.find_topup(topup_id)

    def book_refund(self, paid: TopupRow, told: BankRefund, *, at: datetime) -> Money:
        """Book what came back since the last time; gives the sum booked now."""
        with self._ledger.transaction() as connection:
            before = _booked(connection, told.topup)
            if told.total <= before:
                return Money(0)
            entry = book(
                connection,
                subject_of(told),
                KIND,
                lambda seq: refund_entry(paid, told, before, seq=seq, at=at),
            )
            payload = {
                "topup": told.topup,
                "amount_cents": (told.total - before).cents,
                "total_cents": told.total.cents,
                "entry": entry,
            }
            tell(connection, KIND, told.topup, at=at, payload=payload)
        return told.total - before


def _booked(connection: sqlite3.Connection, topup: str) -> Money:
    (cents,) = connection.execute(_BOOKED, (topup, topup)).fetchone()
    return Money(cents)
