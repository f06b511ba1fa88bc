"""Small values as bytes, one way only: varints, texts and flags of the signed codes.

A number is LEB128 (seven bits a byte, least first, never longer than needed); a signed number is
zigzag first (0, -1, 1, -2 …); a text is its length in bytes, then UTF-8.
"""

from __future__ import annotations

VARINT_BYTES_MAX = 6  # 42 bits: seconds since 1970 and cents fit
NUMBER_MAX = (1 << 7 * VARINT_BYTES_MAX) - 1


class Packer:
    """Writes values one behind the other; raises ValueError for what has no room."""

    def __init__(self) -> None:
        self.data = bytearray()

    def number(self, value: int) -> None:
        """Write a number of 0 to NUMBER_MAX."""
        if not 0 <= value <= NUMBER_MAX:
            raise ValueError(f"not a number that is packed: {value}")
        while value > 0x7F:
            self.data.append(value & 0x7F | 0x80)
            value >>= 7
        self.data.append(value)

    def signed(self, value: int) -> None:
        """Write a number that may be negative."""
        self.number(value * 2 if value >= 0 else -value * 2 - 1)

    def text(self, value: str) -> None:
        """Write a text."""
        encoded = value.encode()
        self.number(len(encoded))
        self.data += encoded

    def raw(self, value: bytes) -> None:
        """Write bytes whose length the reader knows."""
        self.data += value


class Unpacker:
    """Reads what Packer wrote; raises ValueError for anything else."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def number(self) -> int:
        """Read a number."""
        value = 0
        for place in range(VARINT_BYTES_MAX):
            byte = self.raw(1)[0]
            value |= (byte & 0x7F) << 7 * place
            if byte < 0x80:
                if byte == 0 and place:
                    raise ValueError("a number is longer than it needs to be")
                return value
        raise ValueError("a number has no end")

    def signed(self) -> int:
        """Read a number that may be negative."""
        value = self.number()
        return -(value + 1) // 2 if value & 1 else value // 2

    def text(self, bytes_max: int) -> str:
        """Read a text of at most ``bytes_max`` bytes."""
        size = self.number()
        if size > bytes_max:
            raise ValueError(f"a text of {size} bytes, {bytes_max} are allowed")
        return self.raw(size).decode()

    def raw(self, size: int) -> bytes:
        """Read ``size`` bytes."""
        part = self._data[self._at : self._at + size]
        if len(part) != size:
            raise ValueError("it ends too early")
        self._at += size
        return part

    def end(self) -> None:
        """Refuse what follows the last value."""
        if self._at != len(self._data):
            raise ValueError("something follows its end")
