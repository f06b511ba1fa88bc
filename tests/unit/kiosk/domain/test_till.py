"""What may be done at the till, in which state, and by whom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.errors import (
    AmountRefused,
    DrawerFull,
    DrawerShort,
    LimitReached,
    Refused,
    ReversalRefused,
    SecondNeeded,
    StaffOnly,
    TillClosed,
    TillFrozen,
    TillOpen,
    TillOther,
)
from kiosk.domain.money import Money
from kiosk.domain.till import (
    COUNTS_MAX,
    EVENTS_MAX,
    NOTHING,
    Count,
    Hands,
    Till,
    TillEvent,
    TillKind,
    TillState,
    after,
)
from kiosk.domain.till_acts import (
    check_payout,
    checking,
    closing,
    counting,
    depositing,
    freezing,
    giving_back,
    handing_over,
    opening,
    paying_out,
    reversing,
    slip_of,
    taking,
)
from kiosk.domain.till_rules import TillRules

NOW = datetime(2026, 11, 30, 8, 30, tzinfo=UTC)
RULES = TillRules()
AGENT = Hands(by="agent")
OTHER = Hands(by="other")
BOSS = Hands(by="boss", manager=True)
PAIR = Hands(by="agent", second="boss", manager=True)
FLOAT = Money(15_000)


def opened(till: Till | None = None, counted: Money = FLOAT) -> Till:
    till = till or Till()
    return after(till, opening(till, AGENT, counted, RULES, NOW))


def took(till: Till, cents: int, kind: TillKind = TillKind.CASH, topup: str = "T-1") -> Till:
    return after(till, taking(till, kind, Money(cents), topup, RULES, at=NOW))


def counted(till: Till, cash: int, cheques: int = 0, hands: Hands = AGENT) -> Till:
    count = Count(cash=Money(cash), cheques=Money(cheques))
    return after(till, counting(till, hands, count, at=NOW))


def closed(till: Till, hands: Hands = AGENT) -> Till:
    return after(till, closing(till, hands, RULES, at=NOW))


def test_a_session_begins_with_its_counted_float_in_the_name_of_who_counted() -> None:
    till = opened()
    assert (till.state, till.holder, till.cash) == (TillState.OPEN, "agent", FLOAT)
    assert (till.session, till.number, till.first, till.since) == (1, 1, 1, NOW)
    assert till.is_open


def test_the_first_float_is_brought_and_no_difference() -> None:
    assert not opening(Till(), AGENT, FLOAT, RULES, NOW).differs


def test_an_open_till_is_not_opened_again() -> None:
    with pytest.raises(TillOpen):
        opened(opened())


def test_a_float_above_the_drawers_ceiling_is_refused() -> None:
    with pytest.raises(DrawerFull):
        opened(counted=RULES.drawer_max + Money(1))


def test_cash_and_cheques_lie_in_the_drawer() -> None:
    till = took(took(opened(), 2_000), 4_500, TillKind.CHEQUE, "T-2")
    assert (till.cash, till.cheques) == (Money(17_000), Money(4_500))


@pytest.mark.parametrize("cents", [0, -1, 30_001])
def test_a_cash_payment_is_above_zero_and_up_to_the_ceiling(cents: int) -> None:
    with pytest.raises(AmountRefused):
        took(opened(), cents)


def test_a_cheque_has_a_ceiling_of_its_own() -> None:
    assert took(opened(), 100_000, TillKind.CHEQUE).cheques == Money(100_000)
    with pytest.raises(AmountRefused):
        took(opened(), 100_001, TillKind.CHEQUE)


def test_a_full_drawer_takes_no_more_cash_but_cheques() -> None:
    till = opened(counted=RULES.drawer_max)
    with pytest.raises(DrawerFull):
        took(till, 1)
    assert took(till, 1, TillKind.CHEQUE).cheques == Money(1)


Act = Callable[[Till], TillEvent]
TAKEN = TillEvent(
    number=2, session=1, kind=TillKind.CASH, at=NOW, by="agent", cash=Money(500), subject="T-1"
)
ACTS: dict[str, Act] = {
    "take": lambda till: taking(till, TillKind.CASH, Money(1), "T-9", RULES, at=NOW),
    "give back": lambda till: giving_back(till, AGENT, TAKEN, at=NOW),
    "pay out": lambda till: paying_out(till, AGENT, Money(1), "M-1", at=NOW),
    "deposit": lambda till: depositing(till, BOSS, Money(1), "B-1", at=NOW),
    "slip": lambda till: slip_of(till, BOSS, "S-1", at=NOW),
    "hand over": lambda till: handing_over(
        till, replace(AGENT, second="other"), Count(cash=till.cash), RULES, at=NOW
    ),
    "freeze": lambda till: freezing(till, BOSS, at=NOW),
    "count": lambda till: counting(till, AGENT, Count(cash=till.cash), at=NOW),
    "reverse": lambda till: reversing(till, PAIR, TAKEN, at=NOW),
    "close": lambda till: closing(till, AGENT, RULES, at=NOW),
    "check": lambda till: checking(till, BOSS, Count(cash=till.cash), at=NOW),
}


@pytest.mark.parametrize("name", ACTS)
def test_nothing_is_done_at_a_closed_till(name: str) -> None:
    with pytest.raises(TillClosed):
        ACTS[name](Till())


@pytest.mark.parametrize("name", sorted(ACTS.keys() - {"check"}))
def test_nothing_moves_during_a_surprise_check(name: str) -> None:
    till = opened()
    frozen = after(till, freezing(till, BOSS, at=NOW))
    with pytest.raises(TillFrozen):
        ACTS[name](frozen)


@pytest.mark.parametrize("name", sorted(ACTS.keys() - {"count", "close"}))
def test_nothing_moves_in_a_counted_till(name: str) -> None:
    with pytest.raises(TillFrozen):
        ACTS[name](counted(opened(), FLOAT.cents))


def test_a_till_is_closed_only_once_it_is_counted() -> None:
    with pytest.raises(TillFrozen):
        closed(opened())


def test_money_is_given_back_as_it_came() -> None:
    till = took(opened(), 500)
    back = giving_back(till, AGENT, TAKEN, at=NOW)
    assert (back.cash, back.cash_after, back.subject) == (Money(-500), FLOAT, "T-1")


@pytest.mark.parametrize("name", ["give back", "pay out"])
def test_only_the_holder_hands_money_out(name: str) -> None:
    with pytest.raises(TillOther):
        ACTS[name](replace(opened(), holder="other"))


def test_a_payment_out_of_the_threshold_needs_two_people() -> None:
    till = opened()
    check_payout(till, AGENT, Money(4_999), RULES)
    with pytest.raises(SecondNeeded):
        check_payout(till, AGENT, Money(5_000), RULES)
    check_payout(till, PAIR, Money(5_000), RULES)


@pytest.mark.parametrize(
    ("till", "hands", "cents", "refusal"),
    [
        (Till(), AGENT, 100, TillClosed),
        (opened(), OTHER, 100, TillOther),
        (opened(), AGENT, 0, AmountRefused),
        (opened(), PAIR, 15_001, DrawerShort),
    ],
    ids=["closed", "other", "nothing", "short"],
)
def test_a_payment_out_is_refused_before_the_card_is_asked(
    till: Till, hands: Hands, cents: int, refusal: type[Refused]
) -> None:
    with pytest.raises(refusal):
        check_payout(till, hands, Money(cents), RULES)


@pytest.mark.parametrize(
    "hands",
    [
        Hands(by="agent", manager=True),
        Hands(by="agent", second="agent", manager=True),
        Hands(by="agent", second="other"),
    ],
    ids=["alone", "the same badge twice", "two agents"],
)
def test_two_people_are_two_badges_one_of_them_a_managers(hands: Hands) -> None:
    assert not hands.two
    with pytest.raises(SecondNeeded):
        hands.require_two("a test")


def test_the_drawer_pays_out_no_more_than_it_holds() -> None:
    with pytest.raises(DrawerShort):
        paying_out(opened(), AGENT, Money(15_001), "M-1", at=NOW)


def test_a_deposit_is_a_managers_and_leaves_the_rest() -> None:
    till = opened()
    assert depositing(till, BOSS, Money(5_000), "B-1", at=NOW).cash_after == Money(10_000)
    with pytest.raises(StaffOnly):
        depositing(till, AGENT, Money(1), "B-1", at=NOW)
    with pytest.raises(AmountRefused):
        depositing(till, BOSS, NOTHING, "B-1", at=NOW)
    with pytest.raises(DrawerShort):
        depositing(till, BOSS, Money(15_001), "B-1", at=NOW)


def test_a_slip_takes_every_cheque_out() -> None:
    till = took(opened(), 4_500, TillKind.CHEQUE)
    assert slip_of(till, BOSS, "S-1", at=NOW).cheques_after == NOTHING
    with pytest.raises(DrawerShort):
        slip_of(opened(), BOSS, "S-1", at=NOW)


def test_a_handover_books_the_difference_of_who_leaves() -> None:
    till = opened()
    hands = replace(AGENT, second="other")
    event = handing_over(till, hands, Count(cash=Money(14_900)), RULES, at=NOW)
    assert event.differences == (Money(-100), NOTHING)
    assert (after(till, event).holder, after(till, event).cash) == ("other", Money(14_900))


def test_a_till_is_handed_over_to_somebody_else() -> None:
    for second in ("", "agent"):
        with pytest.raises(SecondNeeded):
            handing_over(opened(), replace(AGENT, second=second), Count(cash=FLOAT), RULES, at=NOW)


def test_only_the_holder_hands_the_till_over() -> None:
    with pytest.raises(TillOther):
        handing_over(opened(), replace(OTHER, second="boss"), Count(cash=FLOAT), RULES, at=NOW)


def test_a_surprise_check_is_a_managers_and_notes_what_it_finds() -> None:
    till = opened()
    with pytest.raises(StaffOnly):
        freezing(till, AGENT, at=NOW)
    frozen = after(till, freezing(till, BOSS, at=NOW))
    assert frozen.state is TillState.FROZEN
    with pytest.raises(StaffOnly):
        checking(frozen, AGENT, Count(cash=FLOAT), at=NOW)
    found = checking(frozen, BOSS, Count(cash=Money(14_000)), at=NOW)
    assert found.differences == (Money(-1_000), NOTHING)
    assert (after(frozen, found).state, after(frozen, found).cash) == (TillState.OPEN, FLOAT)


def test_a_manager_counts_and_closes_in_the_holders_absence() -> None:
    with pytest.raises(TillOther):
        counted(opened(), FLOAT.cents, hands=OTHER)
    till = counted(opened(), FLOAT.cents, hands=BOSS)
    with pytest.raises(TillOther):
        closed(till, OTHER)
    assert closed(till, BOSS).state is TillState.CLOSED


def test_a_count_may_be_made_again_a_few_times() -> None:
    till = opened()
    for _ in range(COUNTS_MAX):
        till = counted(till, 14_000)
    with pytest.raises(LimitReached):
        counted(till, FLOAT.cents)


def test_a_closing_books_what_the_last_count_shows() -> None:
    till = counted(counted(took(opened(), 2_000), 16_000), 16_900)
    event = closing(till, AGENT, RULES, at=NOW)
    assert (event.differences, event.cash_after) == ((Money(-100), NOTHING), Money(16_900))
    done = after(till, event)
    assert (done.state, done.holder, done.since, done.is_open) == (
        TillState.CLOSED,
        "",
        None,
        False,
    )


def test_a_large_difference_needs_two_people() -> None:
    till = counted(opened(), 13_999)
    with pytest.raises(SecondNeeded):
        closed(till)
    assert closed(till, PAIR).cash == Money(13_999)
    assert closed(counted(opened(), 14_000)).cash == Money(14_000)


def test_a_large_difference_of_the_cheques_does_too() -> None:
    till = counted(took(opened(), 4_500, TillKind.CHEQUE), FLOAT.cents, 0)
    with pytest.raises(SecondNeeded):
        closed(till)


def test_what_is_missing_at_the_next_opening_is_a_difference() -> None:
    till = closed(counted(opened(), FLOAT.cents))
    event = opening(till, AGENT, Money(14_500), RULES, NOW)
    assert (event.session, event.differences) == (2, (Money(-500), NOTHING))
    with pytest.raises(SecondNeeded):
        opening(till, AGENT, Money(10_000), RULES, NOW)
    assert opening(till, PAIR, Money(10_000), RULES, NOW).differences[0] == Money(-5_000)


def test_a_reversal_undoes_an_event_and_names_it() -> None:
    till = took(opened(), 500)
    event = reversing(till, PAIR, TAKEN, at=NOW)
    assert (event.cash, event.cash_after, event.subject) == (Money(-500), FLOAT, "cash:2")
    with pytest.raises(SecondNeeded):
        reversing(till, BOSS, TAKEN, at=NOW)


def test_only_what_moved_money_without_a_card_is_reversed() -> None:
    with pytest.raises(ReversalRefused):
        reversing(opened(), PAIR, replace(TAKEN, kind=TillKind.CLOSE), at=NOW)


def test_a_session_has_a_last_act_and_can_still_be_closed() -> None:
    till = replace(opened(), number=EVENTS_MAX + 1)
    with pytest.raises(LimitReached):
        took(till, 1)
    assert closed(counted(till, FLOAT.cents)).state is TillState.CLOSED


def test_the_meter_alarms_at_its_share_of_the_threshold() -> None:
    assert (RULES.float_pct(Money(79_999_999)), RULES.alarms(Money(79_999_999))) == (79, False)
    assert (RULES.float_pct(Money(80_000_000)), RULES.alarms(Money(80_000_000))) == (80, True)


@pytest.mark.parametrize("pct", [0, 101])
def test_an_alarm_is_a_percentage(pct: int) -> None:
    with pytest.raises(ValueError, match="percentage"):
        TillRules(float_alarm_pct=pct)


def test_limits_are_sums() -> None:
    with pytest.raises(ValueError, match="above zero"):
        TillRules(cash_max=NOTHING)


def test_nobody_counts_less_than_nothing() -> None:
    with pytest.raises(ValueError, match="less than nothing"):
        Count(cash=Money(-1))


@given(
    received=st.lists(st.integers(1, 3_000), max_size=20),
    stolen=st.integers(0, 15_000),
)
def test_whatever_leaves_the_drawer_unbooked_is_what_the_closing_misses(
    received: list[int], stolen: int
) -> None:
    till = opened()
    for place, cents in enumerate(received):
        till = took(till, cents, topup=f"T-{place}")
    there = FLOAT.cents + sum(received) - stolen
    event = closing(counted(till, there), PAIR, RULES, at=NOW)
    assert (event.differences[0], event.cash_after) == (Money(-stolen), Money(there))
