"""An entry bought without a card: the top-up's machine, its ticket kept before the money."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from kiosk.domain.errors import AmountRefused, InputRefused, ProductUnknown
from kiosk.domain.money import Money
from kiosk.domain.payment import TopupState
from kiosk.domain.receipt import Mark, read_ticket
from kiosk.domain.sealed import Signer
from kiosk.store.ledger import Ledger
from kiosk.usecases.order_ticket import Wish
from kiosk.usecases.reload_card import ReloadCard
from kiosk.usecases.reload_progress import Stage
from payments.simulator.faults import Fault
from tests.tickets import ORDER, ROW, TODAY
from tests.unit.kiosk.usecases.money_world import FAULTS, Crash, Fuse
from tests.unit.kiosk.usecases.ticket_world import KEYS, ORDERS, TicketWorld, shop

Course = Callable[[TicketWorld, ReloadCard], None]
WISH = Wish(product=101, persons=2)
EFFECTS_MAX = 60


@pytest.fixture
def world(tmp_path: Path) -> Iterator[TicketWorld]:
    one = TicketWorld(tmp_path / "ledger.db")
    yield one
    one.die()


def pays(world: TicketWorld, kiosk: ReloadCard) -> None:
    kiosk.buy(WISH)
    kiosk.poll()
    world.everybody_pays()
    kiosk.poll()
    kiosk.poll()


def is_declined(world: TicketWorld, kiosk: ReloadCard) -> None:
    kiosk.buy(WISH)
    world.everybody_refuses()
    kiosk.poll()


def gives_up_before_paying(world: TicketWorld, kiosk: ReloadCard) -> None:
    kiosk.buy(WISH)
    kiosk.cancel()
    world.everybody_pays()
    kiosk.poll()


def pays_and_walks_away(world: TicketWorld, kiosk: ReloadCard) -> None:
    kiosk.buy(WISH)
    world.everybody_pays()
    kiosk.leave()


def pays_with_a_card_on_the_reader(world: TicketWorld, kiosk: ReloadCard) -> None:
    kiosk.buy(WISH)
    kiosk.card_laid(world.lay())
    world.everybody_pays()
    kiosk.poll()
    kiosk.poll()


COURSES: dict[str, Course] = {
    "success": pays,
    "declined": is_declined,
    "given up before paying": gives_up_before_paying,
    "paid and walked away": pays_and_walks_away,
    "a card lies there": pays_with_a_card_on_the_reader,
}


def effects_of(course: Course, folder: Path) -> list[str]:
    world = TicketWorld(folder / "dry.db")
    course(world, world.boot())
    world.die()
    return world.fuse.names


def crash_at(world: TicketWorld, course: Course, number: int) -> str:
    kiosk = world.boot(Fuse(number))
    with pytest.raises(Crash) as crash:
        course(world, kiosk)
    world.die()
    world.remember()
    return str(crash.value)


def test_a_visitor_pays_and_has_a_signed_ticket(world: TicketWorld) -> None:
    kiosk = world.boot()
    begun = kiosk.buy(WISH)
    assert (begun.stage, begun.row.amount) == (Stage.PAY, Money(640))
    world.everybody_pays()
    done = kiosk.poll()
    assert done is not None
    assert done.stage is Stage.DONE
    world.die()
    ticket = world.ticket(begun.row.id)
    assert (ticket.product, ticket.quantity, ticket.kiosk) == ("101", 2, "borne")
    assert (ticket.first_day, ticket.last_day) == (TODAY, TODAY)


def test_the_ticket_s_day_is_the_territory_s(world: TicketWorld) -> None:
    world.clock.move(hours=13, minutes=30)  # 23:12 in UTC is past midnight in Paris
    kiosk = world.boot()
    order = kiosk.buy(WISH).row.ticket_order
    assert order is not None
    assert order.first_day == date(2026, 11, 23)


def test_the_ticket_is_kept_before_the_money_is_taken(world: TicketWorld) -> None:
    effects = effects_of(pays, world.path.parent)
    number = effects.index("capture before") + 1
    crash_at(world, pays, number)
    ((_, state, ticket),) = world.rows(ORDERS)
    assert (state, ticket[:5]) == ("capturing", "ALV1:")


@pytest.mark.parametrize("state", ["created", "intent_created", "authorized"])
def test_no_ticket_is_made_before_it_is_paid(tmp_path: Path, state: str) -> None:
    for number in range(1, len(effects_of(pays, tmp_path)) + 1):
        world = TicketWorld(tmp_path / f"{number}.db")
        crash_at(world, pays, number)
        made = [ticket for _, now, ticket in world.rows(ORDERS) if now == state]
        assert (number, [ticket for ticket in made if ticket]) == (number, [])


@pytest.mark.parametrize("name", COURSES)
def test_without_a_crash_tickets_entries_and_captures_agree(world: TicketWorld, name: str) -> None:
    COURSES[name](world, world.boot())
    world.finish()
    assert world.faults() == []
    assert bool(world.kept) is (name in {"success", "a card lies there"})


@pytest.mark.parametrize("name", COURSES)
def test_a_crash_at_any_effect_loses_and_doubles_no_ticket(tmp_path: Path, name: str) -> None:
    course = COURSES[name]
    effects = effects_of(course, tmp_path)
    assert 6 < len(effects) <= EFFECTS_MAX
    for number, effect in enumerate(effects, 1):
        world = TicketWorld(tmp_path / f"{number}.db")
        assert crash_at(world, course, number) == effect
        world.finish()
        assert (number, effect, world.faults()) == (number, effect, [])


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", COURSES)
def test_a_network_fault_at_any_call_loses_and_doubles_no_ticket(
    tmp_path: Path, name: str, fault: Fault
) -> None:
    for call in range(7):
        world = TicketWorld(tmp_path / f"{call}.db")
        world.bank.disturb(*[None] * call, fault)
        COURSES[name](world, world.boot())
        world.finish()
        assert (call, world.faults()) == (call, [])


def test_a_crash_and_a_fault_together_lose_and_double_no_ticket(tmp_path: Path) -> None:
    effects = effects_of(pays, tmp_path)
    for number in range(1, len(effects) + 1):
        for fault in FAULTS:
            world = TicketWorld(tmp_path / f"{number}-{fault}.db")
            crash_at(world, pays, number)
            world.bank.disturb(fault)
            kiosk = world.boot()
            kiosk.resume()
            world.everybody_pays()
            kiosk.poll()
            world.finish()
            assert (number, fault, world.faults()) == (number, fault, [])


def test_a_visitor_who_stays_after_the_crash_gets_the_ticket(tmp_path: Path) -> None:
    for number, effect in enumerate(effects_of(pays, tmp_path), 1):
        world = TicketWorld(tmp_path / f"{number}.db")
        crash_at(world, pays, number)
        kiosk = world.boot()
        kiosk.resume()
        for _ in range(3):
            world.everybody_pays()
            kiosk.poll()
        began = bool(world.rows(ORDERS))
        world.finish()
        assert (number, effect, world.faults()) == (number, effect, [])
        assert bool(world.kept) is began


def test_a_second_tap_gives_the_payment_that_runs(world: TicketWorld) -> None:
    kiosk = world.boot()
    first = kiosk.buy(WISH)
    assert kiosk.buy(replace(WISH, persons=9)).row == first.row


@pytest.mark.parametrize(
    ("wish", "error"),
    [
        (replace(WISH, product=999), ProductUnknown),
        (replace(WISH, tariff="friend"), ProductUnknown),
        (replace(WISH, persons=10), AmountRefused),
    ],
)
def test_what_isn_t_sold_is_never_asked_for(
    world: TicketWorld, wish: Wish, error: type[Exception]
) -> None:
    with pytest.raises(error):
        world.boot().buy(wish)
    assert world.bank.payments() == ()
    assert world.rows(ORDERS) == []


def test_a_kiosk_without_a_shop_sells_nothing(world: TicketWorld) -> None:
    world.shop = None
    with pytest.raises(ProductUnknown):
        world.boot().buy(WISH)


def no_key() -> Signer:
    raise InputRefused("others may read it")


def test_without_a_key_to_sign_nothing_is_asked_for(world: TicketWorld) -> None:
    world.shop = replace(shop(), open_signer=no_key)
    with pytest.raises(InputRefused):
        world.boot().buy(WISH)
    assert world.bank.payments() == ()


def test_a_key_that_is_lost_after_the_payment_gives_the_money_back(world: TicketWorld) -> None:
    kiosk = world.boot()
    kiosk.buy(WISH)
    world.everybody_pays()
    world.shop = replace(shop(), open_signer=no_key)
    kiosk = world.boot()
    assert [one.message_key for one in kiosk.resume()] == [InputRefused.message_key]
    world.clock.move(minutes=3)
    kiosk.resume()
    kiosk.resume()
    assert world.faults() == []
    assert world.rows(ORDERS)[0][1] == TopupState.CANCELED.value


def test_orders_wait_for_no_card(world: TicketWorld) -> None:
    kiosk = world.boot()
    kiosk.buy(WISH)
    assert kiosk.card_laid(world.lay()) is None
    with Ledger(world.path.with_name("other.db"), free=lambda _: 10**12) as other:
        assert list(other.open_topups()) == []


@pytest.mark.parametrize(
    ("marks", "provider", "borne"),
    [
        (Mark.DEMO, "simulator", Mark.DEMO),
        (Mark.DEMO, "stripe_checkout", Mark.NONE),
        (Mark.DEMO, "cash", Mark.DEMO),
        (Mark.NONE, "cash", Mark.NONE),
        (Mark.NONE, "simulator", Mark.DEMO),
        (Mark.DEMO | Mark.TRAINING, "simulator", Mark.DEMO | Mark.TRAINING),
    ],
)
def test_a_ticket_bears_the_marks_of_the_money_that_paid_it(
    marks: Mark, provider: str, borne: Mark
) -> None:
    row = replace(ROW, provider=provider)
    ticket = read_ticket(replace(shop(), marks=marks).seal(row, ORDER), KEYS)
    assert ticket.marks == borne
