"""Blobs: immutable pieces of a dataset, named by their content (SYNC.md, "alv1, downstream").

Rules:
1. A blob is ONE zstd frame that tells its content's size, BLOB_BYTES_MAX long at most; its name is
   the SHA-256 of the frame, in lower-case hexadecimal.
2. Nothing is decompressed before its name holds, nor past LINES_BYTES_MAX.
3. The content is lines, each ended by a line feed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256

import zstandard

from kiosk.domain.errors import BlobDamaged, FeedRefused
from sync.protocol.canonical import LINE_BYTES_MAX

BLOB_BYTES_MAX = 256 * 1024
LINES_BYTES_MAX = 4 * 1024 * 1024
LINES_MAX = 100_000  # of one blob
LEVEL = 9  # a publisher's second for a fleet's bytes
NAME = re.compile(r"[0-9a-f]{64}")
_TARGET_BYTES = 1024 * 1024  # of lines, before the first try at their size


@dataclass(frozen=True, slots=True, kw_only=True)
class Blob:
    """A blob, its name and how many lines it holds."""

    name: str
    data: bytes
    lines: int


def name_of(data: bytes) -> str:
    """Give the name of a blob's bytes."""
    return sha256(data).hexdigest()


def pack(lines: Iterable[bytes]) -> Iterator[Blob]:
    """Pack lines into as many blobs as they need; raises FeedRefused for a line without room."""
    waiting: list[bytes] = []
    size = 0
    for line in lines:
        if len(line) > LINE_BYTES_MAX or b"\n" in line:
            raise FeedRefused(f"a line of {len(line)} bytes, or one with a line end in it")
        waiting.append(line)
        size += len(line) + 1
        if size >= _TARGET_BYTES or len(waiting) == LINES_MAX:
            yield from _fitting(waiting)
            waiting, size = [], 0
    if waiting:
        yield from _fitting(waiting)


def _fitting(lines: list[bytes]) -> Iterator[Blob]:
    """Pack lines into one blob, or halve them until each half fits."""
    data = compress(b"".join(line + b"\n" for line in lines))
    if len(data) <= BLOB_BYTES_MAX:
        yield Blob(name=name_of(data), data=data, lines=len(lines))
        return
    half = len(lines) // 2
    yield from _fitting(lines[:half])
    yield from _fitting(lines[half:])


def compress(content: bytes) -> bytes:
    """Give one zstd frame of ``content``; the same content gives the same bytes."""
    return zstandard.ZstdCompressor(level=LEVEL, write_checksum=False).compress(content)


def unpack(name: str, data: bytes) -> list[bytes]:
    """Give a blob's lines; raises BlobDamaged (not those bytes), FeedRefused (not a blob)."""
    if name_of(data) != name:
        raise BlobDamaged(f"{name[:12]}: these aren't the bytes of that name")
    if len(data) > BLOB_BYTES_MAX:
        raise FeedRefused(f"{name[:12]}: a blob of {len(data)} bytes")
    content = decompress(data, LINES_BYTES_MAX)
    if content and not content.endswith(b"\n"):
        raise FeedRefused(f"{name[:12]}: its last line has no end")
    lines = content.split(b"\n")[:-1]
    if len(lines) > LINES_MAX:
        raise FeedRefused(f"{name[:12]}: {len(lines)} lines")
    return lines


def decompress(data: bytes, bytes_max: int) -> bytes:
    """Give the content of one zstd frame that tells its size; raises FeedRefused."""
    try:
        size = zstandard.frame_content_size(data)
        if not 0 <= size <= bytes_max:
            raise FeedRefused(f"a frame that would unpack to {size} bytes, or doesn't say")
        return zstandard.ZstdDecompressor().decompress(
            data, max_output_size=bytes_max, allow_extra_data=False
        )
    except zstandard.ZstdError as wrong:
        raise FeedRefused(f"not a zstd frame: {wrong}") from wrong
