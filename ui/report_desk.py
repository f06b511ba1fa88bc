"""Keeps the words of a report while it is being written, and sends it.

Rules:
1. Words live in one value of the visit; leaving the visit, or going home, forgets them.
2. A report is sent once: a second tap while it is on its way does nothing.
3. An answer that belongs to an ended visit is dropped; the report itself stays sent.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from kiosk.domain.errors import AlveoleError, ReportPersonal, ReportsTooMany
from ui.commands import Commands
from ui.context import Context
from ui.report import ReportDraft

if TYPE_CHECKING:
    from kiosk.domain.report import Category, Report
    from kiosk.usecases.send_report import SendReport

NOT_KEPT = "report.not_kept"  # whatever else stands in the way: the desk must hear of it
_SAID = (ReportPersonal, ReportsTooMany)


class ReportDesk(QObject):
    """The only writer of ``context.report``; lives on the screen's thread."""

    changed = Signal()
    sent = Signal()

    def __init__(
        self, context: Context, commands: Commands, open_reports: Callable[[], SendReport]
    ) -> None:
        super().__init__()
        self._context = context
        self._commands = commands
        self._open_reports = open_reports
        self._visit = 0
        context.reports = self

    def write(self, text: str) -> None:
        """Keep the words as they stand."""
        self._context.report = replace(self._context.report, text=text, problem="")

    def send(self, category: Category, place: str) -> None:
        """Send what was written."""
        if self._context.report.busy or self._context.report.sent is not None:
            return
        visit, text = self._visit, self._context.report.text

        def done(report: Report) -> None:
            if visit == self._visit:
                self._context.report = ReportDraft(sent=report)
                self.sent.emit()

        def failed(error: AlveoleError) -> None:
            if visit == self._visit:
                problem = error.message_key if isinstance(error, _SAID) else NOT_KEPT
                self._note(replace(self._context.report, busy=False, problem=problem))

        if self._commands.run(
            "report.send", lambda: self._open_reports().send(category, place, text), done, failed
        ):
            self._note(replace(self._context.report, busy=True, problem=""))

    def again(self) -> None:
        """Begin another report: the one before is told."""
        if self._context.report.sent is not None:
            self._context.report = ReportDraft()

    def leave(self) -> None:
        """Forget everything."""
        self._visit += 1
        self._context.report = ReportDraft()

    def _note(self, draft: ReportDraft) -> None:
        self._context.report = draft
        self.changed.emit()
