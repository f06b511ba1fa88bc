"""What screens may use: the ports, the territory, the citizen's language and comfort."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from kiosk.domain.territory import Territory
from kiosk.ports import Clock, OpeningHours, ServiceCache, Timetable
from ui.comfort import Comfort
from ui.wallet import Wallet
from ui.words import Words

if TYPE_CHECKING:
    from ui.card_desk import CardDesk


@dataclass(slots=True, kw_only=True)
class Context:
    """The ports behind the screens; ``words`` changes when the citizen changes language.

    ``wallet`` is what is known of the card on the reader; ``desk``, where there is one, acts.
    """

    territory: Territory
    clock: Clock
    cache: ServiceCache
    timetable: Timetable
    hours: OpeningHours
    words: Words
    comfort: Comfort = field(default_factory=Comfort)
    wallet: Wallet = field(default_factory=Wallet)
    desk: CardDesk | None = None

    def here_now(self) -> datetime:
        """Give the present in the territory's time zone."""
        return self.clock.now().astimezone(ZoneInfo(self.territory.timezone))
