"""Brings content.db to what a hub publishes: does what sync.feed's rules say.

Rules:
1. The manifest is kept before it counts as seen, and seen before anything is taken from it: a kill
   between any two steps leaves old data that the next sync brings forward.
2. What came stays: a blob that is here is not fetched again.
3. A dataset that can't be taken keeps its old data; the others go on.
4. Where nothing of a hub stands yet, its image is taken first (sync.engine.installing); whatever is
   wrong with it, the records are taken instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Literal, TypeAlias

import structlog
from msgspec import UNSET

from kiosk.domain.errors import (
    AlveoleError,
    BlobDamaged,
    DataAbsent,
    FeedForged,
    FeedRefused,
    HubUnavailable,
    InputRefused,
)
from kiosk.domain.territory import Dataset
from kiosk.ports import Clock
from kiosk.store.blob_store import BlobStore
from kiosk.store.copies import Copy, CopyWriter, Edition
from kiosk.store.sync_store import SyncStore
from sync import feed
from sync.engine import folder
from sync.engine.installing import Have, Installer
from sync.engine.updates import KIND as TRIP_UPDATE
from sync.engine.updates import trip_updates_of
from sync.feed import Pin, Step
from sync.protocol.blobs import unpack
from sync.protocol.canonical import decode
from sync.protocol.delta import read as read_operation
from sync.protocol.envelope import record_of
from sync.protocol.manifest import About, Chunk, DatasetHead, Detail, Live, Manifest, live_lines
from sync.protocol.manifest import read as read_document
from sync.signing import first_notice
from sync.source import Source

CONTENT = "content.db"
ROUNDS_MAX = 200  # of one dataset's machine
LIVE_SUFFIX = "-live"
Result: TypeAlias = Literal["taken", "unchanged", "frozen"]

log = structlog.get_logger("sync.copying")


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What a sync did; ``kept`` are datasets whose old data stay, with the reason.

    ``image`` says that a prebuilt database was installed.
    """

    result: Result
    version: int
    taken: list[str] = field(default_factory=list[str])
    kept: dict[str, str] = field(default_factory=dict[str, str])
    image: bool = False
    fetched_bytes: int = 0
    skew_s: float | None = None


