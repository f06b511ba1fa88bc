"""The staff's till: a session's states, what may be done in it, and by whom.

Rules (MONEY.md, "The régie"); what an event books is in kiosk.domain.till_entry:

1. One till a kiosk, one session at a time, in one holder's name. CLOSED → OPEN (the counted float)
   → COUNTED (a blind count) → CLOSED. A surprise check freezes it: OPEN → FROZEN → OPEN.
2. Every act is an event, numbered from 1 without gaps: its number is its receipt's. No event is
   changed; a wrong one is reversed by another one.
3. Money moves in OPEN only. The holder takes it; whoever else comes first takes the till over.
4. What must lie in the drawer is told by nobody before the count is entered. COUNTS_MAX counts a
   closing: each stays in the journal.
5. A difference is booked in the name of who held the till: at the opening (but the first, whose
   count is the float that was brought), at a handover and at the closing. A surprise check only
   notes it.
6. Two people, one of them a manager, stand behind a payment out of ``refund_two`` or more, every
   reversal, and a difference above ``difference_two``.
7. A manager deposits cash and cheques, and makes the surprise check.
8. Cash: ``cash_max`` a payment, ``drawer_max`` in the drawer; above it cash is deposited first.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from kiosk.domain.errors import SecondNeeded, StaffOnly, TillClosed, TillFrozen, TillOpen, TillOther
from kiosk.domain.money import Money

NOTHING = Money(0)
COUNTS_MAX = 3  # blind counts of one closing
EVENTS_MAX = 5_000  # of one session


class TillState(StrEnum):
    """Where the till stands (rule 1)."""

    CLOSED = "closed"
    OPEN = "open"
    FROZEN = "frozen"
    COUNTED = "counted"


class TillKind(StrEnum):
    """What an event is; the kind of its entry too."""

    OPEN = "till.open"
    CASH = "cash"
    CHEQUE = "cheque"
    GIVE_BACK = "giveback"  # a top-up's money, when its card wasn't loaded
    PAY_OUT = "payout"  # cash for what was taken off a card (the card's own entry is ``refund``)
    DEPOSIT = "deposit"
    SLIP = "cheque.slip"
    HANDOVER = "till.handover"
    FREEZE = "till.freeze"
    CHECK = "till.check"
    COUNT = "till.count"
    CLOSE = "till.close"
    REVERSAL = "reversal"


REVERSIBLE = frozenset({TillKind.CASH, TillKind.CHEQUE, TillKind.DEPOSIT, TillKind.SLIP})
BOOKING = frozenset({TillKind.OPEN, TillKind.HANDOVER, TillKind.CLOSE})  # a difference, if any


@dataclass(frozen=True, slots=True, kw_only=True)
class Hands:
    """Who stands behind an act: badges' tags; ``manager``: one of them is a manager."""

    by: str
    second: str = ""
    manager: bool = False

    @property
    def two(self) -> bool:
        """Whether these are two people, one of them a manager (rule 6)."""
        return bool(self.second) and self.second != self.by and self.manager

    def require_two(self, why: str) -> None:
        """Refuse one person, and two agents; raises SecondNeeded."""
        if not self.two:
            raise SecondNeeded(f"two people, one of them a manager, for {why}")

    def require_manager(self, why: str) -> None:
        """Refuse agents alone; raises StaffOnly."""
        if not self.manager:
            raise StaffOnly(f"a manager's: {why}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """What somebody has counted."""

    cash: Money
    cheques: Money = NOTHING

    def __post_init__(self) -> None:
        if min(self.cash, self.cheques) < NOTHING:
            raise ValueError("nobody counts less than nothing")


@dataclass(frozen=True, slots=True, kw_only=True)
class TillEvent:
    """One act at the till.

    ``cash`` and ``cheques`` are what it changes in the drawer, signed; ``cash_after`` and
    ``cheques_after`` what must lie there then; ``subject`` the top-up, the card's movement, the
    bag, or ``<kind>:<number>`` of what is reversed.
    """

    number: int
    session: int
    kind: TillKind
    at: datetime  # aware
    by: str
    second: str = ""
    cash: Money = NOTHING
    cheques: Money = NOTHING
    cash_after: Money = NOTHING
    cheques_after: Money = NOTHING
    counted: Count | None = None
    subject: str = ""

    @property
    def differences(self) -> tuple[Money, Money]:
        """Cash and cheques that were counted less what had to lie there (rule 5)."""
        if self.counted is None or self.number == 1:  # the first float was brought
            return NOTHING, NOTHING
        if self.kind in BOOKING:  # what must lie there now is what was counted
            return self.cash, self.cheques
        return self.counted.cash - self.cash_after, self.counted.cheques - self.cheques_after

    @property
    def differs(self) -> bool:
        """Whether somebody counted something else than what had to lie there."""
        return self.differences != (NOTHING, NOTHING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Till:
    """The till as its events leave it.

    ``number`` is the last event's, ``first`` that of the session's opening, ``since`` its moment;
    ``cash`` and ``cheques`` are what must lie in the drawer, ``counted`` what was found there.
    """

    session: int = 0
    number: int = 0
    first: int = 1
    state: TillState = TillState.CLOSED
    holder: str = ""
    since: datetime | None = None
    cash: Money = NOTHING
    cheques: Money = NOTHING
    counted: Count | None = None
    counts: int = 0

    @property
    def is_open(self) -> bool:
        """Whether a session runs, counted or frozen too."""
        return self.state is not TillState.CLOSED

    def require(self, *states: TillState) -> None:
        """Refuse another state; raises TillClosed, TillOpen, TillFrozen."""
        if self.state in states:
            return
        if self.state is TillState.CLOSED:
            raise TillClosed("no session is open")
        if states == (TillState.CLOSED,):
            raise TillOpen(f"session {self.session} is open")
        raise TillFrozen(f"the till is {self.state}")

    def require_holder(self, hands: Hands) -> None:
        """Refuse who doesn't hold the till; raises TillOther."""
        if hands.by != self.holder:
            raise TillOther("another person holds the till")


_STATES = {
    TillKind.OPEN: TillState.OPEN,
    TillKind.FREEZE: TillState.FROZEN,
    TillKind.CHECK: TillState.OPEN,
    TillKind.COUNT: TillState.COUNTED,
    TillKind.CLOSE: TillState.CLOSED,
}


def after(till: Till, event: TillEvent) -> Till:
    """Give the till after an event (rule 1)."""
    moved = replace(
        till,
        number=event.number,
        state=_STATES.get(event.kind, till.state),
        cash=event.cash_after,
        cheques=event.cheques_after,
    )
    match event.kind:
        case TillKind.OPEN:
            begun = Till(session=event.session, first=event.number, since=event.at)
            return replace(
                begun,
                number=event.number,
                state=TillState.OPEN,
                holder=event.by,
                cash=event.cash_after,
                cheques=event.cheques_after,
            )
        case TillKind.HANDOVER:
            return replace(moved, holder=event.second)
        case TillKind.COUNT:
            return replace(moved, counted=event.counted, counts=till.counts + 1)
        case TillKind.CLOSE:
            return replace(moved, holder="", since=None)
        case _:
            return moved
