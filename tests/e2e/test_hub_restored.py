"""A hub is lost with what came since its backup; restored, kiosks go on and nothing is doubled."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from kiosk.store.device_key import DeviceKey
from kiosk.store.ledger import Ledger
from kiosk.store.ledger_closings import Closings
from kiosk.store.sync_store import SyncStore
from tests.e2e.served_hub import ROOT, alveole, post
from tests.postgres import Cluster, cluster

KIOSK = "borne-1"


@pytest.fixture(scope="module")
def databases() -> Iterator[Cluster]:
    with cluster() as running:
        yield running


@pytest.fixture(params=["sqlite", "postgresql"])
def fresh(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Give what makes the next hub's database a new one."""
    names = iter("abc")

    def renew() -> None:
        if request.param == "postgresql":
            running: Cluster = request.getfixturevalue("databases")
            name = f"{next(names)}_{request.node.name.split('[')[0]}"[:60]
            running.create(name)
            monkeypatch.setenv("DATABASE_URL", running.url(name))

    renew()
    return renew


@contextmanager
def serving(data: Path, port: int = 0) -> Iterator[str]:
    words = [sys.executable, "main.py", "hub", "serve", "--data", str(data), "--json"]
    words += ["--port", str(port)]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = ""
        for line in process.stdout:
            said += line
            if line.rstrip() == "}":
                break
        try:
            yield json.loads(said)["url"]
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(60) == 0


def enrolled(hub: Path, url: str, data: Path) -> DeviceKey:
    data.mkdir()
    key = DeviceKey(data)
    ask = {"territory": "orne", "name": KIOSK, "algorithm": "ed25519"}
    begun = post(f"{url}/v1/enrol", {**ask, "public_key": key.public_key.hex()}, key)
    alveole(hub, "hub", "enrol-code", begun["user_code"], "--approve")
    poll = {"device_code": begun["device_code"], "public_key": key.public_key.hex()}
    answer = post(f"{url}/v1/enrol/token", poll, key)
    with SyncStore(data / "sync.db") as store:
        store.set_device(answer["kiosk"])
    return key


def closed(data: Path, key: DeviceKey, *days: int) -> None:
    """Let the kiosk close some days: each is an event."""
    from datetime import UTC, datetime

    with Ledger(data / "ledger.db") as ledger:
        for day in days:
            at = datetime(2026, 11, day, 20, tzinfo=UTC)
            Closings(ledger, key).close_period("day", f"2026-11-{day:02}", at=at)


def told(data: Path) -> tuple[int, int]:
    events = alveole(data, "sync", "status")["events"]
    return events["acked"], events["last"]


def counted(hub: Path) -> list[tuple[int, int]]:
    """Give the numbers of the hub's events and how often each is there, by the hub's own count."""
    ask = (
        "from sync.hub.events.models import Event;"
        "print(sorted(Event.objects.values_list('seq', flat=True)))"
    )
    done = subprocess.run(
        [sys.executable, "main.py", "hub", "manage", "shell", "--data", str(hub),
         "--command", ask, "--no-imports"],
        cwd=ROOT, capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    seqs: list[int] = json.loads(done.stdout.strip().splitlines()[-1])
    return [(seq, seqs.count(seq)) for seq in dict.fromkeys(seqs)]


def test_a_lost_hub_comes_back_and_its_kiosk_goes_on(fresh: Any, tmp_path: Path) -> None:
    hub, data, backup = tmp_path / "hub", tmp_path / "kiosk", tmp_path / "hub.alvbackup"
    alveole(hub, "hub", "init")
    stick = tmp_path / "stick.key"
    shutil.copy2(hub / "hub-root.key", stick)
    (hub / "hub-root.key").unlink()
    with serving(hub) as url:
        port = int(url.rsplit(":", 1)[1])
        key = enrolled(hub, url, data)
        closed(data, key, 1, 2)
        alveole(data, "sync", "once", "--hub", url)
        assert told(data) == (2, 2)
        made = alveole(hub, "hub", "backup", "--out", str(backup))
        assert (made["damaged"], made["rows"]["events.event"]) == ([], 2)
        closed(data, key, 3, 4, 5)  # what the backup doesn't know
        alveole(hub, "hub", "publish")
        alveole(data, "sync", "once", "--hub", url)
        assert told(data) == (5, 5)
        before = alveole(data, "sync", "status")["pinned"]
    shutil.rmtree(hub)

    fresh()
    restored = alveole(hub, "hub", "restore", str(backup), "--root-key", str(stick))
    assert (restored["territories"], restored["odd"]) == ({"orne": 2}, [])
    assert (restored["closings"], (hub / "hub-root.key").exists()) == (2, False)
    closed(data, key, 6)  # the kiosk went on meanwhile
    with serving(hub, port) as url:
        for _ in range(2):
            alveole(data, "sync", "once", "--hub", url)
        assert told(data) == (6, 6)
        after = alveole(data, "sync", "status")
    assert (after["pinned"]["epoch"], before["epoch"]) == (2, 1)
    assert after["pinned"]["key"] == restored["hub_key"] != before["key"]
    assert {one["epoch"] for one in after["datasets"]} == {2}
    assert {one["code"] for one in after["alarms"]} == {"feed.keys", "hub.restored"}
    assert counted(hub) == [(seq, 1) for seq in range(1, 7)]


def test_a_drill_says_what_it_did_and_leaves_the_hub_as_it_was(
    fresh: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub = tmp_path / "hub"
    alveole(hub, "hub", "init")
    before = {one: one.stat().st_mtime_ns for one in hub.rglob("*") if one.is_file()}
    words: list[str] = []
    if source := os.environ.get("DATABASE_URL"):
        fresh()  # an empty database for what comes back
        words = ["--database", os.environ["DATABASE_URL"]]
        monkeypatch.setenv("DATABASE_URL", source)
    done = alveole(hub, "hub", "drill", *words)
    names = [step["name"] for step in done["steps"]]
    assert names == ["backup", "disk", "restore", "content", "enrolment", "sync", "events"]
    assert done["ok"]
    after = {one: one.stat().st_mtime_ns for one in before}
    changed = {one.name for one in before if before[one] != after[one]}
    assert changed <= {"hub.db-shm", "hub.db-wal", "hub.jsonl"}
