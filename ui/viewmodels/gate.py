"""The gate's view model: what it says, to be seen from afar."""

from __future__ import annotations

from PySide6.QtCore import Property, Signal
from PySide6.QtQml import QmlElement

from ui.context import Context
from ui.viewmodels.base import ScreenViewModel, shown
from ui.views.gate import build_gate

QML_IMPORT_NAME = "Alveole.Models"
QML_IMPORT_MAJOR_VERSION = 1


@QmlElement
class GateViewModel(ScreenViewModel):
    """The gate; a card that is laid pays its entry, nothing is to be touched."""

    updated = Signal()

    def __init__(self, context: Context, argument: str) -> None:
        super().__init__(context, argument, build_gate)
        self.changed.connect(self.updated)

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
