"""The command ``ledger reconcile``: journals against the bank's report."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kiosk.app.cli import main
from kiosk.domain.bill import BillOrder
from kiosk.store.ledger import Ledger
from payments.reports import reference
from tests.contracts.test_journal import FULL, NOW
from tests.tickets import ORDER

Run = Callable[..., tuple[int, dict[str, Any], str]]
HEADER = "created_utc,currency,gross,reporting_category,payment_intent_id,payment_metadata[topup]\n"
DAY = f"{NOW:%Y-%m-%d}"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    def call(*arguments: str | Path) -> tuple[int, dict[str, Any], str]:
        with pytest.raises(SystemExit) as end:
            main(["--data", str(tmp_path), "ledger", "reconcile", *map(str, arguments), "--json"])
        told = capsys.readouterr()
        assert isinstance(end.value.code, int)
        return end.value.code, json.loads(told.out or "{}"), told.err

    return call


def journal(folder: Path, *numbers: int, provider: str = "stripe_checkout") -> Path:
    path = folder / f"{provider}{numbers}.db"
    with Ledger(path, free=lambda _: 10**12) as ledger:
        for number in numbers:
            row = replace(FULL, id=f"T-{number}", provider=provider)
            ledger.book_topup(row, at=NOW)
    return path


def report(folder: Path, *lines: tuple[int | str, str, str]) -> Path:
    rows = [
        f"{DAY} 09:00:00,eur,{gross},{category},pi_{number},T-{number}\n"
        for number, gross, category in lines
    ]
    path = folder / "report.csv"
    path.write_text(HEADER + "".join(rows), encoding="utf-8")
    return path


EUROS = f"{FULL.amount.cents / 100:.2f}"


def test_when_bank_and_journal_agree_it_is_exit_0(run: Run, tmp_path: Path) -> None:
    told = report(tmp_path, (1, EUROS, "charge"), (2, EUROS, "charge"))
    code, found, _ = run(journal(tmp_path, 1), journal(tmp_path, 2), "--report", told)
    assert (code, found) == (0, {"payments": 2, "credits": 2, "differences": []})


def test_every_difference_is_named(run: Run, tmp_path: Path) -> None:
    told = report(
        tmp_path,
        (1, EUROS, "charge"),
        (1, f"-{EUROS}", "refund"),
        (2, "1.00", "charge"),
        (4, EUROS, "charge"),
    )
    told.write_text(
        told.read_text(encoding="utf-8") + f"{DAY} 09:00:00,eur,5.00,charge,pi_9,\n",
        encoding="utf-8",
    )
    code, found, _ = run(journal(tmp_path, 1, 2, 3), "--report", told)
    assert code == 1
    assert [(one["trouble"], one["topup"]) for one in found["differences"]] == [
        ("credited_without_capture", "T-1"),
        ("wrong_amount", "T-2"),
        ("credited_without_capture", "T-3"),
        ("captured_without_credit", "T-4"),
        ("unknown_payment", ""),
    ]


def test_credits_of_other_days_and_providers_are_left_alone(run: Run, tmp_path: Path) -> None:
    files = journal(tmp_path, 1), journal(tmp_path, 2, provider="simulator")
    none = report(tmp_path)
    assert run(*files, "--report", none)[0] == 0
    period = ("--since", "2020-01-01", "--until", "2020-12-31")
    assert run(*files, "--report", none, *period)[0] == 0
    whole = ("--since", DAY, "--until", DAY)
    assert run(*files, "--report", none, *whole)[1]["credits"] == 1


def test_payfip_is_compared_by_its_references(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "payfip.csv"
    day = f"{NOW:%d%m%Y}"
    path.write_text(
        "refdet;montant;dattrans;heurtrans;resultrans\n"
        f"{reference('T-1')};{FULL.amount.cents};{day};1000;P\n",
        encoding="utf-8",
    )
    file = journal(tmp_path, 1, provider="payfip")
    assert run(file, "--report", path, "--format", "payfip")[0] == 0
    other = journal(tmp_path, 2, provider="payfip")
    assert run(other, "--report", path, "--format", "payfip")[0] == 1


def test_a_bill_is_compared_by_its_own_reference(run: Run, tmp_path: Path) -> None:
    path, file = tmp_path / "payfip.csv", tmp_path / "bills.db"
    path.write_text(
        "refdet;montant;dattrans;heurtrans;resultrans\n"
        f"2026CANT000417;{FULL.amount.cents};{NOW:%d%m%Y};1000;P\n",
        encoding="utf-8",
    )
    bill = BillOrder(issuer="900001", reference="2026CANT000417", service="cantines")
    with Ledger(file, free=lambda _: 10**12) as ledger:
        ledger.book_topup(replace(FULL, card="", provider="payfip", order=bill), at=NOW)
    assert run(file, "--report", path, "--format", "payfip")[0] == 0


def test_an_entry_without_a_card_is_compared_too(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "entries.db"
    with Ledger(file, free=lambda _: 10**12) as ledger:
        row = replace(FULL, id="T-1", card="", provider="stripe_checkout", order=ORDER)
        ledger.book_topup(row, at=NOW)
    assert run(file, "--report", report(tmp_path, (1, EUROS, "charge")))[0] == 0


def test_without_json_each_difference_is_a_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    told = report(tmp_path, (4, EUROS, "charge"))
    with pytest.raises(SystemExit):
        main(["ledger", "reconcile", str(journal(tmp_path, 1)), "--report", str(told)])
    said = capsys.readouterr()
    assert said.out.endswith("1 payments, 1 credits, 2 differences\n")
    assert "credited_without_capture: T-1 (no payment)" in said.err
    assert "captured_without_credit: T-4 (pi_4)" in said.err


@pytest.mark.parametrize(
    "wrong",
    [
        ("--report", "{folder}/none.csv"),
        ("--report", "{folder}"),
        ("--report", "{folder}/report.csv", "--format", "xlsx"),
        ("--report", "{folder}/report.csv", "--since", "yesterday"),
        ("--report", "{folder}/hostile.csv"),
    ],
)
def test_a_wrong_call_is_one_line_and_exit_2(
    run: Run, tmp_path: Path, wrong: tuple[str, ...]
) -> None:
    report(tmp_path, (1, EUROS, "charge"))
    (tmp_path / "hostile.csv").write_text(HEADER + "a,b\n", encoding="utf-8")
    words = [word.format(folder=tmp_path) for word in wrong]
    code, _, err = run(journal(tmp_path, 1), *words)
    assert (code, err.count("\n")) == (2, 1)


def test_an_unsound_journal_is_not_compared(run: Run, tmp_path: Path) -> None:
    broken = tmp_path / "broken.db"
    broken.write_bytes(b"no journal")
    assert run(broken, "--report", report(tmp_path))[0] == 2
