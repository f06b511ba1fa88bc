"""The messages of an enrolment (RFC 8628), strict and bounded both ways.

The kiosk signs both of its requests with the key that it asks with. What it is answered at the end
is proven by the licence in it, which the hub's online key has signed (sync.enrolment).
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from msgspec import Meta

from sync.protocol.manifest import Strict

ANSWER_BYTES_MAX = 16 * 1024
LIVES_MAX_S, INTERVAL_MAX_S = 3600, 60

Slug: TypeAlias = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
Name: TypeAlias = Annotated[str, Meta(pattern=r"^[a-z0-9-]{1,8}$")]
KeyHex: TypeAlias = Annotated[str, Meta(pattern=r"^([0-9a-f]{64}|04[0-9a-f]{128})$")]
HubKeyHex: TypeAlias = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
KioskId: TypeAlias = Annotated[str, Meta(pattern=r"^[a-z0-9]{1,32}$")]
DeviceCode: TypeAlias = Annotated[str, Meta(min_length=20, max_length=100)]
UserCode: TypeAlias = Annotated[str, Meta(pattern=r"^[A-Z]{4}-[A-Z]{4}$")]
Address: TypeAlias = Annotated[str, Meta(pattern=r"^https?://[!-~]{1,300}$")]
LicenceText: TypeAlias = Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{1,2000}$")]


class EnrolAsk(Strict, frozen=True, kw_only=True):
    """A kiosk asks to be let in; the request is signed with ``public_key`` (hex)."""

    territory: Slug
    name: Name
    algorithm: Literal["ed25519", "ecdsa-p256-sha256"]
    public_key: KeyHex


class EnrolBegun(Strict, frozen=True, kw_only=True):
    """RFC 8628, 3.2, and the four words of the key that people compare."""

    device_code: DeviceCode
    user_code: UserCode
    verification_uri: Address
    verification_uri_complete: Address
    expires_in: Annotated[int, Meta(ge=1, le=LIVES_MAX_S)]
    interval: Annotated[int, Meta(ge=1, le=INTERVAL_MAX_S)]
    fingerprint: Annotated[str, Meta(max_length=100)]


class TokenAsk(Strict, frozen=True, kw_only=True):
    """A poll; signed with the key that was asked with (hex)."""

    device_code: DeviceCode
    public_key: KeyHex


class TokenError(Strict, frozen=True, kw_only=True):
    """RFC 8628, 3.5."""

    error: Literal["authorization_pending", "slow_down", "access_denied", "expired_token"]


class Enrolled(Strict, frozen=True, kw_only=True):
    """The device's id, the hub's online key (hex), the first licence."""

    kiosk: KioskId
    territory: Slug
    hub_key: HubKeyHex
    licence: LicenceText
