"""Closes by itself the day, the month and the year that have ended.

Rules (MONEY.md, "The ledger"; docs/money.md):

1. A day has ended MARGIN after the territory's midnight: what a late citizen began is over then.
2. The day of the last entry and the day before today are closed once each, days first; the month
   and the year of a closed day once they have ended too. A kiosk that was off closes at its next
   start; days on which it was off all along have no closing, and no entry.
3. A closing whose moment lies ahead was made by a clock that stood wrong: it is not believed.
4. While a citizen pays nothing is closed: the next look does it.
5. Each closing is durable by itself, and a name that is closed isn't due: a power cut in between
   loses none and doubles none.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta, tzinfo
from itertools import pairwise

from kiosk.domain.closing import PERIODS, Closing, Period, name_of
from kiosk.domain.payment import TopupState
from kiosk.ports import Clock, ClosingJournal, Journal
from kiosk.usecases.close_period import ClosePeriod

MARGIN = timedelta(minutes=10)
_AT_THE_KIOSK = frozenset({TopupState.CREATED, TopupState.INTENT_CREATED, TopupState.AUTHORIZED})


def paying(journal: Journal) -> bool:
    """Say whether a citizen pays now; a torn card or a silent bank may wait for days."""
    return any(topup.state in _AT_THE_KIOSK for topup in journal.open_topups())


class CloseDue:
    """Asked again and again; nearly always there is nothing to do."""

    def __init__(
        self,
        journal: ClosingJournal,
        clock: Clock,
        zone: tzinfo,
        *,
        busy: Callable[[], bool],
    ) -> None:
        self._journal = journal
        self._clock = clock
        self._zone = zone
        self._busy = busy
        self._close = ClosePeriod(journal, clock, zone)

    def run(self) -> Sequence[Closing]:
        """Close what is due; gives the closings made. Raises StorageFull, LedgerTampered."""
        now = self._clock.now()
        today = (self._local(now) - MARGIN).date()
        pairs = list(pairwise([*self._days(today), today]))
        if self._busy() or not any(self._due_on(*pair, now) for pair in pairs):
            return ()
        made: list[Closing] = []
        for pair in pairs:
            for period in self._due_on(*pair, now):
                made += self._close.run(period, pair[0])
        return made

    def _local(self, at: datetime) -> datetime:
        """Give the clock on the wall, without its zone: days are counted as people do."""
        return at.astimezone(self._zone).replace(tzinfo=None)

    def _days(self, today: date) -> Sequence[date]:
        """Give the ended days that may want a closing, oldest first; none before any entry."""
        booked, closed = self._journal.last_booked(), self._journal.last_closing("day")
        known: set[date] = set()
        if booked is not None:
            known.add(self._local(booked).date())
        if closed is not None:
            known.add(date.fromisoformat(closed.name))
        ended = {day for day in known if day < today}
        return sorted({*ended, today - timedelta(days=1)}) if ended else ()

    def _due_on(self, day: date, following: date, now: datetime) -> list[Period]:
        """Give what is to be closed on an ended day, the smaller periods first.

        A period ends on it when the following day known is in another one.
        """
        ended: list[Period] = [
            one for one in PERIODS if name_of(one, day) < name_of(one, following)
        ]
        return [period for period in ended if self._open(period, day, now)]

    def _open(self, period: Period, day: date, now: datetime) -> bool:
        last = self._journal.last_closing(period)
        return last is None or last.at > now or last.name < name_of(period, day)
