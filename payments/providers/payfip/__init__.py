"""PayFiP, the French State's way to pay public bodies: on the own phone, taken at once."""

from __future__ import annotations

from payments.provider import Setup
from payments.providers.payfip.client import PayfipClient
from payments.providers.payfip.payfip import Payfip, Regie


def make(setup: Setup) -> Payfip:
    """Make the provider; raises InputRefused for a missing or wrong option."""
    client = PayfipClient(setup.options.get("base", "") or PayfipClient.ADDRESS)
    regie = Regie(
        numcli=setup.option("numcli"),
        mode=setup.option("mode"),
        email=setup.option("email"),
        return_url=setup.option("return_url"),
        notify_url=setup.option("notify_url"),
    )
    regie.check(environment=setup.environment)
    return Payfip(client, regie, clock=setup.clock)
