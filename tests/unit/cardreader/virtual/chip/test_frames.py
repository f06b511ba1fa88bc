"""The chip's frames: APDUs, wrapping, additional frames, statuses."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cardreader.apdu import wrap
from cardreader.desfire.constants import CommMode, Ins, Status
from cardreader.desfire.crypto import cbc_encrypt, ev2_command_iv, ev2_mac
from cardreader.desfire.ev2 import Ev2Session
from cardreader.virtual.chip.card import DESFIRE_ATR, FRAME_MAX, VirtualDesfire
from tests.unit.cardreader.virtual.chips import (
    AID,
    BACKUP,
    RECORDS,
    UID,
    Bench,
    application,
    chip,
    key,
    u24,
)


@pytest.fixture
def bench() -> Bench[VirtualDesfire]:
    return Bench(chip())


def test_the_chip_answers_a_reset_as_a_desfire() -> None:
    assert chip().atr == DESFIRE_ATR


def test_the_reader_gets_the_uid(bench: Bench[VirtualDesfire]) -> None:
    assert bench.chip.answer(bytes.fromhex("FFCA000000")) == UID + b"\x90\x00"


@pytest.mark.parametrize(
    ("apdu", "status"),
    [
        ("", "6700"),
        ("906000", "6700"),
        ("9060000003F141", "6700"),  # Lc says more than there is
        ("9060000001F1414C", "6700"),  # and less
        ("906000000000", "6700"),  # extended length
        ("80CA000000", "6E00"),
        ("9060000100", "6A86"),
        ("00B0000000", "6D00"),
        ("00A4000002E110", "6A86"),
        ("00A4040007D2760000850101", "6A82"),
        ("9000000000", "911C"),
        ("90AF000000", "91CA"),
    ],
)
def test_a_malformed_apdu_is_answered_with_its_status(
    bench: Bench[VirtualDesfire], apdu: str, status: str
) -> None:
    assert bench.chip.answer(bytes.fromhex(apdu)).hex().upper() == status


def test_a_version_comes_in_three_frames(bench: Bench[VirtualDesfire]) -> None:
    first, more = bench.raw(Ins.GET_VERSION)
    second, still = bench.raw(Ins.ADDITIONAL_FRAME)
    third, done = bench.raw(Ins.ADDITIONAL_FRAME)
    assert (len(first), len(second), len(third)) == (7, 7, 14)
    assert (more, still, done) == (Status.ADDITIONAL_FRAME, Status.ADDITIONAL_FRAME, Status.OK)
    assert third.startswith(UID)


def test_another_command_in_between_is_aborted_and_the_next_is_served(
    bench: Bench[VirtualDesfire],
) -> None:
    bench.raw(Ins.GET_VERSION)
    assert bench.status(Ins.GET_KEY_VERSION, b"\x00") == Status.COMMAND_ABORTED
    assert bench.status(Ins.GET_KEY_VERSION, b"\x00") == Status.OK


def test_a_data_frame_where_the_chip_has_more_to_say_is_aborted(
    bench: Bench[VirtualDesfire],
) -> None:
    bench.raw(Ins.GET_VERSION)
    assert bench.status(Ins.ADDITIONAL_FRAME, b"\x00") == Status.COMMAND_ABORTED


def test_an_empty_frame_where_the_chip_waits_for_data_is_aborted(
    bench: Bench[VirtualDesfire],
) -> None:
    bench.enter(2)
    whole = b"\x01" + u24(0) + u24(100)
    assert bench.status(Ins.WRITE_DATA, whole) == Status.ADDITIONAL_FRAME
    assert bench.status(Ins.ADDITIONAL_FRAME) == Status.COMMAND_ABORTED


def test_a_frame_too_long_is_a_length_error(bench: Bench[VirtualDesfire]) -> None:
    bench.chip.memory = chip(application(CommMode.PLAIN)).memory
    bench.enter(2)
    body = bytes((BACKUP,)) + u24(0) + u24(2) + b"abc" + bytes(8)
    assert bench.status(Ins.WRITE_DATA, body) == Status.LENGTH_ERROR


def test_a_header_too_short_is_a_length_error(bench: Bench[VirtualDesfire]) -> None:
    bench.enter(2)
    assert bench.status(Ins.WRITE_DATA, b"\x01\x00") == Status.LENGTH_ERROR


def test_a_long_answer_comes_in_frames_of_at_most_59_bytes(bench: Bench[VirtualDesfire]) -> None:
    memory = bench.chip.memory
    app = memory.applications[AID]
    applications = {**memory.applications, **{bytes((1, 0, n)): app for n in range(27)}}
    bench.chip.memory = replace(memory, applications=applications)
    data, status = bench.raw(Ins.GET_APPLICATION_IDS)
    assert (len(data), status) == (FRAME_MAX, Status.ADDITIONAL_FRAME)
    rest, status = bench.raw(Ins.ADDITIONAL_FRAME)
    assert (len(data + rest), status) == (28 * 3, Status.OK)


def test_an_application_is_selected_by_its_name(bench: Bench[VirtualDesfire]) -> None:
    named = replace(application(), name=b"\xa0\x00kiosk")
    bench.chip.memory = chip(named).memory
    assert bench.chip.answer(bytes.fromhex("00A4040007") + b"\xa0\x00kiosk") == b"\x90\x00"
    assert bench.card.key_version(5) == 5


def test_selecting_what_is_not_there_leaves_the_selection(bench: Bench[VirtualDesfire]) -> None:
    bench.enter(None)
    assert bench.status(Ins.SELECT_APPLICATION, b"\x01\x02\x03") == Status.APPLICATION_NOT_FOUND
    assert bench.status(Ins.SELECT_APPLICATION, b"\x01\x02") == Status.LENGTH_ERROR
    assert bench.card.key_version(5) == 5


def test_an_ev1_knows_no_ev2_commands() -> None:
    bench = Bench(chip(generation=1))
    bench.enter(None)
    assert bench.status(Ins.AUTHENTICATE_EV2_FIRST, b"\x00\x00") == Status.ILLEGAL_COMMAND
    body = bytes(5 + 17)
    assert bench.status(Ins.CREATE_TRANSACTION_MAC_FILE, body) == Status.ILLEGAL_COMMAND


def test_losing_the_field_forgets_what_was_half_way(bench: Bench[VirtualDesfire]) -> None:
    bench.raw(Ins.GET_VERSION)
    bench.chip.power_off()
    bench.chip.power_on()
    assert bench.status(Ins.ADDITIONAL_FRAME) == Status.COMMAND_ABORTED


@pytest.mark.parametrize(
    ("ins", "body", "status"),
    [
        (Ins.AUTHENTICATE_AES, b"", Status.LENGTH_ERROR),
        (Ins.AUTHENTICATE_AES, b"\x00\x00", Status.LENGTH_ERROR),
        (Ins.AUTHENTICATE_AES, b"\x06", Status.NO_SUCH_KEY),
        (Ins.AUTHENTICATE_EV2_FIRST, b"\x00", Status.LENGTH_ERROR),
        (Ins.AUTHENTICATE_EV2_FIRST, b"\x00\x03\x00", Status.LENGTH_ERROR),
        (Ins.AUTHENTICATE_EV2_FIRST, b"\x00\x03\x00\x00\x00", Status.ADDITIONAL_FRAME),
        (Ins.AUTHENTICATE_EV2_NON_FIRST, b"\x00", Status.AUTHENTICATION_ERROR),
    ],
)
def test_an_authentication_begins_or_says_why_not(
    bench: Bench[VirtualDesfire], ins: Ins, body: bytes, status: Status
) -> None:
    bench.enter(None)
    assert bench.status(ins, body) == status


@pytest.mark.parametrize("ins", [Ins.AUTHENTICATE_AES, Ins.AUTHENTICATE_EV2_FIRST])
def test_a_wrong_proof_is_refused(bench: Bench[VirtualDesfire], ins: Ins) -> None:
    bench.enter(None)
    opening = b"\x00" if ins == Ins.AUTHENTICATE_AES else b"\x00\x00"
    bench.raw(ins, opening)
    assert bench.status(Ins.ADDITIONAL_FRAME, bytes(32)) == Status.AUTHENTICATION_ERROR
    bench.raw(ins, opening)
    assert bench.status(Ins.ADDITIONAL_FRAME, bytes(31)) == Status.LENGTH_ERROR


@pytest.mark.parametrize("kind", ["ev1", "ev2"])
def test_a_forged_command_ends_the_session(kind: str) -> None:
    bench = Bench(chip(), kind)
    bench.enter(2)
    body = b"\x02" + bytes(16 if kind == "ev1" else 24)
    assert bench.status(Ins.DEBIT, body) == Status.INTEGRITY_ERROR
    assert bench.status(Ins.GET_VALUE, b"\x02") == Status.AUTHENTICATION_ERROR


@pytest.mark.parametrize(
    ("clear", "status"),
    [
        (bytes(16), Status.INTEGRITY_ERROR),  # no padding
        (bytes(3) + b"\x80" + bytes(12), Status.LENGTH_ERROR),  # three bytes instead of four
    ],
)
def test_a_true_reader_that_pads_wrongly_is_refused(
    bench: Bench[VirtualDesfire], clear: bytes, status: Status
) -> None:
    bench.enter(3)
    session = bench.card.session
    assert isinstance(session, Ev2Session)
    keys = session._keys
    iv = ev2_command_iv(keys.enc, session.ti, session.counter)
    body = b"\x02" + cbc_encrypt(keys.enc, clear, iv)
    body += ev2_mac(keys.mac, Ins.DEBIT, session.counter, session.ti, body)
    assert bench.status(Ins.DEBIT, body) == status


def test_a_forged_mac_is_refused_under_ev1_too() -> None:
    bench = Bench(chip(application(CommMode.MAC)), "ev1")
    bench.enter(2)
    body = b"\x02" + (100).to_bytes(4, "little") + bytes(8)
    assert bench.status(Ins.DEBIT, body) == Status.INTEGRITY_ERROR


def test_a_command_counter_that_is_used_up_ends_the_session(bench: Bench[VirtualDesfire]) -> None:
    bench.enter(1)
    session = bench.chip._session
    session.channel.counter = 0xFFFF  # type: ignore[attr-defined]  # an EV2 channel
    assert bench.status(Ins.GET_KEY_VERSION, b"\x00") == Status.COMMAND_ABORTED


def test_the_keys_show_in_no_repr() -> None:
    shown = repr(chip().memory) + repr(application())
    assert key(1).hex() not in shown
    assert repr(key(1)) not in shown


def test_a_wrapped_command_of_every_known_length_gets_a_native_answer(
    bench: Bench[VirtualDesfire],
) -> None:
    for length in range(1, 256):
        assert bench.chip.answer(wrap(Ins.GET_FILE_SETTINGS, bytes(length)))[-2] == 0x91


def test_records_that_are_not_there_are_a_boundary_error(bench: Bench[VirtualDesfire]) -> None:
    bench.chip.memory = chip(application(CommMode.PLAIN)).memory
    bench.enter(1)
    assert bench.card.session is not None
    status = bench.status(Ins.READ_RECORDS, bytes((RECORDS,)) + u24(0) + u24(1))
    assert status == Status.BOUNDARY_ERROR
