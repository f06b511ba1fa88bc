"""Other things on the reader: what they answer, and that it isn't much."""

from __future__ import annotations

from functools import reduce
from operator import xor

import pytest

from cardreader.transport import GET_UID
from cardreader.virtual.things import Badge, Stranger, bank_card, library_badge, phone
from cardreader.virtual.vpcd import Picc


@pytest.mark.parametrize("thing", [bank_card(), phone(), library_badge()])
def test_an_answer_to_reset_closes_with_its_check_byte(thing: Picc) -> None:
    """ISO 7816-3, 8.2.5: the bytes from T0 to TCK give zero."""
    assert reduce(xor, thing.atr[1:]) == 0


@pytest.mark.parametrize("thing", [bank_card(), phone()])
def test_a_stranger_finds_no_application_of_ours(thing: Stranger) -> None:
    thing.power_on()
    assert thing.answer(bytes.fromhex("00A4040003F1414C00")) == b"\x6a\x82"
    assert thing.answer(bytes.fromhex("905A000003F1414C00")) == b"\x6e\x00"
    assert thing.answer(bytes.fromhex("00B2010C00")) == b"\x6d\x00"
    assert thing.answer(GET_UID) == thing.uid + b"\x90\x00"
    thing.power_off()


def test_a_badge_has_a_uid_and_nothing_else() -> None:
    badge = library_badge()
    badge.power_on()
    assert badge.answer(GET_UID) == badge.uid + b"\x90\x00"
    assert badge.answer(bytes.fromhex("FFB0000410")) == b"\x6a\x82"
    assert badge.answer(bytes.fromhex("00A4040003F1414C00")) == b"\x6a\x81"
    badge.power_off()


def test_a_badge_with_pages_gives_them_by_the_readers_command() -> None:
    badge = Badge(uid=bytes(7), pages=bytes(range(32)))
    assert badge.answer(bytes.fromhex("FFB0000410")) == bytes(range(16, 32)) + b"\x90\x00"
    assert badge.answer(bytes.fromhex("FFB0000510")) == b"\x6a\x82"
    assert badge.answer(bytes.fromhex("FFB00004")) == b"\x67\x00"
    assert badge.answer(bytes.fromhex("FFB0000400")) == b"\x6a\x82"
