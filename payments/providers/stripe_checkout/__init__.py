"""Pay on the own phone: a Stripe Checkout Session behind the kiosk's QR."""

from __future__ import annotations

from payments.provider import Setup
from payments.providers.stripe_checkout.checkout import Checkout
from payments.providers.stripe_edge import StripeEdge


def make(setup: Setup) -> Checkout:
    """Make the provider; raises InputRefused for a missing option or a secret too powerful."""
    edge = StripeEdge(setup.secret, base=setup.options.get("base", ""))
    return Checkout(edge, return_url=setup.option("return_url"))
