"""Send a report to the council: kept here at once, told to the hub when there is a network."""

from __future__ import annotations

from collections.abc import Callable

from kiosk.domain.errors import ReportsTooMany
from kiosk.domain.report import (
    PLACE_MAX,
    REPORTS_MAX,
    REPORTS_SPAN,
    TEXT_MAX,
    Category,
    Report,
    code_of,
)
from kiosk.domain.text import clean_line
from kiosk.ports import Clock, ReportOutbox


class SendReport:
    """Sends the reports of one kiosk; ``token`` gives random bytes (report.TOKEN_BYTES)."""

    def __init__(self, outbox: ReportOutbox, clock: Clock, token: Callable[[], bytes]) -> None:
        self._outbox = outbox
        self._clock = clock
        self._token = token

    def send(self, category: Category, place: str, text: str) -> Report:
        """Send a report, durable on return.

        What is too long is cut. Raises ReportsTooMany, ReportPersonal, InputRefused (no place), and
        StorageFull.
        """
        now = self._clock.now()
        report = Report(
            code=code_of(self._token()),
            category=category,
            place=clean_line(place, limit=PLACE_MAX),
            text=clean_line(text, limit=TEXT_MAX),
            at=now,
        )
        if self._outbox.sent_since(now - REPORTS_SPAN) >= REPORTS_MAX:
            raise ReportsTooMany(f"{REPORTS_MAX} reports within {REPORTS_SPAN}")
        self._outbox.send(report)
        return report
