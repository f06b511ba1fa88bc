"""Imports what a start needs and what needs no Qt, before Qt is there.

PySide6 reads the source of every module that is imported after it, looking for its own features:
some 40 ms of a start.
"""

from __future__ import annotations

import sys
from importlib import import_module

MODULES = ("kiosk.app.context", "ui.views.hive")


def load() -> None:
    """Import the modules; to be called before anything imports Qt."""
    for module in MODULES:
        import_module(module)
    assert "PySide6" not in sys.modules, "one of them imports Qt"
