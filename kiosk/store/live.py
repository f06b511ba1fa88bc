"""Says what live feeds tell of a trip at a stop (GTFS-RT, "Trip updates").

Rules:
1. News of the very call (by sequence, else by stop) goes first; it may cancel only that call.
2. Else the delay told of the nearest call before it holds (a late train stays late).
3. Else what is told of the trip as a whole: its delay, or that it is cancelled.
4. News that name no service day speak of runs within NEAR_S of when they were observed.
5. News that are no longer live (kiosk.domain.freshness) say nothing at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from kiosk.domain.freshness import Freshness, Policy, State, judge

NEAR_S = 12 * 3600
UPDATES_MAX = 200_000
SELECT_UPDATES = (
    "SELECT trip, stop, seq, start_day, delay_s, expected, cancelled, observed_at, valid_until,"
    " demo FROM gtfs_update WHERE dataset=? LIMIT ?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A run's call at a stop: ``scheduled`` in epoch seconds, ``day`` its service day."""

    trip: str
    stop: str
    sequence: int
    day: date
    scheduled: int


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What is told of a call: when it is expected (epoch seconds), or that it is cancelled."""

    expected: int
    cancelled: bool
    freshness: Freshness


@dataclass(frozen=True, slots=True, kw_only=True)
class _Update:
    stop: str
    sequence: int | None
    start_day: str
    delay_s: int | None
    expected: int | None
    cancelled: bool
    observed_at: int
    valid_until: int | None
    demo: bool

    @property
    def whole_trip(self) -> bool:
        return not self.stop and self.sequence is None

    def concerns(self, call: Call) -> bool:
        if self.start_day:
            return self.start_day == f"{call.day:%Y%m%d}"
        return abs(call.scheduled - self.observed_at) <= NEAR_S

    def is_of(self, call: Call) -> bool:
        if self.sequence is not None:
            return self.sequence == call.sequence
        return self.stop != "" and self.stop == call.stop

    def delays(self, call: Call) -> bool:
        """Say whether it tells the delay of a call before this one."""
        if self.sequence is None or self.sequence >= call.sequence:
            return False
        return self.delay_s is not None and not self.cancelled


class LiveTrips:
    """The updates of one timetable, by trip."""

    def __init__(self, rows: Iterable[tuple[Any, ...]], policy: Policy) -> None:
        self._policy = policy
        self._by_trip: dict[str, list[_Update]] = {}
        for trip, *rest in rows:
            self._by_trip.setdefault(trip, []).append(_update(rest))
        for updates in self._by_trip.values():
            updates.sort(key=lambda update: -1 if update.sequence is None else update.sequence)

    def __bool__(self) -> bool:
        return bool(self._by_trip)

    def of(self, call: Call, at: datetime) -> News | None:
        """Give what is told of a call at ``at`` (aware), None when nothing live is."""
        updates = [one for one in self._by_trip.get(call.trip, ()) if one.concerns(call)]
        chosen = _chosen(updates, call) if updates else None
        if chosen is None:
            return None
        freshness = self._judged(chosen, at)
        expected = _expected(chosen, call)
        if freshness.state is not State.LIVE or expected is None:
            return None
        return News(expected=expected, cancelled=chosen.cancelled, freshness=freshness)

    def _judged(self, update: _Update, at: datetime) -> Freshness:
        until = update.valid_until
        return judge(
            datetime.fromtimestamp(update.observed_at, UTC),
            at,
            self._policy,
            valid_until=None if until is None else datetime.fromtimestamp(until, UTC),
            demo=update.demo,
        )


def _update(row: Sequence[Any]) -> _Update:
    stop, sequence, start_day, delay_s, expected, cancelled, observed_at, valid_until, demo = row
    return _Update(
        stop=stop or "",
        sequence=sequence,
        start_day=start_day or "",
        delay_s=delay_s,
        expected=expected,
        cancelled=bool(cancelled),
        observed_at=observed_at,
        valid_until=valid_until,
        demo=bool(demo),
    )


def _chosen(updates: list[_Update], call: Call) -> _Update | None:
    """Choose the update that speaks of the call (rules 1 to 3)."""
    before: _Update | None = None
    whole: _Update | None = None
    for update in updates:
        if update.whole_trip:
            whole = update
        elif update.is_of(call):
            return update
        elif update.delays(call):
            before = update
    return whole if whole is not None and whole.cancelled else before or whole


def _expected(update: _Update, call: Call) -> int | None:
    """Give when the call is expected; a cancelled one at its scheduled time."""
    if update.cancelled:
        return call.scheduled
    if update.is_of(call) and update.expected is not None:
        return update.expected
    return None if update.delay_s is None else call.scheduled + update.delay_s
