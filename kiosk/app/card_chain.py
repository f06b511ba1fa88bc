"""The real reader chain as the kiosk and the command line use it: which keys, which readers.

In production the keys are those that the hub delivered (kiosk.app.delivered_keys); elsewhere they
are the published test keys, and cards are the demonstration's.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cardreader.authority import CardAuthority
from cardreader.card_app import Desk, PurseCardSession
from cardreader.detect import OpenPurse, session_of
from cardreader.hand import Hand
from cardreader.image import ProductNames
from cardreader.layout import AID
from cardreader.pcsc import Context
from cardreader.presence import Slot
from cardreader.quirks import Role, role_of
from cardreader.reader import PcscReader
from kiosk.domain.environment import PRODUCTION
from kiosk.domain.errors import CardsTwo, InputRefused, ReaderAbsent
from kiosk.domain.purse import Book, CardFace, Entitlement, Operation

if TYPE_CHECKING:
    from kiosk.app.hub_relay import HubRelay


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """How cards are reached.

    ``pattern`` names the citizen's reader, ``names`` are the words for the card's numbers;
    ``environment`` "production" takes the keys delivered to the data folder ``folder``, others take
    the published ones. ``relay`` leads to the hub that writes loads there.
    """

    pattern: str = ""
    names: ProductNames = field(default_factory=ProductNames)
    environment: str = ""
    folder: Path | None = None
    relay: HubRelay | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderLine:
    """One reader: its name, its role here, whether a card lies there, and that card's ATR (hex)."""

    reader: str
    role: Role
    card: bool
    atr: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """One operation of a card's log."""

    seq: int
    kind: str
    label: str
    at: datetime
    amount_cents: int | None
    entries: int
    balance_after_cents: int | None
    transaction_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CardRead:
    """What ``alveole card read`` tells: ``card`` is the pseudonymous number."""

    reader: str
    card: str
    kind: str
    balance_cents: int
    books: tuple[Book, ...]
    entitlements: tuple[Entitlement, ...]
    log: tuple[LogLine, ...]


def purse_opener(chain: Chain) -> OpenPurse:
    """Give what opens a purse card's session; without delivered keys it raises CardKeysAwaited.

    Raises InputRefused in production for a chain that names no data folder.
    """
    desk = Desk(authority=_authority(chain), names=chain.names)
    return lambda transport: PurseCardSession(transport, desk)


def _authority(chain: Chain) -> CardAuthority:
    if chain.environment != PRODUCTION:
        from cardreader.authority import authority_for_tests
        from cardreader.virtual.issue import known_set

        return authority_for_tests(known_set(), environment=chain.environment)
    if chain.folder is None:
        raise InputRefused(
            "this kiosk holds no keys of real cards",
            where="reader",
            todo='set reader = "none" in settings.toml, or unset ALVEOLE_ENV',
        )
    from kiosk.app.delivered_keys import DeliveredAuthority
    from kiosk.store.card_keys import CardKeyStore

    own = DeliveredAuthority(CardKeyStore(chain.folder))
    if chain.relay is None:
        return own
    from kiosk.app.hub_relay import LoadsByHub

    return LoadsByHub(own, chain.relay)


def open_reader(chain: Chain) -> PcscReader:
    """Make the kiosk's reader; it starts with or without pcscd. Raises InputRefused."""
    return PcscReader(purse_opener(chain), aid=AID, pattern=chain.pattern)


def reader_lines(pattern: str) -> list[ReaderLine]:
    """List the readers; none where PC/SC doesn't answer."""
    try:
        slots = _slots()
    except ReaderAbsent:
        return []
    return [
        ReaderLine(
            reader=slot.name,
            role=role_of(slot.name, pattern),
            card=slot.present,
            atr=slot.atr.hex().upper() if slot.present else "",
        )
        for slot in slots
    ]


def read_once(chain: Chain) -> CardRead:
    """Read the card that lies there now.

    Raises ReaderAbsent (no service, no reader, no card), CardsTwo, CardForeign, CardTampered,
    CardPulled, InputRefused.
    """
    purse = purse_opener(chain)
    slots = [slot for slot in _slots() if role_of(slot.name, chain.pattern) == "citizen"]
    lying = [slot for slot in slots if slot.present]
    if not lying:
        raise ReaderAbsent("no card on the reader" if slots else "no reader")
    if len(lying) > 1:
        raise CardsTwo(f"cards on {len(lying)} readers: lay one, or name its reader")
    hand = Hand(lying[0].name)
    try:
        hand.take()
        session = session_of(hand, lying[0].atr, aid=AID, purse=purse)
        return card_read(lying[0].name, session.read())
    finally:
        hand.close()
        hand.gone()


def card_read(reader: str, face: CardFace) -> CardRead:
    """Give a card's face as the command line prints it."""
    return CardRead(
        reader=reader,
        card=face.number,
        kind=face.kind,
        balance_cents=face.balance.cents,
        books=face.books,
        entitlements=face.entitlements,
        log=tuple(_log_line(one) for one in face.log),
    )


def _log_line(one: Operation) -> LogLine:
    return LogLine(
        seq=one.seq,
        kind=one.kind,
        label=one.label,
        at=one.at,
        amount_cents=one.amount.cents if one.amount is not None else None,
        entries=one.entries,
        balance_after_cents=one.balance_after.cents if one.balance_after is not None else None,
        transaction_id=one.transaction_id,
    )


def _slots() -> tuple[Slot, ...]:
    context = Context()
    try:
        return context.slots()
    finally:
        context.close()
