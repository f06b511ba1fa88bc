"""The movements of cards in ledger.db (ports.MoveJournal): each write is durable on return.

A state that is new tells the hub, in the same transaction; a confirmed movement and its entry in
the chain are one transaction too. What lies past the hub's acknowledgement counts as offline.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import cast

from kiosk.domain.card_move import OPEN, MoveRow, MoveState
from kiosk.domain.card_rules import OfflineUse
from kiosk.domain.ledger import moment, move_entry
from kiosk.domain.money import Money
from kiosk.domain.purse import OperationKind
from kiosk.store.ledger import Ledger
from kiosk.store.ledger_entries import advance, book, tell

OPEN_MAX = 200  # open movements and disputes read at once
ACKNOWLEDGED = "acknowledged"

_FIELDS = (
    "id", "state", "kind", "card", "product", "service", "amount_cents", "sequence", "commits",
    "balance_before_cents", "balance_after_cents", "created_at", "changed_at", "book", "entries",
    "entries_before", "entries_after", "proof", "note", "entry", "event",
)  # fmt: skip
_CHANGING = ("state", "changed_at", "proof", "note", "entry", "event")
_SAVE = (
    f"INSERT INTO card_move ({', '.join(_FIELDS)})"  # noqa: S608  # only the names above
    f" VALUES ({', '.join(f':{name}' for name in _FIELDS)})"
    f" ON CONFLICT (id) DO UPDATE SET {', '.join(f'{n} = excluded.{n}' for n in _CHANGING)}"
)
_UNSETTLED = tuple(sorted(state.value for state in OPEN | {MoveState.DISPUTE}))
_USE = """
    SELECT count(*) FILTER (WHERE card = ?) AS card_moves,
        coalesce(sum(amount_cents) FILTER (WHERE card = ?), 0) AS card_cents,
        count(*) AS kiosk_moves, coalesce(sum(amount_cents), 0) AS kiosk_cents
    FROM card_move
    WHERE state <> 'not_done'
        AND event > coalesce((SELECT value FROM mark WHERE name = 'acknowledged'), 0)
"""


class Moves:
    """ports.MoveJournal on the kiosk's journal; usable from any thread."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def save_move(self, move: MoveRow) -> None:
        """Persist the row durably; raises StorageFull (for a new movement: while room is left)."""
        if move.state is MoveState.COMMIT_SENT:
            self._ledger.require_room()
        with self._ledger.transaction() as connection:
            _save(connection, move)

    def book_move(self, move: MoveRow, *, at: datetime) -> int:
        """Write entry, legs and state in one transaction; gives the entry's sequence."""
        with self._ledger.transaction() as connection:
            seq = book(connection, move.id, move.kind, lambda seq: move_entry(move, seq=seq, at=at))
            _save(connection, replace(move, entry=seq))
        return seq

    def open_moves(self, card: str) -> Sequence[MoveRow]:
        """Give the card's movements that its next tap decides or staff must, oldest first."""
        return self._where("card = ? AND state IN (?, ?, ?)", card, *_UNSETTLED)

    def unsettled(self) -> Sequence[MoveRow]:
        """Give every card's, for the staff's list and the closing."""
        return self._where("state IN (?, ?, ?)", *_UNSETTLED)

    def offline_use(self, card: str) -> OfflineUse:
        """Give what this kiosk has taken that the hub hasn't acknowledged."""
        (row,) = self._ledger.read(_USE, card, card)
        return OfflineUse(
            card_moves=row["card_moves"],
            card_sum=Money(row["card_cents"]),
            kiosk_moves=row["kiosk_moves"],
            kiosk_sum=Money(row["kiosk_cents"]),
        )

    def acknowledge(self, event: int) -> None:
        """Keep that the hub has durably heard of the outbox up to ``event``; it never goes back."""
        with self._ledger.transaction() as connection:
            advance(connection, ACKNOWLEDGED, event)

    def _where(self, condition: str, *arguments: str) -> Sequence[MoveRow]:
        rows = self._ledger.read(
            f"SELECT * FROM card_move WHERE {condition}"  # noqa: S608  # only this file's own
            " ORDER BY created_at, id LIMIT ?",
            *arguments,
            OPEN_MAX,
        )
        return [move_of(row) for row in rows]


def _save(connection: sqlite3.Connection, move: MoveRow) -> None:
    """Write the row, and the outbox's when its state is new."""
    found = connection.execute(
        "SELECT state, event FROM card_move WHERE id = ?", (move.id,)
    ).fetchone()
    if found is not None and found["state"] == move.state.value:
        event: int = found["event"]
    else:
        event = _tell(connection, move)
    connection.execute(
        _SAVE,
        {
            "id": move.id,
            "state": move.state.value,
            "kind": move.kind,
            "card": move.card,
            "product": move.product,
            "service": move.service,
            "amount_cents": move.amount.cents,
            "sequence": move.sequence,
            "commits": move.commits,
            "balance_before_cents": move.balance_before.cents,
            "balance_after_cents": move.balance_after.cents,
            "created_at": moment(move.created_at),
            "changed_at": moment(move.changed_at),
            "book": move.book,
            "entries": move.entries,
            "entries_before": move.entries_before,
            "entries_after": move.entries_after,
            "proof": move.proof,
            "note": move.note,
            "entry": move.entry,
            "event": event,
        },
    )


def _tell(connection: sqlite3.Connection, move: MoveRow) -> int:
    payload = {
        "move": move.id,
        "kind": move.kind,
        "card": move.card,
        "product": move.product,
        "service": move.service,
        "amount_cents": move.amount.cents,
        "book": move.book,
        "entries": move.entries,
        "sequence": move.sequence + 1,
        "commits": move.commits + 1,
        "proof": move.proof.hex(),
        "balance_after_cents": move.balance_after.cents,
        "entry": move.entry,
        "note": move.note,
    }
    return tell(
        connection, f"move.{move.state.value}", move.id, at=move.changed_at, payload=payload
    )


def move_of(row: sqlite3.Row) -> MoveRow:
    """Read a movement's row."""
    return MoveRow(
        id=row["id"],
        state=MoveState(row["state"]),
        kind=cast("OperationKind", row["kind"]),
        card=row["card"],
        product=row["product"],
        service=row["service"],
        amount=Money(row["amount_cents"]),
        sequence=row["sequence"],
        commits=row["commits"],
        balance_before=Money(row["balance_before_cents"]),
        balance_after=Money(row["balance_after_cents"]),
        created_at=datetime.fromisoformat(row["created_at"]),
        changed_at=datetime.fromisoformat(row["changed_at"]),
        book=row["book"],
        entries=row["entries"],
        entries_before=row["entries_before"],
        entries_after=row["entries_after"],
        proof=row["proof"],
        note=row["note"],
        entry=row["entry"],
    )
