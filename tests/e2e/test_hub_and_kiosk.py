"""A real hub and a real kiosk, each in processes of its own: enrolled, synced, told, shut out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.domain.fingerprint import fingerprint
from kiosk.store.device_key import DeviceKey
from kiosk.store.ledger_demo import write_demo
from kiosk.store.sync_store import SyncStore
from tests.e2e.served_hub import alveole, post, served

ROOT = Path(__file__).resolve().parents[2]
EVENTS = 6


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    with served(tmp_path) as running:
        yield running


def test_a_kiosk_enrols_syncs_and_each_of_its_events_is_counted_once(
    hub: tuple[Path, str], tmp_path: Path
) -> None:
    folder, url = hub
    data = tmp_path / "kiosk"
    data.mkdir()
    key = DeviceKey(data)
    ask = {
        "territory": "orne",
        "name": "borne-1",
        "algorithm": "ed25519",
        "public_key": key.public_key.hex(),
    }
    begun = post(f"{url}/v1/enrol", ask, key)
    shown = alveole(folder, "hub", "enrol-code", begun["user_code"])
    assert shown["fingerprint"] == begun["fingerprint"] == fingerprint(key.public_key)
    alveole(folder, "hub", "enrol-code", begun["user_code"], "--approve")
    poll = {"device_code": begun["device_code"], "public_key": key.public_key.hex()}
    enrolled = post(f"{url}/v1/enrol/token", poll, key)
    with SyncStore(data / "sync.db") as store:
        store.set_device(enrolled["kiosk"])
    write_demo(data / "ledger.db", EVENTS, key)

    first = alveole(data, "sync", "once", "--hub", url)
    assert len(first["taken"]) > 30
    status = alveole(data, "sync", "status")
    assert status["pinned"]["key"] == enrolled["hub_key"]
    assert status["events"]["acked"] == status["events"]["last"] > 0
    again = alveole(data, "sync", "once", "--hub", url)
    assert again["taken"] == []
    assert alveole(data, "sync", "status")["events"] == status["events"]
