"""The kiosk of the chaos matrix: the real sync over a real TCP stack, in a namespace of its own."""

from __future__ import annotations

import asyncio
import json
import shutil
import sqlite3
import subprocess
import sys
import urllib.request
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from http.client import HTTPException
from pathlib import Path

import structlog

from kiosk.app.installed import SystemClock
from kiosk.domain.errors import DataAbsent
from kiosk.store.database import ContentReader
from kiosk.store.device_key import DeviceKey
from kiosk.store.ledger import Ledger
from kiosk.store.outbox import OutboxReader
from kiosk.store.sync_store import SyncStore
from sync.client import HubClient
from sync.engine.following import FAULTS, Follower
from sync.engine.telling import LEDGER
from sync.merge import stream_for
from sync.protocol.blobs import name_of
from sync.protocol.canonical import hex_sum, total
from sync.protocol.events import Event, body_hash
from tests.e2e.chaos.side import begin, serve
from tests.e2e.chaos.wire import HUB, KIOSK

URL = f"https://{HUB}"
DIGEST_HEX = 64
DISK_BYTES, PIECE_BYTES = 32 * 1024 * 1024, 4096
BALLAST = "ballast"


@dataclass(frozen=True, slots=True)
class Shifted:
    """The machine's clock, wrong by so many seconds (implements kiosk.ports.Clock)."""

    ahead_s: float

    def now(self) -> datetime:
        return SystemClock().now() + timedelta(seconds=self.ahead_s)

    def monotonic(self) -> float:
        return SystemClock().monotonic()


class Kiosks:
    """Data folders below one folder, each a kiosk."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def begin(self, name: str) -> str:
        """Make a kiosk; gives its public key."""
        data = self._folder / name
        data.mkdir(exist_ok=True)
        with Ledger(data / "ledger.db"):
            return DeviceKey(data).public_key.hex()

    def admitted(self, name: str, device: str) -> bool:
        """Note the kiosk's id at its hub."""
        with SyncStore(self._folder / name / "sync.db") as store:
            store.set_device(device)
        return True

    def clone(self, name: str, copy: str) -> bool:
        """Copy a kiosk whole, key and journal included."""
        shutil.copytree(self._folder / name, self._folder / copy)
        return True

    def facts(self, name: str, count: int, kind: str = "till.opened", payload: str = "") -> int:
        """Put facts into the outbox; gives the last one's number."""
        row = (kind, name, SystemClock().now().isoformat(), payload or json.dumps({"of": name}))
        with closing(sqlite3.connect(self._folder / name / "ledger.db")) as ledger, ledger:
            ledger.executemany(
                "INSERT INTO outbox(kind, subject, at, payload) VALUES(?, ?, ?, ?)", [row] * count
            )
            return int(ledger.execute("SELECT max(seq) FROM outbox").fetchone()[0])

    def round(self, name: str, stall_s: float = 1.0, ahead_s: float = 0.0) -> dict[str, object]:
        """Run one round of the sync; gives what it took, or the fault that ended it."""
        return asyncio.run(self._round(name, stall_s, Shifted(ahead_s)))

    async def _round(self, name: str, stall_s: float, clock: Shifted) -> dict[str, object]:
        try:
            with Follower(self._folder / name, "orne", clock) as follower:
                async with HubClient(URL, "orne", now=clock.now, stall_s=stall_s) as hub:
                    done = await follower.round(hub, first=True)
        except FAULTS as wrong:
            return {"fault": type(wrong).__name__, "why": str(wrong)}
        skew_s = done.outcome.skew_s
        return {"taken": done.outcome.taken, "kept": done.outcome.kept, "skew_s": skew_s}

    def state(self, name: str) -> dict[str, object]:
        """Give the records' count and sum, the events, and what people are told."""
        data = self._folder / name
        reader = ContentReader(data / "content.db")
        lines = [row[0] for row in reader.rows("SELECT line FROM record")]
        reader.close()
        shown: dict[str, object] = {"records": [len(lines), hex_sum(total(lines))]}
        with suppress(DataAbsent), SyncStore(data / "sync.db") as store:  # a full disk opens none
            stream = store.stream(LEDGER)
            shown |= {
                "events": _events(data),
                "acked": 0 if stream is None else stream.acked,
                "alarms": [alarm.code for alarm in store.alarms()],
                "refused": [[one.seq, one.code] for one in store.refused()],
            }
        return shown

    def small_disk(self, name: str) -> bool:
        """Put a kiosk that is to be made on a disk of its own."""
        data = self._folder / name
        data.mkdir()
        size = f"size={DISK_BYTES}"
        subprocess.run(["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(data)], check=True)
        return True

    def fill_disk(self, name: str) -> bool:
        """Leave no room on it."""
        with suppress(OSError), (self._folder / name / BALLAST).open("wb", buffering=0) as ballast:
            for _ in range(DISK_BYTES // PIECE_BYTES + 1):
                ballast.write(bytes(PIECE_BYTES))
        return True

    def free_disk(self, name: str) -> bool:
        """Give the room back."""
        (self._folder / name / BALLAST).unlink()
        return True

    def plainly(self, blob: str, stall_s: float = 1.0) -> str:
        """Fetch a blob as a plain program does, once and whole; gives its fault, "" for none."""
        try:
            with urllib.request.urlopen(f"{URL}/v1/b/{blob}", timeout=stall_s) as answer:
                whole = name_of(answer.read()) == blob
        except (OSError, HTTPException) as wrong:
            return type(wrong).__name__
        return "" if whole else "short"


def _events(data: Path) -> list[list[object]]:
    reader = OutboxReader(data / "ledger.db")
    first = reader.first()
    if first is None:
        return []
    epoch = stream_for(None, first.identity).epoch
    told = [
        Event(epoch=epoch, seq=row.seq, kind=row.kind, subject=row.subject, at=row.at,
              payload=row.payload)
        for row in reader.after(0, 10_000)
    ]  # fmt: skip
    return [[one.seq, body_hash(one).hex()[:DIGEST_HEX]] for one in told]


def main(folder: Path, number: int) -> None:
    """Do what the laboratory tells."""
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    begin(number, KIOSK)
    kiosks = Kiosks(folder)
    verbs = (
        kiosks.begin, kiosks.admitted, kiosks.clone, kiosks.facts, kiosks.round, kiosks.state,
        kiosks.small_disk, kiosks.fill_disk, kiosks.free_disk, kiosks.plainly,
    )  # fmt: skip
    serve({one.__name__: one for one in verbs})


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
