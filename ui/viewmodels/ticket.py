"""The view model of an entry bought without a card: the top-up's, with tariff and people."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Property, Signal, Slot
from PySide6.QtQml import QmlElement

from kiosk.domain.ticket_order import PERSONS_MAX
from ui.context import Context
from ui.viewmodels.topup import TopupViewModel
from ui.views.ticket import TicketFrame, basket_of, build_ticket
from ui.views.topup_frame import PAY
from ui.wallet import Basket

QML_IMPORT_NAME = "Alveole.Models"
QML_IMPORT_MAJOR_VERSION = 1


@QmlElement
class TicketViewModel(TopupViewModel):
    """An entry, from the tariff to the ticket; the desk does what may wait."""

    counted = Signal()  # a property can't be told by an inherited signal (Qt crashes)

    def __init__(self, context: Context, argument: str) -> None:
        super().__init__(context, argument, build_ticket)
        self.changed.connect(self.counted)

    @property
    def _chooses(self) -> TicketFrame | None:
        """The frame while the entry is being chosen, None later."""
        frame = self._frame
        return frame if isinstance(frame, TicketFrame) and frame.part == "choose" else None

    def _persons_text(self) -> str:
        return self._chooses.persons if self._chooses is not None else ""

    persons = Property(str, _persons_text, notify=counted)

    def _may_be_fewer(self) -> bool:
        return self._chooses is not None and self._chooses.fewer

    canFewer = Property(bool, _may_be_fewer, notify=counted)

    def _may_be_more(self) -> bool:
        return self._chooses is not None and self._chooses.more

    canMore = Property(bool, _may_be_more, notify=counted)

    @Slot(str)
    def choose(self, key: str) -> None:
        """Choose a tariff."""
        if self._chooses is not None and key in {one.key for one in self._chooses.choices}:
            self._fill(replace(self._basket, tariff=key))

    @Slot()
    def fewer(self) -> None:
        """Take one person off."""
        self._count(-1)

    @Slot()
    def more(self) -> None:
        """Add one person."""
        self._count(1)

    @Slot()
    def print(self) -> None:
        """Print the ticket."""
        if self._context.desk is not None and self._topup.part == "ticket":
            self._context.desk.receipt("print")

    @Slot()
    def act(self) -> None:
        """Pay what is chosen; anything else as the top-up does it."""
        desk = self._context.desk
        if self._topup.does != PAY:
            super().act()
        elif desk is not None and self._settled():
            desk.fill(self._basket)
            desk.buy()

    @property
    def _basket(self) -> Basket:
        product = self._context.territory.products.product(int(self._argument))
        return basket_of(self._context, product)

    def _count(self, change: int) -> None:
        if self._chooses is not None and 1 <= self._basket.persons + change <= PERSONS_MAX:
            self._fill(replace(self._basket, persons=self._basket.persons + change))

    def _fill(self, basket: Basket) -> None:
        if self._context.desk is not None:
            self._context.desk.fill(basket)
