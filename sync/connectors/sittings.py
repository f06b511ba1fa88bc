"""Puts the sittings of an event in order and says which one is next.

Rules:
1. Sittings are sorted and each is kept once; one that ends before it starts refuses the event.
2. The event starts and ends with the sitting that is going on or comes next; the last one when
   all are over. Of more than SITTINGS_MAX the next ones are kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from kiosk.domain.errors import InputRefused
from kiosk.domain.facts import Event, Timing
from sync.connectors.times import midnight, plausible

SITTINGS_MAX = 400


def sitting_on(
    first: date,
    last: date | None,
    zone: ZoneInfo,
    hours: tuple[time | None, time | None] | None = None,
) -> Timing:
    """Give the sitting from ``first`` to ``last`` included; whole days without ``hours``.

    ``hours`` are its start on the first day and its end on the last one, None when not told;
    a sitting of one day that ends at or before its start ends after midnight.
    Raises InputRefused.
    """
    final = plausible(last or first)
    start, end = hours or (time.min, time.min)
    starts = datetime.combine(plausible(first), start or time.min, zone)
    if end is None:
        return Timing(starts_at=starts)
    ends = datetime.combine(final, end, zone)
    if hours is None or (final == first and ends <= starts):
        ends = datetime.combine(final + timedelta(days=1), end, zone)
    return Timing(starts_at=starts, ends_at=ends)


def event_of(
    timings: Iterable[Timing],
    now: datetime,
    *,
    all_day: bool = False,
    place: str = "",
    commune: str = "",
    price: str = "",
) -> Event:
    """Give the facts of an event with these sittings; raises InputRefused when there is none."""
    found = _in_order(timings)
    if not found:
        raise InputRefused("no date that can be read")
    ahead = next((at for at, one in enumerate(found) if _end(one) > now), len(found) - 1)
    kept = found[ahead:][:SITTINGS_MAX] if len(found) > SITTINGS_MAX else found
    return Event(
        starts_at=found[ahead].starts_at,
        ends_at=found[ahead].ends_at,
        all_day=all_day,
        place=place,
        commune=commune,
        price=price,
        timings=tuple(kept) if len(kept) > 1 else (),
    )


def over_at(event: Event) -> datetime:
    """Give when the event's last known sitting is over."""
    last = event.timings[-1] if event.timings else event
    return last.ends_at or _day_end(last.starts_at)


def _in_order(timings: Iterable[Timing]) -> list[Timing]:
    by_start = {(one.starts_at, _end(one)): one for one in timings}
    for start, end in by_start:
        if end < start:
            raise InputRefused(f"it ends before it starts: {start.isoformat()}")
    return [by_start[key] for key in sorted(by_start)]


def _end(timing: Timing) -> datetime:
    return timing.ends_at or _day_end(timing.starts_at)


def _day_end(moment: datetime) -> datetime:
    """Give the end of the day of ``moment``, which an event of unknown length may last."""
    zone = moment.tzinfo
    if isinstance(zone, ZoneInfo):
        return midnight(moment.date() + timedelta(days=1), zone)
    return datetime.combine(moment.date() + timedelta(days=1), time.min, zone)
