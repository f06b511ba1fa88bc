"""Cash at the desk: staff only, in an open till session."""

from __future__ import annotations

from payments.provider import Setup
from payments.till import CASH_MAX, ClosedTill, CounterProvider


def make(setup: Setup) -> CounterProvider:  # noqa: ARG001  # the till gives itself later
    """Make the provider over the hub's till, closed until there is one."""
    return CounterProvider("cash", ClosedTill(), most=CASH_MAX)
