"""A place's view model: the frame, the day's timeline and the week's strip."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import Property, QObject, Signal
from PySide6.QtQml import QmlElement

from ui.context import Context
from ui.models.rows import RowsModel
from ui.viewmodels.base import ScreenViewModel, shown
from ui.views.frame import Frame
from ui.views.place import DAY_FROM_H, DAY_TO_H, Day, PlaceFrame, Segment, build_place

QML_IMPORT_NAME = "Alveole.Models"
QML_IMPORT_MAJOR_VERSION = 1


@QmlElement
class PlaceViewModel(ScreenViewModel):
    """A place with a door."""

    updated = Signal()  # a property can't be told by an inherited signal (Qt crashes)

    def __init__(self, context: Context, argument: str) -> None:
        self._segments = RowsModel(Segment)
        self._days = RowsModel(Day)
        super().__init__(context, argument, build_place)
        self.changed.connect(self.updated)

    def _shown(self, frame: Frame) -> None:
        super()._shown(frame)
        place = cast("PlaceFrame", frame)
        self._segments.show(place.segments)
        self._days.show(place.days)

    _verdict = shown("verdict")
    verdict = Property(str, _verdict, notify=updated)
    _rest = shown("rest")
    rest = Property(str, _rest, notify=updated)
    _note = shown("note")
    note = Property(str, _note, notify=updated)
    _tone = shown("tone")
    tone = Property(str, _tone, notify=updated)
    _nowAt = shown("now_at")
    nowAt = Property(float, _nowAt, notify=updated)

    def _segments_model(self) -> RowsModel:
        return self._segments

    segments = Property(QObject, _segments_model, notify=updated)

    def _days_model(self) -> RowsModel:
        return self._days

    days = Property(QObject, _days_model, notify=updated)

    def _first_hour(self) -> int:
        return DAY_FROM_H

    firstHour = Property(int, _first_hour, notify=updated)

    def _last_hour(self) -> int:
        return DAY_TO_H

    lastHour = Property(int, _last_hour, notify=updated)
