"""Sums in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.amounts import in_words, number_in_words
from kiosk.domain.errors import AmountRefused
from kiosk.domain.money import Money

FRENCH_NUMBERS = {
    0: "zéro",
    1: "un",
    7: "sept",
    10: "dix",
    11: "onze",
    16: "seize",
    17: "dix-sept",
    19: "dix-neuf",
    20: "vingt",
    21: "vingt et un",
    22: "vingt-deux",
    31: "trente et un",
    45: "quarante-cinq",
    60: "soixante",
    61: "soixante et un",
    69: "soixante-neuf",
    70: "soixante-dix",
    71: "soixante et onze",
    72: "soixante-douze",
    77: "soixante-dix-sept",
    80: "quatre-vingts",
    81: "quatre-vingt-un",
    88: "quatre-vingt-huit",
    90: "quatre-vingt-dix",
    91: "quatre-vingt-onze",
    99: "quatre-vingt-dix-neuf",
    100: "cent",
    101: "cent un",
    121: "cent vingt et un",
    180: "cent quatre-vingts",
    200: "deux cents",
    201: "deux cent un",
    300: "trois cents",
    471: "quatre cent soixante et onze",
    980: "neuf cent quatre-vingts",
    999: "neuf cent quatre-vingt-dix-neuf",
    1000: "mille",
}
ENGLISH_NUMBERS = {
    0: "zero",
    1: "one",
    12: "twelve",
    13: "thirteen",
    19: "nineteen",
    20: "twenty",
    21: "twenty-one",
    40: "forty",
    71: "seventy-one",
    80: "eighty",
    99: "ninety-nine",
    100: "one hundred",
    101: "one hundred and one",
    345: "three hundred and forty-five",
    900: "nine hundred",
    1000: "one thousand",
}
SUMS = [
    (0, "zéro euro", "zero euros"),
    (1, "un centime", "one cent"),
    (5, "cinq centimes", "five cents"),
    (40, "quarante centimes", "forty cents"),
    (100, "un euro", "one euro"),
    (101, "un euro et un centime", "one euro and one cent"),
    (150, "un euro cinquante", "one euro fifty"),
    (200, "deux euros", "two euros"),
    (1205, "douze euros et cinq centimes", "twelve euros and five cents"),
    (1210, "douze euros dix", "twelve euros ten"),
    (1240, "douze euros quarante", "twelve euros forty"),
    (2000, "vingt euros", "twenty euros"),
    (2100, "vingt et un euros", "twenty-one euros"),
    (3240, "trente-deux euros quarante", "thirty-two euros forty"),
    (7100, "soixante et onze euros", "seventy-one euros"),
    (8000, "quatre-vingts euros", "eighty euros"),
    (8080, "quatre-vingts euros quatre-vingts", "eighty euros eighty"),
    (15_000, "cent cinquante euros", "one hundred and fifty euros"),
    (20_000, "deux cents euros", "two hundred euros"),
    (100_000, "mille euros", "one thousand euros"),
]


@pytest.mark.parametrize(("number", "words"), FRENCH_NUMBERS.items())
def test_a_french_number_is_spelled_by_the_academy(number: int, words: str) -> None:
    assert number_in_words(number, "fr") == words


@pytest.mark.parametrize(("number", "words"), ENGLISH_NUMBERS.items())
def test_an_english_number_is_spelled(number: int, words: str) -> None:
    assert number_in_words(number, "en") == words


@pytest.mark.parametrize(("cents", "french", "english"), SUMS)
def test_a_sum_is_said_in_both_languages(cents: int, french: str, english: str) -> None:
    assert in_words(Money(cents), "fr") == french
    assert in_words(Money(cents), "en") == english


def test_another_language_hears_english_rather_than_nothing() -> None:
    assert in_words(Money(2000), "de") == "twenty euros"


@pytest.mark.parametrize("cents", [-1, 100_001, -2000])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_sum_that_no_screen_shows_is_refused(cents: int, language: str) -> None:
    with pytest.raises(AmountRefused, match="1000 euros"):
        in_words(Money(cents), language)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_number_has_words_of_its_own(language: str) -> None:
    spoken = {number_in_words(n, "fr" if language == "fr" else "en") for n in range(1001)}
    assert len(spoken) == 1001


@given(cents=st.integers(0, 100_000))
def test_words_have_no_digit_and_no_double_blank(cents: int) -> None:
    for language in ("fr", "en"):
        words = in_words(Money(cents), language)
        assert not any(c.isdigit() for c in words)
        assert "  " not in words
        assert words == words.strip()
