"""Builds the Qt side: application, fonts, engine, window. The only place that knows the engine."""

from __future__ import annotations

import os
from math import hypot
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication
from PySide6.QtQml import QQmlApplicationEngine
from PySide6.QtQuick import QQuickWindow
from shiboken6 import delete

from ui.network import close_network
from ui.pictures import IconProvider, QrProvider
from ui.translation import compile_catalogues
from ui.viewmodels.app import AppViewModel

if TYPE_CHECKING:
    from ui.viewmodels.tray import TrayViewModel

QML = Path(__file__).resolve().parent / "qml"
FONTS = Path(__file__).resolve().parent.parent / "assets" / "third_party"
FONT_FILES = (
    "atkinson-hyperlegible-next/AtkinsonHyperlegibleNext_400Regular.ttf",
    "atkinson-hyperlegible-next/AtkinsonHyperlegibleNext_700Bold.ttf",
    "noto-sans/NotoSans_400Regular.ttf",
    "noto-sans/NotoSans_700Bold.ttf",
)
LANGUAGES = ("en",)  # those that have a catalogue beside the French source
FAMILIES = ["Atkinson Hyperlegible Next", "Noto Sans"]
MM_PER_INCH = 25.4
LARGE_PANEL_IN, SMALL_PANEL_IN = 24.0, 15.6  # what is assumed where the panel doesn't tell
SMALL_PANEL_PX = 1000


def make_application() -> QGuiApplication:
    """Give the Qt application with the software renderer (the product's) and the house fonts."""
    os.environ.setdefault("QT_QUICK_BACKEND", "software")
    os.environ.setdefault("QT_QPA_UPDATE_IDLE_TIME", "0")  # 5 ms by default, on each tap
    existing = QGuiApplication.instance()
    application = existing if isinstance(existing, QGuiApplication) else QGuiApplication([])
    application.setApplicationName("alveole")
    close_network()
    compile_catalogues(LANGUAGES)
    for name in FONT_FILES:
        QFontDatabase.addApplicationFont(str(FONTS / name))
    font = QFont()
    font.setFamilies(FAMILIES)
    application.setFont(font)
    return application


def assumed_px_per_mm(width_px: int, height_px: int, diagonal_in: float = 0.0) -> float:
    """Give the panel's pixels per millimetre from its diagonal in inches (0: assumed by size)."""
    small = min(width_px, height_px) < SMALL_PANEL_PX
    inches = diagonal_in or (SMALL_PANEL_IN if small else LARGE_PANEL_IN)
    return hypot(width_px, height_px) / (inches * MM_PER_INCH)


class Screen:
    """The kiosk's one window, made by QML; it lives as long as this object.

    ``size`` is in pixels; QML knows it from the start, so that nothing is laid out twice.
    """

    def __init__(
        self,
        app: AppViewModel,
        *,
        size: tuple[int, int],
        px_per_mm: float = 0.0,
        accent: str = "#ffb81c",
    ) -> None:
        width, height = size
        self._app = app
        self._engine = QQmlApplicationEngine()
        self._engine.addImageProvider("icon", IconProvider())
        self._engine.addImageProvider("qr", QrProvider())
        self._engine.addImportPath(str(QML))
        self._engine.setInitialProperties(
            {
                "app": app,
                "pxPerMm": px_per_mm or assumed_px_per_mm(width, height),
                "accent": QColor(accent),
                "width": width,
                "height": height,
            }
        )
        self._follow_language()
        app.languageChanged.connect(self._follow_language)
        self._engine.load(QUrl.fromLocalFile(str(QML / "Alveole" / "Shell.qml")))

    @property
    def window(self) -> QQuickWindow:
        """The window; raises RuntimeError when the QML files can't be loaded."""
        for root in self._engine.rootObjects():
            if isinstance(root, QQuickWindow):
                return root
        raise RuntimeError("the kiosk's window could not be made")

    def open_tray(self, tray: TrayViewModel) -> QQuickWindow:
        """Make the demo's tray, a second window; raises RuntimeError when it can't be made."""
        self._engine.setInitialProperties({"vm": tray})
        self._engine.load(QUrl.fromLocalFile(str(QML / "Alveole" / "Tray.qml")))
        window = self._engine.rootObjects()[-1]
        if not isinstance(window, QQuickWindow) or window is self.window:
            raise RuntimeError("the demo's tray could not be made")
        return window

    def close(self) -> None:
        """Take down the window and the engine, before the view models that they show."""
        for root in self._engine.rootObjects():
            delete(root)
        delete(self._engine)

    def _follow_language(self) -> None:
        """Have the engine load the visit's language and translate what is shown."""
        self._engine.setUiLanguage(str(self._app.property("language")))
