"""Strict reading of JSON from outside (TRUST.md, fact 5).

NaN, Infinity, lone surrogates, other encodings than UTF-8 and nesting deeper than
``DEPTH_MAX`` are refused; of duplicate keys the last one stands.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

import msgspec

from kiosk.domain.errors import InputRefused
from kiosk.domain.record import Json

DEPTH_MAX = 40
_BOM = b"\xef\xbb\xbf"


def read_json(raw: bytes) -> Json:
    """Give the JSON document in ``raw``; raises InputRefused."""
    try:
        document = cast("Json", msgspec.json.decode(raw.removeprefix(_BOM)))
    except (msgspec.DecodeError, UnicodeDecodeError) as wrong:
        raise InputRefused(f"not JSON: {wrong}") from wrong
    except RecursionError as wrong:
        raise InputRefused(f"JSON nested deeper than {DEPTH_MAX}") from wrong
    if _deeper_than(document, DEPTH_MAX):
        raise InputRefused(f"JSON nested deeper than {DEPTH_MAX}")
    return document


def _deeper_than(document: Json, depth: int) -> bool:
    level: list[Json] = [document]
    for _ in range(depth):
        level = [child for value in level for child in _children(value)]
        if not level:
            return False
    return True


def _children(value: Json) -> Iterable[Json]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()
