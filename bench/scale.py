"""Measures what bounds a fleet: cache hits before the hub, and the intake of events.

The fleet: KIOSKS simulated kiosks on loopback, each a first copy and then a poll every POLL_S for
POLLED_S, behind Debian's nginx with deploy/hub/nginx.conf's rules but TLS (a CDN or a core of its
own bears that). Half-way the hub publishes. A request that nginx didn't pass on is a hit.

The intake: batches of signed events through Django's whole path, in one process, commits durable
(SQLite FULL, PostgreSQL 15 with fsync). ``cpu`` is the process' own and, for PostgreSQL, its
server's. A batch of 500 is a kiosk that comes back; one of 5 is a kiosk's usual minute.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import socket
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from kiosk.app.cli_bench import Figure, Options
from kiosk.app.installed import SystemClock
from sync.hub import project
from sync.hub.here import Here
from sync.message_signing import Asked
from sync.protocol.events import Event, read_answer, write_batch
from tests import front, hubs, postgres
from tests.alv1 import wire

GATES = {"fleet_misses_pct": 1.0, "fleet_failures": 0, "unchanged_poll_bytes": 400}
KIOSKS, POLL_S, POLLED_S = 1000, 15.0, 45.0
RECORDS = 2000
ATONCE = 200  # connections
START_TRIES, START_STEP_S = 200, 0.05
BATCHES = {500: 20, 5: 100}  # events in a batch: how many batches
PASSED_ON = frozenset({"MISS", "EXPIRED", "BYPASS"})
TICKS = os.sysconf("SC_CLK_TCK")
EPOCH = "e1"


def run(_options: Options) -> Mapping[str, Figure]:
    """Measure; gives counts, percents, events/s and microseconds (``_us``)."""
    with tempfile.TemporaryDirectory(prefix="alveole-scale-") as name:
        folder = Path(name)
        hub = hubs.made(folder / "hub", SystemClock())
        hubs.set_up(SystemClock())
        figures = {**of_fleet(folder, hub), **of_intake(hub, "sqlite")}
        if not any(Path(postgres.HOMES).glob("*/bin/initdb")):
            return {**figures, "postgresql": "not installed"}
        with postgres.cluster(durable=True) as running:
            running.create("hub")
            server = int((running.socket / "data" / "postmaster.pid").read_text().split()[0])
            hubs.use_database(hubs.described(running, "hub", folder))
            hubs.migrate()
            return {**figures, **of_intake(hub, "postgresql", server)}


def of_fleet(folder: Path, hub: Here) -> dict[str, Figure]:
    """Let a fleet copy and poll; gives requests, hits and the CPU of nginx and hub."""
    hubs.use_database(project.sqlite(folder / "hub.db"))
    hubs.migrate()
    if front.missing():
        return {"fleet": front.missing()}
    _publish(hub, 1)
    with _served(hub) as server, _fronted(folder, hub, server.port) as (web, url):
        asyncio.run(_first(url))
        began = _cpu_s(server.pid)
        asyncio.run(_fleet(url, hub))
        spent = {"hub": _cpu_s(server.pid) - began, "nginx": sum(map(_cpu_s, _children(web.pid)))}
        lines = web.log()
    passed = sum(line.split(" ", 1)[0] in PASSED_ON for line in lines)
    failed = [line for line in lines if line.split(" ")[1] not in {"200", "304"}]
    return {
        "fleet_kiosks": KIOSKS,
        "fleet_requests": len(lines),
        "fleet_failures": len(failed),
        "fleet_first_failure": failed[0] if failed else "none",
        "fleet_hits_pct": 100 - 100 * passed / len(lines),
        "fleet_misses_pct": 100 * passed / len(lines),
        "unchanged_poll_bytes": max(int(one.split(" ")[2]) for one in lines if " 304 " in one),
        "nginx_cpu_us_a_request": 1e6 * spent["nginx"] / len(lines),
        "hub_cpu_us_a_miss": 1e6 * spent["hub"] / max(1, passed),
    }


async def _fleet(url: str, hub: Here) -> None:
    chance = random.Random(6)
    gate = asyncio.Semaphore(ATONCE)
    connector = aiohttp.TCPConnector(limit=ATONCE)
    async with aiohttp.ClientSession(connector=connector, auto_decompress=False) as session:
        kiosks = [_kiosk(session, gate, url, hub, chance.random()) for _ in range(KIOSKS)]
        news = asyncio.create_task(_news(hub))
        await asyncio.gather(*kiosks)
        await news


async def _first(url: str) -> None:
    """Ask once: what a process does at its first request counts for no kiosk."""
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{url}/v1/t/orne/manifest") as answer,
    ):
        await answer.read()


async def _news(hub: Here) -> None:
    await asyncio.sleep(POLLED_S / 2)
    await asyncio.to_thread(_publish, hub, 2)


async def _kiosk(
    session: aiohttp.ClientSession, gate: asyncio.Semaphore, url: str, hub: Here, chance: float
) -> None:
    """Copy, then poll, and take what is new."""
    await asyncio.sleep(chance * POLL_S)
    end, etag = time.monotonic() + POLLED_S, ""
    held: set[str] = set()
    while time.monotonic() < end:
        asked = {"If-None-Match": etag} if etag else {}
        async with gate, session.get(f"{url}/v1/t/orne/manifest", headers=asked) as answer:
            await answer.read()
            etag = answer.headers.get("ETag", etag)
            new = answer.status == 200
        for name in sorted(_blobs(hub) - held) if new else ():
            async with gate, session.get(f"{url}/v1/b/{name}") as answer:
                await answer.read()
            held.add(name)
        await asyncio.sleep(POLL_S * (0.5 + chance))


def _blobs(hub: Here) -> set[str]:
    return {path.name for path in hub.blobs.glob("*/[0-9a-f]*")}


def _publish(hub: Here, seed: int) -> None:
    from sync.hub.datasets.models import Dataset
    from sync.hub.datasets.publishing import publish, sign
    from sync.hub.territories.models import Territory

    Territory.objects.get_or_create(slug="orne", defaults={"name": "L'Orne"})
    row, _ = Dataset.objects.get_or_create(
        territory_id="orne", slug="places", defaults={"kind": "stop", "refresh_s": 60}
    )
    chance = random.Random(seed)
    values = [chance.randrange(1000) if number % 100 == 0 else 7 for number in range(RECORDS)]
    records = [wire(f"p{number:05}", value) for number, value in enumerate(values)]
    publish(hub, row, records, hub.clock.now())
    sign(hub, "orne")


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """The hub's server: its process and its port."""

    pid: int
    port: int


