"""Tells whether a database can be read, and sets a damaged one aside.

1. A file that SQLite can't read, or whose quick check fails, is damaged. A busy one is not, nor one
   that can't be opened for want of room, of rights or of memory: what it holds is sound.
2. It is renamed <name>.damaged-<time> with its -wal and -shm. Only what can be made again is
   treated so (content from the pack, the sync's memory from the enrolment): nothing is lost, and
   the file stays for whoever wants to know what happened.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from kiosk.store.database import open_to_read
from kiosk.store.durable import NO_ROOM

SUFFIXES = ("", "-wal", "-shm")
_PRIMARY = 0xFF  # SQLite's result codes: the low byte is the kind, the rest tells more
_OF_THE_MACHINE = NO_ROOM | {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
}
_OF_THE_FILE = frozenset(
    {sqlite3.SQLITE_IOERR_READ, sqlite3.SQLITE_IOERR_SHORT_READ, sqlite3.SQLITE_IOERR_CORRUPTFS}
)


def is_damaged(path: Path) -> bool:
    """Whether there is a database that can't be read."""
    if not path.exists():
        return False
    try:
        with closing(open_to_read(path)) as connection:
            (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.DatabaseError as wrong:
        code = getattr(wrong, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT)
        return code in _OF_THE_FILE or code & _PRIMARY not in _OF_THE_MACHINE
    except ValueError:
        return True
    return bool(verdict != "ok")


def set_aside(path: Path, now: datetime) -> Path:
    """Rename the database and its companions; gives its new name."""
    aside = path.with_name(f"{path.name}.damaged-{now:%Y%m%dT%H%M%S}")
    for suffix in SUFFIXES:
        companion = Path(f"{path}{suffix}")
        if companion.exists():
            companion.replace(f"{aside}{suffix}")
    return aside
