"""The manifest: what a territory's hub publishes, in two levels (SYNC.md, "alv1, downstream").

Rules:
1. The signed manifest is small: a line a dataset, and the live feeds that fit in. Which blobs a
   dataset is made of stands in its ``Detail``, a blob of one line that the manifest names.
2. Everything is decoded strictly: unknown fields, lax types, numbers and lists past their bounds
   are refused whole.
3. A moment is whole seconds since 1970, UTC. No cursor is a moment.
4. ``epoch`` and ``version`` of the manifest only grow; ``epoch`` is bumped by the root key alone.
5. A dataset may stand twice, of two schemas: a kiosk takes the newer one that it knows.
6. A live feed is a dataset's whole content inline; it ends at ``valid_until``.
7. ``image`` names the blob of an ``Image``. A manifest without one doesn't say so: it is written as
   it was before there were images.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Annotated, Literal, TypeAlias, TypeVar

import msgspec

from kiosk.domain.errors import FeedRefused
from sync.protocol.blobs import BLOB_BYTES_MAX, LINES_MAX, compress, decompress

MANIFEST_BYTES_MAX = 256 * 1024  # as it travels
DOCUMENT_BYTES_MAX = 2 * 1024 * 1024  # unpacked, a manifest or a detail
DATASETS_MAX = 1000
CHUNKS_MAX = 4096  # of a snapshot or a delta: one gigabyte
DELTAS_TOLD_MAX = 8192
LIVE_BYTES_MAX = 4096  # of one live feed's zstd frame
LIVE_LINES_BYTES_MAX = 256 * 1024
IMAGE_BYTES_MAX = 1 << 30  # unpacked
PIECE_BYTES_MAX = 512 * 1024  # of the file, before they are compressed
NUMBER_MAX = 2**53 - 1

Count: TypeAlias = Annotated[int, msgspec.Meta(ge=0, le=NUMBER_MAX)]
Name: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}$")]
Sum: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{32}$")]
Slug: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9_.-]{0,63}$")]
Text: TypeAlias = Annotated[str, msgspec.Meta(max_length=200)]
Tag: TypeAlias = Annotated[str, msgspec.Meta(pattern=r"^[a-zA-Z-]{2,12}$")]
Words: TypeAlias = Annotated[dict[Tag, Text], msgspec.Meta(max_length=20)]


class Strict(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A message that holds what it should and nothing else."""


class Chunk(Strict, frozen=True, kw_only=True):
    """One blob of a snapshot or a delta: its name, its bytes, and its lines."""

    name: Name
    bytes: Annotated[int, msgspec.Meta(ge=1, le=BLOB_BYTES_MAX)]
    lines: Annotated[int, msgspec.Meta(ge=0, le=LINES_MAX)]


Chunks: TypeAlias = Annotated[tuple[Chunk, ...], msgspec.Meta(max_length=CHUNKS_MAX)]


class Snapshot(Strict, frozen=True, kw_only=True):
    """All records of a dataset as they were at ``head``, sorted by id."""

    head: Count
    count: Count
    sum: Sum
    chunks: Chunks


class Delta(Strict, frozen=True, kw_only=True):
    """What leads a copy from the head ``since`` to the head ``to``."""

    since: Count
    to: Count
    chunks: Chunks


class Prebuilt(Strict, frozen=True, kw_only=True):
    """A content database with this dataset alone, for first installs: pieces of one zstd frame.

    ``bytes`` is its size unpacked; ``schema`` that of the kiosk's content database.
    """

    head: Count
    schema: Count
    bytes: Count
    chunks: Chunks


class About(Strict, frozen=True, kw_only=True):
    """What is shown of a dataset beside its records."""

    title: Words
    kind: Slug
    connector: Text = ""
    source: Text
    licence: Text
    demo: bool = False


class DatasetHead(Strict, frozen=True, kw_only=True):
    """A dataset in the manifest: where it stands, and the blob that tells the rest."""

    id: Slug
    schema: Annotated[int, msgspec.Meta(ge=1, le=1000)]
    epoch: Count
    head: Count
    count: Count
    sum: Sum
    observed_at: Count
    detail: Name


class Detail(Strict, frozen=True, kw_only=True):
    """A dataset's second level: its snapshot and the deltas that lead to its head."""

    id: Slug
    schema: Annotated[int, msgspec.Meta(ge=1, le=1000)]
    epoch: Count
    head: Count
    about: About
    snapshot: Snapshot
    deltas: Annotated[tuple[Delta, ...], msgspec.Meta(max_length=DELTAS_TOLD_MAX)] = ()
    prebuilt: Prebuilt | None = None


class Live(Strict, frozen=True, kw_only=True):
    """A live feed's whole content: canonical lines in one zstd frame (base64 on the wire)."""

    dataset: Slug
    observed_at: Count
    valid_until: Count
    about: About
    frame: Annotated[bytes, msgspec.Meta(max_length=LIVE_BYTES_MAX)]


