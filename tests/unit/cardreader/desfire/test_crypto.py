"""The card's arithmetic, by published numbers (RFC 4493, NXP AN10922 and AN12196)."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.cmac import CMAC
from hypothesis import given
from hypothesis import strategies as st

from cardreader.desfire.crypto import (
    ZERO_IV,
    SessionKeys,
    cbc_decrypt,
    cbc_encrypt,
    cmac,
    crc32,
    diversify,
    ev1_session_key,
    ev2_command_iv,
    ev2_mac,
    ev2_response_iv,
    ev2_session_keys,
    pad_80,
    pad_zero,
    rotate_left,
    transaction_input,
    transaction_keys,
    transaction_mac,
    truncate_ev1,
    truncate_ev2,
    unpad_80,
)

KEYS = st.binary(min_size=16, max_size=16)
RFC_KEY = bytes.fromhex("2B7E151628AED2A6ABF7158809CF4F3C")
UID = bytes.fromhex("04782E21801D80")


@given(KEYS, st.binary(max_size=80))
def test_the_cmac_agrees_with_a_library(key: bytes, message: bytes) -> None:
    peer = CMAC(AES(key))
    peer.update(message)
    assert cmac(key, message) == peer.finalize()


def test_the_cmac_of_nothing_is_the_published_one() -> None:
    assert cmac(RFC_KEY, b"").hex() == "bb1d6929e95937287fa37d129b756746"


def test_a_chained_cmac_starts_from_the_last_one() -> None:
    first = cmac(RFC_KEY, b"one")
    assert cmac(RFC_KEY, b"two", first) != cmac(RFC_KEY, b"two")
    assert cmac(RFC_KEY, b"two", ZERO_IV) == cmac(RFC_KEY, b"two")


def test_ev1_keeps_the_first_bytes_and_ev2_the_odd_ones() -> None:
    mac = bytes(range(16))
    assert truncate_ev1(mac) == bytes(range(8))
    assert truncate_ev2(mac) == bytes(range(1, 16, 2))


def test_the_crc_is_sent_low_byte_first() -> None:
    assert crc32(bytes.fromhex("C4800000000000000000000000000000000001")).hex() == "1dd9eac2"


def test_a_diversified_key_is_the_published_one() -> None:
    master = bytes.fromhex("00112233445566778899AABBCCDDEEFF")
    input_ = bytes.fromhex("04782E21801D803042F54E585020416275")
    assert diversify(master, input_).hex() == "a8dd63a3b89d54b37ca802473fda9175"


@given(KEYS, st.binary(min_size=1, max_size=15))
def test_a_short_diversifier_never_gives_a_plain_cmac(master: bytes, diversifier: bytes) -> None:
    assert diversify(master, diversifier) != cmac(master, b"\x01" + diversifier)


@pytest.mark.parametrize("size", [0, 32])
def test_a_diversifier_of_another_length_is_a_mistake_of_ours(size: int) -> None:
    with pytest.raises(ValueError, match="diversifier"):
        diversify(RFC_KEY, bytes(size))


def test_a_diversifier_that_fills_two_blocks_is_taken_whole() -> None:
    assert diversify(RFC_KEY, bytes(31)) == cmac(RFC_KEY, b"\x01" + bytes(31))


def test_a_key_of_another_length_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="15 bytes"):
        cmac(bytes(15), b"")


@given(KEYS, KEYS, st.integers(0, 4))
def test_what_is_enciphered_is_deciphered(key: bytes, iv: bytes, blocks: int) -> None:
    plain = bytes(range(16)) * blocks
    assert cbc_decrypt(key, cbc_encrypt(key, plain, iv), iv) == plain


@given(st.binary(max_size=50))
def test_the_marked_padding_comes_off_exactly(data: bytes) -> None:
    padded = pad_80(data)
    assert len(padded) % 16 == 0
    assert unpad_80(padded) == data


@pytest.mark.parametrize("data", [b"", bytes(16), b"\x80\x01"])
def test_what_has_no_marked_padding_is_told(data: bytes) -> None:
    assert unpad_80(data) is None


def test_zeros_are_added_only_up_to_a_block() -> None:
    assert pad_zero(b"a") == b"a" + bytes(15)
    assert pad_zero(bytes(16)) == bytes(16)


def test_a_nonce_turns_to_the_left() -> None:
    assert rotate_left(b"abc") == b"bca"


def test_the_session_key_of_ev1_takes_the_ends_of_both_nonces() -> None:
    rnd_a, rnd_b = bytes(range(16)), bytes(range(16, 32))
    assert ev1_session_key(rnd_a, rnd_b).hex() == "00010203101112130c0d0e0f1c1d1e1f"


def test_the_session_keys_of_ev2_are_the_published_ones() -> None:
    keys = ev2_session_keys(
        bytes(16),
        bytes.fromhex("13C5DB8A5930439FC3DEF9A4C675360F"),
        bytes.fromhex("B9E2FC789B64BF237CCCAA20EC7E6E48"),
    )
    assert keys.enc.hex() == "1309c877509e5a215007ff0ed19ca564"
    assert keys.mac.hex() == "4c6626f5e72ea694202139295c7a7fc7"


def test_session_keys_are_never_shown() -> None:
    assert repr(SessionKeys(enc=RFC_KEY, mac=RFC_KEY)) == "SessionKeys(…)"


def test_the_mac_of_ev2_is_the_published_one() -> None:
    key = bytes.fromhex("8248134A386E86EB7FAF54A52E536CB6")
    mac = ev2_mac(key, 0xF5, 0, bytes.fromhex("7A21085E"), b"\x02")
    assert mac.hex() == "6597a457c8cd442c"


def test_the_ivs_of_a_command_and_its_answer_differ() -> None:
    ti = bytes.fromhex("7A21085E")
    assert ev2_command_iv(RFC_KEY, ti, 1) != ev2_response_iv(RFC_KEY, ti, 1)
    assert ev2_command_iv(RFC_KEY, ti, 1) != ev2_command_iv(RFC_KEY, ti, 256)


def test_each_transaction_has_keys_of_its_own() -> None:
    first, second = transaction_keys(RFC_KEY, 0, UID), transaction_keys(RFC_KEY, 1, UID)
    assert len({first.mac, first.enc, second.mac, second.enc}) == 4
    assert first.mac == cmac(RFC_KEY, bytes.fromhex("5A0001008001000000") + UID)


@pytest.mark.parametrize(("tmc", "uid"), [(0, b"short"), (0xFFFF_FFFF, UID), (-1, UID)])
def test_a_transaction_without_counter_or_card_has_no_keys(tmc: int, uid: bytes) -> None:
    with pytest.raises(ValueError, match="no transaction"):
        transaction_keys(RFC_KEY, tmc, uid)


def test_the_transaction_mac_covers_commands_block_by_block() -> None:
    debit = transaction_input(0xDC, b"\x02" + bytes(4))
    write = transaction_input(0x3D, b"\x01" + bytes(6), bytes(17))
    assert (len(debit), len(write)) == (16, 48)
    assert len(transaction_mac(RFC_KEY, debit + write)) == 8
