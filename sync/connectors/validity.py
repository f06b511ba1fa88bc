"""Withdraws what is over: an alert that has ended is never published as if it held."""

from __future__ import annotations

from datetime import datetime, timedelta

from kiosk.domain.errors import InputRefused

CLOCKS_APART = timedelta(hours=1)  # between a source's clock and ours


def was_seen(at: datetime, now: datetime) -> None:
    """Accept what was told before ``now``; raises InputRefused on a time to come.

    A date typed wrong would else keep a state for years.
    """
    if at > now + CLOCKS_APART:
        raise InputRefused(f"told at a time to come: {at.isoformat()}")


def still_holds(starts: datetime | None, ends: datetime | None, now: datetime) -> None:
    """Accept a period that isn't over at ``now``, an open one too; raises InputRefused.

    A period that ends before it starts is a typing error, and refused as one.
    """
    if starts and ends and ends < starts:
        raise InputRefused("it ends before it starts")
    if ends and ends <= now:
        raise InputRefused(f"withdrawn: it ended at {ends.isoformat()}")
