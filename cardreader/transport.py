"""The wire to one card: bytes in, bytes and two status bytes out."""

from __future__ import annotations

from typing import Protocol

GET_UID = bytes.fromhex("FFCA000000")  # PC/SC part 3, 3.2.2.1.3: answered by the reader
DONE = b"\x90\x00"


class Transport(Protocol):
    """What carries APDUs to a card; an error ends it, and one starts again from SELECT."""

    def transmit(self, apdu: bytes) -> bytes:
        """Send one APDU and give the whole answer, its two status bytes last.

        Raises CardPulled when the card has left (whether the command ran is then unknown), and
        ReaderAbsent when the reader is gone or stuck.
        """
        ...


def data_of(transport: Transport, apdu: bytes) -> bytes:
    """Give the data of an answer that says done, b"" else; raises what the transport raises."""
    answer = transport.transmit(apdu)
    return answer[:-2] if answer.endswith(DONE) else b""
