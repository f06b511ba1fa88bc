"""The view model of a screen of choices: comfort and languages."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from ui.context import Context
from ui.models.rows import RowsModel
from ui.viewmodels.base import Builder, ScreenViewModel
from ui.views.choices import Choice, ChoicesFrame
from ui.views.frame import Frame

QML_IMPORT_NAME = "Alveole.Models"
QML_IMPORT_MAJOR_VERSION = 1

TREMOR_S = 0.5  # a second touch of the same choice so soon is a trembling finger


@QmlElement
class ChoicesViewModel(ScreenViewModel):
    """Asks the shell for what was chosen; an empty key asks to put all back."""

    updated = Signal()  # a property can't be told by an inherited signal (Qt crashes)

    def __init__(self, context: Context, argument: str, builder: Builder) -> None:
        self._choices = RowsModel(Choice)
        self._last = ("", float("-inf"))
        super().__init__(context, argument, builder)
        self.changed.connect(self.updated)

    def _shown(self, frame: Frame) -> None:
        super()._shown(frame)
        self._choices.show(cast("ChoicesFrame", frame).choices)

    def _choices_model(self) -> RowsModel:
        return self._choices

    choices = Property(QObject, _choices_model, notify=updated)

    @Slot(str)
    def choose(self, key: str) -> None:
        """Ask for the choice ``key``."""
        now = self._context.clock.monotonic()
        again = key == self._last[0] and now - self._last[1] < TREMOR_S
        self._last = (key, now)
        if not again:
            self.chosen.emit(key)

    @Slot()
    def act(self) -> None:
        """Do the screen's main action: put all back."""
        self.choose("")
