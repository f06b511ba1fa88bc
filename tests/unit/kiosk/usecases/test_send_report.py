"""Sending a report: kept with its code, and few within an hour."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.domain.errors import ReportPersonal, ReportsTooMany
from kiosk.domain.report import PLACE_MAX, REPORTS_MAX, REPORTS_SPAN, TEXT_MAX, Category
from kiosk.store.ledger import Ledger
from kiosk.store.ledger_reports import Reports
from kiosk.usecases.send_report import SendReport
from tests.conftest import MovedClock

TOKEN = b"\x01\x02\x03\x04\x05"


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "ledger.db", free=lambda _: 10**12) as made:
        yield made


@pytest.fixture
def sender(ledger: Ledger, clock: MovedClock) -> SendReport:
    return SendReport(Reports(ledger), clock, lambda: TOKEN)


def test_a_report_is_told_with_its_code_and_nothing_more(
    sender: SendReport, ledger: Ledger
) -> None:
    sent = sender.send(Category.LIGHT, "Place du Marché", "Le mât 12")
    (event,) = ledger.events()
    assert (event.kind, event.subject) == ("report.sent", sent.code)
    assert event.payload == (
        f'{{"category": "light", "code": "{sent.code}", "place": "Place du March\\u00e9",'
        ' "text": "Le m\\u00e2t 12"}'
    )


def test_a_child_cannot_flood_the_town_hall(sender: SendReport, ledger: Ledger) -> None:
    for _ in range(REPORTS_MAX):
        sender.send(Category.OTHER, "Ici", "")
    with pytest.raises(ReportsTooMany):
        sender.send(Category.OTHER, "Ici", "")
    assert len(ledger.events()) == REPORTS_MAX


def test_an_hour_later_reports_are_taken_again(sender: SendReport, clock: MovedClock) -> None:
    for _ in range(REPORTS_MAX):
        sender.send(Category.OTHER, "Ici", "")
    clock.move(REPORTS_SPAN.total_seconds() + 1)
    assert sender.send(Category.OTHER, "Ici", "").place == "Ici"


def test_words_that_say_who_reports_are_not_kept(sender: SendReport, ledger: Ledger) -> None:
    with pytest.raises(ReportPersonal):
        sender.send(Category.ROAD, "Ici", "Rappelez-moi au 06 12 34 56 78")
    assert ledger.events() == []


def test_the_longest_report_fits_into_an_event(sender: SendReport, ledger: Ledger) -> None:
    sender.send(Category.ROAD, "é" * (PLACE_MAX * 2), "é" * TEXT_MAX)
    (event,) = ledger.events()
    assert len(event.payload) < 4_000
