"""The purse card's layout: what is written comes back; what contradicts it is tampered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cardreader import layout
from cardreader.desfire.constants import FREE, NEVER
from cardreader.layout import Identity, Key, Record, Slot, Standing, State
from kiosk.domain.errors import CardTampered
from tests.unit.cardreader.cards import NOW, NUMBER, transaction

U16, U32 = st.integers(0, 0xFFFF), st.integers(0, 0xFFFF_FFFF)
DAYS = st.integers(1, 0xFFFF).map(lambda days: layout.EPOCH + timedelta(days=days))
SLOTS = st.builds(
    Slot,
    product=st.integers(1, 0xFFFF),
    valid_from=st.none() | DAYS,
    valid_until=st.none() | DAYS,
    flags=U16,
)
RECORDS = st.builds(
    Record,
    seq=U32,
    kind=st.none() | st.sampled_from(["load", "debit", "entry", "purchase", "refund", "transfer"]),
    file=st.sampled_from([layout.PURSE, layout.ENTRIES, layout.ENTITLEMENTS]),
    amount=st.integers(-(2**31), 2**31 - 1),
    balance_after=U32,
    at=U32.map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
    transaction_id=st.builds(transaction, st.integers(0, 2**48 - 1), st.sampled_from("DTRX")),
    kiosk=U16,
    product=U16,
    entries=st.integers(-128, 127),
)


def padded(record: Record) -> bytes:
    return record.pack().ljust(layout.RECORD_LEN, b"\x00")


@pytest.mark.parametrize(
    ("file", "rights"),
    [
        (0x00, (Key.IDENTIFY, NEVER, NEVER)),
        (0x01, (Key.IDENTIFY, Key.SERVICES, Key.MASTER)),
        (0x02, (Key.DEBIT, Key.REFUND, Key.RELOAD)),
        (0x03, (Key.DEBIT, Key.REFUND, Key.RELOAD)),
        (0x04, (Key.IDENTIFY, Key.SERVICES, Key.MASTER)),
        (0x05, (Key.IDENTIFY, Key.DEBIT, Key.RELOAD)),
        (0x06, (Key.IDENTIFY, NEVER, Key.RELOAD)),
        (0x0F, (Key.IDENTIFY, NEVER, FREE)),
    ],
)
def test_the_rights_are_those_of_the_design(file: int, rights: tuple[int, int, int]) -> None:
    found = layout.ACCESS[file]
    assert (found.read, found.write, found.read_write) == rights
    assert found.change == Key.MASTER


def test_who_may_only_identify_can_take_nothing() -> None:
    for file in (layout.PURSE, layout.ENTRIES):
        access = layout.ACCESS[file]
        assert Key.IDENTIFY not in (access.read, access.write, access.read_write)


@given(RECORDS)
def test_a_record_comes_back(record: Record) -> None:
    assert layout.unpack_record(padded(record)) == record


def test_a_record_fits_one_frame() -> None:
    from cardreader.desfire.constants import BLOCK, FRAME_MAX, MAC_LEN
    from cardreader.desfire.crypto import pad_80

    record = Record(
        seq=1, kind="debit", file=2, amount=-1, balance_after=0, at=NOW, transaction_id=""
    )
    assert len(record.pack()) == 2 * BLOCK - 1
    assert 7 + len(pad_80(record.pack())) + MAC_LEN <= FRAME_MAX


@given(st.lists(st.none() | SLOTS, max_size=layout.SLOTS))
def test_entitlements_come_back(slots: list[Slot | None]) -> None:
    found = layout.unpack_slots(layout.pack_slots(tuple(slots)))
    assert found == tuple(slots + [None] * (layout.SLOTS - len(slots)))


@given(U16, DAYS, st.integers(0, 255))
def test_an_identity_comes_back(territory: int, issued: date, profile: int) -> None:
    identity = Identity(number=NUMBER, territory=territory, issued=issued, profile=profile)
    assert layout.unpack_identity(identity.pack()) == identity


@given(st.sampled_from(State), st.none() | DAYS, st.integers(0, 255))
def test_a_standing_comes_back(state: State, until: date | None, tariff: int) -> None:
    standing = Standing(state=state, valid_until=until, tariff=tariff)
    assert layout.unpack_standing(standing.pack()) == standing


@given(U32)
def test_the_number_of_the_last_load_comes_back(number: int) -> None:
    data = layout.pack_last_load(number).ljust(layout.LAST_LOAD_LEN, b"\x00")
    assert layout.unpack_last_load(data) == number


def test_a_status_that_isnt_known_counts_as_blocked() -> None:
    data = bytearray(Standing().pack())
    data[0] = 77
    assert layout.unpack_standing(bytes(data)).state is State.BLOCKED


def test_a_transaction_id_takes_eight_bytes() -> None:
    assert layout.pack_id("T-00000000a1ff") == b"T-\x00\x00\x00\x00\xa1\xff"
    assert layout.unpack_id(b"T-\x00\x00\x00\x00\xa1\xff") == "T-00000000a1ff"


@pytest.mark.parametrize("wrong", ["", "T-1", "t-000000000001", "T-00000000000G", "TT000000000001"])
def test_another_id_is_never_written(wrong: str) -> None:
    with pytest.raises(ValueError, match="transaction id"):
        layout.pack_id(wrong)


@pytest.mark.parametrize("number", ["", "ALV61-0000-4821-7", "alv", "ALV 61"])
def test_a_number_that_the_card_cant_hold_is_never_written(number: str) -> None:
    with pytest.raises(ValueError, match="card number"):
        Identity(number=number, territory=61, issued=date(2026, 1, 5)).pack()


@pytest.mark.parametrize("day", [date(2019, 12, 31), layout.EPOCH, date(2200, 1, 1)])
def test_a_day_that_the_card_cant_hold_is_never_written(day: date) -> None:
    with pytest.raises(ValueError, match="the day"):
        Standing(valid_until=day).pack()


@pytest.mark.parametrize(
    "unpack",
    [
        layout.unpack_identity,
        layout.unpack_standing,
        layout.unpack_slots,
        layout.unpack_record,
        layout.unpack_last_load,
        layout.unpack_commits,
    ],
)
@given(data=st.binary(max_size=80) | st.binary(min_size=32, max_size=32))
def test_no_content_raises_anything_undeclared(
    unpack: Callable[[bytes], object], data: bytes
) -> None:
    try:
        unpack(data)
    except CardTampered:
        return


def test_an_identity_of_another_layout_is_tampered() -> None:
    data = bytearray(Identity(number=NUMBER, territory=61, issued=date(2026, 1, 5)).pack())
    data[0] = 2
    with pytest.raises(CardTampered, match="layout 2"):
        layout.unpack_identity(bytes(data))


def test_a_record_of_no_known_kind_is_tampered() -> None:
    with pytest.raises(CardTampered, match="kind 9"):
        layout.unpack_record(bytes(4) + b"\x09" + bytes(27))


def test_a_record_with_a_strange_id_is_tampered() -> None:
    with pytest.raises(CardTampered, match="transaction id"):
        layout.unpack_record(bytes(22) + b"?-abcdef" + bytes(2))
