"""A whole kiosk in a window, driven by touches and keys as a citizen would."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtQuick import QQuickItem
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from kiosk.app.context import context_of
from kiosk.app.installed import Installed
from kiosk.devices.voice import TranscriptVoice
from tests.conftest import MovedClock
from ui.application import Screen, make_application
from ui.context import Context
from ui.inspection import visible_items
from ui.viewmodels.app import AppViewModel

PORTRAIT, LANDSCAPE = (1080, 1920), (1280, 800)
SETTLE_MS = 30
FOCUS_MAX = 200


class Kiosk:
    """The kiosk of ``here`` at the time of ``clock``."""

    def __init__(
        self, qtbot: QtBot, here: Installed, clock: MovedClock, size: tuple[int, int] = PORTRAIT
    ) -> None:
        make_application()
        context = context_of(here, clock)
        self.voice = TranscriptVoice()
        self.open_over(qtbot, AppViewModel(context, self.voice), context, clock, size)

    def open_over(
        self,
        qtbot: QtBot,
        app: AppViewModel,
        context: Context,
        clock: MovedClock,
        size: tuple[int, int] = PORTRAIT,
    ) -> None:
        """Open the window over a shell that was made elsewhere."""
        make_application()
        self.clock = clock
        self.context = context
        self.app = app
        self.screen = Screen(self.app, size=size)
        self.window = self.screen.window
        self._qtbot = qtbot
        self.window.show()
        qtbot.waitExposed(self.window)
        self.settle()

    def settle(self) -> None:
        """Let bindings and layout come to rest."""
        self._qtbot.wait(SETTLE_MS)

    def show(self, route: str, argument: str = "") -> None:
        """Open a screen, as a touch on something else would."""
        self.app.show(route, argument)
        self.settle()

    @property
    def route(self) -> str:
        """The open screen's name."""
        return str(self.app.property("route"))

    def key(self, *keys: Qt.Key) -> None:
        """Press and release keys, one after the other."""
        for key in keys:
            QTest.keyClick(self.window, key)
            self.settle()

    def write(self, text: str) -> None:
        """Type on a real keyboard."""
        for letter in text:
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                event = QKeyEvent(kind, Qt.Key.Key_unknown, Qt.KeyboardModifier.NoModifier, letter)
                QGuiApplication.sendEvent(self.window, event)
        self.settle()

    def targets(self) -> dict[str, QQuickItem]:
        """Everything that can be touched, by its name."""
        return {
            str(item.property("targetName")): item
            for item in self.items()
            if item.property("targetName") and item.isEnabled()
        }

    def items(self) -> Iterator[QQuickItem]:
        """Every visible item of the window."""
        return (item for item, _ in visible_items(self.window))

    def texts(self) -> list[str]:
        """Every visible text."""
        return [str(item.property("text")) for item in self.items() if item.inherits("QQuickText")]

    def tap(self, name: str) -> None:
        """Touch the target called ``name`` in its middle."""
        item = self.targets()[name]
        middle = item.mapToScene(QPointF(item.width() / 2, item.height() / 2)).toPoint()
        self.tap_at(middle)

    def tap_at(self, place: QPoint) -> None:
        """Touch a place of the window."""
        button, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        QTest.mouseClick(self.window, button, none, place)
        self.settle()

    @property
    def focused(self) -> str:
        """The name of what has the keyboard's focus, "" when nothing that can be pressed has."""
        item = self.window.activeFocusItem()
        return str(item.property("targetName") or "") if item else ""

    def walk(self, key: Qt.Key) -> list[str]:
        """Press ``key`` until the focus is where it was first; gives the names on the way."""
        names: list[str] = []
        first: QQuickItem | None = None
        for _ in range(FOCUS_MAX):
            self.key(key)
            item = self.window.activeFocusItem()
            if item is first:
                break
            first = first or item
            names.append(self.focused)
        return names

    def later(self, seconds: float) -> None:
        """Let time pass, second by second."""
        for _ in range(round(seconds)):
            self.clock.move(1)
            self.app.tick()
        self.settle()

    def close(self) -> None:
        """Take the kiosk down."""
        self.screen.close()
