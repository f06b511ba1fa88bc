"""The kiosk's life on Qt's loop: first frame, then everything else; a signal ends it cleanly.

1. Until the first frame nothing runs but the screen: journal, sync process, tray and qasync (it
   imports QtWidgets, 47 ms) wait for it.
2. SIGTERM, SIGINT and the closed window end it; what was begun is closed in the opposite order.
3. A bug that reaches Qt's loop is logged; the kiosk goes on.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import cast

import structlog
from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtQuick import QQuickWindow

SIGNALS = (signal.SIGTERM, signal.SIGINT)
FIRST_FRAME_MAX_MS = 5000  # a window that is never shown must not keep the kiosk from starting

log = structlog.get_logger("kiosk.lifecycle")


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
    window.frameSwapped.connect(loop.quit, Qt.ConnectionType.QueuedConnection)
    QTimer.singleShot(FIRST_FRAME_MAX_MS, loop, loop.quit)
    loop.exec()
    window.frameSwapped.disconnect(loop.quit)


def live(
    application: QGuiApplication,
    window: QQuickWindow,
    background: Callable[[], Awaitable[None]],
    early: EarlyEnd,
) -> None:
    """Run until a signal or the window's end; ``background`` is cancelled then."""
    from qasync import QEventLoop as AsyncLoop

    application.setQuitOnLastWindowClosed(False)  # _until_ended closes in order first
    loop = cast("asyncio.AbstractEventLoop", AsyncLoop(application))
    asyncio.set_event_loop(loop)
    try:
        loop.run_until_complete(_until_ended(window, background, early))
    finally:
        loop.close()
        asyncio.set_event_loop(None)


async def _until_ended(
    window: QQuickWindow, background: Callable[[], Awaitable[None]], early: EarlyEnd
) -> None:
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in SIGNALS:
        loop.add_signal_handler(number, ended.set)
    if early.asked:
        ended.set()

    def shown(visible: bool) -> None:  # noqa: FBT001  # a signal's argument
        if not visible:
            ended.set()

    window.visibleChanged.connect(shown)
    task = asyncio.ensure_future(background())
    await ended.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    for number in SIGNALS:
        loop.remove_signal_handler(number)


def log_bugs() -> None:
    """Log whatever is raised in a slot; Qt goes on with its next event."""

    def tell(kind: type[BaseException], bug: BaseException, trace: TracebackType | None) -> None:
        log.error("bug", exc_info=(kind, bug, trace))
        sys.__excepthook__(kind, bug, trace)

    sys.excepthook = tell
