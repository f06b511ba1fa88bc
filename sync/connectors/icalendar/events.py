"""Reads VEVENT blocks by the icalendar library: the one place that knows its quirks.

The library tolerates broken properties, but its values are untyped and its errors many;
what leaves this file is typed, and each error is one InputRefused with its reason.
"""

from __future__ import annotations

import warnings
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any, TypeGuard, cast
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events
from icalendar.timezone import tzp

from kiosk.domain.errors import InputRefused
from kiosk.domain.record import Geo
from sync.connectors.base import geo_of
from sync.connectors.icalendar.blocks import Block
from sync.connectors.times import midnight, plausible

# What the two libraries let through on dirty input (seen with their own fuzz corpora); OSError
# is a TZID too long for the file name that zoneinfo makes of it.
LIBRARY_ERRORS = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, OSError)

OCCURRENCES_A_DAY_MAX = 24
_VITAL = ("DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID")
_TOO_OFTEN = ("SECONDLY", "MINUTELY")


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """One happening of an event; times are aware, in the context's zone."""

    uid: str
    title: str
    description: str
    location: str
    url: str
    categories: tuple[str, ...]
    geo: Geo | None
    starts_at: datetime
    ends_at: datetime | None
    all_day: bool
    cancelled: bool


def forget_zones() -> None:
    """Drop the time zones that an earlier file defined: the library keeps them for the process."""
    tzp.use_default()


def learn_zone(block: Block) -> None:
    """Let the library know a VTIMEZONE; a broken or a too lively one is left out.

    Only yearly rules are taken: the library walks a zone's rule from its start, and one
    by the second would not end.
    """
    rules = [line for line in block.text.upper().split("\r\n") if line.startswith("RRULE")]
    if any("FREQ=YEARLY" not in rule or "BYSECOND" in rule for rule in rules):
        return
    try:
        with _silently():
            icalendar.Timezone.from_ical(block.text)
    except LIBRARY_ERRORS:
        return


def read_event(block: Block) -> icalendar.Event:
    """Give the library's event; raises InputRefused when a time or a rule of it is broken."""
    try:
        with _silently():
            event = icalendar.Event.from_ical(block.text)
    except LIBRARY_ERRORS as wrong:
        raise InputRefused(f"unreadable event: {wrong}") from wrong
    if not isinstance(event, icalendar.Event):
        raise InputRefused("not an event")
    for name, why in event.errors:
        if name in _VITAL:
            raise InputRefused(f"{name}: {why}")
    _check_start(_get(event, "DTSTART"))
    for rule in _listed(_get(event, "RRULE")):
        _check_rule(rule)
    return event


def _check_start(start: Any) -> None:
    if start is None or isinstance(start, list):
        raise InputRefused("no DTSTART" if start is None else "several DTSTART")
    if not isinstance(start.dt, date):
        raise InputRefused("DTSTART is a time of day without its date")
    plausible(start.dt)


def uid_of(event: icalendar.Event) -> str:
    """Give the event's UID, "" when it has none."""
    return _text(event, "UID")


def is_series(event: icalendar.Event) -> bool:
    """Whether it happens more than once."""
    return "RRULE" in event or "RDATE" in event


def expand(
    events: list[icalendar.Event], start: datetime, end: datetime, zone: ZoneInfo
) -> list[Occurrence]:
    """Give a series' first occurrence, then those between two moments; raises InputRefused.

    ``events`` are all of one UID: the series and what replaces single occurrences of it.
    """
    calendar = icalendar.Calendar()
    for event in events:
        calendar.add_component(event)
    try:
        with _silently():
            series = recurring_ical_events.of(calendar)
            first = _first_of(series, events[0])
            within = cast("list[icalendar.Event]", series.between(start, end))
    except LIBRARY_ERRORS as wrong:
        raise InputRefused(f"recurrence can't be worked out: {wrong}") from wrong
    return [occurrence_of(event, zone) for event in (*first, *within)]


