"""The simulated way to pay: the demo's, marked as such, refused in production.

It is Checkout's own code over the bank's stand-in, in the same process.
"""

from __future__ import annotations

from payments.provider import Setup
from payments.providers.stripe_checkout.checkout import Checkout
from payments.simulator.api import Api
from payments.simulator.in_process import InProcess
from payments.simulator.psp import HOST, Psp


def make(setup: Setup) -> Checkout:
    """Make it over a bank without any payment; raises InputRefused in production."""
    psp = Psp(clock=setup.clock, environment=setup.environment)
    return Checkout(InProcess(Api(psp).answer), return_url=f"{HOST}/merci")
