"""Follows spends from the card on the reader, and tells the screens.

Rules:
1. Each laid card is first shown to the use case, which settles what it left in doubt; only then is
   it read for the screens (ui.commands keeps the order).
2. A product is taken from the card that lies there, or from the next one that is laid.
3. A gate has a standing order: it is asked anew each time a card has left and its answer was
   shown for SHOWN_S. A card that goes on lying there pays once.
4. A card that was pulled away is waited for, and time is told to the use case once a second.
5. Results that belong to an ended visit are dropped; the journal keeps what is in doubt.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from kiosk.domain.errors import AlveoleError, MoveDisputed
from kiosk.ports import CardSession
from ui.card_desk import CardDesk
from ui.commands import Commands
from ui.context import Context
from ui.sale import Sale, SaleStage

if TYPE_CHECKING:
    from kiosk.usecases.spend_card import SpendCard, Spending

POLL_MS = 1000
SHOWN_S = 2.5  # how long a gate's answer stands at least
OPEN_EVERY = 60  # polls between two tries to open a journal that couldn't be


class SaleDesk(QObject):
    """The only writer of ``context.sale``; lives on the screen's thread."""

    changed = Signal()

    def __init__(
        self,
        context: Context,
        commands: Commands,
        desk: CardDesk,
        *,
        open_sales: Callable[[], SpendCard],
        standing: int = 0,
    ) -> None:
        """Follow ``desk``; ``standing`` is the product that a gate takes, 0 elsewhere."""
        super().__init__()
        self._context = context
        self._commands = commands
        self._open_sales = open_sales
        self._sales: SpendCard | None = None
        self._standing = standing
        self._lying = False
        self._told_at = 0.0
        self._visit = self._polls = 0
        context.sales = self
        desk.lies.connect(self._take)
        self._timer = QTimer(self)
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(self.poll)

    @property
    def sale(self) -> Sale:
        """What is known now."""
        return self._context.sale

    def start(self) -> None:
        """Open the journal and follow time."""
        self._open()
        self._timer.start()

    def close(self) -> None:
        """Stop following."""
        self._timer.stop()

    def buy(self, product: int) -> None:
        """Take ``product`` from the card; a second call while one is taken is dropped."""
        if self._sales is not None and not self.sale.in_flight:
            self._become(Sale(product=product))
            self._ask("sale-ask", partial(_ordered, self._sales, product))

    def leave(self) -> None:
        """Forget the sale; a gate goes on with its own."""
        self._visit += 1
        self._become(Sale(closed=self.sale.closed))
        if self._sales is not None:
            self._commands.run("sale-leave", self._sales.leave, _nothing, _nothing)
        self._stand()

    @Slot()
    def poll(self) -> None:
        """Let time pass (once a second)."""
        self._polls += 1
        if self._sales is None:
            if self._polls % OPEN_EVERY == 0:
                self._open()
        elif self.sale.stage is SaleStage.AGAIN:
            self._ask("sale-poll", self._sales.poll, busy=False)
            self.changed.emit()  # the visible clock
        elif self._gate_may_ask():
            self.leave()

    def _gate_may_ask(self) -> bool:
        """Whether a gate may ask the next one: nothing lies there, and no answer is to be read."""
        if not self._standing or self._lying or self.sale.busy:
            return False
        shown = self._context.clock.monotonic() - self._told_at >= SHOWN_S
        return self.sale.stage is SaleStage.CONFIRM or (self.sale.ended and shown)

    def _open(self) -> None:
        self._commands.run("sale-open", self._open_sales, self._opened, self._closed)

    def _opened(self, sales: SpendCard) -> None:
        self._sales = sales
        self._become(replace(self.sale, closed=""))
        self._stand()

    def _closed(self, wrong: AlveoleError) -> None:
        self._become(replace(self.sale, closed=wrong.message_key))

    def _stand(self) -> None:
        """Ask for what a gate asks of everybody."""
        if self._standing and not self._lying:
            self.buy(self._standing)

    @Slot(object)
    def _take(self, session: CardSession | None) -> None:
        """Show the card that was laid to the use case, before anybody else reads it."""
        self._lying = session is not None
        if self._sales is None:
            return
        if session is None:
            self._commands.run("sale-lifted", self._sales.card_lifted, _nothing, _nothing)
        else:
            self._ask("sale-card", partial(self._sales.card_laid, session))

    def _ask(self, name: str, work: Callable[[], Spending | None], *, busy: bool = True) -> None:
        begun = self._commands.run(
            name, work, partial(self._moved, self._visit), partial(self._refused, self._visit)
        )
        if begun and busy and (self.sale.product or self._standing):
            self._become(replace(self.sale, busy=True, problem=""))

    def _moved(self, visit: int, spending: Spending | None) -> None:
        if visit != self._visit:
            return
        self._told_at = self._context.clock.monotonic()
        if spending is not None or self.sale.product:
            self._become(replace(self.sale, spending=spending, busy=False))

    def _refused(self, visit: int, wrong: AlveoleError) -> None:
        """Tell why nothing was taken; without an order only a dispute is the citizen's concern."""
        if visit != self._visit or not (self.sale.product or isinstance(wrong, MoveDisputed)):
            return
        self._told_at = self._context.clock.monotonic()
        now = None if self._sales is None else self._sales.progress
        self._become(replace(self.sale, spending=now, busy=False, problem=wrong.message_key))

    def _become(self, sale: Sale) -> None:
        if sale != self.sale:
            self._context.sale = sale
            self.changed.emit()


def _ordered(sales: SpendCard, product: int) -> Spending:
    """Ask for a product (in the background)."""
    from kiosk.domain.sale import Order

    return sales.ask(Order(product=product))


def _nothing(_: object) -> None:
    """Show nothing."""
