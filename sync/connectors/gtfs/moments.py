"""Parses GTFS times and dates, each distinct text once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import product
from typing import TypeVar

Value = TypeVar("Value")

BLANK = -1
HOURS_MAX = 96  # a trip that runs four days; beyond is a typing error
# Two looks into a table are ten times faster than a pattern.
_OF_HOURS = {
    f"{hour:0{width}}": hour * 3600 for hour, width in product(range(HOURS_MAX), (1, 2, 3))
}
_OF_MINUTES = {
    f":{minute:02}:{second:02}": minute * 60 + second
    for minute, second in product(range(60), range(60))
}
_MINUTES = len(":MM:SS")


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
    try:
        return _OF_HOURS[text[:-_MINUTES]] + _OF_MINUTES[text[-_MINUTES:]]
    except KeyError:
        bare = text.strip()
    if not bare:
        return BLANK
    if bare != text:
        return seconds_of(bare)
    raise ValueError(f"not a time: {text[:20]!r}")


def day_of(text: str) -> int:
    """Give YYYYMMDD as a proleptic ordinal; raises ValueError."""
    if len(text) != 8 or not (text.isascii() and text.isdigit()):
        raise ValueError(f"not a date: {text[:20]!r}")
    return date(int(text[:4]), int(text[4:6]), int(text[6:])).toordinal()
