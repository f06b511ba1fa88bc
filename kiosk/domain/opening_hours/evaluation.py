"""What an expression means at a place: the door's state at a moment, its changes, its intervals.

Rules:
1. A day is painted by the rules in turn: each paints its times over what the rules before it left;
   after ``||`` only where the door is closed.
2. On its days a rule after ``;`` that opens first wipes what the rules before it painted, with what
   they brought over from the day before (a closing rule only paints; so does one without days,
   unless the rule before it has none either).
3. What runs past midnight is painted on the next day, in the rule's turn.
4. A rule whose days depend on an unknown holiday leaves as unknown whatever it would change.
Times are wall-clock times of the place; an hour that the clocks skip or repeat isn't treated apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta, tzinfo
from itertools import chain
from typing import NamedTuple, TypeVar

from kiosk.domain.hours import Cause, Door, Interval, Verdict
from kiosk.domain.opening_hours.days import Hit, plain_days, quick_test
from kiosk.domain.opening_hours.expression import DAY_MINUTES, Expression, Rule
from kiosk.domain.opening_hours.paint import Piece, Pieces, joined, over, perhaps, under
from kiosk.domain.opening_hours.reasons import interval_comment, reason
from kiosk.domain.opening_hours.sun import NOMINAL, sun_times
from kiosk.domain.opening_hours.surroundings import Surroundings
from kiosk.domain.opening_hours.times import Stretch, Sun, follows_sun, stretches

LOOK_AHEAD_DAYS = 400  # "open until": a year and a month
INTERVAL_DAYS_MAX = 60 * 366
FIRST_YEAR, LAST_YEAR = 1900, 2199
CACHE_DAYS = 800  # a place that is asked about more days forgets and begins again

Hits = tuple[Hit | None, ...]
Key = TypeVar("Key")
Value = TypeVar("Value")


class Answer(NamedTuple):
    """Minutes ``[start, end)`` of a day and the verdict that holds then."""

    start: int
    end: int
    verdict: Verdict


class Evaluator:
    """One expression at one place; remembers the days that it was asked about."""

    def __init__(self, expression: Expression, place: Surroundings) -> None:
        self.expression = expression
        self._place = place
        self._rules = expression.rules
        self._tests = [quick_test(rule) for rule in self._rules]
        sunny = any(map(follows_sun, self._rules))
        self._weekly = not sunny and None not in map(plain_days, self._rules)
        self._sunny = sunny and place.position is not None
        self._fixed = tuple(stretches(rule, NOMINAL, NOMINAL) for rule in self._rules)
        self._painted: dict[tuple[Hits, Hits], Pieces] = {}
        self._hits: dict[int, Hits] = {}
        self._days: dict[int, Pieces] = {}
        self._spans: dict[int, tuple[Interval, ...]] = {}
        self._answers: dict[int, tuple[Answer, ...]] = {}

    def state_at(self, at: datetime) -> Verdict:
        """Give the door's state at ``at`` (aware), until when it lasts, and why."""
        if not _in_reach(at):
            return Verdict(door=Door.UNKNOWN)
        local = at if at.tzinfo is self._place.zone else at.astimezone(self._place.zone)
        ordinal = local.toordinal()
        answers = self._answers.get(ordinal) or self._answer(ordinal)
        minute = local.hour * 60 + local.minute
        return next(one.verdict for one in answers if minute < one.end)

    def next_change(self, at: datetime) -> datetime | None:
        """Give when the door next opens, closes or becomes unknown; None within the look-ahead."""
        return self.state_at(at).until

    def intervals(self, start: datetime, end: datetime) -> list[Interval]:
        """Give the stretches between two moments when the door is open or unknown, in order."""
        if end <= start or not (_in_reach(start) and _in_reach(end)):
            return []
        start, end = start.astimezone(self._place.zone), end.astimezone(self._place.zone)
        first, last = start.toordinal(), (end - timedelta(microseconds=1)).toordinal()
        found: list[Interval] = []
        days = range(first, min(last, first + INTERVAL_DAYS_MAX) + 1)
        for one in chain.from_iterable(map(self._span, days)):
            _append(found, one)
        return _clipped(found, start, end)

    def pieces(self, day: date) -> Pieces:
        """Give the painted pieces of a day."""
        return self._day(day.toordinal())

    def _day(self, ordinal: int) -> Pieces:
        if self._weekly:
            ordinal = ordinal % 7 + 7 * 100_000
        found = self._days.get(ordinal)
        if found is None:
            _make_room(self._days)
            found = self._days[ordinal] = self._paint(ordinal)
        return found

    def _hits_of(self, ordinal: int) -> Hits:
        found = self._hits.get(ordinal)
        if found is None:
            _make_room(self._hits)
            day, calendar = date.fromordinal(ordinal), self._place.calendar
            found = self._hits[ordinal] = tuple([test(day, calendar) for test in self._tests])
        return found

    def _paint(self, ordinal: int) -> Pieces:
        """Paint a day; days on which the same rules hold look alike, unless the sun decides."""
        before, now = self._hits_of(ordinal - 1), self._hits_of(ordinal)
        if self._sunny:
            suns = [self._sun(ordinal + step) for step in (-1, 0, 1)]
            return self._layers(before, now, self._stretches(*suns[:2]), self._stretches(*suns[1:]))
        key = (before, now)
        found = self._painted.get(key)
        if found is None:
            _make_room(self._painted)
            found = self._painted[key] = self._layers(before, now, self._fixed, self._fixed)
        return found

    def _sun(self, ordinal: int) -> Sun:
        assert self._place.position is not None, "only places with a position have a sun"
        return sun_times(date.fromordinal(ordinal), self._place.position, self._place.zone)

    def _stretches(self, today: Sun, tomorrow: Sun) -> tuple[tuple[Stretch, ...], ...]:
        return tuple(
            stretches(rule, today, tomorrow) if follows_sun(rule) else fixed
            for rule, fixed in zip(self._rules, self._fixed, strict=True)
        )

    def _layers(
        self,
        before: Hits,
        now: Hits,
        old: tuple[tuple[Stretch, ...], ...],
        new: tuple[tuple[Stretch, ...], ...],
    ) -> Pieces:
        pieces: list[Piece] = []
        for index, rule in enumerate(self._rules):
            today, yesterday = now[index], before[index]
            if today is not None:
                pieces = _layer(pieces, rule, today, new[index], 0)
            if yesterday is not None:
                pieces = _layer(pieces, rule, yesterday, old[index], DAY_MINUTES)
        return joined(pieces)

    def _span(self, ordinal: int) -> tuple[Interval, ...]:
        known = self._spans.get(ordinal)
        if known is not None:
            return known
        _make_room(self._spans)
        day, zone = date.fromordinal(ordinal), self._place.zone
        found = self._spans[ordinal] = tuple(
            [
                Interval(
                    start=_moment(day, one.start, zone),
                    end=_moment(day, one.end, zone),
                    door=one.door,
                    comment=interval_comment(one),
                )
                for one in self._day(ordinal)
                if one.door is not Door.CLOSED
            ]
        )
        return found

    def _answer(self, ordinal: int) -> tuple[Answer, ...]:
        """Give the day's verdicts, closed stretches too, from 00:00 to 24:00."""
        _make_room(self._answers)
        pieces = _filled(self._day(ordinal))
        day = date.fromordinal(ordinal)
        found: list[Answer] = []
        until = self._until(ordinal, pieces[-1].door)
        for index in range(len(pieces) - 1, -1, -1):
            one = pieces[index]
            if index + 1 < len(pieces) and pieces[index + 1].door is not one.door:
                until = _moment(day, one.end, self._place.zone)
            verdict = Verdict(door=one.door, until=until, reason=reason(one, day), cause=one.cause)
            found.append(Answer(one.start, one.end, verdict))
        answers = self._answers[ordinal] = tuple(reversed(found))
        return answers

    def _until(self, ordinal: int, door: Door) -> datetime | None:
        """Give when ``door``, the state at the end of a day, changes."""
        ahead_max = 7 if self._weekly else LOOK_AHEAD_DAYS
        for ahead in range(ordinal + 1, ordinal + 1 + ahead_max):
            for one in _filled(self._day(ahead)):
                if one.door is not door:
                    return _moment(date.fromordinal(ahead), one.start, self._place.zone)
        return None


