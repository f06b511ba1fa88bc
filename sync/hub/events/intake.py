"""Events in: stored exactly once, acknowledged as far as they are here without a gap.

Rules:
1. Events and position change in one transaction; the primary key (kiosk, epoch, seq) lets an event
   that is sent again change nothing (SYNC.md, "alv1, upstream").
2. An event that can't be used is kept with its code, and told; the ones behind it go on.
3. The same number with another body is a fork: kept as an alarm, told, and never stored over.
4. What events say of cards is taken in with them (sync.hub.cards.heard).
5. ``ack`` is read from what is stored: a hub that was restored tells a lower one, and the kiosk
   sends again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec
import structlog
from django.db import models, transaction

from kiosk.domain.record import Json
from sync.hub.cards.heard import hear
from sync.hub.devices.models import Device
from sync.hub.events.models import DIGEST_HEX, KIND_MAX, Event, Fork, Position
from sync.hub.here import Here
from sync.protocol.events import EVENTS_MAX, Answer, Rejected, body_hash, line_of
from sync.protocol.events import Event as Told

FORKS_MAX = 1_000  # of one kiosk; more say nothing new
AHEAD_MAX = 20 * EVENTS_MAX  # events that wait behind a gap and are looked through at once
HEALTH = "kiosk.health"
_KIND = re.compile(rf"[a-z0-9_.-]{{1,{KIND_MAX}}}")

log = structlog.get_logger("hub.events")


def take(hub: Here, device: Device, batch: Sequence[Told]) -> Answer:
    """Store a batch of one epoch, rising numbers; gives what the kiosk is answered."""
    assert batch, "the reader refuses an empty batch"
    epoch, now = batch[0].epoch, hub.clock.now()
    rows = [_row(device, event, now) for event in batch]
    with transaction.atomic():
        position = _locked(device, epoch)
        numbers = [row.seq for row in rows]
        known = {row.seq: row for row in _stored(device, epoch).filter(seq__in=numbers)}
        fresh = [row for row in rows if row.seq not in known]
        Event.objects.bulk_create(fresh, ignore_conflicts=True)
        forks = _forked(rows, known)
        _alarm(device, forks, now)
        position.ack = _without_gap(device, epoch, position.ack)
        position.save(update_fields=["ack"])
        sound = {row.seq for row in fresh if not row.code}
        _note_health(device, batch, sound)
        hear(hub, device, [event for event in batch if event.seq in sound], now)
    return Answer(
        ack=position.ack,
        rejected=_rejected(rows, known),
        forks=tuple(row.seq for row in forks),
    )


def _forked(rows: Sequence[Event], known: Mapping[int, Event]) -> list[Event]:
    """Give the rows whose number is known with another body."""
    return [row for row in rows if row.seq in known and known[row.seq].digest != row.digest]


def _rejected(rows: Sequence[Event], known: Mapping[int, Event]) -> tuple[Rejected, ...]:
    """Give the events that can't be used, as they were judged when they first came."""
    judged = [known.get(row.seq, row) for row in rows]
    return tuple(Rejected(seq=row.seq, code=row.code) for row in judged if row.code)


def why_not(event: Told) -> str:
    """Give the code of an event that can't be used, "" for a sound one."""
    if not _KIND.fullmatch(event.kind):
        return "event.kind"
    try:
        payload = msgspec.json.decode(event.payload.encode())
        moment = datetime.fromisoformat(event.at)
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        return "event.payload"
    except ValueError:
        return "event.moment"
    if not isinstance(payload, dict):
        return "event.payload"
    return "" if moment.tzinfo is not None else "event.moment"


def _locked(device: Device, epoch: str) -> Position:
    """Give the stream's position, its row locked until the transaction ends."""
    Position.objects.get_or_create(device=device, epoch=epoch)
    return Position.objects.select_for_update().get(device=device, epoch=epoch)


def _stored(device: Device, epoch: str) -> models.QuerySet[Event]:
    return Event.objects.filter(device=device, epoch=epoch)


def _row(device: Device, event: Told, now: datetime) -> Event:
    return Event(
        device=device,
        epoch=event.epoch,
        seq=event.seq,
        kind=event.kind if _KIND.fullmatch(event.kind) else "",  # the body says what it was
        digest=body_hash(event).hex()[:DIGEST_HEX],
        body=line_of(event),
        code=why_not(event),
        received_at=now,
    )


def _alarm(device: Device, forked: Sequence[Event], now: datetime) -> None:
    if not forked or Fork.objects.filter(device=device).count() >= FORKS_MAX:
        return
    rows = [
        Fork(device=device, epoch=row.epoch, seq=row.seq, digest=row.digest, seen_at=now)
        for row in forked
    ]
    Fork.objects.bulk_create(rows, ignore_conflicts=True)
    log.warning("events.forked", device=device.id, seqs=[row.seq for row in forked[:10]])


def _without_gap(device: Device, epoch: str, ack: int) -> int:
    """Give the highest number up to which every event is stored."""
    ahead = _stored(device, epoch).filter(seq__gt=ack).order_by("seq")
    for seq in ahead.values_list("seq", flat=True)[:AHEAD_MAX]:
        if seq != ack + 1:
            break
        ack = seq
    return ack


def _note_health(device: Device, batch: Sequence[Told], fresh: set[int]) -> None:
    """Keep what a kiosk last said of its own state, for the fleet's page."""
    told = [event for event in batch if event.kind == HEALTH and event.seq in fresh]
    if told:
        health: dict[str, Json] = msgspec.json.decode(told[-1].payload.encode())
        device.health = {**health, "at": told[-1].at}
        device.save(update_fields=["health"])
