"""Builds what a hub publishes of a dataset: its blobs, its detail and its line in the manifest.

Pure: the hub stores the blobs, keeps the lines of the last edition, and signs.

Rules:
1. An edition holds records once each, as canonical lines; a publish without a change is none.
2. Each publish makes the deltas of the pyramid (sync.protocol.pyramid); a longer one is merged
   from the ones that it spans, read back from the hub's blobs.
3. A new snapshot is made when the deltas that lead on from the last one pass half its bytes, when
   SNAPSHOT_STEPS_MAX publishes went by, or when no way leads on from it.
4. A delta that would outweigh the snapshot isn't offered: whoever needs it takes the snapshot.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kiosk.domain.errors import FeedRefused
from sync.protocol import pyramid
from sync.protocol.blobs import BLOB_BYTES_MAX, compress, name_of, pack, unpack
from sync.protocol.canonical import Wire, decode, encode, hex_sum, total
from sync.protocol.delta import Operation, difference, merged
from sync.protocol.delta import read as read_operation
from sync.protocol.delta import write as write_operation
from sync.protocol.manifest import (
    LIVE_BYTES_MAX,
    About,
    Chunk,
    DatasetHead,
    Delta,
    Detail,
    Live,
    Snapshot,
    bytes_of,
)
from sync.protocol.manifest import write as write_document

SNAPSHOT_STEPS_MAX = 64
SCHEMA = 1

ReadBlob = Callable[[str], bytes]  # a blob's bytes by its name, from the hub's own store


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """A dataset as published: for the manifest, and the blobs that are new (name → bytes)."""

    head: DatasetHead
    detail: Detail
    blobs: Mapping[str, bytes] = field(default_factory=dict[str, bytes])


def lines_by_id(records: Iterable[Wire]) -> dict[str, bytes]:
    """Give the canonical lines of records by id; raises FeedRefused (one twice, one unsound)."""
    lines: dict[str, bytes] = {}
    for record in records:
        line = encode(record)
        name = str(decode(line)["id"])  # in its normal form
        if name in lines:
            raise FeedRefused(f"{name}: named twice")
        lines[name] = line
    return lines


def first(
    dataset: str, about: About, lines: Mapping[str, bytes], *, epoch: int, observed_at: int
) -> Edition:
    """Give the first edition of a dataset in an epoch; its head is 1."""
    blobs: dict[str, bytes] = {}
    snapshot = _snapshot(1, lines, blobs)
    detail = Detail(id=dataset, schema=SCHEMA, epoch=epoch, head=1, about=about, snapshot=snapshot)
    return _edition(detail, lines, observed_at, blobs)


def following(
    detail: Detail,
    before: Mapping[str, bytes],
    after: Mapping[str, bytes],
    read: ReadBlob,
    *,
    observed_at: int,
    about: About | None = None,
) -> Edition:
    """Give the edition behind ``detail``, whose records were ``before`` and are ``after`` now.

    Raises BlobDamaged or FeedRefused when an earlier delta of the hub's own can't be read.
    """
    blobs: dict[str, bytes] = {}
    head = detail.head + 1
    deltas = pyramid.kept(detail.deltas, head)
    operations = list(difference(before, after))
    known = {(delta.since, delta.to): delta for delta in deltas}
    for since, to in pyramid.spans(head):
        spanned = pyramid.path(list(known.values()), since, head - 1)
        if spanned is None:
            break
        told = operations
        for delta in reversed(spanned):
            told = merged(_operations(delta, read), told)
        chunks = _chunks(map(write_operation, told), blobs)
        known[since, to] = Delta(since=since, to=to, chunks=chunks)
    deltas = list(known.values())
    snapshot = detail.snapshot
    if _outgrown(snapshot, deltas, head):
        snapshot = _snapshot(head, after, blobs)
    told_deltas = tuple(sorted(_worth(deltas, snapshot), key=lambda one: (one.since, one.to)))
    return _edition(
        Detail(
            id=detail.id,
            schema=detail.schema,
            epoch=detail.epoch,
            head=head,
            about=about or detail.about,
            snapshot=snapshot,
            deltas=told_deltas,
        ),
        after,
        observed_at,
        blobs,
    )


def live(
    dataset: str,
    about: About,
    lines: Iterable[bytes],
    *,
    observed_at: int,
    valid_until: int,
) -> Live | None:
    """Give a live feed for the manifest, None when it is too large to travel inline."""
    frame = compress(b"".join(line + b"\n" for line in lines))
    if len(frame) > LIVE_BYTES_MAX:
        return None
    return Live(
        dataset=dataset, observed_at=observed_at, valid_until=valid_until, about=about, frame=frame
    )


def _edition(
    detail: Detail, lines: Mapping[str, bytes], observed_at: int, blobs: dict[str, bytes]
) -> Edition:
    data = write_document(detail)
    if len(data) > BLOB_BYTES_MAX:
        raise FeedRefused(f"{detail.id}: its detail has {len(data)} bytes")
    name = name_of(data)
    blobs[name] = data
    head = DatasetHead(
        id=detail.id,
        schema=detail.schema,
        epoch=detail.epoch,
        head=detail.head,
        count=len(lines),
        sum=hex_sum(total(lines.values())),
        observed_at=observed_at,
        detail=name,
    )
    return Edition(head=head, detail=detail, blobs=blobs)


def _snapshot(head: int, lines: Mapping[str, bytes], blobs: dict[str, bytes]) -> Snapshot:
    chunks = _chunks((lines[name] for name in sorted(lines)), blobs)
    return Snapshot(head=head, count=len(lines), sum=hex_sum(total(lines.values())), chunks=chunks)


def _chunks(lines: Iterable[bytes], blobs: dict[str, bytes]) -> tuple[Chunk, ...]:
    """Pack lines into ``blobs``; gives their names."""
    chunks: list[Chunk] = []
    for blob in pack(lines):
        blobs[blob.name] = blob.data
        chunks.append(Chunk(name=blob.name, bytes=len(blob.data), lines=blob.lines))
    return tuple(chunks)


def _operations(delta: Delta, read: ReadBlob) -> list[Operation]:
    return [
        read_operation(line)
        for chunk in delta.chunks
        for line in unpack(chunk.name, read(chunk.name))
    ]


def _outgrown(snapshot: Snapshot, deltas: Sequence[Delta], head: int) -> bool:
    way = pyramid.path(deltas, snapshot.head, head)
    if way is None or head - snapshot.head > SNAPSHOT_STEPS_MAX:
        return True
    told = sum(bytes_of(delta.chunks) for delta in way)
    return told > pyramid.SNAPSHOT_SHARE * bytes_of(snapshot.chunks)


def _worth(deltas: Iterable[Delta], snapshot: Snapshot) -> Iterable[Delta]:
    """Leave out what nobody would take (rule 4)."""
    most = max(bytes_of(snapshot.chunks), BLOB_BYTES_MAX)
    return (delta for delta in deltas if bytes_of(delta.chunks) <= most)
