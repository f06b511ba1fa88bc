"""The vpcd client, against a vpcd's side of the wire played by the test."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest

from cardreader.virtual.vpcd import VpcdClient
from kiosk.domain.errors import CardPulled, ReaderAbsent

WAIT_S = 10.0


class Parrot:
    """Answers what it hears; 0x51 silences it, 0x50 lifts it."""

    def __init__(self) -> None:
        self.power: list[str] = []

    @property
    def atr(self) -> bytes:
        return bytes.fromhex("3B8180018080")

    def power_on(self) -> None:
        self.power.append("on")

    def power_off(self) -> None:
        self.power.append("off")

    def answer(self, apdu: bytes) -> bytes | None:
        if apdu[:1] == b"\x50":
            raise CardPulled("lifted")
        return None if apdu[:1] == b"\x51" else apdu + b"\x90\x00"


class Slot:
    """vpcd's side: one connection, framed messages."""

    def __init__(self) -> None:
        self.door = socket.create_server(("127.0.0.1", 0))
        self.parrot = Parrot()
        self.client = VpcdClient(self.parrot, port=self.door.getsockname()[1])
        self.line, _ = self.door.accept()
        self.line.settimeout(WAIT_S)
        self.thread = self.client.run_apart()

    def say(self, message: bytes) -> None:
        self.line.sendall(len(message).to_bytes(2, "big"))
        self.line.sendall(message)

    def hear(self) -> bytes:
        length = int.from_bytes(self.line.recv(2), "big")
        message = b""
        while len(message) < length and (piece := self.line.recv(length - len(message))):
            message += piece  # MSG_WAITALL doesn't wait on a socket with a time-out
        return message

    def close(self) -> None:
        self.client.stop()
        self.thread.join(WAIT_S)
        self.line.close()
        self.door.close()


@pytest.fixture
def slot() -> Iterator[Slot]:
    slot = Slot()
    yield slot
    slot.close()


def test_the_atr_is_given_and_power_is_not_answered(slot: Slot) -> None:
    for message in (b"\x01", b"\x02", b"\x00", b"\x04"):
        slot.say(message)
    assert slot.hear() == bytes.fromhex("3B8180018080")
    assert slot.parrot.power == ["on", "on", "off"]


def test_an_apdu_is_answered(slot: Slot) -> None:
    slot.say(bytes.fromhex("9060000000"))
    assert slot.hear() == bytes.fromhex("90600000009000")


def test_a_one_byte_message_that_means_nothing_is_an_apdu(slot: Slot) -> None:
    slot.say(b"\x03")
    assert slot.hear() == b"\x03\x90\x00"


def test_the_longest_message_passes(slot: Slot) -> None:
    long = bytes(65_533)
    sender = threading.Thread(target=slot.say, args=(long,))
    sender.start()
    assert slot.hear() == long + b"\x90\x00"
    sender.join(WAIT_S)


def test_a_silent_card_says_nothing_and_stays(slot: Slot) -> None:
    slot.say(b"\x51\x00")
    slot.say(b"\x04")
    assert slot.hear() == slot.parrot.atr


def test_a_card_that_lifts_itself_hangs_up(slot: Slot) -> None:
    slot.say(b"\x50\x00")
    assert slot.line.recv(1) == b""
    slot.thread.join(WAIT_S)
    assert slot.parrot.power == ["off"]


def test_stop_lifts_the_card_from_another_thread(slot: Slot) -> None:
    slot.client.stop()
    slot.client.stop()
    slot.thread.join(WAIT_S)
    assert not slot.thread.is_alive()
    assert slot.line.recv(1) == b""


def test_a_reader_that_hangs_up_in_the_middle_ends_the_run(slot: Slot) -> None:
    slot.line.sendall(b"\x00\x05\x90")
    slot.line.close()
    slot.thread.join(WAIT_S)
    assert not slot.thread.is_alive()


def test_no_vpcd_is_an_absent_reader() -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
    with pytest.raises(ReaderAbsent):
        VpcdClient(Parrot(), port=port)


def test_a_client_that_never_ran_closes_its_line() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as door,
        VpcdClient(Parrot(), port=door.getsockname()[1]),
    ):
        line, _ = door.accept()
    assert line.recv(1) == b""
    line.close()
