"""The chip on the reader: frames, statuses and power around its commands.

1. Native commands come wrapped (CLA 90); SELECT by name (CLA 00) and the reader's own GET DATA
   for the UID (CLA FF) are answered too.
2. A command or an answer that is longer than a frame goes on with AF; anything else in between is
   "command aborted".
3. Every APDU gets two status bytes. A refusal ends authentication and transaction.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from cardreader.desfire.constants import CLA, SW1_NATIVE, Ins, Status
from cardreader.transport import GET_UID
from cardreader.virtual.chip.channel import Ev2, Wire
from cardreader.virtual.chip.commands import COMMANDS, Command
from cardreader.virtual.chip.handshake import Handshake, Random
from cardreader.virtual.chip.management import AID_LEN, key_of
from cardreader.virtual.chip.memory import Memory, Nak
from cardreader.virtual.chip.session import Session

DESFIRE_ATR = bytes.fromhex("3B8180018080")
FRAME_MAX = 59  # bytes of an answer's frame beside its status
AUTHENTICATIONS = {
    Ins.AUTHENTICATE_AES: 1,
    Ins.AUTHENTICATE_EV2_FIRST: 2,
    Ins.AUTHENTICATE_EV2_NON_FIRST: 2,
}
CLA_ISO, INS_SELECT, SELECT_BY_NAME = 0x00, 0xA4, 0x04
SELECT_ANSWERS = (0x00, 0x0C)  # with the file's control information, or without
OK, NOT_FOUND = b"\x90\x00", b"\x6a\x82"
WRONG_LENGTH, WRONG_PARAMETERS = b"\x67\x00", b"\x6a\x86"
NO_INS, NO_CLA = b"\x6d\x00", b"\x6e\x00"


@dataclass(frozen=True, slots=True, kw_only=True)
class Apdu:
    """A short command APDU."""

    cla: int
    ins: int
    parameters: tuple[int, int]
    data: bytes

    @classmethod
    def parse(cls, apdu: bytes) -> Apdu | None:
        """Read an APDU of cases 1 to 4; None when its lengths don't fit."""
        if len(apdu) < 4:
            return None
        head, rest = apdu[:4], apdu[4:]
        data = b""
        if len(rest) > 1:  # else no more than Le
            data = rest[1 : 1 + rest[0]]
            if not data or len(data) != rest[0] or len(rest) - 1 - len(data) > 1:
                return None
        return cls(cla=head[0], ins=head[1], parameters=(head[2], head[3]), data=data)


