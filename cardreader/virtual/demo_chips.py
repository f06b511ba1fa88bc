"""The demo's cards as chips, byte by byte; invented, and said so on screen."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from cardreader.image import BOOK_VALIDITY, NamedProduct, ProductNames
from cardreader.issue import NewCard
from cardreader.layout import ENTRIES, PURSE, Identity, Record, Slot, Standing
from cardreader.virtual.cards import TEST_TERRITORY, Past, issued
from cardreader.virtual.chip.card import VirtualDesfire

USED_NUMBER, EMPTY_NUMBER = "ALV61-0000-4821", "ALV61-0000-7306"
USED_UID = bytes.fromhex("04D3E1CA4D4821")
EMPTY_UID = bytes.fromhex("04D3E1CA4D7306")
CLOSING_DAY = (6, 30)  # season passes and books end with the school year
# The product codes of the demo territory, L'Orne.
POOL_ENTRY, POOL_BOOK, LIBRARY, CINEMA = 101, 102, 201, 301

NAMES = ProductNames(
    products={
        POOL_ENTRY: NamedProduct(label="Entrée piscine", service="piscine"),
        POOL_BOOK: NamedProduct(label="Carnet de 10 entrées", service="piscine"),
        LIBRARY: NamedProduct(label="Adhésion à la médiathèque", service="mediatheque"),
        CINEMA: NamedProduct(label="Place de cinéma", service="cinema"),
    },
    books={ENTRIES: POOL_BOOK},
)


def used_chip(now: datetime) -> VirtualDesfire:
    """Give the card of the design's pictures: 12,40 €, seven pool entries, a library membership."""
    until = season_end(now.date())
    start = until.replace(year=until.year - 1)
    handed_out = now - timedelta(days=60)
    new = NewCard(
        identity=_identity(USED_NUMBER, handed_out),
        standing=Standing(valid_until=date(now.year + 3, 12, 31)),
        at=handed_out,
        slots=(
            Slot(product=LIBRARY, valid_from=start, valid_until=until),
            Slot(product=POOL_BOOK, valid_until=until, flags=BOOK_VALIDITY),
        ),
        opening_cents=1240,
        opening_entries=7,
    )
    return VirtualDesfire(issued(USED_UID, new, _past(now)))


def empty_chip(now: datetime) -> VirtualDesfire:
    """Give a card as it was handed out: nothing on it yet."""
    handed_out = now - timedelta(days=1)
    new = NewCard(
        identity=_identity(EMPTY_NUMBER, handed_out),
        standing=Standing(valid_until=date(now.year + 5, 12, 31)),
        at=handed_out,
    )
    return VirtualDesfire(issued(EMPTY_UID, new))


def season_end(today: date) -> date:
    """Give the closing day that comes next."""
    end = date(today.year, *CLOSING_DAY)
    return end if today <= end else end.replace(year=today.year + 1)


def _identity(number: str, handed_out: datetime) -> Identity:
    return Identity(number=number, territory=TEST_TERRITORY, issued=handed_out.date())


def _past(now: datetime) -> Past:
    """Give the three operations of the pictures; they end on the balance of 12,40 €."""
    whole = now.replace(microsecond=0)
    load = Record(
        seq=10,
        kind="load",
        file=PURSE,
        amount=2000,
        balance_after=1890,
        at=whole - timedelta(days=7, hours=1),
        transaction_id="L-00000000000a",
    )
    seat = Record(
        seq=11,
        kind="debit",
        file=PURSE,
        amount=-650,
        balance_after=1240,
        at=whole - timedelta(days=4, hours=22),
        transaction_id="S-00000000000b",
        product=CINEMA,
    )
    entry = Record(
        seq=12,
        kind="entry",
        file=ENTRIES,
        amount=-1,
        balance_after=7,
        at=whole - timedelta(days=1, hours=17),
        transaction_id="S-00000000000c",
        product=POOL_ENTRY,
    )
    return Past(records=(load, seat, entry), last_load=3, commits=12)
