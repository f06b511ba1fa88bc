"""The contract of ports.LostCards, and the file that the hub's list comes in."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kiosk.domain.card_rules import Blocklist
from kiosk.ports import LostCards
from kiosk.store.blocklist import FILE, LostCardsStore, read_blocklist, write_blocklist
from kiosk.store.ledger import Ledger

NOW = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)
LOST, OTHER = "0" * 31 + "1", "0" * 31 + "2"
LIST = Blocklist(version=4, issued_at=NOW, cards={LOST: NOW - timedelta(days=3)})


class Place:
    """A kiosk's folder, with its journal and its list."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ledger = Ledger(folder / "ledger.db", free=lambda _: 10**12)
        self.lost: LostCards = LostCardsStore(folder, self.ledger)

    def again(self) -> LostCards:
        self.ledger.close()
        self.ledger = Ledger(self.folder / "ledger.db", free=lambda _: 10**12)
        self.lost = LostCardsStore(self.folder, self.ledger)
        return self.lost

    def arrives(self, blocklist: Blocklist) -> None:
        write_blocklist(self.folder / FILE, blocklist)

    def writes(self, text: str) -> None:
        (self.folder / FILE).write_text(text, encoding="utf-8")


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    one = Place(tmp_path)
    yield one
    one.ledger.close()


def test_without_a_list_there_is_none_to_be_believed(place: Place) -> None:
    assert place.lost.current() is None


def test_a_list_that_arrived_is_given(place: Place) -> None:
    place.arrives(LIST)
    assert place.lost.current() == LIST
    assert place.again().current() == LIST


def test_a_newer_list_is_noticed_without_a_restart(place: Place) -> None:
    place.arrives(LIST)
    place.lost.current()
    newer = Blocklist(version=5, issued_at=NOW + timedelta(hours=1), cards={OTHER: NOW})
    place.arrives(newer)
    assert place.lost.current() == newer


def test_an_older_list_is_not_believed_after_a_newer_one(place: Place) -> None:
    place.arrives(LIST)
    place.lost.current()
    place.arrives(Blocklist(version=3, issued_at=NOW + timedelta(hours=1)))
    assert place.lost.current() is None
    assert place.again().current() is None


def test_a_card_blocked_here_holds_at_once_and_after_a_restart(place: Place) -> None:
    place.arrives(LIST)
    place.lost.block(OTHER, at=NOW, by="staff")
    for restarted in (False, True):
        found = (place.again() if restarted else place.lost).current()
        assert found is not None
        assert found.holds(OTHER)
        assert found.dead_at(OTHER, timedelta(hours=1)) is None  # no list names it yet


def test_a_card_blocked_here_holds_without_any_list_and_others_are_only_read(place: Place) -> None:
    place.lost.block(OTHER, at=NOW, by="staff")
    found = place.lost.current()
    assert found is not None
    assert found.holds(OTHER)
    assert not found.usable(NOW, timedelta(days=10_000))


def test_the_hub_is_told_once(place: Place) -> None:
    for _ in range(2):
        place.lost.block(OTHER, at=NOW, by="staff")
    (event,) = place.ledger.events()
    assert (event.kind, event.subject) == ("card.blocked", OTHER)
    assert json.loads(event.payload) == {"card": OTHER, "by": "staff"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '{"version": 4}',
        '{"version": 0, "issued_at": "2026-11-22T09:42:00Z", "cards": {}}',
        '{"version": true, "issued_at": "2026-11-22T09:42:00Z", "cards": {}}',
        '{"version": 4, "issued_at": "2026-11-22T09:42:00", "cards": {}}',
        '{"version": 4, "issued_at": "2026-11-22T09:42:00Z", "cards": {"ALV61-0000-4821": "x"}}',
        '{"version": 4, "issued_at": "2026-11-22T09:42:00Z", "cards": {}, "more": 1}',
        '{"version": 4, "issued_at": NaN, "cards": {}}',
        "[" * 100_000,
    ],
    ids=range(11),
)
def test_a_list_that_does_not_hold_together_is_none(place: Place, text: str) -> None:
    place.writes(text)
    assert place.lost.current() is None


def test_a_list_that_is_far_too_long_is_none(tmp_path: Path) -> None:
    path = tmp_path / FILE
    path.touch()
    os.truncate(path, 8_000_001)
    assert read_blocklist(path) is None


def test_a_folder_in_its_place_is_none(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    assert read_blocklist(tmp_path / FILE) is None
