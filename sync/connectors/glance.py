"""Looks into untyped JSON: each function gives what is there, or nothing, and raises nothing.

Where a list stands in the place of an object its first item is meant, as in JSON-LD, whose
authors write one value and a list of one value alike.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping

from kiosk.domain.record import Geo, Json
from kiosk.domain.text import clean, clean_line
from sync.connectors.base import geo_of, is_number
from sync.connectors.plain_text import plain

VALUES_MAX = 500  # of one list
LINE_MAX = 1_000
LANGUAGES_MAX = 20  # of one text

_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})?", re.ASCII)
_NUMBER = re.compile(r"[+-]?\d{1,12}(?:\.\d{1,20})?", re.ASCII)


def at(value: Json, *path: str) -> Json:
    """Give the value at the end of ``path``, None when there is no such one."""
    for name in path:
        value = one(value)
        value = value.get(name) if isinstance(value, dict) else None
    return value


def one(value: Json) -> Json:
    """Give a list's first item, None when it is empty; anything else as it is."""
    if isinstance(value, list):
        return value[0] if value else None
    return value


def many(value: Json) -> list[Json]:
    """Give a list's first VALUES_MAX items; a single value is a list of one, None is empty."""
    if isinstance(value, list):
        return value[:VALUES_MAX]
    return [] if value is None else [value]


def line(value: Json, *path: str) -> str:
    """Give the text or whole number at the end of ``path`` on one clean line, else ""."""
    found = one(at(value, *path))
    if isinstance(found, str):
        return clean_line(found, limit=LINE_MAX)
    return str(found) if isinstance(found, int) and not isinstance(found, bool) else ""


def lines(value: Json, *path: str) -> list[str]:
    """Give the texts of the list at the end of ``path``, each once, without empty ones."""
    return list(dict.fromkeys(filter(None, map(line, many(at(value, *path))))))


def number(value: Json, *path: str) -> float | None:
    """Give the finite number, or the text of one, at the end of ``path``."""
    found = one(at(value, *path))
    if isinstance(found, str) and _NUMBER.fullmatch(found.strip()):
        return float(found)
    return float(found) if is_number(found) and math.isfinite(found) else None


def whole(value: Json, *path: str) -> int | None:
    """Give the number at the end of ``path``, rounded; None below 0."""
    found = number(value, *path)
    return round(found) if found is not None and found >= 0 else None


def texts(value: Json, *path: str, language: str) -> dict[str, str]:
    """Give the clean text under each language tag, without markup; a bare one is of ``language``.

    Keys that are no language tag are left out, and so is what is empty.
    """
    found = one(at(value, *path))
    named = list(found.items())[:LANGUAGES_MAX] if isinstance(found, dict) else [(language, found)]
    read = ((tag, _text(one(text))) for tag, text in named)
    return {tag: text for tag, text in read if text and _LANGUAGE.fullmatch(tag)}


def _text(value: Json) -> str:
    if not isinstance(value, str):
        return ""
    return clean(plain(value) if "<" in value or "&" in value else value)


def joined(told: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Give the texts under one another, each once, by language."""
    found: dict[str, dict[str, None]] = {}
    for by_language in told:
        for tag, text in by_language.items():
            found.setdefault(tag, {})[text] = None
    return {tag: "\n".join(parts) for tag, parts in found.items()}


def position(value: Json, lat: str, lon: str) -> Geo | None:
    """Give the position whose degrees stand under these names, None when it is none."""
    return geo_of(number(value, lat), number(value, lon))
