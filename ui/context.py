"""What screens may use: the ports, the territory, the citizen's language and comfort."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from kiosk.domain.role import Role
from kiosk.domain.territory import Territory
from kiosk.ports import Clock, OpeningHours, ServiceCache, Timetable
from ui.comfort import Comfort
from ui.words import Words

if TYPE_CHECKING:
    from ui.card_desk import CardDesk
    from ui.clerk_desk import ClerkDesk
    from ui.gate_desk import GateDesk
    from ui.identity import Identity
    from ui.report import ReportDraft
    from ui.report_desk import ReportDesk
    from ui.sale import Sale
    from ui.sale_desk import SaleDesk
    from ui.scan import Scan
    from ui.till import TillView
    from ui.till_desk import TillDesk
    from ui.wallet import Wallet


@dataclass(kw_only=True)
class Context:
    """The ports behind the screens; ``words`` changes when the citizen changes language.

    ``desk``, ``sales``, ``clerk``, ``gate``, ``tills`` and ``reports``, where they are there,
    act; what they know of a visit is made when it is first asked for: no first frame shows it.
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
    desk: CardDesk | None = None
    sales: SaleDesk | None = None
    clerk: ClerkDesk | None = None
    gate: GateDesk | None = None
    tills: TillDesk | None = None
    reports: ReportDesk | None = None

    @cached_property
    def wallet(self) -> Wallet:
        """What is known of the card on the reader and of its top-up."""
        from ui.wallet import Wallet

        return Wallet()

    @cached_property
    def sale(self) -> Sale:
        """What is known of what is taken from the card."""
        from ui.sale import Sale

        return Sale()

    @cached_property
    def identity(self) -> Identity:
        """Who is known."""
        from ui.identity import Identity

        return Identity()

    @cached_property
    def scan(self) -> Scan:
        """What is known of a gate's last ticket."""
        from ui.scan import Scan

        return Scan()

    @cached_property
    def report(self) -> ReportDraft:
        """What is known of a report that is being written."""
        from ui.report import ReportDraft

        return ReportDraft()

    @cached_property
    def till(self) -> TillView:
        """What is known of the staff's till."""
        from ui.till import TillView

        return TillView()

    def here_now(self) -> datetime:
        """Give the present in the territory's time zone."""
        return self.clock.now().astimezone(ZoneInfo(self.territory.timezone))
