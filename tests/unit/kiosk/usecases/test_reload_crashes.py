"""Nothing lost, nothing doubled: a crash at every outward effect, in every course of events."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kiosk.domain.money import Money
from kiosk.usecases.reload_card import ReloadCard
from kiosk.usecases.reload_progress import Stage
from payments.simulator.faults import Fault
from tests.plain.cards import Tear
from tests.unit.kiosk.usecases.money_world import (
    CounterlessCard,
    Crash,
    ForgetfulBank,
    Fuse,
    World,
)

Course = Callable[[World, ReloadCard], None]
EFFECTS_MAX = 80
AMOUNT = Money(2000)
# Between kiosk and hub a 409, a 429 and a 500 are one and the same: not done, no answer.
FAULTS = (
    Fault.REQUEST_LOST,
    Fault.ANSWER_LOST,
    Fault.LATE,
    Fault.REPEATED,
    Fault.BROKEN,
)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    one = World(tmp_path / "ledger.db")
    yield one
    one.die()


def pays(world: World, kiosk: ReloadCard, *, torn: Tear | None = None) -> None:
    """A citizen reads the card, takes it, pays on the phone and lays it again."""
    session = world.lay()
    kiosk.card_laid(session)
    kiosk.start(world.card.face, AMOUNT)
    kiosk.card_lifted()
    kiosk.poll()
    world.everybody_pays()
    kiosk.poll()
    world.card.tear(torn)
    told = kiosk.card_laid(world.lay())
    if told is not None and told.stage is Stage.CARD_AGAIN:
        kiosk.card_laid(world.lay())
    kiosk.poll()


def is_declined(world: World, kiosk: ReloadCard) -> None:
    kiosk.card_laid(world.lay())
    kiosk.start(world.card.face, AMOUNT)
    kiosk.poll()
    world.everybody_refuses()
    kiosk.poll()
    kiosk.card_laid(world.lay())


def gives_up_after_paying(world: World, kiosk: ReloadCard) -> None:
    kiosk.start(world.card.face, AMOUNT)
    world.everybody_pays()
    kiosk.poll()
    kiosk.cancel()
    kiosk.card_laid(world.lay())


def gives_up_before_paying(world: World, kiosk: ReloadCard) -> None:
    kiosk.start(world.card.face, AMOUNT)
    kiosk.cancel()
    world.everybody_pays()
    kiosk.poll()


def keeps_the_card_there(world: World, kiosk: ReloadCard) -> None:
    kiosk.card_laid(world.lay())
    kiosk.start(world.card.face, AMOUNT)
    world.everybody_pays()
    kiosk.poll()


COURSES: dict[str, Course] = {
    "success": pays,
    "torn before the commit": lambda world, kiosk: pays(world, kiosk, torn="before"),
    "torn after the commit": lambda world, kiosk: pays(world, kiosk, torn="after"),
    "declined": is_declined,
    "given up after paying": gives_up_after_paying,
    "given up before paying": gives_up_before_paying,
    "card stays on the reader": keeps_the_card_there,
}
CREDITED = {
    "success",
    "torn before the commit",
    "torn after the commit",
    "card stays on the reader",
}


def effects_of(course: Course, folder: Path) -> list[str]:
    """Run a course without a crash and give the names of its effects."""
    world = World(folder / "dry.db")
    course(world, world.boot())
    world.die()
    return world.fuse.names


def crash_at(world: World, course: Course, number: int) -> str:
    """Run a course until effect ``number``, where the power goes; gives its name."""
    fuse = Fuse(number)
    kiosk = world.boot(fuse)
    with pytest.raises(Crash) as crash:
        course(world, kiosk)
    world.die()
    return str(crash.value)


@pytest.mark.parametrize("name", COURSES)
def test_without_a_crash_money_agrees_to_the_cent(world: World, name: str) -> None:
    COURSES[name](world, world.boot())
    world.finish()
    assert world.faults() == []
    assert world.card.face.balance == Money(3240 if name in CREDITED else 1240)


@pytest.mark.parametrize("name", COURSES)
def test_a_crash_at_any_effect_loses_and_doubles_nothing(tmp_path: Path, name: str) -> None:
    course = COURSES[name]
    effects = effects_of(course, tmp_path)
    assert 8 < len(effects) <= EFFECTS_MAX
    for number, effect in enumerate(effects, 1):
        world = World(tmp_path / f"{number}.db")
        assert crash_at(world, course, number) == effect
        world.finish()
        assert (number, effect, world.faults()) == (number, effect, [])


@pytest.mark.parametrize("name", sorted(CREDITED))
def test_a_citizen_who_stays_after_the_crash_gets_the_load(tmp_path: Path, name: str) -> None:
    course = COURSES[name]
    for number, effect in enumerate(effects_of(course, tmp_path), 1):
        world = World(tmp_path / f"{number}.db")
        crash_at(world, course, number)
        kiosk = world.boot()
        kiosk.resume()
        for _ in range(3):
            world.everybody_pays()
            kiosk.poll()
            kiosk.card_laid(world.lay())
        began = bool(world.rows("SELECT 1 FROM topup"))
        world.finish()
        assert (number, effect, world.faults()) == (number, effect, [])
        assert world.card.face.balance == Money(3240 if began else 1240)


@pytest.mark.parametrize("second", range(1, 14))
def test_a_second_crash_during_the_recovery_changes_nothing(tmp_path: Path, second: int) -> None:
    course = COURSES["torn after the commit"]
    for first in (7, 15, 21, 25, 28):
        world = World(tmp_path / f"{first}.db")
        crash_at(world, course, first)
        try:
            kiosk = world.boot(Fuse(second))
            kiosk.resume()
            kiosk.card_laid(world.lay())
        except Crash:
            pass
        world.finish()
        assert (first, world.faults()) == (first, [])


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", COURSES)
def test_a_network_fault_at_any_call_loses_and_doubles_nothing(
    tmp_path: Path, name: str, fault: Fault
) -> None:
    for call in range(9):
        world = World(tmp_path / f"{call}.db")
        world.bank.disturb(*[None] * call, fault)
        COURSES[name](world, world.boot())
        world.finish()
        assert (call, world.faults()) == (call, [])


@pytest.mark.parametrize("hours", [1, 30])
@pytest.mark.parametrize("name", COURSES)
def test_a_clock_set_back_at_any_effect_loses_and_doubles_nothing(
    tmp_path: Path, name: str, hours: int
) -> None:
    course = COURSES[name]
    for number in range(1, len(effects_of(course, tmp_path)) + 1, 3):
        world = World(tmp_path / f"{number}.db")
        crash_at(world, course, number)
        world.clock.move(hours=-hours)
        world.finish()
        assert (number, world.faults()) == (number, [])


def test_the_check_catches_a_bank_that_ignores_keys(tmp_path: Path) -> None:
    caught = set[str]()
    course = COURSES["success"]
    for number, effect in enumerate(effects_of(course, tmp_path), 1):
        world = World(tmp_path / f"{number}.db", make_bank=ForgetfulBank)
        crash_at(world, course, number)
        world.finish()
        if world.faults():
            caught.add(effect)
    assert "create after" in caught


def test_the_check_catches_a_card_that_counts_no_loads(tmp_path: Path) -> None:
    world = World(tmp_path / "ledger.db", make_card=CounterlessCard)
    pays(world, world.boot(), torn="after")
    world.finish()
    assert "credited twice: T-000000000001" in world.faults()


def test_the_check_catches_money_that_is_taken_without_a_credit(world: World) -> None:
    kiosk = world.boot()
    begun = kiosk.start(world.card.face, AMOUNT)
    world.bank.confirm(begun.row.payment_id)
    world.bank.capture(begun.row.payment_id, idempotency_key="a thief's")
    world.die()
    assert any("captured 2000" in fault for fault in world.faults())
