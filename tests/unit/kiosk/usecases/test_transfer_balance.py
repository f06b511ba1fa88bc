"""A lost card's balance moves to a new card once, whatever happens on the way."""

from __future__ import annotations

import contextlib
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest

from cardreader.virtual import DEMO_CARD_KEY
from kiosk.domain.card_rules import Blocklist, CardRules
from kiosk.domain.errors import (
    CardBlocked,
    MoveDisputed,
    PurseFull,
    StaffOnly,
    TransferTooSoon,
)
from kiosk.domain.money import Money
from kiosk.domain.purse import card_tag
from kiosk.domain.transfer import TransferRow, TransferState
from kiosk.ports import CardSession, TransferJournal
from kiosk.store.blocklist import FILE, LostCardsStore, write_blocklist
from kiosk.store.ledger import Ledger
from kiosk.store.ledger_cards import Transfers
from kiosk.store.ledger_read import verify_file
from kiosk.usecases.identify_staff import Staff
from kiosk.usecases.transfer_balance import Lost, TransferBalance
from tests.plain.cards import Tear, VirtualCard, VirtualReader
from tests.plain.faces import empty_card
from tests.unit.kiosk.usecases.money_world import Crash, Fuse, Fused, Moved

MANAGER = Staff(tag="chief", role="manager")
LOST_TAG = "0" * 32
LOST = Lost(tag=LOST_TAG, amount=Money(1240))
EFFECTS = frozenset({"save_transfer", "book_transfer", "read", "write_load"})


@dataclass
class Desk:
    """A town hall's desk: what stays when its kiosk dies."""

    folder: Path
    clock: Moved = field(default_factory=Moved)

    def __post_init__(self) -> None:
        self.card = VirtualCard(empty_card(self.clock.now()).face)
        self.reader = VirtualReader()
        self.ledger: Ledger | None = None
        self.fuse = Fuse()
        self.publish(timedelta(days=5))

    def publish(self, age: timedelta) -> None:
        now = self.clock.now()
        listed = Blocklist(version=1, issued_at=now, cards={LOST_TAG: now - age})
        write_blocklist(self.folder / FILE, listed)

    def boot(self, fuse: Fuse | None = None) -> TransferBalance:
        self.die()
        self.fuse = fuse or Fuse()
        self.ledger = Ledger(self.folder / "ledger.db", free=lambda _: 10**12)
        return TransferBalance(
            journal=cast("TransferJournal", Fused(Transfers(self.ledger), self.fuse, EFFECTS)),
            lost=LostCardsStore(self.folder, self.ledger),
            clock=self.clock,
            rules=CardRules(),
            card_key=DEMO_CARD_KEY,
        )

    def die(self) -> None:
        if self.ledger is not None:
            self.ledger.close()
            self.ledger = None

    def lay(self) -> CardSession:
        return cast("CardSession", Fused(self.reader.lay(self.card), self.fuse, EFFECTS))

    def begin(self, kiosk: TransferBalance, lost: Lost = LOST) -> TransferRow:
        return kiosk.begin("X-1", lost, self.card.face, MANAGER)

    def states(self) -> list[tuple[str, int]]:
        with closing(sqlite3.connect(self.folder / "ledger.db")) as connection:
            return connection.execute("SELECT state, entry FROM transfer").fetchall()


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_the_balance_moves_as_a_numbered_load_with_its_entry(desk: Desk) -> None:
    kiosk = desk.boot()
    assert desk.begin(kiosk).state is TransferState.WAITING
    done = kiosk.card_laid(desk.lay())
    assert done is not None
    assert (done.state, done.entry, done.load_number, done.sequence) == ("done", 1, 1, 1)
    assert desk.card.face.balance == Money(1240)
    assert kiosk.card_laid(desk.lay()) is None
    desk.die()
    assert verify_file(desk.folder / "ledger.db").sound


