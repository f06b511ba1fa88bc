"""One tap of a purse card: its UID, its application selected, and sessions with its keys.

Rules:

1. A tap begins with the reader's UID (FF CA) and SELECT; a UID other than the bound one is
   another card.
2. Keys are diversified by that UID: a card that lies about it can't authenticate.
3. The first key is used by AuthenticateEV2First, each later one by NonFirst, which keeps the
   transaction (ADR 0008).
4. A key of another version than supposed is told by GetKeyVersion, and the tap begins anew.
5. What was read in a session holds as long as that session does: another reader would have had to
   select the application again, which ends it, and the card would refuse our next command.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from cardreader.apdu import NativeCard
from cardreader.desfire.commands import DesfireCard
from cardreader.desfire.constants import UID_LEN, Status
from cardreader.keys import KeyChange, KeyHolder
from cardreader.layout import AID, Key
from cardreader.transport import GET_UID, Transport, data_of
from kiosk.domain.errors import CardForeign, CardTampered, OtherCard
from kiosk.domain.purse import Prepared


@dataclass
class StaleKey(Exception):
    """A key has another version than supposed; caught by whoever began the tap."""

    key: Key
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tap:
    """What a tap begins with: the bound UID, the key versions that are known, the journal."""

    bound: bytes | None
    versions: Mapping[Key, int]
    durable: Callable[[Prepared], None]


class OpenCard:
    """A card whose application is selected."""

    def __init__(self, transport: Transport, holder: KeyHolder, tap: Tap) -> None:
        self._holder = holder
        self._tap = tap
        self._key: Key | None = None
        self.seen: object = None  # what the last reading of this session gave
        self.committing = False
        self.uid = data_of(transport, GET_UID)
        if len(self.uid) != UID_LEN:
            raise CardForeign(f"a thing with a UID of {len(self.uid)} bytes")
        if tap.bound is not None and self.uid != tap.bound:
            raise OtherCard("another card lies on the reader")
        self.commands = DesfireCard(NativeCard(transport))
        self.commands.select(AID)

    def make_durable(self, prepared: Prepared) -> None:
        """Have the journal keep what is about to be committed; raises what the journal raises."""
        self.committing = True
        self._tap.durable(prepared)

    def go_on(self, durable: Callable[[Prepared], None]) -> None:
        """Serve one more operation, whose journal is ``durable``, in the same session."""
        self._tap, self.committing = replace(self._tap, durable=durable), False

    def use(self, key: Key, *, version: int | None = None) -> DesfireCard:
        """Authenticate with ``key`` and give the commands; ``version`` when it is known.

        A key whose session this is already needs no authentication. Raises KeyAbsent, CardTampered,
        CardPulled, StaleKey (never with a known version).
        """
        if key is self._key and self.commands.session is not None:
            return self.commands
        self._key = None
        known = self._tap.versions.get(key, version)
        version = self._holder.version if known is None else known
        handshake = self._holder.handshake(key, self.uid, version, self.commands.session)
        status = self.commands.authenticate(key, handshake)
        if status is Status.OK:
            self._key = key
            return self.commands
        if status is Status.AUTHENTICATION_ERROR and known is None:
            self._learn(key, version)
        raise CardTampered(f"key {key.name}: the card refuses it")

    def move_key(self, key: Key) -> bool:
        """Move one key to the newest version, in the master key's session; False: it is there.

        Moving the master key itself ends the session.
        """
        commands, to_version = self.commands, self._holder.version
        found = commands.key_version(key)
        if found == to_version:
            return False
        change = KeyChange(uid=self.uid, key=key, from_version=found, to_version=to_version)
        assert commands.session is not None, "keys are changed in a session"
        command, body = self._holder.wrap_key_change(commands.session, change)
        commands.run_wrapped(command, body, last=key is Key.MASTER)
        return True

    def create_proof_file(self) -> None:
        """Create the transaction MAC file, in a session with the master key."""
        assert self.commands.session is not None, "files are created in a session"
        self.commands.run_wrapped(*self._holder.wrap_proof_file(self.commands.session, self.uid))

    def _learn(self, key: Key, tried: int) -> None:
        """Raise StaleKey when the card tells another version of the key than was tried."""
        self.commands.select(AID)
        found = self.commands.key_version(key)
        if found != tried:
            raise StaleKey(key, found)
