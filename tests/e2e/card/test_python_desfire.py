"""python-desfire 0.1.5 (EV1, AES) on our virtual card, and our reader on what it leaves.

It has no value, record or transaction commands: those go through its own secure messaging, with
the bodies given here.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest

from cardreader.apdu import wrap
from cardreader.desfire.constants import Ins
from cardreader.desfire.ev1 import Ev1Handshake
from cardreader.layout import ACCESS, ENTRIES, PURSE, Key
from cardreader.virtual.cards import TEST_UID, plain_card
from cardreader.virtual.chip.card import VirtualDesfire
from cardreader.virtual.issue import known_keys
from tests.e2e.card.peers import AID, BLANK, UID, blank_card, entered, key, need, nonces

if TYPE_CHECKING:
    from desfire import DESFire, DESFireKey


@pytest.fixture(autouse=True)
def _quiet() -> None:
    """It logs keys and refusals; neither belongs into our log."""
    need("desfire", "Crypto")
    logger = logging.getLogger("desfire")
    logger.disabled = True
    for name in list(logging.root.manager.loggerDict):
        if name.startswith("desfire."):
            logging.getLogger(name).disabled = True


@pytest.fixture
def chip() -> VirtualDesfire:
    return blank_card()


class Wire:
    """The library's device: native frames in, wrapped APDUs to the card, native frames back."""

    def __init__(self, chip: VirtualDesfire) -> None:
        self._chip = chip

    def transceive(self, frame: list[int]) -> list[int]:
        answer = self._chip.answer(wrap(frame[0], bytes(frame[1:])))
        return [answer[-1], *answer[:-2]]


class Peer:
    """The library on a card; ``run`` is its secure messaging for one command."""

    def __init__(self, chip: VirtualDesfire) -> None:
        from desfire import DESFire

        self.card: DESFire = DESFire(Wire(chip))
        self._random = nonces(3)

    def enter(self, aid: bytes, number: int, value: bytes) -> None:
        self.card.select_application(list(aid))
        self.card.authenticate(number, _key(value), challenge=list(self._random(16)))

    def run(
        self, ins: int, header: bytes = b"", data: bytes = b"", *, reads: bool = False
    ) -> bytes:
        from desfire.enums import DESFireCommunicationMode as Mode

        answer = self.card._transceive(
            [ins, *header, *data],
            Mode.ENCRYPTED if data else Mode.PLAIN,
            Mode.ENCRYPTED if reads else Mode.CMAC,
            encryption_offset=1 + len(header),
        )
        return bytes(answer)

    def value(self, file: int) -> int:
        return int.from_bytes(self.run(Ins.GET_VALUE, bytes((file,)), reads=True), "little")


def _key(value: bytes) -> DESFireKey:
    from desfire import DESFireKey
    from desfire.enums import DESFireKeyType
    from desfire.schemas import KeySettings

    return DESFireKey(KeySettings(key_type=DESFireKeyType.DF_KEY_AES), value)


def personalise(chip: VirtualDesfire) -> Peer:
    from desfire.enums import DESFireKeySettings as Setting
    from desfire.enums import DESFireKeyType
    from desfire.schemas import KeySettings

    peer = Peer(chip)
    peer.enter(bytes(3), 0, BLANK)
    settings = KeySettings(
        key_type=DESFireKeyType.DF_KEY_AES,
        settings=[Setting.KS_ALLOW_CHANGE_MK, Setting.KS_CONFIGURATION_CHANGEABLE],
    )
    peer.card.create_application(list(AID), settings, 6)
    peer.enter(AID, 0, BLANK)
    for number in range(1, 6):
        peer.card.change_key(number, _key(BLANK), _key(key(number)), number)
    full = b"\x03"
    peer.run(Ins.CREATE_STD_DATA_FILE, b"\x00" + full + ACCESS[0].pack() + b"\x20\x00\x00")
    peer.run(Ins.CREATE_BACKUP_DATA_FILE, b"\x04" + full + ACCESS[4].pack() + b"\x40\x00\x00")
    bounds = b"".join(one.to_bytes(4, "little") for one in (0, 15_000, 1500)) + b"\x01"
    peer.run(Ins.CREATE_VALUE_FILE, b"\x02" + full + ACCESS[2].pack() + bounds)
    measures = b"\x20\x00\x00\x0b\x00\x00"
    peer.run(Ins.CREATE_CYCLIC_RECORD_FILE, b"\x05" + full + ACCESS[5].pack() + measures)
    peer.card.change_key(0, _key(BLANK), _key(key(0)), 9)
    return peer


