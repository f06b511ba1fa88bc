from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.errors import InputRefused
from sync.connectors.waste.rules import FREQUENCIES, WEEKDAYS, Rule, weekdays_of

ALWAYS = date.max - timedelta(days=1)
NOVEMBER, DECEMBER = date(2026, 11, 1), date(2026, 12, 1)


def days(
    jours: str,
    frequency: str = "hebdomadaire",
    *,
    first: date = date.min,
    last: date = ALWAYS,
    start: date = NOVEMBER,
    end: date = DECEMBER,
) -> list[str]:
    rule = Rule(weekdays=weekdays_of(jours), frequency=frequency, first=first, last=last)
    return [f"{day:%d/%m}" for day in rule.days(start, end)]


def test_a_weekly_rule_falls_each_week() -> None:
    assert days("jeudi") == ["05/11", "12/11", "19/11", "26/11"]


def test_a_rule_may_have_several_weekdays() -> None:
    assert days("lundi, jeudi", end=date(2026, 11, 13)) == ["02/11", "05/11", "09/11", "12/11"]


@pytest.mark.parametrize(
    ("frequency", "expected"),
    [
        ("semaines_paires", ["11/11", "25/11"]),  # ISO weeks 46 and 48
        ("semaines_impaires", ["04/11", "18/11"]),
        ("mensuelle_1", ["04/11"]),
        ("mensuelle_2", ["11/11"]),
        ("mensuelle_3", ["18/11"]),
        ("mensuelle_4", ["25/11"]),
        ("mensuelle_derniere", ["25/11"]),
    ],
)
def test_each_frequency_falls_on_its_wednesdays(frequency: str, expected: list[str]) -> None:
    assert days("mercredi", frequency) == expected


def test_each_second_week_counts_from_the_first_day() -> None:
    assert days("vendredi", "quinzaine", first=date(2026, 11, 2)) == ["06/11", "20/11"]
    assert days("vendredi", "quinzaine", first=date(2026, 11, 9)) == ["13/11", "27/11"]


def test_each_second_week_goes_on_over_a_year_of_53_weeks() -> None:
    rule = Rule(weekdays=weekdays_of("lundi"), frequency="quinzaine", first=NOVEMBER, last=ALWAYS)
    found = list(rule.days(NOVEMBER, date(2027, 3, 1)))
    apart = {after - before for before, after in pairwise(found)}
    assert apart == {timedelta(days=14)}


def test_a_fifth_weekday_is_the_last() -> None:
    assert days("dimanche", "mensuelle_derniere") == ["29/11"]


def test_a_rule_holds_from_its_first_to_its_last_day() -> None:
    found = days("jeudi", first=date(2026, 11, 12), last=date(2026, 11, 19))
    assert found == ["12/11", "19/11"]


def test_a_rule_that_is_over_gives_nothing() -> None:
    assert days("jeudi", last=date(2026, 10, 31)) == []
    assert days("jeudi", first=date(2026, 12, 1)) == []


@pytest.mark.parametrize("text", ["", " ", "lundy", "lundi demain", "1"])
def test_what_is_no_weekday_is_refused(text: str) -> None:
    with pytest.raises(InputRefused, match="not weekdays"):
        weekdays_of(text)


@pytest.mark.parametrize("text", ["lundi", "LUNDI", "lundi,lundi", " lundi "])
def test_a_weekday_may_be_written_as_one_likes(text: str) -> None:
    assert weekdays_of(text) == {0}


@given(
    st.sampled_from(WEEKDAYS),
    st.sampled_from(sorted(FREQUENCIES)),
    st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 1, 1)),
    st.integers(1, 200),
)
def test_days_are_of_the_weekday_in_order_and_inside(
    jours: str, frequency: str, start: date, length: int
) -> None:
    rule = Rule(
        weekdays=weekdays_of(jours), frequency=frequency, first=date(1999, 1, 4), last=ALWAYS
    )
    found = list(rule.days(start, start + timedelta(days=length)))
    assert found == sorted(set(found))
    assert all(day.weekday() == WEEKDAYS.index(jours) for day in found)
    assert all(start <= day < start + timedelta(days=length) for day in found)


@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 1, 1)))
def test_even_and_odd_weeks_make_all_weeks(start: date) -> None:
    end = start + timedelta(days=90)
    rules = {
        name: Rule(weekdays=frozenset({2}), frequency=name, first=date.min, last=ALWAYS)
        for name in ("semaines_paires", "semaines_impaires", "hebdomadaire")
    }
    found = {name: list(rule.days(start, end)) for name, rule in rules.items()}
    both = sorted(found["semaines_paires"] + found["semaines_impaires"])
    assert both == found["hebdomadaire"]
