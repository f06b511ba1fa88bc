"""The simulated way to pay: the demo's, marked as such, refused in production."""

from __future__ import annotations

from kiosk.ports import Clock
from payments.simulator.bank import SimulatedBank


def make(*, clock: Clock, environment: str) -> SimulatedBank:
    """Give a bank's stand-in without any payment; raises InputRefused in production."""
    return SimulatedBank(clock=clock, environment=environment)
