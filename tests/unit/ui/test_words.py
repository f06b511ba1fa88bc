"""Sentences, dates, sums and plurals are said as people say them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from kiosk.domain.money import Money
from ui.words import CATALOGUES, N_, Words, catalogue

FRENCH = Words()
ENGLISH = Words("en")
TODAY = date(2026, 11, 22)


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, 22, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("words", "moment", "said"),
    [
        (FRENCH, at(19), "19\u00a0h"),
        (FRENCH, at(18, 30), "18\u00a0h\u00a030"),
        (FRENCH, at(0, 5), "0\u00a0h\u00a005"),
        (ENGLISH, at(19), "7\u00a0PM"),
        (ENGLISH, at(18, 30), "6:30\u00a0PM"),
        (Words("de"), at(18, 30), "18:30"),
    ],
)
def test_a_time_is_said_as_in_the_language(words: Words, moment: datetime, said: str) -> None:
    assert words.time(moment) == said


@pytest.mark.parametrize(
    ("value", "digits", "french", "english"),
    [
        (12.4, 1, "12,4", "12.4"),
        (85, 1, "85", "85"),
        (12.36, 2, "12,36", "12.36"),
        (0.04, 1, "0", "0"),
    ],
)
def test_a_measure_has_the_languages_decimal_mark(
    value: float, digits: int, french: str, english: str
) -> None:
    assert Words("fr").decimal(value, digits=digits) == french
    assert Words("en").decimal(value, digits=digits) == english


def test_a_board_shows_hours_and_minutes() -> None:
    assert FRENCH.clock(at(9, 5)) == "09:05"


@pytest.mark.parametrize(
    ("cents", "said"),
    [(1240, "12,40\u00a0€"), (-650, "-6,50\u00a0€"), (0, "0,00\u00a0€"), (1, "0,01\u00a0€")],
)
def test_a_sum_is_written_the_french_way(cents: int, said: str) -> None:
    assert FRENCH.money(Money(cents)) == said


def test_a_sum_is_written_the_english_way() -> None:
    assert ENGLISH.money(Money(1240)) == "€12.40"


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (-1, "hier"),
        (0, "aujourd’hui"),
        (1, "demain"),
        (3, "mercredi"),
        (6, "samedi"),
        (7, "29 novembre"),
        (-2, "20 novembre"),
    ],
)
def test_a_near_day_is_named(days: int, said: str) -> None:
    assert FRENCH.near_day(TODAY + timedelta(days=days), TODAY) == said


@pytest.mark.parametrize(
    ("age", "said"),
    [
        (timedelta(seconds=20), "à l’instant"),
        (timedelta(minutes=6), "il y a 6\u00a0min"),
        (timedelta(hours=3), "il y a 3\u00a0h"),
        (timedelta(days=3), "il y a 3 jours"),
        (timedelta(days=800), "il y a 2 ans"),
    ],
)
def test_an_age_is_said_in_the_unit_that_fits(age: timedelta, said: str) -> None:
    assert FRENCH.ago(age).replace("\u202f", "\u00a0") == said


def test_days_are_written_out() -> None:
    assert FRENCH.day(TODAY) == "dimanche 22 novembre"
    assert ENGLISH.day(TODAY) == "Sunday, 22 November"
    assert FRENCH.short_day(TODAY) == "dim. 22 nov."
    assert FRENCH.weekday(TODAY) == "dim."


@pytest.mark.parametrize(("count", "said"), [(0, "0 place"), (1, "1 place"), (2, "2 places")])
def test_zero_is_singular_in_french(count: int, said: str) -> None:
    assert FRENCH.n("{n} place", "{n} places", count) == said


def test_thousands_are_grouped() -> None:
    assert FRENCH.number(12345).replace("\u202f", " ") == "12 345"
    assert FRENCH.number(999) == "999"


def test_values_fill_a_sentence() -> None:
    assert FRENCH("Ligne {line}", line="2") == "Ligne 2"


def test_a_sentence_without_values_keeps_its_braces() -> None:
    assert FRENCH("{x} reste") == "{x} reste"


def test_an_unknown_sentence_stays_french() -> None:
    assert ENGLISH("Une phrase que personne n’a traduite") == "Une phrase que personne n’a traduite"


def test_french_needs_no_catalogue_and_an_absent_one_is_none() -> None:
    assert catalogue("fr") is None
    assert catalogue("xx") is None


def test_marking_a_sentence_gives_it_back() -> None:
    assert N_("Plus tard") == "Plus tard"


@pytest.mark.skipif(not (CATALOGUES / "en.po").is_file(), reason="no English catalogue yet")
def test_english_comes_from_its_catalogue() -> None:
    assert ENGLISH("aujourd’hui") == "today"


def test_a_record_without_the_language_is_shown_in_french() -> None:
    assert ENGLISH.text({"fr": "Piscine"}) == "Piscine"
    assert ENGLISH.text({"fr": "Piscine", "en": "Pool"}) == "Pool"
    assert ENGLISH.text({}) == ""


@pytest.mark.parametrize(
    ("language", "draft", "shown"),
    [
        ("fr", "", "0\u00a0€"),
        ("fr", "12,", "12,\u00a0€"),
        ("fr", "12,4", "12,4\u00a0€"),
        ("en", "", "€0"),
        ("en", "12,4", "€12.4"),
    ],
)
def test_a_sum_that_is_typed_stands_as_the_language_writes_it(
    language: str, draft: str, shown: str
) -> None:
    assert Words(language).typed(draft) == shown
