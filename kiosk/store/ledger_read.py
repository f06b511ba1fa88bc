"""Reads a journal file without ever writing to it, and tells whether it is one.

There is one verifier (verify_ledger): what an auditor carries away is what the kiosk runs.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from kiosk.domain.errors import InputRefused, LedgerTampered
from kiosk.store import verify_ledger
from kiosk.store.ledger_schema import APPLICATION_ID, VERSION
from kiosk.store.verify_ledger import GENESIS, Report

TAIL = 100  # entries re-checked at each opening; the whole chain is `alveole ledger verify`


def verify_file(path: Path, *, anchor: bytes = b"", keys: Sequence[bytes] = ()) -> Report:
    """Verify the journal at ``path``; raises InputRefused when it is no journal."""
    try:
        return verify_ledger.verify(path, anchor=anchor, keys=keys)
    except OSError as unread:
        raise InputRefused(
            f"can't be read: {unread.strerror}", where=str(path), todo="name a ledger.db"
        ) from unread
    except ValueError as other:
        raise InputRefused(str(other), where=str(path), todo="name a ledger.db") from other


def require_sound(path: Path) -> Report:
    """Verify a journal before it is used; raises LedgerTampered, InputRefused."""
    report = verify_file(path)
    if not report.sound:
        raise LedgerTampered(f"{path}: {verify_ledger.summary(report)}")
    return report


def check_identity(connection: sqlite3.Connection) -> None:
    """Raise LedgerTampered unless the file is a journal, of a known version, with its triggers."""
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    if application != APPLICATION_ID:
        raise LedgerTampered(f"not a journal up to version {VERSION}: {application:#x}")
    if lack := verify_ledger.missing(connection):
        raise LedgerTampered(f"the journal can't be used: {lack}")


def check_tail(connection: sqlite3.Connection) -> None:
    """Raise LedgerTampered unless the last entries hang together and the pages are whole."""
    (state,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if state != "ok":
        raise LedgerTampered(f"damaged pages: {state}")
    (last,) = connection.execute("SELECT coalesce(max(seq), 0) FROM entry").fetchone()
    after = max(0, last - TAIL)
    before = connection.execute("SELECT hash FROM entry WHERE seq = ?", (after,)).fetchone()
    head = before[0] if before else GENESIS
    report = verify_ledger.walk_chain(connection, after=after, head=head)
    if not report.sound:
        raise LedgerTampered(f"line {report.bad_line}: {report.reason}")


def open_to_read(path: Path) -> closing[sqlite3.Connection]:
    """Open a journal read-only, for one reading; raises sqlite3.Error."""
    return closing(verify_ledger.open_to_read(path))
