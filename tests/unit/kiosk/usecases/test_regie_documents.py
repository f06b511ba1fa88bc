"""The régie's documents: the closings' own amounts, in French, without a claim."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.domain.closing import Closing, Standing, Tally
from kiosk.store.ledger_closings import closings
from kiosk.store.ledger_read import open_to_read
from kiosk.usecases.regie_documents import (
    attestation,
    closing_text,
    documents_of,
    euros,
    justification,
    slip,
)
from tests.contracts.test_journal import NOW
from tests.journals import demo_journal


def day(number: int = 1, suspense: int = 0) -> Closing:
    now = Standing(
        last=2,
        accounts={
            "bank.clearing": 2000,
            "income.piscine": -410,
            "purse.float": -1590 - suspense,
            "suspense": suspense,
        },
        kinds={"topup": Tally(entries=1, cents=2000), "debit": Tally(entries=1, cents=410)},
    )
    return Closing(
        number=number, period="day", name="2026-11-22", at=NOW, since=Standing(), now=now
    )


@pytest.mark.parametrize(
    ("cents", "text"),
    [
        (0, "0,00\u00a0€"),
        (5, "0,05\u00a0€"),
        (-12_345, "-123,45\u00a0€"),
        (123_456_789, "1\u202f234\u202f567,89\u00a0€"),
    ],
)
def test_sums_are_written_in_french(cents: int, text: str) -> None:
    assert euros(cents) == text


def test_a_closing_prints_its_totals_and_how_long_it_is_kept() -> None:
    text = closing_text(day())
    assert "CLÔTURE (Z) N° 1 — jour 2026-11-22" in text
    assert "Total perpétuel : 24,10\u00a0€" in text
    assert "six ans" in text
    assert "ATTENTION" not in text


def test_a_suspense_that_is_not_zero_is_printed() -> None:
    assert "compte d’attente non soldé : 0,07\u00a0€" in closing_text(day(suspense=7))


def test_a_bordereau_tells_what_each_service_has_earned() -> None:
    assert slip(day()).splitlines() == [
        "cloture;periode;nom;service;recettes_eur",
        "1;jour;2026-11-22;piscine;4,10",
        "1;jour;2026-11-22;TOTAL;4,10",
    ]


def test_a_month_that_its_days_do_not_cover_is_told() -> None:
    month = Closing(
        number=2, period="month", name="2026-11", at=NOW, since=Standing(), now=day().now
    )
    assert "ATTENTION" not in justification(month, [day()])
    assert "ne couvrent pas" in justification(month, [])


def test_the_attestation_is_a_draft_and_claims_no_certificate() -> None:
    text = attestation(day(), ["ab" * 32])
    assert "À VÉRIFIER ET À SIGNER PAR L’ÉDITEUR" in text
    assert "ni un certificat" in text
    assert "NF525" not in text
    assert "[x]" not in text.lower()


def test_each_closing_has_its_papers(tmp_path: Path) -> None:
    path = demo_journal(tmp_path, 30)
    with open_to_read(path) as connection:
        found = closings(connection)
    papers = documents_of(found, ["00"])
    assert sorted(papers) == [
        "attestation-projet.txt",
        "bordereau-000001-2026-01-05.csv",
        "bordereau-000002-2026-01.csv",
        "cloture-000001-2026-01-05.txt",
        "cloture-000002-2026-01.txt",
        "justification-000002-2026-01.txt",
    ]
    assert "ATTENTION" not in "".join(papers.values())
    assert documents_of([], []) == {}