class Manifest(Strict, frozen=True, kw_only=True):
    """What a territory's hub publishes now."""

    format: Literal[1] = 1
    territory: Slug
    epoch: Count
    version: Count
    issued_at: Count
    expires_at: Count
    datasets: Annotated[tuple[DatasetHead, ...], msgspec.Meta(max_length=DATASETS_MAX)] = ()
    live: Annotated[tuple[Live, ...], msgspec.Meta(max_length=DATASETS_MAX)] = ()
    image: Name | msgspec.UnsetType = msgspec.UNSET


class Held(Strict, frozen=True, kw_only=True):
    """A dataset in an image, at the edition that it holds."""

    id: Slug
    schema: Annotated[int, msgspec.Meta(ge=1, le=1000)]
    epoch: Count
    head: Count
    count: Count
    sum: Sum


class Piece(Strict, frozen=True, kw_only=True):
    """The next ``size`` bytes of an image, as a blob of one zstd frame."""

    name: Name
    bytes: Annotated[int, msgspec.Meta(ge=1, le=BLOB_BYTES_MAX)]
    size: Annotated[int, msgspec.Meta(ge=1, le=PIECE_BYTES_MAX)]


class Image(Strict, frozen=True, kw_only=True):
    """A content database ready to use, with its indexes: what a first installation takes.

    ``database`` is the schema of the kiosk's content database, ``bytes`` the file's size.
    """

    format: Literal[1] = 1
    territory: Slug
    database: Count
    bytes: Annotated[int, msgspec.Meta(ge=1, le=IMAGE_BYTES_MAX)]
    datasets: Annotated[tuple[Held, ...], msgspec.Meta(min_length=1, max_length=DATASETS_MAX)]
    pieces: Annotated[tuple[Piece, ...], msgspec.Meta(max_length=CHUNKS_MAX)]


class Notice(Strict, frozen=True, kw_only=True):
    """Which key signs a territory's manifests from ``epoch`` on; signed by its offline root key.

    ``key`` and ``root`` are Ed25519 public keys of 32 bytes (base64 on the wire).
    """

    format: Literal[1] = 1
    territory: Slug
    epoch: Count
    key: Annotated[bytes, msgspec.Meta(min_length=32, max_length=32)]
    root: Annotated[bytes, msgspec.Meta(min_length=32, max_length=32)]
    issued_at: Count


Document = TypeVar("Document", Manifest, Detail, Notice, Image)


def write(document: Manifest | Detail | Notice | Image) -> bytes:
    """Give a document's bytes: one zstd frame of JSON, ended by a line feed."""
    return compress(msgspec.json.encode(document, order="sorted") + b"\n")


def read(data: bytes, kind: type[Document]) -> Document:
    """Give the document of verified bytes; raises FeedRefused."""
    if len(data) > MANIFEST_BYTES_MAX:
        raise FeedRefused(f"a document of {len(data)} bytes")
    raw = decompress(data, DOCUMENT_BYTES_MAX)
    try:
        found = msgspec.json.decode(raw, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as wrong:
        raise FeedRefused(f"{kind.__name__}: {wrong}") from wrong
    if msgspec.json.encode(found, order="sorted") + b"\n" != raw:
        raise FeedRefused(f"{kind.__name__}: it isn't in its canonical form")
    _check(found)
    return found


def _check(document: Manifest | Detail | Notice | Image) -> None:
    """Refuse what no single field shows."""
    if isinstance(document, Manifest):
        _once([f"{one.id} of schema {one.schema}" for one in document.datasets])
        _once([one.dataset for one in document.live])
        if document.expires_at < document.issued_at:
            raise FeedRefused("a manifest that ends before it begins")
    elif isinstance(document, Detail):
        _check_detail(document)
    elif isinstance(document, Image):
        _once([one.id for one in document.datasets])
        if sum(piece.size for piece in document.pieces) != document.bytes:
            raise FeedRefused("an image whose pieces aren't its size")


def _check_detail(detail: Detail) -> None:
    _once([f"{delta.since}-{delta.to}" for delta in detail.deltas])
    snapshot = detail.snapshot
    if snapshot.head > detail.head or snapshot.count != lines_of(snapshot.chunks):
        raise FeedRefused(f"{detail.id}: a snapshot that contradicts itself")
    if any(not delta.since < delta.to <= detail.head for delta in detail.deltas):
        raise FeedRefused(f"{detail.id}: a delta that leads nowhere")


def _once(names: Sequence[str]) -> None:
    twice = [name for name, times in Counter(names).items() if times > 1]
    if twice:
        raise FeedRefused(f"named twice: {twice[0]}")


def bytes_of(chunks: Iterable[Chunk]) -> int:
    """Give how many bytes these blobs are."""
    return sum(chunk.bytes for chunk in chunks)


def lines_of(chunks: Iterable[Chunk]) -> int:
    """Give how many lines these blobs hold."""
    return sum(chunk.lines for chunk in chunks)


def live_lines(live: Live) -> list[bytes]:
    """Give a live feed's canonical lines; raises FeedRefused."""
    content = decompress(live.frame, LIVE_LINES_BYTES_MAX)
    if content and not content.endswith(b"\n"):
        raise FeedRefused(f"{live.dataset}: its last line has no end")
    return content.split(b"\n")[:-1]
