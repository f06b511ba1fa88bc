"""What is done here with cards and money: the reader, the journal, and the desks over them.

Made after the first frame, which shows none of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import structlog

from kiosk.app.backing import Backing, Production
from kiosk.app.demonstration import Demonstration
from kiosk.app.installed import Installed
from kiosk.app.night import Night
from kiosk.app.report_box import ReportBox
from kiosk.app.safe import Safe, marks_of, money_folder
from kiosk.app.settings import Settings
from kiosk.domain.environment import PRODUCTION
from kiosk.domain.money import Money
from kiosk.domain.payment import TopupLimits
from kiosk.ports import CardReader, Scanner, TicketJournal
from ui.card_desk import CardDesk
from ui.clerk_desk import ClerkDesk
from ui.commands import Commands
from ui.context import Context
from ui.report_desk import ReportDesk
from ui.sale_desk import SaleDesk

if TYPE_CHECKING:
    from kiosk.app.demo_papers import DemoPapers
    from kiosk.app.demo_tray import TrayGate
    from kiosk.app.hub_link import HubLink
    from kiosk.app.hub_relay import HubRelay
    from kiosk.domain.sealed import Signer
    from kiosk.ports import Printer
    from kiosk.store.card_keys import CardKeyStore
    from ui.receipt_desk import Office

log = structlog.get_logger("kiosk.counters")
LIMITS = TopupLimits(proposed=(Money(1000), Money(2000), Money(5000)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Counters:
    """The desks of one kiosk; the others are where ui.context has them."""

    desk: CardDesk
    close: Callable[[], None]
    sales: SaleDesk | None = None
    demo: Demonstration | None = None
    night: Night | None = None
    gate: TrayGate | None = None


def counters_of(here: Installed, context: Context, environment: str) -> Counters:
    """Make the desks that the settings ask for, and put them into ``context``."""
    commands = Commands()
    if here.settings.reader == "virtual":
        demo = Demonstration(context.clock, environment, here.pack.territory.products)
        return _counters(here, context, commands, demo, lambda: demo.reader)
    if here.settings.reader == "pcsc" and environment == PRODUCTION:
        if _let_in(here):
            backing = Production(_keys(here), relayed=_relay(here) is not None)
            return _counters(here, context, commands, backing, lambda: _pcsc(here, environment))
        log.warning("kiosk.not_enrolled")  # it shows, and takes no card, until a hub lets it in
    elif here.settings.reader == "pcsc":
        demo = Demonstration(context.clock, environment)
        return _counters(here, context, commands, demo, lambda: _pcsc(here, environment))
    desk = CardDesk(
        context, commands, open_reader=None, open_money=None, limits=LIMITS, simulated=False
    )
    box = ReportBox(here, context.clock)
    ReportDesk(context, commands, box.reports)

    def close() -> None:
        desk.close()
        box.close()

    return Counters(desk=desk, close=close)


def _counters(
    here: Installed,
    context: Context,
    commands: Commands,
    backing: Backing,
    open_reader: Callable[[], CardReader],
) -> Counters:
    """Make the desks over one reader or the other; payments are simulated, or a hub's."""
    papers = _papers(here, context)
    safe = Safe(here, context, backing, papers)
    link = safe.link
    desk = CardDesk(
        context,
        commands,
        open_reader=open_reader,
        open_money=safe.topups,
        limits=LIMITS,
        simulated=link is None or link.simulated,
        ask_provider=None if link is None else link.ask,
        ask_permit=safe.permit,
        open_office=partial(office_of, here, safe.tickets),
        printer=here.settings.printer != "none",
        codes=safe.codes() if _gives_codes(here.settings, link) else None,
    )
    sales = SaleDesk(
        context, commands, desk, open_sales=safe.sales, standing=here.settings.gate_product
    )
    ClerkDesk(context, commands, desk, safe.acts())
    ReportDesk(context, commands, safe.reports)
    gate = _gate(here, context, commands, safe, papers)
    if here.settings.role == "counter":
        from ui.till_desk import TillDesk

        printer = _printer(here.settings)
        till = safe.till(None if printer is None else lambda: printer)
        TillDesk(context, commands, desk, till.acts())
    night = Night(commands, context.clock, safe.close_due, safe.hear_refunds)

    def close() -> None:
        night.close()
        if context.gate is not None:
            context.gate.close()
        desk.close()
        safe.close()
        backing.close()

    demo = backing if isinstance(backing, Demonstration) else None
    return Counters(desk=desk, close=close, sales=sales, demo=demo, night=night, gate=gate)


