"""Opens sync.db; a damaged one is set aside and begun anew from what can't be lost with it.

Rules:
1. A file that SQLite can't read is renamed sync.db.damaged-<time>. It comes back empty, with an
   alarm, and doctor tells it.
2. What was lost comes back: this kiosk's id and the hub's root key from its enrolment, the online
   key from the notice that the root has signed, the highest manifest from the one that was kept.
   On loopback, without an enrolment, the next sync learns the hub's keys again.
3. Events are lost by it neither here nor there: they stand in the journal's outbox, are sent again
   from the first on, and the hub counts each once. The quarantine comes back with its answers; old
   alarms stay in the file that was set aside.
"""

from __future__ import annotations

from pathlib import Path

import structlog

from kiosk.domain.errors import FeedForged, FeedRefused
from kiosk.ports import Clock
from kiosk.store.damage import is_damaged, set_aside
from kiosk.store.enrolment import EnrolmentStore, LetIn
from kiosk.store.sync_store import FILE, SyncStore
from sync import feed
from sync.engine import folder
from sync.feed import Pin

REBUILT = "sync.rebuilt"  # the alarm of rule 1

log = structlog.get_logger("sync.memory")


def opened(data: Path, clock: Clock) -> SyncStore:
    """Open the sync's memory in a data folder; raises DataAbsent when none can be made."""
    aside = set_aside(data / FILE, clock.now()) if is_damaged(data / FILE) else None
    store = SyncStore(data / FILE)
    if aside is not None:
        log.warning(REBUILT, aside=aside.name)
        store.raise_alarm(REBUILT, aside.name, int(clock.now().timestamp()))
    adopt(data, store, clock)
    return store


def adopt(data: Path, store: SyncStore, clock: Clock) -> None:
    """Let the store know what this kiosk is at its hub, where it doesn't yet; raises DataAbsent."""
    let_in = EnrolmentStore(data).let_in()
    if let_in is None:
        return
    if store.device() != let_in.kiosk:
        store.set_device(let_in.kiosk)
    pin = store.pin()
    if pin is not None and pin.root.hex() == let_in.root:
        return
    pin = _newest(data, let_in)
    store.begin(pin, _seen(data, pin, clock))


def _newest(data: Path, let_in: LetIn) -> Pin:
    """Give the keys of the enrolment, or those that its root has named since."""
    pin = Pin(
        territory=let_in.territory,
        root=bytes.fromhex(let_in.root),
        key=bytes.fromhex(let_in.key),
        epoch=let_in.epoch,
    )
    notice = folder.kept(data, folder.KEYS)
    try:
        return pin if notice is None else feed.rotated(notice, pin)
    except (FeedForged, FeedRefused):
        return pin


def _seen(data: Path, pin: Pin, clock: Clock) -> feed.Seen | None:
    """Give the highest manifest by the one that was kept, None when it isn't of these keys."""
    manifest = folder.kept(data, folder.MANIFEST)
    if manifest is None:
        return None
    try:
        read = feed.accept(manifest, pin, None)
    except (FeedForged, FeedRefused):
        return None
    return feed.seen_of(read, manifest, "", clock.now().timestamp())