@contextmanager
def _served(hub: Here) -> Iterator[Served]:
    """Serve the hub in a process of its own."""
    from django.conf import settings
    from django.db import connections

    from sync.hub.server import listen
    from sync.hub.server import run as serve

    settings.HUB = hub
    connections["default"].close()
    taken = listen(0)
    child = os.fork()
    if child == 0:
        serve(taken, lambda: None)
        os._exit(0)
    port = int(taken.getsockname()[1])
    taken.close()
    try:
        _await(port)
        yield Served(pid=child, port=port)
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def _await(port: int) -> None:
    """Wait until somebody listens; before the hub does, nginx answers 502."""
    for _ in range(START_TRIES):
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(START_STEP_S)
    raise AssertionError(f"nobody listens on {port}")


@contextmanager
def _fronted(folder: Path, hub: Here, port: int) -> Iterator[tuple[front.Front, str]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        own = int(free.getsockname()[1])
    listen = f"127.0.0.1:{own}"
    web = front.Front(folder / "nginx")
    web.start(front.Site(listen=listen, hub=f"http://127.0.0.1:{port}", blobs=hub.blobs))
    try:
        _await(own)
        yield web, f"http://{listen}"
    finally:
        web.stop()


def of_intake(hub: Here, kind: str, server: int = 0) -> dict[str, Figure]:
    """Send signed batches through the hub; ``server`` is PostgreSQL's first process."""
    from django.conf import settings

    from tests.kiosks import enrolled, send

    settings.HUB = hub
    figures: dict[str, Figure] = {}
    for size, batches in BATCHES.items():
        kiosk = enrolled(hub, f"{kind[0]}{size}")
        path = f"/v1/events/{kiosk.id}"
        signed: list[tuple[Asked, bytes]] = []
        for number in range(batches):
            body, _ = write_batch(_events(number * size + 1, size))
            key = {"idempotency-key": f"{EPOCH}-{number}"}
            signed.append((kiosk.signed("POST", path, body, headers=key), body))
        before, begun = _spent_s(server), time.perf_counter()
        answers = [send(one, body, media="application/zstd") for one, body in signed]
        took_s, cpu_s = time.perf_counter() - begun, _spent_s(server) - before
        acks = [read_answer(one.content).ack for one in answers]
        assert acks == [(number + 1) * size for number in range(batches)], "each counted once"
        events = size * batches
        figures |= {
            f"{kind}_events_a_s_by_{size}": events / took_s,
            f"{kind}_cpu_us_an_event_by_{size}": 1e6 * cpu_s / events,
        }
    return figures


def _events(first: int, count: int) -> Sequence[Event]:
    payload = '{"amount_cents":410,"service":"piscine","product":101,"balance_cents":1590}'
    return [
        Event(
            epoch=EPOCH,
            seq=seq,
            kind="card.debited",
            subject=f"M-{seq:012x}",
            at="2026-11-30T10:00:00+01:00",
            payload=payload,
        )
        for seq in range(first, first + count)
    ]


def _spent_s(server: int) -> float:
    """Give the CPU of this process, and of PostgreSQL's where there is one, in seconds."""
    if not server:
        return time.process_time()
    return time.process_time() + sum(map(_cpu_s, (server, *_children(server))))


def _children(pid: int) -> list[int]:
    told = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    return [int(word) for word in told.split()]


def _cpu_s(pid: int) -> float:
    """Give the CPU that a process has used, and its dead children, in seconds."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / TICKS