class Copier:
    """Syncs one content database with one source at a time."""

    def __init__(
        self, data: Path, *, store: SyncStore, blobs: BlobStore, writer: CopyWriter, clock: Clock
    ) -> None:
        self._data = data
        self._store = store
        self._blobs = blobs
        self._writer = writer
        self._installer = Installer(data / CONTENT, blobs, writer)
        self._clock = clock

    async def sync(self, source: Source, territory: str, *, first: bool = False) -> Outcome:
        """Take what ``source`` publishes of ``territory``.

        ``first`` lets the very first sync believe the keys that the source names. Raises
        FeedForged, FeedRefused (the manifest), HubUnavailable, DataAbsent; the old data then stay.
        """
        pin = self._store.pin() or await self._first_pin(source, territory, first=first)
        if pin.territory != territory:
            raise FeedRefused(f"this kiosk's keys are those of {pin.territory}, not {territory}")
        manifest, outcome = await self._manifest(source, pin)
        if feed.frozen(manifest, self._now_s):
            outcome.result = "frozen"
            log.warning("feed.frozen", version=manifest.version)
            return outcome
        if manifest.image is not UNSET and not self._writer.holds_copies():
            await self._install(source, manifest.image, manifest, outcome)
        for head in feed.known(manifest.datasets).values():
            await self._bring(source, head, outcome)
        if outcome.result == "taken":
            self._take_live(manifest, outcome)
        if not outcome.kept:
            self._sweep(manifest)
        return outcome

    async def mirror(self, source: Source, target: Path) -> int:
        """Write all that another kiosk needs into ``target``; gives how many blobs.

        Raises HubUnavailable (nothing was synced yet, or a blob is neither here nor there).
        """
        pin, data = self._store.pin(), folder.kept(self._data, folder.MANIFEST)
        if pin is None or data is None:
            raise HubUnavailable("nothing was synced yet: alveole sync once")
        manifest = feed.accept(data, pin, None)
        copied = BlobStore(target / "blobs")
        have = self._fetching(source, Outcome(result="taken", version=manifest.version))
        names: set[str] = set()
        for head in manifest.datasets:
            names.add(head.detail)
            await have(head.detail)
            names.update(chunk.name for chunk in _all_chunks(self._detail(head.detail)))
        names |= await self._image_names(manifest, have)
        for name in sorted(names):
            await have(name)
            copied.keep(name, self._blobs.read(name))
        notice = folder.kept(self._data, folder.KEYS) or await source.notice()
        folder.keep(target, folder.KEYS, notice)
        folder.keep(target, folder.MANIFEST, data)  # last: a stick without it holds nothing
        return len(names)

    async def _image_names(self, manifest: Manifest, have: Have) -> set[str]:
        """Give the blobs of the manifest's image, none where it can't be had: records do."""
        if manifest.image is UNSET:
            return set()
        try:
            image = await self._installer.fetch(manifest.image, manifest, have)
        except (BlobDamaged, FeedRefused, HubUnavailable) as wrong:
            log.warning("feed.image", about=str(wrong))
            return set()
        return {manifest.image, *(piece.name for piece in image.pieces)}

    @property
    def _now_s(self) -> float:
        return self._clock.now().timestamp()

    async def _first_pin(self, source: Source, territory: str, *, first: bool) -> Pin:
        if not first:
            raise FeedRefused("this kiosk knows no key of its hub yet: it must be enrolled")
        data = await source.notice()
        pin = feed.pinned_by(first_notice(data))
        if pin.territory != territory:
            raise FeedRefused(f"a hub of {pin.territory}, this is {territory}")
        folder.keep(self._data, folder.KEYS, data)
        self._store.set_pin(pin)
        log.info("feed.pinned", territory=territory, epoch=pin.epoch)
        return pin

    async def _manifest(self, source: Source, pin: Pin) -> tuple[Manifest, Outcome]:
        """Give the manifest in force: the source's, or the one kept when it is unchanged."""
        seen = self._store.seen()
        kept = self._kept_manifest(pin)
        polled = await source.manifest(seen.etag if seen is not None and kept is not None else "")
        if polled.data is None and kept is not None:
            return kept, Outcome(result="unchanged", version=kept.version, skew_s=polled.skew_s)
        data = polled.data or b""
        pin = await self._rotated(source, data, pin)
        manifest = feed.accept(data, pin, seen)
        same = seen is not None and (seen.epoch, seen.version) == (manifest.epoch, manifest.version)
        folder.keep(self._data, folder.MANIFEST, data)
        self._store.set_seen(feed.seen_of(manifest, data, polled.etag, self._now_s))
        result: Result = "unchanged" if same else "taken"
        return manifest, Outcome(
            result=result,
            version=manifest.version,
            skew_s=polled.skew_s,
            fetched_bytes=len(data),
        )

    def _kept_manifest(self, pin: Pin) -> Manifest | None:
        data = folder.kept(self._data, folder.MANIFEST)
        try:
            return None if data is None else feed.accept(data, pin, self._store.seen())
        except (FeedForged, FeedRefused):
            return None

    async def _rotated(self, source: Source, data: bytes, pin: Pin) -> Pin:
        """Give the pin after a rotation of the hub's keys, if one is told and holds."""
        if not feed.needs_notice(data, pin):
            return pin
        notice = await source.notice()
        pin = feed.rotated(notice, pin)
        folder.keep(self._data, folder.KEYS, notice)
        self._store.set_pin(pin)
        self._alarm("feed.keys", f"the hub's key changed, epoch {pin.epoch}")
        return pin

    async def _install(
        self, source: Source, name: str, manifest: Manifest, outcome: Outcome
    ) -> None:
        """Install the manifest's image; where that fails the records are taken as ever."""
        now = int(self._now_s)
        if not feed.may_climb(self._store.tries(feed.IMAGE), now):
            return
        try:
            await self._installer.install(name, manifest, self._fetching(source, outcome))
        except (BlobDamaged, FeedRefused) as wrong:
            self._store.note_try(feed.IMAGE, now, now - feed.HOUR_S)
            self._alarm("feed.image", str(wrong))
            return
        except (HubUnavailable, DataAbsent) as absent:
            log.warning("feed.image", about=str(absent))
            return
        outcome.image = True
        for head in feed.known(manifest.datasets).values():
            copy = self._writer.held(head.id)
            if copy is not None and copy.head == head.head:
                outcome.taken.append(head.id)

    async def _bring(self, source: Source, head: DatasetHead, outcome: Outcome) -> None:
        """Bring one dataset to its head, or keep what is here."""
        held = self._writer.held(head.id)
        may = feed.may_climb(self._store.tries(head.id), self._now_s)
        begun = feed.start(
            head, None if held is None else (held.epoch, held.head, held.sum), may_climb=may
        )
        if begun is None:
            return
        state, acts = begun
        for _ in range(ROUNDS_MAX):
            observed = await self._perform(source, state, acts, outcome)
            state, acts = feed.next_acts(state, observed)
            if state.step is Step.DONE:
                outcome.taken.append(head.id)
                return
            if state.step is Step.KEPT:
                outcome.kept[head.id] = getattr(observed, "why", "refused")
                self._tell(acts, head)
                return
        outcome.kept[head.id] = "no end"

    async def _perform(
        self, source: Source, state: feed.State, acts: Sequence[feed.Act], outcome: Outcome
    ) -> feed.Observed:
        """Do what the rules ask for; gives what was observed."""
        self._tell(acts, state.head)
        name = ""
        try:
            for act in acts:
                if isinstance(act, feed.Fetch):
                    name = act.name
                    await self._have(source, act.name, outcome=outcome, fresh=act.fresh)
                elif isinstance(act, feed.ReadDetail):
                    name = act.name
                    return feed.Described(self._detail(act.name))
                elif isinstance(act, feed.Take):
                    name = ""
                    return self._take(state, act)
        except (BlobDamaged, FeedRefused) as wrong:
            return feed.Bad(name, str(wrong))
        except (HubUnavailable, DataAbsent) as absent:
            return feed.Lost(str(absent))
        return feed.Here()

    def _tell(self, acts: Sequence[feed.Act], head: DatasetHead) -> None:
        now = int(self._now_s)
        for act in acts:
            if isinstance(act, feed.Climb):
                self._store.note_try(head.id, now, now - feed.HOUR_S)
            elif isinstance(act, feed.Alarm):
                self._alarm(act.code, act.about)

    def _alarm(self, code: str, about: str) -> None:
        log.warning(code, about=about)
        self._store.raise_alarm(code, about, int(self._now_s))

    async def _have(
        self, source: Source, name: str, *, outcome: Outcome, fresh: bool = False
    ) -> None:
        """Have a blob here."""
        if not fresh and self._blobs.has(name):
            return
        data = await source.blob(name, fresh=fresh)
        outcome.fetched_bytes += len(data)
        self._blobs.keep(name, data)

    def _fetching(self, source: Source, outcome: Outcome) -> Have:
        return partial(self._have, source, outcome=outcome)

    def _detail(self, name: str) -> Detail:
        return read_document(self._blobs.read(name), Detail)

    def _take(self, state: feed.State, take: feed.Take) -> feed.Observed:
        """Publish a dataset's edition; a blob that went bad on this disk is fetched again."""
        head, detail = state.head, state.detail
        assert detail is not None, "taken once it is described"
        edition = Edition(
            dataset=dataset_of(head.id, detail.about),
            copy=Copy(schema=head.schema, epoch=head.epoch, head=head.head, sum=head.sum),
            count=head.count,
            observed_at=datetime.fromtimestamp(head.observed_at, UTC),
            imported_at=self._clock.now(),
        )
        reading = _Reading(self._blobs)
        snapshot = None if take.snapshot is None else reading.lines(take.snapshot)
        operations = map(read_operation, reading.lines(take.deltas))
        try:
            self._writer.take(edition, snapshot=snapshot, operations=operations)
        except BlobDamaged as wrong:
            self._blobs.forget(reading.name)
            return feed.Bad(reading.name, str(wrong))
        log.info("feed.taken", dataset=head.id, head=head.head, records=head.count)
        return feed.Taken()

    def _take_live(self, manifest: Manifest, outcome: Outcome) -> None:
        """Publish the live feeds; one that is unsound keeps its last good data."""
        for live in feed.living(manifest.live, self._now_s):
            try:
                self._publish_live(live)
                outcome.taken.append(live.dataset)
            except (FeedRefused, InputRefused, DataAbsent) as wrong:
                outcome.kept[live.dataset] = str(wrong)
                self._alarm("feed.kept", f"{live.dataset}: {wrong}")

    def _publish_live(self, live: Live) -> None:
        lines = live_lines(live)
        for line in lines:
            decode(line)
        records = [record_of(line, live.dataset) for line in lines]
        trips = [record for record in records if record.kind == TRIP_UPDATE]
        with self._writer.swap():
            if trips or live.about.kind == TRIP_UPDATE:
                timetable = live.dataset.removesuffix(LIVE_SUFFIX)
                self._writer.replace_updates(timetable, list(trip_updates_of(trips)))
            if not trips and live.about.kind != TRIP_UPDATE:
                self._writer.replace_dataset(
                    dataset_of(live.dataset, live.about),
                    records,
                    observed_at=datetime.fromtimestamp(live.observed_at, UTC),
                    imported_at=self._clock.now(),
                )

    def _sweep(self, manifest: Manifest) -> None:
        """Forget the blobs that no dataset in force names."""
        wanted: set[str] = set()
        try:
            for head in manifest.datasets:
                wanted.add(head.detail)
                if self._blobs.has(head.detail):
                    detail = self._detail(head.detail)
                    wanted.update(chunk.name for chunk in _all_chunks(detail))
        except AlveoleError:
            return  # what can't be read is looked at by the next sync
        self._blobs.sweep(wanted)


class _Reading:
    """Reads blobs one by one; ``name`` is the one being read."""

    def __init__(self, blobs: BlobStore) -> None:
        self._blobs = blobs
        self.name = ""

    def lines(self, chunks: Sequence[Chunk]) -> Iterator[bytes]:
        """Yield the lines of blobs; raises BlobDamaged, FeedRefused."""
        for chunk in chunks:
            self.name = chunk.name
            lines = unpack(chunk.name, self._blobs.read(chunk.name))
            if len(lines) != chunk.lines:
                raise FeedRefused(f"{chunk.name[:12]}: {len(lines)} lines, {chunk.lines} are told")
            yield from lines


def dataset_of(name: str, about: About) -> Dataset:
    """Give a dataset as the store knows it."""
    return Dataset(
        id=name,
        title=about.title,
        kind=about.kind,
        connector=about.connector,
        source=about.source,
        licence=about.licence,
        demo=about.demo,
    )


def _all_chunks(detail: Detail) -> Iterator[Chunk]:
    yield from detail.snapshot.chunks
    for delta in detail.deltas:
        yield from delta.chunks
