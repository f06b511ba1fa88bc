from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardreader.ndef import NdefFile, tag2_message, tag2_size, tag4_file, text_of

CONTAINER_4 = bytes.fromhex("000F20003B00340406E10400320000")


def record(payload: bytes, name: bytes = b"T", *, tnf: int = 1, id_: bytes = b"") -> bytes:
    """Write one record, short form where it fits."""
    short = len(payload) < 256
    flags = 0xC0 | (0x10 if short else 0) | (0x08 if id_ else 0) | tnf
    length = len(payload).to_bytes(1 if short else 4, "big")
    ids = bytes([len(id_)]) if id_ else b""
    return bytes([flags, len(name)]) + length + ids + name + id_ + payload


def text(words: str, language: bytes = b"fr") -> bytes:
    return bytes([len(language)]) + language + words.encode()


def test_a_text_record_is_read() -> None:
    assert text_of(record(text("BIB-004217"))) == "BIB-004217"


def test_a_long_record_with_an_id_is_read() -> None:
    assert text_of(record(text("é" * 300), id_=b"x")) == "é" * 300


def test_the_first_text_among_other_records_counts() -> None:
    message = record(b"\x04example.org", b"U") + record(b"x", b"T", tnf=2) + record(text("A-1"))
    assert text_of(message) == "A-1"


@pytest.mark.parametrize(
    ("coding", "mark"), [("utf-16-be", b""), ("utf-16-be", b"\xfe\xff"), ("utf-16-le", b"\xff\xfe")]
)
def test_utf_16_is_read_with_and_without_a_byte_order_mark(coding: str, mark: bytes) -> None:
    assert text_of(record(b"\x82fr" + mark + "Été".encode(coding))) == "Été"


def test_bytes_that_are_no_text_give_none() -> None:
    assert text_of(record(b"\x02fr\xff\xfe\xfa")) == ""
    assert text_of(record(b"")) == ""
    assert text_of(None) == ""


def test_a_record_cut_short_gives_no_text() -> None:
    whole = record(text("BIB-004217"))
    assert {text_of(whole[:length]) for length in range(len(whole))} == {""}


def test_a_flood_of_records_is_read_to_a_limit() -> None:
    assert text_of(record(b"x", b"U") * 40 + record(text("A-1"))) == ""


def test_a_tag_2_tells_its_size() -> None:
    assert tag2_size(bytes.fromhex("E1103E00")) == 0x3E * 8
    assert tag2_size(bytes.fromhex("00000000")) == 0
    assert tag2_size(b"\xe1\x10") == 0


def test_the_message_is_found_behind_other_blocks() -> None:
    data = bytes.fromhex("0103A00C34") + b"\x00" + b"\x03\x04abcd" + b"\xfe"
    assert tag2_message(data) == b"abcd"


def test_a_long_block_is_found() -> None:
    assert tag2_message(b"\x03\xff\x01\x2c" + b"x" * 300 + b"\xfe") == b"x" * 300


def test_a_tag_without_a_message_has_none_and_a_longer_one_is_told() -> None:
    assert tag2_message(b"\x01\x01a\xfe") == b""
    assert tag2_message(b"\x03\x09abcd") is None
    assert tag2_message(b"") is None


def test_a_tag_4_tells_its_file() -> None:
    assert tag4_file(CONTAINER_4) == NdefFile(id=b"\xe1\x04", size=0x32, read_max=0x3B)


@pytest.mark.parametrize(
    "wrong",
    [
        CONTAINER_4[:14],
        CONTAINER_4[:7] + b"\x05" + CONTAINER_4[8:],
        CONTAINER_4[:13] + b"\x80\x00",
        CONTAINER_4[:3] + b"\x00\x00" + CONTAINER_4[5:],
    ],
    ids=["short", "another block", "locked", "nothing a read"],
)
def test_a_tag_4_that_contradicts_itself_has_no_file(wrong: bytes) -> None:
    assert tag4_file(wrong) is None


@given(st.binary(max_size=300))
def test_no_bytes_ever_raise(data: bytes) -> None:
    text_of(data)
    text_of(tag2_message(data))
    tag2_size(data)
    tag4_file(data)


@given(st.text(max_size=80), st.binary(max_size=3))
def test_what_was_written_is_read(words: str, language: bytes) -> None:
    message = record(text(words, language))
    length = (
        bytes([len(message)]) if len(message) < 255 else b"\xff" + len(message).to_bytes(2, "big")
    )
    assert text_of(tag2_message(b"\x03" + length + message + b"\xfe")) == words
