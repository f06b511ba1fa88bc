"""Packed values: they come back equal, and each has one form only."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.packing import NUMBER_MAX, Packer, Unpacker


def packed(number: int) -> bytes:
    packer = Packer()
    packer.number(number)
    return bytes(packer.data)


@given(st.integers(0, NUMBER_MAX))
def test_a_number_comes_back(number: int) -> None:
    assert Unpacker(packed(number)).number() == number


@given(st.integers(-(10**10), 10**10), st.text(max_size=12))
def test_values_one_behind_the_other_come_back(number: int, text: str) -> None:
    text = text.encode(errors="ignore").decode()
    packer = Packer()
    packer.signed(number)
    packer.text(text)
    packer.raw(b"end")
    reader = Unpacker(bytes(packer.data))
    assert (reader.signed(), reader.text(64), reader.raw(3)) == (number, text, b"end")
    reader.end()


@pytest.mark.parametrize("number", [-1, NUMBER_MAX + 1])
def test_a_number_without_room_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="not a number that is packed"):
        packed(number)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "too early"),
        (b"\x80", "too early"),
        (b"\x80\x00", "longer than it needs"),
        (b"\xff" * 7, "no end"),
    ],
)
def test_a_number_that_nobody_writes_so_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        Unpacker(data).number()


@pytest.mark.parametrize(
    ("data", "why"),
    [(b"\x05abc", "too early"), (b"\x09abcdefghi", "are allowed"), (b"\x01\xff", "decode")],
)
def test_a_text_that_is_cut_too_long_or_no_text_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        Unpacker(data).text(8)


def test_what_follows_the_end_is_refused() -> None:
    with pytest.raises(ValueError, match="follows its end"):
        Unpacker(b"\x00").end()
