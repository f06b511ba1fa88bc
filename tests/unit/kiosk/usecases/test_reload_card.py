"""The top-up's driver, one behaviour at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from kiosk.domain.errors import (
    AmountRefused,
    CardBlocked,
    CardExpired,
    CardForeign,
    CardTampered,
    OtherCard,
    PurseFull,
    StorageFull,
)
from kiosk.domain.money import Money
from kiosk.domain.payment import CARD_MAX, PAY_MAX, PaymentStatus, PaymentView, TopupState
from kiosk.store.ledger import Ledger
from kiosk.usecases.reload_card import LABEL, RESUME_MAX, STEPS_MAX, ReloadCard
from kiosk.usecases.reload_progress import Progress, Stage
from payments.simulator.faults import Fault
from tests.plain.cards import VirtualCard
from tests.plain.faces import bank_card
from tests.unit.kiosk.usecases.money_world import World

AMOUNT = Money(2000)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    one = World(tmp_path / "ledger.db")
    yield one
    one.die()


@pytest.fixture
def kiosk(world: World) -> ReloadCard:
    return world.boot()


def begin(world: World, kiosk: ReloadCard) -> Progress:
    return kiosk.start(world.card.face, AMOUNT)


def authorize(world: World, kiosk: ReloadCard) -> Progress:
    begin(world, kiosk)
    world.everybody_pays()
    told = kiosk.poll()
    assert told is not None
    assert told.stage is Stage.CARD
    return told


def state(world: World) -> list[str]:
    return [row[0] for row in world.rows("SELECT state FROM topup ORDER BY id")]


def test_a_topup_begins_with_a_payment_to_show(world: World, kiosk: ReloadCard) -> None:
    begun = begin(world, kiosk)
    assert begun.stage is Stage.PAY
    assert begun.payment is not None
    assert begun.payment.url.startswith("https://paiement-simule.example/p/")
    assert begun.payment.amount == AMOUNT
    assert begun.balance == Money(3240)
    assert begun.pay_until == world.clock.now() + PAY_MAX


def test_a_whole_topup_ends_done_with_its_entry(world: World, kiosk: ReloadCard) -> None:
    authorize(world, kiosk)
    done = kiosk.card_laid(world.lay())
    assert done is not None
    assert (done.stage, done.row.entry, done.message_key) == (Stage.DONE, 1, "")
    assert done.ended
    assert done.balance == Money(3240) == world.card.face.balance
    assert world.card.face.log[0].label == LABEL
    assert world.faults() == []


def test_the_card_number_is_in_no_file(world: World, kiosk: ReloadCard) -> None:
    authorize(world, kiosk)
    kiosk.card_laid(world.lay())
    world.die()
    for file in world.path.parent.iterdir():
        content = file.read_bytes()
        assert b"ALV61" not in content
        assert b"0000-4821" not in content


def test_the_card_may_lie_there_all_along(world: World, kiosk: ReloadCard) -> None:
    assert kiosk.card_laid(world.lay()) is None
    begin(world, kiosk)
    world.everybody_pays()
    done = kiosk.poll()
    assert done is not None
    assert done.stage is Stage.DONE


def test_a_lifted_card_is_not_written_without_being_laid_again(
    world: World, kiosk: ReloadCard
) -> None:
    kiosk.card_laid(world.lay())
    begin(world, kiosk)
    kiosk.card_lifted()
    world.everybody_pays()
    told = kiosk.poll()
    assert told is not None
    assert told.stage is Stage.CARD
    assert world.card.face.balance == Money(1240)


def test_a_card_lifted_unnoticed_is_asked_for(world: World, kiosk: ReloadCard) -> None:
    kiosk.card_laid(world.lay())
    begin(world, kiosk)
    world.reader.lift()
    world.everybody_pays()
    told = kiosk.poll()
    assert told is not None
    assert told.stage is Stage.CARD


@pytest.mark.parametrize("cents", [2000, 500])
def test_a_second_tap_gives_the_topup_that_runs(
    world: World, kiosk: ReloadCard, cents: int
) -> None:
    first = begin(world, kiosk)
    second = kiosk.start(world.card.face, Money(cents))
    assert second == first
    assert len(world.bank.payments()) == 1


def test_a_second_tap_while_the_card_is_asked_for_changes_nothing(
    world: World, kiosk: ReloadCard
) -> None:
    told = authorize(world, kiosk)
    assert begin(world, kiosk) == told
    assert state(world) == ["authorized"]


def test_a_tap_after_the_end_begins_another_topup(world: World, kiosk: ReloadCard) -> None:
    authorize(world, kiosk)
    kiosk.card_laid(world.lay())
    assert begin(world, kiosk).row.id == "T-000000000002"


def test_another_cards_topup_waits_for_the_running_one(world: World, kiosk: ReloadCard) -> None:
    begin(world, kiosk)
    with pytest.raises(OtherCard):
        kiosk.start(world.other.face, AMOUNT)


@pytest.mark.parametrize("cents", [0, -2000, 99, 15_001])
def test_an_absurd_sum_begins_nothing(world: World, kiosk: ReloadCard, cents: int) -> None:
    with pytest.raises(AmountRefused):
        kiosk.start(world.card.face, Money(cents))
    assert (state(world), world.bank.payments()) == ([], ())


def test_a_sum_over_the_ceiling_begins_nothing(world: World, kiosk: ReloadCard) -> None:
    with pytest.raises(PurseFull):
        kiosk.start(world.card.face, Money(14_000))
    assert state(world) == []


def test_a_blocked_an_expired_and_a_badge_card_begin_nothing(
    world: World, kiosk: ReloadCard
) -> None:
    face = world.card.face
    with pytest.raises(CardBlocked):
        kiosk.start(replace(face, blocked=True), AMOUNT)
    with pytest.raises(CardExpired):
        kiosk.start(replace(face, valid_until=date(2026, 1, 1)), AMOUNT)
    with pytest.raises(CardForeign):
        kiosk.start(replace(face, kind="badge"), AMOUNT)
    assert state(world) == []


def test_another_card_is_refused_and_nothing_moves(world: World, kiosk: ReloadCard) -> None:
    authorize(world, kiosk)
    with pytest.raises(OtherCard):
        kiosk.card_laid(world.lay(world.other))
    assert state(world) == ["authorized"]
    assert world.other.face.balance == Money(0)


def test_another_card_that_stays_there_is_only_told(world: World, kiosk: ReloadCard) -> None:
    authorize(world, kiosk)
    with pytest.raises(OtherCard):
        kiosk.card_laid(world.lay(world.other))
    told = kiosk.poll()
    assert told is not None
    assert (told.stage, told.message_key) == (Stage.CARD, "card.other")


def test_a_bank_card_is_refused_politely(world: World, kiosk: ReloadCard) -> None:
    authorize(world, kiosk)
    with pytest.raises(CardForeign):
        kiosk.card_laid(world.reader.lay(bank_card()))
    told = kiosk.poll()
    assert told is not None
    assert (told.stage, told.message_key) == (Stage.CARD, "card.foreign")


@pytest.mark.parametrize(("torn", "balance"), [("before", 1240), ("after", 3240)])
def test_a_torn_card_is_asked_for_again_and_credited_once(
    world: World, kiosk: ReloadCard, torn: str, balance: int
) -> None:
    authorize(world, kiosk)
    world.card.tear("before" if torn == "before" else "after")
    told = kiosk.card_laid(world.lay())
    assert told is not None
    assert (told.stage, told.message_key) == (Stage.CARD_AGAIN, "card.pulled")
    assert world.card.face.balance == Money(balance)
    again = kiosk.card_laid(world.lay())
    assert again is not None
    assert (again.stage, again.message_key) == (Stage.DONE, "")
    assert world.card.face.balance == Money(3240)
    assert world.faults() == []


def test_a_torn_card_can_not_be_given_up(world: World, kiosk: ReloadCard) -> None:
    authorize(world, kiosk)
    world.card.tear("after")
    kiosk.card_laid(world.lay())
    told = kiosk.cancel()
    assert told is not None
    assert told.stage is Stage.CARD_AGAIN


@pytest.mark.parametrize("days", [0, 1, 30])
@pytest.mark.parametrize("torn", ["before", "after"])
def test_a_torn_card_is_settled_when_it_comes_back_on_a_later_day(
    world: World, kiosk: ReloadCard, days: int, torn: str
) -> None:
    authorize(world, kiosk)
    world.card.tear("before" if torn == "before" else "after")
    kiosk.card_laid(world.lay())
    kiosk.leave()
    world.wait(days=days)
    later = world.boot()
    later.resume()
    settled = later.card_laid(world.lay())
    assert settled is not None
    assert settled.stage is Stage.DONE
    assert (world.card.face.balance, world.faults()) == (Money(3240), [])


def test_a_torn_card_blocks_no_other_citizen(world: World, kiosk: ReloadCard) -> None:
    authorize(world, kiosk)
    world.card.tear("after")
    kiosk.card_laid(world.lay())
    other = kiosk.start(world.other.face, Money(500))
    assert other.row.id == "T-000000000002"
    world.everybody_pays()
    kiosk.poll()
    done = kiosk.card_laid(world.lay(world.other))
    assert done is not None
    assert (done.stage, world.other.face.balance) == (Stage.DONE, Money(500))


def test_a_new_topup_of_a_torn_card_is_the_old_one_first(world: World, kiosk: ReloadCard) -> None:
    authorize(world, kiosk)
    world.card.tear("before")
    kiosk.card_laid(world.lay())
    kiosk.leave()
    told = kiosk.start(world.card.face, Money(500))
    assert (told.row.id, told.stage) == ("T-000000000001", Stage.CARD_AGAIN)


def test_a_declined_payment_takes_nothing(world: World, kiosk: ReloadCard) -> None:
    begin(world, kiosk)
    world.everybody_refuses()
    told = kiosk.poll()
    assert told is not None
    assert (told.stage, told.message_key) == (Stage.CANCELED, "payment.declined")
    assert world.card.face.balance == Money(1240)


def test_giving_up_before_paying_cancels_the_payment(world: World, kiosk: ReloadCard) -> None:
    begin(world, kiosk)
    told = kiosk.cancel()
    assert told is not None
    assert told.stage is Stage.CANCELED
    assert world.bank.payments()[0].view.status is PaymentStatus.CANCELED


def test_a_payment_without_manual_capture_that_is_given_up_is_refunded(
    world: World, kiosk: ReloadCard
) -> None:
    told = authorize(world, kiosk)
    world.bank.capture(told.row.payment_id, idempotency_key="a provider that takes at once")
    leaving = kiosk.cancel()
    assert leaving is not None
    assert leaving.stage is Stage.REFUND
    assert not leaving.ended
    world.bank.refund(told.row.payment_id)
    assert [p.row.state for p in kiosk.resume()] == [TopupState.REFUNDED]


def test_an_unpaid_payment_is_given_up_when_its_clock_is_over(
    world: World, kiosk: ReloadCard
) -> None:
    begin(world, kiosk)
    world.clock.move(seconds=PAY_MAX.total_seconds())
    told = kiosk.poll()
    assert told is not None
    assert told.stage is Stage.CANCELED


def test_a_card_that_never_comes_voids_the_payment(world: World, kiosk: ReloadCard) -> None:
    authorize(world, kiosk)
    world.clock.move(seconds=CARD_MAX.total_seconds())
    told = kiosk.poll()
    assert told is not None
    assert (told.stage, told.message_key) == (Stage.CANCELED, "")
    assert world.card.face.balance == Money(1240)


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"blocked": True}, "card.blocked"),
        ({"valid_until": date(2026, 1, 1)}, "card.expired"),
        ({"balance": Money(14_000)}, "purse.full"),
    ],
)
def test_a_card_that_can_no_longer_be_loaded_voids_the_payment(
    world: World, kiosk: ReloadCard, change: dict[str, object], key: str
) -> None:
    authorize(world, kiosk)
    changed = VirtualCard(replace(world.card.face, **change))  # type: ignore[arg-type]  # by name
    told = kiosk.card_laid(world.lay(changed))
    assert told is not None
    assert (told.stage, told.message_key) == (Stage.CANCELED, key)


@pytest.mark.parametrize(
    ("change", "key"),
    [({"blocked": True}, "card.blocked"), ({"balance": Money(14_000)}, "purse.full")],
)
def test_a_torn_card_that_refuses_the_load_voids_the_payment(
    world: World, kiosk: ReloadCard, change: dict[str, object], key: str
) -> None:
    authorize(world, kiosk)
    world.card.tear("before")
    kiosk.card_laid(world.lay())
    changed = VirtualCard(replace(world.card.face, **change))  # type: ignore[arg-type]  # by name
    told = kiosk.card_laid(world.lay(changed))
    assert told is not None
    assert (told.stage, told.message_key) == (Stage.CANCELED, key)


def test_a_card_whose_counter_went_back_goes_to_the_staff(world: World, kiosk: ReloadCard) -> None:
    authorize(world, kiosk)
    world.card.tear("before")
    kiosk.card_laid(world.lay())
    cloned = VirtualCard(replace(world.card.face, last_load=1))
    told = kiosk.card_laid(world.lay(cloned))
    assert told is not None
    assert (told.stage, told.message_key) == (Stage.STAFF, "card.tampered")


class BrokenOnWrite:
    """A session whose card contradicts itself when it is written."""

    def __init__(self, card: VirtualCard) -> None:
        self._card = card

    def read(self) -> object:
        return self._card.face

    def write_load(self, load: object) -> object:
        raise CardTampered("the MAC is wrong")


def test_a_card_that_contradicts_itself_while_written_goes_to_the_staff(
    world: World, kiosk: ReloadCard
) -> None:
    authorize(world, kiosk)
    told = kiosk.card_laid(BrokenOnWrite(world.card))  # type: ignore[arg-type]  # a bad session
    assert told is not None
    assert (told.stage, told.message_key) == (Stage.STAFF, "card.tampered")


def test_a_session_that_ended_before_the_read_asks_for_the_card(
    world: World, kiosk: ReloadCard
) -> None:
    gone = world.lay()
    world.reader.lift()
    assert kiosk.card_laid(gone) is None
    authorize(world, kiosk)
    told = kiosk.card_laid(gone)
    assert told is not None
    assert (told.stage, told.message_key) == (Stage.CARD, "card.pulled")


def test_a_card_laid_without_any_topup_concerns_nobody(world: World, kiosk: ReloadCard) -> None:
    assert kiosk.card_laid(world.lay()) is None
    assert (kiosk.poll(), kiosk.cancel(), kiosk.progress) == (None, None, None)


def test_a_silent_bank_is_said_and_asked_again(world: World, kiosk: ReloadCard) -> None:
    world.bank.disturb(Fault.REQUEST_LOST)
    begun = begin(world, kiosk)
    assert (begun.stage, begun.message_key) == (Stage.PAY, "payment.unavailable")
    assert begun.payment is None
    told = kiosk.poll()
    assert told is not None
    assert told.message_key == ""
    assert told.payment is not None


def test_a_capture_without_an_answer_is_accepted_but_not_yet_paid(
    world: World, kiosk: ReloadCard
) -> None:
    authorize(world, kiosk)
    world.bank.disturb(None, Fault.ANSWER_LOST)
    told = kiosk.card_laid(world.lay())
    assert told is not None
    assert (told.stage, told.row.entry) == (Stage.CONFIRMING, 1)
    assert not told.ended
    paid = kiosk.poll()
    assert paid is not None
    assert paid.stage is Stage.DONE


def test_a_hold_without_an_answer_writes_nothing_until_it_is_acknowledged(
    world: World, kiosk: ReloadCard
) -> None:
    authorize(world, kiosk)
    world.bank.disturb(Fault.ANSWER_LOST)
    told = kiosk.card_laid(world.lay())
    assert told is not None
    assert told.stage is Stage.CARD
    assert world.card.face.balance == Money(1240)
    done = kiosk.poll()
    assert done is not None
    assert done.stage is Stage.DONE


def test_a_payment_the_bank_has_forgotten_goes_to_the_staff(
    world: World, kiosk: ReloadCard
) -> None:
    begin(world, kiosk)
    world.bank = type(world.bank)(clock=world.clock, environment="test")
    again = world.boot()
    (told,) = again.resume()
    assert (told.stage, told.message_key) == (Stage.STAFF, "payment.unknown")


def test_a_payment_the_bank_won_t_begin_is_canceled(world: World, kiosk: ReloadCard) -> None:
    class Declining(type(world.bank)):  # type: ignore[misc]  # the class of this world's bank
        def create(self, *_: object, **__: object) -> object:
            from kiosk.domain.errors import PaymentDeclined

            raise PaymentDeclined("over the hub's limit")

    world.bank = Declining(clock=world.clock, environment="test")
    told = world.boot().start(world.card.face, AMOUNT)
    assert (told.stage, told.message_key) == (Stage.CANCELED, "payment.declined")


def test_a_bank_that_contradicts_itself_is_not_asked_for_ever(
    world: World, kiosk: ReloadCard
) -> None:
    begin(world, kiosk)
    asked: list[str] = []

    def cancel(payment_id: str, **_: object) -> PaymentView:
        asked.append(payment_id)
        return world.bank.retrieve(payment_id)

    world.bank.cancel = cancel  # type: ignore[method-assign]  # a far side that never cancels
    told = kiosk.cancel()
    assert told is not None
    assert told.stage is Stage.LEAVING
    assert len(asked) == STEPS_MAX


def test_a_key_too_old_is_not_sent_again(world: World, kiosk: ReloadCard) -> None:
    world.bank.disturb(Fault.REQUEST_LOST)
    begin(world, kiosk)
    world.clock.move(hours=23)
    (told,) = world.boot().resume()
    assert (told.stage, world.bank.payments()) == (Stage.CANCELED, ())


def test_a_full_disk_begins_nothing(tmp_path: Path) -> None:
    world = World(tmp_path / "ledger.db")
    kiosk = world.boot()
    assert isinstance(world.ledger, Ledger)
    world.ledger._free = lambda _: 1000
    with pytest.raises(StorageFull):
        begin(world, kiosk)
    assert (world.bank.payments(), kiosk.progress) == ((), None)
    world.die()


def test_a_full_disk_does_not_stop_a_topup_under_way(world: World, kiosk: ReloadCard) -> None:
    authorize(world, kiosk)
    assert world.ledger is not None
    world.ledger._free = lambda _: 1000
    done = kiosk.card_laid(world.lay())
    assert done is not None
    assert done.stage is Stage.DONE


def test_a_crash_leaves_the_waiting_topup_active(world: World, kiosk: ReloadCard) -> None:
    authorize(world, kiosk)
    again = world.boot()
    (told,) = again.resume()
    assert told.stage is Stage.CARD
    assert again.progress == told
    done = again.card_laid(world.lay())
    assert done is not None
    assert done.stage is Stage.DONE


def test_the_same_card_comes_too_late_after_a_crash(world: World, kiosk: ReloadCard) -> None:
    authorize(world, kiosk)
    world.clock.move(seconds=CARD_MAX.total_seconds())
    again = world.boot()
    (told,) = again.resume()
    assert told.stage is Stage.CANCELED
    assert again.card_laid(world.lay()) is None


def test_resuming_while_one_runs_keeps_it_active(world: World, kiosk: ReloadCard) -> None:
    begun = begin(world, kiosk)
    (told,) = kiosk.resume()
    assert told.row == begun.row
    assert kiosk.progress == told


def test_one_resumption_moves_a_bounded_number_of_topups(world: World) -> None:
    world.bank.disturb(*[Fault.REQUEST_LOST] * (RESUME_MAX + 5) * 2)
    kiosk = world.boot()
    for _ in range(RESUME_MAX + 5):
        begin(world, kiosk)
        kiosk.leave()
        world.clock.move(seconds=1)
    assert len(kiosk.resume()) == RESUME_MAX


def test_leaving_hides_the_topup_and_gives_it_up(world: World, kiosk: ReloadCard) -> None:
    authorize(world, kiosk)
    kiosk.leave()
    assert kiosk.progress is None
    assert state(world) == ["canceled"]


def test_a_row_is_on_the_disk_before_the_bank_is_asked(world: World) -> None:
    kiosk = world.boot()
    seen: list[list[str]] = []
    ask = world.bank.create

    def create(*arguments: object, **named: object) -> object:
        seen.append(state(world))
        return ask(*arguments, **named)  # type: ignore[arg-type]  # passed through

    world.bank.create = create  # type: ignore[method-assign,assignment]  # watched, not replaced
    begin(world, kiosk)
    assert seen == [["created"]]


def test_the_clock_of_the_pay_screen_is_five_minutes() -> None:
    assert timedelta(minutes=5) == PAY_MAX
