"""The sale's view model: what is asked, and the main action that the stage gives."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import Property, Signal, Slot
from PySide6.QtQml import QmlElement

from ui.context import Context
from ui.viewmodels.base import shown
from ui.viewmodels.told import ToldViewModel
from ui.views.frame import Frame
from ui.views.sale import BUY, CANCEL, END, RELOAD, SaleFrame, build_sale

QML_IMPORT_NAME = "Alveole.Models"
QML_IMPORT_MAJOR_VERSION = 1


@QmlElement
class SaleViewModel(ToldViewModel):
    """A product's sale; the desk does what may wait."""

    updated = Signal()

    def __init__(self, context: Context, argument: str) -> None:
        super().__init__(context, argument, build_sale)
        self.changed.connect(self.updated)

    def _means(self, frame: Frame) -> str:
        return cast("SaleFrame", frame).does

    _sumText = shown("sum_text")
    sumText = Property(str, _sumText, notify=updated)
    _sumWords = shown("sum_words")
    sumWords = Property(str, _sumWords, notify=updated)

    def leave(self) -> None:
        """Give up what nothing was taken for."""
        if self._context.sales is not None:
            self._context.sales.leave()

    @Slot()
    def act(self) -> None:
        """Do what the main action says; a tap that comes just after it changed is dropped."""
        if not self._settled():
            return
        does = cast("SaleFrame", self._frame).does
        if does == BUY and self._context.sales is not None:
            self._context.sales.buy(int(self._argument))
        elif does == RELOAD:
            self.open("topup", "")
        elif does == CANCEL:
            self.back()
        elif does == END:
            self.endAsked.emit()
