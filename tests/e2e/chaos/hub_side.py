"""The hub of the chaos matrix: the real one, on SQLite, behind nginx, in a namespace of its own."""

from __future__ import annotations

import os
import random
import shutil
import signal
import socket
import sqlite3
import sys
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import structlog

from kiosk.app.installed import SystemClock
from kiosk.domain.record import Json
from sync.hub import project
from sync.hub.config import HubConfig
from sync.hub.here import Here
from sync.hub.keys import FileKey, make_keys, rotate_key
from sync.protocol.canonical import hex_sum, total
from tests.alv1 import wire as record
from tests.e2e.chaos.side import begin, serve
from tests.e2e.chaos.wire import HUB
from tests.front import Front, Site

PORT = 8642
STEPS, STEP_S = 200, 0.05
DATASET, TERRITORY = "stops", "orne"
PORTAL = """
server {{ listen {hub}:443 ssl; {certificate}
    location / {{ return {answer}; }} }}
"""
# The deployed rules, but that a manifest is kept a second in place of five: the tests' patience.
QUICK = {
    "proxy_cache_valid 200 5s;": "proxy_ignore_headers Cache-Control; proxy_cache_valid 200 1s;",
}
# A cache that keeps what it has for an hour, and blobs in it too: a CDN that is set up wrongly.
STALE = {
    "proxy_cache_valid 200 5s;": "proxy_ignore_headers Cache-Control; proxy_cache_valid 200 1h;",
    "alias /var/lib/alveole-hub/blobs/$shard/$shard$rest;": "proxy_cache manifests;"
    " proxy_cache_valid 200 1h; proxy_cache_bypass $http_cache_control; proxy_pass {hub};",
}


