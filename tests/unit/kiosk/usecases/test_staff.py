"""What staff and holders do with a badge, a card and a PIN."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from cardreader.virtual import DEMO_CARD_KEY
from kiosk.domain.card_move import MoveState
from kiosk.domain.errors import CardBlocked, CardForeign, PinLocked, PinRefused, StaffOnly
from kiosk.domain.pin import LOCK, TRIES_MAX, Role, new_pin
from kiosk.domain.purse import NewCard, card_tag
from kiosk.store.blocklist import LostCardsStore
from kiosk.store.ledger import Ledger
from kiosk.store.ledger_cards import Pins
from kiosk.store.ledger_moves import Moves
from kiosk.store.ledger_read import verify_file
from kiosk.usecases.block_card import block_card
from kiosk.usecases.identify_staff import Staff, identify_staff
from kiosk.usecases.issue_card import issue_card
from kiosk.usecases.open_account import OpenAccount, open_account
from kiosk.usecases.settle_dispute import settle_dispute
from tests.contracts.test_move_journal import MOVE
from tests.plain.cards import ForeignThing, VirtualCard, VirtualReader
from tests.plain.faces import bank_card, empty_card, used_card
from tests.plain.issuing import VirtualIssuer
from tests.unit.kiosk.usecases.money_world import Moved

PIN = "493817"
AGENT, MANAGER = Staff(tag="badge", role="agent"), Staff(tag="chief", role="manager")


@dataclass
class Counter:
    """A counter with its journal and its reader."""

    folder: Path

    def __post_init__(self) -> None:
        self.clock = Moved()
        self.reader = VirtualReader()
        self.card = used_card(self.clock.now())
        self.ledger = Ledger(self.folder / "ledger.db", free=lambda _: 10**12)

    @property
    def pins(self) -> Pins:
        return Pins(self.ledger)

    @property
    def lost(self) -> LostCardsStore:
        return LostCardsStore(self.folder, self.ledger)

    def restart(self) -> None:
        self.ledger.close()
        self.ledger = Ledger(self.folder / "ledger.db", free=lambda _: 10**12)

    def enrol(self, card: VirtualCard, role: Role) -> None:
        tag = card_tag(card.face.number, DEMO_CARD_KEY)
        self.pins.save_pin(new_pin(tag, role, PIN, salt=bytes(16)))

    def identify(self, pin: str = PIN, thing: VirtualCard | ForeignThing | None = None) -> Staff:
        session = self.reader.lay(thing or self.card)
        return identify_staff(
            session, pin, pins=self.pins, clock=self.clock, card_key=DEMO_CARD_KEY
        )

    def open(self, pin: str = PIN) -> OpenAccount:
        session = self.reader.lay(self.card)
        return open_account(session, pin, pins=self.pins, clock=self.clock, card_key=DEMO_CARD_KEY)


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    one = Counter(tmp_path)
    yield one
    one.ledger.close()


def test_badge_and_pin_together_identify(counter: Counter) -> None:
    counter.enrol(counter.card, "manager")
    staff = counter.identify()
    assert (staff.role, staff.tag) == ("manager", card_tag("ALV61-0000-4821", DEMO_CARD_KEY))


def test_a_wrong_pin_tells_how_many_tries_are_left(counter: Counter) -> None:
    counter.enrol(counter.card, "agent")
    for left in range(TRIES_MAX - 1, 0, -1):
        with pytest.raises(PinRefused) as refused:
            counter.identify("000000")
        assert refused.value.left == left


def test_the_tries_are_counted_over_restarts_and_then_even_the_right_pin_waits(
    counter: Counter,
) -> None:
    counter.enrol(counter.card, "agent")
    for _ in range(TRIES_MAX):
        with pytest.raises(PinRefused):
            counter.identify("000000")
        counter.restart()
    with pytest.raises(PinLocked):
        counter.identify()
    counter.clock.move(seconds=LOCK.total_seconds())
    assert counter.identify().role == "agent"


def test_a_try_is_durable_before_it_is_compared(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    def plug_pulled(*_: object) -> bool:
        raise KeyboardInterrupt

    counter.enrol(counter.card, "agent")
    monkeypatch.setattr("kiosk.usecases.check_pin.matches", plug_pulled)
    with pytest.raises(KeyboardInterrupt):
        counter.identify("000000")
    counter.restart()
    kept = counter.pins.find_pin(card_tag("ALV61-0000-4821", DEMO_CARD_KEY))
    assert kept is not None
    assert kept.left == TRIES_MAX - 1


def test_a_card_without_a_pin_identifies_nobody(counter: Counter) -> None:
    for thing in (counter.card, bank_card()):
        with pytest.raises(CardForeign):
            counter.identify(thing=thing)


def test_a_holder_is_no_staff_and_staff_are_no_holders(counter: Counter) -> None:
    counter.enrol(counter.card, "holder")
    with pytest.raises(StaffOnly):
        counter.identify()
    counter.enrol(counter.card, "agent")
    with pytest.raises(StaffOnly):
        counter.open()


def test_the_holders_pin_opens_the_account(counter: Counter) -> None:
    counter.enrol(counter.card, "holder")
    with pytest.raises(PinRefused):
        counter.open("000000")
    assert counter.open().face == counter.card.face


def test_no_pin_is_logged_or_stands_in_a_file(
    counter: Counter, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    counter.enrol(counter.card, "agent")
    with pytest.raises(PinRefused) as refused:
        counter.identify("271828")
    counter.identify()
    said = caplog.text + str(refused.value) + repr(refused.value)
    assert PIN not in said
    assert "271828" not in said
    for file in counter.folder.iterdir():
        assert PIN.encode() not in file.read_bytes()
        assert b"271828" not in file.read_bytes()


def test_staff_block_a_lost_card_by_its_number(counter: Counter) -> None:
    tag = block_card(
        " alv61-0000-4821 ",
        AGENT,
        lost=counter.lost,
        clock=counter.clock,
        card_key=DEMO_CARD_KEY,
    )
    assert tag == card_tag("ALV61-0000-4821", DEMO_CARD_KEY)
    found = counter.lost.current()
    assert found is not None
    assert found.holds(tag)


def test_a_holder_blocks_nothing(counter: Counter) -> None:
    holder = Staff(tag="x", role="holder")
    with pytest.raises(StaffOnly):
        block_card("A", holder, lost=counter.lost, clock=counter.clock, card_key=DEMO_CARD_KEY)
    assert counter.lost.current() is None


def issued(counter: Counter, issuer: VirtualIssuer, staff: Staff = AGENT) -> str:
    now = counter.clock.now()
    card = NewCard(
        number="ALV61-0000-9001",
        issued_at=now,
        valid_until=date(now.year + 5, 12, 31),
    )
    face = issue_card(card, staff, issuer=issuer, lost=counter.lost, card_key=DEMO_CARD_KEY)
    return face.number


def test_staff_issue_a_blank_card(counter: Counter) -> None:
    issuer = VirtualIssuer()
    issuer.lay_blank()
    assert issued(counter, issuer) == "ALV61-0000-9001"
    assert issuer.issued[0].face == replace(
        empty_card(counter.clock.now()).face,
        number="ALV61-0000-9001",
        valid_until=date(2031, 12, 31),
    )


def test_a_lost_cards_number_is_never_given_again(counter: Counter) -> None:
    issuer = VirtualIssuer()
    issuer.lay_blank()
    tag = card_tag("ALV61-0000-9001", DEMO_CARD_KEY)
    counter.lost.block(tag, at=counter.clock.now() - timedelta(days=9), by="badge")
    with pytest.raises(CardBlocked):
        issued(counter, issuer)
    assert issuer.issued == []


def test_only_staff_issue_cards(counter: Counter) -> None:
    with pytest.raises(StaffOnly):
        issued(counter, VirtualIssuer(), Staff(tag="x", role="holder"))


@pytest.mark.parametrize("done", [True, False])
def test_a_manager_ends_a_dispute_and_what_was_done_is_booked(
    counter: Counter, *, done: bool
) -> None:
    moves = Moves(counter.ledger)
    disputed = replace(MOVE, state=MoveState.DISPUTE)
    moves.save_move(disputed)
    ended = settle_dispute(disputed, MANAGER, done=done, journal=moves, clock=counter.clock)
    assert (ended.state, ended.entry) == (
        (MoveState.CONFIRMED, 1) if done else (MoveState.NOT_DONE, 0)
    )
    assert list(moves.unsettled()) == []
    assert verify_file(counter.folder / "ledger.db").entries == int(done)


def test_an_agent_ends_no_dispute(counter: Counter) -> None:
    disputed = replace(MOVE, state=MoveState.DISPUTE)
    with pytest.raises(StaffOnly):
        settle_dispute(
            disputed, AGENT, done=True, journal=Moves(counter.ledger), clock=counter.clock
        )