def test_it_knows_the_card(chip: VirtualDesfire) -> None:
    peer = Peer(chip)
    peer.enter(bytes(3), 0, BLANK)
    assert bytes(peer.card.get_real_uid()) == UID
    assert bytes(peer.card.get_card_version().uid) == UID


def test_what_it_personalises_is_found_again(chip: VirtualDesfire) -> None:
    peer = personalise(chip)
    peer.enter(AID, 0, key(0))
    assert sorted(peer.card.get_file_ids()) == [0, 2, 4, 5]
    assert [peer.card.get_key_version(one) for one in range(6)] == [9, 1, 2, 3, 4, 5]
    found = peer.card.get_file_settings(0)
    assert found.file_size == 32
    assert bytes(found.permissions.get_permissions()) == ACCESS[0].pack()


def test_it_debits_and_our_reader_agrees(chip: VirtualDesfire) -> None:
    peer = personalise(chip)
    peer.enter(AID, 2, key(2))
    assert peer.value(2) == 1500
    peer.run(Ins.DEBIT, b"\x02", (320).to_bytes(4, "little"))
    peer.run(Ins.WRITE_RECORD, b"\x05\x00\x00\x00\x1e\x00\x00", b"theirs".ljust(30))
    peer.run(Ins.COMMIT_TRANSACTION)
    assert peer.value(2) == 1180
    assert entered(chip, 2, key(2), Ev1Handshake).value(2) == 1180
    ours = entered(chip, 1, key(1), Ev1Handshake)
    assert ours.read_records(5, 32, count=1, records_max=10)[0].startswith(b"theirs")


def test_our_reader_debits_and_it_agrees(chip: VirtualDesfire) -> None:
    peer = personalise(chip)
    ours = entered(chip, 2, key(2), Ev1Handshake)
    ours.debit(2, 500)
    ours.commit_silently()
    peer.enter(AID, 2, key(2))
    assert peer.value(2) == 1000


def test_it_writes_and_reads_a_file_of_several_frames(chip: VirtualDesfire) -> None:
    from desfire.enums import DESFireCommunicationMode as Mode

    peer = personalise(chip)
    peer.enter(AID, 5, key(5))
    peer.card.write_file_data(4, 0, Mode.ENCRYPTED, list(range(1, 33)))
    peer.card.write_file_data(4, 32, Mode.ENCRYPTED, list(range(33, 65)))
    peer.run(Ins.COMMIT_TRANSACTION)
    peer.enter(AID, 1, key(1))
    read = peer.run(Ins.READ_DATA, b"\x04\x00\x00\x00\x40\x00\x00", reads=True)
    assert read == bytes(range(1, 65))
    assert entered(chip, 1, key(1), Ev1Handshake).read_data(4, 64) == bytes(range(1, 65))


def test_it_debits_a_card_that_was_issued_with_the_published_keys() -> None:
    chip = plain_card(balance_cents=1500, entries=10, generation=1)
    peer = Peer(chip)
    peer.enter(AID, Key.DEBIT, known_keys(TEST_UID)[Key.DEBIT])
    peer.run(Ins.DEBIT, bytes((PURSE,)), (320).to_bytes(4, "little"))
    peer.run(Ins.COMMIT_TRANSACTION)
    assert (peer.value(PURSE), peer.value(ENTRIES)) == (1180, 10)


def test_it_is_refused_what_its_key_may_not(chip: VirtualDesfire) -> None:
    from desfire.exceptions import DESFireCommunicationError

    peer = personalise(chip)
    peer.enter(AID, 1, key(1))
    with pytest.raises(DESFireCommunicationError):
        peer.run(Ins.DEBIT, b"\x02", (1).to_bytes(4, "little"))
