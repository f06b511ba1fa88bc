"""Whole cents."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.money import CENTS_MAX, Money, decimal

cents = st.integers(-(10**8), 10**8)


@given(a=cents, b=cents)
def test_sums_add_and_subtract_like_their_cents(a: int, b: int) -> None:
    assert (Money(a) + Money(b)).cents == a + b
    assert (Money(a) - Money(b)).cents == a - b
    assert (-Money(a)).cents == -a


@given(a=cents, b=cents)
def test_sums_are_ordered_like_their_cents(a: int, b: int) -> None:
    assert (Money(a) < Money(b)) == (a < b)
    assert (Money(a) >= Money(b)) == (a >= b)
    assert (Money(a) == Money(b)) == (a == b)


@pytest.mark.parametrize("wrong", [1.0, "1", True, None, CENTS_MAX + 1, -CENTS_MAX - 1])
def test_what_is_no_sum_in_cents_is_refused(wrong: object) -> None:
    with pytest.raises(ValueError, match="whole cents"):
        Money(wrong)  # type: ignore[arg-type]  # the very mistake under test


def test_the_largest_sum_is_a_sum() -> None:
    assert Money(CENTS_MAX).cents == CENTS_MAX


@pytest.mark.parametrize(("cents", "text"), [(0, "0.00"), (-5, "-0.05"), (12_345, "123.45")])
def test_cents_are_written_as_euros(cents: int, text: str) -> None:
    assert decimal(cents) == text


def test_a_french_file_has_a_decimal_comma() -> None:
    assert decimal(-120, ",") == "-1,20"
