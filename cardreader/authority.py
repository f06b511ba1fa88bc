"""Who may do what with a card's keys: run an operation on a card, give its outcome.

====== ======================================================== =========================
kind   keys                                                     where
====== ======================================================== =========================
test   all, published; refused in production                    this process
sealed read, debit and services (K1, K2, K5)                    this process, sealed file
sam    all but the master key's; a ceiling on credit            a module in a second slot
relay  all                                                      the hub, APDU by APDU
====== ======================================================== =========================
An operation that needs a key which its authority lacks raises KeyAbsent before anything is
written. All pass tests/contracts/test_card_authority.py.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from cardreader.at_rest import unwrap_secret, wrap_secret
from cardreader.desfire.constants import KEY_LEN
from cardreader.keys import KeyHolder, KeyRing, KeySet
from cardreader.layout import CARD_KEYS, Key
from cardreader.opened import OpenCard, StaleKey, Tap
from cardreader.transport import Transport
from kiosk.domain.environment import PRODUCTION
from kiosk.domain.errors import CardTampered, InputRefused
from kiosk.domain.purse import Prepared

T_co = TypeVar("T_co", covariant=True)
T = TypeVar("T")
TAPS_MAX = 1 + len(CARD_KEYS)  # each key may turn out stale once
SEALED_KEYS = (Key.IDENTIFY, Key.DEBIT, Key.SERVICES)
_SEAL_LABEL = b"alveole sealed keys 2"


class Operation(Protocol[T_co]):
    """What is done with a card during one tap; ``uid`` binds it to one card, None to any."""

    @property
    def uid(self) -> bytes | None:
        """The card it is for."""
        ...

    def perform(self, card: OpenCard) -> T_co:
        """Do it; raises declared errors."""
        ...


class Continued(Operation[T_co], Protocol[T_co]):
    """An operation that may also go on where the last reading of the same card has stopped."""

    def go_on(self, card: OpenCard) -> T_co:
        """Do it in the session that has read the card; raises declared errors."""
        ...


Durable = Callable[[Prepared], None]


def no_journal(prepared: Prepared) -> None:
    """Stand where no journal is needed: a spend that reaches it is a bug."""
    raise AssertionError(f"no journal keeps {prepared.transaction_id}")


class CardAuthority(Protocol):
    """The port: keys stay behind it, operations go in, outcomes come out."""

    def run(
        self, transport: Transport, operation: Operation[T], durable: Durable = no_journal
    ) -> T:
        """Run one operation from SELECT on; ``durable`` is called before a spend's commit.

        Raises CardForeign, OtherCard, KeyAbsent, CardTampered, CardPulled, ReaderAbsent, and what
        the operation raises.
        """
        ...

    def go_on(
        self, transport: Transport, operation: Continued[T], durable: Durable = no_journal
    ) -> T:
        """Run one operation in the session of the last one, or from SELECT on if that is over.

        Raises what ``run`` raises.
        """
        ...


class HolderAuthority:
    """An authority over a key holder; the tap begins anew when a key's version was another.

    It remembers the last card only: a secure module has one session.
    """

    def __init__(self, holder: KeyHolder) -> None:
        self._holder = holder
        self._last: tuple[Transport, OpenCard] | None = None

    def run(
        self, transport: Transport, operation: Operation[T], durable: Durable = no_journal
    ) -> T:
        """Run one operation; see CardAuthority."""
        self._last = None
        versions: dict[Key, int] = {}
        for _ in range(TAPS_MAX):
            try:
                tap = Tap(bound=operation.uid, versions=versions, durable=durable)
                card = OpenCard(transport, self._holder, tap)
                done = operation.perform(card)
            except StaleKey as stale:
                versions[stale.key] = stale.version
            else:
                self._last = transport, card
                return done
        raise CardTampered("the card's key versions don't hold still")

    def go_on(
        self, transport: Transport, operation: Continued[T], durable: Durable = no_journal
    ) -> T:
        """Run one operation in the last one's session, or anew; see CardAuthority."""
        last, self._last = self._last, None
        if last is None or last[0] is not transport:
            return self.run(transport, operation, durable)
        card = last[1]
        card.go_on(durable)
        try:
            return operation.go_on(card)
        except (CardTampered, StaleKey):
            if card.committing:
                raise
        return self.run(transport, operation, durable)  # the session was over: nothing is written


def authority_for_tests(keys: KeySet, *older: KeySet, environment: str) -> HolderAuthority:
    """Give the authority of tests and demo; raises InputRefused in production."""
    if environment == PRODUCTION:
        raise InputRefused("test keys in production", todo="configure the sealed keys or a SAM")
    return HolderAuthority(KeyRing([keys, *older]))


def seal(keys: KeySet, wrapping_key: bytes) -> bytes:
    """Give a kiosk's keys as they lie on its disk: of K1, K2 and K5 those that it was given."""
    held = [key for key in SEALED_KEYS if key in keys.masters]
    plain = b"".join((bytes((keys.version,)), *(bytes((key,)) + keys.masters[key] for key in held)))
    return wrap_secret(plain, wrapping_key, _SEAL_LABEL)


def sealed_authority(wrapping_key: bytes, *sealed: bytes) -> HolderAuthority:
    """Open sealed keys, one blob per version; raises InputRefused when one isn't whole."""
    return HolderAuthority(KeyRing([_unseal(blob, wrapping_key) for blob in sealed]))


def _unseal(blob: bytes, wrapping_key: bytes) -> KeySet:
    plain = unwrap_secret(blob, wrapping_key, _SEAL_LABEL)
    step = 1 + KEY_LEN
    pieces = [plain[at : at + step] for at in range(1, len(plain), step)]
    if not pieces or len(pieces[-1]) != step or any(one[0] not in SEALED_KEYS for one in pieces):
        raise InputRefused("sealed keys of another shape", todo="seal the keys anew")
    return KeySet(version=plain[0], masters={Key(one[0]): one[1:] for one in pieces})
