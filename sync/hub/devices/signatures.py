"""Signed requests in, signed answers out (RFC 9421; TRUST.md, "Device identity").

Rules:
1. A request covers its method and address, its ``idempotency-key`` where it has one, and the
   digest of its body; ``tag`` is "alveole", the algorithm is the one pinned at enrolment.
2. It is AGE_MAX old at most by our clock, and its nonce is used once (the library takes replays).
3. Nobody learns why a signature was refused; the log does.
4. An answer covers its status and digest, and the request's method, address and signature: it
   answers that request and no other one.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import structlog
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import IntegrityError, transaction
from http_message_signatures import (
    HTTPMessageSigner,
    HTTPMessageVerifier,
    InvalidSignature,
    MappingKeyResolver,
)
from http_message_signatures.algorithms import ECDSA_P256_SHA256, ED25519, HTTPSignatureAlgorithm
from http_message_signatures.exceptions import HTTPMessageSignaturesException

from kiosk.domain.errors import SignatureRefused
from kiosk.domain.sealed import Signer
from sync.hub.devices.models import Algorithm, Nonce
from sync.message_signing import ANSWER_COVERED, TAG, Answered, Asked
from sync.signing import key_id

AGE_MAX: Final = timedelta(seconds=60)
SKEW_MAX: Final = timedelta(seconds=5)
NONCE_MIN, NONCE_MAX = 16, 128  # characters
NONCES_SWEPT_MAX = 500
COVERED: Final = ("@method", "@target-uri")
_ALGORITHMS: Mapping[str, type[HTTPSignatureAlgorithm]] = {
    Algorithm.ED25519: ED25519,
    Algorithm.P256: ECDSA_P256_SHA256,
}
_KEY_ID = re.compile(r';keyid="([A-Za-z0-9_-]{1,200})"')

log = structlog.get_logger("hub.signatures")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceKey:
    """A public key and how it signs; ``public_key`` is hex as in the table."""

    id: str
    algorithm: str
    public_key: str


class _Verifier(HTTPMessageVerifier):
    """The library's verifier of one key, by our clock."""

    def __init__(self, key: DeviceKey, now: datetime) -> None:
        known = MappingKeyResolver(public_keys={key.id: public_key_of(key)}, private_keys={})
        super().__init__(signature_algorithm=_ALGORITHMS[key.algorithm], key_resolver=known)
        self._now = now

    def validate_created_and_expires(
        self, sig_input: Any, max_age: timedelta | None = None
    ) -> None:
        """Refuse what is older than ``max_age``, or from the future (rule 2)."""
        created, expires = sig_input.params.get("created"), sig_input.params.get("expires")
        now = int(self._now.timestamp())
        skew = int(SKEW_MAX.total_seconds())
        oldest = now - int((max_age or AGE_MAX).total_seconds()) - skew
        if not isinstance(created, int) or not oldest <= created <= now + skew:
            raise InvalidSignature("too old, from the future, or without a moment")
        if expires is not None and not (isinstance(expires, int) and expires >= now - skew):
            raise InvalidSignature("expired")


def verify(asked: Asked, body: bytes, key: DeviceKey, now: datetime) -> None:
    """Verify a request; raises SignatureRefused. Its nonce is spent when the signature holds."""
    needed = [*COVERED]
    if "idempotency-key" in {name.lower() for name in asked.headers}:
        needed.append("idempotency-key")
    if body:
        needed.append("content-digest")
    try:
        (found,) = _Verifier(key, now).verify(
            asked, max_age=AGE_MAX, expect_tag=TAG, require_components=needed, body=body
        )
    except (InvalidSignature, HTTPMessageSignaturesException, ValueError) as wrong:
        log.info("signature.refused", device=key.id, why=str(wrong)[:200])
        raise SignatureRefused("the signature isn't taken") from wrong
    nonce = found.nonce or ""
    if not NONCE_MIN <= len(nonce) <= NONCE_MAX or found.parameters.get("keyid") != key.id:
        raise SignatureRefused("the signature isn't taken")
    spend(key.id, nonce, now)


def spend(device: str, nonce: str, now: datetime) -> None:
    """Note a nonce; raises SignatureRefused when it was used."""
    digest = hashlib.sha256(f"{device}|{nonce}".encode()).hexdigest()
    until = now + AGE_MAX + 2 * SKEW_MAX
    old = Nonce.objects.filter(until__lt=now).values_list("pk", flat=True)[:NONCES_SWEPT_MAX]
    try:
        with transaction.atomic():
            Nonce.objects.filter(pk__in=list(old)).delete()
            Nonce.objects.create(digest=digest, until=until)
    except IntegrityError as again:
        log.warning("signature.replayed", device=device)
        raise SignatureRefused("the signature isn't taken") from again


def key_id_of(asked: Asked) -> str:
    """Give the key id that a request names, "" when it names none or several; proves nothing."""
    said = {name.lower(): value for name, value in asked.headers.items()}
    named = _KEY_ID.findall(said.get("signature-input", ""))
    return str(named[0]) if len(named) == 1 else ""


def sign_answer(answer: Answered, body: bytes, signer: Signer, now: datetime) -> None:
    """Sign an answer: adds its digest and signature to its headers."""
    made = HTTPMessageSigner(signature_algorithm=ED25519, key_resolver=None)
    prepared = made.prepare(
        answer,
        key_id=key_id(signer.public_key).hex(),
        created=now,
        tag=TAG,
        label="hub",
        covered_component_ids=ANSWER_COVERED,
        body=body,
    )
    made.apply(answer, prepared, signer.sign(prepared.signature_base))


def public_key_of(key: DeviceKey) -> Ed25519PublicKey | EllipticCurvePublicKey:
    """Read a key; raises ValueError when it is none of its algorithm."""
    raw = bytes.fromhex(key.public_key)
    if key.algorithm == Algorithm.ED25519:
        return Ed25519PublicKey.from_public_bytes(raw)
    return EllipticCurvePublicKey.from_encoded_point(SECP256R1(), raw)
