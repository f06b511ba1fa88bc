"""Appends to the journal's chain and to its outbox, inside the transaction of a fact."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from kiosk.domain.ledger import GENESIS, Entry, canonical, link, moment


def book(
    connection: sqlite3.Connection, subject: str, kind: str, make: Callable[[int], Entry]
) -> int:
    """Append the entry that ``make`` gives for the next sequence; gives that sequence.

    A subject that is booked already under this kind keeps its entry.
    """
    found = connection.execute(
        "SELECT seq FROM entry WHERE subject = ? AND kind = ?", (subject, kind)
    ).fetchone()
    if found:
        booked: int = found[0]
        return booked
    last = connection.execute("SELECT seq, hash FROM entry ORDER BY seq DESC LIMIT 1").fetchone()
    seq, head = (last[0] + 1, last[1]) if last else (1, GENESIS)
    append(connection, [make(seq)], after=head)
    return seq


def tell(
    connection: sqlite3.Connection,
    kind: str,
    subject: str,
    *,
    at: datetime,
    payload: Mapping[str, object],
) -> int:
    """Write the outbox row of a fact, in the fact's own transaction; gives its sequence."""
    cursor = connection.execute(
        "INSERT INTO outbox (kind, subject, at, payload) VALUES (?, ?, ?, ?)",
        (kind, subject, moment(at), json.dumps(payload, sort_keys=True)),
    )
    return cursor.lastrowid or 0


def advance(connection: sqlite3.Connection, mark: str, value: int) -> int:
    """Raise a mark of the journal to ``value``; gives where it stands: it never goes back."""
    (stands,) = connection.execute(
        "INSERT INTO mark (name, value) VALUES (?, ?)"
        " ON CONFLICT (name) DO UPDATE SET value = max(value, excluded.value) RETURNING value",
        (mark, value),
    ).fetchall()
    kept: int = stands[0]
    return kept


def append(connection: sqlite3.Connection, entries: Sequence[Entry], *, after: bytes) -> bytes:
    """Append entries that follow the last one, whose hash is ``after``; gives the new head.

    Legs first, their entry seals them.
    """
    head = after
    rows: list[tuple[object, ...]] = []
    for entry in entries:
        content = canonical(entry)
        before, head = head, link(head, content)
        at = moment(entry.at)
        fields = (entry.seq, entry.kind, entry.subject, at, content, before, head)
        rows.append((*fields, *entry.card.marks))
    connection.executemany(
        "INSERT INTO leg (entry, place, account, cents) VALUES (?, ?, ?, ?)",
        [
            (entry.seq, place, leg.account, leg.cents)
            for entry in entries
            for place, leg in enumerate(entry.legs)
        ],
    )
    connection.executemany(
        "INSERT INTO entry (seq, kind, subject, at, canonical, previous, hash,"
        " card, sequence, commits, proof, product, entries)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        rows,
    )
    return head
