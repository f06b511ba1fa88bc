"""The commands on what files hold, and those that end a transaction.

Each takes the session, the header and the data in clear, and gives the answer's data; Nak refuses.
Every one of them is told to the transaction MAC of an application that has one.
"""

from __future__ import annotations

from typing import TypeVar

from cardreader.desfire.constants import COMMIT_RETURNS_MAC, Ins, Status
from cardreader.virtual.chip import files
from cardreader.virtual.chip.memory import DataFile, File, MacFile, Nak, RecordFile, ValueFile
from cardreader.virtual.chip.session import Session

AnyFile = TypeVar("AnyFile", DataFile, ValueFile, RecordFile)


def read_data(session: Session, header: bytes, data: bytes) -> bytes:
    """Read committed bytes."""
    del data
    file = session.file(header[0])
    answer = files.read(file, _offset(header), _length(header))
    if not isinstance(file, MacFile):
        session.tell(Ins.READ_DATA, header, answer)
    return answer


def write_data(session: Session, header: bytes, data: bytes) -> bytes:
    """Write bytes: at once in a standard file, at the commit in a backup file."""
    number = header[0]
    file = files.write(_of(DataFile, session.begun(number)), _offset(header), data)
    (session.put_off if file.backup else session.put)(number, file)
    session.tell(Ins.WRITE_DATA, header, data)
    return b""


def get_value(session: Session, header: bytes, data: bytes) -> bytes:
    """Read the committed value."""
    del data
    answer = files.i32(_of(ValueFile, session.file(header[0])).value)
    session.tell(Ins.GET_VALUE, header + answer)
    return answer


def credit(session: Session, header: bytes, data: bytes) -> bytes:
    """Add to a value at the commit."""
    file = _of(ValueFile, session.begun(header[0]))
    return _put_value(session, Ins.CREDIT, header + data, files.credit(file, _amount(data)))


def debit(session: Session, header: bytes, data: bytes) -> bytes:
    """Take from a value at the commit."""
    file = _of(ValueFile, session.begun(header[0]))
    return _put_value(session, Ins.DEBIT, header + data, files.debit(file, _amount(data)))


def limited_credit(session: Session, header: bytes, data: bytes) -> bytes:
    """Give back to a value at the commit."""
    file = files.limited_credit(_of(ValueFile, session.begun(header[0])), _amount(data))
    return _put_value(session, Ins.LIMITED_CREDIT, header + data, file)


def write_record(session: Session, header: bytes, data: bytes) -> bytes:
    """Write into the record that the commit adds."""
    number = header[0]
    begun, before = session.begun(number), session.file(number)
    file = files.write_record(
        _of(RecordFile, begun), _of(RecordFile, before), _offset(header), data
    )
    session.put_off(number, file)
    session.tell(Ins.WRITE_RECORD, header, data)
    return b""


def read_records(session: Session, header: bytes, data: bytes) -> bytes:
    """Read committed records, oldest first."""
    del data
    file = _of(RecordFile, session.file(header[0]))
    answer = files.read_records(file, _offset(header), _length(header))
    session.tell(Ins.READ_RECORDS, header, answer)
    return answer


def clear_records(session: Session, header: bytes, data: bytes) -> bytes:
    """Empty a record file at the commit."""
    del data
    file = _of(RecordFile, session.file(header[0]))
    session.put_off(header[0], files.cleared(file))
    session.tell(Ins.CLEAR_RECORD_FILE, header)
    return b""


def commit(session: Session, header: bytes, data: bytes) -> bytes:
    """Commit; with option 01 answer the transaction MAC's counter and value."""
    del header
    if len(data) > 1:
        raise Nak(Status.LENGTH_ERROR)
    wants_mac = data == bytes((COMMIT_RETURNS_MAC,))
    has_mac = any(isinstance(one, MacFile) for one in session.app.files.values())
    if (data.strip(b"\x00") and not wants_mac) or (wants_mac and not has_mac):
        raise Nak(Status.PARAMETER_ERROR)
    sealed = session.commit()
    return files.read(sealed, 0, 0) if sealed is not None and wants_mac else b""


def abort(session: Session, header: bytes, data: bytes) -> bytes:
    """Give the transaction up."""
    del header
    if data:
        raise Nak(Status.LENGTH_ERROR)
    session.abort()
    return b""


def writes_to(session: Session, header: bytes) -> int:
    """Give how many bytes WriteData and WriteRecord bring."""
    del session
    return _length(header)


def _put_value(session: Session, ins: Ins, told: bytes, file: ValueFile) -> bytes:
    session.put_off(told[0], file)
    session.tell(ins, told)
    return b""


def _of(kind: type[AnyFile], file: File) -> AnyFile:
    """Give the file as the kind that the command is for."""
    if not isinstance(file, kind):
        raise Nak(Status.PERMISSION_DENIED)
    return file


def _amount(data: bytes) -> int:
    amount = files.from_i32(data)
    if amount < 0:
        raise Nak(Status.PARAMETER_ERROR)
    return amount


def _offset(header: bytes) -> int:
    return int.from_bytes(header[1:4], "little")


def _length(header: bytes) -> int:
    return int.from_bytes(header[4:7], "little")
