"""Parses GTFS times and dates, each distinct text once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TypeVar

Value = TypeVar("Value")

BLANK = -1
HOURS_MAX = 96  # a trip that runs four days; beyond is a typing error


class Memo(dict[str, Value]):
    """Text → what ``parse`` makes of it: a feed has millions of texts, few of them distinct.

    Raises what ``parse`` raises, and then remembers nothing.
    """

    def __init__(self, parse: Callable[[str], Value]) -> None:
        super().__init__()
        self._parse = parse

    def __missing__(self, text: str) -> Value:
        value = self[text] = self._parse(text)
        return value


def seconds_of(text: str) -> int:
    """Give H:MM:SS (hours past 24 are the next day) in seconds, BLANK for ""; raises ValueError."""
    text = text.strip()
    if not text:
        return BLANK
    parts = text.split(":")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() for part in parts):
        raise ValueError(f"not a time: {text[:20]!r}")
    hours, minutes, seconds = (int(part[:4]) for part in parts)
    if hours >= HOURS_MAX or minutes >= 60 or seconds >= 60:
        raise ValueError(f"not a time: {text[:20]!r}")
    return hours * 3600 + minutes * 60 + seconds


def day_of(text: str) -> int:
    """Give YYYYMMDD as a proleptic ordinal; raises ValueError."""
    if len(text) != 8 or not (text.isascii() and text.isdigit()):
        raise ValueError(f"not a date: {text[:20]!r}")
    return date(int(text[:4]), int(text[4:6]), int(text[6:])).toordinal()
