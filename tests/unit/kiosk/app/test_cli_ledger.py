"""The commands ``ledger verify``, ``export``, ``close``, ``documents`` and ``demo``."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kiosk.app.cli import main
from kiosk.store.device_key import DeviceKey
from kiosk.store.ledger import Ledger
from tests.contracts.test_journal import FULL, NOW
from tests.journals import Forger

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    def call(*arguments: str | Path) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as end:
            main(["--data", str(tmp_path), "ledger", *map(str, arguments)])
        told = capsys.readouterr()
        assert isinstance(end.value.code, int)
        return end.value.code, told.out, told.err

    return call


@pytest.fixture
def demo(run: Run, tmp_path: Path) -> dict[str, Any]:
    code, out, _ = run("demo", "--lines", "30", "--out", tmp_path / "demo.db", "--json")
    assert code == 0
    told: dict[str, Any] = json.loads(out)
    return told


def booked(folder: Path, number: int) -> None:
    with Ledger(folder / "ledger.db", free=lambda _: 10**12) as ledger:
        ledger.book_topup(replace(FULL, id=f"T-{number}"), at=NOW)


def test_a_demonstration_s_journal_is_signed_by_the_device(
    demo: dict[str, Any], tmp_path: Path
) -> None:
    assert (demo["entries"], demo["closings"]) == (30, 2)
    assert demo["key"] == DeviceKey(tmp_path).public_key.hex()


def test_a_demonstration_tells_its_head_in_one_line(run: Run, tmp_path: Path) -> None:
    code, out, _ = run("demo", "--lines", "3", "--out", tmp_path / "d.db")
    assert (code, out.count("\n"), "3 entries" in out) == (0, 1, True)


def test_it_verifies_with_its_anchor_and_key(run: Run, demo: dict[str, Any]) -> None:
    options = ("--anchor", demo["head"], "--key", demo["key"])
    code, out, _ = run("verify", demo["file"], *options, "--json")
    told = json.loads(out)
    assert code == 0
    assert (told["sound"], told["closed"], told["keys"]) == (True, 30, [demo["key"]])


def test_a_forged_closing_is_exit_1_with_its_line(run: Run, demo: dict[str, Any]) -> None:
    Forger(Path(demo["file"])).run("UPDATE closing SET signature = zeroblob(64) WHERE seq = 2")
    code, out, err = run("verify", demo["file"], "--json")
    told = json.loads(out)
    assert (code, told["bad_line"], told["bad_closing"]) == (1, 30, 2)
    assert "signature" in err


@pytest.mark.parametrize("option", ["--anchor", "--key"])
def test_a_hash_that_is_none_is_exit_2(run: Run, demo: dict[str, Any], option: str) -> None:
    code, out, err = run("verify", demo["file"], option, "abc")
    assert (code, out, option in err) == (2, "", True)


def test_an_export_goes_to_stdout_or_to_a_new_file(
    run: Run, demo: dict[str, Any], tmp_path: Path
) -> None:
    code, out, _ = run("export", demo["file"])
    assert (code, out.count("\n")) == (0, 61)
    target = tmp_path / "book.beancount"
    assert run("export", demo["file"], "--format", "beancount", "--out", target)[0] == 0
    assert target.read_text(encoding="utf-8").startswith("option")
    assert run("export", demo["file"], "--out", target)[0] == 2
    assert run("export", demo["file"], "--out", tmp_path / "no" / "folder")[0] == 1


def test_an_unsound_journal_is_not_exported(run: Run, demo: dict[str, Any]) -> None:
    Forger(Path(demo["file"])).run("UPDATE leg SET cents = 3 * cents WHERE entry = 2")
    code, out, err = run("export", demo["file"])
    assert (code, out, "line 2" in err) == (1, "", True)


@pytest.mark.parametrize(
    "call",
    [
        ("export", "{file}", "--format", "xlsx"),
        ("export", "{file}.none"),
        ("close", "--period", "week"),
        ("close",),
        ("demo", "--lines", "0", "--out", "{file}.new"),
        ("demo", "--lines", "5", "--out", "{file}"),
    ],
    ids=" ".join,
)
def test_a_wrong_call_is_one_line_and_exit_2(
    run: Run, demo: dict[str, Any], call: tuple[str, ...]
) -> None:
    code, out, err = run(*(word.format(file=demo["file"]) for word in call))
    assert (code, out, err.count("\n")) == (2, "", 1)


def test_closing_a_month_closes_its_day(run: Run, tmp_path: Path) -> None:
    booked(tmp_path, 1)
    code, out, _ = run("close", "--period", "month", "--json")
    made = json.loads(out)
    assert code == 0
    assert [(one["period"], one["last"], one["total_cents"]) for one in made] == [
        ("day", 1, 2000),
        ("month", 1, 2000),
    ]
    told = json.loads(run("verify", tmp_path / "ledger.db", "--json")[1])
    assert (told["sound"], told["closings"]) == (True, 2)


def test_a_closed_day_is_exit_1_until_something_is_booked(run: Run, tmp_path: Path) -> None:
    booked(tmp_path, 1)
    assert run("close")[0] == 0
    assert run("close")[0] == 1
    booked(tmp_path, 2)
    code, out, _ = run("close")
    assert (code, "1 entries, 2000 cents, perpetual 4000 cents" in out) == (0, True)


def test_the_documents_are_written_to_a_folder(
    run: Run, demo: dict[str, Any], tmp_path: Path
) -> None:
    folder = tmp_path / "regie"
    code, out, _ = run("documents", demo["file"], "--out", folder)
    assert (code, "6 documents" in out) == (0, True)
    assert len(list(folder.iterdir())) == 6
    assert run("documents", demo["file"], "--out", Path(demo["file"]) / "x")[0] == 1


def test_without_a_closing_there_are_no_documents(run: Run, tmp_path: Path) -> None:
    booked(tmp_path, 1)
    code, _, err = run("documents", tmp_path / "ledger.db", "--out", tmp_path / "regie")
    assert (code, "ledger close" in err) == (2, True)
