"""Where a kiosk's reports go: into its journal, with its clock and true randomness."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from kiosk.app.installed import Installed
from kiosk.app.safe import open_journal
from kiosk.domain.report import TOKEN_BYTES
from kiosk.ports import Clock

if TYPE_CHECKING:
    from kiosk.store.ledger import Ledger
    from kiosk.usecases.send_report import SendReport


def reports_of(ledger: Ledger, clock: Clock) -> SendReport:
    """Give what sends reports over an open journal."""
    from kiosk.store.ledger_reports import Reports
    from kiosk.usecases.send_report import SendReport

    return SendReport(Reports(ledger), clock, lambda: secrets.token_bytes(TOKEN_BYTES))


class ReportBox:
    """The journal of a kiosk without a reader, opened when a report is first sent."""

    def __init__(self, here: Installed, clock: Clock) -> None:
        self._here = here
        self._clock = clock
        self._ledger: Ledger | None = None

    def reports(self) -> SendReport:
        """Give what sends reports; raises LedgerBusy, LedgerTampered, StorageFull."""
        self._ledger = self._ledger or open_journal(self._here)
        return reports_of(self._ledger, self._clock)

    def close(self) -> None:
        """Let another process write the journal."""
        if self._ledger is not None:
            self._ledger.close()
            self._ledger = None
