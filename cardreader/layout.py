"""What stands where on the purse card (CARD.md, "Layout of the purse card"). Pure.

All numbers are little-endian, as the card's own commands have them; days count from 1 January
2020, moments are seconds of Unix time.

====  ==================================================================================
file  bytes
====  ==================================================================================
00    version u8, territory u16, profile u8, issued u16 (day), number 16 B ASCII, spare 10
01    status u8, tariff u8, valid until u16 (day, 0: no end), spare 28
02    purse, cents
03    the entry book
04    8 × (product u16, from u16, until u16, flags u16); product 0 is an empty slot
05    seq u32, kind u8, file u8, amount i32 (cents or entries), balance after u32, kiosk u16,
      product u16, time u32, transaction id 8 B, entries i8, spare 1; kind 0 is the card's issue
06    last load u32, spare 12
0F    TMC u32, TMV 8 B
====  ==================================================================================
A transaction id ``<letter>-<12 hex digits>`` takes 8 bytes: letter, hyphen, 6 raw bytes. A record's
``file`` says what its amount and balance are of: 02 cents (``entries`` is then the book's change
in the same commit), 03 entries, 04 a pass given for nothing (balance in cents). A record is written
without its spare byte: 31 bytes and their padding fit one frame, 32 would take two.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import IntEnum

from cardreader.desfire.constants import FREE, NEVER, Access
from kiosk.domain.card_limits import PURSE_MAX
from kiosk.domain.errors import CardTampered
from kiosk.domain.purse import OperationKind

AID = bytes.fromhex("F1414C")  # as sent; F: an application of our own choice (NXP AN10787)
SYSTEM_ID = b"ALVEOLE"
LAYOUT_VERSION = 1
IDENTITY, STATUS, PURSE, ENTRIES, ENTITLEMENTS, LOG, LAST_LOAD, PROOF = 0, 1, 2, 3, 4, 5, 6, 0xF
IDENTITY_LEN, STATUS_LEN, ENTITLEMENTS_LEN, LAST_LOAD_LEN, PROOF_LEN = 32, 32, 64, 16, 12
RECORD_LEN, RECORDS = 32, 11
RECORDS_MAX = RECORDS - 1  # a cyclic file keeps one record less than it was made with
PURSE_UPPER, ENTRIES_UPPER = PURSE_MAX.cents, 100
SLOTS, SLOT_LEN = 8, 8
EPOCH = date(2020, 1, 1)


class Key(IntEnum):
    """The application's keys by number; PROOF is the transaction MAC's, outside the numbering."""

    MASTER = 0
    IDENTIFY = 1
    DEBIT = 2
    REFUND = 3
    RELOAD = 4
    SERVICES = 5
    PROOF = 0xF


CARD_KEYS = tuple(key for key in Key if key is not Key.PROOF)


def _rights(read: int, write: int, read_write: int, change: int = Key.MASTER) -> Access:
    return Access(read=read, write=write, read_write=read_write, change=change)


ACCESS = {
    IDENTITY: _rights(Key.IDENTIFY, NEVER, NEVER),
    STATUS: _rights(Key.IDENTIFY, Key.SERVICES, Key.MASTER),
    PURSE: _rights(Key.DEBIT, Key.REFUND, Key.RELOAD),
    ENTRIES: _rights(Key.DEBIT, Key.REFUND, Key.RELOAD),
    ENTITLEMENTS: _rights(Key.IDENTIFY, Key.SERVICES, Key.MASTER),
    LOG: _rights(Key.IDENTIFY, Key.DEBIT, Key.RELOAD),
    LAST_LOAD: _rights(Key.IDENTIFY, NEVER, Key.RELOAD),
    PROOF: _rights(Key.IDENTIFY, NEVER, FREE),
}

_IDENTITY = struct.Struct("<BHBH16s10x")
_STATUS = struct.Struct("<BBH28x")
_SLOT = struct.Struct("<HHHH")
_RECORD = struct.Struct("<IBBiIHHI8sb")
_ID = re.compile(r"[A-Z]-[0-9a-f]{12}")
_NUMBER = re.compile(rb"[A-Z0-9-]{1,16}\x00*")
_KINDS: tuple[OperationKind, ...] = ("load", "debit", "entry", "purchase", "refund", "transfer")
_Row = tuple[int, int, int, int, int, int, int, int, bytes, int]
ISSUE = 0  # the record kind of the card's issue: no operation
_NO_ID = bytes(8)


class State(IntEnum):
    """Whether the card serves."""

    ACTIVE = 0
    BLOCKED = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """File 00: written once; the number is pseudonymous."""

    number: str
    territory: int
    issued: date
    profile: int = 0

    def pack(self) -> bytes:
        """Give the file's 32 bytes; raises ValueError on a number the card can't hold."""
        number = self.number.encode("ascii")
        if not _NUMBER.fullmatch(number):
            msg = f"a card number of {len(number)} characters"
            raise ValueError(msg)
        day = _day(self.issued)
        return _IDENTITY.pack(LAYOUT_VERSION, self.territory, self.profile, day, number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """File 01: status, validity (the last good day), tariff category."""

    state: State = State.ACTIVE
    valid_until: date | None = None
    tariff: int = 0

    def pack(self) -> bytes:
        """Give the file's 32 bytes."""
        return _STATUS.pack(self.state, self.tariff, _day(self.valid_until))


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One entitlement of file 04; days are inclusive, None is open."""

    product: int
    valid_from: date | None = None
    valid_until: date | None = None
    flags: int = 0

    def pack(self) -> bytes:
        """Give the slot's 8 bytes."""
        return _SLOT.pack(self.product, _day(self.valid_from), _day(self.valid_until), self.flags)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One record of file 05; ``amount`` is signed: cents of file 02, entries of a book's file."""

    seq: int
    kind: OperationKind | None
    file: int
    amount: int
    balance_after: int
    at: datetime
    transaction_id: str
    kiosk: int = 0
    product: int = 0
    entries: int = 0

    def pack(self) -> bytes:
        """Give the 31 bytes that are written; raises ValueError on a wrong transaction id."""
        return _RECORD.pack(
            self.seq,
            ISSUE if self.kind is None else _KINDS.index(self.kind) + 1,
            self.file,
            self.amount,
            self.balance_after,
            self.kiosk,
            self.product,
            int(self.at.timestamp()),
            pack_id(self.transaction_id) if self.transaction_id else _NO_ID,
            self.entries,
        )


