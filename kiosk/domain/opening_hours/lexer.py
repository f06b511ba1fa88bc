"""Cuts a text without comments into tokens; words of several languages become OSM's own.

``repair`` has already turned hours, dashes and phrases into the grammar's signs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from kiosk.domain.errors import HoursNotUnderstood
from kiosk.domain.opening_hours.names import MONTHS, WEEKDAYS
from kiosk.domain.opening_hours.short_days import OSM_DAYS, short_days


class Kind(Enum):
    """What a token is."""

    TIME = "a time"
    NUMBER = "a number"
    WEEKDAY = "a weekday"
    MONTH = "a month"
    FEAST = "holidays"
    STATE = "a state"
    SUN = "an event of the sun"
    WEEK = "week"
    EASTER = "easter"
    DAYS = "days"
    EXCEPT = "except"
    COMMENT = "a comment"
    SIGN = "a sign"
    END = "the end"


@dataclass(frozen=True, slots=True)
class Token:
    """``text`` is canonical; ``value`` the minutes, number, weekday, month or comment's index."""

    kind: Kind
    text: str
    value: int = 0


Meaning = tuple[Kind, str, int]

OSM_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
TIME_MAX = 48 * 60

_STATES = {
    "open": "open ouvert ouverte ouverts ouvertes geöffnet offen abierto aperto open",
    "closed": "closed close fermé fermée fermés fermées ferme fermee fermeture geschlossen zu"
    " ruhetag cerrado chiuso gesloten",
    "off": "off оff",  # the second one's first letter is Cyrillic
    "unknown": "unknown inconnu",
}
_SIGNS = {
    "-": "to till til until bis through thru à au aux jusqu'à jusqu'au tot hasta",
    ",": "and und et y & sowie puis plus",
    "+": "late",
    "": "du de des le la les from von vom the uhr h hrs hr heures heure every chaque on tous en"
    " pendant durant during während",
}
_OTHERS: Mapping[str, Meaning] = {
    "ph": (Kind.FEAST, "PH", 0),
    "sh": (Kind.FEAST, "SH", 0),
    "week": (Kind.WEEK, "week", 0),
    "weeks": (Kind.WEEK, "week", 0),
    "semaine": (Kind.WEEK, "week", 0),
    "semaines": (Kind.WEEK, "week", 0),
    "kw": (Kind.WEEK, "week", 0),
    "easter": (Kind.EASTER, "easter", 0),
    "pâques": (Kind.EASTER, "easter", 0),
    "ostern": (Kind.EASTER, "easter", 0),
    "day": (Kind.DAYS, "days", 0),
    "days": (Kind.DAYS, "days", 0),
    "dawn": (Kind.SUN, "dawn", 0),
    "sunrise": (Kind.SUN, "sunrise", 0),
    "sunset": (Kind.SUN, "sunset", 0),
    "dusk": (Kind.SUN, "dusk", 0),
    "sauf": (Kind.EXCEPT, "except", 0),
    "hors": (Kind.EXCEPT, "except", 0),
    "except": (Kind.EXCEPT, "except", 0),
    "außer": (Kind.EXCEPT, "except", 0),
    "ausser": (Kind.EXCEPT, "except", 0),
}
CANONICAL = frozenset(
    [*OSM_DAYS, *OSM_MONTHS, "open", "closed", "off", "unknown", "ph", "sh", "week", "easter"]
) | {"day", "days", "dawn", "sunrise", "sunset", "dusk"}
_FRENCH_DAYS = frozenset(
    ["lun", "mer", "jeu", "ven", "sam", "dim", "lundi", "mercredi", "jeudi", "vendredi", "samedi"]
)
_TOKEN = re.compile(
    r"\s*(?:(?P<comment>\x00\d+\x00)|(?P<time>\d{1,2}:\d{2}(?!\d))|(?P<number>\d+)"
    r"|(?P<sign>\|\||[,;:+\-/()\[\]])|(?P<word>&|[^\s\d\x00,;:+\-/()\[\]|\".&]+)\.?)"
)


