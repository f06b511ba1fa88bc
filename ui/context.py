"""What screens may use: the ports, the territory and the citizen's language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from kiosk.domain.territory import Territory
from kiosk.ports import Clock, OpeningHours, ServiceCache, Timetable
from ui.words import Words


@dataclass(slots=True, kw_only=True)
class Context:
    """The ports behind the screens; ``words`` changes when the citizen changes language."""

    territory: Territory
    clock: Clock
    cache: ServiceCache
    timetable: Timetable
    hours: OpeningHours
    words: Words

    def here_now(self) -> datetime:
        """Give the present in the territory's time zone."""
        return self.clock.now().astimezone(ZoneInfo(self.territory.timezone))
