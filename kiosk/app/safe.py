"""The kiosk's journal and what is done over it: one file, one writer, opened when asked for."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from kiosk.app.demonstration import DemoLostCards, Demonstration
from ui.context import Context

if TYPE_CHECKING:
    from kiosk.store.ledger import Ledger
    from kiosk.usecases.reload_card import ReloadCard
    from kiosk.usecases.spend_card import SpendCard

LEDGER = "ledger.db"
PROVIDER = "simulator"


class Safe:
    """Opens the journal in ``folder``; used from the commands' thread alone."""

    def __init__(self, folder: Path, context: Context, demo: Demonstration) -> None:
        self._folder = folder
        self._context = context
        self._demo = demo
        self._ledger: Ledger | None = None

    def topups(self) -> ReloadCard:
        """Give the top-ups' use case; raises LedgerBusy, LedgerTampered, StorageFull."""
        from cardreader.virtual.demo import DEMO_CARD_KEY
        from kiosk.usecases.reload_card import Desk, ReloadCard

        desk = Desk(
            provider=PROVIDER,
            card_key=DEMO_CARD_KEY,
            limits=self._context.wallet.limits,
            new_id=lambda: new_id("T"),
        )
        return ReloadCard(
            journal=self._open(), gateway=self._demo.bank, clock=self._context.clock, desk=desk
        )

    def sales(self) -> SpendCard:
        """Give the spends' use case; raises LedgerBusy, LedgerTampered, StorageFull."""
        from cardreader.virtual.demo import DEMO_CARD_KEY
        from kiosk.store.blocklist import LostCardsStore
        from kiosk.store.ledger_moves import Moves
        from kiosk.usecases.spend_card import SpendCard, Till

        territory, clock, ledger = self._context.territory, self._context.clock, self._open()
        till = Till(
            catalogue=territory.products,
            rules=territory.card,
            card_key=DEMO_CARD_KEY,
            zone=ZoneInfo(territory.timezone),
            new_id=lambda: new_id("S"),
        )
        lost = DemoLostCards(LostCardsStore(self._folder, ledger), clock)
        return SpendCard(journal=Moves(ledger), lost=lost, clock=clock, till=till)

    def close(self) -> None:
        """Let another process write the journal."""
        if self._ledger is not None:
            self._ledger.close()
            self._ledger = None

    def _open(self) -> Ledger:
        from kiosk.store.ledger import Ledger

        self._ledger = self._ledger or Ledger(self._folder / LEDGER)
        return self._ledger


def new_id(letter: str) -> str:
    """Give an id: unguessable, short enough to be read aloud, eight bytes on the card."""
    return f"{letter}-{secrets.token_hex(6)}"
