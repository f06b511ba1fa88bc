"""Follows a hub for as long as the kiosk runs: polls, takes, tells, and rests.

Rules:
1. A poll every POLL_S, half to one and a half times (a fleet must not move in step).
2. After a failure it rests by sync.merge's back-off; once the hub answers again, up to BACK_S more:
   a village whose line is back must not bring a thousand kiosks in one second.
3. A failure is logged once, and its end once; the kiosk's data stay whatever happens.
4. A kiosk that isn't enrolled tells nothing; on loopback the first sync learns the hub's keys.
5. An enrolled one tells first, then asks for what is its own (sync.engine.private), PRIVATE_S apart
   at least. Shut out, it takes what is public and nothing else.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, Self

import structlog

from kiosk.domain.errors import (
    BlobDamaged,
    DataAbsent,
    DeviceRevoked,
    FeedForged,
    FeedRefused,
    HubUnavailable,
)
from kiosk.ports import Clock
from kiosk.store.blob_store import FOLDER, BlobStore
from kiosk.store.copies import CopyWriter
from kiosk.store.device_key import DeviceKey
from kiosk.store.enrolment import EnrolmentStore
from kiosk.store.outbox import OutboxReader
from sync.client import HubClient, is_loopback
from sync.engine import memory
from sync.engine.copying import CONTENT, Copier, Outcome
from sync.engine.private import PrivateChannel
from sync.engine.telling import Teller, Told
from sync.merge import pause_s
from sync.message_signing import Identity
from sync.source import Source

LEDGER = "ledger.db"
POLL_S = 15.0
BACK_S = 30.0
PRIVATE_S = 60.0
SKEW_TOLD_S = 120.0
FAULTS = (BlobDamaged, DataAbsent, FeedForged, FeedRefused, HubUnavailable)

log = structlog.get_logger("sync.following")


class Stop(Protocol):
    """What tells the loop to end; a threading.Event is one."""

    def is_set(self) -> bool:
        """Whether to end."""
        ...

    def wait(self, timeout: float) -> bool:
        """Wait at most ``timeout`` seconds to be told."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What one round did; ``told`` is None when this kiosk isn't enrolled, or was shut out."""

    outcome: Outcome
    told: Told | None
    revoked: bool = False


class Follower:
    """A data folder's side of its hub; a context manager that closes its files."""

    def __init__(self, data: Path, territory: str, clock: Clock) -> None:
        """Open the databases; raises DataAbsent, InputRefused (a newer programme's)."""
        self._data = data
        self._territory = territory
        self._clock = clock
        with ExitStack() as opened:
            self.store = opened.enter_context(memory.opened(data, clock))
            writer = opened.enter_context(CopyWriter(data / CONTENT))
            self._closing = opened.pop_all()
        self.copier = Copier(
            data, store=self.store, blobs=BlobStore(data / FOLDER), writer=writer, clock=clock
        )
        self._teller = Teller(OutboxReader(data / LEDGER), self.store, clock)
        self._channel = PrivateChannel(data, self.store, clock)
        self._enrolment = EnrolmentStore(data)
        self._asked_s: float | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.close()

    async def take(self, source: Source, *, first: bool = False) -> Outcome:
        """Take what a source publishes; raises like ``Copier.sync``."""
        return await self.copier.sync(source, self._territory, first=first)

    async def round(self, hub: HubClient, *, first: bool) -> Round:
        """Take, tell, and ask for what is this kiosk's own; raises one of FAULTS."""
        memory.adopt(self._data, self.store, self._clock)
        outcome = await self.take(hub, first=first)
        if outcome.skew_s is not None and abs(outcome.skew_s) > SKEW_TOLD_S:
            log.warning("clock.skewed", ahead_s=round(outcome.skew_s))
        identity = self._identity()
        if identity is None:
            return Round(outcome=outcome, told=None, revoked=self._revoked)
        try:
            told = await self._teller.tell(hub, identity)
            await self._private(hub, identity)
        except DeviceRevoked:
            self._channel.shut_out()
            return Round(outcome=outcome, told=None, revoked=True)
        return Round(outcome=outcome, told=told)

    @property
    def _revoked(self) -> bool:
        licence = self._enrolment.licence()
        return licence is not None and licence.revoked_at is not None

    def _identity(self) -> Identity | None:
        """Give what this kiosk is at its hub; None: nothing, or shut out."""
        device, pin = self.store.device(), self.store.pin()
        if not device or pin is None or self._revoked:
            return None
        return Identity(device=device, signer=DeviceKey(self._data), hub_key=pin.key)

    async def _private(self, hub: HubClient, identity: Identity) -> None:
        now_s = self._clock.monotonic()
        if self._asked_s is not None and now_s - self._asked_s < PRIVATE_S:
            return
        await self._channel.fetch(hub, identity)
        self._asked_s = now_s


def follow(url: str, territory: str, data: Path, clock: Clock, stop: Stop) -> None:
    """Follow the hub until ``stop``; raises InputRefused, DataAbsent when it can't begin."""
    with Follower(data, territory, clock) as follower:
        asyncio.run(_follow(follower, url, territory, clock, stop))


async def _follow(follower: Follower, url: str, territory: str, clock: Clock, stop: Stop) -> None:
    rhythm = Rhythm(random.SystemRandom().random)
    async with HubClient(url, territory, now=clock.now) as hub:
        log.info("hub.followed")
        while not stop.is_set():
            try:
                await follower.round(hub, first=is_loopback(url))
            except FAULTS as wrong:
                rest_s = rhythm.failed(str(wrong), getattr(wrong, "after_s", 0.0))
            else:
                rest_s = rhythm.fine()
            await asyncio.to_thread(stop.wait, rest_s)


class Rhythm:
    """How long to rest after each round (rules 1 to 3); ``chance`` gives numbers in [0, 1)."""

    def __init__(self, chance: Callable[[], float]) -> None:
        self._chance = chance
        self._failures = 0

    def fine(self) -> float:
        """Give the rest after a round that went well, in seconds."""
        rest_s = POLL_S * (0.5 + self._chance())
        if self._failures:
            log.info("hub.recovered", failures=self._failures)
            rest_s += BACK_S * self._chance()
        self._failures = 0
        return rest_s

    def failed(self, why: str, asked_s: float) -> float:
        """Give the rest after a failure, in seconds."""
        if not self._failures:
            log.warning("hub.failed", why=why)
        self._failures += 1
        return pause_s(self._failures, self._chance(), asked_s)
