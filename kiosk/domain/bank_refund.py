"""What a bank gave back of a payment that the journal has booked (pure).

Rules:

1. A refund is told by its total: how much of a top-up's money has been given back ever. A total
   that is told twice, or an older one that comes late, books nothing: only what it is more than the
   journal's own total becomes an entry.
2. Its entry ``bank.refund`` bears ``<top-up>:<total in cents>``: one a total, whatever is repeated.
3. The bank owes us less. What an order or a bill had earned is earned no more. What stands on a
   card can't be undone by an entry (ADR 0013): its sum waits on ``suspense``, which each closing
   tells, until the régie has settled it with the card's holder.
4. A payment that was never booked (no card loaded, no ticket made) has no line to undo.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kiosk.domain.bill import BillOrder
from kiosk.domain.ledger import Account, CardMark, Entry, Leg, income
from kiosk.domain.money import Money
from kiosk.domain.payment import TopupRow

KIND = "bank.refund"
HEARD_MAX = 50  # refunds in one question, and in one answer


@dataclass(frozen=True, slots=True, kw_only=True)
class BankRefund:
    """How much of a top-up's money the bank, or the régie, has given back ever."""

    topup: str
    total: Money


def subject_of(told: BankRefund) -> str:
    """Give the subject of a refund's entry (rule 2)."""
    return f"{told.topup}:{told.total.cents}"


def refund_entry(
    paid: TopupRow, told: BankRefund, before: Money, *, seq: int, at: datetime
) -> Entry:
    """Give the entry of what came back since the journal's own total ``before`` (rule 3)."""
    order, cents = paid.order, (told.total - before).cents
    if order is None:
        owes, mark = Account.SUSPENSE.value, CardMark(tag=paid.card)
    elif isinstance(order, BillOrder):
        owes, mark = income(order.service), CardMark(tag=f"bill:{order.key}")
    else:
        owes, mark = income(order.service), CardMark(product=order.product)
    legs = (Leg(account=owes, cents=cents), Leg(account=Account.BANK_CLEARING, cents=-cents))
    return Entry(seq=seq, kind=KIND, subject=subject_of(told), at=at, legs=legs, card=mark)
