"""The reference of bench/ui.py: a bare Qt Quick window with one word, started as the kiosk is."""

from __future__ import annotations

import sys
import time

from PySide6.QtGui import QGuiApplication
from PySide6.QtQml import QQmlApplicationEngine
from PySide6.QtQuick import QQuickWindow

SCENE = b"""
import QtQuick
Window { visible: true; width: 1080; height: 1920; Text { text: "Bonjour" } }
"""
FRAME_MAX_S = 30.0


def main() -> None:
    """Print the milliseconds from the parent's start to the first frame."""
    started = float(sys.argv[1])
    application = QGuiApplication(sys.argv)
    engine = QQmlApplicationEngine()
    engine.loadData(SCENE)
    window = engine.rootObjects()[0]
    assert isinstance(window, QQuickWindow)
    painted: list[float] = []
    window.frameSwapped.connect(lambda: painted.append(time.time()))
    while not painted and time.time() - started < FRAME_MAX_S:
        application.processEvents()
    print((painted[0] - started) * 1000)


if __name__ == "__main__":
    main()
