"""Feeds card answers to every parser of them: only declared errors may come out.

Each input is a parser's number, then a card's answers: a length byte, then so many bytes, again
and again. tests/fuzz/fuzz_card_answers.py goes on for hours under atheris; the suite runs a
bounded, seeded part.
"""

from __future__ import annotations

from collections.abc import Callable

from cardreader import layout
from cardreader.apdu import NativeCard
from cardreader.authority import authority_for_tests
from cardreader.card_app import Desk, PurseCardSession
from cardreader.desfire.commands import DesfireCard
from cardreader.desfire.constants import Status
from cardreader.desfire.crypto import SessionKeys
from cardreader.desfire.ev1 import Ev1Handshake, Ev1Session
from cardreader.desfire.ev2 import Ev2Handshake, Ev2Session
from cardreader.desfire.messaging import SecureSession
from cardreader.image import ProductNames
from cardreader.keys import KeySet
from cardreader.layout import Key
from cardreader.transport import Transport
from kiosk.domain.errors import AlveoleError

ANSWERS_MAX = 64
KEYS = KeySet(version=1, masters={key: bytes(16) for key in Key})


class Scripted:
    """A card that answers what the input says, then only success."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._left = ANSWERS_MAX

    def transmit(self, apdu: bytes) -> bytes:
        """Give the next answer."""
        del apdu
        self._left -= 1
        if not self._data or self._left < 0:
            return b"\x91\x00"
        length, rest = self._data[0], self._data[1:]
        self._data = rest[length:]
        return rest[:length]


def one_input(data: bytes) -> None:
    """Feed one input to one parser, picked by its first byte."""
    if not data:
        return
    step = STEPS[data[0] % len(STEPS)]
    try:
        step(data[1:])
    except AlveoleError:
        return


def _session(data: bytes) -> None:
    desk = Desk(authority=authority_for_tests(KEYS, environment="test"), names=ProductNames())
    PurseCardSession(Scripted(data), desk).read()


def _inside(make: Callable[[], SecureSession]) -> Callable[[bytes], None]:
    """Read a whole card within a session that is open already."""

    def read(data: bytes) -> None:
        card = DesfireCard(NativeCard(Scripted(data)))
        card._session = make()  # a forged handshake would never be passed
        card.read_records(layout.LOG, layout.RECORD_LEN, count=0, records_max=10)

    return read


def _bare(data: bytes) -> None:
    """Read contents without secure messaging, so that the layout's parsers are reached."""
    card = DesfireCard(NativeCard(Scripted(data)))
    layout.unpack_identity(card.read_data(layout.IDENTITY, layout.IDENTITY_LEN))
    layout.unpack_standing(card.read_data(layout.STATUS, layout.STATUS_LEN))
    layout.unpack_slots(card.read_data(layout.ENTITLEMENTS, layout.ENTITLEMENTS_LEN))
    for record in card.read_records(layout.LOG, layout.RECORD_LEN, count=0, records_max=10):
        layout.unpack_record(record)


def _handshake(data: bytes) -> None:
    transport: Transport = Scripted(data)
    for shake in (Ev1Handshake(bytes(16), bytes), Ev2Handshake(bytes(16), bytes)):
        status = DesfireCard(NativeCard(transport)).authenticate(0, shake)
        assert status is not Status.OK, "nobody proves a key by chance"


STEPS: list[Callable[[bytes], None]] = [
    _session,
    _bare,
    _handshake,
    _inside(lambda: Ev1Session(bytes(16))),
    _inside(lambda: Ev2Session(SessionKeys(enc=bytes(16), mac=bytes(16)), bytes(4))),
]
