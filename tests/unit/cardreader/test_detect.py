from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardreader.detect import select, session_of, storage_name
from cardreader.layout import AID
from cardreader.session import Answering
from cardreader.transport import Transport
from cardreader.virtual.cards import plain_card
from cardreader.virtual.chip.card import VirtualDesfire
from cardreader.virtual.chip.memory import Memory
from cardreader.virtual.link import InMemoryTransport
from cardreader.virtual.things import Badge, bank_card, phone
from cardreader.virtual.vpcd import Picc
from kiosk.domain.errors import CardBlocked, CardForeign
from kiosk.ports import CardSession

NTAG = Badge(uid=bytes.fromhex("04A1B2C3D4E5F6"))
PURSE = Answering(CardBlocked("stands for a purse card's session"))


def purse(transport: Transport) -> CardSession:
    del transport
    return PURSE


def detected(thing: Picc) -> CardSession:
    return session_of(InMemoryTransport(thing), thing.atr, aid=AID, purse=purse)


def test_a_card_with_our_application_is_a_purse_card() -> None:
    assert detected(plain_card()) is PURSE


def test_a_desfire_card_of_somebody_else_is_a_badge() -> None:
    other = VirtualDesfire(Memory(uid=bytes.fromhex("04010203040506")))
    face = detected(other).read()
    assert (face.kind, face.number) == ("badge", "04010203040506")


def test_a_storage_card_is_a_badge() -> None:
    assert detected(NTAG).read().number == "04A1B2C3D4E5F6"


@pytest.mark.parametrize("thing", [bank_card(), phone()])
def test_a_bank_card_and_a_phone_are_foreign(thing: Picc) -> None:
    with pytest.raises(CardForeign):
        detected(thing).read()


def test_of_a_foreign_card_nothing_is_asked_but_two_selects() -> None:
    asked: list[bytes] = []
    inner = InMemoryTransport(bank_card())

    class Noting:
        def transmit(self, apdu: bytes) -> bytes:
            asked.append(apdu)
            return inner.transmit(apdu)

    session_of(Noting(), bank_card().atr, aid=AID, purse=purse)
    assert asked == [select(AID), bytes.fromhex("00A4040007D276000085010100")]


def test_a_storage_cards_name_stands_in_its_atr() -> None:
    assert storage_name(NTAG.atr) == (3, 3)
    assert storage_name(bank_card().atr) is None
    assert storage_name(bytes.fromhex("3B8F80A00000030603")) is None


@given(st.binary(max_size=40))
def test_no_atr_raises(atr: bytes) -> None:
    storage_name(atr)
