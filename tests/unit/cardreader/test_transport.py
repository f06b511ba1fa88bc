"""The base of what is stacked between a session and a reader."""

from __future__ import annotations

from cardreader.transport import Processor
from tests.unit.cardreader.cards import UID, issued


def test_a_processor_passes_everything_on() -> None:
    stacked = Processor(Processor(issued().transport))
    assert stacked.transmit(bytes.fromhex("FFCA000000")) == UID + b"\x90\x00"
