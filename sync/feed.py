"""What a kiosk takes from its hub, and in which order: pure rules, no I/O.

The manifest:
1. Its signature holds under the pinned key, before it is read. Another key is believed only when a
   notice signed by the pinned root names it, with a higher epoch than ours.
2. It is our territory's and of our pin's epoch.
3. Its version isn't lower than the highest seen (rollback); the same version has the same bytes.
4. An expired one is shown as old data with a banner; nothing new is taken from it (freeze).
5. Of a dataset that stands in several schemas the newest that we know is taken; one that we know
   none of keeps its data.

One dataset (``start``, then ``next_acts`` on what was observed):
6. What stands here at the manifest's epoch, head and sum is left alone.
7. First its detail, then the blobs of the way (deltas, or the snapshot and what leads on from it),
   then all of it in one transaction.
8. The ladder: a blob that isn't its name's, or is unsound, is fetched once more past caches; then
   the snapshot is taken in place of the deltas; then the OLD data are kept, and an alarm is raised.
   Count or sum that differ after deltas lead to the snapshot, after a snapshot to the alarm.
9. The ladder is climbed at most CLIMBS_MAX times an hour a dataset; then the old data stay.
10. A hub that doesn't answer is no fault: the blobs that came stay, and the next sync goes on.

The image:
11. It is taken while no edition of a hub stands here, and as often as rule 9 lets it be tried.
12. It is the territory's, and holds only datasets of the manifest, in a schema that we know, each
    of the same epoch and not past its head: deltas lead on from it, or the snapshot replaces it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from hashlib import sha256
from typing import TypeAlias

from kiosk.domain.errors import FeedForged, FeedRefused
from sync.protocol import pyramid
from sync.protocol.manifest import (
    Chunk,
    DatasetHead,
    Delta,
    Detail,
    Image,
    Live,
    Manifest,
    Notice,
)
from sync.signing import key_id, open_manifest, open_notice, signer_id

SCHEMA_MAX = 1  # the newest schema of a dataset that this programme knows
CLIMBS_MAX = 3
IMAGE = "(image)"  # under which tries of an image are counted; no dataset's id
HOUR_S = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """The keys of the territory that this kiosk believes."""

    territory: str
    root: bytes
    key: bytes
    epoch: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The highest manifest taken in; ``at`` is when (epoch seconds)."""

    epoch: int
    version: int
    digest: bytes
    etag: str = ""
    at: int = 0
    expires_at: int = 0


def pinned_by(notice: Notice) -> Pin:
    """Give the pin that a notice makes."""
    return Pin(territory=notice.territory, root=notice.root, key=notice.key, epoch=notice.epoch)


def needs_notice(data: bytes, pin: Pin) -> bool:
    """Whether a manifest says that another key than ours has signed it."""
    return signer_id(data) != key_id(pin.key)


def rotated(data: bytes, pin: Pin) -> Pin:
    """Give the pin after a notice of keys (rule 1); raises FeedForged, FeedRefused."""
    notice = open_notice(data, pin.root)
    if notice.territory != pin.territory:
        raise FeedRefused(f"a notice of {notice.territory}, this is {pin.territory}")
    if notice.epoch <= pin.epoch:
        raise FeedRefused(f"a notice of epoch {notice.epoch}, ours is {pin.epoch}")
    return pinned_by(notice)


def accept(data: bytes, pin: Pin, seen: Seen | None) -> Manifest:
    """Give a manifest that may be taken in (rules 1 to 3); raises FeedForged, FeedRefused."""
    manifest = open_manifest(data, pin.key)
    if manifest.territory != pin.territory:
        raise FeedRefused(f"a manifest of {manifest.territory}, this is {pin.territory}")
    if manifest.epoch != pin.epoch:
        raise FeedRefused(f"a manifest of epoch {manifest.epoch}, ours is {pin.epoch}")
    if seen is not None and seen.epoch == manifest.epoch:
        if manifest.version < seen.version:
            raise FeedRefused(f"version {manifest.version} after {seen.version}: a rollback")
        if manifest.version == seen.version and sha256(data).digest() != seen.digest:
            raise FeedForged(f"two manifests of version {seen.version}")
    return manifest


def frozen(manifest: Manifest, now_s: float) -> bool:
    """Whether a manifest has expired (rule 4)."""
    return now_s > manifest.expires_at


def seen_of(manifest: Manifest, data: bytes, etag: str, now_s: float) -> Seen:
    """Give what is kept of a manifest that was taken in."""
    return Seen(
        epoch=manifest.epoch,
        version=manifest.version,
        digest=sha256(data).digest(),
        etag=etag,
        at=int(now_s),
        expires_at=manifest.expires_at,
    )


def known(datasets: Iterable[DatasetHead]) -> dict[str, DatasetHead]:
    """Give the datasets by id, each in the newest schema that we know (rule 5)."""
    chosen: dict[str, DatasetHead] = {}
    for head in sorted(datasets, key=lambda one: one.schema):
        if head.schema <= SCHEMA_MAX:
            chosen[head.id] = head
    return chosen


def living(feeds: Iterable[Live], now_s: float) -> list[Live]:
    """Give the live feeds that are still valid."""
    return [live for live in feeds if live.valid_until > now_s]


def may_climb(climbs: Sequence[int], now_s: float) -> bool:
    """Whether the ladder may be climbed once more (rule 9); ``climbs`` are epoch seconds."""
    return sum(now_s - HOUR_S < at <= now_s for at in climbs) < CLIMBS_MAX


