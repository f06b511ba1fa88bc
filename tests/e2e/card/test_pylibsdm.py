"""pylibsdm 1.0.0a0.dev2 (EV2First, MAC and FULL) on our virtual card, and our reader on it.

It is made for NTAG 424 DNA, whose secure messaging is that of EV2 and whose one application is
selected by name: the card gets an application of that name. Commands that it doesn't know go
through its own MAC and FULL, with the bodies given here.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from cardreader.apdu import wrap
from cardreader.desfire.constants import Access, CommMode, Ins
from cardreader.desfire.ev2 import Ev2Handshake
from cardreader.layout import ACCESS
from cardreader.virtual.chip.card import VirtualDesfire
from tests.e2e.card.peers import AID, BLANK, blank_card, entered, key, need

if TYPE_CHECKING:
    from pylibsdm.tag.ntag424dna.tag import NTAG424DNA

NAME = bytes.fromhex("D2760000850101")
SAME_KEY_CHANGES = 0xE0  # it changes each key under that key
FREE_CREATE = 0x04
pytestmark = pytest.mark.filterwarnings("ignore:Pydantic V1 style")  # the peer's own
OWN = Access(read=0, write=0, read_write=0, change=0)


@pytest.fixture(autouse=True)
def _installed() -> None:
    need("pylibsdm", "nfc", "Crypto")


@pytest.fixture
def chip() -> VirtualDesfire:
    return blank_card(2)


class Wire:
    """What it takes for nfcpy's Type 4 tag."""

    def __init__(self, chip: VirtualDesfire) -> None:
        self._chip = chip

    def send_apdu(
        self, cla: int, ins: int, p1: int, p2: int, data: bytes, *, mrl: int, check_status: bool
    ) -> bytes:
        body = bytes((len(data),)) + data if data else b""
        return self._chip.answer(bytes((cla, ins, p1, p2)) + body + b"\x00")


class Peer:
    """The library on a card, in the application of its name."""

    def __init__(self, chip: VirtualDesfire) -> None:
        from pylibsdm.tag.ntag424dna.tag import NTAG424DNA

        wire: Any = Wire(chip)
        self.tag: NTAG424DNA = NTAG424DNA(wire)

    def enter(self, number: int, value: bytes) -> None:
        self.tag.set_key(number, value)
        self.tag.authenticate_ev2_first(number)

    def mac(self, ins: int, header: bytes) -> bytes:
        return self._send(self.tag.send_command_mac, ins, header, b"")

    def write(self, ins: int, header: bytes, data: bytes) -> None:
        self._send(self.tag.send_command_full, ins, header, data)

    def read(self, ins: int, header: bytes) -> bytes:
        """A FULL answer to a command without data, which it can't send: MAC, then its own IV."""
        from Crypto.Cipher import AES
        from Crypto.Util.Padding import unpad

        sealed = self.mac(ins, header)
        clear = AES.new(self.tag.k_ses_auth_enc, AES.MODE_CBC, self.tag.ivr).decrypt(sealed)
        return unpad(clear, 16, style="iso7816")

    def value(self, file: int) -> int:
        return int.from_bytes(self.read(Ins.GET_VALUE, bytes((file,))), "little")

    def _send(self, how: Any, ins: int, header: bytes, data: bytes) -> bytes:
        from pylibsdm.tag.ntag424dna.const import Status

        command = SimpleNamespace(value=(0x90, ins, 0, 0))
        answer = how(self.tag.current_key_nr, command, header, data, expected=Status.OK)
        assert isinstance(answer, bytes)
        return answer


