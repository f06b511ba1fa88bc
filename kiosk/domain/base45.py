"""Base45 (RFC 9285): bytes as the characters that a QR code packs most densely.

Two bytes are three characters, a last single byte two; each text has one meaning only, so that
no other text stands for the same bytes.
"""

from __future__ import annotations

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"  # RFC 9285, table 1
_VALUES = {char: value for value, char in enumerate(ALPHABET)}


def encode(data: bytes) -> str:
    """Give the text of ``data`` (RFC 9285, section 4)."""
    return "".join(
        _characters(int.from_bytes(pair), 3 if len(pair) == 2 else 2)
        for pair in (data[i : i + 2] for i in range(0, len(data), 2))
    )


def decode(text: str) -> bytes:
    """Give the bytes of ``text``; raises ValueError for what no bytes are written as."""
    parts = [text[i : i + 3] for i in range(0, len(text), 3)]
    return b"".join(_bytes(part) for part in parts)


def _characters(number: int, width: int) -> str:
    """Write ``number`` with the least digit first."""
    digits = ""
    for _ in range(width):
        number, digit = divmod(number, 45)
        digits += ALPHABET[digit]
    return digits


def _bytes(part: str) -> bytes:
    size = len(part) - 1
    if size < 1:
        raise ValueError("base45: one character alone means nothing")
    number = 0
    for char in reversed(part):
        if char not in _VALUES:
            raise ValueError(f"base45: not in its alphabet: {char!r}")
        number = number * 45 + _VALUES[char]
    if number >= 256**size:
        raise ValueError(f"base45: {part!r} is more than {size} bytes hold")
    return number.to_bytes(size)
