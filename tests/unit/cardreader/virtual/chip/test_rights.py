"""Who may do what on a chip, key by key."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cardreader.desfire.constants import FREE, NEVER, Access, CommMode, Ins, Status
from cardreader.virtual.chip import rights
from cardreader.virtual.chip.card import VirtualDesfire
from cardreader.virtual.chip.memory import PICC, DataFile, File, Nak, ValueFile
from tests.unit.cardreader.virtual.chips import (
    ACCESS,
    BACKUP,
    CLOSED_FILE,
    FREE_FILE,
    RECORDS,
    STANDARD,
    VALUE,
    Bench,
    application,
    chip,
    u24,
)

WHOLE = u24(0) + u24(1)
OPEN_ENDED = [Status.OK, Status.ADDITIONAL_FRAME]  # allowed: done, or more data are asked for


@pytest.fixture
def bench() -> Bench[VirtualDesfire]:
    return Bench(chip(application(CommMode.PLAIN)))


@pytest.mark.parametrize(
    ("ins", "body", "keys"),
    [
        (Ins.READ_DATA, bytes((STANDARD,)) + WHOLE, {1, 3}),
        (Ins.WRITE_DATA, bytes((STANDARD,)) + WHOLE + b"x", {2, 3}),
        (Ins.WRITE_DATA, bytes((BACKUP,)) + WHOLE + b"x", {2, 3}),
        (Ins.GET_VALUE, bytes((VALUE,)), {1, 2, 3}),
        (Ins.DEBIT, bytes((VALUE,)) + b"\1\0\0\0", {1, 2, 3}),
        (Ins.LIMITED_CREDIT, bytes((VALUE,)) + b"\0\0\0\0", {2, 3}),
        (Ins.CREDIT, bytes((VALUE,)) + b"\1\0\0\0", {3}),
        (Ins.WRITE_RECORD, bytes((RECORDS,)) + WHOLE + b"x", {2, 3}),
    ],
)
def test_each_command_is_for_the_keys_of_its_right(
    bench: Bench[VirtualDesfire], ins: Ins, body: bytes, keys: set[int]
) -> None:
    for number in range(6):
        bench.enter(number)
        wanted = Status.OK if number in keys else Status.PERMISSION_DENIED
        assert bench.status(ins, body) == wanted, number
    bench.enter(None)
    assert bench.status(ins, body) == Status.AUTHENTICATION_ERROR


def test_a_free_right_needs_no_key_and_speaks_in_plain() -> None:
    bench = Bench(chip(application(CommMode.FULL)))
    bench.enter(None)
    assert bench.raw(Ins.READ_DATA, bytes((FREE_FILE,)) + u24(0) + u24(0)) == (b"free", Status.OK)
    bench.enter(5)
    assert bench.raw(Ins.READ_DATA, bytes((FREE_FILE,)) + u24(0) + u24(0)) == (b"free", Status.OK)
    card = bench.enter(3)
    assert card.read_data(FREE_FILE, 4) == b"free"


def test_never_is_never_for_a_stranger_too(bench: Bench[VirtualDesfire]) -> None:
    bench.enter(0)
    body = bytes((CLOSED_FILE,)) + WHOLE
    assert bench.status(Ins.READ_DATA, body) == Status.PERMISSION_DENIED
    bench.enter(None)
    assert bench.status(Ins.READ_DATA, body) == Status.PERMISSION_DENIED


def test_value_commands_are_for_value_files(bench: Bench[VirtualDesfire]) -> None:
    bench.enter(3)
    assert bench.status(Ins.GET_VALUE, bytes((STANDARD,))) == Status.PERMISSION_DENIED
    bench.enter(3)
    body = bytes((STANDARD,)) + b"\1\0\0\0"
    assert bench.status(Ins.CREDIT, body) == Status.PERMISSION_DENIED
    bench.enter(3)
    body = bytes((VALUE,)) + WHOLE
    assert bench.status(Ins.READ_DATA, body) == Status.PERMISSION_DENIED


def test_a_file_that_is_not_there_is_not_found(bench: Bench[VirtualDesfire]) -> None:
    bench.enter(3)
    assert bench.status(Ins.GET_VALUE, b"\x1e") == Status.FILE_NOT_FOUND


def _file(change: int) -> File:
    return DataFile(comm=CommMode.MAC, access=replace(ACCESS, change=change), content=b"x")


def test_rights_are_changed_by_their_own_key_or_freely() -> None:
    assert rights.to_change(_file(4), 4) is CommMode.FULL
    assert rights.to_change(_file(FREE), None) is CommMode.PLAIN
    with pytest.raises(Nak, match="9D"):
        rights.to_change(_file(4), 0)
    with pytest.raises(Nak, match="AE"):
        rights.to_change(_file(4), None)
    with pytest.raises(Nak, match="9D"):
        rights.to_change(_file(NEVER), 0)


def test_a_key_with_read_on_a_value_file_debits() -> None:
    """CARD.md: that is why the identifying key never has it."""
    access = Access(read=1, write=NEVER, read_write=NEVER, change=NEVER)
    file = ValueFile(comm=CommMode.FULL, access=access, lower=0, upper=9, value=9)
    assert rights.to_take(file, 1) is CommMode.FULL


@pytest.mark.parametrize(
    ("rule", "number", "allowed"),
    [
        (0x0, 1, {0}),
        (0x0, 0, {0}),
        (0x2, 1, {2}),
        (0x2, 2, {0}),  # the change key itself: by the master
        (0x2, 0, {0}),
        (0xE, 1, {1}),
        (0xE, 0, {0}),
        (0xF, 1, set()),
        (0xF, 0, {0}),
    ],
)
def test_keys_are_changed_by_whom_the_settings_name(
    rule: int, number: int, allowed: set[int]
) -> None:
    app = application(settings=rule << 4 | 0x0B)
    for own in range(4):
        if own in allowed:
            rights.may_change_key(app, number, own)
        else:
            with pytest.raises(Nak, match="9D"):
                rights.may_change_key(app, number, own)


def test_a_master_key_may_be_frozen() -> None:
    with pytest.raises(Nak, match="9D"):
        rights.may_change_key(application(settings=0x0A), 0, 0)


def test_a_stranger_changes_no_key() -> None:
    with pytest.raises(Nak, match="AE"):
        rights.may_change_key(application(), 1, None)


@pytest.mark.parametrize(
    ("ins", "body"),
    [(Ins.GET_FILE_IDS, b""), (Ins.GET_FILE_SETTINGS, b"\x01"), (Ins.GET_KEY_SETTINGS, b"")],
)
def test_listing_may_be_for_the_master_alone(ins: Ins, body: bytes) -> None:
    bench = Bench(chip(application(settings=0x09)))
    bench.enter(None)
    assert bench.status(ins, body) == Status.AUTHENTICATION_ERROR
    bench.enter(1)
    assert bench.status(ins, body + bytes(8)) == Status.INTEGRITY_ERROR
    bench = Bench(chip(application()))
    bench.enter(None)
    assert bench.status(ins, body) == Status.OK


def test_creating_may_be_for_the_master_alone() -> None:
    body = b"\x0a\x00\xee\xee" + u24(4)
    bench = Bench(chip())
    bench.enter(None)
    assert bench.status(Ins.CREATE_STD_DATA_FILE, body) == Status.AUTHENTICATION_ERROR
    bench = Bench(chip(application(settings=0x0F)))
    bench.enter(None)
    assert bench.status(Ins.CREATE_STD_DATA_FILE, body) == Status.OK


def test_the_uid_is_told_to_who_is_known(bench: Bench[VirtualDesfire]) -> None:
    bench.enter(None)
    assert bench.status(Ins.GET_CARD_UID) == Status.AUTHENTICATION_ERROR
    assert bench.enter(5).card_uid() == bench.chip.memory.uid


def test_the_chip_level_may_be_closed_to_strangers() -> None:
    bench = Bench(chip(picc_settings=0x09))
    bench.enter(None, aid=PICC)
    assert bench.status(Ins.GET_APPLICATION_IDS) == Status.AUTHENTICATION_ERROR
    body = b"\x01\x02\x03\x0f\x81"
    assert bench.status(Ins.CREATE_APPLICATION, body) == Status.AUTHENTICATION_ERROR
