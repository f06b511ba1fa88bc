"""The auditor's own Ed25519 against RFC 8032's vectors and against `cryptography`."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.store.verify_ledger import ORDER, signature_holds

# RFC 8032, 7.1: tests 1 to 3 and "SHA(abc)": public key, message, signature.
VECTORS = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
            "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        ),
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        ),
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        (
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
            "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
        ),
    ),
    (
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        (
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
            "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"
        ),
        (
            "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b589"
            "09351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704"
        ),
    ),
]
SIGNER = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = SIGNER.public_key().public_bytes_raw()


@pytest.mark.parametrize(("key", "message", "signature"), VECTORS)
def test_a_published_vector_holds(key: str, message: str, signature: str) -> None:
    raw = bytes.fromhex(key), bytes.fromhex(message), bytes.fromhex(signature)
    assert signature_holds(*raw)
    assert not signature_holds(raw[0], raw[1] + b"!", raw[2])


@settings(max_examples=25, deadline=None)
@given(message=st.binary(max_size=80), bit=st.integers(0, 64 * 8 - 1))
def test_what_cryptography_signs_holds_and_a_flipped_bit_does_not(message: bytes, bit: int) -> None:
    signature = SIGNER.sign(message)
    assert signature_holds(PUBLIC, message, signature)
    flipped = bytearray(signature)
    flipped[bit // 8] ^= 1 << bit % 8
    assert not signature_holds(PUBLIC, message, bytes(flipped))


def test_a_scalar_past_the_order_is_refused_so_that_a_signature_has_one_spelling() -> None:
    signature = SIGNER.sign(b"m")
    scalar = int.from_bytes(signature[32:], "little") + ORDER
    assert not signature_holds(PUBLIC, b"m", signature[:32] + scalar.to_bytes(32, "little"))


@pytest.mark.parametrize(
    "key",
    [
        b"",
        bytes(31),
        (2**255 - 19).to_bytes(32, "little"),  # y past the field
        (2).to_bytes(32, "little"),  # no x for this y
        (1 | 1 << 255).to_bytes(32, "little"),  # minus zero
    ],
    ids=["empty", "short", "y too large", "not on the curve", "minus zero"],
)
def test_what_is_no_point_is_no_key(key: bytes) -> None:
    assert not signature_holds(key, b"m", SIGNER.sign(b"m"))


@pytest.mark.parametrize("signature", [b"", bytes(63), bytes(65)])
def test_a_signature_of_another_length_is_refused(signature: bytes) -> None:
    assert not signature_holds(PUBLIC, b"m", signature)
