"""Reads a journal's credits of money that a bank took, to be compared with the bank's report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from kiosk.domain.ledger import Account
from kiosk.store.ledger_read import open_to_read
from kiosk.store.verify_ledger import version_of

CREDITS_MAX = 1_000_000
_QUERY = """
    WITH booked AS (
        SELECT seq, at, {card} AS card, CASE kind WHEN 'bank.refund'
            THEN substr({subject}, 1, instr({subject}, ':') - 1) ELSE {subject} END AS topup
        FROM entry WHERE kind IN ('topup', 'purchase', 'bill', 'reversal', 'bank.refund'))
    SELECT e.topup, l.cents, e.at, t.provider, e.card FROM booked AS e
    JOIN leg AS l ON l.entry = e.seq LEFT JOIN topup AS t ON t.id = e.topup
    WHERE l.account = ? ORDER BY e.seq LIMIT ?
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class BankCredit:
    """A credit (negative: taken back), in cents; ``provider`` "" when the journal lost it.

    ``bill`` is the reference of the bill that was paid, "" for anything else.
    """

    topup: str
    cents: int
    at: datetime
    provider: str
    bill: str = ""


def bank_credits(path: Path) -> Sequence[BankCredit]:
    """Give the credits of a sound journal, oldest first; raises sqlite3.Error."""
    with open_to_read(path) as connection:
        first = version_of(connection) == 1
        subject, card = ("topup", "''") if first else ("subject", "card")
        query = _QUERY.format(subject=subject, card=card)
        rows = connection.execute(query, (Account.BANK_CLEARING, CREDITS_MAX)).fetchall()
    return [
        BankCredit(
            topup=topup,
            cents=cents,
            at=datetime.fromisoformat(at),
            provider=provider or "",
            bill=card.rpartition(":")[2] if card.startswith("bill:") else "",
        )
        for topup, cents, at, provider, card in rows
    ]
