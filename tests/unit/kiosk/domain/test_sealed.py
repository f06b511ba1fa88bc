"""Signed codes: only what a known key has signed is believed, to the last bit."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.domain import base45
from kiosk.domain.errors import CodeForeign, CodeTampered
from kiosk.domain.sealed import (
    BODY_MAX,
    COMPRESSED,
    CONTEXT,
    FORMAT,
    PREFIX,
    TEXT_MAX,
    Kind,
    compressed,
    decompressed,
    key_id,
    known,
    opened,
    sealed,
)
from tests.signers import OTHER, OURS

KEYS = known((OURS.public_key,))


def raw(code: str) -> bytes:
    return base45.decode(code.removeprefix(PREFIX))


def signed(mark: int, carried: bytes) -> str:
    """Sign a frame that ``sealed`` would never make."""
    frame = bytes((FORMAT, mark)) + key_id(OURS.public_key) + carried
    return PREFIX + base45.encode(frame + OURS.sign(CONTEXT + frame))


@given(st.binary(max_size=BODY_MAX))
def test_a_body_comes_back_with_its_kind_and_signer(body: bytes) -> None:
    found = opened(sealed(Kind.ENTRY, body, OURS), KEYS)
    assert (found.kind, found.body, found.key_id) == (Kind.ENTRY, body, key_id(OURS.public_key))


@pytest.mark.parametrize("body", [b"short", b"again and " * 20], ids=["as it is", "compressed"])
def test_every_single_bit_flip_is_refused(body: bytes) -> None:
    data = raw(sealed(Kind.RECEIPT, body, OURS))
    for bit in range(len(data) * 8):
        flipped = bytearray(data)
        flipped[bit // 8] ^= 1 << bit % 8
        with pytest.raises((CodeForeign, CodeTampered)):
            opened(PREFIX + base45.encode(bytes(flipped)), KEYS)


def test_every_single_bit_flip_of_the_text_is_refused() -> None:
    code = sealed(Kind.RECEIPT, b"again and " * 20, OURS).encode()
    for bit in range(len(code) * 8):
        flipped = bytearray(code)
        flipped[bit // 8] ^= 1 << bit % 8
        with pytest.raises((CodeForeign, CodeTampered)):
            opened(flipped.decode("latin-1"), KEYS)


@pytest.mark.parametrize("cut", [0, 1, 5, 69, 70])
def test_a_cut_code_is_refused(cut: int) -> None:
    data = raw(sealed(Kind.RECEIPT, b"body", OURS))
    with pytest.raises((CodeForeign, CodeTampered)):
        opened(PREFIX + base45.encode(data[:cut]), KEYS)


def test_of_an_unknown_key_nothing_is_believed() -> None:
    with pytest.raises(CodeForeign, match="unknown key"):
        opened(sealed(Kind.RECEIPT, b"body", OTHER), KEYS)


def test_another_key_under_our_name_is_refused() -> None:
    data = bytearray(raw(sealed(Kind.RECEIPT, b"body", OTHER)))
    data[2:6] = key_id(OURS.public_key)
    with pytest.raises(CodeTampered):
        opened(PREFIX + base45.encode(bytes(data)), KEYS)


def test_a_signature_made_for_something_else_is_none() -> None:
    frame = bytes((FORMAT, Kind.RECEIPT)) + key_id(OURS.public_key) + b"body"
    with pytest.raises(CodeTampered):
        opened(PREFIX + base45.encode(frame + OURS.sign(frame)), KEYS)


@pytest.mark.parametrize(
    "text", ["", "ALV2:BB8", "alv1:BB8", "ALV1:", "ALV1:é", PREFIX + "0" * TEXT_MAX]
)
def test_what_is_no_code_is_foreign(text: str) -> None:
    with pytest.raises(CodeForeign):
        opened(text, KEYS)


@pytest.mark.parametrize(
    ("mark", "carried"),
    [
        (Kind.RECEIPT | COMPRESSED, b"no stream"),
        (Kind.RECEIPT | COMPRESSED, compressed(b"x" * (BODY_MAX + 1))),
        (Kind.RECEIPT | COMPRESSED, compressed(b"x") + b"more"),
        (Kind.RECEIPT, b"x" * (BODY_MAX + 1)),
        (99, b"body"),
    ],
    ids=["no stream", "bomb", "left over", "too long", "unknown kind"],
)
def test_what_was_signed_by_mistake_is_not_read(mark: int, carried: bytes) -> None:
    with pytest.raises(CodeForeign):
        opened(signed(mark, carried), KEYS)


def test_a_body_without_room_is_not_signed() -> None:
    with pytest.raises(ValueError, match="are allowed"):
        sealed(Kind.RECEIPT, bytes(BODY_MAX + 1), OURS)


@settings(max_examples=300)
@given(st.text(max_size=80))
def test_no_text_does_anything_but_be_refused(text: str) -> None:
    with pytest.raises((CodeForeign, CodeTampered)):
        opened(PREFIX + text, KEYS)


@given(st.binary(max_size=BODY_MAX))
def test_a_compressed_body_comes_back(body: bytes) -> None:
    assert decompressed(compressed(body)) == body
