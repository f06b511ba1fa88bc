"""The crash matrix: kiosk and hub are killed (SIGKILL) at every effect, and the bank misbehaves.

Each cell is a real kiosk (journal, card), a real hub process and a bank's stand-in over HTTP: a
provider × a course × who dies × at which effect × what befalls the bank's next call. Whatever
happens: exactly one captured payment per credit, no cent lost, none doubled, nothing left open.

By default every effect meets one fault, in turn so that all come (with a card torn before its
commit the odd effects, torn after it the even ones); CRASH_MATRIX=whole runs every effect with
every fault, and ``python -m tests.sim.test_crash_matrix`` prints each cell.
"""

from __future__ import annotations

import itertools
import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

import pytest

from kiosk.domain.money import Money
from kiosk.usecases.reload_card import ReloadCard
from payments.simulator.faults import Fault
from tests.plain.cards import Tear
from tests.sim.banks import FARS, PayfipFar
from tests.sim.hub_world import Course, HubBank, Ran, run_cell
from tests.unit.kiosk.usecases.money_world import CounterlessCard, Moved, World

AMOUNT = Money(2000)
TURNS = 4  # a citizen who stays looks so often
EFFECTS_MIN, EFFECTS_MAX = 8, 90
FAULTS = (
    Fault.ANSWER_LOST,
    Fault.REPEATED,
    Fault.LATE,
    Fault.REFUSED,
    Fault.CONFLICT,
    Fault.LIMITED,
    Fault.BROKEN,
)
THINNED = {"torn before": (1, 2), "torn after": (2, 2)}  # first effect and stride
WHOLE = os.environ.get("CRASH_MATRIX") == "whole"
Victim = Literal["hub", "kiosk"]


def stays(world: World, kiosk: ReloadCard, *, pays: bool = True, torn: Tear | None = None) -> None:
    """A citizen who pays or refuses, and shows the card as often as needed."""
    kiosk.card_laid(world.lay())
    if not world.rows("SELECT 1 FROM topup"):
        world.card.tear(torn)
        kiosk.start(world.card.face, AMOUNT)
    for _ in range(TURNS):
        kiosk.poll()
        (world.everybody_pays if pays else world.everybody_refuses)()
        kiosk.poll()
        kiosk.card_laid(world.lay())
        world.clock.move(seconds=2)


