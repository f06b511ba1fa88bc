"""A datum's age and state: live, theory, last good, absent."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.freshness import ABSENT, Policy, State, judge

NOW = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)
LIVE = Policy(live_s=60, stale_s=3600)
moments = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  # hypothesis wants naive bounds


def state_after(seconds: int, policy: Policy = LIVE) -> State:
    return judge(NOW - timedelta(seconds=seconds), NOW, policy).state


@pytest.mark.parametrize(
    ("seconds", "state"),
    [
        (0, State.LIVE),
        (60, State.LIVE),
        (61, State.THEORY),
        (3600, State.THEORY),
        (3601, State.LAST_GOOD),
    ],
)
def test_a_datum_ages_from_live_to_the_last_good_one(seconds: int, state: State) -> None:
    assert state_after(seconds) is state


def test_a_timetable_is_never_live() -> None:
    assert state_after(0, Policy(live_s=0)) is State.THEORY


@pytest.mark.parametrize(("withdraw", "state"), [(False, State.LAST_GOOD), (True, State.ABSENT)])
def test_past_its_end_a_datum_is_the_last_good_one_or_withdrawn(
    *, withdraw: bool, state: State
) -> None:
    policy = Policy(live_s=60, withdraw=withdraw)
    assert judge(NOW, NOW, policy, valid_until=NOW).state is state


def test_until_its_end_a_datum_is_shown() -> None:
    until = NOW + timedelta(seconds=1)
    assert judge(NOW, NOW, Policy(withdraw=True), valid_until=until).state is State.THEORY


def test_a_datum_of_the_future_has_no_age() -> None:
    fresh = judge(NOW + timedelta(hours=1), NOW, LIVE)
    assert (fresh.age, fresh.state) == (timedelta(0), State.LIVE)


def test_the_demos_mark_stays_with_the_datum() -> None:
    assert judge(NOW, NOW, LIVE, demo=True).demo
    assert not judge(NOW, NOW, LIVE).demo


def test_what_never_arrived_is_absent() -> None:
    assert (ABSENT.observed_at, ABSENT.state) == (None, State.ABSENT)


@given(observed=moments, now=moments, later=st.timedeltas(timedelta(0), timedelta(days=400)))
def test_a_datum_never_grows_younger(observed: datetime, now: datetime, later: timedelta) -> None:
    order = [State.LIVE, State.THEORY, State.LAST_GOOD]
    first, second = judge(observed, now, LIVE), judge(observed, now + later, LIVE)
    assert second.age >= first.age
    assert order.index(second.state) >= order.index(first.state)
