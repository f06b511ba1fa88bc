"""What is ordered without a card."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from kiosk.domain.errors import AmountRefused, ProductUnknown
from kiosk.domain.money import Money
from kiosk.domain.ticket_order import PERSONS_MAX, order_of, price_of
from tests.tickets import ORDER, POOL, TODAY


def test_an_order_is_of_its_day_its_product_and_its_tariff() -> None:
    assert order_of(POOL, "full", 2, TODAY) == ORDER


def test_a_product_may_give_its_ticket_more_days() -> None:
    week = order_of(replace(POOL, days=7), "full", 2, TODAY)
    assert (week.first_day, week.last_day) == (TODAY, date(2026, 11, 28))


def test_each_person_pays_the_tariff() -> None:
    assert price_of(POOL, "child", 3) == Money(480)


def test_a_tariff_that_isnt_published_is_refused() -> None:
    with pytest.raises(ProductUnknown):
        order_of(POOL, "friend", 1, TODAY)


def test_only_an_entry_is_sold_without_a_card() -> None:
    with pytest.raises(ProductUnknown):
        order_of(replace(POOL, kind="service"), "full", 1, TODAY)


@pytest.mark.parametrize("persons", [-1, 0, PERSONS_MAX + 1])
def test_a_number_of_people_out_of_bounds_is_refused(persons: int) -> None:
    with pytest.raises(AmountRefused):
        order_of(POOL, "full", persons, TODAY)


@pytest.mark.parametrize("changed", [{"persons": 0}, {"last_day": date(2026, 11, 21)}])
def test_an_impossible_order_can_t_be_made(changed: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="not an order"):
        replace(ORDER, **changed)  # type: ignore[arg-type]  # by field
