"""Imports what a start needs and what needs no Qt, before Qt is there.

PySide6 reads the source of every module that is imported after it, looking for its own features:
some 40 ms of a start. Nothing of what is imported is garbage: looking for some takes 25 ms more.
"""

from __future__ import annotations

import gc
import sys
from importlib import import_module

MODULES = (
    "kiosk.app.context",
    "ui.views.hive",
    "ui.views.choices",
    "kiosk.devices.voice",
    "babel.dates",  # of ui.words, for the first cells
)


def load() -> None:
    """Import the modules, and collect no garbage from now on; kiosk.app.garbage takes it up again.

    To be called before anything imports Qt.
    """
    gc.disable()
    for module in MODULES:
        import_module(module)
    assert "PySide6" not in sys.modules, "one of them imports Qt"
