"""One whole simulated top-up, from the amount to the receipt's number, without a screen."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path

from cardreader.virtual.demo import DEMO_CARD_KEY, used_card
from cardreader.virtual.memory import VirtualReader
from kiosk.app.installed import SystemClock
from kiosk.domain.money import Money
from kiosk.domain.payment import TopupLimits
from kiosk.store.ledger import Ledger
from kiosk.usecases.reload_card import Desk, ReloadCard
from payments.simulator.bank import SimulatedBank

FILE = "ledger.db"
PROVIDER = "simulator"


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
    card, reader = used_card(clock.now()), VirtualReader()
    desk = Desk(
        provider=PROVIDER,
        card_key=DEMO_CARD_KEY,
        limits=TopupLimits(),
        new_id=lambda: f"demo-{secrets.token_hex(8)}",
    )
    with Ledger(folder / FILE) as journal:
        reload = ReloadCard(journal=journal, gateway=bank, clock=clock, desk=desk)
        reload.card_laid(reader.lay(card))
        begun = reload.start(card.face, amount)
        bank.confirm(begun.row.payment_id)
        ended = reload.poll() or begun
        reader.close()
    return DemoPaid(
        state=ended.row.state.value,
        amount_cents=amount.cents,
        balance_cents=card.face.balance.cents,
        entry=ended.row.entry,
    )
