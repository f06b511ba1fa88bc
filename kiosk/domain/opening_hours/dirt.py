"""The usual dirt of opening hours in lower case: patterns, what they become, what is warned of.

Within a table the order counts. Imported for the first text that needs it: compiling is slow.
"""

from __future__ import annotations

import re

from kiosk.domain.errors import HoursNotUnderstood
from kiosk.domain.opening_hours.lexer import OSM_MONTHS
from kiosk.domain.opening_hours.names import MONTHS
from kiosk.domain.opening_hours.signs import SPOKEN, steps

_CLOCK = r"\d{1,2}:\d{2}"
_HOUR = r"(?<![\d:.])(?:[01]?\d|2[0-9])"
_LOOSE_CLOCK = r"(\d{1,2})(?:[:.](\d{2}))?"
_MONTH = "(?:" + "|".join(sorted({*MONTHS.replace("|", " ").split(), *OSM_MONTHS})) + r")(?!\w)"
_NO_DAY = r"(?!\.?\s*\d{1,2}(?![\d:h]))"  # « Jan 10 » already has its day
_DAY_START = r"(?<![\d:-])(?<!week )(\d{1,2})"


def _any_of(*words: str) -> str:
    """Give the pattern for any of these whole words."""
    return rf"\b(?:{'|'.join(words)})\b"


def _half_day(found: re.Match[str]) -> str:
    hour = int(found[1])
    if not 1 <= hour <= 12:
        raise HoursNotUnderstood(f"no such time: {found[0].strip()[:12]}")
    return f"{hour % 12 + (12 if found[3] == 'p' else 0):02}:{found[2] or '00'} "


def _same_half(found: re.Match[str]) -> str:
    """Give both ends of « 9-5pm » their half of the day."""
    start, end, half = int(found[1]), int(found[3]), found[5]
    first = half if start % 12 < end % 12 else "a"
    return f"{found[1]}:{found[2] or '00'}{first}m-{found[3]}:{found[4] or '00'}{half}m"


def _hours(found: re.Match[str]) -> str:
    return f"{found[1]}:{found[2] or '00'} "


def _spoken(found: re.Match[str]) -> str:
    return f"{SPOKEN}{found[0].replace('_', ' ')}{SPOKEN}"


def _beside_holiday(found: re.Match[str]) -> str:
    return f"ph {'-' if found[1] == 'before' else '+'}1 day"


def _numbered_month(found: re.Match[str]) -> str:
    number = int(found[1])
    if not 1 <= number <= 12:
        raise HoursNotUnderstood(f"no such month: {found[0]}")
    return f" {OSM_MONTHS[number - 1]} "


def _compact(found: re.Match[str]) -> str:
    """Read « 0900-1800 »; « 2012-2016 » are years."""
    if all(int(found[at] + found[at + 1]) >= 1900 for at in (1, 3)):
        return found[0]
    return f"{found[1]}:{found[2]}-{found[3]}:{found[4]}"


_ALWAYS = " 00:00-24:00 "
_EVERY_DAY = _any_of(
    "tous les jours", "tlj", "daily", r"every\s?day", "all days", "täglich", "jeden tag",
    "chaque jour", r"(?:7|seven)\s?days(?:(?: a |/)week)?",
)  # fmt: skip
_WORKING_DAYS = _any_of(
    "en semaine", "week ?days?", "work(?:ing)? ?days?", "jours ouvrés", "(?:werk|wochen)tags?",
    "unter der woche",
)  # fmt: skip
_HOLIDAYS = _any_of(
    "(?:les )?jours? fériés?", "fériés?", "(?:public|bank) ?holidays?", "holidays?",
    "feiertag(?:e|s|en)?",
)  # fmt: skip
_APPOINTMENT = _any_of(
    "(?:sur|on|by|nach)[ _](?:rendez-vous|rdv|rv|appointment|request|vereinbarung)",
    "termine nach vereinbarung",
)
_HEADING = r"^\s*(?:opening[ _]?hours|öffnungszeit(?:en|\(en\))?|horaires?(?: d'ouverture)?)"
_ROUND_THE_CLOCK = r"\b24\s?h(?:eures)?\s?(?:/|sur)\s?24(?:\s*h)?|\b24\s?/\s?24(?:\s*h)?"

