"""The requests of offline kiosks that the hub has taken in, hub-codes.db: durable on return.

``synchronous=FULL`` like the payments' table: a request that a power cut forgets could be paid and
never answered. The kiosk's process never opens this file.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from kiosk.domain.errors import InputRefused
from kiosk.domain.ledger import moment
from kiosk.domain.money import Money
from kiosk.domain.reload_code import CodeUse
from kiosk.store.durable import DurableFile

FILE = "hub-codes.db"
ROWS_MAX = 500  # unpaid or undelivered requests read at once
_SCHEMA = """
CREATE TABLE IF NOT EXISTS taken_request (
    id TEXT PRIMARY KEY, kiosk TEXT NOT NULL, text TEXT NOT NULL,
    amount_cents INTEGER NOT NULL CHECK (amount_cents > 0), card TEXT NOT NULL,
    load_number INTEGER NOT NULL, taken_at TEXT NOT NULL, paid_at TEXT, over INTEGER NOT NULL,
    delivered INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS taken_request_kiosk ON taken_request (kiosk, taken_at);
CREATE INDEX IF NOT EXISTS taken_request_open ON taken_request (paid_at, over);
CREATE TRIGGER IF NOT EXISTS taken_remains BEFORE DELETE ON taken_request
BEGIN SELECT RAISE(ABORT, 'a request is never deleted'); END;
"""
_SAVE = """
    INSERT INTO taken_request VALUES (:id, :kiosk, :text, :amount_cents, :card, :load_number,
        :taken_at, :paid_at, :over, :delivered)
    ON CONFLICT (id) DO UPDATE SET paid_at = coalesce(paid_at, excluded.paid_at),
        over = excluded.over, delivered = max(delivered, excluded.delivered)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenRequest:
    """A request as the hub keeps it: ``text`` is the signed one.

    ``paid_at``: the bank has taken the money; ``over``: its payment was given up or refused;
    ``delivered``: a kiosk has told that it gave what was paid.
    """

    id: str
    kiosk: str
    text: str
    amount: Money
    card: str
    load_number: int
    taken_at: datetime
    paid_at: datetime | None = None
    over: bool = False
    delivered: bool = False


class HubCodes(DurableFile):
    """The hub's table of requests; ``path`` None keeps it in memory (tests)."""

    def __init__(self, path: Path | None) -> None:
        """Open or make it; raises InputRefused for a file that is no such database."""
        try:
            super().__init__(path, _SCHEMA, what="the requests")
        except sqlite3.DatabaseError as wrong:
            raise InputRefused(f"can't be opened: {wrong}", where=str(path)) from wrong

    def save(self, taken: TakenRequest) -> None:
        """Persist a request; what is paid or delivered stays so. Raises StorageFull."""
        with self._transaction() as connection:
            connection.execute(_SAVE, _values(taken))

    def find(self, request_id: str) -> TakenRequest | None:
        """Give a request, None when it never came."""
        rows = self._where("id = ?", request_id)
        return rows[0] if rows else None

    def unpaid(self) -> Sequence[TakenRequest]:
        """Give those whose payment may still move, oldest first."""
        return self._where("paid_at IS NULL AND over = 0")

    def undelivered(self) -> Sequence[TakenRequest]:
        """Give the paid loads that no kiosk is known to have delivered, oldest first."""
        return self._where("paid_at IS NOT NULL AND delivered = 0 AND load_number > 0")

    def use(self, kiosk: str, since: datetime) -> CodeUse:
        """Give what was taken in of a kiosk since a moment."""
        ((count, cents),) = self._read(
            "SELECT count(*), coalesce(sum(amount_cents), 0) FROM taken_request"
            " WHERE kiosk = ? AND taken_at > ?",
            kiosk,
            moment(since),
        )
        return CodeUse(requests=count, sum=Money(cents))

    def _where(self, condition: str, *arguments: str) -> list[TakenRequest]:
        rows = self._read(
            f"SELECT * FROM taken_request WHERE {condition} ORDER BY rowid LIMIT ?",  # noqa: S608  # only this file's
            *arguments,
            ROWS_MAX,
        )
        return [_row(row) for row in rows]


def _values(taken: TakenRequest) -> dict[str, str | int | None]:
    return {
        "id": taken.id,
        "kiosk": taken.kiosk,
        "text": taken.text,
        "amount_cents": taken.amount.cents,
        "card": taken.card,
        "load_number": taken.load_number,
        "taken_at": moment(taken.taken_at),
        "paid_at": None if taken.paid_at is None else moment(taken.paid_at),
        "over": taken.over,
        "delivered": taken.delivered,
    }


def _row(row: sqlite3.Row) -> TakenRequest:
    paid: str | None = row["paid_at"]
    return TakenRequest(
        id=row["id"],
        kiosk=row["kiosk"],
        text=row["text"],
        amount=Money(row["amount_cents"]),
        card=row["card"],
        load_number=row["load_number"],
        taken_at=datetime.fromisoformat(row["taken_at"]),
        paid_at=None if paid is None else datetime.fromisoformat(paid),
        over=bool(row["over"]),
        delivered=bool(row["delivered"]),
    )
