"""Withdraws what is over: an alert that has ended is never published as if it held."""

from __future__ import annotations

from datetime import datetime

from kiosk.domain.errors import InputRefused


def still_holds(starts: datetime | None, ends: datetime | None, now: datetime) -> None:
    """Accept a period that isn't over at ``now``, an open one too; raises InputRefused.

    A period that ends before it starts is a typing error, and refused as one.
    """
    if starts and ends and ends < starts:
        raise InputRefused("it ends before it starts")
    if ends and ends <= now:
        raise InputRefused(f"withdrawn: it ended at {ends.isoformat()}")
