"""The contract of ports.ReportOutbox."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kiosk.domain.errors import StorageFull
from kiosk.domain.report import Category, Report
from kiosk.ports import ReportOutbox
from kiosk.store.ledger import Ledger
from kiosk.store.ledger_reports import Reports
from kiosk.store.outbox import OutboxReader

NOW = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)
REPORT = Report(code="K7QF-2MXD", category=Category.ROAD, place="Ici", text="", at=NOW)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "ledger.db", free=lambda _: 10**12) as made:
        yield made


@pytest.fixture
def outbox(ledger: Ledger) -> ReportOutbox:
    return Reports(ledger)


def test_a_report_that_was_sent_is_read_by_who_tells_the_hub(
    outbox: ReportOutbox, ledger: Ledger, tmp_path: Path
) -> None:
    outbox.send(REPORT)
    row = OutboxReader(tmp_path / "ledger.db").first()
    assert row is not None
    assert (row.kind, row.subject) == ("report.sent", REPORT.code)
    assert datetime.fromisoformat(row.at) == NOW


def test_reports_are_counted_from_a_moment_on(outbox: ReportOutbox) -> None:
    assert outbox.sent_since(NOW) == 0
    outbox.send(REPORT)
    assert outbox.sent_since(NOW) == 1
    assert outbox.sent_since(NOW + timedelta(seconds=1)) == 0


def test_a_full_disk_takes_no_report(tmp_path: Path) -> None:
    with Ledger(tmp_path / "full.db", free=lambda _: 0) as ledger:
        outbox = Reports(ledger)
        with pytest.raises(StorageFull):
            outbox.send(REPORT)
        assert outbox.sent_since(NOW) == 0
