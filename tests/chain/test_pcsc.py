"""The edge itself: sharing with another program, its resets, escapes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from smartcard import scard

from cardreader.pcsc import Connection, Context
from cardreader.transport import GET_UID
from kiosk.domain.errors import CardPulled, ReaderAbsent
from tests.stand.pcscd import SLOTS, wait_for
from tests.stand.things import Hands, purse_thing

RESET = 1


class OtherProgram:
    """Another PC/SC program that has the card too."""

    def __init__(self, share: int) -> None:
        _, self._context = scard.SCardEstablishContext(2)
        code, self._card, _ = scard.SCardConnect(self._context, SLOTS[0], share, 3)
        assert code == 0

    def reset(self) -> None:
        assert scard.SCardReconnect(self._card, 2, 3, RESET)[0] == 0

    def close(self) -> None:
        scard.SCardDisconnect(self._card, 0)
        scard.SCardReleaseContext(self._context)


@pytest.fixture
def context(hands: Hands) -> Iterator[Context]:
    hands.lay(purse_thing())
    context = Context()
    wait_for(lambda: context.slots()[0].present)
    yield context
    context.close()


@pytest.fixture
def other(context: Context) -> Iterator[OtherProgram]:
    other = OtherProgram(share=2)
    yield other
    other.close()


@pytest.fixture
def card(context: Context, other: OtherProgram) -> Iterator[Connection]:
    card = context.connect(SLOTS[0])
    yield card
    card.close()


def test_a_card_is_shared_with_a_program_that_has_it_already(card: Connection) -> None:
    assert card.transmit(GET_UID).endswith(b"\x90\x00")


def test_a_reset_before_the_first_command_is_passed_over(
    card: Connection, other: OtherProgram
) -> None:
    other.reset()
    assert card.transmit(GET_UID).endswith(b"\x90\x00")


def test_a_reset_between_commands_ends_the_card(card: Connection, other: OtherProgram) -> None:
    card.transmit(GET_UID)
    other.reset()
    with pytest.raises(CardPulled):
        card.transmit(GET_UID)


def test_a_card_that_another_program_has_alone_cant_be_had(context: Context) -> None:
    other = OtherProgram(share=1)
    with pytest.raises(ReaderAbsent, match="another program"):
        context.connect(SLOTS[0])
    other.close()


def test_a_reader_that_isnt_there_cant_be_had(context: Context) -> None:
    with pytest.raises(ReaderAbsent, match="reader is gone"):
        context.connect("No such reader 00 00")


def test_a_reader_without_escapes_is_coped_with(card: Connection) -> None:
    assert card.escape(bytes.fromhex("FF00520000")) is None
