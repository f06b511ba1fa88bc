"""What is asked of a transport directly, without a session."""

from __future__ import annotations

import pytest

from cardreader.transport import GET_UID, data_of
from tests.unit.cardreader.cards import UID, issued


class Saying:
    """A transport with one answer to everything."""

    def __init__(self, answer: bytes) -> None:
        self._answer = answer

    def transmit(self, apdu: bytes) -> bytes:
        del apdu
        return self._answer


def test_the_reader_gives_the_uid_of_its_card() -> None:
    assert data_of(issued().transport, GET_UID) == UID


@pytest.mark.parametrize("answer", [b"", b"\x90", UID, UID + b"\x63\x00", UID + b"\x91\x00"])
def test_an_answer_that_isnt_done_gives_nothing(answer: bytes) -> None:
    assert data_of(Saying(answer), GET_UID) == b""
