"""Transactions: what waits, what is committed, what ends them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cardreader.desfire.constants import CommMode, Ins, Status
from cardreader.desfire.crypto import transaction_input, transaction_keys, transaction_mac
from cardreader.desfire.messaging import Command
from cardreader.virtual.chip.card import VirtualDesfire
from cardreader.virtual.chip.memory import MacFile, ValueFile
from tests.unit.cardreader.virtual.chips import (
    AID,
    BACKUP,
    HANDSHAKES,
    PROOF,
    RECORDS,
    STANDARD,
    UID,
    VALUE,
    Bench,
    application,
    chip,
    mac_file,
    u24,
)


@pytest.fixture(params=sorted(HANDSHAKES))
def bench(request: pytest.FixtureRequest) -> Bench[VirtualDesfire]:
    return Bench(chip(), request.param)


@pytest.fixture
def plain() -> Bench[VirtualDesfire]:
    return Bench(chip(application(CommMode.PLAIN)))


@pytest.fixture
def sealed() -> Bench[VirtualDesfire]:
    app = application()
    return Bench(chip(replace(app, files={**app.files, PROOF: mac_file()})))


def value(bench: Bench[VirtualDesfire]) -> int:
    file = bench.chip.memory.applications[AID].files[VALUE]
    assert isinstance(file, ValueFile)
    return file.value


def test_nothing_shows_before_the_commit_and_everything_after(bench: Bench[VirtualDesfire]) -> None:
    card = bench.enter(3)
    card.debit(VALUE, 300)
    card.write_data(BACKUP, b"new")
    card.write_record(RECORDS, b"record")
    assert (card.value(VALUE), card.read_data(BACKUP, 3)) == (1000, bytes(3))
    card.commit_silently()
    assert (card.value(VALUE), card.read_data(BACKUP, 3)) == (700, b"new")
    assert card.read_records(RECORDS, 8, count=0, records_max=3) == [b"record\0\0"]


def test_a_standard_file_is_written_at_once(bench: Bench[VirtualDesfire]) -> None:
    card = bench.enter(3)
    card.write_data(STANDARD, b"now", offset=5)
    assert card.read_data(STANDARD, 8) == b"\0\0\0\0\0now"


def test_a_long_write_and_a_long_read_pass_in_frames(bench: Bench[VirtualDesfire]) -> None:
    card = bench.enter(3)
    card.write_data(BACKUP, bytes(range(100)))
    card.commit_silently()
    assert card.read_data(BACKUP, 100) == bytes(range(100))


def test_an_abort_gives_everything_up(bench: Bench[VirtualDesfire]) -> None:
    card = bench.enter(3)
    card.credit(VALUE, 300)
    card.abort()
    assert card.value(VALUE) == 1000
    assert bench.status(Ins.COMMIT_TRANSACTION, bytes(8)) != Status.OK


def test_a_commit_without_changes_says_so(plain: Bench[VirtualDesfire]) -> None:
    plain.enter(None)
    assert plain.status(Ins.COMMIT_TRANSACTION) == Status.NO_CHANGES


@pytest.mark.parametrize("body", [b"\x02", b"\x01", b"\x01\x00"])
def test_a_commit_with_an_option_that_is_not_there_is_refused(
    plain: Bench[VirtualDesfire], body: bytes
) -> None:
    plain.enter(None)
    wanted = Status.LENGTH_ERROR if len(body) > 1 else Status.PARAMETER_ERROR
    assert plain.status(Ins.COMMIT_TRANSACTION, body) == wanted


def test_an_abort_takes_no_data(plain: Bench[VirtualDesfire]) -> None:
    plain.enter(None)
    assert plain.status(Ins.ABORT_TRANSACTION, b"\0") == Status.LENGTH_ERROR


@pytest.mark.parametrize("end", ["refusal", "selection", "field", "authentication"])
def test_a_transaction_does_not_survive(bench: Bench[VirtualDesfire], end: str) -> None:
    bench.enter(3).debit(VALUE, 300)
    if end == "refusal":
        assert bench.status(Ins.GET_VALUE, b"\x1e") == Status.FILE_NOT_FOUND
    elif end == "field":
        bench.lay()
    elif end == "authentication":
        opening = b"\x03" if bench.kind == "ev1" else b"\x03\x00"
        assert bench.status(HANDSHAKES[bench.kind](bytes(16), bytes).ins, opening) == 0xAF
        bench.lay()
    card = bench.enter(3)
    card.credit(VALUE, 1)
    card.commit_silently()
    assert card.value(VALUE) == 1001


def test_another_key_goes_on_with_the_transaction_under_ev2() -> None:
    bench = Bench(chip())
    bench.enter(1).debit(VALUE, 300)
    card = bench.change(2)
    card.write_record(RECORDS, b"by key 2")
    card.commit_silently()
    assert value(bench) == 700
    assert bench.enter(1).read_records(RECORDS, 8, count=0, records_max=3) == [b"by key 2"]


def test_a_value_stays_between_its_bounds(plain: Bench[VirtualDesfire]) -> None:
    for ins, amount in ((Ins.DEBIT, 1001), (Ins.CREDIT, 14_001)):
        plain.enter(3)
        body = bytes((VALUE,)) + amount.to_bytes(4, "little")
        assert plain.status(ins, body) == Status.BOUNDARY_ERROR
    plain.enter(3)
    body = bytes((VALUE,)) + (-1).to_bytes(4, "little", signed=True)
    assert plain.status(Ins.DEBIT, body) == Status.PARAMETER_ERROR


def test_the_bounds_count_what_waits(bench: Bench[VirtualDesfire]) -> None:
    card = bench.enter(3)
    card.debit(VALUE, 600)
    body = _body(bench, Command(ins=Ins.DEBIT, header=bytes((VALUE,)), data=_amount(500)))
    assert bench.status(Ins.DEBIT, body) == Status.BOUNDARY_ERROR


def _amount(cents: int) -> bytes:
    return cents.to_bytes(4, "little")


def _body(bench: Bench[VirtualDesfire], command: Command) -> bytes:
    assert bench.card.session is not None
    return bench.card.session.wrap(replace(command, mode=CommMode.FULL))


def test_a_refund_is_limited_to_the_last_debits_and_given_once(
    bench: Bench[VirtualDesfire],
) -> None:
    card = bench.enter(2)
    card.debit(VALUE, 200)
    card.debit(VALUE, 100)
    card.commit_silently()
    card.limited_credit(VALUE, 250)
    card.commit_silently()
    assert card.value(VALUE) == 950
    body = _body(bench, Command(ins=Ins.LIMITED_CREDIT, header=bytes((VALUE,)), data=_amount(1)))
    assert bench.status(Ins.LIMITED_CREDIT, body) == Status.BOUNDARY_ERROR


def test_a_value_file_without_refunds_refuses_them(plain: Bench[VirtualDesfire]) -> None:
    app = application(CommMode.PLAIN)
    file = app.files[VALUE]
    assert isinstance(file, ValueFile)
    files = {**app.files, VALUE: replace(file, limited=False)}
    plain.chip.memory = chip(replace(app, files=files)).memory
    plain.enter(2)
    body = bytes((VALUE,)) + bytes(4)
    assert plain.status(Ins.LIMITED_CREDIT, body) == Status.PERMISSION_DENIED


def test_the_newest_records_are_kept_in_order(bench: Bench[VirtualDesfire]) -> None:
    card = bench.enter(3)
    for number in range(5):
        card.write_record(RECORDS, b"rec %d" % number)
        card.commit_silently()
    newest = [b"rec %d\0\0\0" % number for number in (2, 3, 4)]
    assert card.read_records(RECORDS, 8, count=0, records_max=3) == newest
    assert card.read_records(RECORDS, 8, count=2, records_max=3) == newest[1:]
    header = bytes((RECORDS,)) + u24(1) + u24(1)
    command = Command(ins=Ins.READ_RECORDS, header=header, mode=CommMode.FULL)
    assert card.run(command) == newest[1]


def test_one_commit_adds_one_record(bench: Bench[VirtualDesfire]) -> None:
    card = bench.enter(3)
    card.write_record(RECORDS, b"12345678")
    card.write_record(RECORDS, b"abc")
    card.commit_silently()
    assert card.read_records(RECORDS, 8, count=0, records_max=3) == [b"abc45678"]


def test_cleared_records_are_gone_at_the_commit(bench: Bench[VirtualDesfire]) -> None:
    card = bench.enter(3)
    card.write_record(RECORDS, b"old")
    card.commit_silently()
    card.run(Command(ins=Ins.CLEAR_RECORD_FILE, header=bytes((RECORDS,))), 0)
    assert card.read_records(RECORDS, 8, count=0, records_max=3) == [b"old\0\0\0\0\0"]
    card.commit_silently()
    card.write_record(RECORDS, b"new")
    card.commit_silently()
    assert card.read_records(RECORDS, 8, count=0, records_max=3) == [b"new\0\0\0\0\0"]


def test_nothing_is_written_into_cleared_records_before_the_commit(
    plain: Bench[VirtualDesfire],
) -> None:
    plain.enter(3)
    assert plain.status(Ins.CLEAR_RECORD_FILE, _plain_body(plain)) == Status.OK
    body = bytes((RECORDS,)) + u24(0) + u24(1) + b"x"
    assert plain.status(Ins.WRITE_RECORD, body) == Status.PERMISSION_DENIED


def _plain_body(bench: Bench[VirtualDesfire]) -> bytes:
    assert bench.card.session is not None
    return bench.card.session.wrap(Command(ins=Ins.CLEAR_RECORD_FILE, header=bytes((RECORDS,))))


@pytest.mark.parametrize(
    ("ins", "file", "offset", "length"),
    [
        (Ins.READ_DATA, STANDARD, 32, 0),
        (Ins.READ_DATA, STANDARD, 30, 3),
        (Ins.WRITE_DATA, STANDARD, 30, 3),
        (Ins.WRITE_DATA, BACKUP, 100, 1),
        (Ins.WRITE_DATA, STANDARD, 0, 0),
        (Ins.WRITE_RECORD, RECORDS, 7, 2),
        (Ins.WRITE_RECORD, RECORDS, 0, 0),
    ],
)
def test_data_past_the_end_are_a_boundary_error(
    plain: Bench[VirtualDesfire], ins: Ins, file: int, offset: int, length: int
) -> None:
    plain.enter(3)
    written = bytes(length) if ins != Ins.READ_DATA else b""
    body = bytes((file,)) + u24(offset) + u24(length) + written
    assert plain.status(ins, body) == Status.BOUNDARY_ERROR


def test_a_commit_tells_counter_and_mac(sealed: Bench[VirtualDesfire]) -> None:
    card = sealed.enter(3)
    card.debit(VALUE, 300)
    told = transaction_input(Ins.DEBIT, bytes((VALUE,)) + _amount(300))
    card.write_record(RECORDS, b"proof")
    told += transaction_input(Ins.WRITE_RECORD, bytes((RECORDS,)) + u24(0) + u24(5), b"proof")
    counter, mac = card.commit()
    keys = transaction_keys(b"t" * 16, 0, UID)
    assert (counter, mac) == (1, transaction_mac(keys.mac, told))
    assert sealed.enter(1).read_data(PROOF, 12, mode=CommMode.MAC) == b"\1\0\0\0" + mac


def test_each_commit_counts_and_an_abort_does_not(sealed: Bench[VirtualDesfire]) -> None:
    card = sealed.enter(3)
    for wanted in (1, 2):
        card.credit(VALUE, 1)
        card.abort()
        card.credit(VALUE, 1)
        assert card.commit()[0] == wanted


def test_a_counter_at_its_end_commits_nothing_more(sealed: Bench[VirtualDesfire]) -> None:
    memory = sealed.chip.memory
    app = memory.applications[AID]
    last = replace(mac_file(), counter=0xFFFF_FFFF)
    worn = replace(app, files={**app.files, PROOF: last})
    sealed.chip.memory = replace(memory, applications={**memory.applications, AID: worn})
    sealed.enter(3).credit(VALUE, 1)
    body = sealed.card.session.wrap(  # type: ignore[union-attr]  # entered
        Command(ins=Ins.COMMIT_TRANSACTION, header=b"\x01")
    )
    assert sealed.status(Ins.COMMIT_TRANSACTION, body) == Status.PERMISSION_DENIED
    assert value(sealed) == 1000
    assert isinstance(sealed.chip.memory.applications[AID].files[PROOF], MacFile)


def test_a_memory_that_was_kept_is_not_touched_by_what_follows(
    bench: Bench[VirtualDesfire],
) -> None:
    before = bench.chip.memory
    card = bench.enter(3)
    card.debit(VALUE, 300)
    card.commit_silently()
    assert value(bench) == 700
    bench.chip.memory = before
    assert value(bench) == 1000
