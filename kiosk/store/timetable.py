"""Answers which departures come next at a stop (implements ports.Timetable).

Rules:
1. A service day's times count from its noon minus 12 h in the agency's time zone (GTFS), so
   that the days on which the clocks change are right; yesterday's trips run past midnight.
2. The list reaches HORIZON_S ahead: late in the evening it goes on with tomorrow's first.
3. A run that is late stays listed until it has left, up to LATE_MAX_S; a cancelled one stays
   until its time.
4. A departure of which a live feed speaks has that news' freshness; the others the timetable's.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from kiosk.domain.freshness import Freshness, Policy, judge
from kiosk.domain.transit import Departure, StopFound
from kiosk.store.database import ContentReader
from kiosk.store.live import Call, LiveTrips, News
from kiosk.store.stop_names import find_stops
from kiosk.store.timetable_reader import Board, TimetableReader

HORIZON_S = 24 * 3600
LATE_MAX_S = 3600
LATE_RUNS_MAX = 30  # looked at beyond the limit when some may be late
PLAN = Policy(stale_s=180 * 86_400)
LIVE = Policy(live_s=180, withdraw=True)
_NOON = time(12)
_HALF_DAY_S = 12 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class _Moment:
    """A question's moment (``now`` is ``at`` in epoch seconds), and what is live then."""

    at: datetime
    now: int
    limit: int
    live: LiveTrips

    @property
    def late_s(self) -> int:
        """How far back to look for runs that may be late."""
        return LATE_MAX_S if self.live else 0

    @property
    def runs(self) -> int:
        """How many runs of a day to look at."""
        return self.limit + (LATE_RUNS_MAX if self.live else 0)


class TimetableStore:
    """The timetables of a content database; an absent or damaged file has no stops."""

    def __init__(
        self,
        reader: ContentReader,
        *,
        policies: Mapping[str, Policy] | None = None,
        live: Policy = LIVE,
    ) -> None:
        """Read through ``reader``; ``policies`` are the datasets', by id, PLAN any other's."""
        self._reader = reader
        self._rows = TimetableReader(reader, live)
        # a timetable is never live, however new: only a feed that speaks of a run is
        self._plans = {name: replace(one, live_s=0) for name, one in (policies or {}).items()}

    def stops(self, name: str, *, limit: int = 10) -> Sequence[StopFound]:
        """Give the stops whose id or name answers to ``name``, best first."""
        return find_stops(self._reader, name, limit)

    def zone(self, stop: str) -> ZoneInfo | None:
        """Give the time zone of a stop key's agency, None when the key is unknown."""
        self._rows.refresh()
        board = self._rows.board(stop)
        return board.zone if board else None

    def departures(self, stop: str, at: datetime, *, limit: int = 10) -> Sequence[Departure]:
        """Give the next departures from the stop key ``stop`` at ``at`` (aware), soonest first.

        An unknown key has no departures.
        """
        self._rows.refresh()
        board = self._rows.board(stop)
        if board is None or limit <= 0:
            return []
        live = self._rows.updates(board.dataset)
        moment = _Moment(at=at, now=int(at.timestamp()), limit=limit, live=live)
        runs = sorted(self._runs(board, moment), key=_expected)[:limit]
        policy = self._plans.get(board.dataset, PLAN)
        plan = judge(board.observed_at, at, policy, demo=board.demo)
        listed = (self._departure(board, *run, plan) for run in runs)
        return [departure for departure in listed if departure is not None]

    def _runs(self, board: Board, moment: _Moment) -> Iterator[tuple[int, int, News | None]]:
        """Yield of each service day the first runs: (index in the board, scheduled, news)."""
        today = moment.at.astimezone(board.zone).date()
        for back in range(board.days_back, -2, -1):
            day = today - timedelta(days=back)
            if self._rows.services(board.dataset_no, day):
                yield from self._day_runs(board, day, moment)

    def _day_runs(
        self, board: Board, day: date, moment: _Moment
    ) -> Iterator[tuple[int, int, News | None]]:
        noon = datetime.combine(day, _NOON, board.zone)
        begin = int(noon.timestamp()) - _HALF_DAY_S
        times, services = board.departing.departures, board.departing.services
        running = self._rows.services(board.dataset_no, day)
        first = bisect_left(times, moment.now - begin - moment.late_s)
        last = bisect_left(times, moment.now - begin + HORIZON_S)
        left = moment.runs
        for at in range(first, last):
            if services[at] not in running or board.stop not in (None, board.departing.stops[at]):
                continue
            run = at, begin + times[at], self._news(board, at, day, begin + times[at], moment)
            if _expected(run) >= moment.now:
                yield run
                left -= 1
            if not left:
                return

    def _news(
        self, board: Board, at: int, day: date, scheduled: int, moment: _Moment
    ) -> News | None:
        if not moment.live:
            return None
        trip = self._rows.trip(board.dataset_no, board.departing.trips[at])
        stop = self._rows.stop(board.dataset_no, board.departing.stops[at])
        if trip is None or stop is None:
            return None
        call = Call(
            trip=trip.id,
            stop=stop.id,
            sequence=board.departing.sequences[at],
            day=day,
            scheduled=scheduled,
        )
        return moment.live.of(call, moment.at)

    def _departure(
        self, board: Board, at: int, scheduled: int, news: News | None, plan: Freshness
    ) -> Departure | None:
        trip = self._rows.trip(board.dataset_no, board.departing.trips[at])
        stop = self._rows.stop(board.dataset_no, board.departing.stops[at])
        if trip is None or stop is None:
            return None
        shown = board.departing.headsigns[at]
        cancelled = news is not None and news.cancelled
        expected = None if news is None or cancelled else news.expected
        return Departure(
            line=trip.line,
            headsign=self._rows.headsign(board.dataset_no, shown) if shown else trip.headsign,
            scheduled=datetime.fromtimestamp(scheduled, board.zone),
            expected=None if expected is None else datetime.fromtimestamp(expected, board.zone),
            stop=stop.id,
            platform=stop.platform,
            trip=trip.id,
            wheelchair=_accessible(trip.wheelchair, stop.wheelchair),
            cancelled=cancelled,
            colour=trip.colour,
            text_colour=trip.text_colour,
            route_type=trip.route_type,
            freshness=plan if news is None else news.freshness,
            destination=trip.destination,
        )


def _expected(run: tuple[int, int, News | None]) -> int:
    _, scheduled, news = run
    return scheduled if news is None else news.expected


def _accessible(trip: int, stop: int) -> bool | None:
    """Say whether a wheelchair can board: both must let it (1), one that doesn't (2) decides."""
    if 2 in (trip, stop):
        return False
    return True if trip == stop == 1 else None
