"""Base45: the RFC's vectors, and one text only for each run of bytes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.base45 import ALPHABET, decode, encode

# RFC 9285, sections 4.3 and 4.4
VECTORS = [
    (b"AB", "BB8"),
    (b"Hello!!", "%69 VD92EX0"),
    (b"base-45", "UJCLQE7W581"),
    (b"ietf!", "QED8WEX0"),
    (b"", ""),
]


@pytest.mark.parametrize(("data", "text"), VECTORS)
def test_the_rfc_s_examples_come_out(data: bytes, text: str) -> None:
    assert encode(data) == text
    assert decode(text) == data


@given(st.binary(max_size=200))
def test_bytes_come_back_as_they_were(data: bytes) -> None:
    assert decode(encode(data)) == data


@given(st.text(alphabet=ALPHABET, max_size=30))
def test_no_other_text_stands_for_the_same_bytes(text: str) -> None:
    try:
        data = decode(text)
    except ValueError:
        return
    assert encode(data) == text


@pytest.mark.parametrize(
    "text",
    ["GGW", "::", ":::", "A", "BB8A", "bb8", "BB8\n", "é00", "_00"],
    ids=["65536", "above 255", "far above", "alone", "left over", "small", "break", "é", "_"],
)
def test_what_no_bytes_are_written_as_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="base45"):
        decode(text)
