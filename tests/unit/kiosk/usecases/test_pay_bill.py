"""A bill paid by the top-up's machine: once, whatever crashes, is lost or is tapped twice."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.domain.errors import BillBusy, BillPaid, LicenceEnded
from kiosk.domain.ledger import income
from kiosk.domain.payment import TopupState
from kiosk.store.ledger import Ledger
from kiosk.usecases.reload_card import ReloadCard
from kiosk.usecases.reload_progress import Stage
from payments.provider import CURRENCY
from payments.simulator.faults import Fault
from tests.unit.kiosk.usecases.bill_world import BILL, OTHER, PAID, SUM, BillWorld
from tests.unit.kiosk.usecases.money_world import FAULTS, Crash, Fuse

Course = Callable[[BillWorld, ReloadCard], None]
EFFECTS_MAX = 60


@pytest.fixture
def world(tmp_path: Path) -> Iterator[BillWorld]:
    one = BillWorld(tmp_path / "ledger.db")
    yield one
    one.die()


def pays(world: BillWorld, kiosk: ReloadCard) -> None:
    kiosk.pay_bill(BILL, SUM)
    kiosk.poll()
    world.everybody_pays()
    kiosk.poll()
    kiosk.poll()


def is_declined(world: BillWorld, kiosk: ReloadCard) -> None:
    kiosk.pay_bill(BILL, SUM)
    world.everybody_refuses()
    kiosk.poll()


def gives_up_before_paying(world: BillWorld, kiosk: ReloadCard) -> None:
    kiosk.pay_bill(BILL, SUM)
    kiosk.cancel()
    world.everybody_pays()
    kiosk.poll()


def pays_and_walks_away(world: BillWorld, kiosk: ReloadCard) -> None:
    kiosk.pay_bill(BILL, SUM)
    world.everybody_pays()
    kiosk.leave()


COURSES: dict[str, Course] = {
    "success": pays,
    "declined": is_declined,
    "given up before paying": gives_up_before_paying,
    "paid and walked away": pays_and_walks_away,
}


def crash_at(world: BillWorld, course: Course, number: int) -> str:
    kiosk = world.boot(Fuse(number))
    with pytest.raises(Crash) as crash:
        course(world, kiosk)
    world.die()
    return str(crash.value)


def effects_of(course: Course, folder: Path) -> list[str]:
    world = BillWorld(folder / "dry.db")
    course(world, world.boot())
    world.die()
    return world.fuse.names


def test_a_bill_is_paid_and_the_journal_says_which(world: BillWorld) -> None:
    kiosk = world.boot()
    begun = kiosk.pay_bill(BILL, SUM)
    assert (begun.stage, begun.row.amount) == (Stage.PAY, SUM)
    world.everybody_pays()
    done = kiosk.poll()
    assert done is not None
    assert (done.stage, done.row.bill) == (Stage.DONE, BILL)
    world.die()
    assert world.rows("SELECT kind, subject, card FROM entry") == [
        ("bill", done.row.id, "bill:900001:2026CANT000417")
    ]
    assert world.rows("SELECT account, cents FROM leg ORDER BY place") == [
        ("bank.clearing", SUM.cents),
        (income("cantine"), -SUM.cents),
    ]
    assert world.faults() == []


def test_a_bill_that_is_paid_isn_t_paid_again(world: BillWorld) -> None:
    kiosk = world.boot()
    pays(world, kiosk)
    kiosk.leave()
    with pytest.raises(BillPaid):
        kiosk.pay_bill(BILL, SUM)
    assert kiosk.pay_bill(OTHER, SUM).stage is Stage.PAY
    assert len(world.bank.payments()) == 2


def test_a_second_tap_gives_the_payment_that_runs(world: BillWorld) -> None:
    kiosk = world.boot()
    first = kiosk.pay_bill(BILL, SUM)
    assert kiosk.pay_bill(BILL, SUM).row == first.row


def test_a_bill_that_was_given_up_can_be_paid(world: BillWorld) -> None:
    kiosk = world.boot()
    kiosk.pay_bill(BILL, SUM)
    kiosk.cancel()
    kiosk.leave()
    pays(world, kiosk)
    world.finish()
    assert [state for _, state, _ in world.rows(PAID)] == ["canceled", "done"]
    assert world.faults() == []


def test_a_bill_whose_payment_staff_must_look_at_isn_t_begun_again(world: BillWorld) -> None:
    kiosk = world.boot()
    row = kiosk.pay_bill(BILL, SUM).row
    assert world.ledger is not None
    world.ledger.save_topup(replace(row, state=TopupState.MANUAL))
    world.boot()
    with pytest.raises(BillBusy):
        world.boot().pay_bill(BILL, SUM)


def test_a_bill_that_another_kiosk_has_paid_is_refused_by_the_hub(world: BillWorld) -> None:
    other = BillWorld(world.path.with_name("other.db"), clock=world.clock)
    other.bank, other.ids = world.bank, iter(range(1000, 2000))  # type: ignore[assignment]
    pays(other, other.boot())
    other.die()
    told = world.boot().pay_bill(BILL, SUM)
    assert (told.stage, told.message_key) == (Stage.CANCELED, BillPaid.message_key)
    world.finish()
    other.path = world.path
    assert [state for _, state, _ in world.rows(PAID)] == ["canceled"]


def test_a_bill_that_another_kiosk_is_paying_is_refused_until_it_is_given_up(
    world: BillWorld,
) -> None:
    service = world.bank._service  # another kiosk's call of the same hub
    paying = service.create("T-elsewhere", SUM.cents, CURRENCY, key="k", bill=BILL)
    kiosk = world.boot()
    assert kiosk.pay_bill(BILL, SUM).message_key == BillBusy.message_key
    service.cancel(paying.id, key="c")
    kiosk.leave()
    assert kiosk.pay_bill(BILL, SUM).stage is Stage.PAY


def test_the_journal_itself_refuses_a_second_payment_of_a_bill(world: BillWorld) -> None:
    kiosk = world.boot()
    pays(world, kiosk)
    world.die()
    with closing(sqlite3.connect(world.path)) as connection:
        connection.execute("INSERT INTO topup SELECT 'T-2', 'created', card, amount_cents,"
            " provider, payment_id, load_number, balance_before_cents, created_at, changed_at,"
            " note, entry, sequence, commits FROM topup")  # fmt: skip
        with pytest.raises(sqlite3.IntegrityError, match="paid, or being paid"):
            connection.execute("INSERT INTO bill_order VALUES ('T-2', ?, 'cantine')", (BILL.key,))


@pytest.mark.parametrize("statement", ["UPDATE bill_order SET bill = ''", "DELETE FROM bill_order"])
def test_a_bill_of_the_journal_is_never_changed(world: BillWorld, statement: str) -> None:
    world.boot().pay_bill(BILL, SUM)
    world.die()
    with (
        closing(sqlite3.connect(world.path)) as connection,
        pytest.raises(sqlite3.IntegrityError, match="never"),
    ):
        connection.execute(statement)


def test_a_bill_that_a_crash_has_cut_off_goes_on_with_its_own_payment(world: BillWorld) -> None:
    first = world.boot().pay_bill(BILL, SUM)
    kiosk = world.boot()
    assert kiosk.pay_bill(BILL, SUM).row.id == first.row.id
    assert len(world.bank.payments()) == 1


def test_bills_wait_for_no_card(world: BillWorld) -> None:
    kiosk = world.boot()
    kiosk.pay_bill(BILL, SUM)
    assert kiosk.card_laid(world.lay()) is None


def test_a_bill_is_told_to_the_hub(world: BillWorld) -> None:
    world.boot().pay_bill(BILL, SUM)
    world.die()
    with Ledger(world.path, free=lambda _: 10**12) as ledger:
        assert '"bill": "900001:2026CANT000417"' in ledger.events()[0].payload


@pytest.mark.parametrize("name", COURSES)
def test_whatever_a_citizen_does_money_and_bills_agree(world: BillWorld, name: str) -> None:
    COURSES[name](world, world.boot())
    world.finish()
    assert world.faults() == []


@pytest.mark.parametrize("name", COURSES)
def test_a_crash_at_any_effect_loses_and_doubles_no_bill(tmp_path: Path, name: str) -> None:
    effects = effects_of(COURSES[name], tmp_path)
    assert 6 < len(effects) <= EFFECTS_MAX
    for number, effect in enumerate(effects, 1):
        world = BillWorld(tmp_path / f"{number}.db")
        assert crash_at(world, COURSES[name], number) == effect
        world.finish()
        assert (number, effect, world.faults()) == (number, effect, [])


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", COURSES)
def test_a_network_fault_at_any_call_loses_and_doubles_no_bill(
    tmp_path: Path, name: str, fault: Fault
) -> None:
    for call in range(7):
        world = BillWorld(tmp_path / f"{call}.db")
        world.bank.disturb(*[None] * call, fault)
        COURSES[name](world, world.boot())
        world.finish()
        assert (call, world.faults()) == (call, [])


def test_whoever_pays_again_after_a_crash_pays_once(tmp_path: Path) -> None:
    for number, effect in enumerate(effects_of(pays, tmp_path), 1):
        world = BillWorld(tmp_path / f"{number}.db")
        crash_at(world, pays, number)
        kiosk = world.boot()
        kiosk.resume()
        try:
            pays(world, kiosk)
        except BillPaid:
            assert world.rows(PAID)[0][1] == "done"
        world.finish()
        assert (number, effect, world.faults()) == (number, effect, [])
        assert [state for _, state, _ in world.rows(PAID)].count("done") == 1


def test_without_a_permit_no_bill_begins_and_one_that_runs_goes_on(world: BillWorld) -> None:
    kiosk = world.boot()
    kiosk.pay_bill(BILL, SUM)

    def refuse() -> None:
        raise LicenceEnded("over")

    world.permit = refuse
    kiosk = world.boot()
    with pytest.raises(LicenceEnded):
        kiosk.pay_bill(OTHER, SUM)
    assert kiosk.pay_bill(BILL, SUM).row.state is TopupState.INTENT_CREATED
    assert len(world.rows(PAID)) == 1
