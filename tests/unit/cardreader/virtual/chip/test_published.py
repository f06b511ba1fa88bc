"""The chip in published dialogues: NXP AN12196, by section."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cardreader.desfire.constants import CommMode
from cardreader.desfire.crypto import SessionKeys
from cardreader.virtual.chip.card import VirtualDesfire
from cardreader.virtual.chip.channel import Ev2, Wire
from cardreader.virtual.chip.memory import Memory, Nak
from tests.unit.cardreader.virtual.chips import UID

CHIP_NONCE_LEN = 16


def given(nonce: str, ti: str) -> Callable[[int], bytes]:
    """Give the numbers that the published chip happened to draw."""
    return lambda count: bytes.fromhex(nonce if count == CHIP_NONCE_LEN else ti)


@pytest.mark.parametrize(
    ("nonce", "ti", "dialogue"),
    [
        pytest.param(
            "B9E2FC789B64BF237CCCAA20EC7E6E48",
            "9D00C4DF",
            [
                ("9071000002000000", "A04C124213C186F22399D33AC2A3021591AF"),
                (
                    "90AF00002035C3E05A752E0144BAC0DE51C1F22C56B34408A23D8AEA266CAB947EA8E0118D00",
                    "3FA64DB5446D1F34CD6EA311167F5E4985B89690C04A05F17FA7AB2F081206639100",
                ),
            ],
            id="6.6",
        ),
        pytest.param(
            "91517975190DCEA6104948EFA3085C1B",
            "7614281A",
            [
                ("9071000002000000", "B875CEB0E66A6C5CD00898DC371F92D191AF"),
                (
                    "90AF000020FF0306E47DFBC50087C4D8A78E88E62DE1E8BE457AA477C707E2F0874916A8B100",
                    "0CC9A8094A8EEA683ECAAC5C7BF20584206D0608D477110FC6B3D5D3F65C3A6A9100",
                ),
            ],
            id="6.10",
        ),
    ],
)
def test_an_authentication_goes_byte_by_byte(
    nonce: str, ti: str, dialogue: list[tuple[str, str]]
) -> None:
    chip = VirtualDesfire(Memory(uid=UID), random=given(nonce, ti))
    for sent, answered in dialogue:
        assert chip.answer(bytes.fromhex(sent)).hex().upper() == answered


def channel(enc: str, mac: str, ti: str) -> Ev2:
    return Ev2(SessionKeys(enc=bytes.fromhex(enc), mac=bytes.fromhex(mac)), bytes.fromhex(ti))


def write_session() -> Ev2:
    return channel(
        "7A93D6571E4B180FCA6AC90C9A7488D4", "FC4AF159B62E549B5812394CAB1918CC", "7614281A"
    )


WRITE = Wire(ins=0x8D, mode=CommMode.FULL, writes=True)
WRITE_HEADER = bytes.fromhex("030000000A0000")
WRITE_BODY = bytes.fromhex("6B5E6804909962FC4E3FF5522CF0F8436C0C53315B9C73AA")


def test_a_write_in_full_is_read_and_answered() -> None:
    """Section 6.12."""
    session = write_session()
    assert session.length(WRITE, 10) == len(WRITE_BODY)
    data = session.accept(WRITE, WRITE_HEADER, WRITE_BODY, 10)
    assert data == bytes.fromhex("0102030405060708090A")
    assert session.reply(WRITE, b"") == bytes.fromhex("C26D236E4A7C046D")


@pytest.mark.parametrize("at", [0, 15, 16, 23])
def test_a_write_with_one_changed_bit_is_refused(at: int) -> None:
    changed = bytearray(WRITE_BODY)
    changed[at] ^= 1
    with pytest.raises(Nak, match="1E"):
        write_session().accept(WRITE, WRITE_HEADER, bytes(changed), 10)


def test_the_uid_is_answered_in_full() -> None:
    """Section 7.3."""
    session = channel(
        "2B4D963C014DC36F24F69A50A394F875", "379D32130CE61705DD5FD8C36B95D764", "DF055522"
    )
    wire = Wire(ins=0x51, mode=CommMode.FULL, reads=True)
    assert session.accept(wire, b"", bytes.fromhex("8E2C155ADDA99BE3"), 0) == b""
    answer = session.reply(wire, bytes.fromhex("04958CAA5C5E80"))
    assert answer == bytes.fromhex("70756055688505B52A5E26E59E329CD6595F672298EA41B7")


def test_file_settings_are_answered_in_mac() -> None:
    """Section 5.3."""
    session = channel(
        "00000000000000000000000000000000", "8248134A386E86EB7FAF54A52E536CB6", "7A21085E"
    )
    wire = Wire(ins=0xF5, mode=CommMode.MAC)
    assert session.accept(wire, b"", bytes.fromhex("026597A457C8CD442C"), 9) == b"\x02"
    told = "0040EEEE000100D1FE001F00004400004400002000006A0000"
    answer = session.reply(wire, bytes.fromhex(told))
    assert answer == bytes.fromhex(told + "2A474282E7A47986")
