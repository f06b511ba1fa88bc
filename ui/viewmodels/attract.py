"""The attract loop's view model: one slide after the other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from PySide6.QtCore import Property, QTimer, Signal, Slot
from PySide6.QtQml import QmlElement

from ui.context import Context
from ui.viewmodels.base import ScreenViewModel, shown
from ui.views.attract import AttractFrame, Slide, build_attract

QML_IMPORT_NAME = "Alveole.Models"
QML_IMPORT_MAJOR_VERSION = 1

SLIDE_MS = 8000


def _of_slide(name: str) -> Callable[[Any], Any]:
    return lambda self: getattr(self.slide, name)


@QmlElement
class AttractViewModel(ScreenViewModel):
    """Shows a slide every SLIDE_MS; any touch or key ends the loop."""

    turned = Signal()

    def __init__(self, context: Context, argument: str = "") -> None:
        self._place = 0
        super().__init__(context, argument, build_attract)
        self.changed.connect(self.turned)
        self._timer = QTimer(self)
        self._timer.setInterval(SLIDE_MS)
        self._timer.timeout.connect(self.advance)
        self._timer.start()

    def leave(self) -> None:
        """Stop turning."""
        self._timer.stop()

    @property
    def slide(self) -> Slide:
        """The slide that is shown."""
        slides = self._attract.slides
        return slides[self._place % len(slides)]

    @property
    def _attract(self) -> AttractFrame:
        return cast("AttractFrame", self._frame)

    @Slot()
    def advance(self) -> None:
        """Show the next slide, the first after the last."""
        self._place = (self._place + 1) % len(self._attract.slides)
        self.turned.emit()

    _clockText = shown("clock")
    clockText = Property(str, _clockText, notify=turned)
    _dayText = shown("day")
    dayText = Property(str, _dayText, notify=turned)
    _kicker = _of_slide("kicker")
    kicker = Property(str, _kicker, notify=turned)
    _heading = _of_slide("heading")
    heading = Property(str, _heading, notify=turned)
    _detail = _of_slide("detail")
    detail = Property(str, _detail, notify=turned)
    _foot = _of_slide("foot")
    foot = Property(str, _foot, notify=turned)
    _glyph = _of_slide("glyph")
    glyph = Property(str, _glyph, notify=turned)
    _family = _of_slide("family")
    family = Property(str, _family, notify=turned)
    _tone = _of_slide("tone")
    tone = Property(str, _tone, notify=turned)
    _invented = _of_slide("demo")
    invented = Property(bool, _invented, notify=turned)

    def _count(self) -> int:
        return len(self._attract.slides)

    count = Property(int, _count, notify=turned)

    def _current(self) -> int:
        return self._place % self._count()

    current = Property(int, _current, notify=turned)
