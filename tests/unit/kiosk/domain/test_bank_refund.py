"""A bank's refund as an entry: what is owed less, and what is earned no more."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.domain.bank_refund import BankRefund, refund_entry
from kiosk.domain.bill import BillOrder
from kiosk.domain.ledger import Entry
from kiosk.domain.money import Money
from kiosk.domain.payment import TopupRow
from tests.contracts.test_journal import FULL, NOW
from tests.tickets import ROW as BOUGHT

BILL = BillOrder(issuer="900001", reference="2026CANT000417", service="cantines")


def entry(paid: TopupRow, total: int, before: int = 0) -> Entry:
    told = BankRefund(topup=paid.id, total=Money(total))
    return refund_entry(paid, told, Money(before), seq=7, at=NOW)


@pytest.mark.parametrize(
    ("paid", "account", "tag", "product"),
    [
        (FULL, "suspense", FULL.card, 0),
        (BOUGHT, "income.piscine", "", 101),
        (replace(BOUGHT, order=BILL), "income.cantines", f"bill:{BILL.key}", 0),
    ],
    ids=["a load", "an order", "a bill"],
)
def test_the_bank_owes_less_and_what_was_given_for_it_is_undone(
    paid: TopupRow, account: str, tag: str, product: int
) -> None:
    booked = entry(paid, 640)
    legs = [(leg.account, leg.cents) for leg in booked.legs]
    assert legs == [(account, 640), ("bank.clearing", -640)]
    assert (booked.card.tag, booked.card.product) == (tag, product)


def test_an_entry_is_what_came_back_since_the_last_one() -> None:
    booked = entry(FULL, 1500, before=1000)
    assert booked.legs[0].cents == 500
    assert (booked.kind, booked.subject) == ("bank.refund", "T-1:1500")