def personalise(chip: VirtualDesfire) -> Peer:
    settings = SAME_KEY_CHANGES | FREE_CREATE | 0x0B
    body = AID + bytes((settings, 0xA0 | 5)) + b"\x10\xe1" + NAME
    assert chip.answer(wrap(Ins.CREATE_APPLICATION, body)) == b"\x91\x00"
    peer = Peer(chip)
    peer.enter(0, BLANK)
    full = b"\x03"
    bounds = b"".join(one.to_bytes(4, "little") for one in (0, 15_000, 1500)) + b"\x01"
    peer.mac(Ins.CREATE_VALUE_FILE, b"\x02" + full + ACCESS[2].pack() + bounds)
    measures = b"\x20\x00\x00\x0b\x00\x00"
    peer.mac(Ins.CREATE_CYCLIC_RECORD_FILE, b"\x05" + full + ACCESS[5].pack() + measures)
    peer.mac(Ins.CREATE_STD_DATA_FILE, b"\x00" + full + OWN.pack() + b"\x20\x00\x00")
    for number in (1, 2, 3, 4, 0):
        peer.tag.authenticate_ev2_first(number)
        peer.tag.change_key(number, key(number), 7)
        peer.tag.set_key(number, key(number))
    return peer


def test_it_changes_keys_and_our_reader_knows_them(chip: VirtualDesfire) -> None:
    personalise(chip)
    for number in range(5):
        assert entered(chip, number, key(number), Ev2Handshake).key_version(number) == 7


def test_it_reads_and_changes_the_settings_of_a_file(chip: VirtualDesfire) -> None:
    peer = personalise(chip)
    peer.enter(0, key(0))
    assert peer.mac(Ins.GET_FILE_SETTINGS, b"\x00") == b"\x00\x03" + OWN.pack() + b"\x20\x00\x00"
    peer.write(Ins.CHANGE_FILE_SETTINGS, b"\x00", b"\x01" + OWN.pack())
    assert peer.mac(Ins.GET_FILE_SETTINGS, b"\x00")[:2] == b"\x00\x01"


def test_it_debits_and_our_reader_agrees(chip: VirtualDesfire) -> None:
    peer = personalise(chip)
    peer.enter(2, key(2))
    assert peer.value(2) == 1500
    peer.write(Ins.DEBIT, b"\x02", (320).to_bytes(4, "little"))
    peer.write(Ins.WRITE_RECORD, b"\x05\x00\x00\x00\x1e\x00\x00", b"theirs".ljust(30))
    peer.mac(Ins.COMMIT_TRANSACTION, b"")
    assert peer.value(2) == 1180
    assert entered(chip, 2, key(2), Ev2Handshake).value(2) == 1180
    ours = entered(chip, 1, key(1), Ev2Handshake)
    assert ours.read_records(5, 32, count=1, records_max=10)[0].startswith(b"theirs")


def test_our_reader_debits_and_it_agrees(chip: VirtualDesfire) -> None:
    peer = personalise(chip)
    ours = entered(chip, 2, key(2), Ev2Handshake)
    ours.debit(2, 500)
    ours.write_record(5, b"ours".ljust(30))
    ours.commit_silently()
    peer.enter(2, key(2))
    assert peer.value(2) == 1000
    peer.enter(1, key(1))
    header = b"\x05\x00\x00\x00\x01\x00\x00"
    assert peer.read(Ins.READ_RECORDS, header).startswith(b"ours")


@pytest.mark.parametrize("mode", [CommMode.MAC, CommMode.FULL])
def test_both_read_what_the_other_wrote(chip: VirtualDesfire, mode: CommMode) -> None:
    peer = personalise(chip)
    peer.enter(0, key(0))
    peer.write(Ins.CHANGE_FILE_SETTINGS, b"\x00", bytes((mode,)) + OWN.pack())
    header = b"\x00\x00\x00\x00\x20\x00\x00"
    if mode is CommMode.FULL:
        peer.write(Ins.WRITE_DATA, header, bytes(range(32)))
    else:
        peer._send(peer.tag.send_command_mac, Ins.WRITE_DATA, header, bytes(range(32)))
    ours = entered(chip, 0, key(0), Ev2Handshake)
    assert ours.read_data(0, 32, mode=mode) == bytes(range(32))
    peer.enter(0, key(0))
    read = peer.read if mode is CommMode.FULL else peer.mac
    assert read(Ins.READ_DATA, header) == bytes(range(32))


def test_it_is_refused_what_its_key_may_not(chip: VirtualDesfire) -> None:
    from nfc.tag.tt4 import Type4TagCommandError

    peer = personalise(chip)
    peer.enter(1, key(1))
    with pytest.raises(Type4TagCommandError):
        peer.write(Ins.DEBIT, b"\x02", (1).to_bytes(4, "little"))
