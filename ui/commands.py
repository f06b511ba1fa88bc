"""The one place where work leaves the screen's thread, and where its result comes back.

Rules:
1. One worker thread: commands run one after the other, in the order in which they were asked.
2. A command is known by its name; asked again while it runs or waits, it is dropped: a second
   tap is harmless.
3. Its result, or the declared error that it raised, comes back on the screen's thread.
4. A declared error is a fact of the log, once as long as it stays the same.
5. Anything else that it raises is a bug: it is raised again there, where the roof logs it.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Signal, Slot

from kiosk.domain.errors import AlveoleError

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A command and who wants to know how it ends."""

    name: str
    work: Callable[[], Any]
    done: Callable[[Any], None]
    failed: Callable[[AlveoleError], None]


class Commands(QObject):
    """Runs blocking work (journal, payment, card) off the screen's thread."""

    _ended = Signal(object, object, object)  # _Asked, result, error

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="commands")
        self._pending: set[str] = set()
        self._refused: dict[str, str] = {}  # the last declared error of each command
        self._open = True
        self._ended.connect(self._land)  # emitted by the worker's thread: queued to ours

    @property
    def busy(self) -> bool:
        """Whether a command runs or waits."""
        return bool(self._pending)

    def waits(self, name: str) -> bool:
        """Whether the command of that name runs or waits."""
        return name in self._pending

    def run(
        self,
        name: str,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[AlveoleError], None],
    ) -> bool:
        """Run ``work`` in the background; False when a command of that name is pending."""
        if name in self._pending or not self._open:
            return False
        self._pending.add(name)
        self._worker.submit(self._fly, _Asked(name=name, work=work, done=done, failed=failed))
        return True

    def close(self) -> None:
        """Drop what waits, and wait for the command that runs; its result is dropped too."""
        self._open = False
        self._worker.shutdown(wait=True, cancel_futures=True)
        self._pending.clear()

    def _fly(self, asked: _Asked) -> None:
        """Work, on the worker's thread; whatever is raised travels back."""
        result: object = None
        error: Exception | None = None
        try:
            result = asked.work()
        except Exception as wrong:  # noqa: BLE001  # raised again where the roof sees it
            error = wrong
        self._ended.emit(asked, result, error)

    def _tell(self, name: str, key: str) -> None:
        """Log a refusal that is new: a timer's command may be refused every second."""
        if self._refused.get(name) != key:
            import structlog  # not before the first frame

            if structlog.is_configured():  # without a log it would be printed
                log = structlog.get_logger("ui.commands")
                log.warning("command.refused", command=name, why=key)
        self._refused[name] = key

    @Slot(object, object, object)
    def _land(self, asked: _Asked, result: object, error: Exception | None) -> None:
        """Hand the result over, on the screen's thread."""
        self._pending.discard(asked.name)
        if not self._open:
            return
        if error is None:
            self._refused.pop(asked.name, None)
            asked.done(result)
        elif isinstance(error, AlveoleError):
            self._tell(asked.name, error.message_key)
            asked.failed(error)
        else:
            raise error
