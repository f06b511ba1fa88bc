"""The list of lost cards: DIR/blocklist.json from the hub, and what this kiosk has blocked.

::

    {"version": 4, "issued_at": "2026-11-22T04:00:00Z", "cards": {"<tag>": "<first listed>"}}

A file that can't be read, is older than one that was believed before, or goes back in time is no
list at all: cards are only read then (kiosk.domain.card_rules, rule 3). What was blocked here
holds whatever the file says.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, TypeAlias

import msgspec
from msgspec import Meta

from kiosk.domain.card_rules import LISTED_MAX, Blocklist
from kiosk.domain.ledger import moment
from kiosk.store.ledger import Ledger
from kiosk.store.ledger_entries import advance, tell
from kiosk.store.private_file import write_private_file

FILE = "blocklist.json"
BYTES_MAX = 8_000_000
BLOCKED_HERE_MAX = 5_000
BELIEVED = "blocklist"  # the mark of the newest version that was believed

Tag: TypeAlias = Annotated[str, Meta(pattern=r"^[0-9a-f]{32}\Z")]
Aware: TypeAlias = Annotated[datetime, Meta(tz=True)]


class ListFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the file holds."""

    version: Annotated[int, Meta(ge=1, le=2**53)]
    issued_at: Aware
    cards: Annotated[dict[Tag, Aware], Meta(max_length=LISTED_MAX)]


@dataclass(frozen=True, slots=True)
class _Read:
    """A file as it was last read, and the stamp by which a newer one is noticed."""

    stamp: tuple[int, int, int]
    list: Blocklist | None


class LostCardsStore:
    """ports.LostCards over the file and the journal."""

    def __init__(self, folder: Path, ledger: Ledger) -> None:
        self._path = folder / FILE
        self._ledger = ledger
        self._last: _Read | None = None

    def current(self) -> Blocklist | None:
        """Give the list with what was blocked here; an empty, endlessly old one without a file."""
        found = self._from_file()
        here = frozenset(
            str(row["card"])
            for row in self._ledger.read("SELECT card FROM block LIMIT ?", BLOCKED_HERE_MAX)
        )
        if found is None:
            never = datetime.min.replace(tzinfo=UTC)
            return Blocklist(version=0, issued_at=never, here=here) if here else None
        return replace(found, here=here)

    def block(self, tag: str, *, at: datetime, by: str) -> None:
        """Block a card here at once, durably, and tell the hub in the same transaction."""
        with self._ledger.transaction() as connection:
            added = connection.execute(
                "INSERT INTO block (card, at, by) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                (tag, moment(at), by),
            ).rowcount
            if added:
                payload = {"card": tag, "by": by}
                tell(connection, "card.blocked", tag, at=at, payload=payload)

    def _from_file(self) -> Blocklist | None:
        try:
            status = self._path.stat()
        except OSError:
            return None
        stamp = (status.st_mtime_ns, status.st_size, status.st_ino)
        if self._last is None or self._last.stamp != stamp:
            self._last = _Read(stamp, self._believed(read_blocklist(self._path)))
        return self._last.list

    def _believed(self, found: Blocklist | None) -> Blocklist | None:
        """Give the list unless a newer one was believed before; keep its version."""
        if found is None:
            return None
        with self._ledger.transaction() as connection:
            newest = advance(connection, BELIEVED, found.version)
        return found if newest == found.version else None


def read_blocklist(path: Path) -> Blocklist | None:
    """Read a list's file; None when it can't be used."""
    try:
        if path.stat().st_size > BYTES_MAX:
            return None
        file = msgspec.json.decode(path.read_bytes(), type=ListFile)
    except (OSError, msgspec.DecodeError, RecursionError):
        return None
    return Blocklist(version=file.version, issued_at=file.issued_at, cards=file.cards)


def write_blocklist(path: Path, blocklist: Blocklist) -> None:
    """Write a list in the place of ``path``: readers see the old or the new one. DataAbsent."""
    file = ListFile(
        version=blocklist.version, issued_at=blocklist.issued_at, cards=dict(blocklist.cards)
    )
    write_private_file(path, msgspec.json.encode(file))
