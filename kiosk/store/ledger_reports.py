"""Reports on their way to the hub: rows of the journal's outbox, durable on return."""

from __future__ import annotations

from datetime import datetime

from kiosk.domain.ledger import moment
from kiosk.domain.report import SENT, Report
from kiosk.store.ledger import Ledger
from kiosk.store.ledger_entries import tell


class Reports:
    """ports.ReportOutbox on the kiosk's journal; usable from any thread."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def sent_since(self, start: datetime) -> int:
        """Give how many reports were sent at ``start`` or later."""
        (row,) = self._ledger.read(
            "SELECT count(*) AS sent FROM outbox WHERE kind = ? AND at >= ?", SENT, moment(start)
        )
        return int(row["sent"])

    def send(self, report: Report) -> None:
        """Keep a report for the hub; raises StorageFull."""
        self._ledger.require_room()
        payload = {
            "code": report.code,
            "category": str(report.category),
            "place": report.place,
            "text": report.text,
        }
        with self._ledger.transaction() as connection:
            tell(connection, SENT, report.code, at=report.at, payload=payload)
