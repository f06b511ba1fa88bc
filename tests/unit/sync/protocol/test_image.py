"""An image in pieces: cut, told, put together; nothing past what was told."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.errors import FeedRefused
from sync.protocol import image
from sync.protocol.blobs import BLOB_BYTES_MAX, compress, name_of
from sync.protocol.manifest import PIECE_BYTES_MAX, Held, Image, Piece, read, write

HELD = Held(id="stops", schema=1, epoch=1, head=3, count=2, sum="cd" * 16)


@given(st.lists(st.binary(min_size=1, max_size=300), max_size=5))
def test_what_was_cut_is_put_together_again(parts: list[bytes]) -> None:
    cuts = list(image.cut(parts))
    assert b"".join(image.content(one.piece, one.data) for one in cuts) == b"".join(parts)
    assert all(name_of(one.data) == one.piece.name for one in cuts)


def test_what_does_not_compress_is_halved() -> None:
    noise = b"".join(name_of(number.to_bytes(4)).encode() for number in range(8192))
    parts = [bytes.fromhex(noise.decode())[:PIECE_BYTES_MAX] * 2]
    cuts = list(image.cut(parts))
    assert len(cuts) > 1
    assert all(len(one.data) <= BLOB_BYTES_MAX for one in cuts)
    assert b"".join(image.content(one.piece, one.data) for one in cuts) == parts[0]


def test_equal_parts_are_one_blob() -> None:
    one, other = image.cut([bytes(4096), bytes(4096)])
    assert one == other


@pytest.mark.parametrize("size", [99, 101])
def test_a_piece_of_another_size_is_refused(size: int) -> None:
    data = compress(bytes(100))
    piece = Piece(name=name_of(data), bytes=len(data), size=size)
    with pytest.raises(FeedRefused):
        image.content(piece, data)


def _told(**changes: object) -> Image:
    (one,) = image.cut([b"page"])
    told = Image(territory="orne", database=3, bytes=4, datasets=(HELD,), pieces=(one.piece,))
    return msgspec.structs.replace(told, **changes)


def test_it_comes_back_as_it_was_told() -> None:
    assert read(write(_told()), Image) == _told()


@pytest.mark.parametrize(
    "told", [_told(bytes=5), _told(datasets=(HELD, HELD)), _told(datasets=()), _told(bytes=1 << 31)]
)
def test_one_that_contradicts_itself_is_refused(told: Image) -> None:
    with pytest.raises(FeedRefused):
        read(write(told), Image)
