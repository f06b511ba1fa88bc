"""The command ``card virtual``, with a vpcd's side of the wire played by the test."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from cardreader.card_app import Desk, PurseCardSession
from cardreader.image import ProductNames
from cardreader.virtual.cards import authority, plain_card
from kiosk.app.cli import main
from kiosk.app.virtual_card import Presenter
from kiosk.domain.errors import ReaderAbsent
from kiosk.domain.money import Money

WAIT_S = 30.0


class Vpcd:
    """One slot: what a connected card is asked."""

    def __init__(self) -> None:
        self.door = socket.create_server(("127.0.0.1", 0))
        self.door.settimeout(WAIT_S)
        self.port = int(self.door.getsockname()[1])
        self.line = socket.socket()

    def accept(self) -> None:
        self.line.close()
        self.line, _ = self.door.accept()
        self.line.settimeout(WAIT_S)
        self.line.sendall(b"\x00\x01\x01")  # power on

    def transmit(self, apdu: bytes) -> bytes:
        self.line.sendall(len(apdu).to_bytes(2, "big") + apdu)
        length = int.from_bytes(self.line.recv(2, socket.MSG_WAITALL), "big")
        return self.line.recv(length, socket.MSG_WAITALL)

    def close(self) -> None:
        self.line.close()
        self.door.close()


@pytest.fixture
def vpcd() -> Iterator[Vpcd]:
    vpcd = Vpcd()
    yield vpcd
    vpcd.close()


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ALVEOLE_ENV", raising=False)


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as end:
        main(["card", "virtual", *words])
    told = capsys.readouterr()
    assert isinstance(end.value.code, int)
    return end.value.code, told.out, told.err


def test_the_test_profile_tells_keys_and_files(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys, "--print-test-profile")
    assert (code, err) == (0, "")
    told = json.loads(out)
    assert list(told) == ["uid", "aid", "keys", "files"]
    assert (len(told["uid"]), len(told["aid"])) == (14, 6)
    assert list(told["keys"]) == ["0", "1", "2", "3", "4", "5"]
    assert all(len(bytes.fromhex(key)) == 16 for key in told["keys"].values())
    assert told["files"] == {"purse": 2, "entries": 3, "log": 5}


@pytest.mark.parametrize(
    ("words", "where"),
    [
        (("--profile", "ev9"), "--profile"),
        (("--balance", "15001"), "--balance"),
        (("--entries", "101"), "--entries"),
        (("--latency-ms", "-1"), "--latency-ms"),
    ],
)
def test_what_no_card_holds_is_refused(
    capsys: pytest.CaptureFixture[str], words: tuple[str, str], where: str
) -> None:
    code, out, err = run(capsys, *words)
    assert (code, out) == (2, "")
    assert err.startswith(f"alveole: {where}: ")


def test_production_has_no_virtual_cards(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALVEOLE_ENV", "production")
    code, out, err = run(capsys, "--print-test-profile")
    assert (code, out) == (2, "")
    assert "production" in err


def test_without_vpcd_it_says_so(capsys: pytest.CaptureFixture[str], vpcd: Vpcd) -> None:
    vpcd.close()
    code, _, err = run(capsys, "--port", str(vpcd.port))
    assert code == 1
    assert str(vpcd.port) in err


@pytest.mark.parametrize("profile", ["ev1", "ev2"])
def test_the_card_lies_there_until_sigterm(root: Path, vpcd: Vpcd, profile: str) -> None:
    words = ["--port", str(vpcd.port), "--profile", profile, "--balance", "720", "--latency-ms"]
    command = [sys.executable, str(root / "main.py"), "card", "virtual", *words, "1"]
    with subprocess.Popen(command, cwd=root, stderr=subprocess.PIPE) as process:
        vpcd.accept()
        vpcd.line.sendall(b"\x00\x01\x04")
        assert vpcd.line.recv(8, socket.MSG_WAITALL) == bytes.fromhex("00063B8180018080")
        if profile == "ev2":
            desk = Desk(authority=authority(), names=ProductNames())
            assert PurseCardSession(vpcd, desk).read().balance == Money(720)
        process.send_signal(signal.SIGTERM)
        assert process.wait(WAIT_S) == 0
        assert process.stderr is not None
        assert process.stderr.read() == b""


def test_the_card_is_laid_again_when_vpcd_is_back(vpcd: Vpcd) -> None:
    presenter = Presenter(plain_card(), vpcd.port, away_s=0.01)
    running = threading.Thread(target=presenter.run)
    running.start()
    for _ in range(3):
        vpcd.accept()
        assert vpcd.transmit(bytes.fromhex("FFCA000000"))[-2:] == b"\x90\x00"
    presenter.stop()
    running.join(WAIT_S)
    assert not running.is_alive()


def test_a_vpcd_that_stays_away_ends_the_command(
    vpcd: Vpcd, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kiosk.app.virtual_card.AWAYS_MAX", 2)
    presenter = Presenter(plain_card(), vpcd.port, away_s=0.01)
    vpcd.accept()
    vpcd.close()
    with pytest.raises(ReaderAbsent):
        presenter.run()


def test_a_card_that_is_stopped_while_vpcd_is_away_ends(vpcd: Vpcd) -> None:
    presenter = Presenter(plain_card(), vpcd.port, away_s=0.2)
    running = threading.Thread(target=presenter.run)
    vpcd.accept()
    vpcd.close()
    running.start()
    presenter.stop()
    running.join(WAIT_S)
    assert not running.is_alive()
