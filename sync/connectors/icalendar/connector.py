"""Makes event records of an iCalendar file (RFC 5545).

Rules:
1. A single event and the first occurrence of a series are always given; the other occurrences
   only inside the window (``extra`` "from" and "to", else yesterday to 60 days from now).
2. Overrides (RECURRENCE-ID), RDATE and EXDATE are honoured; a cancelled event is rejected,
   with that reason.
3. A time without zone is of the context's zone; all-day events start at its midnight.
4. Tasks, journals and free-busy blocks are rejected: they are not events.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar

from kiosk.domain.errors import InputRefused
from kiosk.domain.facts import Event, data_of
from kiosk.domain.record import Record, Reject
from kiosk.domain.text import clean_line
from sync.connectors.base import Context, Item, record_of, reject_of
from sync.connectors.decoding import decode
from sync.connectors.icalendar.blocks import EVENT, ZONE, Block, blocks
from sync.connectors.icalendar.events import (
    Occurrence,
    expand,
    forget_zones,
    is_series,
    learn_zone,
    occurrence_of,
    read_event,
    uid_of,
)
from sync.connectors.times import moment_of, zone_of

OCCURRENCES_MAX = 400  # of one series in the window
WINDOW_BEFORE, WINDOW_AFTER = timedelta(days=1), timedelta(days=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The stretch of time that series are expanded in, and the zone of floating times."""

    start: datetime
    end: datetime
    zone: ZoneInfo


def parse(raw: bytes, context: Context) -> Iterator[Item]:
    """Give the events of an iCalendar file; raises InputRefused when it isn't one."""
    window = _window(context)
    found = list(blocks(decode(raw)[0]))
    _learn_zones(found)
    series: dict[str, list[icalendar.Event]] = {}
    for block in found:
        yield from _collect(block, series)
    for uid, events in series.items():
        yield from _records(uid, events, context, window)


def _window(context: Context) -> Window:
    zone = zone_of(context)
    start, end = context.extra.get("from"), context.extra.get("to")
    since = moment_of(start, zone) if isinstance(start, str) else context.now - WINDOW_BEFORE
    until = moment_of(end, zone) if isinstance(end, str) else context.now + WINDOW_AFTER
    if until < since:
        raise InputRefused("the window ends before it starts", where="context")
    return Window(start=since.astimezone(UTC), end=until.astimezone(UTC), zone=zone)


def _learn_zones(found: list[Block]) -> None:
    forget_zones()
    for block in found:
        if block.name == ZONE:
            learn_zone(block)


def _collect(block: Block, series: dict[str, list[icalendar.Event]]) -> Iterator[Reject]:
    """Put an event with those of its UID; anything else but a time zone is a reject."""
    where = f"line {block.line}"
    if block.name == EVENT:
        try:
            event = read_event(block)
        except InputRefused as wrong:
            yield reject_of(where, wrong)
            return
        series.setdefault(uid_of(event) or where, []).append(event)
    elif block.name != ZONE:
        yield reject_of(where, f"{block.name} isn't an event")


def _records(
    uid: str, events: list[icalendar.Event], context: Context, window: Window
) -> Iterator[Item]:
    many = len(events) > 1 or is_series(events[0])
    try:
        happenings = _series(events, window) if many else _single(events[0], window)
    except InputRefused as wrong:
        yield reject_of(uid, wrong)
        return
    for happening in happenings[:OCCURRENCES_MAX]:
        yield _item(_id(uid, happening, many=many), happening, context)
    if len(happenings) > OCCURRENCES_MAX:
        yield reject_of(
            uid, f"more than {OCCURRENCES_MAX} occurrences: the later ones are left out"
        )


def _single(event: icalendar.Event, window: Window) -> list[Occurrence]:
    return [occurrence_of(event, window.zone)]


def _series(events: list[icalendar.Event], window: Window) -> list[Occurrence]:
    """Give each occurrence once, soonest first."""
    found = expand(events, window.start, window.end, window.zone)
    by_start = {happening.starts_at: happening for happening in found}
    return [by_start[start] for start in sorted(by_start)]


def _id(uid: str, happening: Occurrence, *, many: bool) -> str:
    return f"{uid}@{happening.starts_at.isoformat()}" if many else uid


def _item(id: str, happening: Occurrence, context: Context) -> Item:  # noqa: A002 - envelope's name
    if happening.cancelled:
        return reject_of(id, "cancelled")
    if not happening.title:
        return reject_of(id, "no SUMMARY, DESCRIPTION or LOCATION to call it by")
    try:
        return _record(id, happening, context)
    except (InputRefused, ValueError, OverflowError) as wrong:
        return reject_of(id, wrong)


def _record(id: str, happening: Occurrence, context: Context) -> Record:  # noqa: A002 - envelope's name
    facts = Event(
        starts_at=happening.starts_at,
        ends_at=happening.ends_at,
        all_day=happening.all_day,
        place=clean_line(happening.location),
    )
    return record_of(
        context,
        id=id,
        kind="event",
        title=happening.title,
        body=happening.description,
        geo=happening.geo,
        data={
            **data_of(facts),
            "url": clean_line(happening.url),
            "categories": [clean_line(name) for name in happening.categories[:20]],
        },
    )
