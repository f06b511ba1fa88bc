"""Cheque at the desk: staff only, in an open till session."""

from __future__ import annotations

from kiosk.domain.till_rules import CHEQUE_MAX
from payments.provider import Setup
from payments.till import ClosedTill, CounterProvider


def make(setup: Setup) -> CounterProvider:  # noqa: ARG001  # needs nothing of it
    """Make the provider over a closed till: a till is a kiosk's (payments.counter)."""
    return CounterProvider("cheque", ClosedTill(), most=CHEQUE_MAX)
