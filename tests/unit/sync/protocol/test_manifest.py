"""The manifest's two levels: strict, bounded, once each."""

from __future__ import annotations

import msgspec
import pytest

from kiosk.domain.errors import FeedRefused
from sync.protocol import manifest as alv1
from sync.protocol.blobs import compress
from sync.protocol.manifest import (
    About,
    Chunk,
    DatasetHead,
    Delta,
    Detail,
    Live,
    Manifest,
    Snapshot,
)

SHA, SUM = "ab" * 32, "cd" * 16
ABOUT = About(title={"fr": "Arrêts"}, kind="stop", source="Région", licence="ODbL")
HEAD = DatasetHead(
    id="stops", schema=1, epoch=1, head=3, count=2, sum=SUM, observed_at=5, detail=SHA
)
CHUNK = Chunk(name=SHA, bytes=10, lines=2)
SNAPSHOT = Snapshot(head=3, count=2, sum=SUM, chunks=(CHUNK,))
DETAIL = Detail(id="stops", schema=1, epoch=1, head=3, about=ABOUT, snapshot=SNAPSHOT)
MANIFEST = Manifest(
    territory="orne", epoch=1, version=7, issued_at=100, expires_at=200, datasets=(HEAD,)
)


def _live(dataset: str = "gauges") -> Live:
    return Live(
        dataset=dataset, observed_at=1, valid_until=2, about=ABOUT, frame=compress(b'{"id":"a"}\n')
    )


def test_a_document_comes_back_as_it_was_written() -> None:
    assert alv1.read(alv1.write(MANIFEST), Manifest) == MANIFEST
    assert alv1.read(alv1.write(DETAIL), Detail) == DETAIL


def test_a_live_feed_travels_inline() -> None:
    found = alv1.read(alv1.write(msgspec.structs.replace(MANIFEST, live=(_live(),))), Manifest)
    assert alv1.live_lines(found.live[0]) == [b'{"id":"a"}']


def test_a_dataset_may_stand_in_two_schemas() -> None:
    newer = msgspec.structs.replace(HEAD, schema=2)
    both = msgspec.structs.replace(MANIFEST, datasets=(HEAD, newer))
    assert alv1.read(alv1.write(both), Manifest) == both


def _edited(**changes: object) -> bytes:
    """Give the manifest's JSON with other values, as a frame."""
    value = {**msgspec.to_builtins(MANIFEST), **changes}
    return compress(msgspec.json.encode(value, order="sorted") + b"\n")


def _dataset(**changes: object) -> list[dict[str, object]]:
    return [{**msgspec.to_builtins(HEAD), **changes}]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        bytes(alv1.MANIFEST_BYTES_MAX + 1),
        compress(b""),
        compress(b"[" * 10_000),
        compress(b'{"format":1}\n'),
        compress(bytes(alv1.DOCUMENT_BYTES_MAX + 1)),
        _edited(other=1),
        _edited(format=2),
        _edited(version="7"),
        _edited(version=7.0),
        _edited(version=True),
        _edited(version=-1),
        _edited(version=2**53),
        _edited(version=10**30),
        _edited(version=float("nan")),
        _edited(expires_at=99),
        _edited(territory="../etc"),
        _edited(territory="Orne"),
        _edited(datasets=_dataset() * 2),
        _edited(datasets=_dataset(id="../../x")),
        _edited(datasets=_dataset(detail="../" + "a" * 61)),
        _edited(datasets=_dataset(detail=SHA.upper())),
        _edited(datasets=_dataset(count=2**60)),
        _edited(datasets=_dataset(sum="12")),
        _edited(datasets=None),
        _edited(live=[msgspec.to_builtins(_live())] * 2),
        _edited(live=[{**msgspec.to_builtins(_live()), "frame": "A" * 8000}]),
        compress(msgspec.json.encode(MANIFEST)[:-1] + b',"version":9}\n'),
        compress(msgspec.json.encode(MANIFEST, order="sorted") + b" \n"),
    ],
)
def test_a_lax_manifest_is_refused_whole(data: bytes) -> None:
    with pytest.raises(FeedRefused):
        alv1.read(data, Manifest)


@pytest.mark.parametrize(
    "detail",
    [
        msgspec.structs.replace(DETAIL, head=2),
        msgspec.structs.replace(DETAIL, snapshot=msgspec.structs.replace(SNAPSHOT, count=3)),
        msgspec.structs.replace(DETAIL, deltas=(Delta(since=2, to=2, chunks=()),)),
        msgspec.structs.replace(DETAIL, deltas=(Delta(since=2, to=9, chunks=()),)),
        msgspec.structs.replace(DETAIL, deltas=(Delta(since=1, to=2, chunks=()),) * 2),
    ],
)
def test_a_detail_that_contradicts_itself_is_refused(detail: Detail) -> None:
    with pytest.raises(FeedRefused):
        alv1.read(alv1.write(detail), Detail)


@pytest.mark.parametrize("content", [b"a", b"\n" * 300_000])
def test_a_live_feed_that_is_cut_or_a_bomb_is_refused(content: bytes) -> None:
    live = msgspec.structs.replace(_live(), frame=compress(content))
    with pytest.raises(FeedRefused):
        alv1.live_lines(live)
