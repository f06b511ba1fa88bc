"""What screens may use: the ports, the territory, the citizen's language and comfort."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from kiosk.domain.role import Role
from kiosk.domain.territory import Territory
from kiosk.ports import Clock, OpeningHours, ServiceCache, Timetable
from ui.comfort import Comfort
from ui.identity import Identity
from ui.sale import Sale
from ui.scan import Scan
from ui.till import TillView
from ui.wallet import Wallet
from ui.words import Words

if TYPE_CHECKING:
    from ui.card_desk import CardDesk
    from ui.clerk_desk import ClerkDesk
    from ui.gate_desk import GateDesk
    from ui.sale_desk import SaleDesk
    from ui.till_desk import TillDesk


@dataclass(slots=True, kw_only=True)
class Context:
    """The ports behind the screens; ``words`` changes when the citizen changes language.

    ``wallet`` is what is known of the card on the reader, ``sale`` of what is taken from it,
    ``identity`` of who is known, ``scan`` of a gate's last ticket, ``till`` of the staff's till;
    ``desk``, ``sales``, ``clerk``, ``gate`` and ``tills``, where they are there, act.
    """

    territory: Territory
    clock: Clock
    cache: ServiceCache
    timetable: Timetable
    hours: OpeningHours
    words: Words
    role: Role = "kiosk"
    training: bool = False  # what is done here is worth nothing, and says so everywhere
    comfort: Comfort = field(default_factory=Comfort)
    wallet: Wallet = field(default_factory=Wallet)
    desk: CardDesk | None = None
    sale: Sale = field(default_factory=Sale)
    sales: SaleDesk | None = None
    identity: Identity = field(default_factory=Identity)
    clerk: ClerkDesk | None = None
    scan: Scan = field(default_factory=Scan)
    gate: GateDesk | None = None
    till: TillView = field(default_factory=TillView)
    tills: TillDesk | None = None

    def here_now(self) -> datetime:
        """Give the present in the territory's time zone."""
        return self.clock.now().astimezone(ZoneInfo(self.territory.timezone))
