"""A real hub and a real kiosk, each in processes of its own: enrolled, synced, told, shut out."""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from kiosk.domain.fingerprint import fingerprint
from kiosk.store.device_key import DeviceKey
from kiosk.store.ledger_demo import write_demo
from kiosk.store.sync_store import SyncStore
from sync.message_signing import Asked, sign

ROOT = Path(__file__).resolve().parents[2]
EVENTS = 6


def alveole(data: Path, *words: str) -> Any:
    done = subprocess.run(
        [sys.executable, "main.py", *words, "--data", str(data), "--json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
        env=os.environ,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout[done.stdout.index("{") :])  # the sync's log comes before it


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    data = tmp_path / "hub"
    alveole(data, "hub", "init")
    command = [sys.executable, "main.py", "hub", "serve", "--data", str(data), "--json"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines: list[str] = []
        for line in process.stdout:
            lines.append(line)
            if line.rstrip() == "}":
                break
        yield data, json.loads("".join(lines))["url"]
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0


def post(url: str, shape: dict[str, str], key: DeviceKey) -> Any:
    body = json.dumps(shape).encode()
    asked = Asked(method="POST", url=url, headers={"Content-Type": "application/json"})
    name, nonce = key.public_key.hex(), secrets.token_urlsafe(18)
    sign(asked, body, key, device=name, nonce=nonce, now=datetime.now(UTC))
    request = urllib.request.Request(url, body, asked.headers)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.loads(answer.read())


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
