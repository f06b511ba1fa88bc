"""A citizen's photo without what it tells of them: place, camera and moment are taken out.

Rules:
1. A picture is rebuilt of the parts that draw it; every other part is left out, known or not.
   JPEG: all but APP1 to APP13, APP15 and comments (APP0 and APP14 say how colours are read), and
   nothing after its end (ISO/IEC 10918-1, B.1.1.3). PNG: the chunks that draw (ISO/IEC 15948,
   4.7). WebP: all but EXIF and XMP, and their flags (RFC 9649, 2.7).
2. What isn't built as its format says is refused, never shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from kiosk.domain.errors import InputRefused

PARTS_MAX: Final = 20_000
JPEG, PNG, WEBP = "image/jpeg", "image/png", "image/webp"
_PNG_HEAD: Final = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT: Final = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"sRGB"})
_WEBP_CUT: Final = frozenset({b"EXIF", b"XMP "})
_WEBP_FLAGS: Final = 0x08 | 0x04  # of VP8X: EXIF, XMP
_SCAN, _END, _APP0, _APP14, _COMMENT = 0xDA, 0xD9, 0xE0, 0xEE, 0xFE


def stripped(data: bytes) -> tuple[str, bytes]:
    """Give a picture's media type and its bytes without metadata; raises InputRefused."""
    try:
        if data.startswith(b"\xff\xd8\xff"):
            return JPEG, b"\xff\xd8" + b"".join(_jpeg(data))
        if data.startswith(_PNG_HEAD):
            return PNG, _PNG_HEAD + b"".join(_png(data))
        if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
            body = b"WEBP" + b"".join(_webp(data))
            return WEBP, b"RIFF" + len(body).to_bytes(4, "little") + body
    except IndexError as wrong:
        raise InputRefused("a picture that is cut") from wrong
    raise InputRefused("not a picture")


def _jpeg(data: bytes) -> Iterator[bytes]:
    at = 2
    for _ in range(PARTS_MAX):
        if data[at] != 0xFF:
            raise InputRefused("not built as a JPEG is")
        marker = data[at + 1]
        if marker == _END:
            yield data[at : at + 2]
            return
        end = at + 2 + int.from_bytes(_exactly(data, at + 2, 2), "big")
        part = _exactly(data, at, end - at)
        if marker == _SCAN:
            end = _scanned(data, end)
            part = data[at:end]
        is_app = 0xE0 <= marker <= 0xEF
        if not (marker == _COMMENT or (is_app and marker not in {_APP0, _APP14})):
            yield part
        at = end
    raise InputRefused("too many parts")


def _scanned(data: bytes, at: int) -> int:
    """Give where the scan's data end: at a marker that is no restart and no stuffed byte."""
    for _ in range(len(data)):
        at = data.find(b"\xff", at)
        if at < 0:
            break
        following = data[at + 1]
        if following in {0, 0xFF} or 0xD0 <= following <= 0xD7:
            at += 1 if following == 0xFF else 2
            continue
        return at
    raise InputRefused("a picture that is cut")


def _png(data: bytes) -> Iterator[bytes]:
    at = len(_PNG_HEAD)
    for _ in range(PARTS_MAX):
        size = int.from_bytes(_exactly(data, at, 4), "big")
        part = _exactly(data, at, size + 12)
        name = part[4:8]
        if name in _PNG_KEPT:
            yield part
        if name == b"IEND":
            return
        at += size + 12
    raise InputRefused("too many parts")


def _webp(data: bytes) -> Iterator[bytes]:
    at, end = 12, 8 + int.from_bytes(data[4:8], "little")
    _exactly(data, 0, end)
    for _ in range(PARTS_MAX):
        if at >= end:
            return
        size = int.from_bytes(_exactly(data, at + 4, 4), "little")
        part = _exactly(data, at, 8 + size)
        name = part[:4]
        if name == b"VP8X":
            part = part[:8] + bytes([part[8] & ~_WEBP_FLAGS]) + part[9:]
        if name not in _WEBP_CUT:
            yield part + b"\x00" * (size % 2)
        at += 8 + size + size % 2
    raise InputRefused("too many parts")


def _exactly(data: bytes, at: int, size: int) -> bytes:
    found = data[at : at + size]
    if len(found) != size:
        raise InputRefused("a picture that is cut")
    return found
