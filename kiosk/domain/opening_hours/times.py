"""The stretches of a day that a rule's times mean, in minutes after that day's midnight.

Rules, beyond the plain "from-to":
1. An end not after its start is on the next day. With the sun's events this is judged by their
   nominal times: "sunrise-06:00" never runs into the next day, "sunrise-05:59" always does.
2. Nothing runs past the end of the next day.
3. Open end ("17:00+") is unknown from there on: until midnight, for 10 hours from 17:00 on, for 8
   from 22:00 on; at most until the rule's next span.
4. A point in time lasts a minute.
5. A day without sunrise: the door is unknown all day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from kiosk.domain.hours import Cause, Door
from kiosk.domain.opening_hours.expression import (
    DAY_MINUTES,
    LATEST,
    Moment,
    Rule,
    Span,
    SunEvent,
)
from kiosk.domain.opening_hours.sun import NOMINAL

Sun = Mapping[SunEvent, int] | None

_EVENING, _NIGHT = 17 * 60, 22 * 60
_EVENING_LASTS, _NIGHT_LASTS = 10 * 60, 8 * 60


class Stretch(NamedTuple):
    """Minutes ``[start, end)`` and the door's state; ``end`` may lie in the next day."""

    start: int
    end: int
    door: Door
    cause: Cause = Cause.NONE


def follows_sun(rule: Rule) -> bool:
    """Say whether the rule's times change with the sun."""
    return any(
        moment.event is not None
        for span in rule.spans
        for moment in (span.start, span.end)
        if moment is not None
    )


def stretches(rule: Rule, today: Sun, tomorrow: Sun) -> tuple[Stretch, ...]:
    """Give what the rule means on a day; whole days are one stretch."""
    if not rule.spans:
        return (Stretch(0, DAY_MINUTES, rule.door),)
    if today is None or tomorrow is None:
        return (Stretch(0, DAY_MINUTES, Door.UNKNOWN, Cause.NO_SUN),)
    return tuple(one for one in _timed(rule, today, tomorrow) if one.end > one.start)


def _timed(
    rule: Rule, today: Mapping[SunEvent, int], tomorrow: Mapping[SunEvent, int]
) -> Iterator[Stretch]:
    starts = [_at(span.start, today) for span in rule.spans]
    for span, start in zip(rule.spans, starts, strict=True):
        end = start
        if span.end is not None:
            end = _end(span.start, span.end, today, tomorrow)
        yield from _span(rule.door, span, start, end)
        if span.open_end:
            yield _open_end(rule.door, start, end, starts)


def _span(door: Door, span: Span, start: int, end: int) -> Iterator[Stretch]:
    if not span.step:
        yield Stretch(start, start + 1 if span.is_point else min(end, LATEST), door)
        return
    for point in range(start, min(end, LATEST - 1) + 1, span.step):
        yield Stretch(point, point + 1, door)


def _open_end(door: Door, start: int, end: int, starts: list[int]) -> Stretch:
    later = [other for other in starts if other > start and other >= end]
    return Stretch(end, min([_guess(end), *later]), *_unsure(door))


def _unsure(door: Door) -> tuple[Door, Cause]:
    closed = door is Door.CLOSED
    return (door, Cause.NONE) if closed else (Door.UNKNOWN, Cause.OPEN_END)


def _guess(end: int) -> int:
    if end >= _NIGHT:
        return min(end + _NIGHT_LASTS, LATEST)
    return end + _EVENING_LASTS if end >= _EVENING else DAY_MINUTES


def _at(moment: Moment, sun: Mapping[SunEvent, int]) -> int:
    return moment.minutes + (0 if moment.event is None else sun[moment.event])


def _end(
    start: Moment, end: Moment, today: Mapping[SunEvent, int], tomorrow: Mapping[SunEvent, int]
) -> int:
    sun = start.event is not None or end.event is not None
    ahead = _at(end, NOMINAL) - _at(start, NOMINAL)
    if ahead > 0 or (sun and ahead == 0):
        return _at(end, today)
    return DAY_MINUTES + _at(end, tomorrow)
