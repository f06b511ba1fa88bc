"""The card's commands: what each sends, and what its answer must be."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardreader.apdu import NativeCard
from cardreader.desfire.commands import PICC, DesfireCard, change_key, transaction_mac_file
from cardreader.desfire.constants import Access, CommMode, Ins, KeySettings, Status
from cardreader.desfire.crypto import crc32
from cardreader.desfire.ev1 import Ev1Handshake
from cardreader.desfire.ev2 import Ev2Handshake
from cardreader.desfire.messaging import Command, Handshake
from cardreader.virtual.chip.card import VirtualDesfire
from cardreader.virtual.chip.memory import Memory
from cardreader.virtual.link import InMemoryTransport
from kiosk.domain.errors import AlveoleError, CardForeign, CardPulled, CardTampered
from tests.unit.cardreader.cards import UID

AID = b"\x01\x02\x03"
FREE_FOR_ALL = Access(read=0, write=0, read_write=0, change=0)
FACTORY = bytes(16)
Make = Callable[[], Handshake]


def ev1() -> Handshake:
    return Ev1Handshake(FACTORY, lambda count: bytes(range(count)))


def ev2() -> Handshake:
    return Ev2Handshake(FACTORY, lambda count: bytes(range(count)))


class Recorded:
    """Answers each APDU from a list, "9100" when it is used up."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.sent: list[str] = []

    def transmit(self, apdu: bytes) -> bytes:
        self.sent.append(apdu.hex())
        return bytes.fromhex(self.answers.pop(0) if self.answers else "9100")


@pytest.fixture(params=["ev1", "ev2"])
def card(request: pytest.FixtureRequest) -> DesfireCard:
    """Give an empty application of a software chip, authenticated either way."""
    make = {"ev1": ev1, "ev2": ev2}[request.param]
    card = DesfireCard(NativeCard(InMemoryTransport(VirtualDesfire(Memory(uid=UID)))))
    card.select(PICC)
    card.create_application(AID, settings=KeySettings.MASTER_CHANGEABLE, keys=2)
    card.select(AID)
    assert card.authenticate(0, make()) is Status.OK
    return card


def test_a_data_file_keeps_what_is_written(card: DesfireCard) -> None:
    card.create_data_file(1, FREE_FOR_ALL, 40, backup=False)
    card.write_data(1, b"kept", offset=3)
    assert card.read_data(1, 40) == bytes(3) + b"kept" + bytes(33)


def test_a_backup_file_waits_for_the_commit(card: DesfireCard) -> None:
    card.create_data_file(1, FREE_FOR_ALL, 4, backup=True)
    card.write_data(1, b"kept")
    assert card.read_data(1, 4) == bytes(4)
    card.commit_silently()
    assert card.read_data(1, 4) == b"kept"


def test_what_is_aborted_leaves_no_trace(card: DesfireCard) -> None:
    card.create_value_file(2, FREE_FOR_ALL, upper=100, value=50)
    card.debit(2, 20)
    card.abort()
    assert card.value(2) == 50


def test_a_value_moves_at_the_commit(card: DesfireCard) -> None:
    card.create_value_file(2, FREE_FOR_ALL, upper=100, value=50)
    card.debit(2, 20)
    card.commit_silently()
    card.limited_credit(2, 20)
    card.commit_silently()
    card.credit(2, 5)
    card.commit_silently()
    assert card.value(2) == 55


def test_a_debit_below_the_limit_ends_the_session(card: DesfireCard) -> None:
    card.create_value_file(2, FREE_FOR_ALL, upper=100, value=50)
    with pytest.raises(CardTampered, match="BOUNDARY_ERROR"):
        card.debit(2, 51)
    assert card.session is None


def test_records_come_oldest_first(card: DesfireCard) -> None:
    card.create_cyclic_file(5, FREE_FOR_ALL, size=4, records=3)
    for text in (b"one", b"two", b"six"):
        card.write_record(5, text)
        card.commit_silently()
    assert card.read_records(5, 4, count=0, records_max=2) == [b"two\x00", b"six\x00"]
    assert card.read_records(5, 4, count=1, records_max=2) == [b"six\x00"]


