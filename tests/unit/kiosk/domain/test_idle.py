"""The idle watch: warn, then wipe; never too soon, never not at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.idle import HOLD_MAX_S, SLOW_FACTOR, WARN_S, WIPE_S, IdleWatch, Phase

moments = st.floats(0, 10_000)


def touched(at: float = 0.0) -> IdleWatch:
    watch = IdleWatch()
    watch.touch(at)
    return watch


@given(moments)
def test_nobody_is_there_before_the_first_touch(now: float) -> None:
    assert IdleWatch().phase(now) is Phase.REST


@pytest.mark.parametrize(
    ("seconds", "phase"),
    [
        (0.0, Phase.ACTIVE),
        (44.9, Phase.ACTIVE),
        (45.0, Phase.WARNING),
        (59.9, Phase.WARNING),
        (60.0, Phase.WIPE),
        (86_400.0, Phase.WIPE),
    ],
)
def test_a_visit_is_warned_at_45_s_and_wiped_at_60_s(seconds: float, phase: Phase) -> None:
    assert touched().phase(seconds) is phase


@pytest.mark.parametrize(("seconds", "left"), [(0.0, 60), (45.0, 15), (59.0, 1), (70.0, 0)])
def test_the_seconds_left_are_counted_down_to_nought(seconds: float, left: int) -> None:
    assert touched().left_s(seconds) == left


def test_a_touch_in_the_warning_gives_the_whole_time_again() -> None:
    watch = touched()
    assert watch.phase(50) is Phase.WARNING
    watch.touch(50)
    assert watch.phase(50 + WARN_S - 1) is Phase.ACTIVE
    assert watch.left_s(50) == WIPE_S


@given(st.lists(st.floats(0, WARN_S - 0.1), min_size=1, max_size=30))
def test_a_visit_that_is_touched_in_time_never_ends(pauses: list[float]) -> None:
    watch, now = touched(), 0.0
    for pause in pauses:
        now += pause
        assert watch.phase(now) is Phase.ACTIVE
        watch.touch(now)


@given(last=moments, later=st.floats(WIPE_S + 0.001, 10_000))
def test_a_visit_that_nobody_touches_always_ends(last: float, later: float) -> None:
    assert touched(last).phase(last + later) is Phase.WIPE


@given(st.lists(moments, min_size=2, max_size=20).map(sorted))
def test_phases_only_go_forward_while_nothing_happens(looks: list[float]) -> None:
    order = [Phase.ACTIVE, Phase.WARNING, Phase.WIPE]
    watch = touched()
    seen = [order.index(watch.phase(look)) for look in looks]
    assert seen == sorted(seen)


@given(st.floats(0, 1000))
def test_slow_times_are_three_times_as_long(seconds: float) -> None:
    slow = touched()
    slow.slow = True
    assert slow.phase(seconds * SLOW_FACTOR) is touched().phase(seconds * SLOW_FACTOR / SLOW_FACTOR)


def test_with_slow_times_the_seconds_left_are_those_of_the_clock() -> None:
    slow = touched()
    slow.slow = True
    assert slow.left_s(135) == 45


def test_an_ended_visit_is_nobodys() -> None:
    watch = touched()
    watch.hold(1, held=True)
    watch.end()
    assert watch.phase(2) is Phase.REST
    watch.touch(3)
    assert watch.phase(3 + WIPE_S) is Phase.WIPE


@given(st.floats(0, HOLD_MAX_S + WARN_S - 0.1))
def test_nothing_is_wiped_while_a_payment_is_in_flight(seconds: float) -> None:
    watch = touched()
    watch.hold(0, held=True)
    assert watch.phase(seconds) is Phase.ACTIVE


def test_a_payment_that_never_ends_is_warned_before_the_wipe() -> None:
    watch = touched()
    watch.hold(10, held=True)
    assert watch.phase(10 + HOLD_MAX_S + WARN_S) is Phase.WARNING
    assert watch.phase(10 + HOLD_MAX_S + WIPE_S) is Phase.WIPE


def test_after_a_payment_there_is_the_whole_time_to_read_the_result() -> None:
    watch = touched()
    watch.hold(5, held=True)
    watch.hold(120, held=False)
    assert watch.phase(120 + WARN_S - 1) is Phase.ACTIVE
    assert watch.phase(120 + WIPE_S) is Phase.WIPE


def test_holding_twice_does_not_prolong_the_hold() -> None:
    watch = touched()
    watch.hold(0, held=True)
    watch.hold(HOLD_MAX_S - 1, held=True)
    assert watch.phase(HOLD_MAX_S + WIPE_S) is Phase.WIPE


def test_letting_go_of_what_was_not_held_changes_nothing() -> None:
    watch = touched()
    watch.hold(50, held=False)
    assert watch.phase(WIPE_S) is Phase.WIPE


def test_a_payment_without_a_visit_begins_none() -> None:
    watch = IdleWatch()
    watch.hold(0, held=True)
    watch.hold(9, held=False)
    assert watch.phase(10) is Phase.REST
