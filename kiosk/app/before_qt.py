"""Imports what a start needs and what needs no Qt, before Qt is there.

PySide6 reads the source of every module that is imported after it, looking for its own features:
some 40 ms of a start. So ``kiosk.app.cli_ui`` and the bench import this module first.
"""

from __future__ import annotations

import sys

import ui.views.hive  # noqa: F401  # all of them are imported for their effect

assert "PySide6" not in sys.modules, "one of them imports Qt"
