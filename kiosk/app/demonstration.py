"""The demonstration's stand-ins: virtual reader and cards, simulated bank, and their tray.

Each is made when it is first asked for, after the first frame.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from kiosk.domain.environment import PRODUCTION
from kiosk.domain.errors import InputRefused
from kiosk.ports import Clock
from ui.context import Context

if TYPE_CHECKING:
    from cardreader.virtual.memory import VirtualReader
    from payments.simulator.bank import SimulatedBank
    from ui.viewmodels.tray import TrayViewModel


class Demonstration:
    """What stands in for silicon and bank; raises InputRefused in production.

    Without ``cards`` the tray only plays the phone: the cards are laid on a real reader.
    """

    def __init__(self, clock: Clock, environment: str, *, cards: bool = True) -> None:
        if environment == PRODUCTION:
            raise InputRefused(
                "virtual cards and their keys are refused in production",
                where="reader",
                todo='set reader = "none" in settings.toml, or unset ALVEOLE_ENV',
            )
        self._clock = clock
        self._environment = environment
        self._cards = cards

    @cached_property
    def reader(self) -> VirtualReader:
        """The reader on which the tray lays."""
        from cardreader.virtual.memory import VirtualReader

        return VirtualReader()

    @cached_property
    def bank(self) -> SimulatedBank:
        """The bank's stand-in."""
        from payments.simulator.bank import SimulatedBank

        return SimulatedBank(clock=self._clock, environment=self._environment)

    def tray(self, context: Context) -> TrayViewModel:
        """Make the tray with its cards."""
        from cardreader.virtual.demo import demo_cards
        from kiosk.app.demo_tray import DemoTray
        from ui.viewmodels.tray import TrayViewModel

        things = demo_cards(self._clock.now()) if self._cards else ()
        controls = DemoTray(self.reader, self.bank, things)
        return TrayViewModel(context, controls)
