"""A citizen's report, from a kiosk to a served hub, answered there, read at the kiosk again."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from kiosk.app.console import Place
from kiosk.app.context import context_of
from kiosk.app.installed import SystemClock, installed
from kiosk.app.report_box import ReportBox
from kiosk.domain.report import Category
from kiosk.store.device_key import DeviceKey
from kiosk.store.sync_store import SyncStore
from tests.e2e.served_hub import ROOT, alveole, post, served
from ui.views.report import build_follow

ANSWER = "La voirie rebouche le trou mardi."


def let_in(hub: Path, url: str, data: Path) -> None:
    """Enrol a kiosk."""
    key = DeviceKey(data)
    public = key.public_key.hex()
    ask = {"territory": "orne", "name": "borne-1", "algorithm": "ed25519", "public_key": public}
    begun = post(f"{url}/v1/enrol", ask, key)
    alveole(hub, "hub", "enrol-code", begun["user_code"])
    alveole(hub, "hub", "enrol-code", begun["user_code"], "--approve")
    poll = {"device_code": begun["device_code"], "public_key": public}
    enrolled = post(f"{url}/v1/enrol/token", poll, key)
    with SyncStore(data / "sync.db") as store:
        store.set_device(enrolled["kiosk"])


def test_a_hole_in_the_road_is_answered_at_the_kiosk_where_it_was_reported(tmp_path: Path) -> None:
    data = tmp_path / "kiosk"
    data.mkdir()
    here = installed(Place(data=data, territory="orne"))
    box = ReportBox(here, SystemClock())
    # while there is no hub: the report is kept
    sent = box.reports().send(Category.ROAD, "Rue du Pont", "Un trou profond")
    box.close()
    with served(tmp_path) as (hub, url):
        let_in(hub, url, data)
        alveole(data, "sync", "once", "--hub", url)
        command = [sys.executable, "-m", "tests.e2e.triage_report", str(hub), ANSWER]
        subprocess.run(command, cwd=ROOT, check=True, timeout=120)
        alveole(data, "sync", "once", "--hub", url)
    context = context_of(here, SystemClock())
    frame = build_follow(context, "signaler", sent.code)
    assert [row.heading for row in frame.rows] == ["La mairie a répondu", "Réponse de la mairie"]
    assert frame.rows[1].detail == ANSWER