def test_the_uid_is_told_enciphered_and_in_the_version(card: DesfireCard) -> None:
    assert card.card_uid() == card.version_uid() == UID


def test_access_rights_are_changed(card: DesfireCard) -> None:
    card.create_data_file(1, FREE_FOR_ALL, 4, backup=False)
    card.change_access(1, Access(read=0, write=15, read_write=15, change=0))
    with pytest.raises(CardTampered, match="PERMISSION_DENIED"):
        card.write_data(1, b"late")


def test_keys_are_changed_with_their_version(card: DesfireCard) -> None:
    assert card.key_version(1) == 0
    card.run(change_key(1, bytes(range(16)), 7, FACTORY), 0)
    assert card.key_version(1) == 7


def test_the_own_keys_change_ends_the_session(card: DesfireCard) -> None:
    command = change_key(0, bytes(range(16)), 7, None)
    assert card.session is not None
    card.run_wrapped(command, card.session.wrap(command), last=True)
    assert card.session is None


def test_a_formatted_card_has_no_application(card: DesfireCard) -> None:
    card.select(PICC)
    card.authenticate(0, ev2())
    card.format_picc()
    with pytest.raises(CardForeign):
        card.select(AID)


def test_a_wrong_key_is_refused_by_the_card(card: DesfireCard) -> None:
    wrong = Ev2Handshake(bytes(range(16)), bytes)
    assert card.authenticate(0, wrong) is Status.AUTHENTICATION_ERROR
    assert card.session is None


def test_an_absent_key_is_refused_by_the_card(card: DesfireCard) -> None:
    assert card.authenticate(9, ev2()) is Status.NO_SUCH_KEY


def test_a_card_that_skips_the_proof_is_tampered() -> None:
    for answers in (("9100",), ("00" * 16 + "91af", "9100")):
        card = DesfireCard(NativeCard(Recorded(*answers)))
        with pytest.raises(CardTampered):
            card.authenticate(0, ev2())
        assert card.session is None


@pytest.mark.parametrize("answer", ["6a82", "6e00", "91a0", "9000"])
def test_a_card_without_our_application_is_foreign(answer: str) -> None:
    with pytest.raises(CardForeign):
        DesfireCard(NativeCard(Recorded(answer))).select(AID)


def test_a_card_that_cant_select_is_tampered() -> None:
    with pytest.raises(CardTampered, match="EEPROM_ERROR"):
        DesfireCard(NativeCard(Recorded("91ee"))).select(AID)


def test_a_lost_card_ends_the_session(card: DesfireCard) -> None:
    class Gone:
        def transmit(self, apdu: bytes) -> bytes:
            raise CardPulled("gone")

    card._native = NativeCard(Gone())
    with pytest.raises(CardPulled):
        card.value(2)
    assert card.session is None


@pytest.mark.parametrize("amount", [0, -1])
def test_nothing_or_less_is_never_moved(card: DesfireCard, amount: int) -> None:
    with pytest.raises(ValueError, match="CREDIT"):
        card.credit(2, amount)


@pytest.mark.parametrize("data", ["", "00" * 5, "00" * 12, "00" * 8])
def test_records_of_another_number_are_tampered(data: str) -> None:
    card = DesfireCard(NativeCard(Recorded(data + "9100")))
    with pytest.raises(CardTampered, match="records"):
        card.read_records(5, 4, count=1, records_max=10)


def test_the_commit_asks_for_its_proof() -> None:
    card = Recorded("07000000" + "11" * 8 + "9100")
    assert DesfireCard(NativeCard(card)).commit() == (7, bytes.fromhex("11" * 8))
    assert card.sent == ["90c70000010100"]


