"""The signature over a manifest or a notice; it holds before anything is read (SYNC.md, TRUST.md).

::

    0 …   "alv1" and one byte that says what it is: m (manifest), k (notice of keys)
    5 …   key id: the first eight bytes of SHA-256 of the signer's public key
    13 …  Ed25519 signature (RFC 8032) of CONTEXT, the five first bytes, the key id and the body
    77 …  body: one zstd frame (sync.protocol.manifest)

Rules:
1. The signature is verified over the bytes as they travel, before they are unpacked or parsed.
2. Manifests are signed by the hub's online key, notices by the territory's offline root key. A
   notice names the online key from its epoch on: a kiosk takes one only with a higher epoch.
3. A signature over one kind of document is none over the other.
4. A kiosk that knows no root yet may learn it from a notice that is signed by the root it names;
   who lets it (the first sync on loopback, an enrolment that people compare) is not decided here.
"""

from __future__ import annotations

import hashlib
from typing import Protocol

from kiosk.domain.errors import FeedForged, FeedRefused
from sync.protocol.manifest import MANIFEST_BYTES_MAX, Manifest, Notice, read, write

MAGIC_MANIFEST, MAGIC_NOTICE = b"alv1m", b"alv1k"
CONTEXT = b"alveole.alv1.1\x00"  # a signature made for anything else is none here
KEY_ID_BYTES, SIGNATURE_BYTES = 8, 64
HEAD_BYTES = len(MAGIC_MANIFEST) + KEY_ID_BYTES
BODY_FROM = HEAD_BYTES + SIGNATURE_BYTES


class Signer(Protocol):
    """Who signs; the private key stays behind it (kiosk.store.device_key.DeviceKey is one)."""

    @property
    def public_key(self) -> bytes:
        """The public key, 32 bytes."""
        ...

    def sign(self, message: bytes) -> bytes:
        """Give the Ed25519 signature of ``message``."""
        ...


def key_id(public_key: bytes) -> bytes:
    """Give the eight bytes that name a public key."""
    return hashlib.sha256(public_key).digest()[:KEY_ID_BYTES]


def sign_manifest(manifest: Manifest, signer: Signer) -> bytes:
    """Give a manifest as it travels; raises FeedRefused when it has no room."""
    return _signed(MAGIC_MANIFEST, write(manifest), signer)


def sign_notice(notice: Notice, root: Signer) -> bytes:
    """Give a notice of keys as it travels."""
    return _signed(MAGIC_NOTICE, write(notice), root)


def open_manifest(data: bytes, key: bytes) -> Manifest:
    """Give a manifest that ``key`` has signed; raises FeedForged, FeedRefused."""
    return read(_verified(MAGIC_MANIFEST, data, key), Manifest)


def open_notice(data: bytes, root: bytes) -> Notice:
    """Give a notice that the root key has signed; raises FeedForged, FeedRefused."""
    notice = read(_verified(MAGIC_NOTICE, data, root), Notice)
    if notice.root != root:
        raise FeedForged("a notice that names another root than the one that signed it")
    return notice


def first_notice(data: bytes) -> Notice:
    """Give a notice signed by the root it names (rule 4); raises FeedForged, FeedRefused."""
    _framed(MAGIC_NOTICE, data)
    return open_notice(data, read(data[BODY_FROM:], Notice).root)


def signer_id(data: bytes) -> bytes:
    """Give the id of the key that says it has signed ``data``; proves nothing."""
    return data[len(MAGIC_MANIFEST) : HEAD_BYTES]


def _signed(magic: bytes, body: bytes, signer: Signer) -> bytes:
    head = magic + key_id(signer.public_key)
    data = head + signer.sign(CONTEXT + head + body) + body
    _framed(magic, data)
    return data


def _framed(magic: bytes, data: bytes) -> None:
    if len(data) > MANIFEST_BYTES_MAX:
        raise FeedRefused(f"a signed document of {len(data)} bytes")
    if len(data) <= BODY_FROM or not data.startswith(magic):
        raise FeedRefused("not a signed document of that kind")


def _verified(magic: bytes, data: bytes, key: bytes) -> bytes:
    """Give the body of a document once its signature holds."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    _framed(magic, data)
    if signer_id(data) != key_id(key):
        raise FeedForged(f"signed by the key {signer_id(data).hex()}, not by {key_id(key).hex()}")
    head, body = data[:HEAD_BYTES], data[BODY_FROM:]
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(
            data[HEAD_BYTES:BODY_FROM], CONTEXT + head + body
        )
    except (InvalidSignature, ValueError) as wrong:
        raise FeedForged("the signature doesn't hold") from wrong
    return body