def test_another_card_is_left_alone(desk: Desk) -> None:
    kiosk = desk.boot()
    desk.begin(kiosk)
    desk.card = VirtualCard(replace(desk.card.face, number="ALV61-0000-1111"))
    assert kiosk.card_laid(desk.lay()) is None
    desk.die()


def test_a_balance_moves_once(desk: Desk) -> None:
    kiosk = desk.boot()
    desk.begin(kiosk)
    kiosk.card_laid(desk.lay())
    with pytest.raises(MoveDisputed):
        kiosk.begin("X-2", LOST, desk.card.face, MANAGER)
    desk.die()


def test_a_card_that_was_only_just_listed_keeps_its_balance(desk: Desk) -> None:
    desk.publish(timedelta(hours=1))
    kiosk = desk.boot()
    with pytest.raises(TransferTooSoon):
        desk.begin(kiosk)
    assert desk.states() == []
    assert desk.begin(kiosk, replace(LOST, badge=True)).state is TransferState.WAITING
    desk.die()


def test_an_agent_moves_no_balance(desk: Desk) -> None:
    kiosk = desk.boot()
    with pytest.raises(StaffOnly):
        kiosk.begin("X-1", LOST, desk.card.face, Staff(tag="a", role="agent"))
    desk.die()


def test_a_balance_that_would_not_fit_waits(desk: Desk) -> None:
    kiosk = desk.boot()
    with pytest.raises(PurseFull):
        desk.begin(kiosk, Lost(tag=LOST_TAG, amount=Money(15_001)))
    desk.die()


def test_a_card_that_refuses_the_load_may_take_it_later(desk: Desk) -> None:
    kiosk = desk.boot()
    desk.begin(kiosk)
    good = desk.card
    desk.card = VirtualCard(replace(good.face, blocked=True))
    with pytest.raises(CardBlocked):
        kiosk.card_laid(desk.lay())
    assert desk.states() == [("waiting", 0)]
    desk.card = good
    done = kiosk.card_laid(desk.lay())
    assert done is not None
    assert done.state is TransferState.DONE
    desk.die()


@pytest.mark.parametrize("tear", ["before", "after"])
def test_a_torn_card_is_settled_by_its_next_tap(desk: Desk, tear: Tear) -> None:
    kiosk = desk.boot()
    desk.begin(kiosk)
    desk.card.tear(tear)
    torn = kiosk.card_laid(desk.lay())
    assert torn is not None
    assert torn.state is TransferState.WRITING
    done = kiosk.card_laid(desk.lay())
    assert done is not None
    assert done.state is TransferState.DONE
    assert desk.card.face.balance == Money(1240)
    desk.die()


@pytest.mark.parametrize("tear", [None, "before", "after"])
def test_a_crash_at_any_effect_neither_loses_nor_doubles_the_balance(
    tmp_path: Path, tear: Tear | None
) -> None:
    for number in range(1, 20):
        folder = tmp_path / str(number)
        folder.mkdir()
        desk = Desk(folder)
        with contextlib.suppress(Crash):
            kiosk = desk.boot(Fuse(number))
            desk.begin(kiosk)
            desk.card.tear(tear)
            for _ in range(2):
                kiosk.card_laid(desk.lay())
        desk.card.tear(None)
        kiosk = desk.boot()
        began = bool(desk.states())
        kiosk.card_laid(desk.lay())
        desk.die()
        assert (number, desk.card.face.balance) == (number, Money(1240 if began else 0))
        assert (number, desk.states()) == (number, [("done", 1)] if began else [])
        assert verify_file(folder / "ledger.db").entries == int(began)


def test_no_card_number_stands_in_the_journal(desk: Desk) -> None:
    kiosk = desk.boot()
    row = desk.begin(kiosk)
    assert row.card == card_tag(desk.card.face.number, DEMO_CARD_KEY)
    desk.die()
    assert desk.card.face.number.encode() not in (desk.folder / "ledger.db").read_bytes()
