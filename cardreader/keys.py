"""The card's keys: one master per key number and version, one derived key per card.

A card's key is ``diversify(master, UID ‖ AID ‖ system id)`` (NXP AN10922). The masters of one
version are a KeySet; a territory moves its cards to the next version at a tap (``issue.MoveKeys``).
Nobody outside a KeyHolder sees a master or a card's key: it gives handshakes, sessions and
enciphered key changes.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from cardreader.desfire.commands import change_key, transaction_mac_file
from cardreader.desfire.constants import KEY_LEN, UID_LEN, CommMode
from cardreader.desfire.crypto import diversify
from cardreader.desfire.ev2 import Ev2Handshake, Ev2Session
from cardreader.desfire.messaging import Command, Handshake, SecureSession
from cardreader.layout import ACCESS, AID, PROOF, SYSTEM_ID, Key
from kiosk.domain.errors import KeyAbsent

FACTORY_KEY = bytes(KEY_LEN)  # what every key of a new application is, with version 0
FACTORY_VERSION = 0
VERSION_MAX = 0xFF


@dataclass(frozen=True, slots=True, kw_only=True)
class KeySet:
    """The masters of one key version, as many as their holder may have; never shown by repr."""

    version: int
    masters: Mapping[Key, bytes] = field(repr=False)

    def __post_init__(self) -> None:
        if not FACTORY_VERSION < self.version <= VERSION_MAX:
            msg = f"a key version of {self.version}"
            raise ValueError(msg)
        if any(len(master) != KEY_LEN for master in self.masters.values()):
            raise ValueError("a master of another length than 16 bytes")


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyChange:
    """The change of one key of one card from a version to another."""

    uid: bytes
    key: Key
    from_version: int
    to_version: int


class KeyHolder(Protocol):
    """What has masters and uses them; the keys never leave it."""

    @property
    def version(self) -> int:
        """The newest version it holds."""
        ...

    def handshake(
        self, key: Key, uid: bytes, version: int, within: SecureSession | None
    ) -> Handshake:
        """Begin an authentication, NonFirst ``within`` a session; raises KeyAbsent."""
        ...

    def wrap_key_change(self, session: SecureSession, change: KeyChange) -> tuple[Command, bytes]:
        """Give ChangeKey without its data, and its body as it travels; raises KeyAbsent."""
        ...

    def wrap_proof_file(self, session: SecureSession, uid: bytes) -> tuple[Command, bytes]:
        """Give CreateTransactionMACFile without its key, and its body; raises KeyAbsent."""
        ...


class KeyRing:
    """A KeyHolder in this process's memory (the authorities ``test`` and ``sealed``, the hub)."""

    def __init__(
        self, sets: Sequence[KeySet], *, random: Callable[[int], bytes] = secrets.token_bytes
    ) -> None:
        self._sets = {one.version: one for one in sets}
        self._random = random

    @property
    def version(self) -> int:
        """The newest version it holds."""
        return max(self._sets)

    def handshake(
        self, key: Key, uid: bytes, version: int, within: SecureSession | None
    ) -> Handshake:
        """Begin an EV2 authentication with a card's key; raises KeyAbsent."""
        assert within is None or isinstance(within, Ev2Session), "a ring's sessions are its own"
        return Ev2Handshake(self._key(key, uid, version), self._random, within)

    def wrap_key_change(self, session: SecureSession, change: KeyChange) -> tuple[Command, bytes]:
        """Give ChangeKey and its body; the master key is changed as the session's own."""
        new = self._key(change.key, change.uid, change.to_version)
        own = change.key is Key.MASTER
        old = None if own else self._key(change.key, change.uid, change.from_version)
        return _wrapped(session, change_key(change.key, new, change.to_version, old))

    def wrap_proof_file(self, session: SecureSession, uid: bytes) -> tuple[Command, bytes]:
        """Give CreateTransactionMACFile and its body."""
        key = self._key(Key.PROOF, uid, self.version)
        return _wrapped(session, transaction_mac_file(PROOF, ACCESS[PROOF], key, self.version))

    def _key(self, key: Key, uid: bytes, version: int) -> bytes:
        if version == FACTORY_VERSION:
            return FACTORY_KEY
        master = self._sets[version].masters.get(key) if version in self._sets else None
        if master is None:
            raise KeyAbsent(f"key {key.name} of version {version} isn't held here")
        return diversify(master, diversifier(uid))


def diversifier(uid: bytes) -> bytes:
    """Give AN10922's M for a card of this system: UID ‖ AID ‖ system id, 17 bytes."""
    if len(uid) != UID_LEN:
        msg = f"a UID of {len(uid)} bytes"
        raise ValueError(msg)
    return uid + AID + SYSTEM_ID


def _wrapped(session: SecureSession, command: Command) -> tuple[Command, bytes]:
    """Wrap a command whose data are keys, and give it back without them."""
    hollow = Command(ins=command.ins, header=command.header, mode=CommMode.FULL)
    return hollow, session.wrap(command)
