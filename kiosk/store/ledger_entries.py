"""Appends to the journal's chain and to its outbox, inside the transaction of a fact."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping
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
    seq, head = (last["seq"] + 1, last["hash"]) if last else (1, GENESIS)
    _insert(connection, make(seq), head)
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


def _insert(connection: sqlite3.Connection, entry: Entry, head: bytes) -> None:
    """Insert an entry: legs first, the entry seals them."""
    content = canonical(entry)
    connection.executemany(
        "INSERT INTO leg (entry, place, account, cents) VALUES (?, ?, ?, ?)",
        [(entry.seq, n, leg.account, leg.cents) for n, leg in enumerate(entry.legs)],
    )
    connection.execute(
        "INSERT INTO entry (seq, kind, subject, at, canonical, previous, hash,"
        " card, sequence, commits, proof, product, entries)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            entry.seq,
            entry.kind,
            entry.subject,
            moment(entry.at),
            content,
            head,
            link(head, content),
            *entry.card.marks,
        ),
    )
