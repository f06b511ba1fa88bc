"""What runs until the first frame: the screen alone.

Journal, sync process, tray, log and qasync (it imports QtWidgets, 47 ms) wait for it, and so do
the imports that they need.
"""

from __future__ import annotations

import signal

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtQuick import QQuickWindow

SIGNALS = (signal.SIGTERM, signal.SIGINT)
FIRST_FRAME_MAX_MS = 5000  # a window that is never shown must not keep the kiosk from starting


class EarlyEnd:
    """Notes a signal that comes before the loop listens; the loop then ends at once."""

    def __init__(self) -> None:
        """Listen from now on."""
        self.asked = False
        for number in SIGNALS:
            signal.signal(number, self._note)

    def _note(self, _number: int, _frame: object) -> None:
        self.asked = True


def wait_for_first_frame(window: QQuickWindow) -> None:
    """Run Qt's loop until the window has been painted once, FIRST_FRAME_MAX_MS at most."""
    loop = QEventLoop()
    window.frameSwapped.connect(loop.quit)
    QTimer.singleShot(FIRST_FRAME_MAX_MS, loop, loop.quit)
    loop.exec()
    window.frameSwapped.disconnect(loop.quit)
