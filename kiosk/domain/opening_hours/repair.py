"""Repairs the usual dirt of opening hours, and says what it did.

Comments are taken out first and put back untouched. Each repair is a pattern, what it becomes, and
the warning it leaves ("" when nothing was guessed: spaces, capitals).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from kiosk.domain.errors import HoursNotUnderstood
from kiosk.domain.opening_hours.lexer import CANONICAL, OSM_MONTHS
from kiosk.domain.opening_hours.names import MONTHS


@dataclass(frozen=True, slots=True, kw_only=True)
class Repaired:
    """The text in lower case, for its n-th comment the number n between two NUL characters."""

    text: str
    comments: tuple[str, ...]
    warnings: tuple[str, ...]


Replacement = str | Callable[[re.Match[str]], str]
Step = tuple[re.Pattern[str], Replacement, str]

# The grammar's own words with whole times and dates need no repair: that is four texts of five.
_CLEAN = re.compile(
    rf"(?:(?:{'|'.join(CANONICAL)})(?![^\W\d_])|\d{{1,2}}:\d\d(?!\d)|24/7|(?:19|20)\d\d(?![-\d])"
    r"|(?:0[1-9]|[12]\d|3[01])(?!\d|\.|[ ]?[^\W\d_])|\[[-\d,]+\]|\x00\d+\x00|[ ,;:+|-])*"
)
_QUOTED = re.compile(
    r'"(?P<plain>[^"]*)"'
    r"|(?P<odd>„[^“”\"]*[“”\"]|“[^”]*”|«[^»]*»|「[^」]*」|『[^』]*』|‚[^‘’]*[‘’]|‘[^‘’]*[‘’]"
    r"|(?<!\w)[’'](?!\s)[^’']*[’'](?!\w))"
)
_MONTH = "(?:" + "|".join(sorted({*MONTHS.replace("|", " ").split(), *OSM_MONTHS})) + r")(?!\w)"
_NO_DAY = r"(?!\.?\s*\d{1,2}(?![\d:h]))"  # « Jan 10 » already has its day
_CLOCK = r"\d{1,2}:\d{2}"
_HOUR = r"(?<![\d:.])(?:[01]?\d|2[0-9])"


def _superscript(found: re.Match[str]) -> str:
    return f"{found[1]}:{unicodedata.normalize('NFKC', found[2])}"


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
    return f'\x00"{found[0].replace("_", " ")}"\x00'


def _holiday_beside(found: re.Match[str]) -> str:
    return "ph -1 day" if found[1] == "before" else "ph +1 day"


def _steps(*steps: tuple[str, Replacement, str]) -> tuple[Step, ...]:
    return tuple((re.compile(pattern), becomes, warning) for pattern, becomes, warning in steps)


_SIGNS = _steps(
    (r"(\d{1,2})([⁰¹²³⁴⁵⁶⁷⁸⁹]{2})", _superscript, "raised minutes read as a time"),
    (r"(\d{1,2})°°", r"\1:00", "'°°' read as minutes"),
    (r"[‐‑‒–—―−~〜～]", "-", "another dash read as '-'"),  # plain characters
    (r"[\r\n]+|(?<!\|)\|(?!\|)", ";", "a line's end read as ';'"),
    (r"[’`´]", "'", ""),
)

_PHRASES = _steps(
    (
        r"^\s*(?:opening[ _]?hours|öffnungszeit(?:en|\(en\))?|horaires?(?: d'ouverture)?)\s*[=:]?",
        " ",
        "a heading left out",
    ),
    (r"\b(?:non-?stop)\b", " 00:00-24:00 ", "nonstop read as 00:00-24:00"),
    (
        r"\(\s*((?:sauf|hors|except|fermé|closed)[^()]*)\)",
        r" \1",
        "brackets around an exception left out",
    ),
    (
        r"\b(?:matin|après-midi|soir)s?(?=[ :]*(?:de )?\d)",
        " ",
        "the part of the day before times left out",
    ),
    (r"24\s*/\s*7\s*/\s*365", "24/7", "'24/7/365' read as 24/7"),
    (
        r"\b(?:24\s?h(?:eures)?\s?(?:/|sur)\s?24|24\s?/\s?24|24\s*(?:hours?|hrs|stunden)\b|^\s*24\s?h\s*$"
        r"|(?:jour et nuit|rund um die uhr|round the clock)\b)(?:\s*h)?",
        " 00:00-24:00 ",
        "round the clock read as 00:00-24:00",
    ),
    (r"\b(?:7\s?j(?:ours)?\s?(?:/|sur)\s?7|7\s?/\s?7)(?:\s*j)?", " mo-su ", "'7j/7' read as Mo-Su"),
    (
        r"\b(?:tous les jours|tlj|daily|every\s?day|all days|täglich|jeden tag|chaque jour"
        r"|(?:7|seven)\s?days(?:(?: a |/)week)?)\b",
        " mo-su ",
        "every day read as Mo-Su",
    ),
    (r"\b(?:always|toujours)\b", " 00:00-24:00 ", "always read as 00:00-24:00"),
    (r"\bon work ?days?\b", "mo-fr", "working days read as Mo-Fr"),
    (
        r"\b(?:en semaine|week ?days?|work(?:ing)? ?days?|jours ouvrés|(?:werk|wochen)tags?|unter der woche)\b",
        " mo-fr ",
        "working days read as Mo-Fr",
    ),
    (r"\bjours ouvrables\b", " mo-sa ", "'jours ouvrables' read as Mo-Sa"),
    (r"\b(?:le |les )?(?:week-? ?ends?|wochenende)\b", " sa-su ", "the week-end read as Sa-Su"),
    (
        r"\b(?:one )?day (before|after) (?:a )?(?:public )?holidays?\b",
        _holiday_beside,
        "the day beside a holiday read as PH",
    ),
    (
        r"\b(?:vacances(?: scolaires)?|(?:school ?|schul)(?:holidays?|ferien)|ferien)\b",
        " sh ",
        "school holidays read as SH",
    ),
    (
        r"\b(?:(?:les )?jours? fériés?|fériés?|(?:public|bank) ?holidays?|holidays?|feiertag(?:e|s|en)?)\b",
        " ph ",
        "holidays read as PH",
    ),
    (r"\bsonn- ", "su ", "'Sonn-' read as Su"),
    (r"\bopen[ -]?end\b", "+", "open end read as '+'"),
    (r"\b(?:lever|sonnenaufgang)(?: du soleil)?\b", "sunrise", "read as sunrise"),
    (r"\b(?:coucher|sonnenuntergang)(?: du soleil)?\b", "sunset", "read as sunset"),
    (r"\b(?:midi|noon|mittags?)\b", "12:00", "noon read as 12:00"),
    (r"\b(?:minuit|midnight|mitternacht)\b", "00:00", "midnight read as 00:00"),
    (
        r"\b(?:(?:sur|on|by|nach)[ _](?:rendez-vous|rdv|rv|appointment|request|vereinbarung)"
        r"|termine nach vereinbarung)\b",
        _spoken,
        "words read as a comment",
    ),
    (
        r"\b(?:toute l'année|all year(?: round)?|year round|ganzjährig)\b",
        " ",
        "'all year' left out",
    ),
    (r"\b[ld]'", "", ""),
)

_TIMES = _steps(
    (
        r"\b12(?:[:.]00)?\s*a\.?m\b\.?(?=\s*,\s*\d{1,2}(?:[:.]\d{2})?\s*p\.?m)",
        "12:00",
        "'12am' before an afternoon read as noon",
    ),
    (
        r"(?<![\d:.])(\d{1,2})(?:[:.](\d{2}))?\s*(?:-|to|till?|until)\s*(\d{1,2})(?:[:.](\d{2}))?"
        r"\s*([ap])\.?\s?m\b\.?",
        _same_half,
        "am/pm read as a time of day",
    ),
    (
        r"(?<![\d:.])(\d{1,2})(?:[:.](\d{2}))?\s*([ap])\.?\s?m(?![^\W_])\.?",
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
        lambda found: _compact(found),
        "digits without ':' read as times",
    ),
    (r"(?<=\d)\s*\ba\b\s*(?=\d)", "-", "'a' read as '-'"),
    (
        r"\b(?:ab|dès|à partir de|a partir de|as of)\s*(\d{1,2}(?::\d{2})?)(?!\s*(?:-|à|bis|to|:|\d))",
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

_DATES = _steps(
    (
        r"(?<!\d)(\d{1,2})[月월]",
        lambda found: _numbered_month(found),
        "a month's number read as it",
    ),
    (
        rf"(?<![\d:-])(?<!week )(\d{{1,2}})(?:er)?\s*(?:-|au|à|bis|to)\s*(\d{{1,2}})\.?\s+({_MONTH}){_NO_DAY}",
        r"\3 \1-\2",
        "day and month turned round",
    ),
    (
        rf"(?<![\d:-])(?<!week )(\d{{1,2}})(?:er|st|nd|rd|th|\.)?\s+({_MONTH}){_NO_DAY}",
        r"\2 \1",
        "day and month turned round",
    ),
)


def _numbered_month(found: re.Match[str]) -> str:
    number = int(found[1])
    if not 1 <= number <= 12:
        raise HoursNotUnderstood(f"no such month: {found[0]}")
    return f" {OSM_MONTHS[number - 1]} "


def _compact(found: re.Match[str]) -> str:
    """« 0900-1800 »; « 2012-2016 » are years."""
    if all(int(found[at] + found[at + 1]) >= 1900 for at in (1, 3)):
        return found[0]
    return f"{found[1]}:{found[2]}-{found[3]}:{found[4]}"


def repaired(text: str) -> Repaired:
    """Give ``text`` as the lexer wants it; raises HoursNotUnderstood for impossible times."""
    warnings: list[str] = []
    comments: list[str] = []

    def put_away(found: re.Match[str]) -> str:
        if found["plain"] is None:
            warnings.append("other quotes read as a comment")
        words = found["plain"] if found["plain"] is not None else found["odd"][1:-1]
        comments.append(words.strip())
        return f"\x00{len(comments) - 1}\x00"

    bare = _QUOTED.sub(put_away, text.replace("\x00", " "))
    if '"' in bare:
        raise HoursNotUnderstood("a comment has no end")
    bare = _apply(_SIGNS, bare, warnings)
    bare = unicodedata.normalize("NFKC", bare).casefold().replace("\u00ad", "")
    if _CLEAN.fullmatch(bare):
        return Repaired(text=bare, comments=tuple(comments), warnings=tuple(warnings))
    for steps in (_PHRASES, _TIMES, _DATES):
        bare = _apply(steps, bare, warnings)
    bare = re.sub(r'\x00"([^"]*)"\x00', lambda found: _spoken_away(found[1], comments), bare)
    return Repaired(text=bare, comments=tuple(comments), warnings=tuple(warnings))


def _spoken_away(words: str, comments: list[str]) -> str:
    comments.append(words)
    return f"\x00{len(comments) - 1}\x00"


def _apply(steps: tuple[Step, ...], text: str, warnings: list[str]) -> str:
    for pattern, becomes, warning in steps:
        changed = pattern.sub(becomes, text)
        if warning and changed != text:
            warnings.append(warning)
        text = changed
    return text
