"""The kiosk's life on Qt's loop, from the first frame to a signal or the window's end.

1. SIGTERM, SIGINT and the closed window end it; what was begun is closed in the opposite order.
2. A bug that reaches Qt's loop is logged; the kiosk goes on.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import cast

import structlog
from PySide6.QtGui import QGuiApplication
from PySide6.QtQuick import QQuickWindow

from kiosk.app.first_frame import SIGNALS, EarlyEnd

log = structlog.get_logger("kiosk.lifecycle")


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
