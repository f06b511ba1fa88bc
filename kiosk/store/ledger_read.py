"""Reads a journal file without ever writing to it, and tells whether it is one."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

from kiosk.domain.errors import InputRefused, LedgerTampered
from kiosk.domain.ledger import GENESIS, ChainRow, Verdict, verify
from kiosk.store.ledger_schema import APPLICATION_ID, NAMES, VERSION

_COLUMNS = {
    1: "topup, at, canonical, previous, hash, '', 0, 0, '', 0, 0",
    2: "subject, at, canonical, previous, hash, card, sequence, commits, proof, product, entries",
}
ENTRIES = {
    version: f"SELECT seq, kind, {columns} FROM entry WHERE seq > ? ORDER BY seq"  # noqa: S608
    for version, columns in _COLUMNS.items()  # only the names above
}
LEGS = "SELECT entry, account, cents FROM leg WHERE entry > ? ORDER BY entry, place"
UNREADABLE = (2**62, "", 0)  # a leg of no entry: behind every entry that a kiosk can ever have
APPLICATION_AT, HEADER_BYTES = 68, 72  # where the header's application id begins and ends
TAIL = 100  # entries re-checked at each opening; the whole chain is `alveole ledger verify`


def verify_file(path: Path) -> Verdict:
    """Verify the journal at ``path``; raises InputRefused when it is no journal.

    The file's application id says whether it is one; whatever else is wrong with it is a breach,
    at the first line that can't be believed. A journal without its triggers no longer refuses
    changes: that is a breach at the line that would come next.
    """
    if not _is_journal(path):
        raise InputRefused("not a journal of this kiosk", where=str(path), todo="name a ledger.db")
    read: list[ChainRow] = []
    try:
        with closing(_open(path)) as connection:
            verdict = verify(_counted(connection, read))
            missing = _missing(connection)
    except sqlite3.DatabaseError as damage:
        return _damaged(read, f"the file is damaged: {damage}")
    if verdict.sound and missing:
        reason = f"the journal lacks {', '.join(missing)}"
        return replace(verdict, bad_line=verdict.entries + 1, reason=reason)
    return verdict


def _damaged(read: list[ChainRow], reason: str) -> Verdict:
    """Give the verdict on a file whose reading ended after the last entry of ``read``."""
    seq, head = (read[-1].seq, read[-1].digest) if read else (0, GENESIS)
    return Verdict(entries=seq, head=head, bad_line=seq + 1, reason=reason)


def chain(connection: sqlite3.Connection, after: int = 0) -> Iterator[ChainRow]:
    """Give the entries after ``after`` as they stand in the file.

    Legs that belong to no entry are given to the next one, or at the end as an entry of their
    own, so that they break the chain. Raises sqlite3.DatabaseError at an unreadable entry.
    """
    legs = _legs(connection, after)
    leg = next(legs, None)
    query = ENTRIES.get(version_of(connection), ENTRIES[VERSION])
    for row in connection.execute(query, (after,)):
        own: list[tuple[str, int]] = []
        while leg is not None and leg[0] <= row[0]:
            own.append(leg[1:])
            leg = next(legs, None)
        seq, kind, subject, at, canonical, previous, digest = row[:7]
        legs_of = tuple(own)  # by place, as it is done 100 000 times
        yield ChainRow(seq, kind, subject, at, legs_of, canonical, previous, digest, row[7:])
    if leg is not None:
        yield _ownerless(leg[0])


def _legs(connection: sqlite3.Connection, after: int) -> Iterator[tuple[int, str, int]]:
    """Give the legs in the chain's order, and UNREADABLE in place of those that can't be read."""
    try:
        # no "yield from": it would call the cursor's own close() on a connection closed before
        for leg in connection.execute(LEGS, (after,)):  # noqa: UP028
            yield leg
    except sqlite3.DatabaseError:
        yield UNREADABLE


def _ownerless(seq: int) -> ChainRow:
    """Give the entry that legs name and that isn't there."""
    return ChainRow(
        seq=seq, kind="", subject="", at="", legs=(), canonical=b"", previous=b"", digest=b""
    )


def check_identity(connection: sqlite3.Connection) -> None:
    """Raise LedgerTampered unless the file is a journal, of a known version, with its triggers."""
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    version = version_of(connection)
    if application != APPLICATION_ID or version not in NAMES:
        raise LedgerTampered(f"not a journal up to version {VERSION}: {application:#x}, {version}")
    if missing := _missing(connection):
        raise LedgerTampered(f"the journal lacks {', '.join(missing)}")


def version_of(connection: sqlite3.Connection) -> int:
    """Give the version of the journal's tables."""
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return version


def check_tail(connection: sqlite3.Connection) -> None:
    """Raise LedgerTampered unless the last entries hang together and the pages are whole."""
    (state,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if state != "ok":
        raise LedgerTampered(f"damaged pages: {state}")
    (last,) = connection.execute("SELECT coalesce(max(seq), 0) FROM entry").fetchone()
    after = max(0, last - TAIL)
    before = connection.execute("SELECT hash FROM entry WHERE seq = ?", (after,)).fetchone()
    verdict = verify(chain(connection, after), after=after, head=before[0] if before else GENESIS)
    if not verdict.sound:
        raise LedgerTampered(f"line {verdict.bad_line}: {verdict.reason}")


def _is_journal(path: Path) -> bool:
    """Say whether the SQLite header (file format, 1.3) carries the journal's application id."""
    try:
        with path.open("rb") as file:
            header = file.read(HEADER_BYTES)
    except OSError as unread:
        raise InputRefused(
            f"can't be read: {unread.strerror}", where=str(path), todo="name a ledger.db"
        ) from unread
    return header[APPLICATION_AT:] == APPLICATION_ID.to_bytes(4, "big")


def _open(path: Path) -> sqlite3.Connection:
    """Open read-only; a copy without its write-ahead log may lie in a folder we can't write."""
    log = path.with_name(path.name + "-wal")
    mode = "mode=ro" if log.exists() else "mode=ro&immutable=1"
    return sqlite3.connect(f"file:{quote(str(path.absolute()))}?{mode}", uri=True)


def _missing(connection: sqlite3.Connection) -> list[str]:
    """Give the tables and triggers that the file should have and hasn't."""
    names = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema")}
    return sorted(NAMES.get(version_of(connection), NAMES[VERSION]) - names)


def _counted(connection: sqlite3.Connection, read: list[ChainRow]) -> Iterator[ChainRow]:
    """Give the chain, keeping in ``read`` the last entry that was given."""
    for row in chain(connection):
        read[:] = [row]
        yield row