def _gives_codes(settings: Settings, link: HubLink | None) -> bool:
    """Whether offline codes are given: there is a page that answers them."""
    return not settings.training and (link is None or bool(settings.pay_page or link.page))


def _papers(here: Installed, context: Context) -> DemoPapers | None:
    """Give the paper tickets of a gate of the demonstration; None where there is no such gate."""
    product = here.pack.territory.products.products.get(here.settings.gate_product)
    if product is None or here.settings.reader != "virtual" or here.settings.scanner != "none":
        return None
    from kiosk.app.demo_papers import DemoPapers

    zone = ZoneInfo(here.pack.territory.timezone)
    return DemoPapers(
        clock=context.clock,
        zone=zone,
        kiosk=here.settings.kiosk,
        product=product,
        marks=marks_of(context),
        open_signer=lambda: _signer(here),
    )


def _gate(
    here: Installed,
    context: Context,
    commands: Commands,
    safe: Safe,
    papers: DemoPapers | None,
) -> TrayGate | None:
    """Follow a gate's scanner: the one that is set, else the demonstration's; gives the latter."""
    scanner: Scanner
    if here.settings.role == "gate" and here.settings.scanner == "keyboard":
        from kiosk.devices.scanner import KeyboardWedge

        scanner, made = KeyboardWedge(context.clock, lambda: context.role == "gate"), None
    elif papers is not None:
        from kiosk.app.demo_tray import TrayGate
        from kiosk.devices.scanner_simulator import ScannerStandIn

        made = TrayGate(scanner=ScannerStandIn(), papers=papers)
        scanner = made.scanner
    else:
        return None
    from ui.gate_desk import GateDesk

    GateDesk(context, commands, scanner, open_gate=safe.gate)
    return made


def _pcsc(here: Installed, environment: str) -> CardReader:
    from kiosk.app.card_chain import Chain, open_reader
    from kiosk.app.card_words import names_of

    names = names_of(here.pack.territory.products)
    pattern = here.settings.reader_pattern
    return open_reader(
        Chain(
            pattern=pattern,
            names=names,
            environment=environment,
            folder=here.content.path.parent,
            relay=_relay(here) if environment == PRODUCTION else None,
        )
    )


def _relay(here: Installed) -> HubRelay | None:
    """Give the way to the hub that writes loads, None where this kiosk has no identity at it."""
    from kiosk.app.hub_link import link_of
    from kiosk.app.hub_relay import HubRelay

    link = link_of(here.settings, here.content.path.parent)
    return None if link is None or not link.signed else HubRelay(link.relay)


def _let_in(here: Installed) -> bool:
    from kiosk.store.enrolment import EnrolmentStore

    return EnrolmentStore(here.content.path.parent).let_in() is not None


def _keys(here: Installed) -> CardKeyStore:
    from kiosk.store.card_keys import CardKeyStore

    return CardKeyStore(here.content.path.parent)


def office_of(here: Installed, open_tickets: Callable[[], TicketJournal]) -> Office:
    """Give what receipts are given with: this kiosk's key, name and printer."""
    from ui.receipt_desk import Office

    settings = here.settings
    return Office(
        open_signer=lambda: _signer(here),
        printer=_printer(settings),
        open_tickets=open_tickets,
        kiosk=settings.kiosk,
        page=settings.receipt_page,
    )


def _signer(here: Installed) -> Signer:
    from kiosk.store.device_key import DeviceKey

    return DeviceKey(money_folder(here.content.path.parent, training=here.settings.training))


def _printer(settings: Settings) -> Printer | None:
    if settings.printer == "none":
        return None
    from kiosk.devices.printer.port import printer_of
    from kiosk.domain.printing import printer_address

    return printer_of(printer_address(settings.printer), paper_mm=settings.paper_mm)
