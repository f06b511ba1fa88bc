"""The card's view model: the frame, the last operations, masking and the way to the top-up."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from ui.context import Context
from ui.models.rows import RowsModel
from ui.viewmodels.base import ScreenViewModel, shown
from ui.views.card import CardFrame, OperationLine, build_card
from ui.views.frame import Frame

QML_IMPORT_NAME = "Alveole.Models"
QML_IMPORT_MAJOR_VERSION = 1

TREMOR_S = 0.5  # a second touch so soon is a trembling finger


@QmlElement
class CardViewModel(ScreenViewModel):
    """What lies on the reader; opened while a card lies there already, it is read again."""

    updated = Signal()

    def __init__(self, context: Context, argument: str) -> None:
        self._operations = RowsModel(OperationLine)
        self._masked_at = float("-inf")
        super().__init__(context, argument, build_card)
        self.changed.connect(self.updated)
        if context.desk is not None and context.wallet.lying and context.wallet.reading is None:
            context.desk.look()

    def _shown(self, frame: Frame) -> None:
        super()._shown(frame)
        self._operations.show(cast("CardFrame", frame).operations)

    _known = shown("known")
    known = Property(bool, _known, notify=updated)
    _headline = shown("headline")
    headline = Property(str, _headline, notify=updated)
    _detail = shown("detail")
    detail = Property(str, _detail, notify=updated)
    _balance = shown("balance")
    balance = Property(str, _balance, notify=updated)
    _proof = shown("proof")
    proof = Property(str, _proof, notify=updated)
    _masked = shown("masked")
    masked = Property(bool, _masked, notify=updated)
    _simulated = shown("simulated")
    simulated = Property(bool, _simulated, notify=updated)

    def _operations_model(self) -> RowsModel:
        return self._operations

    operations = Property(QObject, _operations_model, notify=updated)

    @Slot()
    def mask(self) -> None:
        """Hide the figures, or show them again."""
        now = self._context.clock.monotonic()
        if self._context.desk is not None and now - self._masked_at >= TREMOR_S:
            self._masked_at = now
            self._context.desk.mask()

    @Slot()
    def act(self) -> None:
        """Go and choose a sum where the card can be loaded, else end the visit."""
        if not cast("CardFrame", self._frame).can_load:
            self.endAsked.emit()
            return
        if self._context.desk is not None:
            self._context.desk.again()
        self.open("topup", "")