@contextmanager
def _silently() -> Generator[None]:
    """Keep the libraries' warnings of guessed time zones off stderr: the file is the reject's."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _first_of(series: Any, event: icalendar.Event) -> list[icalendar.Event]:
    return list(islice(series.after(_get(event, "DTSTART").dt), 1))


def occurrence_of(event: icalendar.Event, zone: ZoneInfo) -> Occurrence:
    """Give the event as it stands, its rule apart; raises InputRefused."""
    try:
        return _occurrence(event, zone)
    except LIBRARY_ERRORS as wrong:
        raise InputRefused(f"unreadable event: {wrong}") from wrong


def _occurrence(event: icalendar.Event, zone: ZoneInfo) -> Occurrence:
    start = _get(event, "DTSTART").dt
    end = _end_of(event, start)
    description = _text(event, "DESCRIPTION")
    place = _text(event, "LOCATION")
    first_line = description.strip().split("\n", 1)[0]
    starts_at, ends_at = _moment(start, zone), None if end is None else _moment(end, zone)
    if ends_at is not None and ends_at < starts_at:
        raise InputRefused("ends before it starts")
    return Occurrence(
        uid=uid_of(event),
        title=_text(event, "SUMMARY") or first_line or place,
        description=description,
        location=place,
        url=_text(event, "URL"),
        categories=tuple(_categories(event)),
        geo=_geo(event),
        starts_at=starts_at,
        ends_at=ends_at,
        all_day=not isinstance(start, datetime),
        cancelled=_text(event, "STATUS").upper() == "CANCELLED",
    )


def _end_of(event: icalendar.Event, start: date) -> date | None:
    if "DTEND" in event:
        end: object = _get(event, "DTEND").dt
        return end if isinstance(end, date) else None
    if "DURATION" in event:
        length: timedelta = _get(event, "DURATION").dt
        return start + length
    return start + timedelta(days=1) if not isinstance(start, datetime) else None


def _moment(value: object, zone: ZoneInfo) -> datetime:
    if not isinstance(value, date):
        raise InputRefused("DTEND is a time of day without its date")
    plausible(value)
    if not isinstance(value, datetime):
        return midnight(value, zone)
    return value.astimezone(zone) if value.tzinfo else value.replace(tzinfo=zone)


def _check_rule(rule: Any) -> None:
    """Refuse the rules that the library would walk for minutes, or for ever."""
    frequency = str(_first(rule, "FREQ", "")).upper()
    if frequency in _TOO_OFTEN:
        raise InputRefused(f"a rule of frequency {frequency} isn't an agenda's")
    if int(_first(rule, "INTERVAL", 1)) < 1:
        raise InputRefused("a rule with an INTERVAL below 1")
    hours = 24 if frequency == "HOURLY" else 1
    counts = [len(_listed(rule.get(name))) for name in ("BYHOUR", "BYMINUTE", "BYSECOND")]
    if (counts[0] or hours) * max(counts[1], 1) * max(counts[2], 1) > OCCURRENCES_A_DAY_MAX:
        raise InputRefused(f"a rule with more than {OCCURRENCES_A_DAY_MAX} occurrences a day")


def _first(rule: Any, name: str, default: object) -> Any:
    values = _listed(rule.get(name))
    return values[0] if values else default


def _get(event: icalendar.Event, name: str) -> Any:
    """Give a property as the library holds it: a value of its own, a list of them or None."""
    return event.get(name)


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if _is_list(value) else [value]


def _is_list(value: Any) -> TypeGuard[list[Any]]:
    return isinstance(value, list)


def _text(event: icalendar.Event, name: str) -> str:
    values = _listed(_get(event, name))
    return str(values[0]) if values else ""


def _categories(event: icalendar.Event) -> list[str]:
    groups = _listed(_get(event, "CATEGORIES"))
    return [str(name) for group in groups for name in getattr(group, "cats", [group])]


def _geo(event: icalendar.Event) -> Geo | None:
    place = _get(event, "GEO")
    try:
        return geo_of(getattr(place, "latitude", None), getattr(place, "longitude", None))
    except LIBRARY_ERRORS:  # a broken position raises when it is looked at
        return None
