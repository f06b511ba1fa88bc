"""The stage on which the tour plays: one window, offscreen, in one language and mode."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication, QImage

from kiosk.app.tour import StillClock
from kiosk.devices.voice import TranscriptVoice
from ui.application import Screen, assumed_px_per_mm, make_application
from ui.comfort import Comfort
from ui.context import Context
from ui.inspection import Look, look_at
from ui.viewmodels.app import AppViewModel

SETTLE_ROUNDS = 6


class Stage:
    """A kiosk's window that a script drives."""

    def __init__(
        self, context: Context, clock: StillClock, size: tuple[int, int], mode: str
    ) -> None:
        make_application()
        self.clock = clock
        self._language = context.words.language
        self._mode = mode
        self.app = AppViewModel(context, TranscriptVoice())
        self.app.setComfort(Comfort.of(mode))
        self.px_per_mm = assumed_px_per_mm(*size)
        self._screen = Screen(self.app, px_per_mm=self.px_per_mm)
        self._window = self._screen.window
        self._window.resize(*size)
        self._window.show()

    @property
    def route(self) -> str:
        """The name of the open screen."""
        return str(self.app.property("route"))

    def reset(self) -> None:
        """End the visit and begin one in the stage's language and mode."""
        self.app.end()
        self.app.setLanguage(self._language)
        self.app.setComfort(Comfort.of(self._mode))

    def show(self, route: str, argument: str) -> None:
        """Open a screen."""
        self.app.show(route, argument)

    def follow(self) -> None:
        """Open what the open screen's first row opens; nothing when no row opens anything."""
        rows = self.app.opened.frame.rows
        row = next((row for row in rows if row.route), None)
        if row is not None:
            self.app.show(row.route, row.argument)

    def spoken(self) -> str:
        """Give what the open screen says."""
        return " ".join(self.app.opened.frame.spoken)

    def settle(self) -> None:
        """Let bindings and layout come to rest."""
        for _ in range(SETTLE_ROUNDS):
            QGuiApplication.processEvents()

    def grab(self) -> QImage:
        """Give the picture of the window."""
        self.settle()
        return self._window.grabWindow()

    def look(self, image: QImage) -> Look:
        """Inspect what the picture shows."""
        return look_at(self._window, image)

    def close(self) -> None:
        """Close the window."""
        self._screen.close()
