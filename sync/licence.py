"""The licence: until when a device may move money without asking its hub (TRUST.md).

::

    text   base64url of what follows, without padding
    body   JSON: kiosk, territory, key (the device's, hex), until (seconds since 1970, UTC)
    last   64 bytes: Ed25519 signature (RFC 8032) of CONTEXT and the body

After ``until`` money stops and information stays: a device that was stolen and kept from the
network ends by itself.
"""

from __future__ import annotations

import base64
import binascii
from typing import Annotated

import msgspec

from kiosk.domain.errors import CodeForeign, CodeTampered
from kiosk.domain.sealed import SIGNATURE_BYTES, Signer, holds
from sync.protocol.manifest import NUMBER_MAX, Strict

CONTEXT = b"alveole.licence.1\x00"  # a signature made for anything else is none here
TEXT_MAX = 2_000


class Licence(Strict, frozen=True, kw_only=True):
    """Which device it is for, by its key, and until when."""

    kiosk: Annotated[str, msgspec.Meta(min_length=1, max_length=32)]
    territory: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    key: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64,200}$")]
    until: Annotated[int, msgspec.Meta(ge=0, le=NUMBER_MAX)]


def sign_licence(licence: Licence, hub: Signer) -> str:
    """Give a licence as it travels."""
    body = msgspec.json.encode(licence, order="sorted")
    return base64.urlsafe_b64encode(body + hub.sign(CONTEXT + body)).rstrip(b"=").decode()


def open_licence(text: str, hub_key: bytes) -> Licence:
    """Give a licence that the hub has signed; raises CodeForeign (none), CodeTampered."""
    try:
        raw = text.encode("ascii")
        data = base64.b64decode(raw + b"=" * (-len(raw) % 4), altchars=b"-_", validate=True)
    except (UnicodeEncodeError, binascii.Error, ValueError) as wrong:
        raise CodeForeign("not a licence") from wrong
    body, signature = data[:-SIGNATURE_BYTES], data[-SIGNATURE_BYTES:]
    if len(text) > TEXT_MAX or not body:
        raise CodeForeign("not a licence")
    if not holds(hub_key, signature, CONTEXT + body):
        raise CodeTampered("a licence that this hub hasn't signed")
    try:
        return msgspec.json.decode(body, type=Licence)
    except (msgspec.MsgspecError, ValueError) as wrong:
        raise CodeForeign(f"not a licence: {wrong}") from wrong
