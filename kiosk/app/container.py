"""Builds a kiosk from what is installed: screens first, then reader and money.

Its hive tells the first page alone until it is started or completed (ui.viewmodels.app), and its
desks (kiosk.app.counters) are made when they are first asked for, after the first frame.

Without a configuration that is the demonstration: a virtual reader and simulated payments, both
marked so on every screen; both are refused in production. With ``reader = "pcsc"`` the reader is
real, and its keys are the demonstration's: that too is marked; in production they are those that
the hub delivered. With ``payments = "hub"``, which production asks for, a hub takes the money, and
the mark goes when it says that this is real.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from kiosk.app.context import context_of
from kiosk.app.installed import Installed
from kiosk.devices.voice import EspeakVoice, TranscriptVoice, voice_of
from kiosk.domain.environment import refuse_stand_ins
from kiosk.domain.idle import IdleWatch
from kiosk.ports import Clock
from ui.context import Context
from ui.viewmodels.app import AppViewModel

if TYPE_CHECKING:
    from kiosk.app.counters import Counters
    from kiosk.app.demonstration import Demonstration
    from ui.card_desk import CardDesk
    from ui.sale_desk import SaleDesk
    from ui.viewmodels.tray import TrayViewModel


class Kiosk:
    """A kiosk ready to be shown; its desks are made when they are first asked for."""

    def __init__(self, here: Installed, context: Context, environment: str) -> None:
        """Open the device's home over ``context``."""
        settings = here.settings
        watch = IdleWatch(warn_s=settings.idle_warning_s, wipe_s=settings.idle_s)
        self.context = context
        self._here = here
        self._environment = environment
        self._voice: TranscriptVoice | EspeakVoice = voice_of(
            speaks=settings.voice == "espeak", earpiece=settings.headphones == "always"
        )
        self._made: Counters | None = None
        self.app = AppViewModel(context, self._voice, watch=watch, hurried=True)

    @property
    def counters(self) -> Counters:
        """What is done with cards and money; raises InputRefused for a hub that can't be used."""
        if self._made is None:
            from kiosk.app.counters import counters_of

            self._made = counters_of(self._here, self.context, self._environment)
            self.app.follow_desks()
        return self._made

    @property
    def desk(self) -> CardDesk:
        """What follows the card on the reader."""
        return self.counters.desk

    @property
    def sales(self) -> SaleDesk | None:
        """What takes from cards, None without a reader."""
        return self.counters.sales

    @property
    def demo(self) -> Demonstration | None:
        """The stand-ins, None where there are none."""
        return self.counters.demo

    def serve(self) -> None:
        """Open the journal, take up what a crash has left, follow the reader."""
        counters = self.counters
        counters.desk.start()
        if counters.sales is not None:
            counters.sales.start()
        if self.context.gate is not None:
            self.context.gate.start()
        if counters.night is not None:
            counters.night.start()

    @cached_property
    def tray(self) -> TrayViewModel | None:
        """The demonstration's tray, None elsewhere."""
        counters = self.counters
        if counters.demo is None:
            return None
        return counters.demo.tray(self.context, counters.gate)

    def close(self) -> None:
        """End what was begun."""
        self._voice.close()
        if self._made is not None:
            self._made.close()


def build(here: Installed, clock: Clock, *, environment: str) -> Kiosk:
    """Build the kiosk; raises InputRefused for what production forbids."""
    settings = here.settings
    real = settings.reader == "pcsc" and settings.payments == "hub" and not settings.training
    if settings.reader != "none" and not real:
        refuse_stand_ins(environment)
    return Kiosk(here, context_of(here, clock), environment)
