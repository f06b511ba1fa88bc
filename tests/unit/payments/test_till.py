"""Cash and cheques over the counter."""

from __future__ import annotations

import pytest

from kiosk.domain.errors import AmountRefused, PaymentUnknown, TillClosed
from kiosk.domain.money import Money
from kiosk.domain.payment import PaymentStatus
from kiosk.domain.till_rules import CASH_MAX
from payments.provider import Order, Setup
from payments.registry import discover, load
from payments.till import CounterProvider
from tests.unit.payments.worlds import Time


class Drawer:
    """A till in memory."""

    def __init__(self, *, is_open: bool = True) -> None:
        self._open = is_open
        self.entries: list[tuple[str, str, Money]] = []
        self.back: set[str] = set()

    def is_open(self) -> bool:
        return self._open

    def take(self, kind: str, order: Order) -> None:
        self.entries.append((kind, order.topup, order.amount))

    def taken(self, kind: str, topup: str) -> Money | None:
        found = [amount for k, t, amount in self.entries if (k, t) == (kind, topup)]
        return found[0] if found else None

    def given_back(self, topup: str) -> bool:
        return topup in self.back


def order(cents: int = 2000) -> Order:
    return Order(topup="T-1", amount=Money(cents), at=Time().now())


def test_cash_is_taken_at_once_and_once() -> None:
    drawer = Drawer()
    cash = CounterProvider("cash", drawer, most=CASH_MAX)
    first = cash.create(order(), key="a")
    assert (first.status, first.amount) == (PaymentStatus.SUCCEEDED, Money(2000))
    assert cash.create(order(), key="b") == first
    assert len(drawer.entries) == 1
    assert cash.find("T-1", Time().now()) == first
    assert cash.capture(first.id, key="c") == cash.cancel(first.id, key="d") == first


def test_what_the_till_gave_back_is_told() -> None:
    drawer = Drawer()
    cash = CounterProvider("cash", drawer, most=CASH_MAX)
    first = cash.create(order(), key="a")
    assert first.refunded == Money(0)
    drawer.back.add("T-1")
    assert cash.retrieve(first.id).refunded == Money(2000)


@pytest.mark.parametrize("cents", [0, -100, CASH_MAX.cents + 1])
def test_a_sum_over_the_ceiling_or_none_is_refused(cents: int) -> None:
    with pytest.raises(AmountRefused):
        CounterProvider("cash", Drawer(), most=CASH_MAX).create(order(cents), key="k")


def test_a_closed_till_takes_nothing() -> None:
    drawer = Drawer(is_open=False)
    with pytest.raises(TillClosed):
        CounterProvider("cash", drawer, most=CASH_MAX).create(order(), key="k")
    assert drawer.entries == []


def test_the_till_alone_gives_back() -> None:
    cash = CounterProvider("cash", Drawer(), most=CASH_MAX)
    charge = cash.create(order(), key="a")
    with pytest.raises(TillClosed):
        cash.refund(charge.id, Money(100), key="b")


def test_what_the_till_doesn_t_hold_is_unknown() -> None:
    cheque = CounterProvider("cheque", Drawer(), most=CASH_MAX)
    assert cheque.find("T-1", Time().now()) is None
    with pytest.raises(PaymentUnknown):
        cheque.retrieve("cheque_T-1")


@pytest.mark.parametrize("slug", ["cash", "cheque"])
def test_a_hub_without_a_till_keeps_the_counter_closed(slug: str) -> None:
    provider = load(slug, Setup(clock=Time(), environment="production"))
    with pytest.raises(TillClosed):
        provider.create(order(), key="k")
    assert provider.find("T-1", Time().now()) is None


def test_counter_money_is_for_staff_only() -> None:
    staff = {manifest.slug for manifest in discover() if manifest.staff}
    assert staff == {"cash", "cheque"}


def test_a_closed_till_says_so_itself() -> None:
    from payments.till import ClosedTill

    with pytest.raises(TillClosed):
        ClosedTill().take("cash", order())
