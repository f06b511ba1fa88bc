"""Signed requests out, signed answers in: the kiosk's side of RFC 9421 (TRUST.md, identity).

Rules:
1. A request covers its method and address, its ``idempotency-key`` where it has one, and the digest
   of its body where it has one; ``tag`` is "alveole", ``keyid`` the device's id at the hub, the
   nonce is ours and used once.
2. An answer is believed when the pinned key has signed its status and digest, and the request's
   method, address and signature: it answers this request and no other one.
3. ``created`` is the caller's clock, which the hub bounds (60 s).
"""

# The library's own hints leave messages untyped and re-export by a comment that only mypy reads.
# pyright: reportPrivateImportUsage=false, reportUnknownMemberType=false

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from http_message_signatures import HTTPMessageSigner, HTTPMessageVerifier, MappingKeyResolver
from http_message_signatures.algorithms import ED25519
from http_message_signatures.exceptions import HTTPMessageSignaturesException, InvalidSignature

from kiosk.domain.errors import FeedForged
from sync.signing import Signer, key_id

TAG: Final = "alveole"
LABEL: Final = "kiosk"
NONCE_BYTES: Final = 24
ANSWER_COVERED: Final = (
    "@status",
    "content-digest",
    '"@method";req',
    '"@target-uri";req',
    '"signature";req',
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who this kiosk is to the hub: its id there, its key, and the hub's key that is pinned."""

    device: str
    signer: Signer
    hub_key: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request as the library wants it; its headers gain the signature."""

    method: str
    url: str
    headers: dict[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """An answer as the library wants it."""

    status_code: int
    headers: Mapping[str, str]
    request: Asked


class _Verifier(HTTPMessageVerifier):
    """The library's verifier, which leaves the clock out: the request's signature is covered."""

    def validate_created_and_expires(self, sig_input: Any, max_age: object = None) -> None:
        """Take any moment: an answer to a request of a moment ago can't be an old one."""
        del sig_input, max_age


def sign(
    asked: Asked, body: bytes, signer: Signer, *, device: str, nonce: str, now: datetime
) -> None:
    """Sign a request in place (rule 1)."""
    covered = ["@method", "@target-uri"]
    if "idempotency-key" in {name.lower() for name in asked.headers}:
        covered.append("idempotency-key")
    if body:
        covered.append("content-digest")
    made = HTTPMessageSigner(signature_algorithm=ED25519, key_resolver=None)
    prepared = made.prepare(
        asked,
        key_id=device,
        created=now,
        nonce=nonce,
        tag=TAG,
        label=LABEL,
        covered_component_ids=covered,
        body=body or None,
    )
    made.apply(asked, prepared, signer.sign(prepared.signature_base))


def verify(answered: Answered, body: bytes, key: bytes) -> None:
    """Verify an answer under the hub's pinned key (rule 2); raises FeedForged."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    public = Ed25519PublicKey.from_public_bytes(key)
    known = MappingKeyResolver(public_keys={key_id(key).hex(): public}, private_keys={})
    verifier = _Verifier(signature_algorithm=ED25519, key_resolver=known)
    try:
        verifier.verify(
            answered,
            max_age=None,
            expect_tag=TAG,
            require_components=ANSWER_COVERED,
            body=body,
        )
    except (InvalidSignature, HTTPMessageSignaturesException, ValueError) as wrong:
        raise FeedForged(f"an answer that isn't signed by our hub: {wrong}") from wrong
