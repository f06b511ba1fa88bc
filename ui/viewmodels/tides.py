"""A port's view model: the frame and the day's curve."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import Property, QObject, Signal
from PySide6.QtQml import QmlElement

from ui.context import Context
from ui.models.rows import RowsModel
from ui.viewmodels.article import ArticleViewModel
from ui.viewmodels.base import shown
from ui.views.frame import Frame
from ui.views.tides import TidesFrame, Turn, build_tides

QML_IMPORT_NAME = "Alveole.Models"
QML_IMPORT_MAJOR_VERSION = 1
QVariantList = list  # the tool that writes QML's types knows a list by this name alone


@QmlElement
class TidesViewModel(ArticleViewModel):
    """The tides of a port."""

    moved = Signal()  # a property can't be told by an inherited signal (Qt crashes)

    def __init__(self, context: Context, argument: str) -> None:
        self._turns = RowsModel(Turn)
        super().__init__(context, argument, build_tides)
        self.changed.connect(self.moved)

    def _shown(self, frame: Frame) -> None:
        super()._shown(frame)
        self._turns.show(cast("TidesFrame", frame).turns)

    def _curve(self) -> list[float]:
        return list(cast("TidesFrame", self._frame).curve)

    curve = Property(QVariantList, _curve, notify=moved)
    _nowX = shown("now_x")
    nowX = Property(float, _nowX, notify=moved)

    def _turns_model(self) -> RowsModel:
        return self._turns

    turns = Property(QObject, _turns_model, notify=moved)
