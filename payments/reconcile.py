"""Compares the bank's report with the journal, top-up by top-up, and says what to do (pure).

Rules:

1. Each top-up that either side knows is compared once; the answer doesn't depend on any order.
2. A payment that isn't taken (authorized, canceled) counts as nothing, a refund with its sum.
3. A difference younger than SETTLE is left alone: a capture or an entry may be under way.
4. Nothing is mended here: an action names what staff must do, with both sums.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from kiosk.domain.payment import PaymentStatus

SETTLE = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class BankLine:
    """A payment of the bank's report; sums in cents; ``topup`` "" when the bank doesn't know."""

    payment: str
    topup: str
    status: PaymentStatus
    amount_cents: int
    refunded_cents: int = 0
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """A credit of the journal (negative: a correction), in cents."""

    topup: str
    cents: int
    at: datetime


class Trouble(StrEnum):
    """What is wrong with a top-up."""

    CAPTURED_WITHOUT_CREDIT = "captured_without_credit"
    CREDITED_WITHOUT_CAPTURE = "credited_without_capture"
    CAPTURED_TWICE = "captured_twice"
    CREDITED_TWICE = "credited_twice"
    WRONG_AMOUNT = "wrong_amount"
    MISSING_REFUND = "missing_refund"
    UNKNOWN_PAYMENT = "unknown_payment"
    LEFT_AUTHORIZED = "left_authorized"


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """What staff must look at; ``payments`` are the bank's ids, sums in cents."""

    trouble: Trouble
    topup: str
    payments: tuple[str, ...]
    bank_cents: int
    journal_cents: int


def reconcile(
    report: Iterable[BankLine], credits_: Iterable[Credit], *, now: datetime
) -> tuple[Action, ...]:
    """Give the troubles by top-up; () when bank and journal agree to the cent."""
    lines: dict[str, list[BankLine]] = defaultdict(list)
    booked: dict[str, list[Credit]] = defaultdict(list)
    strangers: list[BankLine] = []
    for line in report:
        (lines[line.topup] if line.topup else strangers).append(line)
    for credit in credits_:
        booked[credit.topup].append(credit)
    found = [_compared(t, lines[t], booked[t], now) for t in sorted({*lines, *booked})]
    unknown = [
        _action(Trouble.UNKNOWN_PAYMENT, "", [line], [])
        for line in sorted(strangers, key=lambda line: line.payment)
        if _net(line) > 0
    ]
    return (*(action for action in found if action), *unknown)


def _compared(
    topup: str, lines: list[BankLine], credits_: list[Credit], now: datetime
) -> Action | None:
    """Compare what the bank holds with what was credited."""
    trouble = _trouble(lines, credits_, now)
    youngest = max([*(line.at for line in lines), *(credit.at for credit in credits_)])
    if trouble is None or now - youngest < SETTLE:
        return None
    return _action(trouble, topup, lines, credits_)


def _trouble(lines: list[BankLine], credits_: list[Credit], now: datetime) -> Trouble | None:
    bank, journal = sum(map(_net, lines)), sum(credit.cents for credit in credits_)
    if bank == journal:
        return _left(lines, now)
    if not bank:
        return Trouble.CREDITED_WITHOUT_CAPTURE
    given = sum(credit.cents > 0 for credit in credits_)
    if not journal:
        return Trouble.MISSING_REFUND if given else Trouble.CAPTURED_WITHOUT_CREDIT
    return _both_sides(sum(_net(line) > 0 for line in lines), given, bank, journal)


def _left(lines: list[BankLine], now: datetime) -> Trouble | None:
    """Say whether money is still set aside that somebody should have taken or voided."""
    begun = [line.at for line in lines if line.status is PaymentStatus.AUTHORIZED]
    return Trouble.LEFT_AUTHORIZED if begun and now - min(begun) >= SETTLE else None


def _both_sides(taken: int, given: int, bank: int, journal: int) -> Trouble:
    """Tell apart what differs when both sides hold money."""
    if taken > 1 and bank > journal:
        return Trouble.CAPTURED_TWICE
    if given > 1 and journal > bank:
        return Trouble.CREDITED_TWICE
    return Trouble.WRONG_AMOUNT


def _net(line: BankLine) -> int:
    """Give what the bank took and kept of a payment."""
    took = line.status is PaymentStatus.SUCCEEDED
    return line.amount_cents - line.refunded_cents if took else 0


def _action(trouble: Trouble, topup: str, lines: list[BankLine], credits_: list[Credit]) -> Action:
    return Action(
        trouble=trouble,
        topup=topup,
        payments=tuple(sorted(line.payment for line in lines)),
        bank_cents=sum(map(_net, lines)),
        journal_cents=sum(credit.cents for credit in credits_),
    )
