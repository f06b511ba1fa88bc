"""The commands on the chip, its applications, keys and the making of files.

Each takes the session, the header and the data in clear, and gives the answer's data; Nak refuses.
"""

from __future__ import annotations

from dataclasses import replace

from cardreader.desfire import crypto
from cardreader.desfire.constants import (
    AES_KEYS,
    KEY_LEN,
    NEVER,
    PICC_AES_KEY,
    Access,
    CommMode,
    KeySettings,
    Status,
)
from cardreader.virtual.chip import rights
from cardreader.virtual.chip.channel import CHANGED_KEY_LEN, Bare
from cardreader.virtual.chip.files import VALUE_MAX, VALUE_MIN, from_i32, settings_of, u24
from cardreader.virtual.chip.memory import (
    APPLICATIONS_MAX,
    FILES_MAX,
    KEYS_MAX,
    PICC,
    STORAGE_MAX,
    Application,
    DataFile,
    File,
    Key,
    MacFile,
    Nak,
    RecordFile,
    ValueFile,
    size_of,
    used,
)
from cardreader.virtual.chip.session import Session

AID_LEN = 3
ISO_FID = 0x20  # key settings 2: files have ISO numbers, and a name may follow
ISO_FID_LEN = 2
NAME_MAX = 16
EMPTY_FILE_MIN = 1
CYCLIC_PLACES_MIN = 2  # one for a record, one for the next
TMAC_AES = 0x02  # CreateTransactionMACFile: the key is AES
UNKNOWN_BATCH = bytes(5) + bytes((0x01, 0x26))  # batch, week and year of production: invented


def get_version(session: Session, header: bytes, data: bytes) -> bytes:
    """Tell hardware, software and UID, in three frames."""
    del header
    _nothing(data)
    major = {1: 0x01, 2: 0x12}[session.memory.generation]
    hard = bytes((0x04, 0x01, 0x01, major, 0x00, 0x1A, 0x05))  # NXP, DESFire, 8 KiB, ISO 14443-4
    soft = bytes(
        (0x04, 0x01, 0x01, {1: 0x01, 2: 0x02}[session.memory.generation], 0x01, 0x1A, 0x05)
    )
    return hard + soft + session.memory.uid + UNKNOWN_BATCH


def get_uid(session: Session, header: bytes, data: bytes) -> bytes:
    """Tell the UID to whoever is authenticated."""
    del header, data
    return session.memory.uid


def get_application_ids(session: Session, header: bytes, data: bytes) -> bytes:
    """List the applications, from the chip's level."""
    del header
    _nothing(data)
    _at_picc(session)
    rights.may_list(session.app, session.key)
    return b"".join(aid for aid in session.memory.applications if aid != PICC)


def create_application(session: Session, header: bytes, data: bytes) -> bytes:
    """Make an application with AES keys of zeros: AID, settings, count, then FID and name."""
    del header
    _at_picc(session)
    rights.may_create(session.app, session.key)
    if len(data) < AID_LEN + 2:
        raise Nak(Status.LENGTH_ERROR)
    aid, settings, second, iso = data[:AID_LEN], data[3], data[4], data[5:]
    if iso and not (second & ISO_FID and ISO_FID_LEN <= len(iso) <= ISO_FID_LEN + NAME_MAX):
        raise Nak(Status.LENGTH_ERROR)
    count = second & 0x0F
    if second & ~(ISO_FID | 0x0F) != AES_KEYS or not 1 <= count <= KEYS_MAX:
        raise Nak(Status.PARAMETER_ERROR)
    existing = session.memory.applications
    name = iso[ISO_FID_LEN:]
    if aid in existing or (name and any(one.name == name for one in existing.values())):
        raise Nak(Status.DUPLICATE)
    if len(existing) > APPLICATIONS_MAX:
        raise Nak(Status.OUT_OF_MEMORY)
    app = Application(keys=(Key(),) * count, settings=settings, name=name)
    session.memory = replace(session.memory, applications={**existing, aid: app})
    return b""