class VirtualDesfire:
    """A DESFire chip (vpcd.Picc); ``memory`` is what it keeps, and may be read or set any time.

    ``random`` gives the nonces. Not for several threads at once, like a chip.
    """

    def __init__(self, memory: Memory, *, random: Random = secrets.token_bytes) -> None:
        self._random = random
        self._session = Session(memory)
        self._shaking: Handshake | None = None
        self._coming: tuple[int, bytes] | None = None
        self._going: list[bytes] = []

    @property
    def atr(self) -> bytes:
        """The answer to reset of every DESFire behind PC/SC."""
        return DESFIRE_ATR

    @property
    def memory(self) -> Memory:
        """What is committed."""
        return self._session.memory

    @memory.setter
    def memory(self, memory: Memory) -> None:
        self._session = Session(memory)
        self._drop()

    def power_on(self) -> None:
        """Begin anew."""
        self.memory = self.memory

    def power_off(self) -> None:
        """Lose selection, authentication and transaction."""
        self.memory = self.memory

    def answer(self, apdu: bytes) -> bytes:
        """Answer any bytes with data and two status bytes."""
        if apdu == GET_UID:
            return self.memory.uid + OK
        parsed = Apdu.parse(apdu)
        if parsed is None:
            return WRONG_LENGTH
        if parsed.cla == CLA_ISO:
            return self._iso(parsed)
        if parsed.cla != CLA:
            return NO_CLA
        if parsed.parameters != (0, 0):
            return WRONG_PARAMETERS
        return self._native(parsed.ins, parsed.data)

    def _iso(self, apdu: Apdu) -> bytes:
        """SELECT an application by its name."""
        if apdu.ins != INS_SELECT:
            return NO_INS
        if apdu.parameters[0] != SELECT_BY_NAME or apdu.parameters[1] not in SELECT_ANSWERS:
            return WRONG_PARAMETERS
        self._drop()
        for aid, app in self.memory.applications.items():
            if app.name and app.name == apdu.data:
                self._session.select(aid)
                return OK
        return NOT_FOUND

    def _native(self, ins: int, data: bytes) -> bytes:
        try:
            if ins == Ins.ADDITIONAL_FRAME:
                answer, status = self._continue(data)
            else:
                answer, status = self._begin(ins, data)
        except Nak as nak:
            self._drop()
            self._session.forget()
            answer, status = b"", nak.status
        return answer + bytes((SW1_NATIVE, status))

    def _drop(self) -> None:
        """Forget what was half-way."""
        self._shaking, self._coming = None, None
        self._going = []

    def _begin(self, ins: int, data: bytes) -> tuple[bytes, int]:
        if self._shaking or self._coming or self._going:
            raise Nak(Status.COMMAND_ABORTED)
        if ins == Ins.SELECT_APPLICATION:
            if len(data) != AID_LEN:
                raise Nak(Status.LENGTH_ERROR)
            self._session.select(data)
            return b"", Status.OK
        if ins in AUTHENTICATIONS and AUTHENTICATIONS[Ins(ins)] <= self.memory.generation:
            return self._shake(ins, data)
        command = COMMANDS.get(ins)
        if command is None or command.generation > self.memory.generation:
            raise Nak(Status.ILLEGAL_COMMAND)
        return self._gather(command, ins, data)

    def _continue(self, data: bytes) -> tuple[bytes, int]:
        if self._shaking:
            return self._shaken(self._shaking, data)
        if self._coming and data:
            ins, body = self._coming
            return self._gather(COMMANDS[ins], ins, body + data)
        if self._going and not data:
            return self._next()
        raise Nak(Status.COMMAND_ABORTED)

    def _shake(self, ins: int, data: bytes) -> tuple[bytes, int]:
        """Begin an authentication; EV2First also brings the reader's capabilities."""
        capabilities = data[2:] if ins == Ins.AUTHENTICATE_EV2_FIRST else b""
        told = data[1] if ins == Ins.AUTHENTICATE_EV2_FIRST and len(data) > 1 else 0
        head = 2 if ins == Ins.AUTHENTICATE_EV2_FIRST else 1
        if len(data) != head + told or len(capabilities) != told:
            raise Nak(Status.LENGTH_ERROR)
        channel = self._session.channel
        before = channel if isinstance(channel, Ev2) else None
        if ins != Ins.AUTHENTICATE_EV2_NON_FIRST:
            before = None
            self._session.forget()
        elif before is None:
            raise Nak(Status.AUTHENTICATION_ERROR)
        key = key_of(self._session, data[0])
        self._shaking = Handshake.begin(ins, data[0], key.value, self._random(16), before=before)
        return self._shaking.sealed, Status.ADDITIONAL_FRAME

    def _shaken(self, shaking: Handshake, data: bytes) -> tuple[bytes, int]:
        self._session.channel, proof = shaking.finish(data, self._random)
        self._session.key = shaking.number
        self._shaking = None
        return proof, Status.OK

    def _gather(self, command: Command, ins: int, body: bytes) -> tuple[bytes, int]:
        """Carry a command out once all of it is there; ask for more until then."""
        if len(body) < command.header:
            raise Nak(Status.LENGTH_ERROR)
        session = self._session
        header, rest = body[: command.header], body[command.header :]
        wire = Wire(
            ins=ins,
            mode=command.mode(session, header),
            writes=command.protects == "written",
            reads=command.protects == "read",
        )
        plain = len(rest)
        if command.length is not None:
            plain = command.length(session, header)
            whole = session.channel.length(wire, plain)
            if len(rest) > whole:
                raise Nak(Status.LENGTH_ERROR)
            if len(rest) < whole:
                self._coming = ins, body
                return b"", Status.ADDITIONAL_FRAME
        self._coming = None
        data = session.channel.accept(wire, header, rest, plain)
        if command.length is not None and len(data) != plain:
            raise Nak(Status.LENGTH_ERROR)
        answer = command.run(session, header, data)  # which may end the session
        self._going = _frames(session.channel.reply(wire, answer), command.cuts)
        return self._next()

    def _next(self) -> tuple[bytes, int]:
        frame = self._going.pop(0)
        return frame, Status.ADDITIONAL_FRAME if self._going else Status.OK


def _frames(answer: bytes, cuts: tuple[int, ...]) -> list[bytes]:
    """Cut an answer into frames: at ``cuts`` first, then every FRAME_MAX bytes; one at least."""
    frames: list[bytes] = []
    for cut in cuts:
        frames.append(answer[:cut])
        answer = answer[cut:]
    frames.append(answer[:FRAME_MAX])
    return frames + [answer[at : at + FRAME_MAX] for at in range(FRAME_MAX, len(answer), FRAME_MAX)]