PHRASES = steps(
    (_HEADING + r"\s*[=:]?", " ", "a heading left out"),
    (r"\bnon-?stop\b", _ALWAYS, "nonstop read as 00:00-24:00"),
    (r"\(\s*((?:sauf|hors|except|fermé|closed)[^()]*)\)", r" \1", "brackets left out"),
    (r"\b(?:matin|après-midi|soir)s?(?=[ :]*(?:de )?\d)", " ", "'matin' or the like left out"),
    (r"24\s*/\s*7\s*/\s*365", "24/7", "'24/7/365' read as 24/7"),
    (_ROUND_THE_CLOCK, _ALWAYS, "'24h/24' read as 00:00-24:00"),
    (r"\b24\s*(?:hours?|hrs|stunden)\b|^\s*24\s?h\s*$", _ALWAYS, "24 hours read as 00:00-24:00"),
    (_any_of("jour et nuit", "rund um die uhr", "round the clock"), _ALWAYS, "read as 00:00-24:00"),
    (r"\b7\s?j(?:ours)?\s?(?:/|sur)\s?7(?:\s*j)?|\b7\s?/\s?7\b", " mo-su ", "'7j/7' read as Mo-Su"),
    (_EVERY_DAY, " mo-su ", "every day read as Mo-Su"),
    (_any_of("always", "toujours"), _ALWAYS, "always read as 00:00-24:00"),
    (r"\bon work ?days?\b", "mo-fr", "working days read as Mo-Fr"),
    (_WORKING_DAYS, " mo-fr ", "working days read as Mo-Fr"),
    (r"\bjours ouvrables\b", " mo-sa ", "'jours ouvrables' read as Mo-Sa"),
    (r"\b(?:les? )?(?:week-? ?ends?|wochenende)\b", " sa-su ", "the week-end read as Sa-Su"),
    (
        r"\b(?:one )?day (before|after) (?:a )?(?:public )?holidays?\b",
        _beside_holiday,
        "the day beside a holiday read as PH",
    ),
    (
        _any_of("vacances(?: scolaires)?", "(?:school ?|schul)(?:holidays?|ferien)", "ferien"),
        " sh ",
        "school holidays read as SH",
    ),
    (_HOLIDAYS, " ph ", "holidays read as PH"),
    (r"\bsonn- ", "su ", "'Sonn-' read as Su"),
    (r"\bopen[ -]?end\b", "+", "open end read as '+'"),
    (r"\b(?:lever|sonnenaufgang)(?: du soleil)?\b", "sunrise", "read as sunrise"),
    (r"\b(?:coucher|sonnenuntergang)(?: du soleil)?\b", "sunset", "read as sunset"),
    (_any_of("midi", "noon", "mittags?"), "12:00", "noon read as 12:00"),
    (_any_of("minuit", "midnight", "mitternacht"), "00:00", "midnight read as 00:00"),
    (_APPOINTMENT, _spoken, "words read as a comment"),
    (
        _any_of("toute l'année", "all year(?: round)?", "year round", "ganzjährig"),
        " ",
        "'all year' left out",
    ),
    (r"-feira\b", "", ""),
    (r"\b[ld]'", "", ""),
)

TIMES = steps(
    (
        r"\b12(?:[:.]00)?\s*a\.?m\b\.?(?=\s*,\s*\d{1,2}(?:[:.]\d{2})?\s*p\.?m)",
        "12:00",
        "'12am' before an afternoon read as noon",
    ),
    (
        rf"(?<![\d:.]){_LOOSE_CLOCK}\s*(?:-|to|till?|until)\s*{_LOOSE_CLOCK}\s*([ap])\.?\s?m\b\.?",
        _same_half,
        "am/pm read as a time of day",
    ),
    (
        rf"(?<![\d:.]){_LOOSE_CLOCK}\s*([ap])\.?\s?m(?![^\W_])\.?",
        _half_day,
        "am/pm read as a time of day",
    ),
    (
        rf"({_HOUR})\s?h(?:eures?|rs?|ours?)?\s?(\d{{2}})?(?![\d:]|[^\W\d_])",
        _hours,
        "'h' read as ':'",
    ),
    (rf"({_HOUR})\s?uhr\s?(\d{{2}})?(?![\d:])", _hours, "'Uhr' read as ':'"),
    (rf"({_HOUR})\.([0-5]\d)(?![\d.])", r"\1:\2", "'.' read as ':'"),
    (
        r"(?<!\d)(0\d|1\d|2[0-4])([0-5]\d)\s*-\s*(0\d|1\d|2[0-4])([0-5]\d)(?!\d)",
        _compact,
        "digits without ':' read as times",
    ),
    (r"(?<=\d)\s*\ba\b\s*(?=\d)", "-", "'a' read as '-'"),
    (
        _any_of("ab", "dès", "à partir de", "a partir de", "as of")
        + r"\s*(\d{1,2}(?::\d{2})?)(?!\s*(?:-|à|bis|to|:|\d))",
        r"\1+",
        "'from' read as open end",
    ),
    (
        rf"(?<![-\d:])(?<!- )({_CLOCK})\s*/\s*({_CLOCK})\s*[-,]\s*({_CLOCK})\s*/\s*({_CLOCK})",
        r"\1-\2,\3-\4",
        "'/' within times read as '-'",
    ),
    (
        rf"(?<![-\d:])(?<!- )({_CLOCK})\s*/\s*({_CLOCK})(?!\s*-)",
        r"\1-\2",
        "'/' within times read as '-'",
    ),
    (r"(?<=:\d\d)\s?\.\s+(?=[^\W\d])", "; ", "'.' read as ';'"),
    (r"(?<![\d:])(\d{1,2})\.(?=\s*(?:[,;:]|$))", r"\1", "a final '.' left out"),
)

DATES = steps(
    (r"(?<!\d)(\d{1,2})[月월]", _numbered_month, "a month's number read as its name"),
    (
        rf"{_DAY_START}(?:er)?\s*(?:-|au|à|bis|to)\s*(\d{{1,2}})\.?\s+({_MONTH}){_NO_DAY}",
        r"\3 \1-\2",
        "day and month turned round",
    ),
    (
        rf"{_DAY_START}(?:er|st|nd|rd|th|\.)?\s+({_MONTH}){_NO_DAY}",
        r"\2 \1",
        "day and month turned round",
    ),
)
