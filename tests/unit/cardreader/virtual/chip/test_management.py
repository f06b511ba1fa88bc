"""Applications, keys and files: made, changed, deleted, refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cardreader.desfire.commands import change_key, transaction_mac_file
from cardreader.desfire.constants import Access, CommMode, Ins, Status
from cardreader.desfire.messaging import Command
from cardreader.virtual.chip.card import VirtualDesfire
from cardreader.virtual.chip.memory import PICC, STORAGE_MAX, Key, Memory, used
from tests.unit.cardreader.virtual.chips import (
    ACCESS,
    AID,
    BACKUP,
    PROOF,
    RECORDS,
    STANDARD,
    UID,
    VALUE,
    Bench,
    application,
    chip,
    key,
    mac_file,
    u24,
)

OPEN = Access(read=0xE, write=0xE, read_write=0xE, change=0xE)


@pytest.fixture
def bench() -> Bench[VirtualDesfire]:
    """An application in which anybody may create."""
    return Bench(chip(application(settings=0x0F)))


def bounds(lower: int, upper: int, value: int, *, limited: int = 1) -> bytes:
    numbers = b"".join(one.to_bytes(4, "little", signed=True) for one in (lower, upper, value))
    return b"\x0a\x00" + OPEN.pack() + numbers + bytes((limited,))


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("0102030F", Status.LENGTH_ERROR),
        ("0102030F81AA", Status.LENGTH_ERROR),
        ("0102030FA1AA", Status.LENGTH_ERROR),
        ("0102030F01", Status.PARAMETER_ERROR),  # DES
        ("0102030F41", Status.PARAMETER_ERROR),  # 3K3DES
        ("0102030F80", Status.PARAMETER_ERROR),  # no key
        ("0102030F8F", Status.PARAMETER_ERROR),  # fifteen
        ("0102030F91", Status.PARAMETER_ERROR),  # key settings 3
        ("F1414C0F81", Status.DUPLICATE),
        ("0000000F81", Status.DUPLICATE),
        ("0102030F81", Status.OK),
        ("0102030FA110E1", Status.OK),
        ("0102030FA110E1A000", Status.OK),
    ],
)
def test_an_application_is_created_or_refused(
    bench: Bench[VirtualDesfire], body: str, status: Status
) -> None:
    assert bench.status(Ins.CREATE_APPLICATION, bytes.fromhex(body)) == status


def test_two_applications_have_no_common_name(bench: Bench[VirtualDesfire]) -> None:
    assert bench.status(Ins.CREATE_APPLICATION, bytes.fromhex("0102030FA110E1A000")) == Status.OK
    status = bench.status(Ins.CREATE_APPLICATION, bytes.fromhex("0102040FA110E2A000"))
    assert status == Status.DUPLICATE


def test_applications_are_counted(bench: Bench[VirtualDesfire]) -> None:
    for number in range(27):
        body = bytes((0xAA, 0, number)) + b"\x0f\x81"
        assert bench.status(Ins.CREATE_APPLICATION, body) == Status.OK
    body = b"\xaa\x01\x00\x0f\x81"
    assert bench.status(Ins.CREATE_APPLICATION, body) == Status.OUT_OF_MEMORY


@pytest.mark.parametrize("ins", [Ins.CREATE_APPLICATION, Ins.GET_APPLICATION_IDS, Ins.FORMAT_PICC])
def test_the_chips_own_commands_are_for_its_own_level(
    bench: Bench[VirtualDesfire], ins: Ins
) -> None:
    bench.enter(None)
    assert bench.status(ins) == Status.PERMISSION_DENIED


def test_the_applications_are_listed(bench: Bench[VirtualDesfire]) -> None:
    assert bench.raw(Ins.GET_APPLICATION_IDS) == (AID, Status.OK)


def test_the_chips_master_deletes_an_application(bench: Bench[VirtualDesfire]) -> None:
    card = bench.enter(0, aid=PICC)
    card.run(Command(ins=Ins.DELETE_APPLICATION, header=AID), 0)
    assert bench.status(Ins.SELECT_APPLICATION, AID) == Status.APPLICATION_NOT_FOUND


def test_an_applications_master_deletes_it_where_the_chip_allows_it(
    bench: Bench[VirtualDesfire],
) -> None:
    bench.enter(0).run_wrapped(
        Command(ins=Ins.DELETE_APPLICATION, header=AID),
        _wrapped(bench, Command(ins=Ins.DELETE_APPLICATION, header=AID)),
        last=True,
    )
    assert AID not in bench.chip.memory.applications
    assert bench.raw(Ins.GET_APPLICATION_IDS) == (b"", Status.OK)


def _wrapped(bench: Bench[VirtualDesfire], command: Command) -> bytes:
    session = bench.card.session
    assert session is not None
    return session.wrap(command)


@pytest.mark.parametrize(
    ("number", "aid", "body", "status"),
    [
        (None, PICC, AID, Status.AUTHENTICATION_ERROR),
        (None, PICC, b"\1\2\3", Status.APPLICATION_NOT_FOUND),
        (None, PICC, PICC, Status.APPLICATION_NOT_FOUND),
        (None, PICC, b"\1", Status.LENGTH_ERROR),
        (None, b"\xbb\0\0", AID, Status.PERMISSION_DENIED),
    ],
)
def test_deleting_an_application_is_refused(
    bench: Bench[VirtualDesfire], number: int | None, aid: bytes, body: bytes, status: Status
) -> None:
    bench.status(Ins.CREATE_APPLICATION, b"\xbb\0\0\x0f\x81")
    bench.enter(number, aid=aid)
    assert bench.status(Ins.DELETE_APPLICATION, body) == status


def test_formatting_keeps_the_chips_keys_alone(bench: Bench[VirtualDesfire]) -> None:
    bench.enter(0, aid=PICC).format_picc()
    assert list(bench.chip.memory.applications) == [PICC]
    assert used(bench.chip.memory) == 0


def test_a_stranger_does_not_format(bench: Bench[VirtualDesfire]) -> None:
    assert bench.status(Ins.FORMAT_PICC) == Status.AUTHENTICATION_ERROR


def test_the_free_memory_is_told(bench: Bench[VirtualDesfire]) -> None:
    free = STORAGE_MAX - used(bench.chip.memory)
    assert bench.raw(0x6E) == (u24(free), Status.OK)


def test_the_key_settings_are_told_and_changed(bench: Bench[VirtualDesfire]) -> None:
    card = bench.enter(0)
    card.run(
        Command(ins=Ins.CHANGE_KEY_SETTINGS, data=b"\x03", mode=CommMode.FULL),
        0,
    )
    assert card.run(Command(ins=Ins.GET_KEY_SETTINGS), 2) == bytes((0x03, 0x86))


def test_frozen_key_settings_stay() -> None:
    bench = Bench(chip(application(settings=0x07)))
    bench.enter(0)
    body = _wrapped(bench, Command(ins=Ins.CHANGE_KEY_SETTINGS, data=b"\x0f", mode=CommMode.FULL))
    assert bench.status(Ins.CHANGE_KEY_SETTINGS, body) == Status.PERMISSION_DENIED


def test_the_key_settings_are_the_masters(bench: Bench[VirtualDesfire]) -> None:
    bench.enter(1)
    assert bench.status(Ins.CHANGE_KEY_SETTINGS, bytes(24)) == Status.PERMISSION_DENIED


@pytest.mark.parametrize("kind", ["ev1", "ev2"])
def test_another_key_is_changed_and_the_session_goes_on(kind: str) -> None:
    bench = Bench(chip(), kind)
    card = bench.enter(0)
    card.run(change_key(3, b"n" * 16, 9, key(3)), 0)
    assert card.key_version(3) == 9
    assert bench.chip.memory.applications[AID].keys[3].value == b"n" * 16


@pytest.mark.parametrize("kind", ["ev1", "ev2"])
def test_ones_own_key_is_changed_and_ends_the_session(kind: str) -> None:
    bench = Bench(chip(), kind)
    card = bench.enter(0)
    command = change_key(0, b"n" * 16, 9, None)
    card.run_wrapped(command, _wrapped(bench, command), last=True)
    assert bench.raw(Ins.GET_KEY_VERSION, b"\x00") == (b"\x09", Status.OK)


def test_a_key_masked_with_another_old_one_is_refused(bench: Bench[VirtualDesfire]) -> None:
    bench.enter(0)
    body = _wrapped(bench, change_key(3, b"n" * 16, 9, key(4)))
    assert bench.status(Ins.CHANGE_KEY, body) == Status.INTEGRITY_ERROR


def test_a_key_that_is_not_there_is_not_changed(bench: Bench[VirtualDesfire]) -> None:
    bench.enter(0)
    assert bench.status(Ins.CHANGE_KEY, b"\x06" + bytes(40)) == Status.NO_SUCH_KEY
    assert bench.status(Ins.GET_KEY_VERSION, b"\x06") == Status.NO_SUCH_KEY
    assert bench.status(Ins.GET_KEY_VERSION) == Status.LENGTH_ERROR


def test_the_chips_own_key_is_an_aes_key(bench: Bench[VirtualDesfire]) -> None:
    bench.enter(0, aid=PICC)
    assert bench.status(Ins.CHANGE_KEY, b"\x00" + bytes(40)) == Status.PARAMETER_ERROR
    card = bench.enter(0, aid=PICC)
    command = change_key(0x80, b"n" * 16, 9, None)
    card.run_wrapped(command, _wrapped(bench, command), last=True)
    assert bench.chip.memory.applications[PICC].keys == (Key(value=b"n" * 16, version=9),)


@pytest.mark.parametrize(
    ("ins", "body", "status"),
    [
        (Ins.CREATE_STD_DATA_FILE, b"\x0a\x00\xee\xee" + u24(4), Status.OK),
        (Ins.CREATE_STD_DATA_FILE, b"\x0a\x01\xe1\x00\xee\xee" + u24(4), Status.OK),
        (Ins.CREATE_STD_DATA_FILE, b"\x0a\x00\xee\xee" + u24(4)[:2], Status.LENGTH_ERROR),
        (Ins.CREATE_STD_DATA_FILE, b"\x0a\x02\xee\xee" + u24(4), Status.PARAMETER_ERROR),
        (Ins.CREATE_STD_DATA_FILE, b"\x0a\x00\xee\xee" + u24(0), Status.PARAMETER_ERROR),
        (Ins.CREATE_STD_DATA_FILE, b"\x20\x00\xee\xee" + u24(4), Status.PARAMETER_ERROR),
        (Ins.CREATE_STD_DATA_FILE, b"\x00\x00\xee\xee" + u24(4), Status.DUPLICATE),
        (Ins.CREATE_STD_DATA_FILE, b"\x0a\x00\xee\xee\xff\xff\xff", Status.OUT_OF_MEMORY),
        (Ins.CREATE_BACKUP_DATA_FILE, b"\x0a\x00\xee\xee" + u24(8000), Status.OUT_OF_MEMORY),
        (Ins.CREATE_BACKUP_DATA_FILE, b"\x0a\x00\xee\xee" + u24(80), Status.OK),
        (Ins.CREATE_VALUE_FILE, bounds(0, 9, 5), Status.OK),
        (Ins.CREATE_VALUE_FILE, bounds(-9, 9, -5, limited=0), Status.OK),
        (Ins.CREATE_VALUE_FILE, bounds(0, 9, 10), Status.PARAMETER_ERROR),
        (Ins.CREATE_VALUE_FILE, bounds(6, 9, 5), Status.PARAMETER_ERROR),
        (Ins.CREATE_VALUE_FILE, bounds(0, 9, 5, limited=2), Status.PARAMETER_ERROR),
        (Ins.CREATE_VALUE_FILE, bounds(0, 9, 5)[:-1], Status.LENGTH_ERROR),
        (Ins.CREATE_CYCLIC_RECORD_FILE, b"\x0a\x00\xee\xee" + u24(8) + u24(2), Status.OK),
        (
            Ins.CREATE_CYCLIC_RECORD_FILE,
            b"\x0a\x00\xee\xee" + u24(8) + u24(1),
            Status.PARAMETER_ERROR,
        ),
        (
            Ins.CREATE_CYCLIC_RECORD_FILE,
            b"\x0a\x00\xee\xee" + u24(0) + u24(2),
            Status.PARAMETER_ERROR,
        ),
        (
            Ins.CREATE_CYCLIC_RECORD_FILE,
            b"\x0a\x00\xee\xee" + u24(65535) + u24(65535),
            Status.OUT_OF_MEMORY,
        ),
    ],
)
def test_a_file_is_created_or_refused(
    bench: Bench[VirtualDesfire], ins: Ins, body: bytes, status: Status
) -> None:
    bench.enter(None)
    assert bench.status(ins, body) == status


def test_the_chips_level_has_no_files(bench: Bench[VirtualDesfire]) -> None:
    body = b"\x0a\x00\xee\xee" + u24(4)
    assert bench.status(Ins.CREATE_STD_DATA_FILE, body) == Status.PERMISSION_DENIED


@pytest.mark.parametrize(
    ("file", "told"),
    [
        (STANDARD, b"\x00\x03" + ACCESS.pack() + u24(32)),
        (BACKUP, b"\x01\x03" + ACCESS.pack() + u24(100)),
        (
            VALUE,
            b"\x02\x03"
            + ACCESS.pack()
            + b"".join(one.to_bytes(4, "little") for one in (0, 15_000, 0))
            + b"\x01",
        ),
        (RECORDS, b"\x04\x03" + ACCESS.pack() + u24(8) + u24(4) + u24(0)),
        (PROOF, b"\x05\x01" + mac_file().access.pack() + b"\x02\x01"),
    ],
)
def test_a_files_settings_are_told(file: int, told: bytes) -> None:
    app = application()
    bench = Bench(chip(replace(app, files={**app.files, PROOF: mac_file()})))
    bench.enter(None)
    assert bench.raw(Ins.GET_FILE_SETTINGS, bytes((file,))) == (told, Status.OK)


def test_a_files_settings_are_changed(bench: Bench[VirtualDesfire]) -> None:
    card = bench.enter(0)
    data = bytes((CommMode.MAC,)) + OPEN.pack()
    command = Command(
        ins=Ins.CHANGE_FILE_SETTINGS, header=bytes((BACKUP,)), data=data, mode=CommMode.FULL
    )
    card.run(command, 0)
    file = bench.chip.memory.applications[AID].files[BACKUP]
    assert (file.comm, file.access) == (CommMode.MAC, OPEN)
    bench.enter(None)
    body = bytes((BACKUP, 0)) + ACCESS.pack()
    assert bench.status(Ins.CHANGE_FILE_SETTINGS, body) == Status.OK
    bench.enter(0)
    assert bench.status(Ins.CHANGE_FILE_SETTINGS, b"\x1e" + bytes(24)) == Status.FILE_NOT_FOUND


def test_a_file_is_deleted_by_the_master() -> None:
    bench = Bench(chip())
    bench.enter(None)
    assert bench.status(Ins.DELETE_FILE, bytes((VALUE,))) == Status.AUTHENTICATION_ERROR
    assert bench.status(Ins.DELETE_FILE, b"\x1e") == Status.FILE_NOT_FOUND
    assert bench.status(Ins.DELETE_FILE) == Status.LENGTH_ERROR
    bench.enter(0).run(Command(ins=Ins.DELETE_FILE, header=bytes((VALUE,))), 0)
    assert VALUE not in bench.raw(Ins.GET_FILE_IDS)[0]


def test_an_application_has_one_transaction_mac(bench: Bench[VirtualDesfire]) -> None:
    card = bench.enter(0)
    card.run(transaction_mac_file(PROOF, mac_file().access, b"t" * 16, 1), 0)
    bench.enter(0)
    body = _wrapped(bench, transaction_mac_file(0x0A, mac_file().access, b"t" * 16, 1))
    assert bench.status(Ins.CREATE_TRANSACTION_MAC_FILE, body) == Status.DUPLICATE


def test_a_transaction_macs_key_never_comes_in_clear(bench: Bench[VirtualDesfire]) -> None:
    bench.enter(None)
    command = transaction_mac_file(PROOF, mac_file().access, b"t" * 16, 1)
    status = bench.status(Ins.CREATE_TRANSACTION_MAC_FILE, command.plain)
    assert status == Status.AUTHENTICATION_ERROR


def test_a_transaction_mac_file_is_never_written(bench: Bench[VirtualDesfire]) -> None:
    bench.enter(0)
    body = _wrapped(bench, transaction_mac_file(PROOF, OPEN, b"t" * 16, 1))
    assert bench.status(Ins.CREATE_TRANSACTION_MAC_FILE, body) == Status.PARAMETER_ERROR


def test_values_refuse_what_no_chip_holds() -> None:
    with pytest.raises(ValueError, match="UID"):
        Memory(uid=UID[:4])
    with pytest.raises(ValueError, match="key"):
        Key(value=b"short")
