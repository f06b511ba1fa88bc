"""Carries payments' calls under the device's own identity (RFC 9421; TRUST.md).

What isn't signed by the hub's pinned key, as the answer to this very call, is no answer.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import UTC, datetime

from kiosk.domain.errors import FeedForged, PaymentUnavailable
from payments.http_post import TIMEOUT_S, address, answer_of
from payments.remote import RemoteGateway
from payments.wire import BYTES_MAX
from sync.message_signing import NONCE_BYTES, Answered, Asked, Identity, sign, verify


class SignedPost:
    """Posts in this kiosk's name; believes its hub's signed answer to that very call alone."""

    def __init__(
        self,
        url: str,
        identity: Identity,
        *,
        timeout_s: float = TIMEOUT_S,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Remember where the hub is; raises InputRefused for plain HTTP beyond loopback."""
        self._hub = address(url)
        self._base = url.rstrip("/")
        self._identity = identity
        self._timeout_s = timeout_s
        self._now = now

    def post(self, path: str, said: bytes, *, bytes_max: int = BYTES_MAX) -> tuple[int, bytes]:
        """Give status and verified body; raises PaymentUnavailable when no such answer came."""
        who = self._identity
        headers = {"Content-Type": "application/json"} if said else {}
        asked = Asked(method="POST", url=self._base + path, headers=headers)
        nonce = secrets.token_urlsafe(NONCE_BYTES)
        sign(asked, said, who.signer, device=who.device, nonce=nonce, now=self._now())
        reply = answer_of(
            self._hub, path, said, asked.headers, bytes_max=bytes_max, timeout_s=self._timeout_s
        )
        answered = Answered(status_code=reply.status, headers=reply.headers, request=asked)
        try:
            verify(answered, reply.body, who.hub_key)
        except FeedForged as wrong:
            raise PaymentUnavailable(f"{reply.status}, not signed by our hub: {wrong}") from wrong
        return reply.status, reply.body


class SignedGateway(RemoteGateway):
    """ports.PaymentGateway over a hub that has let this kiosk in."""

    def __init__(
        self,
        url: str,
        identity: Identity,
        *,
        timeout_s: float = TIMEOUT_S,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Remember where the hub is; raises InputRefused for plain HTTP beyond loopback."""
        super().__init__(url, token="", timeout_s=timeout_s)
        self._signed = SignedPost(url, identity, timeout_s=timeout_s, now=now)

    def _post(self, call: str, said: bytes) -> tuple[int, bytes]:
        """Give status and verified body; raises PaymentUnavailable."""
        return self._signed.post(f"/v1/payments/{call}", said)
