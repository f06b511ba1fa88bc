"""The stage on which the tour plays: one kiosk in an offscreen window, language and mode."""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from time import monotonic

from msgspec import structs
from PySide6.QtGui import QGuiApplication, QImage

from kiosk.app.clocks import StillClock
from kiosk.app.container import Kiosk, build
from kiosk.app.garbage import hurry
from kiosk.app.installed import Installed
from kiosk.domain.role import Role
from ui.application import Screen, assumed_px_per_mm, make_application
from ui.comfort import Comfort
from ui.inspection import Look, look_at
from ui.viewmodels.tray import TrayViewModel

SETTLE_ROUNDS = 6
WAIT_MAX_S = 20.0  # a command in the background takes milliseconds; a loaded machine more
ENVIRONMENT = "tour"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What a stage shows: content, moment, panel in pixels, language and mode."""

    here: Installed
    moment: datetime
    size: tuple[int, int]
    language: str
    mode: str


def in_role(here: Installed, role: Role) -> Installed:
    """Give the installation as a device of another role; a gate takes the first entry sold."""
    products = here.pack.territory.products.products
    entries = [code for code, one in sorted(products.items()) if one.kind == "entry"]
    gate = entries[0] if role == "gate" and entries else 0
    settings = structs.replace(here.settings, role=role, gate_product=gate)
    return replace(here, settings=settings)


def _silent(here: Installed) -> Installed:
    """Give the installation with a voice that only shows its words: nobody listens to a tour."""
    return replace(here, settings=structs.replace(here.settings, voice="none"))


class Stage:
    """A kiosk's window that a script drives."""

    def __init__(self, scene: Scene) -> None:
        hurry()  # what is swept is swept here, at the end
        make_application()
        self._scene = scene
        self.clock = StillClock(scene.moment)
        self.kiosk: Kiosk = build(_silent(scene.here), self.clock, environment=ENVIRONMENT)
        self.app = self.kiosk.app
        self.app.complete()
        self.px_per_mm = assumed_px_per_mm(*scene.size)
        self._screen = Screen(self.app, size=scene.size, px_per_mm=self.px_per_mm)
        self._window = self._screen.window
        self._window.show()
        self.kiosk.serve()

    @property
    def route(self) -> str:
        """The name of the open screen."""
        return str(self.app.property("route"))

    @property
    def tray(self) -> TrayViewModel:
        """The demonstration's tray; raises RuntimeError in a territory that has none."""
        if self.kiosk.tray is None:
            raise RuntimeError("the tour needs the demonstration's card reader")
        return self.kiosk.tray

    def reset(self) -> None:
        """End the visit and begin one in the stage's language and mode."""
        self.tray.lift()
        self.app.end()
        self.until(lambda: not self.kiosk.desk.wallet.lying)
        self.clock.move(1)
        self.app.setLanguage(self._scene.language)
        self.app.setComfort(Comfort.of(self._scene.mode))

    def show(self, route: str, argument: str) -> None:
        """Open a screen."""
        self.app.show(route, argument)

    def follow(self) -> None:
        """Open what the open screen's first row opens; nothing when no row opens anything."""
        rows = self.app.opened.frame.rows
        row = next((row for row in rows if row.route), None)
        if row is not None:
            self.app.show(row.route, row.argument)

    def until(self, done: Callable[[], bool]) -> None:
        """Serve events until ``done``; raises RuntimeError when it never is."""
        latest = monotonic() + WAIT_MAX_S
        while monotonic() < latest:
            if done():
                return
            QGuiApplication.processEvents()
        raise RuntimeError(f"the tour waited in vain on the screen {self.route}")

    def spoken(self) -> str:
        """Give what the open screen says."""
        return " ".join(self.app.opened.frame.spoken)

    def grab(self) -> QImage:
        """Give the picture of the window, bindings and layout come to rest."""
        for _ in range(SETTLE_ROUNDS):
            QGuiApplication.processEvents()
        return self._window.grabWindow()

    def look(self, image: QImage) -> Look:
        """Inspect what the picture shows."""
        return look_at(self._window, image)

    def close(self) -> None:
        """Take the window down and close the journal."""
        self._screen.close()
        self.kiosk.close()
        gc.collect()
