"""Top-up limits and rows."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.errors import AmountRefused, PurseFull
from kiosk.domain.money import Money
from kiosk.domain.payment import ENDED, TopupLimits, TopupRow, TopupState

NOW = datetime(2026, 11, 22, tzinfo=UTC)
LIMITS = TopupLimits()


@pytest.mark.parametrize(
    ("balance", "offered", "room"),
    [
        (0, [500, 1000, 2000, 5000], 15_000),
        (1240, [500, 1000, 2000, 5000], 13_760),
        (10_001, [500, 1000, 2000], 4999),
        (14_500, [500], 500),
        (14_501, [], 499),
        (14_900, [], 100),
        (14_901, [], 0),
        (15_000, [], 0),
    ],
)
def test_only_what_fits_under_the_ceiling_is_offered(
    balance: int, offered: list[int], room: int
) -> None:
    assert [m.cents for m in LIMITS.offered(Money(balance))] == offered
    assert LIMITS.room(Money(balance)) == Money(room)


@pytest.mark.parametrize("cents", [100, 101, 2000, 15_000])
def test_a_sum_within_the_limits_passes(cents: int) -> None:
    LIMITS.check(Money(cents), Money(0))


@pytest.mark.parametrize("cents", [-2000, 0, 1, 99, 15_001, 10**9])
def test_an_absurd_sum_is_refused(cents: int) -> None:
    with pytest.raises(AmountRefused, match="100 to 15000"):
        LIMITS.check(Money(cents), Money(0))


@pytest.mark.parametrize(("cents", "balance"), [(100, 14_901), (15_000, 1), (5000, 10_001)])
def test_a_sum_that_passes_the_ceiling_is_refused_as_purse_full(cents: int, balance: int) -> None:
    with pytest.raises(PurseFull):
        LIMITS.check(Money(cents), Money(balance))


@given(balance=st.integers(0, 15_000))
def test_whatever_is_offered_is_accepted(balance: int) -> None:
    room = LIMITS.room(Money(balance))
    for amount in (*LIMITS.offered(Money(balance)), *([room] if room.cents else [])):
        LIMITS.check(amount, Money(balance))


@pytest.mark.parametrize(
    "wrong",
    [
        {"least": Money(0)},
        {"least": Money(600)},
        {"most": Money(4999)},
        {"most": Money(15_001)},
        {"proposed": (Money(2000), Money(1000))},
        {"ceiling": Money(15_001)},
        {"ceiling": Money(99)},
    ],
    ids=str,
)
def test_limits_that_contradict_each_other_are_refused(wrong: dict[str, Money]) -> None:
    with pytest.raises(ValueError, match="out of order"):
        TopupLimits(**wrong)  # type: ignore[arg-type]  # proposed is a tuple in one case


@pytest.mark.parametrize("state", TopupState)
def test_a_row_is_ended_in_the_four_last_states_only(state: TopupState) -> None:
    row = TopupRow(
        id="T",
        state=state,
        card="tag",
        amount=Money(100),
        provider="simulator",
        created_at=NOW,
        changed_at=NOW,
    )
    assert row.ended is (state in ENDED)
    assert len(ENDED) == 4
