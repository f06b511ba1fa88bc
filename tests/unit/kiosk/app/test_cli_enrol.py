"""The command that asks a hub to let this kiosk in, whole, against a hub on loopback."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.app import cli
from kiosk.domain.fingerprint import fingerprint
from kiosk.store.device_key import DeviceKey
from kiosk.store.enrolment import EnrolmentStore
from tests.alv1 import ROOT, STRANGER, Publisher, TestHub
from tests.enrol_desk import KIOSK, EnrolDesk


@pytest.fixture
def hub() -> Iterator[TestHub]:
    publisher = Publisher()
    with TestHub(publisher) as served:
        served.desk = EnrolDesk(key=publisher.key)
        yield served


def run(data: Path, *words: str) -> int:
    with pytest.raises(SystemExit) as ended:
        cli.main(["--data", str(data), "sync", *words])
    return int(ended.value.code or 0)


def test_it_shows_code_qr_and_words_and_then_what_to_set(
    tmp_path: Path, hub: TestHub, capsys: pytest.CaptureFixture[str]
) -> None:
    words = fingerprint(ROOT.public_key)
    assert run(tmp_path, "enrol", hub.url, "--name", "borne-1", "--words", words) == 0
    out = capsys.readouterr().out
    assert "BCDF-GHJK" in out
    assert fingerprint(DeviceKey(tmp_path).public_key) in out
    assert "words of a hub that lies" not in out
    assert "▀" in out
    assert f'hub = "{hub.url}"' in out


def test_as_json_it_shows_the_code_beside_the_document(
    tmp_path: Path, hub: TestHub, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tmp_path, "enrol", hub.url, "--json") == 0
    told = capsys.readouterr()
    assert "BCDF-GHJK" in told.err
    document = json.loads(told.out[told.out.index("{") :])
    assert document == {"kiosk": KIOSK, "territory": "orne", "hub": hub.url}


def test_a_refused_kiosk_exits_1(tmp_path: Path, hub: TestHub) -> None:
    assert isinstance(hub.desk, EnrolDesk)
    hub.desk.script = ["access_denied"]
    assert run(tmp_path, "enrol", hub.url) == 1
    assert EnrolmentStore(tmp_path).let_in() is None


@pytest.mark.parametrize("url", ["http://hub.example.fr", "ftp://hub", "hub"])
def test_an_address_without_encryption_is_refused(tmp_path: Path, url: str) -> None:
    assert run(tmp_path, "enrol", url) == 2


def test_another_hub_s_words_exit_2(tmp_path: Path, hub: TestHub) -> None:
    words = fingerprint(STRANGER.public_key)
    assert run(tmp_path, "enrol", hub.url, "--words", words) == 2


def test_a_round_after_the_kiosk_was_shut_out_exits_1(
    tmp_path: Path,
    hub: TestHub,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("kiosk.app.content.prepare", lambda _here, _now: None)
    hub.publisher.lives_s = 10**9
    run(tmp_path, "enrol", hub.url)
    hub.intake.public_key = DeviceKey(tmp_path).public_key
    assert run(tmp_path, "once", "--hub", hub.url) == 0
    hub.revoked = True
    assert run(tmp_path, "once", "--hub", hub.url) == 1
    assert "shut this kiosk out" in capsys.readouterr().err
