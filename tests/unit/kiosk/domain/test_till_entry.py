"""What the till's events book, and how the chain proves them."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from kiosk.domain.ledger import Account, Leg
from kiosk.domain.money import Money
from kiosk.domain.till import NOTHING, Count, Till, TillEvent, TillKind, after
from kiosk.domain.till_acts import closing, counting, handing_over, opening, taking
from kiosk.domain.till_entry import canonical, legs_of, session_of, subject_of, till_entry
from tests.unit.kiosk.domain.test_till import AGENT, FLOAT, NOW, RULES

CASH, CHEQUES = Account.CASH_DRAWER, Account.CHEQUE_DRAWER
EVENT = TillEvent(
    number=7,
    session=2,
    kind=TillKind.CASH,
    at=NOW,
    by="a1",
    second="b2",
    cash=Money(2_000),
    cheques=Money(100),
    cash_after=Money(17_000),
    cheques_after=Money(300),
    counted=Count(cash=Money(1), cheques=Money(2)),
    subject="T-1",
)


def booked(kind: TillKind, cash: int = 0, cheques: int = 0, **more: object) -> dict[str, int]:
    event = replace(EVENT, kind=kind, cash=Money(cash), cheques=Money(cheques), **more)  # type: ignore[arg-type]  # fields
    return {leg.account: leg.cents for leg in legs_of(event)}


@pytest.mark.parametrize(
    ("legs", "wanted"),
    [
        (booked(TillKind.CASH, 500), {CASH: 500, Account.SUSPENSE: -500}),
        (booked(TillKind.CHEQUE, 0, 500), {CHEQUES: 500, Account.SUSPENSE: -500}),
        (booked(TillKind.GIVE_BACK, -500), {CASH: -500, Account.SUSPENSE: 500}),
        (booked(TillKind.PAY_OUT, -500), {CASH: -500, Account.SUSPENSE: 500}),
        (booked(TillKind.DEPOSIT, -500), {CASH: -500, Account.BANK_CLEARING: 500}),
        (booked(TillKind.SLIP, 0, -500), {CHEQUES: -500, Account.BANK_CLEARING: 500}),
        (booked(TillKind.OPEN, 500, session=1), {CASH: 500, Account.TILL_FLOAT: -500}),
        (booked(TillKind.OPEN, -500), {CASH: -500, Account.TILL_DIFFERENCE: 500}),
        (booked(TillKind.HANDOVER, -500), {CASH: -500, Account.TILL_DIFFERENCE: 500}),
        (
            booked(TillKind.CLOSE, -500, 300),
            {CASH: -500, CHEQUES: 300, Account.TILL_DIFFERENCE: 200},
        ),
        (booked(TillKind.COUNT), {CASH: 0, Account.TILL_DIFFERENCE: 0}),
        (
            booked(TillKind.REVERSAL, -500, subject="cash:3"),
            {CASH: -500, Account.SUSPENSE: 500},
        ),
        (
            booked(TillKind.REVERSAL, 500, subject="deposit:3"),
            {CASH: 500, Account.BANK_CLEARING: -500},
        ),
    ],
)
def test_every_event_books_its_two_sides(legs: dict[str, int], wanted: dict[str, int]) -> None:
    assert legs == wanted


def test_an_entry_is_the_events_own() -> None:
    entry = till_entry(replace(EVENT, cheques=NOTHING), seq=41)
    assert (entry.seq, entry.kind, entry.at) == (41, "cash", NOW)
    assert entry.legs[0] == Leg(account=CASH, cents=2_000)
    assert entry.subject.startswith("7:T-1:")


def test_the_canonical_bytes_stand_a_field_a_line() -> None:
    assert canonical(EVENT).decode().splitlines() == [
        *("ALV-TILL-1", "7", "2", "cash", "2026-11-30T08:30:00.000000Z", "a1", "b2"),
        *("2000", "100", "17000", "300", "1", "2", "T-1"),
    ]
    assert canonical(replace(EVENT, counted=None)).decode().splitlines()[11:13] == ["", ""]


@pytest.mark.parametrize("field", [field.name for field in fields(TillEvent)])
def test_a_change_of_any_field_changes_what_the_chain_holds(field: str) -> None:
    now = getattr(EVENT, field)
    others: dict[type, object] = {
        int: 99,
        str: "other",
        Money: Money(99),
        Count: Count(cash=Money(99)),
        TillKind: TillKind.CHEQUE,
        datetime: NOW + timedelta(microseconds=1),
    }
    changed: Any = {field: others[type(now)]}
    assert subject_of(replace(EVENT, **changed)) != subject_of(EVENT)


def test_a_session_adds_up_to_its_report() -> None:
    till, events = Till(), list[TillEvent]()

    def done(event: TillEvent) -> None:
        nonlocal till
        events.append(event)
        till = after(till, event)

    done(opening(till, AGENT, FLOAT, RULES, NOW))
    done(taking(till, TillKind.CASH, Money(2_000), "T-1", RULES, at=NOW))
    done(taking(till, TillKind.CASH, Money(1_000), "T-2", RULES, at=NOW))
    over = replace(AGENT, second="other")
    done(handing_over(till, over, Count(cash=till.cash - Money(5)), RULES, at=NOW))
    assert session_of(events).closed_at is None
    other = replace(AGENT, by="other")
    done(counting(till, other, Count(cash=till.cash - Money(100)), at=NOW))
    done(closing(till, other, RULES, at=NOW))
    report = session_of(events)
    assert (report.number, report.first, report.last) == (1, 1, 6)
    assert (report.float_, report.cash) == (FLOAT, Money(17_895))
    assert report.holders == ("agent", "other")
    assert (report.lines[TillKind.CASH].events, report.lines[TillKind.CASH].cash) == (
        2,
        Money(3000),
    )
    assert [one.kind for one in report.differences] == [
        TillKind.HANDOVER,
        TillKind.COUNT,
        TillKind.CLOSE,
    ]
    assert report.closed_at == NOW
