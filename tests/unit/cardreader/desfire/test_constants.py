"""The numbers of the card's commands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardreader.desfire.constants import FREE, NEVER, Access

NIBBLES = st.integers(0, 15)


def test_access_rights_travel_low_byte_first() -> None:
    rights = Access(read=2, write=3, read_write=4, change=0)
    assert rights.pack() == bytes.fromhex("4023")


@given(NIBBLES, NIBBLES, NIBBLES, NIBBLES)
def test_access_rights_come_back_from_the_wire(read: int, write: int, both: int, car: int) -> None:
    rights = Access(read=read, write=write, read_write=both, change=car)
    assert Access.unpack(rights.pack()) == rights


def test_free_and_never_name_no_key() -> None:
    assert Access(read=FREE, write=NEVER, read_write=NEVER, change=0).pack() == b"\xf0\xef"


def test_a_right_beyond_a_nibble_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="access rights"):
        Access(read=16, write=0, read_write=0, change=0)
