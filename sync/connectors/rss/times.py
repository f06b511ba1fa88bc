"""Reads the times of feeds: RFC 822 (RSS) and W3C date-times (Atom, Dublin Core)."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from kiosk.domain.errors import InputRefused
from sync.connectors.times import moment_of, plausible

_VALID_END = re.compile(r"\bend=([^;\s]+)")


def time_of(text: str, zone: ZoneInfo) -> datetime | None:
    """Give the time, None when the text is empty or isn't one: a feed's news stand without it.

    A time without offset is of ``zone``.
    """
    if not text:
        return None
    try:
        return moment_of(text, zone)
    except InputRefused:
        return _rfc822(text, zone)


def _rfc822(text: str, zone: ZoneInfo) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
        plausible(moment)
    except (ValueError, TypeError, IndexError, OverflowError, InputRefused):
        return None
    if moment.tzinfo:
        return moment
    return moment.replace(tzinfo=UTC if text.rstrip().endswith("-0000") else zone)  # RFC 5322, 3.3


def end_of(text: str, zone: ZoneInfo) -> datetime | None:
    """Give the end in a DCMI period (``start=…;end=…``), None when there is none."""
    found = _VALID_END.search(text)
    return time_of(found[1], zone) if found else None