def delete_application(session: Session, header: bytes, data: bytes) -> bytes:
    """Delete an application: for the chip's master, or for its own where the chip allows it."""
    del header
    if len(data) != AID_LEN:
        raise Nak(Status.LENGTH_ERROR)
    if data == PICC or data not in session.memory.applications:
        raise Nak(Status.APPLICATION_NOT_FOUND)
    if session.aid not in {PICC, data}:
        raise Nak(Status.PERMISSION_DENIED)
    rights.is_master(session.key)
    if session.aid == data:
        rights.may_create(session.memory.applications[PICC], None)
        session.select(PICC)
    left = {aid: app for aid, app in session.memory.applications.items() if aid != data}
    session.memory = replace(session.memory, applications=left)
    return b""


def format_picc(session: Session, header: bytes, data: bytes) -> bytes:
    """Delete every application."""
    del header
    _nothing(data)
    _at_picc(session)
    rights.is_master(session.key)
    session.memory = replace(session.memory, applications={PICC: session.app})
    return b""


def free_memory(session: Session, header: bytes, data: bytes) -> bytes:
    """Tell how many bytes are free."""
    del header
    _nothing(data)
    return u24(STORAGE_MAX - used(session.memory))


def get_key_settings(session: Session, header: bytes, data: bytes) -> bytes:
    """Tell key settings 1, and the keys' number and kind."""
    del header
    _nothing(data)
    rights.may_list(session.app, session.key)
    return bytes((session.app.settings, AES_KEYS | len(session.app.keys)))


def change_key_settings(session: Session, header: bytes, data: bytes) -> bytes:
    """Change key settings 1, unless they are frozen."""
    del header
    if not session.app.settings & KeySettings.SETTINGS_CHANGEABLE:
        raise Nak(Status.PERMISSION_DENIED)
    session.put_app(replace(session.app, settings=data[0]))
    return b""


def get_key_version(session: Session, header: bytes, data: bytes) -> bytes:
    """Tell the version of a key."""
    del header
    if len(data) != 1:
        raise Nak(Status.LENGTH_ERROR)
    return bytes((key_of(session, data[0]).version,))


def change_key(session: Session, header: bytes, data: bytes) -> bytes:
    """Change a key; another key than one's own comes masked by the old one, with its CRC."""
    number = key_number(session, header)
    value, version, crc = data[:KEY_LEN], data[KEY_LEN], data[CHANGED_KEY_LEN:]
    if number != session.key:
        old = key_of(session, number).value
        value = bytes(one ^ other for one, other in zip(value, old, strict=True))
        if crc != crypto.crc32(value):
            raise Nak(Status.INTEGRITY_ERROR)
    keys = list(session.app.keys)
    keys[number] = Key(value=value, version=version)
    session.put_app(replace(session.app, keys=tuple(keys)))
    if number == session.key:
        session.channel, session.key = Bare(), None
    return b""


def key_number(session: Session, header: bytes) -> int:
    """Read ChangeKey's key number: at the chip's level it also says that the key is AES."""
    if session.aid != PICC:
        return header[0]
    if header[0] != PICC_AES_KEY:
        raise Nak(Status.PARAMETER_ERROR)
    return rights.MASTER


def key_of(session: Session, number: int) -> Key:
    """Give a key of the selected application."""
    if number >= len(session.app.keys):
        raise Nak(Status.NO_SUCH_KEY)
    return session.app.keys[number]


def get_file_ids(session: Session, header: bytes, data: bytes) -> bytes:
    """List the files."""
    del header
    _nothing(data)
    rights.may_list(session.app, session.key)
    return bytes(session.app.files)


def get_file_settings(session: Session, header: bytes, data: bytes) -> bytes:
    """Tell a file's type, mode, rights and measures."""
    del header
    if len(data) != 1:
        raise Nak(Status.LENGTH_ERROR)
    rights.may_list(session.app, session.key)
    return settings_of(session.file(data[0]))


def change_file_settings(session: Session, header: bytes, data: bytes) -> bytes:
    """Change a file's mode and rights."""
    file = session.file(header[0])
    session.put(header[0], replace(file, comm=_comm(data[0]), access=Access.unpack(data[1:])))
    return b""


def create_standard_file(session: Session, header: bytes, data: bytes) -> bytes:
    """Make a standard data file."""
    del header
    return _create_data_file(session, data, backup=False)


