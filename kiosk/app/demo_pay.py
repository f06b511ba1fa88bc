"""One whole simulated top-up, from the amount to the receipt's number, without a screen."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cardreader.virtual import DEMO_CARD_KEY
from cardreader.virtual.demo_chips import used_chip
from cardreader.virtual.tray import TrayReader
from kiosk.app.card_chain import Chain, purse_opener
from kiosk.app.ids import new_id
from kiosk.app.installed import SystemClock
from kiosk.app.safe import LEDGER
from kiosk.domain.money import Money
from kiosk.domain.payment import SIMULATOR, TopupLimits
from kiosk.store.ledger import Ledger
from kiosk.usecases.reload_card import Desk, ReloadCard
from payments.simulator.bank import SimulatedBank


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoPaid:
    """How the simulated top-up ended; ``entry`` is the journal's sequence."""

    state: str
    amount_cents: int
    balance_cents: int
    entry: int


def pay(folder: Path, amount: Money, *, environment: str) -> DemoPaid:
    """Top a virtual card up with simulated money, booked in ``folder``.

    Raises InputRefused in production, AmountRefused, PurseFull, LedgerTampered, LedgerBusy,
    StorageFull.
    """
    clock = SystemClock()
    bank = SimulatedBank(clock=clock, environment=environment)
    purse = purse_opener(Chain(environment=environment))
    reader = TrayReader(lambda transport, _: purse(transport))
    desk = Desk(
        provider=SIMULATOR,
        card_key=DEMO_CARD_KEY,
        limits=TopupLimits(),
        new_id=lambda: new_id("T"),
    )
    with Ledger(folder / LEDGER) as journal:
        reload = ReloadCard(journal=journal, gateway=bank, clock=clock, desk=desk)
        session = reader.lay(used_chip(clock.now()))
        reload.card_laid(session)
        begun = reload.start(session.read(), amount)
        bank.confirm(begun.row.payment_id)
        ended = reload.poll() or begun
        balance = session.read().balance
        reader.close()
    return DemoPaid(
        state=ended.row.state.value,
        amount_cents=amount.cents,
        balance_cents=balance.cents,
        entry=ended.row.entry,
    )
