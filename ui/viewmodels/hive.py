"""The home screen's view model: the frame, its cells, and where they lie."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from ui.context import Context
from ui.hive_layout import lay_out
from ui.models.rows import RowsModel
from ui.viewmodels.base import ScreenViewModel, shown
from ui.views.frame import Frame
from ui.views.hive import Cell, HiveFrame, build_hive

QML_IMPORT_NAME = "Alveole.Models"
QML_IMPORT_MAJOR_VERSION = 1
QVariantList = list  # the tool that writes QML's types knows a list by this name alone


@QmlElement
class HiveViewModel(ScreenViewModel):
    """The hive; ``layOut`` places the cells in the area that QML gives them."""

    laidOut = Signal()
    updated = Signal()

    def __init__(self, context: Context, argument: str = "") -> None:
        self._cells = RowsModel(Cell)
        self._area = (0.0, 0.0, 0.0)
        self._hive = lay_out(0, 0, 0, 0)
        super().__init__(context, argument, build_hive)
        self.changed.connect(self.updated)

    def _shown(self, frame: Frame) -> None:
        super()._shown(frame)
        self._cells.show(cast("HiveFrame", frame).cells)
        self._place()

    def _place(self) -> None:
        self._hive = lay_out(self._cells.rowCount(), *self._area)
        self.laidOut.emit()

    _clockText = shown("clock")
    clockText = Property(str, _clockText, notify=updated)
    _dayText = shown("day")
    dayText = Property(str, _dayText, notify=updated)

    def _cells_model(self) -> RowsModel:
        return self._cells

    cells = Property(QObject, _cells_model, notify=updated)

    def _cell_width(self) -> float:
        return self._hive.cell_w

    cellWidth = Property(float, _cell_width, notify=laidOut)

    def _cell_height(self) -> float:
        return self._hive.cell_h

    cellHeight = Property(float, _cell_height, notify=laidOut)

    def _corners(self) -> list[float]:
        return [value for corner in self._hive.corners for value in corner]

    corners = Property(QVariantList, _corners, notify=laidOut)

    @Slot(float, float, float)
    def layOut(self, width: float, height: float, gap: float) -> None:
        """Place the cells in ``width`` x ``height`` pixels with ``gap`` pixels between them."""
        if (width, height, gap) != self._area:
            self._area = (width, height, gap)
            self._place()
