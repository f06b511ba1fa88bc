"""The acts at a till: each gives the event that is to be written, or says why it may not be.

The rules are those of kiosk.domain.till; nothing here changes anything. Each raises TillClosed,
TillOpen or TillFrozen in a state that doesn't let it (rule 1), LimitReached after EVENTS_MAX acts
of one session, and what its own words say.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from kiosk.domain.errors import (
    AmountRefused,
    DrawerFull,
    DrawerShort,
    LimitReached,
    ReversalRefused,
    SecondNeeded,
)
from kiosk.domain.money import Money
from kiosk.domain.till import (
    COUNTS_MAX,
    EVENTS_MAX,
    NOTHING,
    REVERSIBLE,
    Count,
    Hands,
    Till,
    TillEvent,
    TillKind,
    TillState,
)
from kiosk.domain.till_rules import TillRules

_CLOSING = frozenset({TillKind.COUNT, TillKind.CLOSE})


def opening(till: Till, hands: Hands, counted: Money, rules: TillRules, at: datetime) -> TillEvent:
    """Open a session with the float that was counted.

    Raises DrawerFull, SecondNeeded for a large difference from what was left there.
    """
    till.require(TillState.CLOSED)
    if counted > rules.drawer_max:
        raise DrawerFull(f"a float of {counted.cents} cents")
    difference = counted - till.cash
    if till.session and abs(difference.cents) > rules.difference_two.cents:
        hands.require_two("a difference at the opening")
    begun = replace(till, session=till.session + 1)
    count = Count(cash=counted, cheques=till.cheques)
    return _event(begun, TillKind.OPEN, hands, at, _Change(cash=difference, counted=count))


def taking(
    till: Till, kind: TillKind, amount: Money, topup: str, rules: TillRules, *, at: datetime
) -> TillEvent:
    """Take cash or a cheque for a top-up, in the holder's name.

    Raises AmountRefused, DrawerFull.
    """
    till.require(TillState.OPEN)
    most = rules.cash_max if kind is TillKind.CASH else rules.cheque_max
    if not NOTHING < amount <= most:
        raise AmountRefused(f"{kind}: {amount.cents} cents, at most {most.cents}")
    if kind is TillKind.CASH and till.cash + amount > rules.drawer_max:
        raise DrawerFull(f"the drawer holds {rules.drawer_max.cents} cents at most")
    return _event(till, kind, Hands(by=till.holder), at, _in(kind, amount, topup))


def giving_back(till: Till, hands: Hands, taken: TillEvent, *, at: datetime) -> TillEvent:
    """Give a top-up's money back, whose card wasn't loaded.

    Raises TillOther, DrawerShort.
    """
    till.require(TillState.OPEN)
    till.require_holder(hands)
    back = _Change(cash=-taken.cash, cheques=-taken.cheques, subject=taken.subject)
    return _event(till, TillKind.GIVE_BACK, hands, at, back)


def check_payout(till: Till, hands: Hands, amount: Money, rules: TillRules) -> None:
    """Refuse a payment out of cash before anything is taken off a card (rule 6).

    Raises TillOther, AmountRefused, DrawerShort, SecondNeeded.
    """
    till.require(TillState.OPEN)
    till.require_holder(hands)
    if amount <= NOTHING:
        raise AmountRefused("nothing to pay out")
    if till.cash < amount:
        raise DrawerShort(f"{amount.cents} cents from {till.cash.cents}")
    if amount >= rules.refund_two:
        hands.require_two("a refund")


def paying_out(till: Till, hands: Hands, amount: Money, move: str, *, at: datetime) -> TillEvent:
    """Hand out what a card's movement has taken; ``check_payout`` was asked before it was.

    Raises TillOther, DrawerShort.
    """
    till.require(TillState.OPEN)
    till.require_holder(hands)
    return _event(till, TillKind.PAY_OUT, hands, at, _Change(cash=-amount, subject=move))


def depositing(till: Till, hands: Hands, amount: Money, bag: str, *, at: datetime) -> TillEvent:
    """Take cash out to the public treasury (dégagement), in the bag that is named.

    Raises StaffOnly, AmountRefused, DrawerShort.
    """
    till.require(TillState.OPEN)
    hands.require_manager("a deposit")
    if amount <= NOTHING:
        raise AmountRefused("a deposit of nothing")
    return _event(till, TillKind.DEPOSIT, hands, at, _Change(cash=-amount, subject=bag))


def slip_of(till: Till, hands: Hands, bag: str, *, at: datetime) -> TillEvent:
    """Take all cheques out with their slip.

    Raises StaffOnly, DrawerShort.
    """
    till.require(TillState.OPEN)
    hands.require_manager("a cheque slip")
    if till.cheques <= NOTHING:
        raise DrawerShort("no cheque lies in the drawer")
    return _event(till, TillKind.SLIP, hands, at, _Change(cheques=-till.cheques, subject=bag))


def handing_over(
    till: Till, hands: Hands, counted: Count, rules: TillRules, *, at: datetime
) -> TillEvent:
    """Hand the counted till over from ``hands.by`` to ``hands.second``, its difference booked.

    Raises TillOther, SecondNeeded.
    """
    till.require(TillState.OPEN)
    till.require_holder(hands)
    if not hands.second or hands.second == hands.by:
        raise SecondNeeded("a till is handed over to somebody")
    return _booked(till, TillKind.HANDOVER, hands, counted=counted, rules=rules, at=at)


def freezing(till: Till, hands: Hands, *, at: datetime) -> TillEvent:
    """Begin a surprise check; raises StaffOnly."""
    till.require(TillState.OPEN)
    hands.require_manager("a surprise check")
    return _event(till, TillKind.FREEZE, hands, at, _Change())


def checking(till: Till, hands: Hands, counted: Count, *, at: datetime) -> TillEvent:
    """End a surprise check with what was counted; raises StaffOnly."""
    till.require(TillState.FROZEN)
    hands.require_manager("a surprise check")
    return _event(till, TillKind.CHECK, hands, at, _Change(counted=counted))


def counting(till: Till, hands: Hands, counted: Count, *, at: datetime) -> TillEvent:
    """Enter a blind count; the holder's, or a manager's in the holder's absence.

    Raises TillOther, LimitReached.
    """
    till.require(TillState.OPEN, TillState.COUNTED)
    if not hands.manager:
        till.require_holder(hands)
    if till.counts >= COUNTS_MAX:
        raise LimitReached(f"counted {COUNTS_MAX} times: the till is closed as it was counted")
    return _event(till, TillKind.COUNT, hands, at, _Change(counted=counted))


def closing(till: Till, hands: Hands, rules: TillRules, *, at: datetime) -> TillEvent:
    """Close the counted till, its difference booked.

    Raises TillFrozen before a count, TillOther, SecondNeeded.
    """
    till.require(TillState.COUNTED)
    if not hands.manager:
        till.require_holder(hands)
    assert till.counted is not None, "a counted till has its count"
    return _booked(till, TillKind.CLOSE, hands, counted=till.counted, rules=rules, at=at)


def reversing(till: Till, hands: Hands, wrong: TillEvent, *, at: datetime) -> TillEvent:
    """Undo an event by a new one; raises SecondNeeded, ReversalRefused."""
    till.require(TillState.OPEN)
    hands.require_two("a reversal")
    if wrong.kind not in REVERSIBLE:
        raise ReversalRefused(f"{wrong.kind} isn't reversed")
    undone = _Change(
        cash=-wrong.cash, cheques=-wrong.cheques, subject=f"{wrong.kind}:{wrong.number}"
    )
    return _event(till, TillKind.REVERSAL, hands, at, undone)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    """What an event changes."""

    cash: Money = NOTHING
    cheques: Money = NOTHING
    counted: Count | None = None
    subject: str = ""


def _in(kind: TillKind, amount: Money, topup: str) -> _Change:
    if kind is TillKind.CASH:
        return _Change(cash=amount, subject=topup)
    return _Change(cheques=amount, subject=topup)


def _booked(
    till: Till, kind: TillKind, hands: Hands, *, counted: Count, rules: TillRules, at: datetime
) -> TillEvent:
    """Book what a count shows (rules 5 and 6); cash too much and a cheque missing are two."""
    cash, cheques = counted.cash - till.cash, counted.cheques - till.cheques
    if max(abs(cash.cents), abs(cheques.cents)) > rules.difference_two.cents:
        hands.require_two("a difference")
    change = _Change(cash=cash, cheques=cheques, counted=counted)
    return _event(till, kind, hands, at, change)


def _event(till: Till, kind: TillKind, hands: Hands, at: datetime, change: _Change) -> TillEvent:
    """Give the till's next event.

    Raises DrawerShort when the drawer doesn't hold so much, LimitReached when only a closing is
    left to this session.
    """
    if till.is_open and kind not in _CLOSING and till.number - till.first >= EVENTS_MAX:
        raise LimitReached(f"{EVENTS_MAX} acts in one session: close it")
    cash, cheques = till.cash + change.cash, till.cheques + change.cheques
    if min(cash, cheques) < NOTHING:
        raise DrawerShort(f"{cash.cents} and {cheques.cents} cents would be left")
    return TillEvent(
        number=till.number + 1,
        session=till.session,
        kind=kind,
        at=at,
        by=hands.by,
        second=hands.second,
        cash=change.cash,
        cheques=change.cheques,
        cash_after=cash,
        cheques_after=cheques,
        counted=change.counted,
        subject=change.subject,
    )
