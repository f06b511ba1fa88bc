"""What a chip keeps without power, as one value: copying it is keeping a reference to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from cardreader.desfire.constants import KEY_LEN, UID_LEN, Access, CommMode

Generation = Literal[1, 2]
PICC = bytes(3)  # the AID that stands for the chip itself
STORAGE_MAX = 8192  # bytes of all files together: the EV2 8K
FILES_MAX = 32  # of an application (data sheet)
APPLICATIONS_MAX = 28  # of an EV1; later chips take as many as fit
KEYS_MAX = 14  # of an application
FACTORY_SETTINGS = 0x0F  # everything may be changed, listing and creating are free


class Nak(Exception):
    """What the chip answers instead of doing what it was asked: a status; stays in this package."""

    def __init__(self, status: int) -> None:
        super().__init__(f"{status:02X}")
        self.status = status


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """An AES-128 key and the version that GetKeyVersion tells; the key is never shown by repr."""

    value: bytes = field(default=bytes(KEY_LEN), repr=False)
    version: int = 0

    def __post_init__(self) -> None:
        if len(self.value) != KEY_LEN:
            msg = f"an AES-128 key of {len(self.value)} bytes"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class DataFile:
    """Bytes; ``backup``: what is written waits for the commit."""

    comm: CommMode
    access: Access
    content: bytes
    backup: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueFile:
    """A number between two bounds.

    ``limited_left`` is what LimitedCredit may still give back; ``debited`` what the transaction
    that is under way has taken (0 on what is committed).
    """

    comm: CommMode
    access: Access
    lower: int
    upper: int
    value: int
    limited: bool = False
    limited_left: int = 0
    debited: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFile:
    """A cyclic file: records of one size, oldest first; one place stays free for the next."""

    comm: CommMode
    access: Access
    size: int
    places: int
    records: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MacFile:
    """The transaction MAC's key, and counter and MAC of the last commit."""

    comm: CommMode
    access: Access
    key: Key
    counter: int = 0
    last: bytes = bytes(8)


File = DataFile | ValueFile | RecordFile | MacFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """Keys, key settings 1 and files; ``name`` is what an ISO SELECT asks for, if any."""

    keys: tuple[Key, ...]
    settings: int = FACTORY_SETTINGS
    files: Mapping[int, File] = field(default_factory=dict[int, File])
    name: bytes = b""


def _blank() -> Mapping[bytes, Application]:
    return {PICC: Application(keys=(Key(),))}


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """The whole chip. ``applications`` are by AID as it travels; PICC is the chip itself.

    A new chip has an AES key of zeros; silicon comes with a DES one, which its issuer changes.
    """

    uid: bytes
    generation: Generation = 2
    applications: Mapping[bytes, Application] = field(default_factory=_blank)

    def __post_init__(self) -> None:
        if len(self.uid) != UID_LEN:
            msg = f"a UID of {len(self.uid)} bytes"
            raise ValueError(msg)


def size_of(file: File) -> int:
    """Give the bytes that a file takes, without the chip's own bookkeeping."""
    match file:
        case DataFile():
            return len(file.content) * (2 if file.backup else 1)
        case RecordFile():
            return file.size * file.places
        case ValueFile() | MacFile():
            return 32


def used(memory: Memory) -> int:
    """Give the bytes that all files take."""
    return sum(size_of(one) for app in memory.applications.values() for one in app.files.values())
