"""The view model of a code: the digits stay in this object alone and are forgotten at once."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import Property, Signal, Slot
from PySide6.QtQml import QmlElement

from ui.context import Context
from ui.viewmodels.base import ScreenViewModel, shown
from ui.views.pin import (
    BLOCK,
    LOST,
    NUMBER_LEN,
    NUMBERS,
    PIN_MAX,
    SECOND,
    STAFF,
    PinFrame,
    build_pin,
)
from ui.wallet import ERASE

QML_IMPORT_NAME = "Alveole.Models"
QML_IMPORT_MAJOR_VERSION = 1


@QmlElement
class PinViewModel(ScreenViewModel):
    """Digits being typed; the desk checks them and opens what they open."""

    updated = Signal()

    def __init__(self, context: Context, argument: str) -> None:
        self._typed = ""
        super().__init__(context, argument, self._build)
        self.changed.connect(self.updated)

    def _build(self, context: Context, purpose: str) -> PinFrame:
        return build_pin(context, purpose, self._typed)

    _headline = shown("headline")
    headline = Property(str, _headline, notify=updated)
    _dots = shown("dots")
    dots = Property(str, _dots, notify=updated)

    @Slot(str)
    def press(self, key: str) -> None:
        """Take a key of the pad."""
        most = NUMBER_LEN if self._argument in NUMBERS else PIN_MAX
        if key == ERASE:
            self._typed = self._typed[:-1]
        elif len(key) == 1 and key in "0123456789" and len(self._typed) < most:
            self._typed += key
        self.refresh()

    @Slot()
    def act(self) -> None:
        """Hand the digits over, or leave while there are too few."""
        ready, desk = cast("PinFrame", self._frame).ready, self._context.clerk
        typed, self._typed = self._typed, ""
        if not ready or desk is None:
            self.back()
        elif self._argument == STAFF:
            desk.identify(typed)
        elif self._argument == SECOND:
            if self._context.tills is not None:
                self._context.tills.second(typed)
        elif self._argument == BLOCK:
            desk.block(typed)
            self.open("counter", "")
        elif self._argument == LOST:
            desk.replaces(typed)
            self.open("transfer", "")
        else:
            desk.open_account(typed)
        self.refresh()

    def leave(self) -> None:
        """Forget the digits."""
        self._typed = ""
