"""The view model of the take-away screen: the frame, and the QR code's picture."""

from __future__ import annotations

from PySide6.QtCore import Property, Signal
from PySide6.QtQml import QmlElement

from ui.context import Context
from ui.viewmodels.base import Builder, ScreenViewModel, shown
from ui.views.takeaway import build_takeaway

QML_IMPORT_NAME = "Alveole.Models"
QML_IMPORT_MAJOR_VERSION = 1


@QmlElement
class TakeawayViewModel(ScreenViewModel):
    """What is carried off; ``code`` names the picture (``image://qr/<code>``)."""

    updated = Signal()  # a property can't be told by an inherited signal (Qt crashes)

    def __init__(self, context: Context, argument: str, builder: Builder = build_takeaway) -> None:
        super().__init__(context, argument, builder)
        self.changed.connect(self.updated)

    _code = shown("code")
    code = Property(str, _code, notify=updated)
    _what = shown("what")
    what = Property(str, _what, notify=updated)
    _figure = shown("figure")
    figure = Property(str, _figure, notify=updated)
    _how = shown("how")
    how = Property(str, _how, notify=updated)