def pack_id(transaction_id: str) -> bytes:
    """Give a transaction id's 8 bytes; raises ValueError when it isn't ``<letter>-<12 hex>``."""
    if not _ID.fullmatch(transaction_id):
        msg = f"not a transaction id: {transaction_id[:20]!r}"
        raise ValueError(msg)
    return transaction_id[:2].encode() + bytes.fromhex(transaction_id[2:])


def unpack_id(data: bytes) -> str:
    """Read 8 bytes of the card; raises CardTampered when they are no transaction id."""
    found = data[:2].decode("latin-1") + data[2:].hex()
    if not _ID.fullmatch(found):
        raise CardTampered("a record without a transaction id")
    return found


def unpack_identity(data: bytes) -> Identity:
    """Read file 00; raises CardTampered."""
    version, territory, profile, issued, number = _IDENTITY.unpack(_sized(data, IDENTITY_LEN))
    if version != LAYOUT_VERSION or not _NUMBER.fullmatch(number):
        raise CardTampered(f"an identity of layout {version}")
    return Identity(
        number=number.rstrip(b"\x00").decode("ascii"),
        territory=territory,
        issued=EPOCH + timedelta(days=issued),
        profile=profile,
    )


def unpack_standing(data: bytes) -> Standing:
    """Read file 01; raises CardTampered. A status that isn't known counts as blocked."""
    state, tariff, until = _STATUS.unpack(_sized(data, STATUS_LEN))
    known = State.ACTIVE if state == State.ACTIVE else State.BLOCKED
    return Standing(state=known, tariff=tariff, valid_until=_date(until))


def pack_slots(slots: tuple[Slot | None, ...]) -> bytes:
    """Give file 04's 64 bytes; ``slots`` are at most eight."""
    data = b"".join(bytes(SLOT_LEN) if slot is None else slot.pack() for slot in slots)
    return data.ljust(ENTITLEMENTS_LEN, b"\x00")


def unpack_slots(data: bytes) -> tuple[Slot | None, ...]:
    """Read file 04's eight slots, None where one is empty; raises CardTampered."""
    rows = _SLOT.iter_unpack(_sized(data, ENTITLEMENTS_LEN))
    return tuple(_slot(*row) for row in rows)


def unpack_record(data: bytes) -> Record:
    """Read one record of file 05; raises CardTampered."""
    row: _Row = _RECORD.unpack(_sized(data, RECORD_LEN)[: _RECORD.size])
    seq, kind, file, amount, balance, kiosk, product, at, transaction_id, entries = row
    if kind > len(_KINDS):
        raise CardTampered(f"a record of kind {kind}")
    return Record(
        seq=seq,
        kind=None if kind == ISSUE else _KINDS[kind - 1],
        file=file,
        amount=amount,
        balance_after=balance,
        at=datetime.fromtimestamp(at, UTC),
        transaction_id="" if transaction_id == _NO_ID else unpack_id(transaction_id),
        kiosk=kiosk,
        product=product,
        entries=entries,
    )


def pack_last_load(number: int) -> bytes:
    """Give the four bytes of file 06 that change."""
    return number.to_bytes(4, "little")


def unpack_last_load(data: bytes) -> int:
    """Read file 06; raises CardTampered."""
    return int.from_bytes(_sized(data, LAST_LOAD_LEN)[:4], "little")


def unpack_commits(data: bytes) -> int:
    """Read the counter (TMC) of file 0F; raises CardTampered."""
    return int.from_bytes(_sized(data, PROOF_LEN)[:4], "little")


def _slot(product: int, start: int, end: int, flags: int) -> Slot | None:
    if not product:
        return None
    return Slot(product=product, valid_from=_date(start), valid_until=_date(end), flags=flags)


def _day(day: date | None) -> int:
    """Count the days since EPOCH, 0 for none; raises ValueError outside 1…65535."""
    if day is None:
        return 0
    number = (day - EPOCH).days
    if not 0 < number <= 0xFFFF:
        msg = f"the card can't hold the day {day}"
        raise ValueError(msg)
    return number


def _date(number: int) -> date | None:
    return EPOCH + timedelta(days=number) if number else None


def _sized(data: bytes, length: int) -> bytes:
    if len(data) != length:
        raise CardTampered(f"{len(data)} bytes where the layout has {length}")
    return data
