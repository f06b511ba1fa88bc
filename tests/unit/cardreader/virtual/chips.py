"""A small application on a blank chip, and both generations of readers on it."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from cardreader.apdu import NativeCard, unwrap, wrap
from cardreader.desfire.commands import DesfireCard
from cardreader.desfire.constants import Access, CommMode, Status
from cardreader.desfire.ev1 import Ev1Handshake
from cardreader.desfire.ev2 import Ev2Handshake, Ev2Session
from cardreader.desfire.messaging import Handshake
from cardreader.virtual.chip.card import VirtualDesfire
from cardreader.virtual.chip.memory import (
    PICC,
    Application,
    DataFile,
    File,
    Generation,
    Key,
    MacFile,
    Memory,
    RecordFile,
    ValueFile,
)
from cardreader.virtual.link import InMemoryTransport
from cardreader.virtual.vpcd import Picc

UID = bytes.fromhex("04112233445566")
AID = bytes.fromhex("F1414C")
STANDARD, BACKUP, VALUE, RECORDS, FREE_FILE, CLOSED_FILE, PROOF = 0, 1, 2, 5, 7, 8, 0xF
# Key 1 reads, key 2 writes, key 3 does both; key 0 changes rights.
ACCESS = Access(read=1, write=2, read_write=3, change=0)
HANDSHAKES: dict[str, Callable[[bytes, Callable[[int], bytes]], Handshake]] = {
    "ev1": Ev1Handshake,
    "ev2": Ev2Handshake,
}


def key(number: int) -> bytes:
    return bytes((0x20 + number,)) * 16


def application(comm: CommMode = CommMode.FULL, *, settings: int = 0x0B) -> Application:
    files: dict[int, File] = {
        STANDARD: DataFile(comm=comm, access=ACCESS, content=bytes(32)),
        BACKUP: DataFile(comm=comm, access=ACCESS, content=bytes(100), backup=True),
        VALUE: ValueFile(comm=comm, access=ACCESS, lower=0, upper=15_000, value=1000, limited=True),
        RECORDS: RecordFile(comm=comm, access=ACCESS, size=8, places=4),
        FREE_FILE: DataFile(
            comm=comm, access=Access(read=0xE, write=0xF, read_write=3, change=0xF), content=b"free"
        ),
        CLOSED_FILE: DataFile(
            comm=comm, access=Access(read=0xF, write=0xF, read_write=0xF, change=0xF), content=b"no"
        ),
    }
    return Application(
        keys=tuple(Key(value=key(one), version=one) for one in range(6)),
        settings=settings,
        files=files,
    )


def mac_file() -> MacFile:
    access = Access(read=1, write=0xF, read_write=0xF, change=0)
    return MacFile(comm=CommMode.MAC, access=access, key=Key(value=b"t" * 16, version=1))


def chip(
    app: Application | None = None, *, generation: Generation = 2, picc_settings: int = 0x0F
) -> VirtualDesfire:
    picc = Application(keys=(Key(),), settings=picc_settings)
    memory = Memory(
        uid=UID, generation=generation, applications={PICC: picc, AID: app or application()}
    )
    return VirtualDesfire(memory, random=random.Random(7).randbytes)


Chip = TypeVar("Chip", bound=Picc)


@dataclass
class Bench(Generic[Chip]):
    """A chip that lies there, our reader on it, and raw frames."""

    chip: Chip
    kind: str = "ev2"
    transport: InMemoryTransport = field(init=False)
    card: DesfireCard = field(init=False)

    def __post_init__(self) -> None:
        self.lay()

    def lay(self) -> None:
        """Lay the chip anew."""
        self.transport = InMemoryTransport(self.chip)
        self.card = DesfireCard(NativeCard(self.transport))

    def enter(self, number: int | None, *, aid: bytes = AID) -> DesfireCard:
        """Select, and authenticate with a key unless None."""
        self.card.select(aid)
        if number is not None:
            value = bytes(16) if aid == PICC else key(number)
            made = HANDSHAKES[self.kind](value, random.Random(9).randbytes)
            assert self.card.authenticate(number, made) is Status.OK
        return self.card

    def change(self, number: int) -> DesfireCard:
        """Authenticate with another key inside the transaction (EV2NonFirst)."""
        session = self.card.session
        assert isinstance(session, Ev2Session)
        made = Ev2Handshake(key(number), random.Random(9).randbytes, session)
        assert self.card.authenticate(number, made) is Status.OK
        return self.card

    def raw(self, ins: int, body: bytes = b"") -> tuple[bytes, int]:
        """Send one native frame; gives data and status."""
        answer = unwrap(self.chip.answer(wrap(ins, body)) or b"")
        assert answer.native
        return answer.data, answer.sw2

    def status(self, ins: int, body: bytes = b"") -> int:
        """Send one native frame; gives the status."""
        return self.raw(ins, body)[1]


def u24(number: int) -> bytes:
    return number.to_bytes(3, "little")
