"""The tear matrix of a top-up on chips, and the crash courses of reloading on chips.

Cut or killed before and after every APDU of the tap that loads: card, ledger and bank agree to the
cent, the load is delivered once.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cardreader.virtual.mischief import At
from kiosk.domain.money import Money
from kiosk.usecases.reload_card import ReloadCard
from tests.e2e.card.chip_world import ENDS, ChipLoads, End, apdus_of
from tests.unit.kiosk.usecases.money_world import Crash, Fuse
from tests.unit.kiosk.usecases.test_reload_crashes import COURSES, CREDITED

AMOUNT = Money(2000)
APDUS_MAX = 60
COURSES_MAX = 80  # effects of a course


def paid(world: ChipLoads) -> ReloadCard:
    """Bring a top-up to the moment at which the card is asked for."""
    kiosk = world.boot()
    kiosk.start(world.card.face, AMOUNT)
    kiosk.poll()
    world.everybody_pays()
    kiosk.poll()
    return kiosk


def torn(world: ChipLoads, at: At, end: End) -> ReloadCard:
    """Tear the tap that loads; gives the kiosk that is there afterwards."""

    def tapped(die: Callable[[], None]) -> None:
        kiosk = paid(world)
        if end == "killed":
            apdus_of(world.card).kill_at(at, die)
        else:
            apdus_of(world.card).tear(at)
        kiosk.card_laid(world.lay())
        die()

    if end == "cut":
        kiosk = paid(world)
        apdus_of(world.card).tear(at)
        kiosk.card_laid(world.lay())
        return kiosk
    world.killed(tapped)
    kiosk = world.boot()
    kiosk.resume()
    return kiosk


def apdus(folder: Path) -> int:
    world = ChipLoads(folder / "dry.db")
    paid(world).card_laid(world.lay())
    world.die()
    assert world.card.face.balance == Money(3240)
    return apdus_of(world.card).count


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("end", ENDS)
def test_a_load_torn_at_any_apdu_is_delivered_once_when_the_card_is_laid_again(
    tmp_path: Path, end: End, when: str
) -> None:
    last = apdus(tmp_path)
    assert 29 <= last <= APDUS_MAX
    for number in range(1, last + 1):
        world = ChipLoads(tmp_path / f"{number}.db")
        kiosk = torn(world, At(when="before" if when == "before" else "after", number=number), end)
        kiosk.card_laid(world.lay())
        kiosk.poll()
        world.die()
        assert (number, world.card.face.balance) == (number, Money(3240))
        world.finish()
        assert (number, world.faults()) == (number, [])


@pytest.mark.parametrize("name", COURSES)
def test_on_chips_a_crash_at_any_effect_loses_and_doubles_nothing(
    tmp_path: Path, name: str
) -> None:
    for number in range(1, COURSES_MAX):
        world = ChipLoads(tmp_path / f"{number}.db")
        kiosk = world.boot(Fuse(number))
        try:
            COURSES[name](world, kiosk)
        except Crash as crash:
            effect = str(crash)
        else:
            effect = ""
        world.finish()
        assert (number, effect, world.faults()) == (number, effect, [])
        if not effect:  # the course has fewer effects
            assert number > 8
            assert world.card.face.balance == Money(3240 if name in CREDITED else 1240)
            return
    pytest.fail("the course never ends")
