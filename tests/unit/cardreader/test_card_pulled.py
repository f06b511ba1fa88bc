"""The card pulled away, swapped, rewound or garbled: never a wrong balance, never a guess."""

from __future__ import annotations

from typing import Literal

import pytest

from cardreader.authority import CardAuthority
from cardreader.card_app import Desk, PurseCardSession
from cardreader.relay import FarSide, RelayAuthority
from cardreader.virtual.link import InMemoryTransport
from cardreader.virtual.mischief import At, Corrupting, Rewindable
from kiosk.domain.errors import (
    AlveoleError,
    CardPulled,
    CardTampered,
    OtherCard,
)
from kiosk.domain.money import Money
from kiosk.domain.purse import CardFace, Prepared
from tests.unit.cardreader.cards import (
    NAMES,
    OTHER_UID,
    CardStand,
    debit,
    everything,
    issued,
    keep,
    load,
    transaction,
)

GOING_ON_APDUS, SPEND_APDUS, LOAD_APDUS = 3, 13, 14
# A relay's dialogue is a session of its own: its spends begin with SELECT.
WAYS: dict[str, tuple[CardAuthority, int]] = {
    "going on": (everything(), GOING_ON_APDUS),
    "anew": (RelayAuthority(FarSide(everything())), SPEND_APDUS),
}


@pytest.fixture
def stand() -> CardStand:
    return issued(cents=1500, entries=7)


def face_of(stand: CardStand) -> CardFace:
    return stand.session().read()


def test_a_counter_that_went_back_is_tampered() -> None:
    stand = issued(cents=1500)
    old = Rewindable(stand.chip)
    transport = InMemoryTransport(old)
    session = PurseCardSession(transport, Desk(authority=everything(), names=NAMES))
    session.spend(debit(session.read().sequence), keep)
    old.rewind(1)
    with pytest.raises(CardTampered, match="went back"):
        session.read()


def test_a_swapped_card_is_another_card(stand: CardStand) -> None:
    class Swapped:
        def __init__(self) -> None:
            self.now: InMemoryTransport = stand.lay()

        def transmit(self, apdu: bytes) -> bytes:
            return self.now.transmit(apdu)

    reader = Swapped()
    session = PurseCardSession(reader, Desk(authority=everything(), names=NAMES))
    session.read()
    reader.now = issued(uid=OTHER_UID, cents=9000).transport
    with pytest.raises(OtherCard):
        session.spend(debit(0), keep)
    with pytest.raises(CardPulled):
        session.read()


def test_a_lifted_card_answers_no_more(stand: CardStand) -> None:
    session = stand.session()
    session.read()
    stand.transport.lift()
    with pytest.raises(CardPulled):
        session.read()
    with pytest.raises(CardPulled):
        session.write_load(load(1))


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(
    ("way", "number"),
    [(way, n) for way, (_, apdus) in WAYS.items() for n in range(1, apdus + 1)],
)
def test_a_torn_debit_is_whole_or_nothing(
    stand: CardStand, way: str, number: int, when: Literal["before", "after"]
) -> None:
    authority, apdus = WAYS[way]
    session = stand.session(authority)
    session.read()
    told: list[Prepared] = []
    stand.torn.tear(At(when=when, number=stand.torn.count + number))
    with pytest.raises(CardPulled):
        session.spend(debit(0), told.append)
    with pytest.raises(CardPulled):
        session.read()
    done = when == "after" and number == apdus
    face = face_of(stand)
    assert face.balance == Money(1180 if done else 1500)
    assert face.carries(transaction(1)) is done
    assert (face.sequence, face.commits) == ((1, 1) if done else (0, 0))
    assert bool(told) is (number == apdus)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("number", range(1, LOAD_APDUS + 1))
def test_a_torn_load_is_delivered_once(
    stand: CardStand, number: int, when: Literal["before", "after"]
) -> None:
    session = stand.session()
    session.read()
    stand.torn.tear(At(when=when, number=stand.torn.count + number))
    with pytest.raises(CardPulled):
        session.write_load(load(1))
    assert stand.session().write_load(load(1)).balance == Money(3500)
    assert face_of(stand).last_load == 1


def test_a_garbled_answer_to_the_commit_leaves_it_unknown(stand: CardStand) -> None:
    class Garbled:
        def transmit(self, apdu: bytes) -> bytes:
            response = inner.transmit(apdu)
            return bytes(len(response) - 2) + b"\x91\x00" if apdu[1] == 0xC7 else response

    inner = stand.lay()
    session = PurseCardSession(Garbled(), Desk(authority=everything(), names=NAMES))
    with pytest.raises(CardPulled):
        session.spend(debit(0), keep)
    assert face_of(stand).carries(transaction(1))


@pytest.mark.parametrize("seed", range(60))
def test_a_corrupted_wire_never_makes_a_wrong_balance(seed: int) -> None:
    stand = issued(cents=1500, entries=7)
    noisy = Corrupting(stand.chip, seed, rate=0.05)
    session = PurseCardSession(InMemoryTransport(noisy), Desk(authority=everything(), names=NAMES))
    try:
        face = session.spend(debit(session.read().sequence), keep).face
    except AlveoleError:
        face = face_of(stand)
    assert face.balance == Money(1500 - 320 * face.sequence)
    assert face_of(stand).balance == Money(1500 - 320 * face_of(stand).sequence)