def check_image(image: Image, manifest: Manifest) -> None:
    """Hold an image against the manifest that names it (rule 12); raises FeedRefused."""
    if image.territory != manifest.territory:
        raise FeedRefused(f"an image of {image.territory}, this is {manifest.territory}")
    heads = known(manifest.datasets)
    for held in image.datasets:
        head = heads.get(held.id)
        if head is None or (held.schema, held.epoch) != (head.schema, head.epoch):
            raise FeedRefused(f"an image with {held.id}, which the manifest doesn't tell so")
        if held.head > head.head or (held.head == head.head and held.sum != head.sum):
            raise FeedRefused(f"an image with {held.id} at {held.head}, past the manifest's")


class Step(Enum):
    """Where the sync of one dataset stands."""

    DETAIL = auto()
    BLOBS = auto()
    TAKE = auto()
    DONE = auto()
    KEPT = auto()  # the old data stay


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The sync of one dataset; ``position`` is the head that stands here in the same epoch.

    ``whole`` says that the snapshot is taken; ``fresh`` are blobs asked for past caches already;
    ``may_climb`` is whether rule 9 lets the ladder be climbed, ``climbed`` whether it was.
    """

    head: DatasetHead
    position: int | None
    may_climb: bool
    step: Step = Step.DETAIL
    detail: Detail | None = None
    whole: bool = False
    way: tuple[Delta, ...] = ()
    fresh: frozenset[str] = frozenset()
    climbed: bool = False


@dataclass(frozen=True, slots=True)
class Fetch:
    """Act: have this blob, from here or the hub; ``fresh``: from the hub, past every cache."""

    name: str
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class ReadDetail:
    """Act: read the detail, which is here."""

    name: str


@dataclass(frozen=True, slots=True)
class Take:
    """Act: bring the dataset to its head: a snapshot's blobs (None: none), then those of deltas."""

    snapshot: tuple[Chunk, ...] | None
    deltas: tuple[Chunk, ...]


@dataclass(frozen=True, slots=True)
class Climb:
    """Act: note that the ladder is climbed."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """Act: tell people."""

    code: str
    about: str


Act: TypeAlias = Fetch | ReadDetail | Take | Climb | Alarm


@dataclass(frozen=True, slots=True)
class Here:
    """Observed: all blobs that were asked for are here."""


@dataclass(frozen=True, slots=True)
class Described:
    """Observed: the detail."""

    detail: Detail


@dataclass(frozen=True, slots=True)
class Bad:
    """Observed: a blob isn't what it should be ("": it isn't known which)."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Taken:
    """Observed: the dataset stands at its head."""


@dataclass(frozen=True, slots=True)
class Lost:
    """Observed: the hub doesn't answer, or the disk takes no more."""

    why: str


Observed: TypeAlias = Here | Described | Bad | Taken | Lost
Next: TypeAlias = tuple[State, tuple[Act, ...]]


def start(head: DatasetHead, held: tuple[int, int, str] | None, *, may_climb: bool) -> Next | None:
    """Begin a dataset's sync; ``held`` is (epoch, head, sum) of what stands here.

    Gives None when it stands at its head already (rule 6).
    """
    if held == (head.epoch, head.head, head.sum):
        return None
    position = held[1] if held is not None and held[0] == head.epoch else None
    state = State(head=head, position=position, may_climb=may_climb)
    return state, (Fetch(head.detail),)


def next_acts(state: State, observed: Observed) -> Next:
    """Give the next state and what to do now (rules 7 to 10)."""
    if isinstance(observed, Lost):
        return replace(state, step=Step.KEPT), ()
    if isinstance(observed, Bad):
        return _climbed(state, observed)
    if isinstance(observed, Taken):
        return replace(state, step=Step.DONE), ()
    if isinstance(observed, Described):
        return _planned(state, observed.detail)
    if state.step is Step.DETAIL:
        return state, (ReadDetail(state.head.detail),)
    return replace(state, step=Step.TAKE), (_take(state),)


def _planned(state: State, detail: Detail) -> Next:
    """Choose the way, once the detail is read."""
    head = state.head
    told = (detail.id, detail.schema, detail.epoch, detail.head)
    if told != (head.id, head.schema, head.epoch, head.head):
        return _kept(state, "another dataset's detail, or another edition's")
    try:
        whole, way = pyramid.choose(detail, None if state.whole else state.position)
    except FeedRefused as wrong:
        return _kept(state, str(wrong))
    planned = replace(state, step=Step.BLOBS, detail=detail, whole=whole, way=tuple(way))
    return planned, tuple(Fetch(chunk.name) for chunk in _chunks(planned))


def _take(state: State) -> Take:
    assert state.detail is not None, "blobs are fetched once the detail is read"
    snapshot = state.detail.snapshot.chunks if state.whole else None
    return Take(snapshot, tuple(chunk for delta in state.way for chunk in delta.chunks))


def _chunks(state: State) -> tuple[Chunk, ...]:
    take = _take(state)
    return (take.snapshot or ()) + take.deltas


def _climbed(state: State, bad: Bad) -> Next:
    """Climb the ladder by one rung (rule 8)."""
    if not state.may_climb:
        return _kept(state, bad.why)
    noted: tuple[Act, ...] = () if state.climbed else (Climb(),)
    state = replace(state, climbed=True)
    if bad.name and bad.name not in state.fresh:
        step = state.step if state.step is Step.DETAIL else Step.BLOBS
        again = replace(state, fresh=state.fresh | {bad.name}, step=step)
        return again, (*noted, Fetch(bad.name, fresh=True))
    if state.detail is not None and not state.whole:
        planned, acts = _planned(replace(state, whole=True), state.detail)
        return planned, (*noted, *acts)
    kept, acts = _kept(state, bad.why)
    return kept, (*noted, *acts)


def _kept(state: State, why: str) -> Next:
    return replace(state, step=Step.KEPT), (Alarm("feed.kept", f"{state.head.id}: {why}"),)
