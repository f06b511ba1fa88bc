"""The sale's view model: what is asked, and the main action that the stage gives."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import Property, Signal, Slot
from PySide6.QtQml import QmlElement

from ui.context import Context
from ui.viewmodels.base import ScreenViewModel, shown
from ui.views.frame import Frame
from ui.views.sale import BUY, CANCEL, END, RELOAD, SaleFrame, build_sale

QML_IMPORT_NAME = "Alveole.Models"
QML_IMPORT_MAJOR_VERSION = 1

SETTLE_S = 0.7  # the main action has just changed its meaning: a second tap meant the first one


@QmlElement
class SaleViewModel(ScreenViewModel):
    """A product's sale; the desk does what may wait."""

    updated = Signal()

    def __init__(self, context: Context, argument: str) -> None:
        self._does = ""
        self._settled_at = context.clock.monotonic() + SETTLE_S
        super().__init__(context, argument, build_sale)
        self.changed.connect(self.updated)

    def _shown(self, frame: Frame) -> None:
        super()._shown(frame)
        does = cast("SaleFrame", frame).does
        if self._does and does != self._does:
            self._settled_at = self._context.clock.monotonic() + SETTLE_S
        self._does = does

    _sumText = shown("sum_text")
    sumText = Property(str, _sumText, notify=updated)
    _sumWords = shown("sum_words")
    sumWords = Property(str, _sumWords, notify=updated)
    _headline = shown("headline")
    headline = Property(str, _headline, notify=updated)
    _detail = shown("detail")
    detail = Property(str, _detail, notify=updated)
    _tone = shown("tone")
    tone = Property(str, _tone, notify=updated)
    _glyph = shown("glyph")
    glyph = Property(str, _glyph, notify=updated)
    _simulated = shown("simulated")
    simulated = Property(bool, _simulated, notify=updated)

    def leave(self) -> None:
        """Give up what nothing was taken for."""
        if self._context.sales is not None:
            self._context.sales.leave()

    @Slot()
    def act(self) -> None:
        """Do what the main action says; a tap that comes just after it changed is dropped."""
        if self._context.clock.monotonic() < self._settled_at:
            return
        if self._does == BUY and self._context.sales is not None:
            self._context.sales.buy(int(self._argument))
        elif self._does == RELOAD:
            self.open("topup", "")
        elif self._does == CANCEL:
            self.back()
        elif self._does == END:
            self.endAsked.emit()
