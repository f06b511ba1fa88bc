"""Sentences, dates, sums and plurals in the citizen's language (no Qt here).

The source language is French and stands in the code; the other languages come from
assets/i18n/<language>.po. Formats follow CLDR through Babel.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from kiosk.domain.money import Money
from kiosk.domain.record import Localised, text_in

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog, Message

CATALOGUES = Path(__file__).resolve().parent.parent / "assets" / "i18n"
SOURCE_LANGUAGE = "fr"
FORMATTED_MAX = 2_000

# Patterns of CLDR (UTS 35): on the hour, and with minutes.
_TIMES: Mapping[str, tuple[str, str]] = {
    "fr": ("H\u00a0'h'", "H\u00a0'h'\u00a0mm"),
    "en": ("h\u00a0a", "h:mm\u00a0a"),
}
_ANY_TIME = ("HH:mm", "HH:mm")


@lru_cache(maxsize=8)
def catalogue(language: str) -> Catalog | None:
    """Give the catalogue of ``language``, None for French or where there is none."""
    path = CATALOGUES / f"{language}.po"
    if language == SOURCE_LANGUAGE or not path.is_file():
        return None
    from babel.messages.pofile import read_po

    with path.open("rb") as file:
        return read_po(file, locale=language)


@lru_cache(maxsize=FORMATTED_MAX)
def _date(day: date, pattern: str, language: str) -> str:
    """Format a day by Babel; kept, since a list says the same days on every line."""
    from babel.dates import format_date

    return format_date(day, pattern, locale=language)


@lru_cache(maxsize=FORMATTED_MAX)
def _time(hour: int, minute: int, pattern: str, language: str) -> str:
    """Format a time of day by Babel; kept, like the days."""
    from babel.dates import format_time

    return format_time(time(hour, minute), pattern, locale=language)


def N_(message: str) -> str:
    """Mark a sentence for translation where it can't be translated yet."""
    return message


class Words:
    """One language: call it with a French sentence and its values."""

    def __init__(self, language: str = SOURCE_LANGUAGE) -> None:
        self.language = language
        self._catalogue = catalogue(language)

    def __call__(self, message: str, **values: object) -> str:
        """Give the sentence in this language, ``{name}`` filled from ``values``."""
        return self.translated(message).format(**values) if values else self.translated(message)

    def n(self, one: str, many: str, count: int, **values: object) -> str:
        """Give the sentence for ``count``; ``{n}`` is the count itself."""
        forms = self._plurals(one)
        chosen = forms[int(count != 1)] if forms else (one if count < 2 else many)
        return chosen.format(n=self.number(count), **values)

    def translated(self, message: str) -> str:
        """Give the sentence as it stands in the catalogue, the source where it has none."""
        found = self._found(message)
        return found.string if found and isinstance(found.string, str) and found.string else message

    def _found(self, message: str) -> Message | None:
        return self._catalogue.get(message) if self._catalogue else None

    def _plurals(self, message: str) -> tuple[str, ...]:
        found = self._found(message)
        forms = found.string if found else ()
        # every language of the product but the source has the two forms "1" and "not 1"
        return tuple(forms) if isinstance(forms, (tuple, list)) and all(forms) else ()

    def text(self, texts: Localised) -> str:
        """Give a record's text in this language, else French, else what there is."""
        return text_in(texts, self.language)[0]

    def number(self, value: int) -> str:
        """Give a whole number with its thousands grouped."""
        if -1000 < value < 1000:
            return str(value)
        from babel.numbers import format_decimal

        return str(format_decimal(value, locale=self.language))

    def decimal(self, value: float, *, digits: int = 1) -> str:
        """Give a measure: « 12,4 », « 85 »; at most ``digits`` after the decimal mark."""
        from babel.numbers import format_decimal

        pattern = "#,##0." + "#" * digits
        return str(format_decimal(Decimal(str(value)), pattern, locale=self.language))

    def money(self, sum_: Money) -> str:
        """Give a sum: « 12,40 € »."""
        from babel.numbers import format_currency

        return str(format_currency(Decimal(sum_.cents) / 100, "EUR", locale=self.language))

    def typed(self, draft: str) -> str:
        """Give a sum as far as it is typed: « 12, € »; its comma as the language has it."""
        one = self.money(Money(100))
        point = one[one.index("1") + 1]
        return one.replace(f"1{point}00", (draft or "0").replace(",", point))

    def time(self, moment: datetime) -> str:
        """Give a time of day as one says it: « 19 h », « 18 h 30 »."""
        whole, minutes = _TIMES.get(self.language, _ANY_TIME)
        pattern = whole if moment.minute == 0 else minutes
        return _time(moment.hour, moment.minute, pattern, self.language)

    def clock(self, moment: datetime) -> str:
        """Give a time of day as a board shows it: « 10:42 »."""
        return f"{moment:%H:%M}"

    def day(self, day: date) -> str:
        """Give « dimanche 22 novembre »."""
        return _date(day, "EEEE, d MMMM" if self.language == "en" else "EEEE d MMMM", self.language)

    def month_day(self, day: date) -> str:
        """Give « 11 novembre »."""
        return _date(day, "d MMMM", self.language)

    def short_day(self, day: date) -> str:
        """Give « dim. 22 nov. »."""
        return _date(day, "EEE d MMM", self.language)

    def weekday(self, day: date) -> str:
        """Give « dim. »."""
        return _date(day, "EEE", self.language)

    def near_day(self, day: date, today: date) -> str:
        """Give « aujourd’hui », « demain », the weekday within a week, else day and month."""
        ahead = (day - today).days
        if ahead in (-1, 0, 1):
            said = (self(N_("hier")), self(N_("aujourd’hui")), self(N_("demain")))
            return said[ahead + 1]
        return _date(day, "EEEE" if 1 < ahead < 7 else "d MMMM", self.language)

    def ago(self, age: timedelta) -> str:
        """Give « il y a 6 min », « il y a 2 ans », in the largest unit that fits."""
        from babel.dates import format_timedelta

        if age < timedelta(minutes=1):
            return self(N_("à l’instant"))
        form: Literal["short", "long"] = "short" if age < timedelta(days=1) else "long"
        return format_timedelta(
            -age, format=form, add_direction=True, threshold=1.5, locale=self.language
        )
