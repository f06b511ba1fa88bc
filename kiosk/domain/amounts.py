"""Sums of euros in words, French and English, for the screen and for speech.

French follows the traditional spelling: « et » only before un and onze, quatre-vingts and cents
with an s only at the end of the number (Académie française, dictionary, "vingt", "cent").
"""

from __future__ import annotations

from typing import Literal

from kiosk.domain.errors import AmountRefused
from kiosk.domain.money import Money

Language = Literal["fr", "en"]
EUROS_MAX = 1000

_FR = [  # zero to sixteen
    "zéro",
    "un",
    "deux",
    "trois",
    "quatre",
    "cinq",
    "six",
    "sept",
    "huit",
    "neuf",
    "dix",
    "onze",
    "douze",
    "treize",
    "quatorze",
    "quinze",
    "seize",
]
_FR_TENS = {2: "vingt", 3: "trente", 4: "quarante", 5: "cinquante", 6: "soixante"}
_EN = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_EN_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def in_words(sum_: Money, language: str) -> str:
    """Give a sum of 0 to 1000 € in words; other languages than French get English.

    Raises AmountRefused for a sum that no screen of the kiosk shows.
    """
    if not 0 <= sum_.cents <= EUROS_MAX * 100:
        raise AmountRefused(f"{sum_.cents} cents: only 0 to {EUROS_MAX} euros are put in words")
    euros, cents = divmod(sum_.cents, 100)
    return _french(euros, cents) if language == "fr" else _english(euros, cents)


def number_in_words(number: int, language: Language) -> str:
    """Give a whole number of 0 to 1000 in words."""
    return _french_number(number) if language == "fr" else _english_number(number)


def _french(euros: int, cents: int) -> str:
    whole = f"{_french_number(euros)} euro{'s' if euros > 1 else ''}"
    small = f"{_french_number(cents)} centime{'s' if cents > 1 else ''}"
    said = _behind(cents, _french_number(cents), small, "et")
    return small if cents and not euros else whole + said


def _english(euros: int, cents: int) -> str:
    whole = f"{_english_number(euros)} euro{'' if euros == 1 else 's'}"
    small = f"{_english_number(cents)} cent{'' if cents == 1 else 's'}"
    said = _behind(cents, _english_number(cents), small, "and")
    return small if cents and not euros else whole + said


def _behind(cents: int, number: str, named: str, joint: str) -> str:
    """Give the cents behind the euros: « douze euros cinq » would be heard as fifty."""
    if cents == 0:
        return ""
    return f" {number}" if cents >= 10 else f" {joint} {named}"


def _french_number(number: int) -> str:
    if number == 1000:
        return "mille"
    hundreds, rest = divmod(number, 100)
    if hundreds == 0:
        return _french_below_hundred(rest)
    many = "" if hundreds == 1 else f"{_FR[hundreds]} "
    if rest == 0:
        return f"{many}cent{'s' if hundreds > 1 else ''}"
    return f"{many}cent {_french_below_hundred(rest)}"


def _french_below_hundred(number: int) -> str:
    if number < 17:
        return _FR[number]
    if number < 20:
        return f"dix-{_FR[number - 10]}"
    if number >= 80:
        rest = number - 80
        return f"quatre-vingt-{_french_below_hundred(rest)}" if rest else "quatre-vingts"
    tens = min(number // 10, 6)  # 70 to 79 are sixty and ten to nineteen
    rest = number - tens * 10
    if rest == 0:
        return _FR_TENS[tens]
    joint = " et " if rest in (1, 11) else "-"
    return f"{_FR_TENS[tens]}{joint}{_french_below_hundred(rest)}"


def _english_number(number: int) -> str:
    if number == 1000:
        return "one thousand"
    hundreds, rest = divmod(number, 100)
    if hundreds == 0:
        return _english_below_hundred(rest)
    many = f"{_EN[hundreds]} hundred"
    return f"{many} and {_english_below_hundred(rest)}" if rest else many


def _english_below_hundred(number: int) -> str:
    if number < 20:
        return _EN[number]
    tens, rest = divmod(number, 10)
    return _EN_TENS[tens - 2] + (f"-{_EN[rest]}" if rest else "")
