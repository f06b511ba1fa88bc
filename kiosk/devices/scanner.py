"""A scanner that types like a keyboard (ports.Scanner), where Qt is its driver.

Its keys are taken before any field sees them, and only while ``listening`` says so: elsewhere
every key goes its way and nothing is kept. The scanner must be set to the machine's keyboard
layout and to end each code with Enter.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent

from kiosk.domain.wedge import WedgeBuffer
from kiosk.ports import Clock

_ENDS = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})
_KEYS = frozenset({QEvent.Type.KeyPress, QEvent.Type.KeyRelease})


class KeyboardWedge(QObject):
    """Filters the application's keys; lives on the screen's thread."""

    def __init__(self, clock: Clock, listening: Callable[[], bool]) -> None:
        super().__init__()
        self._clock = clock
        self._listening = listening
        self._buffer = WedgeBuffer()
        self._on_code: Callable[[str], None] | None = None

    def watch(self, on_code: Callable[[str], None]) -> None:
        """Start telling each code that was read."""
        self._on_code = on_code
        application = QCoreApplication.instance()
        if application is not None:
            application.installEventFilter(self)

    def close(self) -> None:
        """Stop telling, and forget what was begun."""
        self._on_code = None
        self._buffer.forget()
        application = QCoreApplication.instance()
        if application is not None:
            application.removeEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:  # noqa: N802  # Qt's name
        """Take a key that the scanner typed; say whether it was taken."""
        if self._on_code is None or event.type() not in _KEYS or not isinstance(event, QKeyEvent):
            return False
        if not self._listening():
            self._buffer.forget()
            return False
        if event.type() == QEvent.Type.KeyPress:
            self._pressed(event, self._on_code)
        return True

    def _pressed(self, event: QKeyEvent, on_code: Callable[[str], None]) -> None:
        if event.key() not in _ENDS:
            self._buffer.press(event.text(), self._clock.monotonic())
            return
        code = self._buffer.enter(self._clock.monotonic())
        if code:
            on_code(code)
