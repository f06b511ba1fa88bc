"""The one place that imports Stripe's library: a transport with time-outs and no retry.

Facts about stripe-python 16 that this file rests on: the default time-out is 80 s; without
``max_network_retries`` nothing is sent twice, and a 409 "reader busy" would be; the code of a
401, 403, 409, 429 or 5xx stands in ``e.error.code``, not in ``e.code``; the import costs 0.5 s,
so it is put off to the first payment.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from kiosk.domain.errors import InputRefused, PaymentUnavailable
from payments.providers.stripe_wire import Reply

if TYPE_CHECKING:
    from stripe import StripeClient, StripeError

API_VERSION = "2026-05-27.dahlia"  # the version whose description the tests read
TIMEOUT_S = 8.0
_RESTRICTED = re.compile(r"rk_(live|test)_\w{8,200}|sk_test_\w{8,200}", re.ASCII)


def checked_secret(secret: str) -> str:
    """Give a secret that the hub may hold: a restricted key; raises InputRefused otherwise."""
    if secret.startswith("sk_live_"):
        raise InputRefused(
            "a full live secret is refused: it could pay out, and read every customer",
            where="STRIPE_SECRET",
            todo="make a restricted key (rk_live_…) with write on Checkout, PaymentIntents, "
            "Refunds and Terminal only",
        )
    if not _RESTRICTED.fullmatch(secret):
        raise InputRefused("this isn't a Stripe key", where="STRIPE_SECRET")
    return secret


class StripeEdge:
    """Transport over stripe-python; ``base`` is another address in tests and in the demo."""

    def __init__(self, secret: str, *, base: str = "") -> None:
        """Remember what to ask with; raises InputRefused for a secret that may not be held."""
        self._secret = checked_secret(secret)
        self._base = base
        self._client: StripeClient | None = None

    def ask(self, method: str, path: str, params: Mapping[str, object], *, key: str = "") -> Reply:
        """Ask once; raises PaymentUnavailable when no answer came."""
        import stripe

        client = self._opened()
        options = {"idempotency_key": key} if key else {}
        try:
            response = client.raw_request(  # pyright: ignore[reportUnknownMemberType]  # untyped there
                method.lower(), path, **params, **options
            )
        except stripe.APIConnectionError as silent:
            raise PaymentUnavailable("the bank doesn't answer") from silent
        except stripe.StripeError as refused:
            return _reply_of(refused)
        return Reply(status=200, document=response.data)

    def _opened(self) -> StripeClient:
        if self._client is None:
            import stripe

            self._client = stripe.StripeClient(
                self._secret,
                stripe_version=API_VERSION,
                max_network_retries=0,
                http_client=stripe.RequestsClient(timeout=TIMEOUT_S),
                base_addresses={"api": self._base} if self._base else None,
            )
        return self._client


def _reply_of(refused: StripeError) -> Reply:
    """Read an error's code where it really stands; an unreadable answer counts as broken."""
    error = refused.error
    code = getattr(error, "code", None) or refused.code or ""
    kind = getattr(error, "type", None) or ""
    return Reply(
        status=refused.http_status or 500,
        document=None,
        code=str(code),
        kind=str(kind),
        message=str(refused.user_message or ""),
    )
