"""What the screens know of the staff's till: one frozen value a visit, and what is asked of it.

Rules:
1. What must lie in the drawer never reaches a screen before the count is entered.
2. What waits for a second person (``pending``) is forgotten when another screen opens.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.domain.errors import BillUnknown, ProductUnknown
from ui.wallet import Basket

if TYPE_CHECKING:
    from kiosk.domain.bill import BillOrder, Issuers
    from kiosk.domain.card_move import MoveRow
    from kiosk.domain.money import Money
    from kiosk.domain.payment import TopupRow
    from kiosk.domain.printing import SlipLine
    from kiosk.domain.till import Till
    from kiosk.usecases.identify_staff import Staff

# What may be asked of the till. The first of them are typed on the pad (ui.views.till_sum).
OPEN, CASH, CHEQUE, REFUND = "open", "cash", "cheque", "refund"
HANDOVER, DEPOSIT, SLIP = "handover", "deposit", "slip"
COUNT, CHECK, REVERSE = "count", "check", "reverse"
CODE, ENTRY, DUPLICATE, BILL = "code", "entry", "duplicate", "bill"
EMPTY, FREEZE, CLOSE, REPORT, PRINT = "empty", "freeze", "close", "report", "print"
# The ends of what stands on the staff's list; the case's id comes with them.
LOADED, UNLOADED, BACK, PAID, TAKEN, UNTAKEN = (
    "loaded", "unloaded", "back", "paid", "taken", "untaken",
)  # fmt: skip
_BILL_CASE = re.compile(r"(\d{6})/([A-Z0-9]{6,30})/(\d{3,6})", re.ASCII)
_ENTRY_CASE = re.compile(r"(\d{1,5})/([^/]+)/(\d)")
OF_THE_CARD = frozenset({REFUND, EMPTY})  # the citizen's card must lie there


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What is asked: ``values`` are what was typed (cents, or a number), ``case`` a list's row.

    The case of an entry is ``<product>/<tariff>/<persons>``, of a bill
    ``<issuer>/<reference>/<cents>``.
    """

    what: str
    values: tuple[int, ...] = ()
    case: str = ""


def basket_of(case: str) -> Basket:
    """Read the case of an entry; raises ProductUnknown for anything else."""
    found = _ENTRY_CASE.fullmatch(case)
    if found is None:
        raise ProductUnknown(f"no entry: {case!r}")
    product, tariff, persons = found.groups()
    return Basket(product=int(product), tariff=tariff, persons=int(persons))


def bill_of(case: str, issuers: Issuers) -> tuple[BillOrder, Money]:
    """Read the case of a bill; raises BillUnknown, AmountRefused."""
    from kiosk.domain.money import Money

    found = _BILL_CASE.fullmatch(case)
    if found is None:
        raise BillUnknown(f"no bill: {case!r}")
    amount = Money(int(found[3]))
    return issuers.order(found[1], found[2], amount), amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The till as the journal tells it, and what staff must settle."""

    till: Till
    on_cards: Money
    suspense: Money
    topups: tuple[TopupRow, ...] = ()
    owed: tuple[MoveRow, ...] = ()
    disputes: tuple[MoveRow, ...] = ()

    @property
    def cases(self) -> int:
        """How many cases stand on the staff's list."""
        return len(self.topups) + len(self.owed) + len(self.disputes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What an act has brought: its receipt's number, what is to be handed out, a paper.

    ``form`` is what a kiosk's code opens (ui.views.till_sum).
    """

    what: str
    number: int = 0
    out: Money | None = None
    lines: tuple[SlipLine, ...] = ()
    form: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TillView:
    """The till of this visit.

    ``second`` is who has joined for ``pending``; ``lines`` the last paper; ``problem`` the message
    key of the last refusal, ``left`` the tries that a wrong code has left.
    """

    known: Known | None = None
    pending: Ask | None = None
    second: Staff | None = None
    told: Told | None = None
    lines: tuple[SlipLine, ...] = ()
    problem: str = ""
    left: int | None = None
    busy: bool = False
    printer: bool = False
