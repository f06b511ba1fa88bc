from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.errors import InputRefused
from kiosk.domain.facts import Event, Timing
from sync.connectors.sittings import SITTINGS_MAX, event_of, over_at, sitting_on

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)
HOUR = timedelta(hours=1)


def at(hours: float, length: float | None = 1) -> Timing:
    start = NOW + hours * HOUR
    return Timing(starts_at=start, ends_at=None if length is None else start + length * HOUR)


def test_an_event_starts_with_its_next_sitting() -> None:
    event = event_of([at(5), at(-30), at(2)], NOW)
    assert (event.starts_at, event.ends_at) == (at(2).starts_at, at(2).ends_at)
    assert event.timings == (at(-30), at(2), at(5))


def test_a_sitting_that_goes_on_is_the_next_one() -> None:
    assert event_of([at(-0.5), at(2)], NOW).starts_at == at(-0.5).starts_at


def test_an_event_that_is_over_shows_its_last_sitting() -> None:
    assert event_of([at(-9), at(-5)], NOW).starts_at == at(-5).starts_at


def test_a_single_sitting_needs_no_list() -> None:
    event = event_of([at(1), at(1)], NOW, place="Salle", commune="Bourg", price="2 €")
    assert event == Event(
        starts_at=at(1).starts_at,
        ends_at=at(1).ends_at,
        place="Salle",
        commune="Bourg",
        price="2 €",
    )


def test_a_sitting_of_unknown_length_may_last_its_day() -> None:
    assert event_of([at(-5, None), at(3)], NOW).starts_at == at(-5).starts_at
    assert event_of([at(-20, None), at(3)], NOW).starts_at == at(3).starts_at


def test_an_event_without_sitting_is_refused() -> None:
    with pytest.raises(InputRefused, match="no date"):
        event_of([], NOW)


def test_a_sitting_that_ends_before_it_starts_refuses_the_event() -> None:
    with pytest.raises(InputRefused, match="before it starts"):
        event_of([at(1), at(5, -1)], NOW)


def test_of_too_many_sittings_the_next_ones_are_kept() -> None:
    event = event_of([at(hours) for hours in range(-50, SITTINGS_MAX + 50)], NOW)
    assert len(event.timings) == SITTINGS_MAX
    assert event.timings[0].starts_at == event.starts_at == at(0).starts_at


def test_an_event_is_over_with_its_last_sitting() -> None:
    assert over_at(event_of([at(1), at(9)], NOW)) == at(9).ends_at
    assert over_at(event_of([at(1)], NOW)) == at(1).ends_at
    unknown = event_of([Timing(starts_at=datetime(2026, 11, 22, 20, tzinfo=PARIS))], NOW)
    assert over_at(unknown) == datetime(2026, 11, 23, tzinfo=PARIS)


@pytest.mark.parametrize(
    ("last", "hours", "start", "end"),
    [
        (None, (None, None), "2026-11-22T00:00", None),
        (None, (time(9), None), "2026-11-22T09:00", None),
        (None, (time(9), time(12)), "2026-11-22T09:00", "2026-11-22T12:00"),
        (None, (time(21), time(2)), "2026-11-22T21:00", "2026-11-23T02:00"),
        (date(2026, 11, 24), (time(9), time(12)), "2026-11-22T09:00", "2026-11-24T12:00"),
        (date(2026, 11, 24), (None, time(12)), "2026-11-22T00:00", "2026-11-24T12:00"),
    ],
)
def test_a_sitting_has_the_hours_that_are_told(
    last: date | None, hours: tuple[time | None, time | None], start: str, end: str | None
) -> None:
    sitting = sitting_on(date(2026, 11, 22), last, PARIS, hours)
    assert sitting.starts_at == datetime.fromisoformat(start).replace(tzinfo=PARIS)
    assert sitting.ends_at == (datetime.fromisoformat(end).replace(tzinfo=PARIS) if end else None)


def test_whole_days_end_at_the_midnight_after_the_last() -> None:
    sitting = sitting_on(date(2026, 11, 22), date(2026, 11, 23), PARIS)
    assert sitting.ends_at == datetime(2026, 11, 24, tzinfo=PARIS)


@pytest.mark.parametrize("day", [date(1, 1, 1), date(9999, 12, 31)])
def test_an_impossible_day_is_refused(day: date) -> None:
    with pytest.raises(InputRefused):
        sitting_on(day, None, PARIS)


@given(st.lists(st.integers(-500, 500), min_size=1, max_size=30))
def test_the_next_sitting_is_never_over_while_another_is_to_come(hours: list[int]) -> None:
    event = event_of([at(hour) for hour in hours], NOW)
    assert event.ends_at is not None
    assert event.ends_at > NOW or max(hours) < 0
