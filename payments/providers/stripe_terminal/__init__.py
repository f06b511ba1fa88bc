"""Pay on a bank terminal beside the kiosk: Stripe Terminal, server-driven."""

from __future__ import annotations

from payments.provider import Setup
from payments.providers.stripe_edge import StripeEdge
from payments.providers.stripe_terminal.terminal import Terminal


def make(setup: Setup) -> Terminal:
    """Make the provider; raises InputRefused for a missing option or a secret too powerful."""
    edge = StripeEdge(setup.secret, base=setup.options.get("base", ""))
    return Terminal(edge, reader=setup.option("reader"))
