"""Fills a hub that is served, in a process of its own: a kiosk with much to tell."""

from __future__ import annotations

import json
import shutil
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from kiosk.app.installed import SystemClock
from sync.hub.opened import opened
from sync.protocol.events import Event

KINDS = ("topup.done", "move.confirmed", "ticket.redeemed", "session.assisted")


def main() -> None:
    told: dict[str, Any] = json.loads(sys.stdin.read())
    clock = SystemClock()
    hub = opened(Path(told["data"]), clock)
    from sync.hub.accounts.models import Membership, Role, User
    from sync.hub.devices.models import Device
    from sync.hub.events import intake
    from sync.hub.events.models import Event as Stored
    from sync.hub.events.models import Photo

    now = clock.now()
    device = Device.objects.create(
        id="kdemo", territory_id="orne", name="borne-1", public_key=told["key"], approved_at=now,
        licence_until=now + timedelta(days=30), seen_at=now,
    )  # fmt: skip
    anna = User.objects.create_user("anna")
    Membership.objects.create(user=anna, territory_id="orne", role=Role.AGENT)
    sha256 = told["sha256"]
    (hub.photos / device.id).mkdir(parents=True)
    shutil.copyfile(told["photo"], hub.photos / device.id / sha256)
    size = Path(told["photo"]).stat().st_size
    Photo.objects.create(
        device=device, sha256=sha256, size=size, total=size, began_at=now, complete_at=now
    )

    def take(epoch: str, rows: list[tuple[str, str, str]], first: int = 1) -> None:
        events = [
            Event(epoch=epoch, seq=seq, kind=kind, subject="", at=at, payload=payload)
            for seq, (kind, at, payload) in enumerate(rows, first)
        ]
        intake.take(hub, device, events)

    take("ledger", [(kind, at, payload) for kind, at, payload in told["closings"]])
    report = {"code": "TRX-4821", "category": "road", "place": "Rue du Pont, Alençon",
              "text": "Un trou profond sur la piste cyclable,\nprès du passage piéton.",
              "photo": sha256}  # fmt: skip
    at = now.isoformat()
    take("civic", [("till.opened", at, "[]"), ("report.sent", at, json.dumps(report))])
    take("civic", [("till.opened", at, '{"copied":true}')])
    for back in range(28):
        some = [(kind, at, "{}") for kind in KINDS for _ in range((back * 7 + len(kind)) % 9)]
        if some:
            take(f"day-{back}", some)
            _put_back(Stored, f"day-{back}", now - timedelta(days=back))


def _put_back(stored: Any, epoch: str, moment: datetime) -> None:
    stored.objects.filter(epoch=epoch).update(received_at=moment)


if __name__ == "__main__":
    main()
