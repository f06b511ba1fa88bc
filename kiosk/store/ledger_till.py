"""The till's events in ledger.db (ports.TillJournal): each is durable on return, with its entry.

An event is believed only when its entry in the chain proves it (kiosk.domain.till_entry, rule 4),
and the drawer only when the ledger's accounts say the same.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from kiosk.domain.card_move import MoveRow
from kiosk.domain.errors import LedgerTampered, ReversalRefused, TillFrozen
from kiosk.domain.ledger import COUNTER_PROVIDERS, Account, moment
from kiosk.domain.money import Money
from kiosk.domain.payment import TopupRow
from kiosk.domain.till import EVENTS_MAX, Count, Till, TillEvent, TillKind, after
from kiosk.domain.till_entry import subject_of, till_entry
from kiosk.store.ledger import Ledger, topup_of
from kiosk.store.ledger_closings import standing
from kiosk.store.ledger_entries import book, tell
from kiosk.store.ledger_moves import move_of
from kiosk.store.order_rows import PAID

OWED_MAX = 200  # refunds that wait for their cash, read at once
SESSION_MAX = EVENTS_MAX + 100  # what closes a full session comes on top

_FIELDS = (
    "number", "session", "kind", "at", "by", "second", "cash_cents", "cheques_cents",
    "cash_after_cents", "cheques_after_cents", "counted_cash_cents", "counted_cheques_cents",
    "subject", "entry",
)  # fmt: skip
_INSERT = (
    f"INSERT INTO till_event ({', '.join(_FIELDS)})"  # noqa: S608  # only the names above
    f" VALUES ({', '.join('?' * len(_FIELDS))})"
)
_EVENTS = "SELECT t.*, e.subject AS proof FROM till_event AS t JOIN entry AS e ON e.seq = t.entry"
_OF_SESSION = f"{_EVENTS} WHERE t.session = ? ORDER BY t.number LIMIT ?"
_REVERSED = """
    SELECT 1 FROM till_event WHERE kind = 'giveback' AND subject = ?1
    UNION ALL SELECT 1 FROM till_event AS r JOIN till_event AS t
        ON r.subject = t.kind || ':' || t.number
        WHERE r.kind = 'reversal' AND t.kind IN ('cash', 'cheque') AND t.subject = ?1
"""
_OWED = """
    SELECT * FROM card_move WHERE kind = 'refund' AND state = 'confirmed'
        AND id NOT IN (SELECT subject FROM till_event WHERE kind = 'payout')
    ORDER BY created_at, id LIMIT ?
"""
_MANUAL = f"""
    SELECT * FROM {PAID} WHERE state = 'manual'
        OR (state = 'refunding' AND provider IN ('cash', 'cheque'))
    ORDER BY created_at, id LIMIT ?