def _names(kind: Kind, names: str, canonical: Sequence[str]) -> Iterator[tuple[str, Meaning]]:
    """Give names of days or months; months count from 1."""
    for number, words in enumerate(names.split("|")):
        meaning = (kind, canonical[number], number + (kind is Kind.MONTH))
        yield from ((word, meaning) for word in (*words.split(), canonical[number]))


def _signs(kind: Kind, words: Mapping[str, str]) -> Iterator[tuple[str, Meaning]]:
    for canonical, others in words.items():
        yield from ((word, (kind, canonical, 0)) for word in others.split())


_WORDS: Mapping[str, Meaning] = dict(
    [
        *_signs(Kind.STATE, _STATES),
        *_signs(Kind.SIGN, _SIGNS),
        *_names(Kind.MONTH, MONTHS, OSM_MONTHS),
        *_names(Kind.WEEKDAY, WEEKDAYS, OSM_DAYS),
        *_OTHERS.items(),
    ]
)


def tokens(text: str, warnings: list[str]) -> list[Token]:
    """Give the tokens of ``text`` (lower case), ended by END; raises HoursNotUnderstood."""
    matches = list(_matches(text))
    short = short_days(text, [found["word"] for found in matches if found["word"]])
    read = [token for found in matches if (token := _token(found, short, warnings)).text]
    return [*_tuesdays(read, matches, warnings), Token(Kind.END, "")]


def _matches(text: str) -> Iterator[re.Match[str]]:
    place = 0
    end = len(text.rstrip())
    while place < end:
        found = _TOKEN.match(text, place)
        if found is None:
            raise HoursNotUnderstood(f"unexpected {text[place:].strip()[:10]!r}")
        yield found
        place = found.end()


def _token(found: re.Match[str], short: Mapping[str, int], warnings: list[str]) -> Token:
    if found["time"]:
        return Token(Kind.TIME, found["time"], minutes(found["time"]))
    if found["number"]:
        return Token(Kind.NUMBER, found["number"], int(found["number"][:9]))
    if found["comment"]:
        return Token(Kind.COMMENT, "comment", int(found["comment"].strip("\x00")))
    return Token(Kind.SIGN, found["sign"]) if found["sign"] else _word(found, short, warnings)


def _word(found: re.Match[str], short: Mapping[str, int], warnings: list[str]) -> Token:
    word = found["word"]
    meaning = _short(word, short) or _WORDS.get(word) or _plural(word)
    if meaning is None:
        raise HoursNotUnderstood(f"unknown word {word[:30]!r}")
    if word not in CANONICAL:
        warnings.append(_reading(word, meaning[1]))
    return Token(*meaning)


def _reading(word: str, canonical: str) -> str:
    return f"{word!r} read as {canonical.title()!r}" if canonical else f"{word!r} left out"


def _short(word: str, short: Mapping[str, int]) -> Meaning | None:
    return (Kind.WEEKDAY, OSM_DAYS[short[word]], short[word]) if word in short else None


def _plural(word: str) -> Meaning | None:
    """Read « lundis », « Montags », « Mondays »."""
    meaning = _WORDS.get(word.removesuffix("s"))
    return meaning if meaning is not None and meaning[0] is Kind.WEEKDAY else None


def _tuesdays(
    read: Sequence[Token], matches: Sequence[re.Match[str]], warnings: list[str]
) -> Iterator[Token]:
    """Read "mar" beside a French weekday as mardi: « lun, mar », « mar-ven »."""
    french = not _FRENCH_DAYS.isdisjoint(found["word"] for found in matches)
    for index, token in enumerate(read):
        if french and token.text == "mar" and _is_among_days(read, index):
            warnings.append("'mar' read as 'Tu'")
            yield Token(Kind.WEEKDAY, "tu", 1)
        else:
            yield token


def _is_among_days(read: Sequence[Token], index: int) -> bool:
    return any(one.kind is Kind.WEEKDAY for one in read[max(index - 2, 0) : index + 3])


def minutes(text: str) -> int:
    """Give the minutes of "hh:mm"; raises HoursNotUnderstood past 48:00 or minute 59."""
    hour, _, minute = text.partition(":")
    total = int(hour) * 60 + int(minute)
    if int(minute) > 59 or total > TIME_MAX:
        raise HoursNotUnderstood(f"no such time: {text}")
    return total
