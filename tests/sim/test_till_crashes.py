"""SIGKILL at every durable step at the till: no cent lost or doubled, no ticket without money.

A cash top-up, an entry for cash, a refund and a closing.

The kiosk is a forked process that really dies; the card's chip and the drawer's coins outlive it as
files. What the agent does next is what docs/operations.md says: ask the till, then go on.
"""

from __future__ import annotations

import itertools
import os
import pickle
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.domain.card_move import MoveRow
from kiosk.domain.errors import CardPulled
from kiosk.domain.money import Money
from kiosk.domain.till import TillEvent, TillKind, TillState
from kiosk.domain.till_entry import subject_of, till_entry
from kiosk.store.ledger_entries import append
from kiosk.store.ledger_till import TillStore
from kiosk.usecases.close_till import close_till
from kiosk.usecases.count_till import count_till
from kiosk.usecases.give_back import give_back
from kiosk.usecases.order_ticket import Wish
from kiosk.usecases.refund_card import pay_owed, refund_card
from kiosk.usecases.reload_by_cash import Received, reload_by_cash
from kiosk.usecases.sell_entry import check_sale, sell_entry
from tests.tickets import POOL
from tests.unit.kiosk.usecases.money_world import Fuse
from tests.unit.kiosk.usecases.till_world import BY_AGENT, TillWorld

STEPS_MAX = 60
TWENTY = Received(kind=TillKind.CASH, amount=Money(2_000), given=Money(2_000))
FAMILY = Wish(product=POOL.code, persons=2)
Course = Callable[[TillWorld], None]


class Deadly(Fuse):
    """A fuse that kills its process, after the chip's state is safe in its file."""

    def __init__(self, world: TillWorld, at: int = 0) -> None:
        super().__init__()
        self._world, self._at = world, at

    def burn(self, name: str) -> None:
        self.names.append(name)
        keep(self._world)
        if len(self.names) == self._at:
            os.kill(os.getpid(), signal.SIGKILL)


class LooseTill(TillStore):
    """NEGATIVE CONTROL: a till that writes its event and its entry in two transactions."""

    def record(self, event: TillEvent) -> TillEvent:
        if event.kind is TillKind.CASH:
            with self._ledger.transaction() as connection:
                seq, head = connection.execute(
                    "SELECT seq, hash FROM entry ORDER BY seq DESC LIMIT 1"
                ).fetchone()
                entry = till_entry(event, seq=seq + 1)
                append(connection, [replace(entry, subject=f"x{subject_of(event)}")], after=head)
        return super().record(event)


class ForgetfulTill(TillStore):
    """NEGATIVE CONTROL: a till that doesn't know what it has paid out."""

    def owed(self) -> list[MoveRow]:
        from kiosk.store.ledger_moves import move_of

        query = "SELECT * FROM card_move WHERE kind = 'refund' AND state = 'confirmed'"
        return [move_of(row) for row in self._ledger.read(query)]


def keep(world: TillWorld) -> None:
    """Write down what outlives the kiosk: the chip's state."""
    chip = world.path.with_name("chip.new")
    chip.write_bytes(pickle.dumps(world.card.face))
    chip.replace(world.path.with_name("chip"))


def sells(world: TillWorld) -> None:
    world.reload.card_laid(world.lay())
    reload_by_cash(world.card.face, TWENTY, BY_AGENT, world.desk, world.reload)
    world.reload.poll()


def sells_torn(world: TillWorld) -> None:
    world.card.tear("after")
    sells(world)
    world.reload.card_laid(world.lay())


def sells_entry(world: TillWorld) -> None:
    check_sale(FAMILY, Money(1_000), BY_AGENT, world.desk, world.shop)
    sell_entry(FAMILY, world.reload)
    world.reload.poll()


def refunds(world: TillWorld) -> None:
    refund_card(world.lay(), None, BY_AGENT, world.refunds)


def closes(world: TillWorld) -> None:
    sells(world)
    world.cash += TWENTY.amount.cents
    count_till(world.there, BY_AGENT, world.desk)
    close_till(BY_AGENT, world.desk, world.periods)


COURSES: dict[str, Course] = {
    "cash top-up": sells,
    "cash top-up, card pulled away": sells_torn,
    "entry for cash": sells_entry,
    "refund": refunds,
    "top-up and closing": closes,
}


