"""The pieces of an image: a file cut into blobs, and put together again (ADR 0025).

Rules:
1. A piece is the next bytes of the file as ONE zstd frame, BLOB_BYTES_MAX long at most. Where they
   don't compress well enough, they are halved.
2. Equal pieces are equal blobs: of a file that changed a little, little is fetched anew.
3. Nothing is unpacked before its name holds, nor past what the image tells.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kiosk.domain.errors import FeedRefused
from sync.protocol.blobs import BLOB_BYTES_MAX, compress, decompress, name_of
from sync.protocol.manifest import Piece


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """A piece as it is told, and the bytes of its blob."""

    piece: Piece
    data: bytes


def cut(parts: Iterable[bytes]) -> Iterator[Cut]:
    """Cut a file's bytes, given in parts of PIECE_BYTES_MAX at most."""
    for part in parts:
        data = compress(part)
        if len(data) > BLOB_BYTES_MAX:
            half = len(part) // 2
            yield from cut((part[:half], part[half:]))
            continue
        piece = Piece(name=name_of(data), bytes=len(data), size=len(part))
        yield Cut(piece=piece, data=data)


def content(piece: Piece, data: bytes) -> bytes:
    """Give a piece's bytes of the file, from its verified blob; raises FeedRefused."""
    found = decompress(data, piece.size)
    if len(found) != piece.size:
        raise FeedRefused(f"{piece.name[:12]}: {len(found)} bytes, {piece.size} are told")
    return found