COURSES: dict[str, Course] = {
    "success": stays,
    "declined": partial(stays, pays=False),
    "torn before": partial(stays, torn="before"),
    "torn after": partial(stays, torn="after"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """Who dies at which effect (from 1; 0: nobody), and what the bank does then."""

    provider: str
    course: str
    victim: Victim
    step: int = 0
    fault: Fault | None = None

    def run(self, folder: Path) -> Ran:
        """Run it in a new folder."""
        folder.mkdir(parents=True)
        clock = Moved()
        dry = self.step == 0  # what is said to Stripe is held to its description once a course
        bank = HubBank(
            folder=folder,
            clock=clock,
            provider=self.provider,
            far=FARS[self.provider](clock, described=dry),
            kill_at=self.step if self.victim == "hub" else 0,
            fault=self.fault,
        )
        kiosk_dies_at = self.step if self.victim == "kiosk" else None
        return run_cell(COURSES[self.course], bank, kiosk_dies_at=kiosk_dies_at)

    def wrong(self, ran: Ran) -> list[str]:
        """Say what may not be so, whatever happened."""
        found = list(ran.faults)
        pays = self.course != "declined"
        if ran.credited and not pays:
            found.append("credited without a payment")
        if not ran.credited and pays and self.fault is not Fault.REFUSED:
            found.append("a citizen who stayed got no credit")
        if self.step and not ran.killed:
            found.append("nobody died")
        return found


def cells_of(dry: Cell, effects: int, *, whole: bool) -> Iterator[Cell]:
    """Give a course's cells: every effect, with each fault or with the next one in turn."""
    shift = sum(f"{dry.provider} {dry.course} {dry.victim}".encode())
    turning = itertools.cycle(FAULTS[shift % len(FAULTS) :] + FAULTS[: shift % len(FAULTS)])
    first, stride = (1, 1) if whole else THINNED.get(dry.course, (1, 1))
    for step in range(first, effects + 1, stride):
        for fault in FAULTS if whole else [next(turning)]:
            yield Cell(
                provider=dry.provider,
                course=dry.course,
                victim=dry.victim,
                step=step,
                fault=fault,
            )


def matrix(folder: Path, dry: Cell, *, whole: bool) -> Iterator[tuple[Cell, list[str]]]:
    """Run a course without a kill, then each of its cells; gives what was wrong."""
    ran = dry.run(folder / "dry")
    yield dry, dry.wrong(ran)
    effects = ran.hub_effects if dry.victim == "hub" else ran.kiosk_effects
    assert EFFECTS_MIN <= len(effects) <= EFFECTS_MAX, effects
    for cell in cells_of(dry, len(effects), whole=whole):
        yield cell, cell.wrong(cell.run(folder / f"{cell.step:03} {cell.fault}"))


VICTIMS: tuple[Victim, ...] = ("hub", "kiosk")
DRY = [
    Cell(provider=provider, course=course, victim=victim)
    for provider in FARS
    for course in COURSES
    for victim in VICTIMS
]


@pytest.mark.parametrize(
    "dry", DRY, ids=lambda cell: f"{cell.provider} {cell.course} {cell.victim}"
)
def test_whoever_dies_at_any_effect_no_cent_is_lost_or_doubled(tmp_path: Path, dry: Cell) -> None:
    for cell, wrong in matrix(tmp_path, dry, whole=WHOLE):
        assert (cell, wrong) == (cell, [])


@pytest.mark.parametrize("provider", ["stripe_checkout", "stripe_terminal"])
def test_a_hub_that_persists_no_key_is_caught(tmp_path: Path, provider: str) -> None:
    clock = Moved()
    far = FARS[provider](clock, described=False)
    step = 4  # begin, begin, create before, create after
    bank = HubBank(tmp_path, clock, provider, far, kill_at=step, forgets_keys=True)
    ran = run_cell(stays, bank)
    assert ran.hub_effects[step - 1] == "create after"
    assert any("payments for one top-up" in fault for fault in ran.faults)


@pytest.mark.parametrize("provider", FARS)
def test_a_card_that_counts_no_loads_is_caught(tmp_path: Path, provider: str) -> None:
    clock = Moved()
    bank = HubBank(tmp_path, clock, provider, FARS[provider](clock, described=False))
    ran = run_cell(partial(stays, torn="after"), bank, make_card=CounterlessCard)
    assert any(fault.startswith("credited twice") for fault in ran.faults)


def gives_up_after_paying(world: World, kiosk: ReloadCard) -> None:
    """A citizen who pays without a card on the reader, and goes."""
    kiosk.start(world.card.face, AMOUNT)
    world.everybody_pays()
    kiosk.poll()
    kiosk.leave()


def test_what_payfip_took_waits_for_the_card_and_is_written_later(tmp_path: Path) -> None:
    clock = Moved()
    bank = HubBank(tmp_path, clock, "payfip", FARS["payfip"](clock, described=False))
    ran = run_cell(gives_up_after_paying, bank)
    assert (ran.faults, ran.credited) == ([], True)


def pays_too_late(world: World, kiosk: ReloadCard) -> None:
    """A citizen whose page is paid once the kiosk has given up."""
    kiosk.start(world.card.face, AMOUNT)
    kiosk.leave()
    world.everybody_pays()


def test_what_payfip_took_too_late_is_given_back_by_the_regie(tmp_path: Path) -> None:
    clock = Moved()
    far = FARS["payfip"](clock, described=False)
    ran = run_cell(pays_too_late, HubBank(tmp_path, clock, "payfip", far))
    assert (ran.faults, ran.credited) == ([], False)
    assert isinstance(far, PayfipFar)
    assert len(far.repaid) == 1


def main() -> int:
    """Print each cell and how many were wrong."""
    cells = bad = 0
    for dry in DRY:
        with tempfile.TemporaryDirectory(prefix="crash-matrix-") as folder:
            for cell, wrong in matrix(Path(folder), dry, whole=WHOLE):
                cells, bad = cells + 1, bad + bool(wrong)
                sys.stdout.write(f"{cell}: {wrong or 'sound'}\n")
    sys.stdout.write(f"{cells} cells, {bad} wrong\n")
    return min(bad, 100)


if __name__ == "__main__":
    sys.exit(main())
