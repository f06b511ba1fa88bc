"""Secure messaging as its users see it: a command, a handshake, a session."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from cardreader.desfire.constants import CommMode, Ins


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """One native command before secure messaging.

    ``header`` always travels in clear; ``data`` as ``mode`` says. ``trailer`` follows the data,
    behind EV1's CRC (ChangeKey alone has one).
    """

    ins: int
    header: bytes = b""
    data: bytes = b""
    trailer: bytes = b""
    mode: CommMode = CommMode.MAC

    @property
    def plain(self) -> bytes:
        """The body without secure messaging."""
        return self.header + self.data + self.trailer


class SecureSession(Protocol):
    """An authenticated session; any error ends it and it must not be used again."""

    def wrap(self, command: Command) -> bytes:
        """Give the body to be sent; raises CardTampered when the counter is used up."""
        ...

    def unwrap(self, command: Command, body: bytes) -> bytes:
        """Verify and decipher the answer with status OK; raises CardTampered."""
        ...


class Handshake(Protocol):
    """The secret half of a mutual authentication: two messages in, a session out."""

    @property
    def ins(self) -> Ins:
        """The instruction that begins it."""
        ...

    @property
    def opening(self) -> bytes:
        """What follows the key's number in the first message."""
        ...

    def answer(self, challenge: bytes) -> bytes:
        """Answer the card's enciphered nonce; raises CardTampered on a wrong length."""
        ...

    def finish(self, proof: bytes) -> SecureSession:
        """Check the card's proof and give the session; raises CardTampered."""
        ...
