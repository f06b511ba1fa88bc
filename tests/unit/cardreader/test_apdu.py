"""Native commands in APDUs, and the traffic log."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardreader.apdu import FRAMES_MAX, Exchange, NativeCard, TrafficLog, unwrap, wrap
from cardreader.desfire.constants import Ins, Status
from kiosk.domain.errors import CardPulled, CardTampered
from tests.unit.cardreader.cards import NAMES as WORDS
from tests.unit.cardreader.cards import UID, debit, everything, issued, keep, key_set


class Script:
    """A card that answers from a list and keeps what it was sent."""

    def __init__(self, *answers: str) -> None:
        self.answers = [bytes.fromhex(one) for one in answers]
        self.sent: list[str] = []

    def transmit(self, apdu: bytes) -> bytes:
        self.sent.append(apdu.hex())
        return self.answers.pop(0)


def test_a_command_without_data_has_no_length_byte() -> None:
    assert wrap(Ins.GET_VERSION).hex() == "9060000000"


def test_a_command_with_data_tells_their_length() -> None:
    assert wrap(Ins.SELECT_APPLICATION, b"\xf1\x41\x4c").hex() == "905a000003f1414c00"


def test_more_data_than_an_apdu_takes_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="256 bytes"):
        wrap(Ins.WRITE_DATA, bytes(256))


@pytest.mark.parametrize("response", [b"", b"\x91"])
def test_an_answer_without_status_is_tampered(response: bytes) -> None:
    with pytest.raises(CardTampered):
        unwrap(response)


def test_a_status_has_its_name() -> None:
    assert unwrap(bytes.fromhex("919d")).name == "PERMISSION_DENIED"
    assert unwrap(bytes.fromhex("6a82")).name == "6A82"


def test_a_status_word_of_another_class_is_no_native_status() -> None:
    answer = unwrap(bytes.fromhex("9000"))
    assert (answer.native, answer.ok, answer.status) == (False, False, None)


def test_an_unknown_native_status_is_no_success() -> None:
    answer = unwrap(bytes.fromhex("9177"))
    assert (answer.native, answer.ok, answer.name) == (True, False, "9177")


def test_an_answer_in_frames_comes_together() -> None:
    card = Script("0102 91af", "03 91af", "04 9100")
    answer = NativeCard(card).exchange(Ins.READ_DATA, b"\x00")
    assert (answer.data.hex(), answer.ok) == ("01020304", True)
    assert card.sent[1:] == ["90af000000", "90af000000"]


def test_a_long_command_goes_in_frames_while_the_card_asks_for_more() -> None:
    card = Script("91af", "91af", "9100")
    assert NativeCard(card, frame_max=2).exchange(Ins.WRITE_DATA, b"abcde").ok
    assert card.sent == ["903d000002616200", "90af000002636400", "90af0000016500"]


def test_a_card_that_refuses_the_first_frame_gets_no_more() -> None:
    card = Script("917e")
    answer = NativeCard(card, frame_max=2).exchange(Ins.WRITE_DATA, b"abcde")
    assert (answer.status, len(card.sent)) == (Status.LENGTH_ERROR, 1)


def test_an_endless_answer_is_given_up() -> None:
    card = Script(*["91af"] * (FRAMES_MAX + 1))
    with pytest.raises(CardTampered, match="never ends"):
        NativeCard(card).exchange(Ins.READ_DATA)
    assert len(card.sent) == FRAMES_MAX + 1


def test_an_endless_command_is_a_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="33 frames"):
        NativeCard(Script(), frame_max=1).exchange(Ins.WRITE_DATA, bytes(FRAMES_MAX + 1))


@given(st.lists(st.binary(max_size=60), min_size=1, max_size=FRAMES_MAX + 5))
def test_no_answer_raises_anything_undeclared(answers: list[bytes]) -> None:
    card = Script(*(one.hex() for one in answers), *["9100"] * (FRAMES_MAX + 1))
    try:
        NativeCard(card).exchange(Ins.READ_DATA)
    except CardTampered:
        return


def test_the_log_tells_instruction_lengths_status_and_duration() -> None:
    told: list[Exchange] = []
    ticks = iter((1.0, 1.0125))
    log = TrafficLog(Script("9100"), told.append, seconds=lambda: next(ticks))
    log.transmit(wrap(Ins.GET_VALUE, b"\x02"))
    assert told == [Exchange(command="GET_VALUE", sent=7, received=2, status="OK", ms=12.5)]


def test_the_log_names_other_classes_by_two_bytes_only() -> None:
    told: list[Exchange] = []
    log = TrafficLog(Script("04a17e57ca4d01 9000"), told.append)
    log.transmit(bytes.fromhex("FFCA000000"))
    assert (told[0].command, told[0].status) == ("FFCA", "9000")


def test_a_card_that_is_gone_passes_through_the_log_untold() -> None:
    class Gone:
        def transmit(self, apdu: bytes) -> bytes:
            raise CardPulled("gone")

    told: list[Exchange] = []
    with pytest.raises(CardPulled):
        TrafficLog(Gone(), told.append).transmit(b"\x90\x60")
    assert told == []


def test_the_log_passes_an_answer_without_status_on() -> None:
    told: list[Exchange] = []
    assert TrafficLog(Script("91"), told.append).transmit(b"\x90") == b"\x91"
    assert (told[0].command, told[0].status) == ("90", "none")


def test_no_secret_is_in_the_log_of_a_whole_debit() -> None:
    from cardreader.card_app import Desk, PurseCardSession

    class Overheard(Script):
        """Keeps every byte that passed, four at a time, to be looked for in the log."""

        def transmit(self, apdu: bytes) -> bytes:
            response = inner.transmit(apdu)
            seen.extend((apdu[5:-1], response[:-2]))
            return response

    seen: list[bytes] = []
    inner = issued(cents=1500).transport
    told: list[Exchange] = []
    session = PurseCardSession(
        TrafficLog(Overheard(), told.append), Desk(authority=everything(), names=WORDS)
    )
    session.spend(debit(0), keep)
    log = "\n".join(str(getattr(one, field.name)) for one in told for field in fields(one))
    secrets = [*_quads(seen), *_quads([UID]), *_quads(key_set().masters.values())]
    assert len(told) == 18  # the card was new: one record
    assert [one for one in secrets if one.lower() in log.lower()] == []


def _quads(pieces: Iterable[bytes]) -> list[str]:
    """Give every run of four bytes as hex."""
    return [one[at : at + 4].hex() for one in pieces for at in range(max(0, len(one) - 3))]
