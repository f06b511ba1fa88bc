"""A gate lets a ticket's people in once, whenever the power goes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest

from kiosk.domain.errors import CodeForeign, CodeTampered, LimitReached
from kiosk.domain.receipt import EntryTicket, Mark, ticket_code
from kiosk.domain.sealed import known
from kiosk.domain.ticket import Answer, GateRules
from kiosk.ports import Redemptions
from kiosk.store.ledger import Ledger
from kiosk.store.ledger_moves import Moves
from kiosk.store.ledger_tickets import RedemptionStore
from kiosk.usecases.redeem_ticket import Gate, RedeemTicket
from tests.signers import OTHER, OURS
from tests.tickets import NOW, TICKET, TODAY, numbered
from tests.unit.kiosk.usecases.money_world import Crash, Fuse, Fused, Moved
from tests.unit.kiosk.usecases.ticket_world import PARIS

EFFECTS = frozenset({"find", "redeem", "answered_again", "unheard_persons"})


class GateWorld:
    """A gate's journal that outlives its process."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.clock = Moved()
        self.rules = GateRules(product=101, marks=Mark.DEMO)
        self.ledger: Ledger | None = None

    def boot(self, fuse: Fuse | None = None) -> RedeemTicket:
        self.die()
        self.ledger = Ledger(self.path, free=lambda _: 10**12)
        gate = Gate(rules=self.rules, keys=lambda: known((OURS.public_key,)), zone=PARIS)
        store = Fused(RedemptionStore(self.ledger), fuse or Fuse(), EFFECTS)
        return RedeemTicket(journal=cast("Redemptions", store), clock=self.clock, gate=gate)

    def die(self) -> None:
        if self.ledger is not None:
            self.ledger.close()
            self.ledger = None


@pytest.fixture
def world(tmp_path: Path) -> Iterator[GateWorld]:
    made = GateWorld(tmp_path / "gate.db")
    yield made
    made.die()


def code(ticket: EntryTicket = TICKET) -> str:
    return ticket_code(ticket, OURS)


def test_a_good_ticket_lets_its_people_in(world: GateWorld) -> None:
    scanned = world.boot().scan(code())
    assert (scanned.answer, scanned.ticket.quantity) == (Answer.YES, 2)


def test_a_second_scan_at_once_is_counted_already_and_a_third_is_a_no(world: GateWorld) -> None:
    gate = world.boot()
    answers = [gate.scan(code()).answer for _ in range(3)]
    assert answers == [Answer.YES, Answer.COUNTED, Answer.USED]


def test_a_used_ticket_says_since_when(world: GateWorld) -> None:
    gate = world.boot()
    gate.scan(code())
    world.clock.move(minutes=40)
    scanned = gate.scan(code())
    assert (scanned.answer, scanned.used_at) == (Answer.USED, NOW)


def test_a_reprint_is_the_same_entry(world: GateWorld) -> None:
    gate = world.boot()
    gate.scan(code())
    world.clock.move(minutes=1)
    copy = replace(TICKET, marks=Mark.DEMO | Mark.DUPLICATE)
    assert gate.scan(code(copy)).answer is Answer.USED


def test_a_forged_an_edited_and_a_foreign_code_let_nobody_in(world: GateWorld) -> None:
    gate, good = world.boot(), code()
    with pytest.raises(CodeForeign):
        gate.scan(ticket_code(TICKET, OTHER))
    with pytest.raises(CodeTampered):
        gate.scan(good[:65] + ("0" if good[65] != "0" else "1") + good[66:])
    with pytest.raises(CodeForeign):
        gate.scan("https://example.org/")


def test_the_day_is_the_territory_s(world: GateWorld) -> None:
    world.clock.move(hours=13, minutes=30)  # 23:12 in UTC is past midnight in Paris
    assert world.boot().scan(code()).answer is Answer.EXPIRED
    tomorrow = TODAY + timedelta(days=1)
    assert world.boot().scan(code(numbered(7, last_day=tomorrow))).answer is Answer.YES


def test_a_gate_without_news_stops_at_the_cap_of_a_kiosk(world: GateWorld) -> None:
    world.rules = replace(world.rules, persons_max=5)
    gate = world.boot()
    answers = [gate.scan(code(numbered(n))).answer for n in (1, 2)]
    assert answers == [Answer.YES, Answer.YES]
    with pytest.raises(LimitReached):
        gate.scan(code(numbered(3)))
    assert gate.scan(code(numbered(4, kiosk="autre"))).answer is Answer.YES
    assert world.ledger is not None
    Moves(world.ledger).acknowledge(2)
    assert gate.scan(code(numbered(3))).answer is Answer.YES


def test_a_crash_at_any_step_lets_nobody_in_twice_and_eats_no_entry(tmp_path: Path) -> None:
    """The people go through once: at a yes that was told, or at the next scan."""
    for number in range(1, 7):
        world = GateWorld(tmp_path / f"{number}.db")
        told: list[Answer] = []
        try:
            told.append(world.boot(Fuse(number)).scan(code()).answer)
        except Crash:
            world.clock.move(seconds=9)
            told.append(world.boot().scan(code()).answer)
        world.clock.move(seconds=60)
        told.append(world.boot().scan(code()).answer)
        world.die()
        assert (number, [answer.lets_in for answer in told]) == (number, [True, False])


def test_a_crash_while_answering_again_lets_nobody_in_a_third_time(tmp_path: Path) -> None:
    for number in range(1, 5):
        world = GateWorld(tmp_path / f"{number}.db")
        world.boot().scan(code())
        with pytest.raises(Crash):
            world.boot(Fuse(number)).scan(code())
        answers = [world.boot().scan(code()).answer for _ in range(2)]
        world.die()
        assert (number, answers[1]) == (number, Answer.USED)
        assert answers[0] is (Answer.USED if number == 4 else Answer.COUNTED)