def _in_reach(at: datetime) -> bool:
    return FIRST_YEAR <= at.year <= LAST_YEAR


def _make_room(cache: dict[Key, Value]) -> None:
    if len(cache) >= CACHE_DAYS:
        cache.clear()


def _layer(
    pieces: list[Piece], rule: Rule, found: Hit, times: Sequence[Stretch], shift: int
) -> list[Piece]:
    """Paint a rule's times of today (``shift`` 0) or what is left of yesterday's."""
    painted = pieces if shift else _wiped(pieces, rule, found)
    paint = under if rule.joiner == "||" else over
    for one in times:
        start, end = max(one.start - shift, 0), min(one.end - shift, DAY_MINUTES)
        if start < end:
            painted = paint(painted, _piece(rule, found, one)._replace(start=start, end=end))
    return painted if found.sure else perhaps(pieces, painted, Cause.NO_CALENDAR)


def _piece(rule: Rule, found: Hit, one: Stretch) -> Piece:
    comment, cause = rule.comment or found.name, one.cause or found.cause
    return Piece(one.start, one.end, one.door, comment, cause)


def _wiped(pieces: list[Piece], rule: Rule, found: Hit) -> list[Piece]:
    """Take away what the rules before painted if the rule does so; a holiday stays the reason."""
    if not rule.clears:
        return pieces
    return [Piece(0, DAY_MINUTES, Door.CLOSED, "", found.cause)] if found.cause else []


def _filled(pieces: Pieces) -> list[Piece]:
    """Give the day's pieces with the unpainted stretches between them as closed ones."""
    whole: list[Piece] = []
    past = 0
    for one in pieces:
        if one.start > past:
            whole.append(Piece(past, one.start, Door.CLOSED))
        whole.append(one)
        past = one.end
    if past < DAY_MINUTES:
        whole.append(Piece(past, DAY_MINUTES, Door.CLOSED))
    return whole


def _moment(day: date, minutes: int, zone: tzinfo) -> datetime:
    if minutes >= DAY_MINUTES:
        day, minutes = day + timedelta(days=1), minutes - DAY_MINUTES
    return datetime(day.year, day.month, day.day, minutes // 60, minutes % 60, tzinfo=zone)


def _append(found: list[Interval], one: Interval) -> None:
    """Add an interval; one that goes on where the last ended, alike, lengthens it."""
    last = found[-1] if found else None
    if last and (last.end, last.door, last.comment) == (one.start, one.door, one.comment):
        found[-1] = replace(last, end=one.end)
    else:
        found.append(one)


def _clipped(found: list[Interval], start: datetime, end: datetime) -> list[Interval]:
    return [_cut(one, start, end) for one in found if one.end > start and one.start < end]


def _cut(one: Interval, start: datetime, end: datetime) -> Interval:
    if start <= one.start and one.end <= end:
        return one
    return replace(one, start=max(one.start, start), end=min(one.end, end))
