"""``alveole receipt``: the page holds the keys, and a code is verified under them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from kiosk.app.cli import main
from kiosk.domain.receipt import receipt_code, ticket_code
from kiosk.store.device_key import DeviceKey
from tests.signers import OTHER, OURS, a_receipt, a_ticket

Printed = pytest.CaptureFixture[str]
KEY = OURS.public_key.hex()


def run(*words: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main(["receipt", *words])
    return int(ended.value.code or 0)


def test_the_page_believes_this_kiosk_s_own_key(tmp_path: Path, capsys: Printed) -> None:
    out = tmp_path / "verify.html"
    assert run("page", "--out", str(out), "--data", str(tmp_path)) == 0
    own = DeviceKey(tmp_path).public_key.hex()
    assert f'const KEYS = ["{own}"];' in out.read_text(encoding="utf-8")
    assert own in capsys.readouterr().out


def test_the_page_believes_the_keys_that_are_named(tmp_path: Path) -> None:
    out = tmp_path / "verify.html"
    other = OTHER.public_key.hex()
    words = ["page", "--out", str(out), "--key", KEY, "--key", other, "--key", KEY]
    assert run(*words, "--data", str(tmp_path)) == 0
    assert f'const KEYS = ["{KEY}", "{other}"];' in out.read_text(encoding="utf-8")


@pytest.mark.parametrize("key", ["zz", "00ff"])
def test_what_is_no_public_key_is_refused(tmp_path: Path, key: str) -> None:
    out = str(tmp_path / "verify.html")
    assert run("page", "--out", out, "--key", key) == 2


def test_a_page_that_can_t_be_written_is_refused(tmp_path: Path) -> None:
    out = str(tmp_path / "absent" / "verify.html")
    assert run("page", "--out", out, "--key", KEY) == 2


def test_an_authentic_receipt_is_told(capsys: Printed) -> None:
    code = receipt_code(a_receipt(), OURS)
    assert run("check", code, "--key", KEY, "--json") == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["authentic"] is True
    assert answer["says"]["number"] == "T-1042"


def test_an_authentic_ticket_is_told_in_a_line(capsys: Printed) -> None:
    assert run("check", ticket_code(a_ticket(), OURS), "--key", KEY) == 0
    assert capsys.readouterr().out.startswith("authentic: EntryTicket")


@pytest.mark.parametrize("json_", [True, False])
def test_a_code_of_another_key_is_answered_no(capsys: Printed, json_: bool) -> None:
    code = receipt_code(a_receipt(), OTHER)
    words = ["check", code, "--key", KEY, *(["--json"] if json_ else [])]
    assert run(*words) == 1
    printed = capsys.readouterr()
    assert "unknown key" in (printed.out if json_ else printed.err)


def test_an_authentic_receipt_becomes_a_pdf(qtbot: QtBot, tmp_path: Path) -> None:
    out = tmp_path / "receipt.pdf"
    code = receipt_code(a_receipt(), OURS)
    words = ["pdf", code, "--out", str(out), "--key", KEY, "--data", str(tmp_path)]
    assert run(*words) == 0
    assert out.read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize("code", ["ALV1:BB8", ticket_code(a_ticket(), OURS)])
def test_what_is_no_authentic_receipt_becomes_no_pdf(tmp_path: Path, code: str) -> None:
    out = tmp_path / "receipt.pdf"
    assert run("pdf", code, "--out", str(out), "--key", KEY) == 1
    assert not out.exists()
