"""Reads the dates and times of feeds into aware datetimes."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from kiosk.domain.errors import InputRefused
from sync.connectors.base import Context

YEAR_MIN, YEAR_MAX = 1900, 2200  # outside of it a date is a typing error, and may overflow


def zone_of(context: Context) -> ZoneInfo:
    """Give the context's time zone; raises InputRefused when there is no such one."""
    try:
        return ZoneInfo(context.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as wrong:
        what = f"no such time zone: {context.timezone}"
        raise InputRefused(what, todo="give an IANA name such as Europe/Paris") from wrong


def day_of(text: str) -> date:
    """Read ``YYYY-MM-DD`` or ``DD/MM/YYYY``; raises InputRefused."""
    tidy = text.strip()
    if len(tidy) == 10 and tidy[2] == tidy[5] == "/":
        tidy = f"{tidy[6:]}-{tidy[3:5]}-{tidy[:2]}"
    try:
        day = date.fromisoformat(tidy)
    except ValueError as wrong:
        raise InputRefused(f"not a date: {text[:40]}") from wrong
    return plausible(day)


def moment_of(text: str, zone: ZoneInfo) -> datetime:
    """Read an ISO 8601 time; one without offset is of ``zone``; raises InputRefused."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError as wrong:
        raise InputRefused(f"not an ISO time: {text[:40]}") from wrong
    plausible(moment)
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def hour_of(text: str) -> time | None:
    """Read a time of day (``HH:MM``, ``HH:MM:SS``), None when empty; raises InputRefused."""
    try:
        return time.fromisoformat(text).replace(tzinfo=None) if text else None
    except ValueError as wrong:
        raise InputRefused(f"not a time of day: {text[:20]}") from wrong


def plausible(day: date) -> date:
    """Give ``day`` back; raises InputRefused outside of YEAR_MIN…YEAR_MAX."""
    if not YEAR_MIN <= day.year <= YEAR_MAX:
        raise InputRefused(f"year {day.year} is outside {YEAR_MIN}…{YEAR_MAX}")
    return day


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """Give the start of ``day`` in ``zone``."""
    return datetime.combine(day, time.min, zone)


def observed(stamp: object, context: Context) -> datetime:
    """Give the moment that ``stamp`` tells, never later than the reading.

    The moment of reading when it isn't an ISO 8601 time.
    """
    if not isinstance(stamp, str):
        return context.observed_at
    try:
        return min(moment_of(stamp, zone_of(context)), context.observed_at)
    except InputRefused:
        return context.observed_at
