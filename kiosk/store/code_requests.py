"""What this kiosk asked to be paid while offline, codes.db: every write is durable on return.

It is a file of its own: what is counted here (tries, requests) is no money. ``synchronous=FULL``
like the journal: a try that a power cut forgets is a try too many. The database itself keeps that
neither tries nor states go back.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from kiosk.domain.errors import LedgerTampered, StorageFull
from kiosk.domain.ledger import moment
from kiosk.domain.money import Money
from kiosk.domain.reload_code import CodeRow, CodeState, CodeUse, ReloadRequest
from kiosk.store.durable import DurableFile

FILE = "codes.db"
ROWS_MAX = 200  # open or accepted requests read at once: a day allows 20
_SCHEMA = """
CREATE TABLE IF NOT EXISTS code_request (
    id TEXT PRIMARY KEY, kiosk TEXT NOT NULL, card TEXT NOT NULL,
    amount_cents INTEGER NOT NULL CHECK (amount_cents > 0), load_number INTEGER NOT NULL,
    product INTEGER NOT NULL, nonce BLOB NOT NULL, at TEXT NOT NULL, state TEXT NOT NULL,
    tries INTEGER NOT NULL, changed_at TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS code_request_card ON code_request (card, state);
CREATE INDEX IF NOT EXISTS code_request_at ON code_request (at);
CREATE TRIGGER IF NOT EXISTS code_remains BEFORE DELETE ON code_request
BEGIN SELECT RAISE(ABORT, 'a request is never deleted'); END;
"""
# A state follows itself or one before it; an older row changes nothing.
_SAVE = """
    INSERT INTO code_request VALUES (:id, :kiosk, :card, :amount_cents, :load_number, :product,
        :nonce, :at, :state, :tries, :changed_at)
    ON CONFLICT (id) DO UPDATE SET state = excluded.state, changed_at = excluded.changed_at,
        tries = max(tries, excluded.tries)
    WHERE state = 'open' OR (state = 'accepted' AND excluded.state <> 'open')
"""


class CodeStore(DurableFile):
    """ports.CodeRequests on SQLite; usable from any thread, one call at a time."""

    def __init__(self, path: Path) -> None:
        """Open or make the file; raises LedgerTampered when it is damaged, StorageFull."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            super().__init__(path, _SCHEMA, what="the requests")
        except (OSError, sqlite3.OperationalError) as closed:
            raise StorageFull(f"no requests can be kept at {path}: {closed}") from closed
        except sqlite3.DatabaseError as damage:
            raise LedgerTampered(f"{path.name} is damaged: {damage}") from damage

    def save_code(self, row: CodeRow) -> None:
        """Persist a request, a try or what became of it."""
        with self._transaction() as connection:
            connection.execute(_SAVE, _values(row))

    def find_code(self, request_id: str) -> CodeRow | None:
        """Give a request."""
        rows = self._where("id = ?", request_id)
        return rows[0] if rows else None

    def open_codes(self, card: str, since: datetime) -> Sequence[CodeRow]:
        """Give the open requests of a card, newest first."""
        found = self._where("card = ? AND state = 'open' AND at >= ?", card, moment(since))
        return found[::-1]

    def accepted_codes(self) -> Sequence[CodeRow]:
        """Give those that nothing has taken up yet, oldest first."""
        return self._where("state = 'accepted'")

    def code_use(self, since: datetime) -> CodeUse:
        """Give how many requests were made since a moment, and their sum."""
        ((count, cents),) = self._read(
            "SELECT count(*), coalesce(sum(amount_cents), 0) FROM code_request WHERE at > ?",
            moment(since),
        )
        return CodeUse(requests=count, sum=Money(cents))

    def _where(self, condition: str, *arguments: str) -> list[CodeRow]:
        rows = self._read(
            f"SELECT * FROM code_request WHERE {condition} ORDER BY at, rowid LIMIT ?",  # noqa: S608  # only this file's own
            *arguments,
            ROWS_MAX,
        )
        return [_row(row) for row in rows]


def _values(row: CodeRow) -> dict[str, str | int | bytes]:
    asked = row.request
    return {
        "id": asked.id,
        "kiosk": asked.kiosk,
        "card": asked.card,
        "amount_cents": asked.amount.cents,
        "load_number": asked.load_number,
        "product": asked.product,
        "nonce": asked.nonce,
        "at": moment(asked.at),
        "state": row.state.value,
        "tries": row.tries,
        "changed_at": moment(row.changed_at),
    }


def _row(row: sqlite3.Row) -> CodeRow:
    asked = ReloadRequest(
        id=row["id"],
        kiosk=row["kiosk"],
        card=row["card"],
        amount=Money(row["amount_cents"]),
        load_number=row["load_number"],
        product=row["product"],
        nonce=row["nonce"],
        at=datetime.fromisoformat(row["at"]),
    )
    return CodeRow(
        request=asked,
        state=CodeState(row["state"]),
        tries=row["tries"],
        changed_at=datetime.fromisoformat(row["changed_at"]),
    )
