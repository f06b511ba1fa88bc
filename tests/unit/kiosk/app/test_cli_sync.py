"""The sync commands, whole: a hub on loopback, a stick, and a kiosk's data folder."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kiosk.app import cli
from kiosk.store.device_key import DeviceKey
from kiosk.store.ledger import Ledger
from kiosk.store.sync_store import SyncStore
from tests.alv1 import STRANGER, Publisher, TestHub, many


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[TestHub]:
    monkeypatch.setattr("kiosk.app.content.prepare", lambda _here, _now: None)
    publisher = Publisher(lives_s=10**9)
    publisher.publish("places", many(12))
    with TestHub(publisher) as served:
        yield served


def run(data: Path, *words: str) -> int:
    with pytest.raises(SystemExit) as ended:
        cli.main(["--data", str(data), "sync", *words])
    return int(ended.value.code or 0)


def told(data: Path, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, Any]:
    code = run(data, *words, "--json")
    out = capsys.readouterr().out
    return code, json.loads(out[out.index("{") :] if "{" in out else "null")


def test_the_first_sync_on_loopback_pins_the_hub_and_takes_its_data(
    tmp_path: Path, hub: TestHub, capsys: pytest.CaptureFixture[str]
) -> None:
    code, found = told(tmp_path, capsys, "once", "--hub", hub.url)
    assert (code, found["taken"], found["kept"], found["events"]) == (0, ["places"], {}, None)
    code, status = told(tmp_path, capsys, "status")
    assert code == 0
    assert status["pinned"]["key"] == hub.publisher.key.public_key.hex()
    assert status["datasets"] == [{"id": "places", "epoch": 1, "head": 1, "records": 12}]
    assert (status["quarantine"], status["alarms"]) == ([], [])


def test_a_refused_manifest_exits_1_and_keeps_the_data(
    tmp_path: Path, hub: TestHub, capsys: pytest.CaptureFixture[str]
) -> None:
    run(tmp_path, "once", "--hub", hub.url)
    hub.publisher.key = STRANGER
    hub.publisher.publish("places", many(3))
    assert run(tmp_path, "once", "--hub", hub.url) == 1
    assert "alveole: " in capsys.readouterr().err
    assert told(tmp_path, capsys, "status")[1]["datasets"][0]["records"] == 12


def test_data_that_had_to_be_kept_exit_1(
    tmp_path: Path, hub: TestHub, capsys: pytest.CaptureFixture[str]
) -> None:
    name = hub.publisher.editions["places"].head.detail
    hub.publisher.blobs[name] = b"other bytes"
    code, found = told(tmp_path, capsys, "once", "--hub", hub.url)
    assert (code, list(found["kept"])) == (1, ["places"])


def test_a_stick_feeds_another_kiosk(
    tmp_path: Path, hub: TestHub, capsys: pytest.CaptureFixture[str]
) -> None:
    one, other, stick = tmp_path / "one", tmp_path / "other", tmp_path / "stick"
    run(one, "once", "--hub", hub.url)
    code, found = told(one, capsys, "export-usb", str(stick))
    assert (code, found["blobs"]) == (0, 2)
    assert run(other, "import-usb", str(stick)) == 1  # it knows no key yet
    pin(one, other)
    assert told(other, capsys, "import-usb", str(stick))[1]["taken"] == ["places"]
    assert run(other, "export-usb", str(tmp_path / "again"), "--hub", hub.url) == 0


def pin(one: Path, other: Path) -> None:
    with SyncStore(one / "sync.db") as known, SyncStore(other / "sync.db") as fresh:
        keys = known.pin()
        assert keys is not None
        fresh.set_pin(keys)


def test_an_enrolled_kiosk_tells_its_events(
    tmp_path: Path, hub: TestHub, capsys: pytest.CaptureFixture[str]
) -> None:
    with Ledger(tmp_path / "ledger.db") as ledger, ledger.transaction() as connection:
        connection.execute(
            "INSERT INTO outbox(kind, subject, at, payload) VALUES('k', 'T-1', 'now', '{}')"
        )
    with SyncStore(tmp_path / "sync.db") as store:
        store.set_device("kiosk-1")
    hub.intake.public_key = DeviceKey(tmp_path).public_key
    _, found = told(tmp_path, capsys, "once", "--hub", hub.url)
    assert found["events"]["acked"] == found["events"]["last"] == 1
    assert len(hub.intake.held) == 1


def test_words_are_printed_without_json(
    tmp_path: Path, hub: TestHub, capsys: pytest.CaptureFixture[str]
) -> None:
    run(tmp_path, "once", "--hub", hub.url)
    run(tmp_path, "status")
    run(tmp_path, "export-usb", str(tmp_path / "stick"))
    out = capsys.readouterr().out
    assert "taken: version 1, 1 taken, 0 kept" in out
    assert "territory: orne" in out
    assert "2 blobs in" in out


@pytest.mark.parametrize(
    "words", [["once"], ["import-usb", "nowhere"], ["once", "--hub", "http://hub.example"]]
)
def test_a_wrong_call_exits_2(tmp_path: Path, hub: TestHub, words: list[str]) -> None:
    assert run(tmp_path, *words) == 2


def test_a_hub_that_is_not_there_exits_1(tmp_path: Path, hub: TestHub) -> None:
    assert run(tmp_path, "once", "--hub", "http://127.0.0.1:9") == 1
