"""Builds a kiosk from what is installed: reader, money, screens. The one place that knows all.

Its hive tells the first page alone until it is started or completed (ui.viewmodels.app).

Without a configuration that is the demonstration: a virtual reader and simulated payments, both
marked so on every screen; both are refused in production.
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
from kiosk.app.settings import Settings
from kiosk.devices.voice import voice_of
from kiosk.domain.idle import IdleWatch
from kiosk.domain.money import Money
from kiosk.domain.payment import TopupLimits
from kiosk.domain.sealed import Signer
from kiosk.ports import Clock, PaymentGateway, Printer
from ui.card_desk import CardDesk
from ui.commands import Commands
from ui.context import Context
from ui.receipt_desk import Office
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
        return _demo(here, context, commands, environment)
    desk = CardDesk(
        context,
        commands,
        open_reader=None,
        open_money=None,
        limits=LIMITS,
        simulated=False,
    )
    return _kiosk(here, context, desk, None, desk.close)


def office_of(here: Installed) -> Office:
    """Give what receipts are given with: this kiosk's key, name and printer."""
    settings = here.settings
    folder = here.content.path.parent

    def open_signer() -> Signer:
        from kiosk.store.device_key import DeviceKey

        return DeviceKey(folder)

    return Office(
        open_signer=open_signer,
        printer=_printer(settings),
        kiosk=settings.kiosk,
        page=settings.receipt_page,
    )


def _printer(settings: Settings) -> Printer | None:
    if settings.printer == "none":
        return None
    from kiosk.devices.printer.port import printer_of
    from kiosk.domain.printing import printer_address

    return printer_of(printer_address(settings.printer), paper_mm=settings.paper_mm)


def _demo(here: Installed, context: Context, commands: Commands, environment: str) -> Kiosk:
    demo = Demonstration(context.clock, environment)
    till = Till(here.content.path.parent / LEDGER, lambda: demo.bank, context.clock)
    desk = CardDesk(
        context,
        commands,
        open_reader=lambda: demo.reader,
        open_money=till.open,
        limits=LIMITS,
        simulated=True,
        office=office_of(here),
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
    voice = voice_of(speaks=settings.voice == "espeak", earpiece=settings.headphones == "always")

    def close_all() -> None:
        voice.close()
        close()

    return Kiosk(
        context=context,
        app=AppViewModel(context, voice, watch=watch, hurried=True),
        desk=desk,
        demo=demo,
        close=close_all,
    )