"""  # noqa: S608  # a constant of ours
_TAKING = frozenset({TillKind.OPEN, TillKind.CASH, TillKind.CHEQUE})


class TillStore:
    """ports.TillJournal on the kiosk's journal; usable from any thread."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def till(self) -> Till:
        """Give the till as it stands; raises LedgerTampered when the chain says otherwise."""
        with self._ledger.transaction() as connection:
            till = _till(connection)
            books = standing(connection).accounts
        drawer = (books.get(Account.CASH_DRAWER, 0), books.get(Account.CHEQUE_DRAWER, 0))
        if drawer != (till.cash.cents, till.cheques.cents):
            raise LedgerTampered(f"the drawer's events and its accounts differ: {drawer}")
        return till

    def session(self, number: int) -> Sequence[TillEvent]:
        """Give a session's events, its opening first; [] for none. Raises LedgerTampered."""
        return [_event(row) for row in self._ledger.read(_OF_SESSION, number, SESSION_MAX)]

    def event(self, number: int) -> TillEvent | None:
        """Give one event, None when there is none; raises LedgerTampered."""
        rows = self._ledger.read(f"{_EVENTS} WHERE t.number = ?", number)
        return _event(rows[0]) if rows else None

    def taken(self, kind: TillKind, topup: str) -> TillEvent | None:
        """Give how a top-up's money was received, None when it wasn't."""
        query = f"{_EVENTS} WHERE t.kind = ? AND t.subject = ?"
        rows = self._ledger.read(query, kind.value, topup)
        return _event(rows[0]) if rows else None

    def given_back(self, topup: str) -> bool:
        """Say whether a top-up's money was given back, or its receipt reversed."""
        return bool(self._ledger.read(_REVERSED, topup))

    def record(self, event: TillEvent) -> TillEvent:
        """Write event, entry and the hub's row in one transaction; gives the event.

        An event that doesn't follow the last one was decided on an older till: TillFrozen. A
        second reversal of the same event is refused: ReversalRefused. Raises StorageFull.
        """
        if event.kind in _TAKING:
            self._ledger.require_room()
        with self._ledger.transaction() as connection:
            _check_next(connection, event)
            subject = subject_of(event)
            entry = book(connection, subject, event.kind, lambda seq: till_entry(event, seq=seq))
            connection.execute(_INSERT, (*_values(event), entry))
            _tell(connection, event, entry)
        return event

    def owed(self) -> Sequence[MoveRow]:
        """Give what was taken off cards to be handed out and isn't yet, oldest first."""
        return [move_of(row) for row in self._ledger.read(_OWED, OWED_MAX)]

    def manual(self) -> Sequence[TopupRow]:
        """Give the top-ups that staff must settle, oldest first."""
        rows = [topup_of(row) for row in self._ledger.read(_MANUAL, OWED_MAX)]
        counter = COUNTER_PROVIDERS
        return [row for row in rows if row.provider not in counter or not self.given_back(row.id)]

    def on_cards(self) -> Money:
        """Give what stands on all cards by this journal; raises LedgerTampered."""
        with self._ledger.transaction() as connection:
            return Money(-standing(connection).accounts.get(Account.PURSE_FLOAT, 0))

    def in_suspense(self) -> Money:
        """Give what no account could take yet: received and not loaded (negative), or the reverse.

        Raises LedgerTampered.
        """
        with self._ledger.transaction() as connection:
            return Money(standing(connection).accounts.get(Account.SUSPENSE, 0))


def _till(connection: sqlite3.Connection) -> Till:
    till = Till()
    (last,) = connection.execute("SELECT max(session) FROM till_event").fetchone()
    for row in connection.execute(_OF_SESSION, (last, SESSION_MAX)):
        till = after(till, _event(row))
    return till


def _check_next(connection: sqlite3.Connection, event: TillEvent) -> None:
    (last,) = connection.execute("SELECT coalesce(max(number), 0) FROM till_event").fetchone()
    if event.number != last + 1:
        raise TillFrozen(f"event {event.number} was decided before event {last}")
    if (
        event.kind is TillKind.REVERSAL
        and connection.execute(
            "SELECT 1 FROM till_event WHERE kind = 'reversal' AND subject = ?", (event.subject,)
        ).fetchone()
    ):
        raise ReversalRefused(f"{event.subject} is reversed already")


def _values(event: TillEvent) -> tuple[object, ...]:
    counted = event.counted
    return (
        event.number,
        event.session,
        event.kind.value,
        moment(event.at),
        event.by,
        event.second,
        event.cash.cents,
        event.cheques.cents,
        event.cash_after.cents,
        event.cheques_after.cents,
        None if counted is None else counted.cash.cents,
        None if counted is None else counted.cheques.cents,
        event.subject,
    )


def _tell(connection: sqlite3.Connection, event: TillEvent, entry: int) -> None:
    payload = {
        "number": event.number,
        "session": event.session,
        "by": event.by,
        "second": event.second,
        "cash_cents": event.cash.cents,
        "cheques_cents": event.cheques.cents,
        "subject": event.subject,
        "entry": entry,
    }
    kind = event.kind.value
    kind = kind if kind.startswith("till.") else f"till.{kind}"
    tell(connection, kind, f"{event.number}", at=event.at, payload=payload)


def _event(row: sqlite3.Row) -> TillEvent:
    cash: int | None = row["counted_cash_cents"]
    event = TillEvent(
        number=row["number"],
        session=row["session"],
        kind=TillKind(row["kind"]),
        at=datetime.fromisoformat(row["at"]),
        by=row["by"],
        second=row["second"],
        cash=Money(row["cash_cents"]),
        cheques=Money(row["cheques_cents"]),
        cash_after=Money(row["cash_after_cents"]),
        cheques_after=Money(row["cheques_after_cents"]),
        counted=None
        if cash is None
        else Count(cash=Money(cash), cheques=Money(row["counted_cheques_cents"])),
        subject=row["subject"],
    )
    if subject_of(event) != row["proof"]:
        raise LedgerTampered(f"event {event.number} of the till isn't what its entry says")
    return event
