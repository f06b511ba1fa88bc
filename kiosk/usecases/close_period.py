"""Close a day, a month or a year of the journal, the smaller periods first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, tzinfo

from kiosk.domain.closing import PERIODS, Closing, Period, name_of
from kiosk.domain.errors import PeriodClosed
from kiosk.ports import Clock, ClosingJournal


class ClosePeriod:
    """Closes periods in the territory's own time (``zone``)."""

    def __init__(self, journal: ClosingJournal, clock: Clock, zone: tzinfo) -> None:
        self._journal = journal
        self._clock = clock
        self._zone = zone

    def run(self, period: Period, day: date | None = None) -> Sequence[Closing]:
        """Close the period of ``day`` (today when None); gives the closings made, its own last.

        A period is closed with nothing in it when its name is new: a day without sales has its
        closing too. Raises PeriodClosed when it was closed already and nothing was booked since,
        StorageFull, LedgerTampered.
        """
        now = self._clock.now()
        day = day or now.astimezone(self._zone).date()
        name = name_of(period, day)
        last = self._journal.last_closing(period)
        if last is not None and last.name == name and not self._open(last):
            raise PeriodClosed(f"{period} {name} is closed, by closing {last.number}")
        smaller: list[Period] = [
            one for one in PERIODS[: PERIODS.index(period)] if self._open_in(one)
        ]
        asked: list[Period] = [*smaller, period]
        return [self._journal.close_period(one, name_of(one, day), at=now) for one in asked]

    def _open_in(self, period: Period) -> bool:
        return self._open(self._journal.last_closing(period))

    def _open(self, last: Closing | None) -> bool:
        """Say whether something was booked since a closing."""
        return self._journal.last_entry() > (last.now.last if last else 0)