@pytest.mark.parametrize(
    ("step", "sent"),
    [
        (lambda card: card.value(2), "906c0000010200"),
        (lambda card: card.debit(2, 320), "90dc000005024001000000"),
        (lambda card: card.read_data(0, 32), "90bd0000070000000020000000"),
        (lambda card: card.write_record(5, b"ab"), "903b00000905000000020000616200"),
        (
            lambda card: card.create_value_file(2, FREE_FOR_ALL, upper=9),
            "90cc0000110203000000000000090000000000000001 00",
        ),
        (
            lambda card: card.create_cyclic_file(5, FREE_FOR_ALL, size=32, records=11),
            "90c000000a050300002000000b0000 00",
        ),
    ],
)
def test_a_command_travels_as_the_data_sheets_say(
    step: Callable[[DesfireCard], object], sent: str
) -> None:
    wire = Recorded("917e")
    with pytest.raises(CardTampered, match="LENGTH_ERROR"):
        step(DesfireCard(NativeCard(wire)))
    assert wire.sent == [sent.replace(" ", "")]


def test_a_new_key_travels_xored_with_the_old_one_and_with_its_crc() -> None:
    new, old = bytes(range(16)), bytes([7] * 16)
    command = change_key(2, new, 3, old)
    assert command.data == bytes(a ^ b for a, b in zip(new, old, strict=True)) + b"\x03"
    assert (command.header, command.trailer) == (b"\x02", crc32(new))


def test_the_key_of_the_transaction_mac_is_never_in_the_header() -> None:
    command = transaction_mac_file(15, FREE_FOR_ALL, bytes(range(16)), 1)
    assert (command.header.hex(), command.mode) == ("0f01000002", CommMode.FULL)
    assert command.data == bytes(range(16)) + b"\x01"


STEPS: list[Callable[[DesfireCard], object]] = [
    lambda card: card.select(AID),
    lambda card: card.authenticate(0, ev1()),
    lambda card: card.authenticate(0, ev2()),
    lambda card: card.version_uid(),
    lambda card: card.card_uid(),
    lambda card: card.key_version(0),
    lambda card: card.read_data(1, 32),
    lambda card: card.write_data(1, bytes(64)),
    lambda card: card.value(2),
    lambda card: card.credit(2, 5),
    lambda card: card.read_records(5, 32, count=0, records_max=10),
    lambda card: card.commit(),
    lambda card: card.commit_silently(),
]
ANSWERS = st.builds(
    lambda data, status: data + status,
    st.binary(max_size=60),
    st.sampled_from(
        [b"\x91\x00", b"\x91\xaf", b"\x91\xae", b"\x90\x00", b"\x6d\x00", b"", b"\x91"]
    ),
)


@pytest.mark.parametrize("step", STEPS)
@given(answers=st.lists(ANSWERS, max_size=5))
def test_no_answer_raises_anything_undeclared(
    step: Callable[[DesfireCard], object], answers: list[bytes]
) -> None:
    wire = Recorded(*(one.hex() for one in answers))
    try:
        step(DesfireCard(NativeCard(wire)))
    except AlveoleError:
        return


@given(flips=st.lists(st.integers(0, 4000), min_size=1, max_size=3))
def test_no_corrupted_answer_passes_for_another_value(flips: list[int]) -> None:
    class Flipping:
        """Flips bits of what the chip answers, numbered through the whole exchange."""

        def __init__(self) -> None:
            self.bits = 0

        def transmit(self, apdu: bytes) -> bytes:
            answer = bytearray(inner.transmit(apdu))
            for flip in flips:
                at = flip - self.bits
                if armed and 0 <= at < 8 * len(answer):
                    answer[at // 8] ^= 1 << at % 8
            self.bits += 8 * len(answer) if armed else 0
            return bytes(answer)

    armed = False
    inner = InMemoryTransport(VirtualDesfire(Memory(uid=UID)))
    card = DesfireCard(NativeCard(Flipping()))
    card.create_application(AID, settings=KeySettings.MASTER_CHANGEABLE, keys=2)
    card.select(AID)
    card.authenticate(0, ev2())
    card.create_value_file(2, FREE_FOR_ALL, upper=1000, value=777)
    armed = True
    try:
        assert card.value(2) == 777
        assert card.value(2) == 777
    except AlveoleError:
        assert card.session is None


def test_plain_commands_go_bare_without_a_session() -> None:
    wire = Recorded("9100")
    DesfireCard(NativeCard(wire)).run(Command(ins=Ins.ABORT_TRANSACTION), 0)
    assert wire.sent == ["90a7000000"]
