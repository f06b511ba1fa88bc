"""Blobs: names, bounds, and what isn't one."""

from __future__ import annotations

import os

import pytest
import zstandard

from kiosk.domain.errors import BlobDamaged, FeedRefused
from sync.protocol import blobs


def test_lines_come_back_as_they_were_packed() -> None:
    lines = [b'{"id":"%d"}' % number for number in range(50_000)]
    packed = list(blobs.pack(lines))
    assert [line for blob in packed for line in blobs.unpack(blob.name, blob.data)] == lines
    assert sum(blob.lines for blob in packed) == len(lines)


def test_the_same_lines_give_the_same_bytes() -> None:
    assert list(blobs.pack([b"a", b"b"])) == list(blobs.pack([b"a", b"b"]))


def test_no_lines_give_no_blob() -> None:
    assert list(blobs.pack([])) == []


def test_what_does_not_compress_is_halved_until_it_fits() -> None:
    lines = [os.urandom(15_000).hex().encode() for _ in range(60)]
    packed = list(blobs.pack(lines))
    assert len(packed) > 2
    assert all(len(blob.data) <= blobs.BLOB_BYTES_MAX for blob in packed)


@pytest.mark.parametrize("line", [b"x" * 70_000, b"a\nb"])
def test_a_line_without_room_is_not_packed(line: bytes) -> None:
    with pytest.raises(FeedRefused):
        list(blobs.pack([line]))


def test_other_bytes_than_those_of_the_name_are_fetched_again() -> None:
    (blob,) = blobs.pack([b"a"])
    with pytest.raises(BlobDamaged):
        blobs.unpack(blob.name, blob.data[:-1])


def _refused(data: bytes, why: str) -> None:
    with pytest.raises(FeedRefused, match=why):
        blobs.unpack(blobs.name_of(data), data)


def test_a_bomb_is_not_unpacked() -> None:
    _refused(blobs.compress(bytes(blobs.LINES_BYTES_MAX + 1)), "unpack to")


def test_a_frame_that_hides_its_size_is_refused() -> None:
    hidden = zstandard.ZstdCompressor(write_content_size=False).compress(b"a\n")
    _refused(hidden, "unpack to")


def test_a_frame_that_lies_about_its_size_is_refused() -> None:
    honest = blobs.compress(b"a" * 200 + b"\n")
    lying = honest.replace(bytes([201]), bytes([200]), 1)
    assert lying != honest
    _refused(lying, "zstd")


@pytest.mark.parametrize("data", [b"", b"hello", blobs.compress(b"a\n") * 2])
def test_what_is_no_single_frame_is_refused(data: bytes) -> None:
    _refused(data, "zstd|unpack to")


def test_a_last_line_without_its_end_is_refused() -> None:
    _refused(blobs.compress(b"a\nb"), "no end")


def test_a_blob_past_its_bytes_is_refused() -> None:
    _refused(bytes(blobs.BLOB_BYTES_MAX + 1), "a blob of")


def test_a_blob_of_too_many_lines_is_refused() -> None:
    _refused(blobs.compress(b"\n" * (blobs.LINES_MAX + 1)), "lines")
