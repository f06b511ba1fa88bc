"""The view model of a screen: a frame built again when data, minute or language change."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import Any

from PySide6.QtCore import Property, QObject, Signal, Slot
from PySide6.QtQml import QmlElement

from ui.context import Context
from ui.models.rows import RowsModel
from ui.views.frame import Frame, Row

QML_IMPORT_NAME = "Alveole.Models"
QML_IMPORT_MAJOR_VERSION = 1

Builder = Callable[[Context, str], Frame]


def shown(path: str) -> Callable[[Any], Any]:
    """Give a getter of the frame's attribute ``path``, for Qt's Property."""
    read = attrgetter(path)
    return lambda self: read(self._frame)


@QmlElement
class ScreenViewModel(QObject):
    """A screen: ``builder`` makes its frame from the context and the route's argument."""

    changed = Signal()
    routeAsked = Signal(str, str)
    backAsked = Signal()
    homeAsked = Signal()
    endAsked = Signal()
    chosen = Signal(str)  # a choice of the screen; "": put all back

    def __init__(self, context: Context, argument: str, builder: Builder) -> None:
        super().__init__()
        self._context = context
        self._argument = argument
        self._builder = builder
        self._rows = RowsModel(Row, self)
        self._frame = builder(context, argument)
        self._shown(self._frame)

    @property
    def frame(self) -> Frame:
        """The values that are shown."""
        return self._frame

    @property
    def argument(self) -> str:
        """The route's argument, as it stands after the citizen's choices on the screen."""
        return self._argument

    def refresh(self) -> None:
        """Build the frame again and tell QML when it differs."""
        frame = self._builder(self._context, self._argument)
        if frame != self._frame:
            self._frame = frame
            self._shown(frame)
            self.changed.emit()

    def share(self, rows: RowsModel) -> None:
        """Show the rows in a model that outlives this screen, so that its delegates are reused."""
        self._rows = rows
        self._shown(self._frame)

    def leave(self) -> None:
        """Forget what must not outlive the screen; called when another one opens."""

    def _shown(self, frame: Frame) -> None:
        """Hand the frame's rows to their models; screens with more models add theirs."""
        self._rows.show(frame.rows)

    _title = shown("title")
    title = Property(str, _title, notify=changed)
    _subtitle = shown("subtitle")
    subtitle = Property(str, _subtitle, notify=changed)
    _ageLabel = shown("age.label")
    ageLabel = Property(str, _ageLabel, notify=changed)
    _ageText = shown("age.text")
    ageText = Property(str, _ageText, notify=changed)
    _ageGlyph = shown("age.glyph")
    ageGlyph = Property(str, _ageGlyph, notify=changed)
    _ageState = shown("age.state")
    ageState = Property(str, _ageState, notify=changed)
    _demo = shown("age.demo")
    demo = Property(bool, _demo, notify=changed)
    _actionTitle = shown("action.title")
    actionTitle = Property(str, _actionTitle, notify=changed)
    _actionDetail = shown("action.detail")
    actionDetail = Property(str, _actionDetail, notify=changed)
    _actionGlyph = shown("action.glyph")
    actionGlyph = Property(str, _actionGlyph, notify=changed)
    _actionHoney = shown("action.honey")
    actionHoney = Property(bool, _actionHoney, notify=changed)
    _bannerText = shown("banner.text")
    bannerText = Property(str, _bannerText, notify=changed)
    _bannerGlyph = shown("banner.glyph")
    bannerGlyph = Property(str, _bannerGlyph, notify=changed)
    _bannerTone = shown("banner.tone")
    bannerTone = Property(str, _bannerTone, notify=changed)

    def _banner_opens(self) -> bool:
        return bool(self._frame.banner.route)

    bannerOpens = Property(bool, _banner_opens, notify=changed)
    _emptyText = shown("empty")
    emptyText = Property(str, _emptyText, notify=changed)
    _lead = shown("lead")
    lead = Property(str, _lead, notify=changed)
    _footnote = shown("footnote")
    footnote = Property(str, _footnote, notify=changed)

    def _all_spoken(self) -> str:
        return " ".join(self._frame.spoken)

    spoken = Property(str, _all_spoken, notify=changed)

    def _rows_model(self) -> RowsModel:
        return self._rows

    rows = Property(QObject, _rows_model, notify=changed)

    @Slot(str, str)
    def open(self, route: str, argument: str) -> None:
        """Ask for another screen; an empty route does nothing."""
        if route:
            self.routeAsked.emit(route, argument)

    @Slot()
    def act(self) -> None:
        """Do the screen's main action."""
        self.open(self._frame.action.route, self._frame.action.argument)

    @Slot()
    def openBanner(self) -> None:
        """Open what the banner speaks of."""
        self.open(self._frame.banner.route, self._frame.banner.argument)

    @Slot()
    def back(self) -> None:
        """Ask for the screen before."""
        self.backAsked.emit()

    @Slot()
    def home(self) -> None:
        """Ask for the hive."""
        self.homeAsked.emit()
