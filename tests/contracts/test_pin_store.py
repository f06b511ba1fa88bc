"""The contract of ports.PinStore; every store passes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kiosk.domain.pin import TRIES_MAX, new_pin, tried
from kiosk.ports import PinStore
from kiosk.store.ledger import Ledger
from kiosk.store.ledger_cards import Pins

NOW = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)
RECORD = new_pin("tag", "agent", "493817", salt=bytes(16))
Opener = Callable[[Path], Ledger]
OPENERS: dict[str, Opener] = {"sqlite": lambda path: Ledger(path, free=lambda _: 10**12)}


class Reopened:
    """A store that is closed and opened again between two calls."""

    def __init__(self, opener: Opener, path: Path) -> None:
        self._open, self._path = opener, path
        self.ledger = opener(path)

    @property
    def now(self) -> PinStore:
        return Pins(self.ledger)

    def again(self) -> PinStore:
        self.ledger.close()
        self.ledger = self._open(self._path)
        return self.now


@pytest.fixture(params=sorted(OPENERS))
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Reopened]:
    one = Reopened(OPENERS[request.param], tmp_path / "ledger.db")
    yield one
    one.ledger.close()


def test_nobody_has_a_pin_at_first(store: Reopened) -> None:
    assert store.now.find_pin("tag") is None


def test_a_record_is_there_after_a_restart(store: Reopened) -> None:
    store.now.save_pin(RECORD)
    assert store.again().find_pin("tag") == RECORD


def test_failures_and_the_lock_survive_a_restart(store: Reopened) -> None:
    record = RECORD
    for _ in range(TRIES_MAX):
        record = tried(record, NOW)
        store.now.save_pin(record)
    assert store.again().find_pin("tag") == record


def test_records_of_others_are_left_alone(store: Reopened) -> None:
    other = new_pin("other", "holder", "1234", salt=bytes(16))
    store.now.save_pin(RECORD)
    store.now.save_pin(other)
    store.now.save_pin(tried(other, NOW))
    assert store.now.find_pin("tag") == RECORD
