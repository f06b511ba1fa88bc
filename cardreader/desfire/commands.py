"""The card's native commands: what is sent, and how long an answer must be.

Every answer is length-checked. An error status, a wrong MAC or a lost card ends the session: one
starts again from SelectApplication. Sources: NXP, data sheets of MIFARE DESFire EV1, EV2, Light.
"""

from __future__ import annotations

from collections.abc import Callable

from cardreader.apdu import Answer, NativeCard
from cardreader.desfire.constants import (
    AES_KEYS,
    COMMIT_RETURNS_MAC,
    LIMITED_CREDIT_ON,
    MAC_LEN,
    UID_LEN,
    Access,
    CommMode,
    Ins,
    Status,
)
from cardreader.desfire.crypto import crc32
from cardreader.desfire.messaging import Command, Handshake, SecureSession
from kiosk.domain.errors import AlveoleError, CardForeign, CardTampered

PICC = bytes(3)  # the card's own level, above its applications
VERSION_LEN = 28
_UID_AT = 14
_VALUE_LEN = 4
_TMC_LEN = 4
_TMAC_KEY_AES = b"\x02"
COMMIT_LEN = _TMC_LEN + MAC_LEN


class DesfireCard:
    """One card's commands; ``session`` is None until an authentication succeeds."""

    def __init__(self, native: NativeCard) -> None:
        self._native = native
        self._session: SecureSession | None = None

    @property
    def session(self) -> SecureSession | None:
        """The session that commands run in."""
        return self._session

    def select(self, aid: bytes) -> None:
        """Select an application by its three bytes as sent; raises CardForeign without it."""
        self._session = None
        answer = self._native.exchange(Ins.SELECT_APPLICATION, aid)
        if not answer.native or answer.status is Status.APPLICATION_NOT_FOUND:
            raise CardForeign(f"not a daily-life card: {answer.name}")
        _done(Ins.SELECT_APPLICATION, answer)

    def authenticate(self, key_no: int, handshake: Handshake) -> Status | None:
        """Run a handshake; gives the card's refusal of it, or Status.OK with a session.

        Raises CardTampered when the card fails to prove that it knows the key.
        """
        self._session = None
        opening = bytes((key_no,)) + handshake.opening
        challenge = self._native.frame(handshake.ins, opening)
        if not challenge.more:
            return _refusal(handshake.ins, challenge)
        proof = self._native.frame(Ins.ADDITIONAL_FRAME, handshake.answer(challenge.data))
        if not proof.ok:
            return _refusal(handshake.ins, proof)
        self._session = handshake.finish(proof.data)
        return Status.OK

    def run(self, command: Command, length: int | None = None) -> bytes:
        """Run one command and give its data, ``length`` bytes of them unless None.

        Raises CardTampered (status, MAC, length), CardPulled, ReaderAbsent; each ends the session.
        """
        return self._guarded(lambda: self._run(command, length))

    def run_wrapped(self, command: Command, body: bytes, *, last: bool = False) -> None:
        """Run a command whose body its key's holder has wrapped; its answer holds no data.

        ``last``: the command ends the session, so that its answer bears no MAC (ChangeKey of the
        session's own key). Raises CardTampered, CardPulled, ReaderAbsent.
        """
        self._guarded(lambda: self._run_wrapped(command, body, last=last))

    def version(self) -> bytes:
        """Give GetVersion's 28 bytes."""
        return self.run(Command(ins=Ins.GET_VERSION), VERSION_LEN)

    def version_uid(self) -> bytes:
        """Give the UID that GetVersion tells; outside a session it is only an identifier."""
        return self.version()[_UID_AT : _UID_AT + UID_LEN]

    def card_uid(self) -> bytes:
        """Give the UID, enciphered on its way; needs a session."""
        return self.run(Command(ins=Ins.GET_CARD_UID, mode=CommMode.FULL), UID_LEN)

    def key_version(self, key_no: int) -> int:
        """Give a key's version."""
        return self.run(Command(ins=Ins.GET_KEY_VERSION, header=bytes((key_no,))), 1)[0]

    def create_application(self, aid: bytes, *, settings: int, keys: int) -> None:
        """Create an application of ``keys`` AES keys of zeros, version 0."""
        header = aid + bytes((settings, keys | AES_KEYS))
        self.run(Command(ins=Ins.CREATE_APPLICATION, header=header), 0)

    def delete_own_application(self, aid: bytes) -> None:
        """Delete the application whose master key's session this is; the session ends with it."""
        assert self._session is not None, "an application is deleted in its master's session"
        command = Command(ins=Ins.DELETE_APPLICATION, header=aid)
        self.run_wrapped(command, self._session.wrap(command), last=True)

    def format_picc(self) -> None:
        """Erase every application; needs the card's master key."""
        self.run(Command(ins=Ins.FORMAT_PICC), 0)

    def create_data_file(self, file: int, access: Access, size: int, *, backup: bool) -> None:
        """Create a standard or a backup data file of ``size`` bytes, in FULL."""
        ins = Ins.CREATE_BACKUP_DATA_FILE if backup else Ins.CREATE_STD_DATA_FILE
        self.run(Command(ins=ins, header=_head(file, CommMode.FULL, access) + _u24(size)), 0)

    def create_value_file(self, file: int, access: Access, *, upper: int, value: int = 0) -> None:
        """Create a value file 0…``upper`` with limited credit, in FULL."""
        limits = _u32(0) + _u32(upper) + _u32(value) + bytes((LIMITED_CREDIT_ON,))
        header = _head(file, CommMode.FULL, access) + limits
        self.run(Command(ins=Ins.CREATE_VALUE_FILE, header=header), 0)

    def create_cyclic_file(self, file: int, access: Access, *, size: int, records: int) -> None:
        """Create a cyclic record file in FULL; it keeps ``records`` - 1 records."""
        header = _head(file, CommMode.FULL, access) + _u24(size) + _u24(records)
        self.run(Command(ins=Ins.CREATE_CYCLIC_RECORD_FILE, header=header), 0)

    def change_access(self, file: int, access: Access) -> None:
        """Change a file's access rights; the file stays in FULL."""
        data = bytes((CommMode.FULL,)) + access.pack()
        ins = Ins.CHANGE_FILE_SETTINGS
        command = Command(ins=ins, header=bytes((file,)), data=data, mode=CommMode.FULL)
        self.run(command, 0)

    def read_data(self, file: int, length: int, *, mode: CommMode = CommMode.FULL) -> bytes:
        """Read the first ``length`` bytes of a data file."""
        header = bytes((file,)) + _u24(0) + _u24(length)
        return self.run(Command(ins=Ins.READ_DATA, header=header, mode=mode), length)

    def write_data(self, file: int, data: bytes, *, offset: int = 0) -> None:
        """Write into a data file in FULL; a backup file keeps it for the commit."""
        header = bytes((file,)) + _u24(offset) + _u24(len(data))
        self.run(Command(ins=Ins.WRITE_DATA, header=header, data=data, mode=CommMode.FULL), 0)

    def value(self, file: int) -> int:
        """Give a value file's value."""
        command = Command(ins=Ins.GET_VALUE, header=bytes((file,)), mode=CommMode.FULL)
        return int.from_bytes(self.run(command, _VALUE_LEN), "little", signed=True)

    def credit(self, file: int, amount: int) -> None:
        """Add to a value file at the commit."""
        self._move(Ins.CREDIT, file, amount)

    def debit(self, file: int, amount: int) -> None:
        """Take from a value file at the commit."""
        self._move(Ins.DEBIT, file, amount)

    def limited_credit(self, file: int, amount: int) -> None:
        """Give back at most what the last committed debit took."""
        self._move(Ins.LIMITED_CREDIT, file, amount)

    def write_record(self, file: int, data: bytes) -> None:
        """Append a record at the commit; bytes that aren't written are zero."""
        header = bytes((file,)) + _u24(0) + _u24(len(data))
        self.run(Command(ins=Ins.WRITE_RECORD, header=header, data=data, mode=CommMode.FULL), 0)

    def read_records(self, file: int, size: int, *, count: int, records_max: int) -> list[bytes]:
        """Give the ``count`` newest records (0: all), oldest first, of ``size`` bytes each."""
        header = bytes((file,)) + _u24(0) + _u24(count)
        data = self.run(Command(ins=Ins.READ_RECORDS, header=header, mode=CommMode.FULL))
        found = len(data) // size
        if len(data) % size or not 1 <= found <= records_max or (count and found != count):
            raise CardTampered(f"{len(data)} bytes aren't records of {size}")
        return [data[at : at + size] for at in range(0, len(data), size)]

    def commit(self) -> tuple[int, bytes]:
        """Commit the transaction; gives the card's proof (TMC, TMV of 8 bytes)."""
        command = Command(ins=Ins.COMMIT_TRANSACTION, header=bytes((COMMIT_RETURNS_MAC,)))
        answer = self.run(command, COMMIT_LEN)
        return int.from_bytes(answer[:_TMC_LEN], "little"), answer[_TMC_LEN:]

    def commit_silently(self) -> None:
        """Commit where the application has no transaction MAC (EV1)."""
        self.run(Command(ins=Ins.COMMIT_TRANSACTION), 0)

    def abort(self) -> None:
        """Give the transaction up."""
        self.run(Command(ins=Ins.ABORT_TRANSACTION), 0)

    def _move(self, ins: Ins, file: int, amount: int) -> None:
        if amount <= 0:
            msg = f"{ins.name} of {amount}"
            raise ValueError(msg)
        header = bytes((file,))
        self.run(Command(ins=ins, header=header, data=_u32(amount), mode=CommMode.FULL), 0)

    def _run(self, command: Command, length: int | None) -> bytes:
        session = self._session
        body = command.plain if session is None else session.wrap(command)
        data = _done(command.ins, self._native.exchange(command.ins, body)).data
        if session is not None:
            data = session.unwrap(command, data)
        return data if length is None else _check(command.ins, data, length)

    def _run_wrapped(self, command: Command, body: bytes, *, last: bool) -> bytes:
        data = _done(command.ins, self._native.exchange(command.ins, body)).data
        if last or self._session is None:
            self._session = None
            return _check(command.ins, data, 0)
        return _check(command.ins, self._session.unwrap(command, data), 0)

    def _guarded(self, step: Callable[[], bytes]) -> bytes:
        try:
            return step()
        except AlveoleError:
            self._session = None
            raise


