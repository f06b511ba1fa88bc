"""What agents and managers do at the till, on a real journal, with a card that can be torn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from kiosk.domain.errors import (
    AmountRefused,
    CardBlocked,
    CardForeign,
    CardPulled,
    DrawerFull,
    MoveDisputed,
    PaymentUnknown,
    PurseEmpty,
    ReversalRefused,
    SecondNeeded,
    StaffOnly,
    TillClosed,
    TillFrozen,
    TillOther,
)
from kiosk.domain.money import Money
from kiosk.domain.payment import TopupRow, TopupState
from kiosk.domain.printing import SlipLine
from kiosk.domain.till import NOTHING, Count, TillKind, TillState
from kiosk.domain.till_entry import session_of
from kiosk.usecases.at_till import hands_of
from kiosk.usecases.close_till import close_till
from kiosk.usecases.count_till import count_till
from kiosk.usecases.deposit_cash import deposit_cash
from kiosk.usecases.deposit_cheques import deposit_cheques
from kiosk.usecases.give_back import give_back
from kiosk.usecases.hand_over import hand_over
from kiosk.usecases.open_till import open_till
from kiosk.usecases.refund_card import pay_owed, refund_card
from kiosk.usecases.reload_by_cash import Received, reload_by_cash
from kiosk.usecases.reload_progress import Progress, Stage
from kiosk.usecases.reverse_entry import reverse_entry
from kiosk.usecases.settle_topup import settle_topup
from kiosk.usecases.surprise_check import begin_check, end_check
from kiosk.usecases.till_paper import check_lines, session_lines
from tests.unit.kiosk.usecases.till_world import (
    AGENT,
    BOSS,
    BY_AGENT,
    BY_BOSS,
    BY_TWO,
    FLOAT,
    OTHER,
    TillWorld,
)

PARIS = ZoneInfo("Europe/Paris")
TWENTY = Received(kind=TillKind.CASH, amount=Money(2_000), given=Money(5_000))


@pytest.fixture
def world(tmp_path: Path) -> Iterator[TillWorld]:
    one = TillWorld(tmp_path / "ledger.db")
    one.boot()
    yield one
    one.die()


@pytest.fixture
def till(world: TillWorld) -> TillWorld:
    world.open()
    return world


def sells(world: TillWorld, received: Received = TWENTY) -> Progress:
    """Enter what was received, and load the card that lies there."""
    world.reload.card_laid(world.lay())
    told = reload_by_cash(world.card.face, received, BY_AGENT, world.desk, world.reload)
    if received.kind is TillKind.CASH:
        world.cash += received.amount.cents
    else:
        world.cheques += received.amount.cents
    return world.reload.poll() or told


def closes(world: TillWorld, count: Count | None = None) -> None:
    count_till(count or world.there, BY_AGENT, world.desk)
    close_till(BY_TWO, world.desk, world.periods)


def paper(lines: tuple[SlipLine, ...]) -> str:
    return "\n".join(f"{line.text}|{line.right}" for line in lines)


def report_of(world: TillWorld, suspense: Money = NOTHING) -> str:
    return paper(session_lines(session_of(world.desk.journal.session(1)), suspense, PARIS))


def test_cash_loads_the_card_and_lies_in_the_drawer(till: TillWorld) -> None:
    assert sells(till).stage is Stage.DONE
    assert till.card.face.balance == till.before + Money(2_000)
    assert TWENTY.change == Money(3_000)
    assert till.faults() == []


def test_a_cheque_loads_the_card_and_lies_with_the_cheques(till: TillWorld) -> None:
    cheque = Received(kind=TillKind.CHEQUE, amount=Money(3_000), given=Money(3_000))
    assert sells(till, cheque).row.provider == "cheque"
    assert till.desk.journal.till().cheques == Money(3_000)
    assert till.faults() == []


def test_too_little_in_hand_begins_nothing(till: TillWorld) -> None:
    with pytest.raises(AmountRefused):
        sells(till, replace(TWENTY, given=Money(1_999)))
    assert till.rows("SELECT * FROM topup") == []


def test_a_closed_till_begins_nothing(world: TillWorld) -> None:
    with pytest.raises(TillClosed):
        sells(world)
    assert world.rows("SELECT * FROM topup") == []


def test_a_full_drawer_begins_nothing(world: TillWorld) -> None:
    world.open(Money(99_000))
    with pytest.raises(DrawerFull):
        sells(world)
    assert world.rows("SELECT * FROM topup") == []


def test_only_the_holder_takes_money(till: TillWorld) -> None:
    with pytest.raises(TillOther):
        reload_by_cash(till.card.face, TWENTY, BY_BOSS, till.desk, till.reload)
    assert till.rows("SELECT * FROM topup") == []


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_torn_card_is_settled_at_its_next_tap(till: TillWorld, when: str) -> None:
    till.card.tear("before" if when == "before" else "after")
    assert sells(till).stage is Stage.CARD_AGAIN
    assert till.desk.journal.in_suspense() == Money(-2_000)
    told = till.reload.card_laid(till.lay())
    assert told is not None
    assert told.stage is Stage.DONE
    assert till.faults() == []


def test_a_card_that_never_came_gets_its_money_back(till: TillWorld) -> None:
    reload_by_cash(till.card.face, TWENTY, BY_AGENT, till.desk, till.reload)
    till.cash += 2_000
    till.clock.move(minutes=2)
    till.reload.poll()
    (row,) = till.desk.journal.manual()
    assert row.state is TopupState.REFUNDING
    give_back(row, BY_AGENT, till.desk)
    till.cash -= 2_000
    till.reload.resume()
    assert list(till.desk.journal.manual()) == []
    assert till.faults() == []


def test_money_is_given_back_only_where_it_lies(till: TillWorld) -> None:
    done = sells(till).row
    with pytest.raises(PaymentUnknown):
        give_back(done, BY_AGENT, till.desk)


def test_a_till_in_another_state_declines_a_top_up_that_a_crash_has_left(till: TillWorld) -> None:
    now = till.clock.now()
    left = TopupRow(
        id="T-left",
        state=TopupState.CREATED,
        card=till.tag,
        amount=Money(2_000),
        provider="cash",
        created_at=now,
        changed_at=now,
    )
    till.topups.save_topup(left)
    begin_check(BY_BOSS, till.desk)
    (told,) = till.reload.resume()
    assert told.row.state is TopupState.CANCELED
    assert till.desk.journal.taken(TillKind.CASH, "T-left") is None


def manual(till: TillWorld) -> TopupRow:
    """Leave a cash top-up to the staff: its card contradicts itself."""
    reload_by_cash(till.card.face, TWENTY, BY_AGENT, till.desk, till.reload)
    till.cash += 2_000
    row = till.topups.open_topups()[0]
    lost = replace(row, state=TopupState.MANUAL, note="card.tampered", load_number=9)
    till.topups.save_topup(lost)
    return lost


def test_a_manager_settles_a_top_up_whose_card_was_loaded(till: TillWorld) -> None:
    row = manual(till)
    with pytest.raises(StaffOnly):
        settle_topup(row, AGENT, loaded=True, journal=till.topups, clock=till.clock)
    done = settle_topup(row, BOSS, loaded=True, journal=till.topups, clock=till.clock)
    assert (done.state, done.entry > 0) == (TopupState.DONE, True)
    assert till.desk.journal.in_suspense() == NOTHING
    assert settle_topup(done, BOSS, loaded=False, journal=till.topups, clock=till.clock) == done


def test_a_manager_settles_a_top_up_whose_card_was_not_loaded(till: TillWorld) -> None:
    row = settle_topup(manual(till), BOSS, loaded=False, journal=till.topups, clock=till.clock)
    assert row.state is TopupState.REFUNDING
    give_back(row, BY_AGENT, till.desk)
    till.cash -= 2_000
    till.reload.resume()
    assert till.faults() == []


def test_what_the_journal_has_booked_was_loaded(till: TillWorld) -> None:
    row = replace(manual(till), entry=3)
    with pytest.raises(ReversalRefused):
        settle_topup(row, BOSS, loaded=False, journal=till.topups, clock=till.clock)


def test_a_card_is_emptied_and_its_balance_handed_out(till: TillWorld) -> None:
    event = refund_card(till.lay(), None, BY_AGENT, till.refunds)
    till.cash -= till.before.cents
    assert (event.kind, event.cash) == (TillKind.PAY_OUT, -till.before)
    assert till.card.face.balance == NOTHING
    assert till.faults() == []


def test_a_part_is_refunded(till: TillWorld) -> None:
    refund_card(till.lay(), Money(240), BY_AGENT, till.refunds)
    till.cash -= 240
    assert till.card.face.balance == till.before - Money(240)
    assert till.card.face.log[0].kind == "refund"
    assert till.faults() == []


def test_a_large_refund_takes_nothing_off_the_card_before_two_people_stand_there(
    till: TillWorld,
) -> None:
    sells(till, Received(kind=TillKind.CASH, amount=Money(6_000), given=Money(6_000)))
    before = till.card.face
    with pytest.raises(SecondNeeded):
        refund_card(till.lay(), Money(5_000), BY_AGENT, till.refunds)
    assert till.card.face == before
    refund_card(till.lay(), Money(5_000), BY_TWO, till.refunds)
    till.cash -= 5_000
    assert till.faults() == []


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_card_that_is_pulled_during_a_refund_is_paid_out_once(till: TillWorld, when: str) -> None:
    till.card.tear("before" if when == "before" else "after")
    with pytest.raises(CardPulled):
        refund_card(till.lay(), None, BY_AGENT, till.refunds)
    assert till.desk.journal.till().cash == FLOAT
    refund_card(till.lay(), None, BY_AGENT, till.refunds)
    till.cash -= till.before.cents
    assert till.card.face.balance == NOTHING
    assert till.faults() == []


def test_what_was_taken_off_a_card_is_paid_out_from_the_list_once(till: TillWorld) -> None:
    till.card.tear("after")
    with pytest.raises(CardPulled):
        refund_card(till.lay(), None, BY_AGENT, till.refunds)
    from kiosk.usecases.settle_card import settle_card

    settle_card(till.moves, till.card.face, till.tag, now=till.clock.now())
    (owed,) = till.desk.journal.owed()
    pay_owed(owed.id, BY_AGENT, till.desk)
    till.cash -= till.before.cents
    assert till.faults() == []
    with pytest.raises(MoveDisputed):
        pay_owed(owed.id, BY_AGENT, till.desk)


def test_a_lost_card_is_not_refunded(till: TillWorld) -> None:
    till.refunds.lost.block(till.tag, at=till.clock.now(), by=BOSS.tag)
    with pytest.raises(CardBlocked):
        refund_card(till.lay(), None, BY_AGENT, till.refunds)


def test_a_badge_has_nothing_to_refund(till: TillWorld) -> None:
    till.card._face = replace(till.card.face, kind="badge")
    with pytest.raises(CardForeign):
        refund_card(till.lay(), None, BY_AGENT, till.refunds)


def test_no_more_is_refunded_than_stands_on_the_card(till: TillWorld) -> None:
    with pytest.raises(PurseEmpty):
        refund_card(till.lay(), till.before + Money(1), BY_AGENT, till.refunds)


def test_cash_and_cheques_are_deposited(till: TillWorld) -> None:
    sells(till, Received(kind=TillKind.CHEQUE, amount=Money(3_000), given=Money(3_000)))
    deposit_cash(Money(5_000), "SAC-1", BY_BOSS, till.desk)
    slip = deposit_cheques("REM-1", BY_BOSS, till.desk)
    till.cash, till.cheques = till.cash - 5_000, 0
    assert slip.cheques == Money(-3_000)
    assert till.balance("bank.clearing") == 8_000
    assert till.faults() == []


def test_a_wrong_deposit_is_reversed_by_two_people_once(till: TillWorld) -> None:
    wrong = deposit_cash(Money(5_000), "SAC-1", BY_BOSS, till.desk)
    with pytest.raises(SecondNeeded):
        reverse_entry(wrong.number, BY_BOSS, till.desk, till.topups)
    reverse_entry(wrong.number, BY_TWO, till.desk, till.topups)
    assert till.balance("bank.clearing") == 0
    assert till.faults() == []
    with pytest.raises(ReversalRefused):
        reverse_entry(wrong.number, BY_TWO, till.desk, till.topups)


def test_a_receipt_that_never_was_is_not_reversed(till: TillWorld) -> None:
    with pytest.raises(ReversalRefused):
        reverse_entry(99, BY_TWO, till.desk, till.topups)


def test_the_receipt_of_a_loaded_card_is_not_reversed(till: TillWorld) -> None:
    sells(till)
    with pytest.raises(ReversalRefused):
        reverse_entry(2, BY_TWO, till.desk, till.topups)


def test_the_receipt_of_a_card_that_may_still_be_loaded_is_not_reversed(till: TillWorld) -> None:
    reload_by_cash(till.card.face, TWENTY, BY_AGENT, till.desk, till.reload)
    with pytest.raises(ReversalRefused):
        reverse_entry(2, BY_TWO, till.desk, till.topups)


def test_the_receipt_of_money_that_was_never_there_is_reversed(till: TillWorld) -> None:
    manual(till)
    till.cash -= 2_000
    reverse_entry(2, BY_TWO, till.desk, till.topups)
    assert till.desk.journal.till().cash == FLOAT
    assert till.desk.journal.in_suspense() == NOTHING


def test_a_handover_changes_who_takes(till: TillWorld) -> None:
    hand_over(till.there, hands_of(AGENT, OTHER), till.desk)
    assert till.desk.journal.till().holder == OTHER.tag
    with pytest.raises(TillOther):
        sells(till)


def test_a_day_closes_with_a_signed_closing(till: TillWorld) -> None:
    sells(till)
    count_till(till.there, BY_AGENT, till.desk)
    event, closing = close_till(BY_AGENT, till.desk, till.periods)
    assert closing is not None
    assert (event.differs, closing.period, closing.suspense) == (False, "day", 0)
    assert closing is not None
    assert closing.now.last == 5
    assert till.desk.journal.till().state is TillState.CLOSED
    assert till.faults() == []


@pytest.mark.parametrize(
    ("cash", "cheques"), [(-1, 0), (1, 0), (0, -1), (-2_000, 0), (2_000, -500)]
)
def test_every_discrepancy_appears_in_the_closing(till: TillWorld, cash: int, cheques: int) -> None:
    sells(till)
    sells(till, Received(kind=TillKind.CHEQUE, amount=Money(3_000), given=Money(3_000)))
    expected = till.there
    found = Count(cash=expected.cash + Money(cash), cheques=expected.cheques + Money(cheques))
    count_till(found, BY_AGENT, till.desk)
    event, closing = close_till(BY_TWO, till.desk, till.periods)
    assert event.differences == (Money(cash), Money(cheques))
    assert closing is not None
    assert closing.moved("till.difference") == -(cash + cheques)
    assert "Écart à la fermeture" in report_of(till)


def test_money_received_for_a_card_that_was_never_loaded_appears_in_the_closing(
    till: TillWorld,
) -> None:
    till.card.tear("before")
    sells(till)
    count_till(till.there, BY_AGENT, till.desk)
    _, closing = close_till(BY_AGENT, till.desk, till.periods)
    assert closing is not None
    assert closing.suspense == -2_000


def test_a_night_without_its_float_appears_at_the_opening(till: TillWorld) -> None:
    closes(till)
    till.clock.move(hours=12)
    event = open_till(FLOAT - Money(500), BY_AGENT, till.desk)
    assert event.differences == (Money(-500), NOTHING)
    assert till.balance("till.difference") == 500


def test_the_sessions_report_tells_every_cent(till: TillWorld) -> None:
    sells(till)
    deposit_cash(Money(5_000), "SAC-1", BY_BOSS, till.desk)
    count_till(till.there, BY_AGENT, till.desk)
    text = report_of(till, Money(-100))
    assert "Fermée" not in text
    closes(till, Count(cash=Money(12_000)))
    text = report_of(till, Money(-100))
    for told in (
        "CAISSE (Z) n° 1",
        "Tenue par|badge aaaaaaaa",
        "Reçus|n° 1 à 6",
        "Fonds de caisse compté|150,00\u00a0€",
        "Encaissements en espèces (1)|20,00\u00a0€",
        "Dégagements d’espèces (1)|-50,00\u00a0€",
        "Espèces dans le tiroir|120,00\u00a0€",
        "ATTENTION\u00a0: compte d’attente non soldé|-1,00\u00a0€",
        "Fermée|",
    ):
        assert told in text


def test_a_surprise_check_freezes_the_till_and_tells_the_difference(till: TillWorld) -> None:
    begin_check(BY_BOSS, till.desk)
    with pytest.raises(TillFrozen):
        sells(till)
    event = end_check(Count(cash=FLOAT - Money(700)), BY_BOSS, till.desk)
    text = paper(check_lines(event, PARIS))
    assert "Espèces attendues|150,00\u00a0€" in text
    assert "espèces|-7,00\u00a0€" in text
    assert till.balance("till.difference") == 0
    assert sells(till).stage is Stage.DONE


def test_a_surprise_check_that_finds_nothing_says_so(till: TillWorld) -> None:
    begin_check(BY_BOSS, till.desk)
    event = end_check(till.there, BY_BOSS, till.desk)
    assert check_lines(event, PARIS)[-1].text == "Aucun écart"
