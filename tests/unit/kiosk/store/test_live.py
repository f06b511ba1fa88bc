from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from kiosk.domain.freshness import Policy
from kiosk.store.live import NEAR_S, Call, LiveTrips

AT = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
NOW = int(AT.timestamp())
POLICY = Policy(live_s=180, withdraw=True)
COLUMNS = (
    "trip", "stop", "seq", "start_day", "delay_s", "expected", "cancelled", "observed_at",
    "valid_until", "demo",
)  # fmt: skip


def update(**given: object) -> tuple[object, ...]:
    known: dict[str, object] = dict.fromkeys(COLUMNS)
    known |= {"trip": "T1", "stop": "", "start_day": "", "observed_at": NOW, **given}
    return tuple(known[column] for column in COLUMNS)


def call(sequence: int = 5, **given: object) -> Call:
    known: dict[str, object] = {
        "trip": "T1",
        "stop": "M1",
        "sequence": sequence,
        "day": date(2026, 11, 23),
        "scheduled": NOW + 600,
        **given,
    }
    return Call(**known)  # type: ignore[arg-type]  # the tests name the fields


def delay(*updates: tuple[object, ...], of: Call | None = None) -> int | str | None:
    """What the updates say of the call: its delay in seconds, "cancelled", or nothing."""
    asked = of or call()
    news = LiveTrips(updates, POLICY).of(asked, AT)
    if news is None:
        return None
    return "cancelled" if news.cancelled else news.expected - asked.scheduled


def test_nothing_is_said_of_other_trips() -> None:
    assert delay(update(trip="T2", delay_s=60)) is None
    assert not LiveTrips((), POLICY)


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        (update(seq=5, delay_s=60), 60),
        (update(stop="M1", delay_s=60), 60),
        (update(stop="M1", seq=5, expected=NOW + 690), 90),
        (update(stop="M1", seq=5, expected=NOW + 690, delay_s=60), 90),
        (update(stop="M1", seq=5, delay_s=-30), -30),
        (update(stop="M1", seq=5, cancelled=1), "cancelled"),
        (update(stop="M1", seq=9, delay_s=60), None),  # M1 again, later in the trip
        (update(stop="P1", delay_s=60), None),  # another stop, nobody knows where
        (update(seq=5), None),
    ],
)
def test_news_of_the_call_itself(said: tuple[object, ...], heard: int | str | None) -> None:
    assert delay(said) == heard


def test_a_delay_holds_for_the_calls_after_it() -> None:
    said = (update(seq=2, delay_s=60), update(seq=4, delay_s=120), update(seq=6, delay_s=300))
    assert delay(*said) == 120
    assert delay(*reversed(said)) == 120
    assert delay(*said, of=call(3)) == 60
    assert delay(*said, of=call(1)) is None


def test_a_stop_that_is_skipped_says_nothing_of_the_next() -> None:
    assert delay(update(seq=2, delay_s=60), update(seq=4, cancelled=1)) == 60


def test_an_expected_time_alone_does_not_carry_on() -> None:
    assert delay(update(seq=2, expected=NOW + 900)) is None


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ((update(delay_s=45),), 45),
        ((update(cancelled=1),), "cancelled"),
        ((update(delay_s=45), update(seq=2, delay_s=60)), 60),
        ((update(cancelled=1), update(seq=2, delay_s=60)), "cancelled"),
    ],
)
def test_news_of_the_whole_trip(
    said: tuple[tuple[object, ...], ...], heard: int | str | None
) -> None:
    assert delay(*said) == heard


def test_news_of_another_day_are_not_believed() -> None:
    assert delay(update(delay_s=60, start_day="20261122")) is None
    assert delay(update(delay_s=60, start_day="20261123")) == 60


def test_news_without_a_day_speak_of_runs_near_them() -> None:
    assert delay(update(delay_s=60), of=call(scheduled=NOW + NEAR_S)) == 60
    assert delay(update(delay_s=60), of=call(scheduled=NOW + NEAR_S + 1)) is None


@pytest.mark.parametrize(
    ("given", "heard"),
    [
        ({"observed_at": NOW - 180}, 60),
        ({"observed_at": NOW - 181}, None),
        ({"valid_until": NOW + 1}, 60),
        ({"valid_until": NOW}, None),
        ({"observed_at": NOW + 30}, 60),
    ],
)
def test_only_live_news_count(given: dict[str, object], heard: int | None) -> None:
    assert delay(update(delay_s=60, **given)) == heard


def test_the_age_and_the_demo_mark_go_along() -> None:
    news = LiveTrips([update(delay_s=60, observed_at=NOW - 20, demo=1)], POLICY).of(call(), AT)
    assert news is not None
    assert (news.freshness.age, news.freshness.demo) == (timedelta(seconds=20), True)


@pytest.mark.parametrize("of", [lambda: call(stop=""), lambda: call(trip="")])
def test_empty_names_match_nothing(of: Callable[[], Call]) -> None:
    assert delay(update(trip="T1", stop="", seq=9, delay_s=60), of=of()) is None
