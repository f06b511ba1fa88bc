"""The view model of a stage that is told, and whose main action changes its meaning by itself."""

from __future__ import annotations

from PySide6.QtCore import Property, Signal
from PySide6.QtQml import QmlElement

from ui.context import Context
from ui.viewmodels.base import Builder, ScreenViewModel, shown
from ui.views.frame import Frame

QML_IMPORT_NAME = "Alveole.Models"
QML_IMPORT_MAJOR_VERSION = 1

SETTLE_S = 0.7  # the main action has just changed its meaning: a second tap meant the first one


@QmlElement
class ToldViewModel(ScreenViewModel):
    """A stage; ``_settled`` says whether a tap on the main action can mean what it says now."""

    told = Signal()  # a property can't be told by an inherited signal (Qt crashes)

    def __init__(self, context: Context, argument: str, builder: Builder) -> None:
        self._meaning = ""
        self._settled_at = context.clock.monotonic() + SETTLE_S
        super().__init__(context, argument, builder)
        self.changed.connect(self.told)

    def _shown(self, frame: Frame) -> None:
        super()._shown(frame)
        meaning = self._means(frame)
        if self._meaning and meaning != self._meaning:
            self._settled_at = self._context.clock.monotonic() + SETTLE_S
        self._meaning = meaning

    def _means(self, frame: Frame) -> str:
        """Give what, when it changes, makes the main action another one."""
        return frame.action.title

    def _settled(self) -> bool:
        return self._context.clock.monotonic() >= self._settled_at

    _headline = shown("headline")
    headline = Property(str, _headline, notify=told)
    _detail = shown("detail")
    detail = Property(str, _detail, notify=told)
    _tone = shown("tone")
    tone = Property(str, _tone, notify=told)
    _glyph = shown("glyph")
    glyph = Property(str, _glyph, notify=told)
    _simulated = shown("simulated")
    simulated = Property(bool, _simulated, notify=told)
