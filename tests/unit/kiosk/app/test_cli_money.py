"""The commands ``demo pay`` and ``ledger verify``."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from kiosk.app import demo_pay
from kiosk.app.cli import main
from kiosk.app.demo_pay import DemoPaid


def run(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as end:
        main([str(word) for word in arguments])
    told = capsys.readouterr()
    assert isinstance(end.value.code, int)
    return end.value.code, told.out, told.err


def paid(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> dict[str, Any]:
    code, out, err = run(capsys, "demo", "pay", *arguments, "--json")
    assert (code, err) == (0, "")
    document: dict[str, Any] = json.loads(out)
    return document


def forge(file: Path, *statements: str) -> None:
    with closing(sqlite3.connect(file)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ALVEOLE_ENV", raising=False)


@pytest.fixture
def journal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    for amount in (500, 2000, 5000):
        paid(capsys, "--data", tmp_path, "--amount", str(amount))
    return tmp_path / "ledger.db"


def test_a_simulated_topup_tells_state_amount_balance_and_entry(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert paid(capsys) == {
        "state": "done",
        "amount_cents": 2000,
        "balance_cents": 3240,
        "entry": 1,
    }


@pytest.mark.parametrize(("amount", "balance"), [(100, 1340), (5000, 6240), (13_760, 15_000)])
def test_the_amount_may_be_chosen(
    capsys: pytest.CaptureFixture[str], amount: int, balance: int
) -> None:
    told = paid(capsys, "--amount", str(amount))
    assert (told["amount_cents"], told["balance_cents"]) == (amount, balance)


def test_the_plain_answer_says_that_it_is_simulated(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "demo", "pay")
    assert code == 0
    assert out.startswith("SIMULATED: done, 2000 cents")


def test_a_topup_that_did_not_end_is_exit_1(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    unfinished = DemoPaid(state="capturing", amount_cents=2000, balance_cents=3240, entry=1)
    monkeypatch.setattr(demo_pay, "pay", lambda *_, **__: unfinished)
    code, out, _ = run(capsys, "demo", "pay", "--json")
    assert (code, json.loads(out)["state"]) == (1, "capturing")


def test_a_data_folder_keeps_the_journal(journal: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert paid(capsys, "--data", journal.parent)["entry"] == 4


@pytest.mark.parametrize("amount", ["0", "-5", "99", "15001", "99999999999999", "13761"])
def test_an_amount_outside_the_limits_is_one_line_and_exit_2(
    capsys: pytest.CaptureFixture[str], amount: str
) -> None:
    code, out, err = run(capsys, "demo", "pay", f"--amount={amount}", "--json")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "--amount" in err


def test_production_refuses_simulated_money(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ALVEOLE_ENV", "production")
    code, out, err = run(capsys, "demo", "pay", "--data", tmp_path)
    assert (code, out) == (2, "")
    assert "refused in production" in err
    assert list(tmp_path.iterdir()) == []


def test_a_foreign_journal_is_not_overwritten(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "ledger.db"
    file.write_text("somebody's notes", encoding="utf-8")
    code, _, err = run(capsys, "demo", "pay", "--data", tmp_path)
    assert (code, err.count("\n")) == (1, 1)
    assert file.read_text(encoding="utf-8") == "somebody's notes"


def test_a_sound_journal_is_exit_0(journal: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "ledger", "verify", journal, "--json")
    told = json.loads(out)
    assert (code, err) == (0, "")
    assert (told["sound"], told["entries"], told["bad_line"]) == (True, 3, None)
    assert len(bytes.fromhex(told["head"])) == 32


def test_a_sound_journal_is_told_in_one_plain_line(
    journal: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = run(capsys, "ledger", "verify", journal)
    assert (code, out.count("\n")) == (0, 1)
    assert "3 entries, sound" in out


def test_a_forged_journal_is_exit_1_with_its_first_bad_line(
    journal: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    forge(journal, "DROP TRIGGER leg_stays", "UPDATE leg SET cents = 2 * cents WHERE entry = 2")
    code, out, err = run(capsys, "ledger", "verify", journal, "--json")
    told = json.loads(out)
    assert (code, told["sound"], told["bad_line"]) == (1, False, 2)
    assert "line 2" in err
    assert run(capsys, "ledger", "verify", journal)[:2] == (1, "")


@pytest.mark.parametrize("content", [None, b"", b"hello", b"PK\x03\x04" + bytes(4000)])
def test_what_is_no_journal_is_exit_2_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes | None
) -> None:
    file = tmp_path / "thing.db"
    if content is not None:
        file.write_bytes(content)
    code, out, err = run(capsys, "ledger", "verify", file, "--json")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "thing.db" in err


def test_a_folder_is_no_journal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "ledger", "verify", tmp_path)[0] == 2


@pytest.mark.parametrize("command", [("demo", "pay"), ("ledger", "verify")])
def test_each_command_has_help_with_an_example(
    capsys: pytest.CaptureFixture[str], command: tuple[str, str]
) -> None:
    code, out, _ = run(capsys, *command, "--help")
    assert code == 0
    assert f"Example: alveole {' '.join(command)}" in out


def test_verifying_loads_neither_qt_nor_the_card(journal: Path, root: Path) -> None:
    probe = (
        "import sys; from kiosk.app.cli import main\n"
        "try: main(['ledger', 'verify', sys.argv[1]])\n"
        "except SystemExit: pass\n"
        "heavy = {'PySide6', 'stripe', 'smartcard', 'cardreader', 'payments', 'sqlite_utils'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    told = subprocess.run(
        [sys.executable, "-c", probe, str(journal)],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.endswith("[]\n")
