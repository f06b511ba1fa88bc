"""The four words of a key."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.fingerprint import fingerprint


def test_a_key_has_its_words() -> None:
    assert fingerprint(b"\x00" * 32) == fingerprint(b"\x00" * 32)
    assert fingerprint(b"\x00" * 32) != fingerprint(b"\x01" * 32)


@given(st.binary(max_size=80))
def test_the_words_can_be_read_aloud(key: bytes) -> None:
    assert re.fullmatch(r"([b-z][aiou][b-z][aiou][b-z] ?){4}", fingerprint(key))
