"""An article's view model: the frame, its verdict, and the pills that choose what it shows."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from ui.context import Context
from ui.models.rows import RowsModel
from ui.viewmodels.base import Builder, ScreenViewModel, shown
from ui.views.article import ArticleFrame, Pill
from ui.views.frame import Frame

QML_IMPORT_NAME = "Alveole.Models"
QML_IMPORT_MAJOR_VERSION = 1


@QmlElement
class ArticleViewModel(ScreenViewModel):
    """A page about one thing; ``pick`` shows it with another choice, on the same screen."""

    updated = Signal()  # a property can't be told by an inherited signal (Qt crashes)

    def __init__(self, context: Context, argument: str, builder: Builder) -> None:
        self._days = RowsModel(Pill)
        self._options = RowsModel(Pill)
        super().__init__(context, argument, builder)
        self.changed.connect(self.updated)

    def _shown(self, frame: Frame) -> None:
        super()._shown(frame)
        article = cast("ArticleFrame", frame)
        self._days.show(article.days)
        self._options.show(article.options)

    _verdict = shown("verdict")
    verdict = Property(str, _verdict, notify=updated)
    _rest = shown("rest")
    rest = Property(str, _rest, notify=updated)
    _note = shown("note")
    note = Property(str, _note, notify=updated)
    _tone = shown("tone")
    tone = Property(str, _tone, notify=updated)

    def _days_model(self) -> RowsModel:
        return self._days

    days = Property(QObject, _days_model, notify=updated)

    def _options_model(self) -> RowsModel:
        return self._options

    options = Property(QObject, _options_model, notify=updated)

    @Slot(str)
    def pick(self, argument: str) -> None:
        """Show the page with another choice; Back doesn't undo it."""
        self._argument = argument
        self.refresh()
