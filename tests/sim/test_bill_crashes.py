"""Bills in the crash matrix: kiosk or hub is killed (SIGKILL) at every effect of a payment.

The worlds are the top-ups' (tests/sim/test_crash_matrix.py), with a real hub process and the bank's
stand-in over HTTP. By default every effect meets one fault of the bank, in turn.
"""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from kiosk.usecases.reload_card import ReloadCard
from tests.sim import hub_child, kiosk_child
from tests.sim.banks import FARS
from tests.sim.hub_world import HubBank, start_kiosk
from tests.sim.test_crash_matrix import FAULTS, TURNS, WHOLE, Victim
from tests.unit.kiosk.usecases.bill_world import BILL, PAID, SUM, BillWorld
from tests.unit.kiosk.usecases.money_world import Crash, Moved

EFFECTS_MIN, EFFECTS_MAX = 6, 60


def stays(world: BillWorld, kiosk: ReloadCard) -> None:
    """A citizen who pays, and taps again whatever happens."""
    kiosk.poll()  # a kiosk's process makes its journal before it answers
    for _ in range(TURNS):
        if "done" not in {state for _, state, _ in world.rows(PAID)}:
            kiosk.pay_bill(BILL, SUM)
        world.everybody_pays()
        kiosk.poll()
        world.clock.move(seconds=2)


def world_of(bank: HubBank) -> BillWorld:
    world = BillWorld(bank.folder / "ledger.db", clock=bank.clock)
    world.bank = bank  # type: ignore[assignment]  # the hub's side of the same controls
    return world


def run(world: BillWorld, bank: HubBank, *, kiosk_dies_at: int) -> None:
    """Let a citizen pay while somebody dies; what died is started again."""
    if not kiosk_dies_at:
        stays(world, world.boot())
        return
    process = start_kiosk(world, bank, kiosk_dies_at)
    try:
        stays(world, process)  # type: ignore[arg-type]  # steered over a pipe
    except Crash:
        bank.disturb()
        kiosk = world.boot()
        kiosk.resume()
        stays(world, kiosk)
    finally:
        process.close()


def cell(folder: Path, provider: str, victim: Victim, step: int, turn: int = 0) -> list[str]:
    """Run one cell in a new folder; gives its effects, and asserts what must be so."""
    folder.mkdir(parents=True)
    clock = Moved()
    bank = HubBank(
        folder=folder,
        clock=clock,
        provider=provider,
        far=FARS[provider](clock, described=False),
        kill_at=step if victim == "hub" else 0,
        fault=FAULTS[turn % len(FAULTS)] if step else None,
    )
    world = world_of(bank)
    try:
        run(world, bank, kiosk_dies_at=step if victim == "kiosk" else 0)
        bank.sweep()
        bank.calm()
        world.finish()
        bank.sweep()
        assert (step, world.faults()) == (step, [])
        assert [state for _, state, _ in world.rows(PAID)].count("done") <= 1
        return bank.effects(hub_child.LOG if victim == "hub" else kiosk_child.LOG)
    finally:
        world.die()
        bank.close()


@pytest.mark.parametrize("victim", ["hub", "kiosk"])
@pytest.mark.parametrize("provider", FARS)
def test_whoever_dies_at_any_effect_a_bill_is_paid_once(
    tmp_path: Path, provider: str, victim: Victim
) -> None:
    steps = effects(tmp_path / "dry", provider, victim)
    stride = 1 if WHOLE else 3
    turns = itertools.count(sum(provider.encode()))
    for step in range(1, steps + 1, stride):
        cell(tmp_path / f"{step:03}", provider, victim, step, next(turns))


def effects(folder: Path, provider: str, victim: Victim) -> int:
    """Count the effects of a course in which nobody dies (a kiosk that dies too late for that)."""
    found = len(cell(folder, provider, victim, EFFECTS_MAX if victim == "kiosk" else 0))
    assert EFFECTS_MIN <= found <= EFFECTS_MAX
    return found
