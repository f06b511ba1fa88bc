"""Weekdays of two letters: which language a text writes them in.

« Di » is mardi in German and dimanche in French. The language is one that has all of the text's
short weekdays; where two such differ another word must tell, else nobody knows.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from kiosk.domain.errors import HoursNotUnderstood

OSM_DAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")

# Monday first; OSM's own are English.
_SHORT: Mapping[str, tuple[str, ...]] = {
    "en": OSM_DAYS,
    "de": ("mo", "di", "mi", "do", "fr", "sa", "so"),
    "fr": ("lu", "ma", "me", "je", "ve", "sa", "di"),
    "es": ("lu", "ma", "mi", "ju", "vi", "sa", "do"),
    "it": ("lu", "ma", "me", "gi", "ve", "sa", "do"),
    "nl": ("ma", "di", "wo", "do", "vr", "za", "zo"),
}
_HINTS = {
    "fr": re.compile(r"\b(?:fermée?s?|ouverte?|sauf|lundi|mardi|mercredi|jeudi|vendredi)\b"),
    "de": re.compile(r"\b(?:uhr|bis|und|geschlossen|\w+tag|mittwoch)\b"),
}


_EVERY = frozenset(word for days in _SHORT.values() for word in days)


def short_days(text: str, words: Sequence[str]) -> Mapping[str, int]:
    """Give the meaning of the text's short weekdays; raises HoursNotUnderstood when ambiguous."""
    used = _EVERY.intersection(words)
    able = [language for language, days in _SHORT.items() if used <= set(days)]
    if not able:
        return {word: _only_day(word) for word in used}
    if "en" in able or _agree(able, used):
        return _days_of(able[0], used)
    return _days_of(_told(text, able), used)


def _agree(languages: Sequence[str], used: frozenset[str]) -> bool:
    meanings = [_days_of(language, used) for language in languages]
    return all(one == meanings[0] for one in meanings)


def _told(text: str, able: Sequence[str]) -> str:
    """Give the language that other words tell; French or German before those farther away."""
    near = [language for language in ("fr", "de") if language in able]
    for language in near:
        if _HINTS[language].search(text):
            return language
    if len(near) != 1:
        raise HoursNotUnderstood(f"ambiguous weekdays: {', '.join(able)}")
    return near[0]


def _only_day(word: str) -> int:
    """Read a word of a mixture of languages: OSM's own, or one that means one day only."""
    if word in OSM_DAYS:
        return OSM_DAYS.index(word)
    days = {days.index(word) for days in _SHORT.values() if word in days}
    if len(days) > 1:
        raise HoursNotUnderstood(f"ambiguous weekday {word!r}")
    return days.pop()


def _days_of(language: str, used: frozenset[str]) -> Mapping[str, int]:
    days = _SHORT[language]
    return {word: days.index(word) for word in used}
