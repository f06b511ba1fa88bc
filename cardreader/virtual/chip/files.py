"""What each kind of file does: pure, a file in, a file or bytes out; Nak when it can't.

Backup, value and record files are given as the transaction under way has left them.
"""

from __future__ import annotations

from dataclasses import replace

from cardreader.desfire.constants import FileType, Status
from cardreader.virtual.chip.memory import DataFile, File, MacFile, Nak, RecordFile, ValueFile

VALUE_MIN, VALUE_MAX = -(2**31), 2**31 - 1


def type_of(file: File) -> FileType:
    """Give the type that GetFileSettings tells."""
    match file:
        case DataFile():
            return FileType.BACKUP if file.backup else FileType.STANDARD
        case ValueFile():
            return FileType.VALUE
        case RecordFile():
            return FileType.CYCLIC_RECORD
        case MacFile():
            return FileType.TRANSACTION_MAC


def settings_of(file: File) -> bytes:
    """Give the answer of GetFileSettings."""
    head = bytes((type_of(file), file.comm)) + file.access.pack()
    match file:
        case DataFile():
            return head + u24(len(file.content))
        case ValueFile():
            bounds = b"".join(i32(one) for one in (file.lower, file.upper, file.limited_left))
            return head + bounds + bytes((file.limited,))
        case RecordFile():
            return head + u24(file.size) + u24(file.places) + u24(len(file.records))
        case MacFile():
            return head + bytes((2, file.key.version))  # 2: the key is AES


def read(file: File, offset: int, length: int) -> bytes:
    """Read bytes; length 0 is "to the end"."""
    content = _content(file)
    end = offset + length if length else len(content)
    if offset >= len(content) or end > len(content):
        raise Nak(Status.BOUNDARY_ERROR)
    return content[offset:end]


def _content(file: File) -> bytes:
    match file:
        case DataFile():
            return file.content
        case MacFile():
            return file.counter.to_bytes(4, "little") + file.last
        case _:
            raise Nak(Status.PERMISSION_DENIED)


def write(file: DataFile, offset: int, data: bytes) -> DataFile:
    """Write bytes over those that are there."""
    end = offset + len(data)
    if not data or end > len(file.content):
        raise Nak(Status.BOUNDARY_ERROR)
    return replace(file, content=file.content[:offset] + data + file.content[end:])


def credit(file: ValueFile, amount: int) -> ValueFile:
    """Add to the value, up to its upper bound."""
    if not 0 <= amount <= file.upper - file.value:
        raise Nak(Status.BOUNDARY_ERROR)
    return replace(file, value=file.value + amount)


def debit(file: ValueFile, amount: int) -> ValueFile:
    """Take from the value, down to its lower bound."""
    if not 0 <= amount <= file.value - file.lower:
        raise Nak(Status.BOUNDARY_ERROR)
    return replace(file, value=file.value - amount, debited=file.debited + amount)


def limited_credit(file: ValueFile, amount: int) -> ValueFile:
    """Give back at most what the last transaction with a debit took, once."""
    if not file.limited:
        raise Nak(Status.PERMISSION_DENIED)
    if amount > file.limited_left:
        raise Nak(Status.BOUNDARY_ERROR)
    return replace(credit(file, amount), limited_left=0)


def write_record(file: RecordFile, before: RecordFile, offset: int, data: bytes) -> RecordFile:
    """Write into the record that the commit will add to ``before``, what is committed."""
    if not data or offset + len(data) > file.size:
        raise Nak(Status.BOUNDARY_ERROR)
    started = file is not before
    if started and not file.records:
        raise Nak(Status.PERMISSION_DENIED)  # cleared: nothing is written until the commit
    record = file.records[-1] if started else bytes(file.size)
    kept = file.records[:-1] if started else file.records
    whole = record[:offset] + data + record[offset + len(data) :]
    return replace(file, records=(*kept, whole)[1 - file.places :])


def read_records(file: RecordFile, newest: int, count: int) -> bytes:
    """Read ``count`` records (0: all) that end ``newest`` records before the newest, in order."""
    end = len(file.records) - newest
    start = end - count if count else 0
    if end <= 0 or start < 0:
        raise Nak(Status.BOUNDARY_ERROR)
    return b"".join(file.records[start:end])


def cleared(file: RecordFile) -> RecordFile:
    """Give the file without its records."""
    return replace(file, records=())


def settled(file: File) -> File:
    """Give a file of a transaction as its commit leaves it."""
    if isinstance(file, ValueFile) and file.debited:
        return replace(file, limited_left=file.debited, debited=0)
    return file


def u24(number: int) -> bytes:
    """Give 3 bytes, low first."""
    return number.to_bytes(3, "little")


def i32(number: int) -> bytes:
    """Give 4 bytes, low first, two's complement."""
    return number.to_bytes(4, "little", signed=True)


def from_i32(data: bytes) -> int:
    """Read 4 bytes, low first, two's complement."""
    return int.from_bytes(data, "little", signed=True)
