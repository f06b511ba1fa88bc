"""Transfers of lost cards' balances and PINs in ledger.db: each write is durable on return."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import cast

from kiosk.domain.errors import MoveDisputed
from kiosk.domain.ledger import moment, transfer_entry
from kiosk.domain.money import Money
from kiosk.domain.pin import NEVER, PinRecord, Role
from kiosk.domain.transfer import TransferRow, TransferState
from kiosk.store.ledger import Ledger
from kiosk.store.ledger_entries import book, tell

OPEN_MAX = 20  # transfers to one card

_SAVE_TRANSFER = """
    INSERT INTO transfer (id, state, lost, card, amount_cents, created_at, changed_at,
        load_number, sequence, commits, note, entry)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET state = excluded.state, changed_at = excluded.changed_at,
        load_number = excluded.load_number, sequence = excluded.sequence,
        commits = excluded.commits, note = excluded.note, entry = excluded.entry
"""


class Transfers:
    """ports.TransferJournal on the kiosk's journal."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def save_transfer(self, transfer: TransferRow) -> None:
        """Persist a transfer; raises StorageFull, MoveDisputed when the balance moved already."""
        if transfer.state is TransferState.WAITING:
            self._ledger.require_room()
        with self._ledger.transaction() as connection:
            other = connection.execute(
                "SELECT id FROM transfer WHERE lost = ? AND id <> ?", (transfer.lost, transfer.id)
            ).fetchone()
            if other is not None:
                raise MoveDisputed("this card's balance was moved already")
            _save(connection, transfer)

    def book_transfer(self, transfer: TransferRow, *, at: datetime) -> int:
        """Write entry, legs and state in one transaction; gives the entry's sequence."""
        with self._ledger.transaction() as connection:
            seq = book(
                connection,
                transfer.id,
                "transfer",
                lambda seq: transfer_entry(transfer, seq=seq, at=at),
            )
            _save(connection, replace(transfer, entry=seq))
        return seq

    def open_transfers(self, card: str) -> Sequence[TransferRow]:
        """Give the transfers to a new card that aren't ended, oldest first."""
        rows = self._ledger.read(
            "SELECT * FROM transfer WHERE card = ? AND state IN ('waiting', 'writing')"
            " ORDER BY created_at, id LIMIT ?",
            card,
            OPEN_MAX,
        )
        return [_row(row) for row in rows]


class Pins:
    """ports.PinStore on the kiosk's journal, so that a try is as durable as money."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def find_pin(self, subject: str) -> PinRecord | None:
        """Give the record kept for a tag, None when there is none."""
        rows = self._ledger.read("SELECT * FROM pin WHERE subject = ?", subject)
        return _pin(rows[0]) if rows else None

    def save_pin(self, record: PinRecord) -> None:
        """Persist a record in the place of an older one; raises StorageFull."""
        locked = "" if record.locked_until == NEVER else moment(record.locked_until)
        with self._ledger.transaction() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO pin (subject, role, salt, hash, failures, locked_until)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (
                    record.subject,
                    record.role,
                    record.salt,
                    record.hash,
                    record.failures,
                    locked,
                ),
            )


def _save(connection: sqlite3.Connection, transfer: TransferRow) -> None:
    """Write the row, and the outbox's: the hub hears of each change."""
    connection.execute(
        _SAVE_TRANSFER,
        (
            transfer.id,
            transfer.state.value,
            transfer.lost,
            transfer.card,
            transfer.amount.cents,
            moment(transfer.created_at),
            moment(transfer.changed_at),
            transfer.load_number,
            transfer.sequence,
            transfer.commits,
            transfer.note,
            transfer.entry,
        ),
    )
    payload = {
        "transfer": transfer.id,
        "lost": transfer.lost,
        "card": transfer.card,
        "amount_cents": transfer.amount.cents,
        "load": transfer.load_number,
        "entry": transfer.entry,
        "note": transfer.note,
    }
    kind = f"transfer.{transfer.state.value}"
    tell(connection, kind, transfer.id, at=transfer.changed_at, payload=payload)


def _row(row: sqlite3.Row) -> TransferRow:
    return TransferRow(
        id=row["id"],
        state=TransferState(row["state"]),
        lost=row["lost"],
        card=row["card"],
        amount=Money(row["amount_cents"]),
        created_at=datetime.fromisoformat(row["created_at"]),
        changed_at=datetime.fromisoformat(row["changed_at"]),
        load_number=row["load_number"],
        sequence=row["sequence"],
        commits=row["commits"],
        note=row["note"],
        entry=row["entry"],
    )


def _pin(row: sqlite3.Row) -> PinRecord:
    locked: str = row["locked_until"]
    return PinRecord(
        subject=row["subject"],
        role=cast("Role", row["role"]),
        salt=row["salt"],
        hash=row["hash"],
        failures=row["failures"],
        locked_until=datetime.fromisoformat(locked).astimezone(UTC) if locked else NEVER,
    )
