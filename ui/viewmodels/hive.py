"""The home screen's view model: the frame, its cells, and where they lie."""

from __future__ import annotations

from math import ceil
from typing import cast

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from kiosk.domain.hive_layout import lay_out, page_size
from ui.context import Context
from ui.models.rows import RowsModel
from ui.viewmodels.base import ScreenViewModel, shown
from ui.views.frame import Frame
from ui.views.hive import Cell, HiveFrame, build_hive

QML_IMPORT_NAME = "Alveole.Models"
QML_IMPORT_MAJOR_VERSION = 1
QVariantList = list  # the tool that writes QML's types knows a list by this name alone

GAP_SHARE = 0.04  # the gap between cells, as a share of the least width


@QmlElement
class HiveViewModel(ScreenViewModel):
    """The hive; ``layOut`` places the cells in the area that QML gives them."""

    laidOut = Signal()
    updated = Signal()

    def __init__(self, context: Context, argument: str = "", *, whole: bool = True) -> None:
        self._whole = whole
        self._all = RowsModel(Cell)
        self._cells = RowsModel(Cell)
        self._area = (0.0, 0.0)
        self._least = self._reserve = 0.0
        self._page, self._pages = 0, 1
        self._hive = lay_out(0, 0, 0, 0)
        super().__init__(context, argument, self._build)
        self.changed.connect(self.updated)

    def _build(self, context: Context, argument: str) -> HiveFrame:
        return build_hive(context, argument, whole=self._whole)

    def complete(self) -> None:
        """Have all cells tell what they know, where only the first page's did so far."""
        if not self._whole:
            self._whole = True
            self.refresh()

    def _shown(self, frame: Frame) -> None:
        super()._shown(frame)
        self._all.show(cast("HiveFrame", frame).cells)
        self._place()

    def _place(self) -> None:
        cells, (width, height), gap = self._all.rows, self._area, GAP_SHARE * self._least
        if min(width, height) < max(self._least, 1.0):  # the window isn't laid out yet
            return
        size = page_size(len(cells), (width, height), gap, self._least)
        if size < len(cells):
            height -= self._reserve
            size = page_size(len(cells), (width, height), gap, self._least)
        self._pages = max(ceil(len(cells) / size), 1)
        self._page = min(self._page, self._pages - 1)
        self._cells.show(cells[self._page * size : (self._page + 1) * size])
        self._hive = lay_out(self._cells.rowCount(), width, height, gap)
        self.laidOut.emit()

    def first_page(self) -> None:
        """Show the first page again: another visit begins."""
        self.turn(-self._page)

    _clockText = shown("clock")
    clockText = Property(str, _clockText, notify=updated)
    _dayText = shown("day")
    dayText = Property(str, _dayText, notify=updated)

    def _cells_model(self) -> RowsModel:
        return self._cells

    cells = Property(QObject, _cells_model, notify=updated)

    def _all_model(self) -> RowsModel:
        return self._all

    allCells = Property(QObject, _all_model, notify=updated)

    def _page_count(self) -> int:
        return self._pages

    pages = Property(int, _page_count, notify=laidOut)

    def _page_number(self) -> int:
        return self._page

    page = Property(int, _page_number, notify=laidOut)

    def _cell_width(self) -> float:
        return self._hive.cell_w

    cellWidth = Property(float, _cell_width, notify=laidOut)

    def _cell_height(self) -> float:
        return self._hive.cell_h

    cellHeight = Property(float, _cell_height, notify=laidOut)

    def _corners(self) -> list[float]:
        return [value for corner in self._hive.corners for value in corner]

    corners = Property(QVariantList, _corners, notify=laidOut)

    @Slot(float, float, float, float)
    def layOut(self, width: float, height: float, least: float, reserve: float) -> None:
        """Place the cells, ``least`` pixels wide at least, in ``width`` x ``height`` pixels.

        Where they need several pages, ``reserve`` pixels below stay free for turning them.
        """
        wish = (width, height), least, reserve
        if wish != (self._area, self._least, self._reserve):
            self._area, self._least, self._reserve = wish
            self._place()

    @Slot(int)
    def turn(self, pages: int) -> None:
        """Turn ``pages`` pages on, or back; the first and the last page are the ends."""
        page = min(max(self._page + pages, 0), self._pages - 1)
        if page != self._page:
            self._page = page
            self._place()