def begun(folder: Path, store: type[TillStore] = TillStore) -> TillWorld:
    world = TillWorld(folder / "ledger.db", store=store)
    world.boot()
    world.open()
    world.die()
    keep(world)
    return world


def effects_of(course: Course, folder: Path, store: type[TillStore] = TillStore) -> list[str]:
    folder.mkdir()
    world = begun(folder, store)
    fuse = Deadly(world)
    world.boot(fuse)
    course(world)
    world.die()
    return fuse.names


def killed_at(world: TillWorld, course: Course, step: int) -> None:
    """Run a course in a process of its own, which dies at ``step``."""
    child = os.fork()
    if child == 0:
        try:
            world.boot(Deadly(world, step))
            course(world)
        finally:
            os._exit(1)  # a child that reaches its end, or fails, hasn't died as it had to
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status)
    assert os.WTERMSIG(status) == signal.SIGKILL
    world.card._face = pickle.loads(world.path.with_name("chip").read_bytes())
    world.card.tear(None)
    world.ids = itertools.count(1_000)  # ids are drawn by chance: none comes twice


def recovers(world: TillWorld) -> None:
    """Start again: the machine goes on, the card comes back, the list is worked off."""
    world.boot()
    world.clock.move(minutes=3)
    world.reload.resume()
    world.reload.card_laid(world.lay())
    world.reload.poll()
    world.reload.leave()
    for row in world.desk.journal.manual():
        give_back(row, BY_AGENT, world.desk)
    world.reload.resume()
    try:
        if world.moves.unsettled():  # the citizen asks for the refund again
            refund_card(world.lay(), None, BY_AGENT, world.refunds)
    except CardPulled:
        pytest.fail("the card lies there")
    for move in world.desk.journal.owed():
        pay_owed(move.id, BY_AGENT, world.desk)
    if world.desk.journal.till().state is TillState.COUNTED:
        close_till(BY_AGENT, world.desk, world.periods)


def coins(world: TillWorld) -> None:
    """Let the drawer hold what people really moved.

    A credit or a ticket was paid for, a refund handed out.
    """
    moved = world.card.face.balance.cents - world.before.cents
    world.cash = 15_000 + moved + world.sold


@pytest.mark.parametrize("name", COURSES)
def test_a_kill_at_any_durable_step_loses_and_doubles_nothing(tmp_path: Path, name: str) -> None:
    course = COURSES[name]
    effects = effects_of(course, tmp_path / "dry")
    assert 4 < len(effects) <= STEPS_MAX
    for step, effect in enumerate(effects, 1):
        folder = tmp_path / f"{step}"
        folder.mkdir()
        world = begun(folder)
        killed_at(world, course, step)
        recovers(world)
        coins(world)
        world.die()
        assert (step, effect, world.faults()) == (step, effect, [])


def caught(folder: Path, course: Course, store: type[TillStore]) -> set[str]:
    found: set[str] = set()
    for step, effect in enumerate(effects_of(course, folder / "dry", store), 1):
        (folder / f"{step}").mkdir()
        world = begun(folder / f"{step}", store)
        killed_at(world, course, step)
        try:
            recovers(world)
        except Exception as broken:  # noqa: BLE001  # a negative control may break anywhere
            found.add(f"{effect}: {broken}")
        coins(world)
        world.die()
        found.update(world.faults())
    return found


def test_the_check_catches_a_till_that_books_apart_from_its_events(tmp_path: Path) -> None:
    assert caught(tmp_path, sells, LooseTill)


def test_the_check_catches_an_entry_whose_money_is_booked_apart(tmp_path: Path) -> None:
    assert caught(tmp_path, sells_entry, LooseTill)


def test_an_entry_cut_at_any_step_ends_with_its_ticket_or_its_money_back(tmp_path: Path) -> None:
    ends: set[tuple[str, int]] = set()
    for step in range(1, len(effects_of(sells_entry, tmp_path / "dry")) + 1):
        (tmp_path / f"{step}").mkdir()
        world = begun(tmp_path / f"{step}")
        killed_at(world, sells_entry, step)
        recovers(world)
        world.die()
        ends.update(world.rows("SELECT state, ticket != '' FROM topup JOIN ticket_order"))
    assert ends == {("done", 1), ("refunded", 0)}


def test_the_check_catches_a_till_that_forgets_what_it_paid_out(tmp_path: Path) -> None:
    assert caught(tmp_path, refunds, ForgetfulTill)
