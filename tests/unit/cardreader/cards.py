"""Purse cards for tests: a software chip on a transport, personalised as staff would do it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from cardreader.authority import CardAuthority, authority_for_tests
from cardreader.card_app import Desk, PurseCardSession
from cardreader.image import NamedProduct, ProductNames
from cardreader.issue import NewCard, personalise
from cardreader.keys import KeySet
from cardreader.layout import ENTRIES, Identity, Key, Slot, Standing
from cardreader.virtual.chip.card import VirtualDesfire
from cardreader.virtual.chip.memory import Memory
from cardreader.virtual.issue import KEY_VERSION, known_master
from cardreader.virtual.link import InMemoryTransport
from cardreader.virtual.mischief import Torn
from kiosk.domain.money import Money
from kiosk.domain.purse import Load, Prepared, Spend

NOW = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)
UID, OTHER_UID = bytes.fromhex("04A17E57CA4D01"), bytes.fromhex("04A17E57CA4D02")
NUMBER = "ALV61-0000-4821"
POOL, POOL_BOOK, LIBRARY, SERVICE = 1, 2, 3, 4
NAMES = ProductNames(
    products={
        POOL: NamedProduct(label="Piscine", service="piscine"),
        POOL_BOOK: NamedProduct(label="Carnet de 10 entrées", service="piscine"),
        LIBRARY: NamedProduct(label="Médiathèque", service="mediatheque"),
    },
    books={ENTRIES: POOL_BOOK},
)
STANDING = Standing(valid_until=date(2029, 12, 31))


def key_set(version: int = KEY_VERSION) -> KeySet:
    """Give the published test keys, or another version of them."""
    shift = version - KEY_VERSION
    masters = {key: bytes(one ^ shift for one in known_master(key)) for key in Key}
    return KeySet(version=version, masters=masters)


def everything() -> CardAuthority:
    """Give an authority that holds every key."""
    return authority_for_tests(key_set(), environment="test")


@dataclass
class CardStand:
    """One card that can be laid again and torn away."""

    chip: VirtualDesfire
    torn: Torn = field(init=False)
    transport: InMemoryTransport = field(init=False)

    def __post_init__(self) -> None:
        self.torn = Torn(self.chip)
        self.lay()

    def lay(self) -> InMemoryTransport:
        self.transport = InMemoryTransport(self.torn)
        return self.transport

    def session(self, authority: CardAuthority | None = None) -> PurseCardSession:
        """Lay the card again and give its session."""
        desk = Desk(authority=authority or everything(), names=NAMES, kiosk=7)
        return PurseCardSession(self.lay(), desk)


def blank(uid: bytes = UID) -> CardStand:
    """Give a card as it comes from the factory."""
    return CardStand(VirtualDesfire(Memory(uid=uid)))


def issued(
    *,
    uid: bytes = UID,
    cents: int = 0,
    entries: int = 0,
    standing: Standing = STANDING,
    slots: tuple[Slot | None, ...] = (),
) -> CardStand:
    """Give a personalised card."""
    stand = blank(uid)
    new = NewCard(
        identity=Identity(number=NUMBER, territory=61, issued=date(2026, 1, 5)),
        standing=standing,
        at=NOW,
        slots=slots,
        opening_cents=cents,
        opening_entries=entries,
    )
    personalise(stand.transport, everything(), new)
    return stand


def transaction(number: int, letter: str = "D") -> str:
    """Give the transaction id of a number."""
    return f"{letter}-{number:012x}"


def load(number: int, cents: int = 2000) -> Load:
    """Give a load; its id follows its number."""
    return Load(
        number=number,
        amount=Money(cents),
        transaction_id=transaction(number, "T"),
        label="Recharge",
        at=NOW,
    )


def debit(sequence: int, cents: int = 320, *, number: int = 1) -> Spend:
    """Give a debit of the purse, decided on ``sequence``."""
    return Spend(
        transaction_id=transaction(number),
        kind="debit",
        product=SERVICE,
        amount=Money(cents),
        sequence=sequence,
        at=NOW,
    )


def entry(sequence: int, entries: int = -1) -> Spend:
    """Give an entry taken from the book, or entries given back."""
    return Spend(
        transaction_id=transaction(2),
        kind="entry" if entries < 0 else "refund",
        product=POOL,
        amount=Money(0),
        sequence=sequence,
        at=NOW,
        book=ENTRIES,
        entries=entries,
    )


def keep(prepared: Prepared) -> None:
    """Be a journal that needn't remember."""
    del prepared


def counted(stand: CardStand, step: Callable[[], object]) -> int:
    """Give how many APDUs a step takes."""
    before = stand.torn.count
    step()
    return stand.torn.count - before
