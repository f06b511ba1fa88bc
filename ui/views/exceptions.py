"""Exceptional hours: what a place's own hours become on the days that somebody told otherwise.

Rules:
1. Any dataset of the territory of kind ``opening`` may tell them; they name a place by its path.
2. They come after the place's own rules, so that they count on their days and on no others.
3. A place without hours of its own stays without: other days would be shown as closed.
4. They are told in words from NOTICE_DAYS before their first day to their last.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeAlias

import msgspec

from kiosk.domain.errors import InputRefused
from kiosk.domain.facts import Opening, Place, facts_of
from kiosk.domain.record import Record
from ui.context import Context
from ui.views.moments import capital, labelled, today

NOTICE_DAYS = 14
EXCEPTIONS_MAX = 200
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """An exception and why it is."""

    opening: Opening
    why: str


Exceptions: TypeAlias = Mapping[str, Sequence[_Told]]  # by the path of their place


def place_of(context: Context, record: Record, told_of: Exceptions | None = None) -> Place:
    """Give a place with the exceptions that are told of it; raises InputRefused.

    ``told_of``: who reads many places has asked for the exceptions once.
    """
    place = facts_of(record, Place)
    if not place.hours:
        return place
    all_told = exceptions_of(context) if told_of is None else told_of
    told = all_told.get(f"{record.dataset}/{record.id}")
    if not told:
        return place
    hours = "; ".join([place.hours, *(_rule(one.opening) for one in told)])
    notes = [context.words.text(place.hours_note), *_notes(context, told)]
    note = {context.words.language: ". ".join(filter(None, notes))}
    return msgspec.structs.replace(place, hours=hours, hours_note=note)


def exceptions_of(context: Context) -> Exceptions:
    """Give the exceptions that aren't over by their places' paths, the first day first."""
    found: list[_Told] = []
    for dataset in context.territory.datasets.values():
        if dataset.kind == "opening":
            records = context.cache.records(dataset.id, dataset.policy, limit=EXCEPTIONS_MAX)
            found += filter(None, (_read(context, one.value) for one in records))
    told: dict[str, list[_Told]] = {}
    for one in sorted(found, key=lambda one: one.opening.first_day):
        told.setdefault(one.opening.place, []).append(one)
    return told


def _read(context: Context, record: Record) -> _Told | None:
    try:
        opening = facts_of(record, Opening)
    except InputRefused:  # a foreign record must not take the place with it
        return None
    begun = record.valid_from is None or record.valid_from <= context.clock.now()
    if not begun or opening.last_day < today(context):
        return None
    return _Told(opening=opening, why=context.words.text(record.title))


def _rule(opening: Opening) -> str:
    """Give an exception in the OSM grammar: « 2026 Dec 24-2026 Dec 31 09:00-12:00 »."""
    days = f"{_day(opening.first_day)}-{_day(opening.last_day)}"
    if opening.first_day == opening.last_day:
        days = _day(opening.first_day)
    return f"{days} {opening.hours or 'off'}"


def _day(day: date) -> str:
    return f"{day.year} {_MONTHS[day.month - 1]} {day.day:02}"


def _notes(context: Context, told: Sequence[_Told]) -> list[str]:
    soon = today(context) + timedelta(days=NOTICE_DAYS)
    return [_note(context, one) for one in told if one.opening.first_day <= soon]


def _note(context: Context, one: _Told) -> str:
    """Give « Jeudi 24 décembre : fermé (inventaire) »."""
    words, opening = context.words, one.opening
    days = words.day(opening.first_day)
    if opening.last_day > opening.first_day:
        first, last = words.month_day(opening.first_day), words.month_day(opening.last_day)
        days = words("du {first} au {last}", first=first, last=last)
    hours = opening.hours.replace("-", "–").replace(",", ", ") or words("fermé")
    return labelled(context, capital(days), f"{hours} ({one.why})")
