"""Sends the journal's outbox to the hub: does what sync.merge's rules say.

Rules:
1. The outbox is only read. How far the hub holds it stands in sync.db, with the quarantine, after
   each answer.
2. An event that has no room in a batch is told without its content, and noted in the quarantine:
   it doesn't hold back the ones behind it.
3. One call sends at most BATCHES_MAX batches, and ends when the hub takes nothing more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import structlog

from kiosk.ports import Clock
from kiosk.store.outbox import OutboxReader, OutboxRow
from kiosk.store.sync_store import Refusal, SyncStore
from sync import merge
from sync.message_signing import Identity
from sync.protocol.events import (
    EVENT_BYTES_MAX,
    EVENTS_MAX,
    Answer,
    Event,
    line_of,
    read_answer,
    write_batch,
)

LEDGER = "ledger"  # the stream's name in sync.db
BATCHES_MAX = 100
TOO_LONG = "event.too_long"

log = structlog.get_logger("sync.telling")


class Hub(Protocol):
    """Where batches go (sync.client.HubClient is one)."""

    async def send(self, batch: bytes, identity: Identity, *, key: str) -> bytes:
        """Send a batch; gives the verified answer."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """How many events were sent, how far the hub holds them, and how many there are."""

    sent: int
    acked: int
    last: int


class Teller:
    """Sends one outbox."""

    def __init__(self, outbox: OutboxReader, store: SyncStore, clock: Clock) -> None:
        self._outbox = outbox
        self._store = store
        self._clock = clock

    async def tell(self, hub: Hub, identity: Identity) -> Told:
        """Send what the hub doesn't hold; raises HubUnavailable, FeedForged, FeedRefused."""
        first = self._outbox.first()
        if first is None:
            return Told(sent=0, acked=0, last=0)
        stream = merge.stream_for(self._store.stream(LEDGER), first.identity)
        sent = 0
        for _ in range(BATCHES_MAX):
            rows = self._outbox.after(stream.acked, EVENTS_MAX)
            if not rows:
                break
            before = stream.acked
            stream, taken = await self._batch(hub, identity, stream, rows)
            sent += taken
            if stream.acked == before:
                log.warning("events.stuck", acked=before)
                break
        return Told(sent=sent, acked=stream.acked, last=self._outbox.last())

    async def _batch(
        self, hub: Hub, identity: Identity, stream: merge.Stream, rows: Sequence[OutboxRow]
    ) -> tuple[merge.Stream, int]:
        """Send one batch and keep its answer; gives the stream and how many were in it."""
        events = [_event(stream.epoch, row) for row in rows]
        batch, taken = write_batch(events)
        key = f"{stream.epoch}-{events[0].seq}-{events[taken - 1].seq}"
        answer = read_answer(await hub.send(batch, identity, key=key))
        heard = merge.hear(stream, self._outbox.last(), answer)
        cut = [row.seq for row in rows[:taken] if _cut(_whole(stream.epoch, row))]
        self._keep(heard, answer, cut)
        return heard.stream, taken

    def _keep(self, heard: merge.Heard, answer: Answer, cut: Sequence[int]) -> None:
        now = int(self._clock.now().timestamp())
        epoch = heard.stream.epoch
        refused = [Refusal(epoch=epoch, seq=one.seq, code=one.code) for one in answer.rejected]
        refused += [Refusal(epoch=epoch, seq=seq, code=TOO_LONG) for seq in cut]
        self._store.set_stream(LEDGER, heard.stream, refused, now)
        for code, about in heard.alarms:
            log.warning(code, about=about)
            self._store.raise_alarm(code, about, now)


def _whole(epoch: str, row: OutboxRow) -> Event:
    return Event(
        epoch=epoch,
        seq=row.seq,
        kind=row.kind,
        subject=row.subject,
        at=row.at,
        payload=row.payload,
    )


def _cut(event: Event) -> bool:
    return len(line_of(event)) >= EVENT_BYTES_MAX


def _event(epoch: str, row: OutboxRow) -> Event:
    whole = _whole(epoch, row)
    if not _cut(whole):
        return whole
    return Event(
        epoch=epoch, seq=row.seq, kind=row.kind[:200], subject=row.subject[:200], at=row.at,
        payload='{"cut":true}',
    )  # fmt: skip
