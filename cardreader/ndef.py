"""Reads the text of an NDEF tag: pure parsing, every length checked.

Sources: NFC Forum, NDEF 1.0 (records), RTD Text 1.0, Type 2 Tag 1.1 (TLV blocks), Type 4 Tag 2.0
(capability container). What is cut short or contradicts itself holds no text; nothing raises.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

TLV_NULL, TLV_MESSAGE, TLV_END = 0x00, 0x03, 0xFE
LONG_LENGTH = 0xFF  # three-byte length of a TLV block
MAGIC = 0xE1  # first byte of a Type 2 tag's capability container
SHORT, WITH_ID, TNF_MASK, WELL_KNOWN = 0x10, 0x08, 0x07, 0x01
TEXT = b"T"
UTF16, LANGUAGE_MASK = 0x80, 0x3F
RECORDS_MAX = 32
BYTE_ORDER_MARKS = (b"\xfe\xff", b"\xff\xfe")
FILE_CONTROL, FILE_CONTROL_LEN = 0x04, 6  # TLV of a Type 4 tag's capability container


@dataclass(frozen=True, slots=True, kw_only=True)
class NdefFile:
    """Where a Type 4 tag keeps its message: the file's id and size, the most bytes of one read."""

    id: bytes
    size: int
    read_max: int


def tag2_size(container: bytes) -> int:
    """Give the data bytes of a Type 2 tag by its capability container (page 3), 0 if none."""
    if len(container) < 4 or container[0] != MAGIC:
        return 0
    return container[2] * 8


def tag2_message(data: bytes) -> bytes | None:
    """Give the NDEF message among a Type 2 tag's TLV blocks (from page 4 on).

    b"" when there is none; None when the blocks go on after the end of ``data``.
    """
    at = 0
    while at < len(data) and data[at] != TLV_END:
        kind, at = data[at], at + 1
        if kind == TLV_NULL:
            continue
        if data[at : at + 1] == bytes([LONG_LENGTH]):
            length, at = int.from_bytes(data[at + 1 : at + 3], "big"), at + 3
        else:
            length, at = int.from_bytes(data[at : at + 1], "big"), at + 1
        if kind == TLV_MESSAGE:
            return data[at : at + length] if at + length <= len(data) else None
        at += length
    return b"" if at < len(data) else None


def tag4_file(container: bytes) -> NdefFile | None:
    """Read a Type 4 tag's capability container; None when it is not one, or not freely read."""
    if len(container) < 15 or container[7] != FILE_CONTROL or container[8] != FILE_CONTROL_LEN:
        return None
    if container[13] != 0:  # read access: 00 is free
        return None
    size = int.from_bytes(container[11:13], "big")
    read_max = int.from_bytes(container[3:5], "big")
    return NdefFile(id=container[9:11], size=size, read_max=read_max) if read_max else None


def text_of(message: bytes | None) -> str:
    """Give the first text record of an NDEF message, "" when it has none."""
    for name, payload in _records(message or b""):
        if name == TEXT and payload:
            return _text(payload)
    return ""


def _records(message: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Give type and payload of each well-known record, until one is cut short."""
    at = 0
    for _ in range(RECORDS_MAX):
        if at + 3 > len(message):
            return
        flags, type_len = message[at], message[at + 1]
        length_len = 1 if flags & SHORT else 4
        length = int.from_bytes(message[at + 2 : at + 2 + length_len], "big")
        at += 2 + length_len
        id_len = int.from_bytes(message[at : at + 1], "big") if flags & WITH_ID else 0
        at += 1 if flags & WITH_ID else 0
        end = at + type_len + id_len + length
        if end > len(message):
            return
        if flags & TNF_MASK == WELL_KNOWN:
            yield message[at : at + type_len], message[at + type_len + id_len : end]
        at = end


def _text(payload: bytes) -> str:
    status, words = payload[0], payload[1 + (payload[0] & LANGUAGE_MASK) :]
    wide = "utf-16" if words[:2] in BYTE_ORDER_MARKS else "utf-16-be"
    try:
        return words.decode(wide if status & UTF16 else "utf-8")
    except UnicodeDecodeError:
        return ""
