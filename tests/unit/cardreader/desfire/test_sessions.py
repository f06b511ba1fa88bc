"""EV1 and EV2 secure messaging: handshakes, verification of every answer, published vectors."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardreader.desfire.constants import BLOCK, CommMode, Ins
from cardreader.desfire.crypto import (
    SessionKeys,
    cbc_encrypt,
    cmac,
    crc32,
    ev2_mac,
    ev2_response_iv,
    pad_80,
    pad_zero,
    rotate_left,
    truncate_ev1,
)
from cardreader.desfire.ev1 import Ev1Handshake, Ev1Session
from cardreader.desfire.ev2 import COMMANDS_MAX, Ev2Handshake, Ev2Session
from cardreader.desfire.messaging import Command
from kiosk.domain.errors import CardTampered

KEY, RND_A, RND_B = bytes(16), bytes(range(16)), bytes(range(16, 32))
TI = bytes.fromhex("7A21085E")
KEYS = SessionKeys(enc=bytes([1] * 16), mac=bytes([2] * 16))
READ = Command(ins=Ins.READ_DATA, header=b"\x00" * 7, mode=CommMode.FULL)
WRITE = Command(ins=Ins.WRITE_DATA, header=b"\x00" * 7, data=b"money", mode=CommMode.FULL)
ANSWERS = st.binary(max_size=100)


def fixed(_: int) -> bytes:
    return RND_A


def ev2() -> Ev2Session:
    return Ev2Session(KEYS, TI)


def ev2_answer(data: bytes, counter: int) -> bytes:
    sealed = cbc_encrypt(KEYS.enc, pad_80(data), ev2_response_iv(KEYS.enc, TI, counter))
    return sealed + ev2_mac(KEYS.mac, 0, counter, TI, sealed)


def test_a_first_authentication_gives_ti_and_a_counter_of_zero() -> None:
    shake = Ev2Handshake(KEY, fixed)
    shake.answer(cbc_encrypt(KEY, RND_B))
    session = shake.finish(cbc_encrypt(KEY, TI + rotate_left(RND_A) + bytes(12)))
    assert (session.ti, session.counter) == (TI, 0)
    assert (shake.ins, shake.opening) == (Ins.AUTHENTICATE_EV2_FIRST, b"\x00")


def test_a_later_authentication_keeps_ti_and_counter() -> None:
    shake = Ev2Handshake(KEY, fixed, Ev2Session(KEYS, TI, 9))
    shake.answer(cbc_encrypt(KEY, RND_B))
    session = shake.finish(cbc_encrypt(KEY, rotate_left(RND_A)))
    assert (session.ti, session.counter) == (TI, 9)
    assert (shake.ins, shake.opening) == (Ins.AUTHENTICATE_EV2_NON_FIRST, b"")


@pytest.mark.parametrize("length", [0, 15, 17, 32])
@pytest.mark.parametrize("make", [Ev1Handshake, Ev2Handshake])
def test_a_challenge_of_another_length_is_tampered(
    make: Callable[..., Ev1Handshake | Ev2Handshake], length: int
) -> None:
    with pytest.raises(CardTampered, match="challenge"):
        make(KEY, fixed).answer(bytes(length))


@pytest.mark.parametrize("make", [Ev1Handshake, Ev2Handshake])
@given(proof=st.binary(max_size=40))
def test_a_card_without_the_key_proves_nothing(
    make: Callable[..., Ev1Handshake | Ev2Handshake], proof: bytes
) -> None:
    shake = make(KEY, fixed)
    shake.answer(cbc_encrypt(KEY, RND_B))
    with pytest.raises(CardTampered):
        shake.finish(proof)


@pytest.mark.parametrize(("make", "length"), [(Ev1Handshake, 16), (Ev2Handshake, 32)])
def test_a_proof_of_the_right_length_isnt_enough(
    make: Callable[..., Ev1Handshake | Ev2Handshake], length: int
) -> None:
    shake = make(KEY, fixed)
    shake.answer(cbc_encrypt(KEY, RND_B))
    with pytest.raises(CardTampered, match="doesn't know"):
        shake.finish(bytes(length))


def test_a_card_that_heard_other_capabilities_is_tampered() -> None:
    shake = Ev2Handshake(KEY, fixed)
    shake.answer(cbc_encrypt(KEY, RND_B))
    with pytest.raises(CardTampered, match="capabilities"):
        shake.finish(cbc_encrypt(KEY, TI + rotate_left(RND_A) + bytes(11) + b"\x01"))


def test_ev1_authenticates_with_a_chained_iv() -> None:
    shake = Ev1Handshake(KEY, fixed)
    challenge = cbc_encrypt(KEY, RND_B)
    sent = shake.answer(challenge)
    assert sent == cbc_encrypt(KEY, RND_A + rotate_left(RND_B), challenge)
    shake.finish(cbc_encrypt(KEY, rotate_left(RND_A), sent[-BLOCK:]))


def test_an_ev2_answer_is_deciphered() -> None:
    session = ev2()
    session.wrap(READ)
    assert session.unwrap(READ, ev2_answer(b"secret", 1)) == b"secret"
    assert session.counter == 1


def test_an_answer_is_good_only_once() -> None:
    session = ev2()
    answer = ev2_answer(b"secret", 1)
    session.unwrap(READ, answer)
    with pytest.raises(CardTampered, match="MAC"):
        session.unwrap(READ, answer)


@given(ANSWERS)
def test_no_answer_of_a_stranger_passes_ev2(answer: bytes) -> None:
    for mode in (CommMode.MAC, CommMode.FULL):
        with pytest.raises(CardTampered):
            ev2().unwrap(Command(ins=Ins.READ_DATA, mode=mode), answer)


@given(ANSWERS)
def test_no_answer_of_a_stranger_passes_ev1(answer: bytes) -> None:
    for mode in CommMode:
        with pytest.raises(CardTampered):
            Ev1Session(KEY).unwrap(Command(ins=Ins.READ_DATA, mode=mode), answer)


@given(st.integers(0, 23 * 8 - 1))
def test_a_flipped_bit_of_an_ev2_answer_is_noticed(bit: int) -> None:
    answer = bytearray(ev2_answer(b"secret", 1))
    answer[bit // 8] ^= 1 << bit % 8
    with pytest.raises(CardTampered):
        ev2().unwrap(READ, bytes(answer))


def test_a_signed_answer_of_half_blocks_is_tampered() -> None:
    body = b"half"
    with pytest.raises(CardTampered, match="ciphertext"):
        ev2().unwrap(READ, body + ev2_mac(KEYS.mac, 0, 1, TI, body))


def test_a_signed_answer_without_padding_is_tampered() -> None:
    sealed = cbc_encrypt(KEYS.enc, bytes(16), ev2_response_iv(KEYS.enc, TI, 1))
    with pytest.raises(CardTampered, match="padding"):
        ev2().unwrap(READ, sealed + ev2_mac(KEYS.mac, 0, 1, TI, sealed))


def test_plain_commands_count_in_ev2() -> None:
    session = ev2()
    command = Command(ins=Ins.GET_VERSION, mode=CommMode.PLAIN)
    assert session.wrap(command) == b""
    assert session.unwrap(command, b"bare") == b"bare"
    assert session.counter == 1


def test_a_session_ends_before_its_counter_wraps() -> None:
    with pytest.raises(CardTampered, match="65535"):
        Ev2Session(KEYS, TI, COMMANDS_MAX).wrap(READ)


def test_money_never_travels_in_clear() -> None:
    assert b"money" not in ev2().wrap(WRITE)
    assert b"money" not in Ev1Session(KEY).wrap(WRITE)


def test_ev1_reads_what_is_enciphered_with_its_crc() -> None:
    session = Ev1Session(KEY)
    session.wrap(READ)
    iv = cmac(KEY, bytes((READ.ins,)) + READ.header)
    answer = cbc_encrypt(KEY, pad_zero(b"secret" + crc32(b"secret\x00")), iv)
    assert session.unwrap(READ, answer) == b"secret"


def test_ev1_signs_data_only_in_mac_mode() -> None:
    plain = Command(ins=Ins.WRITE_DATA, header=b"h", data=b"d", mode=CommMode.PLAIN)
    signed = Command(ins=Ins.WRITE_DATA, header=b"h", data=b"d", mode=CommMode.MAC)
    assert Ev1Session(KEY).wrap(plain) == b"hd"
    mac = truncate_ev1(cmac(KEY, bytes((Ins.WRITE_DATA,)) + b"hd"))
    assert Ev1Session(KEY).wrap(signed) == b"hd" + mac


def test_ev1_chains_its_iv_through_commands_and_answers() -> None:
    session = Ev1Session(KEY)
    command = Command(ins=Ins.GET_KEY_VERSION, header=b"\x00")
    session.wrap(command)
    first = cmac(KEY, bytes((command.ins,)) + b"\x00")
    second = cmac(KEY, b"\x07\x00", first)
    assert session.unwrap(command, b"\x07" + truncate_ev1(second)) == b"\x07"