class Hub:
    """The hub's folder, its server's process and its nginx."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "hub"
        self.data.mkdir()
        make_keys(self.data)
        self._folder = folder
        self._fronts = {name: Front(folder / name) for name in ("fresh", "stale", "portal")}
        self._front: Front | None = None
        self._server = 0
        config = HubConfig(data=self.data, public_url=f"https://{HUB}", territory=TERRITORY)
        self._config = config
        self.here = self._made()
        project.configure(self.here)
        self._prepare()
        self.serve()
        self.front("fresh")

    def _made(self) -> Here:
        key = FileKey(self.data / "hub-signing.key")
        return Here(config=self._config, clock=SystemClock(), key=key)

    def _prepare(self) -> None:
        from sync.hub.datasets.models import Dataset
        from sync.hub.setup import begin_epoch, migrate
        from sync.hub.territories.models import Territory

        migrate()
        Territory.objects.create(slug=TERRITORY, name="L'Orne")
        Dataset.objects.create(
            territory_id=TERRITORY, slug=DATASET, title={"fr": "Arrêts"}, kind="stop",
            source="Région", licence="ODbL", refresh_s=60,
        )  # fmt: skip
        self.publish(1, 1)
        begin_epoch(self.here, TERRITORY)  # names the online key

    def serve(self) -> bool:
        """Start the server in a process of its own."""
        self._forget_connection()
        child = os.fork()
        if child == 0:
            from sync.hub.server import listen, run

            run(listen(PORT), lambda: None)
            os._exit(0)
        self._server = child
        return _listens("127.0.0.1", PORT)

    def stop(self) -> bool:
        """Kill the server, as a crash does."""
        if self._server:
            os.kill(self._server, signal.SIGKILL)
            os.waitpid(self._server, 0)
            self._server = 0
        return True

    def front(self, name: str, answer: str = "200 login", certificate: str = "hub") -> bool:
        """Let another web server answer at the hub's address."""
        if self._front is not None:
            self._front.stop()
        pair = "ssl_certificate {0}.pem; ssl_certificate_key {0}.key;"
        shown = pair.format(self._folder / certificate)
        site = Site(
            listen=f"{HUB}:443 ssl",
            hub=f"http://127.0.0.1:{PORT}",
            blobs=self.data / "blobs",
            certificate=shown,
            changes=STALE if name == "stale" else QUICK,
        )
        self._front = self._fronts[name]
        whole = PORTAL.format(hub=HUB, certificate=shown, answer=answer)
        self._front.start(site, instead=whole if name == "portal" else "")
        return _listens(HUB, 443)

    def spoil_cache(self) -> int:
        """Flip the last byte of each blob that the stale cache holds; gives how many."""
        spoilt = 0
        for file in (self._folder / "stale" / "cache").rglob("*"):
            data = file.read_bytes() if file.is_file() else b""
            if b"/v1/b/" in data:
                file.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
                spoilt += 1
        return spoilt

    def publish(self, count: int, seed: int) -> int:
        """Publish that many new records, which hardly compress; gives the head."""
        from sync.hub.datasets.models import Dataset
        from sync.hub.datasets.publishing import publish, sign

        row = Dataset.objects.get(slug=DATASET)
        done = publish(self.here, row, _records(count, seed), self.here.clock.now())
        sign(self.here, TERRITORY)
        return done.head

    def admit(self, public_key: str, name: str) -> str:
        """Let a kiosk in; gives its id."""
        from sync.hub.devices.models import Device

        now = self.here.clock.now()
        Device.objects.create(
            id=name, territory_id=TERRITORY, name=name, public_key=public_key, approved_at=now,
            licence_until=now + timedelta(days=30),
        )  # fmt: skip
        return name

    def state(self, name: str) -> dict[str, object]:
        """Give the records' count and sum, and a kiosk's events as they are stored."""
        from sync.hub.datasets.models import StoredRecord
        from sync.hub.events.models import Event, Fork

        lines = [bytes(row.body) for row in StoredRecord.objects.filter(dataset__slug=DATASET)]
        events = Event.objects.filter(device_id=name).order_by("epoch", "seq")
        return {
            "records": [len(lines), hex_sum(total(lines))],
            "events": [[one.seq, one.digest] for one in events],
            "rejected": [one.seq for one in events if one.code],
            "forks": Fork.objects.filter(device_id=name).count(),
        }

    def largest(self) -> str:
        """Give the name of the largest blob."""
        from sync.hub.datasets.models import Blob

        return Blob.objects.order_by("-size")[0].name

    def keep(self) -> bool:
        """Take a backup of the database."""
        with (
            closing(sqlite3.connect(self.data / "hub.db")) as source,
            closing(sqlite3.connect(self.data / "backup.db")) as target,
        ):
            source.backup(target)
        return True

    def restore(self) -> bool:
        """Bring the backup back as docs/hub.md tells: a new epoch, a new key."""
        from sync.hub.setup import begin_epoch

        self.stop()
        self._forget_connection()
        for end in ("", "-wal", "-shm"):
            (self.data / f"hub.db{end}").unlink(missing_ok=True)
        shutil.copyfile(self.data / "backup.db", self.data / "hub.db")
        rotate_key(self.data)
        self.here = self._made()
        _settle(self.here)
        begin_epoch(self.here, TERRITORY)
        return self.serve()

    def end(self) -> None:
        """End everything."""
        self.stop()
        if self._front is not None:
            self._front.stop()

    def _forget_connection(self) -> None:
        from django.db import connections

        connections["default"].close()


def _listens(host: str, port: int) -> bool:
    """Wait until somebody listens there."""
    for _ in range(STEPS):
        with socket.socket() as tried:
            if tried.connect_ex((host, port)) == 0:
                return True
        time.sleep(STEP_S)
    return False


def _settle(hub: Here) -> None:
    from django.conf import settings

    settings.HUB = hub


def _records(count: int, seed: int) -> list[dict[str, Json]]:
    chance = random.Random(seed)
    return [
        record(f"s{number:05}", number, body={"fr": chance.randbytes(120).hex()})
        for number in range(count)
    ]


def main(folder: Path, number: int) -> None:
    """Serve what the laboratory tells."""
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    begin(number, HUB)
    hub = Hub(folder)
    verbs = (
        hub.serve, hub.stop, hub.front, hub.spoil_cache, hub.publish, hub.admit, hub.state,
        hub.keep, hub.restore, hub.largest,
    )  # fmt: skip
    try:
        serve({one.__name__: one for one in verbs})
    finally:
        hub.end()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