def transaction_mac_file(file: int, access: Access, key: bytes, key_version: int) -> Command:
    """Give CreateTransactionMACFile: its key travels enciphered."""
    header = _head(file, CommMode.MAC, access) + _TMAC_KEY_AES
    data = key + bytes((key_version,))
    ins = Ins.CREATE_TRANSACTION_MAC_FILE
    return Command(ins=ins, header=header, data=data, mode=CommMode.FULL)


def change_key(key_no: int, new: bytes, version: int, old: bytes | None) -> Command:
    """Give ChangeKey: of the key of the session when ``old`` is None, else of another one.

    The own key's change ends the session. Source: NXP AN12196, 6.16.
    """
    header = bytes((key_no,))
    if old is None:
        data, trailer = new + bytes((version,)), b""
    else:
        data = bytes(a ^ b for a, b in zip(new, old, strict=True)) + bytes((version,))
        trailer = crc32(new)
    return Command(
        ins=Ins.CHANGE_KEY, header=header, data=data, trailer=trailer, mode=CommMode.FULL
    )


def _head(file: int, mode: CommMode, access: Access) -> bytes:
    return bytes((file, mode)) + access.pack()


def _u24(number: int) -> bytes:
    return number.to_bytes(3, "little")


def _u32(number: int) -> bytes:
    return number.to_bytes(4, "little", signed=True)


def _done(ins: int, answer: Answer) -> Answer:
    if not answer.ok:
        raise CardTampered(f"{Ins(ins).name}: the card answers {answer.name}")
    return answer


def _refusal(ins: Ins, answer: Answer) -> Status | None:
    if answer.ok:
        raise CardTampered(f"{ins.name}: done without a proof")
    return answer.status


def _check(ins: int, data: bytes, length: int) -> bytes:
    if len(data) != length:
        raise CardTampered(f"{Ins(ins).name}: {len(data)} bytes instead of {length}")
    return data
