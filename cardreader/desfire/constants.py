"""The numbers of the card's native commands (NXP, data sheets of MIFARE DESFire EV1 to Light)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

CLA = 0x90  # wrapped native command (ISO 7816-4)
SW1_NATIVE = 0x91  # first status byte of a wrapped answer; the second is a Status
KEY_LEN = 16
MAC_LEN = 8
BLOCK = 16
UID_LEN = 7
TI_LEN = 4
FRAME_MAX = 54  # data bytes of one native command frame that every generation takes
FREE, NEVER = 0xE, 0xF  # access rights that name no key
AES_KEYS = 0x80  # key settings 2: the application's keys are AES-128
PICC_AES_KEY = 0x80  # ChangeKey at PICC level: the key becomes AES
COMMIT_RETURNS_MAC = 0x01  # CommitTransaction's option: answer TMC ‖ TMV
LIMITED_CREDIT_ON = 0x01  # CreateValueFile: LimitedCredit is allowed


class Ins(IntEnum):
    """Instruction codes."""

    AUTHENTICATE_AES = 0xAA
    AUTHENTICATE_EV2_FIRST = 0x71
    AUTHENTICATE_EV2_NON_FIRST = 0x77
    ADDITIONAL_FRAME = 0xAF
    GET_VERSION = 0x60
    GET_CARD_UID = 0x51
    FORMAT_PICC = 0xFC
    CREATE_APPLICATION = 0xCA
    DELETE_APPLICATION = 0xDA
    GET_APPLICATION_IDS = 0x6A
    SELECT_APPLICATION = 0x5A
    CHANGE_KEY = 0xC4
    GET_KEY_VERSION = 0x64
    GET_KEY_SETTINGS = 0x45
    CHANGE_KEY_SETTINGS = 0x54
    CREATE_STD_DATA_FILE = 0xCD
    CREATE_BACKUP_DATA_FILE = 0xCB
    CREATE_VALUE_FILE = 0xCC
    CREATE_CYCLIC_RECORD_FILE = 0xC0
    CREATE_TRANSACTION_MAC_FILE = 0xCE
    DELETE_FILE = 0xDF
    GET_FILE_IDS = 0x6F
    GET_FILE_SETTINGS = 0xF5
    CHANGE_FILE_SETTINGS = 0x5F
    READ_DATA = 0xBD
    WRITE_DATA = 0x3D
    GET_VALUE = 0x6C
    CREDIT = 0x0C
    DEBIT = 0xDC
    LIMITED_CREDIT = 0x1C
    WRITE_RECORD = 0x3B
    READ_RECORDS = 0xBB
    CLEAR_RECORD_FILE = 0xEB
    COMMIT_TRANSACTION = 0xC7
    ABORT_TRANSACTION = 0xA7


class Status(IntEnum):
    """Native status codes."""

    OK = 0x00
    NO_CHANGES = 0x0C
    OUT_OF_MEMORY = 0x0E
    ILLEGAL_COMMAND = 0x1C
    INTEGRITY_ERROR = 0x1E
    NO_SUCH_KEY = 0x40
    LENGTH_ERROR = 0x7E
    PERMISSION_DENIED = 0x9D
    PARAMETER_ERROR = 0x9E
    APPLICATION_NOT_FOUND = 0xA0
    AUTHENTICATION_ERROR = 0xAE
    ADDITIONAL_FRAME = 0xAF
    BOUNDARY_ERROR = 0xBE
    COMMAND_ABORTED = 0xCA
    DUPLICATE = 0xDE
    EEPROM_ERROR = 0xEE
    FILE_NOT_FOUND = 0xF0


class CommMode(IntEnum):
    """How a file's data travel."""

    PLAIN = 0
    MAC = 1
    FULL = 3


class FileType(IntEnum):
    """Kinds of files, as GetFileSettings tells them."""

    STANDARD = 0
    BACKUP = 1
    VALUE = 2
    CYCLIC_RECORD = 4
    TRANSACTION_MAC = 5


class KeySettings(IntEnum):
    """Bits of an application's key settings 1; the high nibble names the key that changes keys."""

    MASTER_CHANGEABLE = 0x01
    FREE_LISTING = 0x02
    FREE_CREATE = 0x04
    SETTINGS_CHANGEABLE = 0x08


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """A file's access rights: key numbers 0…13, FREE or NEVER."""

    read: int
    write: int
    read_write: int
    change: int

    def __post_init__(self) -> None:
        if not all(0 <= one <= NEVER for one in self._nibbles()):
            msg = f"not access rights: {self._nibbles()}"
            raise ValueError(msg)

    def pack(self) -> bytes:
        """Give the two bytes of the wire: a 16-bit word R‖W‖RW‖CAR, low byte first."""
        return bytes((self.read_write << 4 | self.change, self.read << 4 | self.write))

    @classmethod
    def unpack(cls, word: bytes) -> Access:
        """Read the two bytes of the wire; raises ValueError on another length."""
        low, high = word
        return cls(read=high >> 4, write=high & 15, read_write=low >> 4, change=low & 15)

    def _nibbles(self) -> tuple[int, int, int, int]:
        return self.read, self.write, self.read_write, self.change
