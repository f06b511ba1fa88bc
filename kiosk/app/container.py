"""Builds a kiosk from what is installed: reader, money, screens. The one place that knows all.

Its hive tells the first page alone until it is started or completed (ui.viewmodels.app).

Without a configuration that is the demonstration: a virtual reader and simulated payments, both
marked so on every screen; both are refused in production. With ``reader = "pcsc"`` the reader is
real, and its keys are the demonstration's: that too is marked and refused.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from kiosk.app.context import context_of
from kiosk.app.demonstration import Demonstration
from kiosk.app.installed import Installed
from kiosk.devices.voice import TranscriptVoice
from kiosk.domain.idle import IdleWatch
from kiosk.domain.money import Money
from kiosk.domain.payment import TopupLimits
from kiosk.ports import CardReader, Clock, PaymentGateway
from ui.card_desk import CardDesk
from ui.commands import Commands
from ui.context import Context
from ui.viewmodels.app import AppViewModel

if TYPE_CHECKING:
    from kiosk.store.ledger import Ledger
    from kiosk.usecases.reload_card import ReloadCard
    from ui.viewmodels.tray import TrayViewModel

LEDGER = "ledger.db"
PROVIDER = "simulator"
LIMITS = TopupLimits(proposed=(Money(1000), Money(2000), Money(5000)))


class Till:
    """Opens the journal when it is asked to, and closes it at the end."""

    def __init__(self, path: Path, gateway: Callable[[], PaymentGateway], clock: Clock) -> None:
        self._path = path
        self._gateway = gateway
        self._clock = clock
        self._ledger: Ledger | None = None

    def open(self) -> ReloadCard:
        """Open the journal; raises LedgerBusy, LedgerTampered, StorageFull."""
        from cardreader.virtual.demo import DEMO_CARD_KEY
        from kiosk.store.ledger import Ledger
        from kiosk.usecases.reload_card import Desk, ReloadCard

        ledger = self._ledger = Ledger(self._path)
        desk = Desk(provider=PROVIDER, card_key=DEMO_CARD_KEY, limits=LIMITS, new_id=new_topup_id)
        return ReloadCard(journal=ledger, gateway=self._gateway(), clock=self._clock, desk=desk)

    def close(self) -> None:
        """Let another process write the journal."""
        if self._ledger is not None:
            self._ledger.close()
            self._ledger = None


def new_topup_id() -> str:
    """Give a top-up's id: unguessable, and short enough to be read aloud to staff."""
    return f"T-{secrets.token_hex(6)}"


@dataclass(frozen=True, kw_only=True)
class Kiosk:
    """A kiosk ready to be shown."""

    context: Context
    app: AppViewModel
    desk: CardDesk
    demo: Demonstration | None
    close: Callable[[], None]

    @cached_property
    def tray(self) -> TrayViewModel | None:
        """The demonstration's tray, None elsewhere."""
        return self.demo.tray(self.context) if self.demo is not None else None


def build(here: Installed, clock: Clock, *, environment: str) -> Kiosk:
    """Build the kiosk; raises InputRefused for what production forbids."""
    context = context_of(here, clock)
    commands = Commands()
    if here.settings.reader == "virtual":
        demo = Demonstration(context.clock, environment)
        return _demo(here, context, commands, demo, lambda: demo.reader)
    if here.settings.reader == "pcsc":
        demo = Demonstration(context.clock, environment, cards=False)
        return _demo(here, context, commands, demo, lambda: _pcsc(here, environment))
    desk = CardDesk(
        context, commands, open_reader=None, open_money=None, limits=LIMITS, simulated=False
    )
    return _kiosk(here, context, desk, None, desk.close)


def _pcsc(here: Installed, environment: str) -> CardReader:
    from kiosk.app.card_chain import open_reader

    return open_reader(here.settings.reader_pattern, environment)


def _demo(
    here: Installed,
    context: Context,
    commands: Commands,
    demo: Demonstration,
    open_reader: Callable[[], CardReader],
) -> Kiosk:
    """Build a kiosk whose payments are simulated, with one reader or the other."""
    till = Till(here.content.path.parent / LEDGER, lambda: demo.bank, context.clock)
    desk = CardDesk(
        context,
        commands,
        open_reader=open_reader,
        open_money=till.open,
        limits=LIMITS,
        simulated=True,
    )

    def close() -> None:
        desk.close()
        till.close()

    return _kiosk(here, context, desk, demo, close)


def _kiosk(
    here: Installed,
    context: Context,
    desk: CardDesk,
    demo: Demonstration | None,
    close: Callable[[], None],
) -> Kiosk:
    settings = here.settings
    watch = IdleWatch(warn_s=settings.idle_warning_s, wipe_s=settings.idle_s)
    return Kiosk(
        context=context,
        app=AppViewModel(context, TranscriptVoice(), watch=watch, hurried=True),
        desk=desk,
        demo=demo,
        close=close,
    )
