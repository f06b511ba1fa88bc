"""The Qt binding keeps the interpreter alive (ADR 0006)."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest
from PySide6.QtCore import QObject, QTimer

CALLS = 500


@pytest.mark.parametrize("call", ["missing property", "no parent", "void method"])
def test_calls_that_give_none_keep_its_references(call: str) -> None:
    # PySide6 6.12.0 drops one reference a call; on Python 3.11 the process dies at the last one
    thing, timer = QObject(), QTimer()
    calls: dict[str, Callable[[], object]] = {
        "missing property": lambda: thing.property("absent"),
        "no parent": thing.parent,
        "void method": lambda: timer.setInterval(3),
    }
    before = sys.getrefcount(None)
    for _ in range(CALLS):
        calls[call]()
    assert sys.getrefcount(None) > before - CALLS / 2
