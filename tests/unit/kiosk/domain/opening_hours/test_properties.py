"""Properties of any expression: nothing else than an answer or a refusal, and one truth."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import pairwise

from hypothesis import example, given, settings
from hypothesis import strategies as st

from kiosk.domain.errors import HoursNotUnderstood
from kiosk.domain.hours import Door, Interval
from kiosk.domain.opening_hours.engine import Engine
from kiosk.domain.opening_hours.evaluation import Evaluator
from kiosk.domain.opening_hours.expression import Expression
from kiosk.domain.opening_hours.reading import parse
from kiosk.domain.opening_hours.surroundings import Surroundings
from tests.unit.kiosk.domain.opening_hours.weeks import NOWHERE, PARIS, PUBLICS, VILLAGE, Village

PARTS = [
    "Mo", "We", "Fr-Su", "Sa[1]", "Su[-1] +1 day", "PH", "SH", "PH -1 day", "Jan", "Nov 09-12",
    "Dec 24-Jan 02", "easter", "easter -2 days-easter +1 day", "2026", "2026 Nov 10", "2026-2030/2",
    "week 46", "week 01-53/2", "10:00-12:00", "14:00-18:00", "22:00-26:00", "23:00-02:00", "17:00+",
    "10:00-16:00/90", "08:00", "sunrise-sunset", "(sunset+01:00)-26:00", "sunset-07:00", "off",
    "closed", "unknown", "open", "24/7", '"sur rendez-vous"', ";", ";", ",", "||", ":", "-", "+",
    "10h", "12h", "à", "lundi", "sauf", "/", "(", ")", "[", "week", "8", "Uhr", "pm", "\x00", "²",
]  # fmt: skip
WORDS = st.lists(st.sampled_from(PARTS), max_size=14).map(" ".join)
TEXTS = st.one_of(st.text(max_size=80), WORDS, WORDS.map(lambda text: text.replace(" ", "")))
MOMENTS = st.datetimes(datetime(2026, 10, 1), datetime(2027, 5, 1)).map(  # noqa: DTZ001  # made aware here
    lambda naive: naive.replace(tzinfo=PARIS)
)
PLACES = [
    Surroundings(calendar=VILLAGE, position=(48.43, 0.09), zone=PARIS),
    Surroundings(calendar=NOWHERE, zone=PARIS),
    Surroundings(calendar=Village(PUBLICS, None), position=(69.6, 18.9), zone=PARIS),
]


def read(text: str) -> Expression | None:
    try:
        return parse(text)
    except HoursNotUnderstood:
        return None


@given(TEXTS)
@example("²:³")
@example("١٠:٠٠-١٢:٠٠")
@example("24/7" * 3)
@example("𝟏𝟎:𝟎𝟎-𝟏𝟐:𝟎𝟎")
@settings(max_examples=600, deadline=None)
def test_any_text_is_understood_or_refused(text: str) -> None:
    found = read(text)
    assert found is None or found.rules


@given(TEXTS, MOMENTS)
@settings(max_examples=200, deadline=None)
def test_the_engine_answers_any_text(text: str, at: datetime) -> None:
    engine = Engine(PLACES[0])
    verdict = engine.verdict(text, at)
    found = engine.intervals(text, at, at + timedelta(days=3))
    assert verdict.until is None or verdict.until > at
    if read(text) is None:
        assert verdict.door is Door.UNKNOWN
        assert found == []


@given(WORDS, MOMENTS, st.sampled_from(PLACES))
@settings(max_examples=300, deadline=None)
def test_intervals_are_in_order_and_disjoint(text: str, at: datetime, place: Surroundings) -> None:
    expression = read(text)
    if expression is None:
        return
    end = at + timedelta(days=10)
    found = Evaluator(expression, place).intervals(at, end)
    assert all(one.start < one.end for one in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert all(at <= one.start and one.end <= end for one in found)
    assert all(one.door is not Door.CLOSED for one in found)


@given(WORDS, MOMENTS, st.sampled_from(PLACES))
@settings(max_examples=300, deadline=None)
def test_neighbours_differ(text: str, at: datetime, place: Surroundings) -> None:
    expression = read(text)
    if expression is None:
        return
    found = Evaluator(expression, place).intervals(at, at + timedelta(days=10))
    for one, other in pairwise(found):
        alike = (one.door, one.comment) == (other.door, other.comment)
        assert one.end < other.start or not alike


def door_of(found: list[Interval], at: datetime) -> Door:
    return next((one.door for one in found if one.start <= at < one.end), Door.CLOSED)


@given(WORDS, MOMENTS, st.sampled_from(PLACES), st.integers(0, 10 * 1440 - 1))
@settings(max_examples=300, deadline=None)
def test_the_state_agrees_with_the_intervals(
    text: str, start: datetime, place: Surroundings, minute: int
) -> None:
    expression = read(text)
    if expression is None:
        return
    evaluator = Evaluator(expression, place)
    found = evaluator.intervals(start, start + timedelta(days=10))
    at = start + timedelta(minutes=minute)
    assert evaluator.state_at(at).door is door_of(found, at)


@given(WORDS, MOMENTS, st.sampled_from(PLACES))
@settings(max_examples=200, deadline=None)
def test_the_state_changes_when_it_was_said_to(
    text: str, at: datetime, place: Surroundings
) -> None:
    expression = read(text)
    if expression is None:
        return
    evaluator = Evaluator(expression, place)
    verdict = evaluator.state_at(at)
    if verdict.until is not None:
        assert verdict.until > at
        assert evaluator.state_at(verdict.until).door is not verdict.door
        before = verdict.until - timedelta(minutes=1)
        assert before < at or evaluator.state_at(before).door is verdict.door


@given(WORDS, MOMENTS)
@settings(max_examples=200, deadline=None)
def test_memory_changes_no_answer(text: str, at: datetime) -> None:
    expression = read(text)
    if expression is None:
        return
    warm, end = Evaluator(expression, PLACES[0]), at + timedelta(days=5)
    warm.intervals(at - timedelta(days=30), end)
    warm.state_at(at)
    cold = Evaluator(expression, PLACES[0])
    assert warm.intervals(at, end) == cold.intervals(at, end)
    assert warm.state_at(at) == Evaluator(expression, PLACES[0]).state_at(at)


@given(WORDS, MOMENTS)
@settings(max_examples=200, deadline=None)
def test_knowing_the_holidays_contradicts_nothing_that_was_sure_without(
    text: str, at: datetime
) -> None:
    expression = read(text)
    if expression is None:
        return
    known = Evaluator(expression, Surroundings(calendar=VILLAGE, zone=PARIS)).state_at(at).door
    unknown = Evaluator(expression, PLACES[1]).state_at(at).door
    assert unknown in (known, Door.UNKNOWN)


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
@settings(deadline=None)
def test_any_day_of_reach_can_be_asked_for(day: date) -> None:
    at = datetime(day.year, day.month, day.day, 12, tzinfo=PARIS)
    evaluator = Evaluator(parse("easter,Feb 29,Su[-1] 10:00-14:00; week 53 off"), PLACES[1])
    assert evaluator.state_at(at).door in (Door.OPEN, Door.CLOSED)
