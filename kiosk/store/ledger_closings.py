"""The closings in ledger.db (ports.ClosingJournal): each one is signed and durable on return."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from kiosk.domain.closing import Closing, Period, Standing, Tally, canonical, read, to_sign
from kiosk.domain.ledger import GENESIS, Account, link, moment
from kiosk.store.device_key import DeviceKey
from kiosk.store.ledger import Ledger
from kiosk.store.ledger_entries import tell

LISTED_MAX = 400  # closings read at once: a year of days and months
_LAST = "SELECT canonical, hash FROM closing ORDER BY seq DESC LIMIT 1"
_LAST_OF = "SELECT canonical FROM closing WHERE period = ? ORDER BY seq DESC LIMIT 1"
_HEAD = "SELECT seq, hash FROM entry ORDER BY seq DESC LIMIT 1"
_BOOKED = "SELECT at FROM entry ORDER BY seq DESC LIMIT 1"
_WRITTEN = """
    WITH last AS (SELECT at, last_entry FROM closing ORDER BY seq DESC LIMIT 1)
    SELECT max(at) FROM (
        SELECT at FROM last
        UNION ALL
        SELECT at FROM entry WHERE seq > coalesce((SELECT last_entry FROM last), 0)
    )
"""
_OPEN = "SELECT count(*) FROM entry WHERE seq > ?"
_SUSPENSE = "SELECT coalesce(sum(cents), 0) FROM leg WHERE account = ?"
_MOVED = "SELECT account, sum(cents) FROM leg WHERE entry > ? GROUP BY account"
_MET = """
    SELECT e.kind, count(*) FILTER (WHERE l.place = 0), sum(max(l.cents, 0))
    FROM entry AS e JOIN leg AS l ON l.entry = e.seq WHERE e.seq > ? GROUP BY e.kind
"""
_INSERT = """
    INSERT INTO closing (seq, period, name, at, first_entry, last_entry, canonical, previous,
        hash, key, signature)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""


class Closings:
    """ports.ClosingJournal on the kiosk's journal, signed by the device's key."""

    def __init__(self, ledger: Ledger, key: DeviceKey) -> None:
        self._ledger = ledger
        self._key = key

    def last_closing(self, period: Period) -> Closing | None:
        """Give the last closing of a period; raises LedgerTampered."""
        rows = self._ledger.read(_LAST_OF, period)
        return read(rows[0]["canonical"]) if rows else None

    def last_entry(self) -> int:
        """Give the last entry's sequence, 0 for none."""
        rows = self._ledger.read(_HEAD)
        return rows[0]["seq"] if rows else 0

    def last_booked(self) -> datetime | None:
        """Give when the last entry was booked, None for none."""
        rows = self._ledger.read(_BOOKED)
        return datetime.fromisoformat(rows[0]["at"]) if rows else None

    def close_period(self, period: Period, name: str, *, at: datetime) -> Closing:
        """Close what is open of a period: totals, signature and row in one transaction.

        Raises LedgerTampered when the last closing contradicts itself, StorageFull.
        """
        with self._ledger.transaction() as connection:
            return append_closing(connection, self._key, period, name, at=at)


def append_closing(
    connection: sqlite3.Connection, key: DeviceKey, period: Period, name: str, *, at: datetime
) -> Closing:
    """Append a closing inside the caller's transaction; raises LedgerTampered."""
    last = connection.execute(_LAST).fetchone()
    same = connection.execute(_LAST_OF, (period,)).fetchone()
    before = read(last[0]) if last else None
    closing = Closing(
        number=before.number + 1 if before else 1,
        period=period,
        name=name,
        at=at,
        since=read(same[0]).now if same else Standing(),
        now=_booked_since(connection, before.now if before else Standing()),
    )
    _insert(connection, closing, last[1] if last else GENESIS, key)
    return closing


def closings(connection: sqlite3.Connection) -> Sequence[Closing]:
    """Give the last LISTED_MAX closings of a journal, oldest first; raises LedgerTampered."""
    found = connection.execute(
        "SELECT canonical FROM closing ORDER BY seq DESC LIMIT ?", (LISTED_MAX,)
    ).fetchall()
    return [read(content) for (content,) in reversed(found)]


def standing(connection: sqlite3.Connection) -> Standing:
    """Give what all entries add up to now; raises LedgerTampered."""
    last = connection.execute(_LAST).fetchone()
    return _booked_since(connection, read(last[0]).now if last else Standing())


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """How far a journal is closed: the last day's closing, entries behind it, cents in suspense."""

    last: Closing | None
    open_entries: int
    suspense_cents: int


def closed(connection: sqlite3.Connection) -> Closed:
    """Tell how far a journal is closed; raises LedgerTampered, sqlite3.Error."""
    row = connection.execute(_LAST_OF, ("day",)).fetchone()
    last = read(row[0]) if row else None
    (entries,) = connection.execute(_OPEN, (last.now.last if last else 0,)).fetchone()
    (cents,) = connection.execute(_SUSPENSE, (Account.SUSPENSE,)).fetchone()
    return Closed(last=last, open_entries=entries, suspense_cents=cents)


def written_at(connection: sqlite3.Connection) -> datetime | None:
    """Give the latest moment among the last closing and the entries behind it; None for neither.

    A closing that people make under a clock that is right puts an end to moments that a clock
    ahead has left before it. Raises sqlite3.Error.
    """
    return _moment_of(connection.execute(_WRITTEN).fetchone()[0])


def written_in(ledger: Ledger) -> datetime | None:
    """Give ``written_at`` of a journal that is open for writing."""
    return _moment_of(ledger.read(_WRITTEN)[0][0])


def _moment_of(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _booked_since(connection: sqlite3.Connection, before: Standing) -> Standing:
    """Add to the last closing's standing what was booked since."""
    found = connection.execute(_HEAD).fetchone()
    last, head = found or (0, GENESIS)
    moved = dict[str, int](connection.execute(_MOVED, (before.last,)))
    met = {
        kind: Tally(entries=entries, cents=cents)
        for kind, entries, cents in connection.execute(_MET, (before.last,))
    }
    return before.then(last, head, moved=moved, met=met)


def _insert(
    connection: sqlite3.Connection, closing: Closing, previous: bytes, key: DeviceKey
) -> None:
    content = canonical(closing)
    digest = link(previous, content)
    signature = key.sign(to_sign(digest))
    connection.execute(
        _INSERT,
        (
            closing.number,
            closing.period,
            closing.name,
            moment(closing.at),
            closing.first,
            closing.now.last,
            content,
            previous,
            digest,
            key.public_key,
            signature,
        ),
    )
    payload = {  # all that the hub needs to judge the chain by itself, and no citizen's datum
        "closing": closing.number,
        "last": closing.now.last,
        "hash": digest.hex(),
        "canonical": content.decode(),
        "previous": previous.hex(),
        "key": key.public_key.hex(),
        "signature": signature.hex(),
    }
    tell(connection, f"closing.{closing.period}", closing.name, at=closing.at, payload=payload)
