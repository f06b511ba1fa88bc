"""Random stories of citizens, cards, faults and crashes: money agrees at the end of each."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from kiosk.domain.errors import OtherCard, Refused
from kiosk.domain.money import Money
from kiosk.usecases.reload_card import ReloadCard
from payments.simulator.faults import Fault
from tests.plain.cards import Tear, VirtualCard
from tests.unit.kiosk.usecases.money_world import CounterlessCard, Crash, Fuse, World


class Stories(RuleBasedStateMachine):
    """Citizens, the network and the power, in any order."""

    make_card = VirtualCard

    @initialize()
    def open(self) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="alveole-test-")
        self.world = World(Path(self.folder.name) / "ledger.db", make_card=self.make_card)
        self.kiosk = self.world.boot()

    def card(self, second: bool) -> VirtualCard:
        return self.world.other if second else self.world.card

    @rule(second=st.booleans())
    def lay(self, second: bool) -> None:
        try:
            self.kiosk.card_laid(self.world.lay(self.card(second)))
        except OtherCard:
            assert self.kiosk.progress is not None

    @rule()
    def lift(self) -> None:
        self.world.reader.lift()
        self.kiosk.card_lifted()

    @rule(second=st.booleans(), cents=st.sampled_from([100, 500, 2000, 5000, 15_000]))
    def start(self, second: bool, cents: int) -> None:
        try:
            self.kiosk.start(self.card(second).face, Money(cents))
        except Refused:
            assert cents + self.card(second).face.balance.cents > 15_000 or self.kiosk.progress

    @rule()
    def pay(self) -> None:
        self.world.everybody_pays()

    @rule()
    def refuse(self) -> None:
        self.world.everybody_refuses()

    @rule()
    def poll(self) -> None:
        self.kiosk.poll()

    @rule()
    def cancel(self) -> None:
        self.kiosk.cancel()

    @rule()
    def leave(self) -> None:
        self.kiosk.leave()

    @rule(seconds=st.sampled_from([1, 30, 95, 400, 700, 90_000, 800_000]))
    def wait(self, seconds: int) -> None:
        self.world.clock.move(seconds=seconds)

    @rule(fault=st.sampled_from(Fault), later=st.integers(0, 2))
    def disturb(self, fault: Fault, later: int) -> None:
        self.world.bank.disturb(*[None] * later, fault)

    @rule(second=st.booleans(), when=st.sampled_from(["before", "after"]))
    def tear(self, second: bool, when: Tear) -> None:
        self.card(second).tear(when)

    @rule()
    def restart(self) -> None:
        self.kiosk = self.world.boot()
        self.kiosk.resume()

    @rule(at=st.integers(1, 14))
    def crash_soon(self, at: int) -> None:
        """Pay and lay the card with the power about to go."""
        self.kiosk = self.world.boot(Fuse(at))
        try:
            self.kiosk.resume()
            self.everything()
        except (Crash, Refused):
            self.kiosk = self.world.boot()
        self.world.fuse.at = 0

    def everything(self) -> None:
        self.kiosk.start(self.world.card.face, Money(500))
        self.world.everybody_pays()
        self.kiosk.poll()
        self.kiosk.card_laid(self.world.lay())
        self.kiosk.poll()

    def teardown(self) -> None:
        if hasattr(self, "world"):
            self.world.finish()
            faults = self.world.faults()
            self.folder.cleanup()
            assert faults == []


class CounterlessStories(Stories):
    """NEGATIVE CONTROL: the same stories with cards that count no loads."""

    make_card = CounterlessCard


QUICK = settings(max_examples=40, stateful_step_count=25, deadline=None)


def test_no_story_loses_or_doubles_a_cent() -> None:
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(Stories, settings=QUICK)


def test_a_kiosk_that_crashed_is_a_kiosk_again(tmp_path: Path) -> None:
    world = World(tmp_path / "ledger.db")
    kiosk: ReloadCard = world.boot()
    kiosk.start(world.card.face, Money(500))
    again = world.boot()
    assert [p.row.id for p in again.resume()] == ["T-000000000001"]
    world.finish()


def test_the_stories_catch_a_card_that_counts_no_loads(tmp_path: Path) -> None:
    stories = CounterlessStories()
    stories.open()
    stories.start(second=False, cents=2000)
    stories.pay()
    stories.poll()
    stories.tear(second=False, when="after")
    stories.lay(second=False)
    stories.lay(second=False)
    with pytest.raises(AssertionError, match="cards 4000, purse float 2000"):
        stories.teardown()
