"""Each instruction: its shape on the wire, who may use it and in which mode, and what does it.

Commands on the chip, applications and keys travel in MAC mode once a session is authenticated
(EV1 then only closes its answers), those on files in the file's mode by the right that is used.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from cardreader.desfire.constants import CommMode, Ins, Status
from cardreader.virtual.chip import data, rights
from cardreader.virtual.chip import management as manage
from cardreader.virtual.chip.channel import CHANGED_KEY_LEN, CRC_LEN
from cardreader.virtual.chip.memory import File, Nak
from cardreader.virtual.chip.session import Session

Run = Callable[[Session, bytes, bytes], bytes]
Mode = Callable[[Session, bytes], CommMode]
Length = Callable[[Session, bytes], int]

READ_DATA_ISO, WRITE_DATA_ISO = 0xAD, 0x8D  # the same commands with ISO chaining (EV2)
FREE_MEMORY = 0x6E
DATA_HEADER = 7  # file number, offset and length of 3 bytes each
VALUE_LEN = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """An instruction.

    ``header`` counts the bytes in clear before the data; ``length`` those of the data in clear
    (None: whatever one frame brings); ``mode`` checks the right first; ``protects`` says in which
    direction FULL enciphers; ``cuts`` are the lengths of the answer's first frames.
    """

    run: Run
    mode: Mode
    header: int = 0
    length: Length | None = None
    protects: Literal["", "written", "read"] = ""
    generation: int = 1
    cuts: tuple[int, ...] = ()


def _in_mac(session: Session, header: bytes) -> CommMode:
    del session, header
    return CommMode.MAC


def _for_known(session: Session, header: bytes) -> CommMode:
    """GetCardUID: enciphered, for any key."""
    del header
    if session.key is None:
        raise Nak(Status.AUTHENTICATION_ERROR)
    return CommMode.FULL


def _for_master(session: Session, header: bytes) -> CommMode:
    del header
    rights.is_master(session.key)
    return CommMode.FULL


def _for_creator(session: Session, header: bytes) -> CommMode:
    """CreateTransactionMACFile brings a key: it is never sent in clear."""
    rights.may_create(session.app, session.key)
    return _for_known(session, header)


def _for_key_changer(session: Session, header: bytes) -> CommMode:
    number = manage.key_number(session, header)
    manage.key_of(session, number)
    rights.may_change_key(session.app, number, session.key)
    return CommMode.FULL


def _on_file(rule: Callable[[File, int | None], CommMode]) -> Mode:
    def mode(session: Session, header: bytes) -> CommMode:
        return rule(session.file(header[0]), session.key)

    return mode


def _bytes(count: int) -> Length:
    def length(session: Session, header: bytes) -> int:
        del session, header
        return count

    return length


def _changed_key(session: Session, header: bytes) -> int:
    own = manage.key_number(session, header) == session.key
    return CHANGED_KEY_LEN if own else CHANGED_KEY_LEN + CRC_LEN


def _clear_mode(session: Session, header: bytes) -> CommMode:
    rights.to_rule(session.file(header[0]), session.key)
    return CommMode.MAC


def _simple(run: Run) -> Command:
    return Command(run=run, mode=_in_mac)


def _change(run: Run, mode: Mode, header: int, length: Length) -> Command:
    return Command(run=run, mode=mode, header=header, length=length, protects="written")


def _value(run: Run, rule: Callable[[File, int | None], CommMode]) -> Command:
    return _change(run, _on_file(rule), 1, _bytes(VALUE_LEN))


def _read(run: Run, rule: Callable[[File, int | None], CommMode], header: int) -> Command:
    return Command(run=run, mode=_on_file(rule), header=header, length=_bytes(0), protects="read")


_WRITE_DATA = _change(data.write_data, _on_file(rights.to_write), DATA_HEADER, data.writes_to)
_READ_DATA = _read(data.read_data, rights.to_read, DATA_HEADER)

COMMANDS: dict[int, Command] = {
    Ins.GET_VERSION: Command(run=manage.get_version, mode=_in_mac, cuts=(7, 7)),
    Ins.GET_CARD_UID: Command(
        run=manage.get_uid, mode=_for_known, length=_bytes(0), protects="read"
    ),
    Ins.FORMAT_PICC: _simple(manage.format_picc),
    Ins.CREATE_APPLICATION: _simple(manage.create_application),
    Ins.DELETE_APPLICATION: _simple(manage.delete_application),
    Ins.GET_APPLICATION_IDS: _simple(manage.get_application_ids),
    Ins.CHANGE_KEY: _change(manage.change_key, _for_key_changer, 1, _changed_key),
    Ins.GET_KEY_VERSION: _simple(manage.get_key_version),
    Ins.GET_KEY_SETTINGS: _simple(manage.get_key_settings),
    Ins.CHANGE_KEY_SETTINGS: _change(manage.change_key_settings, _for_master, 0, _bytes(1)),
    FREE_MEMORY: _simple(manage.free_memory),
    Ins.CREATE_STD_DATA_FILE: _simple(manage.create_standard_file),
    Ins.CREATE_BACKUP_DATA_FILE: _simple(manage.create_backup_file),
    Ins.CREATE_VALUE_FILE: _simple(manage.create_value_file),
    Ins.CREATE_CYCLIC_RECORD_FILE: _simple(manage.create_cyclic_file),
    Ins.CREATE_TRANSACTION_MAC_FILE: Command(
        run=manage.create_mac_file,
        mode=_for_creator,
        header=5,
        length=_bytes(CHANGED_KEY_LEN),
        protects="written",
        generation=2,
    ),
    Ins.DELETE_FILE: _simple(manage.delete_file),
    Ins.GET_FILE_IDS: _simple(manage.get_file_ids),
    Ins.GET_FILE_SETTINGS: _simple(manage.get_file_settings),
    Ins.CHANGE_FILE_SETTINGS: _change(
        manage.change_file_settings, _on_file(rights.to_change), 1, _bytes(3)
    ),
    Ins.READ_DATA: _READ_DATA,
    READ_DATA_ISO: _READ_DATA,
    Ins.WRITE_DATA: _WRITE_DATA,
    WRITE_DATA_ISO: _WRITE_DATA,
    Ins.GET_VALUE: _read(data.get_value, rights.to_take, 1),
    Ins.CREDIT: _value(data.credit, rights.to_rule),
    Ins.DEBIT: _value(data.debit, rights.to_take),
    Ins.LIMITED_CREDIT: _value(data.limited_credit, rights.to_write),
    Ins.WRITE_RECORD: _change(
        data.write_record, _on_file(rights.to_write), DATA_HEADER, data.writes_to
    ),
    Ins.READ_RECORDS: _read(data.read_records, rights.to_read, DATA_HEADER),
    Ins.CLEAR_RECORD_FILE: Command(
        run=data.clear_records, mode=_clear_mode, header=1, length=_bytes(0)
    ),
    Ins.COMMIT_TRANSACTION: _simple(data.commit),
    Ins.ABORT_TRANSACTION: _simple(data.abort),
}
