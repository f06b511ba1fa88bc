"""The one way to write a record, and the sum of a dataset over it (SYNC.md, "alv1").

Rules:
1. A record is a JSON object with an ``id`` of 1 to ID_MAX characters and no ``/`` in its fields'
   names. It is written in UTF-8 without blanks, its keys sorted by code point, at every depth.
2. Texts are in Unicode's form NFC; a lone surrogate is refused.
3. Whole numbers lie within ±NUMBER_MAX and are written without a fraction (1.0 is 1, -0.0 is 0).
   Other numbers are finite, within the same bounds, written with the fewest digits that read back
   as the same double, never with an exponent; nearer to zero than FRACTION_MIN is 0.
4. Objects and arrays nest DEPTH_MAX deep at most, and a line has at most RECORD_BYTES_MAX bytes.
5. A member of the record itself that is null is left out; inside its fields null stays.
6. The sum of a dataset is the sum of BLAKE2b-128 of its records' lines, modulo 2^128: it doesn't
   depend on their order, and a change costs one subtraction and one addition. It shows that two
   copies differ; it proves nothing about who wrote them (that is the manifest's signature).
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from typing import TypeAlias, cast

import msgspec

from kiosk.domain.errors import FeedRefused
from kiosk.domain.record import ID_MAX, Json

RECORD_BYTES_MAX = 64 * 1024
LINE_BYTES_MAX = RECORD_BYTES_MAX + 1024  # a record with the operation around it
DEPTH_MAX = 12
NUMBER_MAX = 2**53 - 1  # what a double holds exactly
FRACTION_MIN = 1e-5  # of a degree: one metre on the ground
SUM_BYTES = 16
SUM_MODULUS = 1 << 8 * SUM_BYTES

Wire: TypeAlias = dict[str, Json]

_ENCODER = msgspec.json.Encoder(order="sorted")
_DECODER = msgspec.json.Decoder()


def encode(record: Mapping[str, Json]) -> bytes:
    """Give the record's canonical line, without a line end; raises FeedRefused."""
    kept = {_text(key): normal(value, 1) for key, value in record.items() if value is not None}
    return written(kept)


def written(record: Mapping[str, Json]) -> bytes:
    """Give the line of a record whose values are in their normal form; raises FeedRefused."""
    line = _ENCODER.encode(record)
    if not _named(record) or len(line) > RECORD_BYTES_MAX:
        raise FeedRefused("a record without a sound id, or a record that is too long")
    return line


def decode(line: bytes) -> Wire:
    """Give the record of a line that stands in its canonical form; raises FeedRefused.

    That its texts are NFC is the writer's duty: it is not looked at again here.
    """
    if len(line) > RECORD_BYTES_MAX:
        raise FeedRefused(f"a record of {len(line)} bytes")
    value = read_json(line)
    if not isinstance(value, dict) or not _named(value) or _ENCODER.encode(value) != line:
        raise FeedRefused("a record that isn't in its canonical form")
    return value


def read_json(raw: bytes) -> Json:
    """Give a JSON value whose depth is bounded; raises FeedRefused."""
    try:
        value = cast("Json", _DECODER.decode(raw))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as wrong:
        raise FeedRefused(f"not JSON: {wrong}") from wrong
    if raw.count(b"[") + raw.count(b"{") > DEPTH_MAX:  # few records have as many: look no further
        _bounded(value, 0)
    return value


def digest(line: bytes) -> int:
    """Give what a record's line adds to the sum."""
    return int.from_bytes(blake2b(line, digest_size=SUM_BYTES).digest(), "big")


def total(lines: Iterable[bytes]) -> int:
    """Give the sum of a dataset's lines."""
    return sum(map(digest, lines)) % SUM_MODULUS


def changed(before: int, *, gone: Iterable[bytes] = (), come: Iterable[bytes] = ()) -> int:
    """Give the sum after some lines have gone and some have come."""
    return (before - total(gone) + total(come)) % SUM_MODULUS


def hex_sum(value: int) -> str:
    """Write a sum as the manifest does: 32 hexadecimal digits."""
    return f"{value:0{2 * SUM_BYTES}x}"


def _named(record: Mapping[str, Json]) -> bool:
    name = record.get("id")
    return isinstance(name, str) and 0 < len(name) <= ID_MAX and "/" not in "".join(record)


def normal(value: Json, depth: int) -> Json:
    """Give a value that lies ``depth`` deep in a record in its normal form (rules 2 to 4).

    Raises FeedRefused.
    """
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float):
        return _number(value)
    if depth >= DEPTH_MAX:
        raise FeedRefused(f"a record nested deeper than {DEPTH_MAX}")
    if isinstance(value, list | tuple):  # connectors hold tuples; JSON has one kind of list
        return [normal(one, depth + 1) for one in value]
    return {_text(key): normal(one, depth + 1) for key, one in value.items()}


def _text(value: str) -> str:
    if value.isascii():
        return value
    try:
        value.encode()
    except UnicodeEncodeError as half:
        raise FeedRefused("a text with half of a character") from half
    return unicodedata.normalize("NFC", value)


def _number(value: float) -> int | float:
    if not math.isfinite(value) or abs(value) > NUMBER_MAX:
        raise FeedRefused(f"a number out of bounds: {value}")
    if abs(value) < FRACTION_MIN:
        return 0
    return int(value) if value == int(value) else value


def _bounded(value: Json, depth: int) -> None:
    if isinstance(value, dict | list):
        if depth >= DEPTH_MAX:
            raise FeedRefused(f"a record nested deeper than {DEPTH_MAX}")
        for one in value.values() if isinstance(value, dict) else value:
            _bounded(one, depth + 1)
