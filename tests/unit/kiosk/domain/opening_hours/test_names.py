"""Weekdays and months of many languages, against CLDR itself (through Babel)."""

from __future__ import annotations

from datetime import date

import pytest
from babel import Locale

from kiosk.domain.errors import HoursNotUnderstood
from kiosk.domain.opening_hours.names import MONTHS, WEEKDAYS
from kiosk.domain.opening_hours.reading import parse
from kiosk.domain.opening_hours.short_days import OSM_DAYS, short_days
from tests.unit.kiosk.domain.opening_hours.weeks import dates, lines

LANGUAGES = [
    "en", "fr", "de", "es", "it", "nl", "ca", "da", "sv", "nb", "fi", "cs", "sk", "hu", "ro", "hr",
    "sl", "et", "lv", "lt", "tr", "el", "ru", "uk", "bg", "sr", "ar", "fa", "hi", "th", "ka", "hy",
    "ja", "zh", "ko",
]  # fmt: skip
AMBIGUOUS = {"listopada", "listopad"}  # October in Croatian, November in Polish


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_weekdays_of_a_language_are_read(language: str) -> None:
    names = Locale.parse(language).days["format"]["wide"]
    for number in range(7):
        found = lines(f"{names[number]} 10:00-12:00")
        assert found == [f"{9 + number:02} 10:00-12:00"], names[number]


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one not in ("zh", "ja", "ko")])
def test_the_months_of_a_language_are_read(language: str) -> None:
    names = Locale.parse(language).months["format"]["wide"]
    for number in range(1, 13):
        if " " in names[number] or names[number] in AMBIGUOUS:
            continue
        (found,) = parse(f"{names[number]} 10:00-12:00").rules[0].dates
        assert found.first.month == number, names[number]


@pytest.mark.parametrize("language", ["en", "fr", "de", "es", "it", "nl"])
def test_a_range_of_weekdays_is_read_in_the_nearest_languages(language: str) -> None:
    names = Locale.parse(language).days["format"]["wide"]
    assert lines(f"{names[0]} - {names[2]} 10:00-12:00") == lines("Mo-We 10:00-12:00")


@pytest.mark.parametrize("table", [WEEKDAYS, MONTHS])
def test_a_name_means_one_thing(table: str) -> None:
    words = table.replace("|", " ").split()
    assert len(words) == len(set(words))


def test_no_weekday_is_a_month_too() -> None:
    both = set(WEEKDAYS.replace("|", " ").split()) & set(MONTHS.replace("|", " ").split())
    assert both == set()


def test_there_are_seven_days_and_twelve_months() -> None:
    assert (WEEKDAYS.count("|"), MONTHS.count("|")) == (6, 11)


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("mo fr", [0, 4]),
        ("mo so", [0, 6]),
        ("lu ve", [0, 4]),
        ("ma di", [1, 6]),
        ("me", [2]),
        ("lu vi do", [0, 4, 6]),
        ("wo zo", [2, 6]),
        ("mi", [2]),
    ],
)
def test_short_weekdays_are_those_of_the_language_that_has_them_all(
    words: str, days: list[int]
) -> None:
    found = short_days(words, words.split())
    assert [found[word] for word in words.split()] == days


@pytest.mark.parametrize("words", ["di", "do ma", "lu so do"])
def test_short_weekdays_that_nobody_can_tell_are_refused(words: str) -> None:
    with pytest.raises(HoursNotUnderstood, match="ambiguous"):
        short_days(words, words.split())


@pytest.mark.parametrize(
    ("text", "day"), [("di fermé", 6), ("ouvert di", 6), ("di bis 12", 1), ("di mittwoch", 1)]
)
def test_another_word_tells_the_language(text: str, day: int) -> None:
    assert short_days(text, text.split())["di"] == day


def test_a_mixture_of_languages_is_read_where_each_word_is_clear() -> None:
    assert short_days("su je", ["su", "je"]) == {"su": 6, "je": 3}


def test_osm_weekdays_are_themselves() -> None:
    assert short_days("", OSM_DAYS) == {day: number for number, day in enumerate(OSM_DAYS)}


def test_mar_is_march_but_among_french_days() -> None:
    assert dates("Mar 09-10", "2026-03-08", 4) == ["03-09", "03-10"]
    assert lines("mar-jeu 10:00-12:00") == lines("Tu-Th 10:00-12:00")
    assert parse("Mar 10:00-12:00").rules[0].dates[0].first.month == 3
    assert date(2026, 11, 9).weekday() == 0
