"""Parses GTFS times and dates, each distinct text once."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import TypeVar

Value = TypeVar("Value")

BLANK = -1
_TIME = re.compile(r" *\d{1,3}:[0-5]\d:[0-5]\d *", re.ASCII)
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
    if _TIME.fullmatch(text):
        hours, minutes, seconds = text.split(":")
        if int(hours) < HOURS_MAX:
            return int(hours) * 3600 + int(minutes) * 60 + int(seconds)
    if not text.strip():
        return BLANK
    raise ValueError(f"not a time: {text[:20]!r}")


def day_of(text: str) -> int:
    """Give YYYYMMDD as a proleptic ordinal; raises ValueError."""
    if len(text) != 8 or not (text.isascii() and text.isdigit()):
        raise ValueError(f"not a date: {text[:20]!r}")
    return date(int(text[:4]), int(text[4:6]), int(text[6:])).toordinal()
