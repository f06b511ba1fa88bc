"""Writes a sound journal of invented entries, for tests, timings and training.

The chain and the closings are what a kiosk would write, by the same functions; the tables of
top-ups and movements under way stay empty. The same number of lines gives the same entries.
"""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

from kiosk.domain.card_move import MoveRow, MoveState
from kiosk.domain.closing import PERIODS, name_of
from kiosk.domain.errors import InputRefused
from kiosk.domain.ledger import GENESIS, Entry, move_entry, topup_entry
from kiosk.domain.money import Money
from kiosk.domain.payment import TopupRow, TopupState
from kiosk.domain.purse import OperationKind
from kiosk.store.device_key import DeviceKey
from kiosk.store.ledger import Ledger
from kiosk.store.ledger_closings import append_closing
from kiosk.store.ledger_entries import append

LINES_MAX = 2_000_000
DAY_LINES = 1000
CARDS = 200
FIRST_DAY = date(2026, 1, 5)
ZONE = ZoneInfo("Europe/Paris")
OPENS, CLOSES = time(8), time(20)
STEP = timedelta(seconds=40)  # DAY_LINES of them end before CLOSES
LOADS_CENTS = (500, 1000, 2000, 5000)
# What is sold: kind, service, product, cents, signed entries of a book.
SOLD: tuple[tuple[OperationKind, str, int, int, int], ...] = (
    ("debit", "piscine", 101, 410, 0),
    ("debit", "cinema", 301, 650, 0),
    ("debit", "bus", 401, 120, 0),
    ("purchase", "piscine", 110, 3500, 10),
    ("entry", "piscine", 101, 0, -1),
)


class _Card:
    """A card of the demonstration: what it holds, and how far its own counters have come."""

    def __init__(self, number: int) -> None:
        self.tag = f"demo-{number:04d}"
        self.balance = self.entries = self.sequence = 0


def write_demo(
    path: Path, lines: int, key: DeviceKey, *, tick: Callable[[int], None] = lambda _: None
) -> None:
    """Write a journal of ``lines`` entries that ends with its closing.

    ``tick`` is told the entries written so far. Raises InputRefused when the file is there
    already or the number absurd, StorageFull.
    """
    if not 1 <= lines <= LINES_MAX:
        raise InputRefused(f"from 1 to {LINES_MAX} lines", where="--lines")
    if path.exists():
        raise InputRefused("is there already", where=str(path), todo="name a new file")
    story = _entries()
    with Ledger(path) as ledger:
        day, left, head = FIRST_DAY, lines, GENESIS
        while left:
            today = list(islice(story, min(DAY_LINES, left)))
            left -= len(today)
            following = day + timedelta(days=1)
            with ledger.transaction() as connection:
                head = append(connection, today, after=head)
                _close(connection, key, day, following, last=not left)
            tick(lines - left)
            day = following


def _close(
    connection: sqlite3.Connection, key: DeviceKey, day: date, following: date, *, last: bool
) -> None:
    """Close the day, and the month and the year that end with it; the last day its month too."""
    at = datetime.combine(day, CLOSES, ZONE)
    for period in PERIODS:
        ends = name_of(period, day) != name_of(period, following)
        if ends or (last and period == "month"):
            append_closing(connection, key, period, name_of(period, day), at=at)


def _entries() -> Iterator[Entry]:
    """Tell an endless story of cards that are loaded and spent from."""
    chance = random.Random(1)  # noqa: S311  # the same story each time, nothing secret
    cards = [_Card(number) for number in range(CARDS)]
    seq = 0
    while True:
        seq += 1
        day, place = divmod(seq - 1, DAY_LINES)
        opening = datetime.combine(FIRST_DAY + timedelta(days=day), OPENS, ZONE)
        at = opening.astimezone(UTC) + place * STEP
        card, sold = chance.choice(cards), chance.choice(SOLD)
        _, _, _, cents, entries = sold
        affordable = card.balance >= cents and card.entries + entries >= 0
        card.sequence += 1
        if affordable:
            card.balance -= cents
            card.entries += entries
            yield move_entry(_move(card, sold, seq, at), seq=seq, at=at)
        else:
            load = chance.choice(LOADS_CENTS)
            card.balance += load
            yield topup_entry(_topup(card, load, seq, at), seq=seq, at=at)


def _topup(card: _Card, cents: int, seq: int, at: datetime) -> TopupRow:
    return TopupRow(
        id=f"T-{seq:012x}",
        state=TopupState.DONE,
        card=card.tag,
        amount=Money(cents),
        provider="simulator",
        created_at=at,
        changed_at=at,
        sequence=card.sequence,
        commits=card.sequence,
    )


def _move(
    card: _Card, sold: tuple[OperationKind, str, int, int, int], seq: int, at: datetime
) -> MoveRow:
    kind, service, product, cents, entries = sold
    return MoveRow(
        id=f"M-{seq:012x}",
        state=MoveState.CONFIRMED,
        kind=kind,
        card=card.tag,
        product=product,
        service=service,
        amount=Money(cents),
        sequence=card.sequence - 1,
        commits=card.sequence - 1,
        balance_before=Money(card.balance + cents),
        balance_after=Money(card.balance),
        created_at=at,
        changed_at=at,
        entries=entries,
        proof=seq.to_bytes(8, "big"),
    )