def create_backup_file(session: Session, header: bytes, data: bytes) -> bytes:
    """Make a backup data file."""
    del header
    return _create_data_file(session, data, backup=True)


def create_value_file(session: Session, header: bytes, data: bytes) -> bytes:
    """Make a value file: mode, rights, bounds, value, whether LimitedCredit is on."""
    del header
    if len(data) != 17:
        raise Nak(Status.LENGTH_ERROR)
    lower, upper, value = (from_i32(data[at : at + 4]) for at in (4, 8, 12))
    if not VALUE_MIN <= lower <= value <= upper <= VALUE_MAX or data[16] > 1:
        raise Nak(Status.PARAMETER_ERROR)
    file = ValueFile(
        comm=_comm(data[1]),
        access=Access.unpack(data[2:4]),
        lower=lower,
        upper=upper,
        value=value,
        limited=bool(data[16]),
    )
    return _create(session, data[0], file)


def create_cyclic_file(session: Session, header: bytes, data: bytes) -> bytes:
    """Make a cyclic record file: mode, rights, a record's size, places."""
    del header
    data = _without_fid(data, 10)
    size, places = int.from_bytes(data[4:7], "little"), int.from_bytes(data[7:10], "little")
    if size < EMPTY_FILE_MIN or places < CYCLIC_PLACES_MIN:
        raise Nak(Status.PARAMETER_ERROR)
    file = RecordFile(
        comm=_comm(data[1]), access=Access.unpack(data[2:4]), size=size, places=places
    )
    return _create(session, data[0], file)


def create_mac_file(session: Session, header: bytes, data: bytes) -> bytes:
    """Make the application's one transaction MAC file; its key comes enciphered."""
    access = Access.unpack(header[2:4])
    if header[4] != TMAC_AES or access.write != NEVER:
        raise Nak(Status.PARAMETER_ERROR)
    if any(isinstance(one, MacFile) for one in session.app.files.values()):
        raise Nak(Status.DUPLICATE)
    key = Key(value=data[:KEY_LEN], version=data[KEY_LEN])
    return _create(session, header[0], MacFile(comm=_comm(header[1]), access=access, key=key))


def delete_file(session: Session, header: bytes, data: bytes) -> bytes:
    """Delete a file."""
    del header
    if len(data) != 1:
        raise Nak(Status.LENGTH_ERROR)
    session.file(data[0])
    rights.may_create(session.app, session.key)
    session.put(data[0], None)
    return b""


def _create_data_file(session: Session, data: bytes, *, backup: bool) -> bytes:
    data = _without_fid(data, 7)
    size = int.from_bytes(data[4:7], "little")
    if size < EMPTY_FILE_MIN:
        raise Nak(Status.PARAMETER_ERROR)
    if size > STORAGE_MAX:
        raise Nak(Status.OUT_OF_MEMORY)
    file = DataFile(
        comm=_comm(data[1]), access=Access.unpack(data[2:4]), content=bytes(size), backup=backup
    )
    return _create(session, data[0], file)


def _create(session: Session, number: int, file: File) -> bytes:
    if session.aid == PICC:
        raise Nak(Status.PERMISSION_DENIED)
    rights.may_create(session.app, session.key)
    if number >= FILES_MAX:
        raise Nak(Status.PARAMETER_ERROR)
    if number in session.app.files:
        raise Nak(Status.DUPLICATE)
    if used(session.memory) + size_of(file) > STORAGE_MAX:
        raise Nak(Status.OUT_OF_MEMORY)
    session.put(number, file)
    return b""


def _without_fid(data: bytes, length: int) -> bytes:
    """Drop the ISO number that may stand behind the file's."""
    if len(data) == length + ISO_FID_LEN:
        return data[:1] + data[1 + ISO_FID_LEN :]
    if len(data) != length:
        raise Nak(Status.LENGTH_ERROR)
    return data


def _comm(code: int) -> CommMode:
    try:
        return CommMode(code)
    except ValueError as unknown:
        raise Nak(Status.PARAMETER_ERROR) from unknown


def _at_picc(session: Session) -> None:
    if session.aid != PICC:
        raise Nak(Status.PERMISSION_DENIED)


def _nothing(data: bytes) -> None:
    if data:
        raise Nak(Status.LENGTH_ERROR)
