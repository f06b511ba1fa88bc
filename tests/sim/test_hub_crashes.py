"""The hub is killed at every effect, and the bank's answer to the next hub is disturbed.

Each cell is a real kiosk (journal, card), a real hub process (SIGKILL) and the bank's stand-in over
HTTP. Exactly one captured payment per credit, none lost, none doubled. By default every effect
meets FAULTS_A_STEP faults, chosen by the seed so that all come; ``python -m
tests.sim.test_hub_crashes SEED FAULTS`` runs more.
"""

from __future__ import annotations

import itertools
import random
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from kiosk.domain.money import Money
from payments.simulator.faults import Fault
from tests.sim.hub_world import HubBank, Ran, run_cell
from tests.unit.kiosk.usecases.money_world import Moved, World

SEED = 20261122
FAULTS_A_STEP = 2
EFFECTS_MAX = 120
FAULTS = (
    Fault.ANSWER_LOST,
    Fault.REPEATED,
    Fault.LATE,
    Fault.REFUSED,
    Fault.CONFLICT,
    Fault.LIMITED,
    Fault.BROKEN,
)
Course = Callable[[World], None]


def patient(world: World, *, pays: bool) -> None:
    """A citizen who stays: pays or refuses, comes back to the card as often as needed."""
    kiosk = world.boot()
    kiosk.card_laid(world.lay())
    kiosk.start(world.card.face, Money(2000))
    for _ in range(4):
        kiosk.poll()
        (world.everybody_pays if pays else world.everybody_refuses)()
        kiosk.poll()
        kiosk.card_laid(world.lay())
        world.clock.move(seconds=2)
    world.bank.sweep()


def declines(world: World) -> None:
    patient(world, pays=False)


def succeeds(world: World) -> None:
    patient(world, pays=True)


COURSES: dict[str, Course] = {"declined": declines, "success": succeeds}


def bank_in(folder: Path, kill_at: int = 0, fault: Fault | None = None) -> HubBank:
    folder.mkdir(parents=True)
    return HubBank(folder, Moved(), kill_at=kill_at, fault=fault)


def cells(effects: int, faults: int, dice: random.Random) -> Iterator[tuple[int, Fault]]:
    """Give every step with some faults; each fault comes as often as the others."""
    order = list(FAULTS)
    dice.shuffle(order)
    endless = itertools.cycle(order)
    for step in range(1, effects + 1):
        for _ in range(min(faults, len(FAULTS))):
            yield step, next(endless)


def matrix(folder: Path, name: str, *, seed: int, faults: int) -> Iterator[tuple[str, Ran]]:
    """Run a course's cells."""
    course = COURSES[name]
    dry = run_cell(folder / "dry", course, bank_in(folder / "dry"))
    yield "dry", dry
    effects = dry.effects
    for step, fault in cells(len(effects), faults, random.Random(f"{seed} {name}")):
        cell = f"{step:03} {fault.value}"
        ran = run_cell(folder / cell, course, bank_in(folder / cell, step, fault))
        yield f"{cell} at {effects[step - 1]}", ran


@pytest.mark.parametrize("name", COURSES)
def test_a_hub_killed_at_any_effect_loses_and_doubles_nothing(tmp_path: Path, name: str) -> None:
    killed = 0
    for cell, ran in matrix(tmp_path, name, seed=SEED, faults=FAULTS_A_STEP):
        assert (cell, ran.faults) == (cell, [])
        assert len(ran.effects) <= EFFECTS_MAX * 4
        if name == "declined":
            assert not ran.credited, cell
        elif Fault.REFUSED.value not in cell:
            assert ran.credited, cell
        killed += ran.killed
    assert killed >= 15


def test_a_hub_that_persists_no_key_is_caught(tmp_path: Path) -> None:
    dry = run_cell(tmp_path / "dry", succeeds, bank_in(tmp_path / "dry"))
    step = dry.effects.index("create after") + 1
    folder = tmp_path / "killed"
    folder.mkdir()
    bank = HubBank(folder, Moved(), kill_at=step, forgets_keys=True)
    ran = run_cell(folder, succeeds, bank)
    assert any("2 payments for one top-up" in fault for fault in ran.faults)


def main(seed: int, faults: int) -> int:
    """Run the matrix at another size; gives the number of bad cells."""
    bad = 0
    for name in COURSES:
        with tempfile.TemporaryDirectory(prefix="hub-crashes-") as folder:
            for cell, ran in matrix(Path(folder), name, seed=seed, faults=faults):
                bad += bool(ran.faults)
                sys.stdout.write(f"{name} {cell}: {ran.faults or 'sound'}\n")
    return bad


if __name__ == "__main__":
    sys.exit(min(main(int(sys.argv[1]), int(sys.argv[2])), 100))
