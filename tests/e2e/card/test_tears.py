"""The tear matrix (CARD.md, "What must be shown", 4): every APDU, cut before and after it.

Link cut or process killed, the card is laid again with the same wish: card and confirmed movements
agree to the cent, the wish is paid once, nothing stays in doubt. Longer runs:
``TEARS_STORIES=500 TEARS_SEED=7 pytest tests/e2e/card/test_tears.py``.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Literal

import pytest

from cardreader.virtual.mischief import At
from kiosk.domain.errors import Refused
from kiosk.domain.money import Money
from kiosk.domain.sale import Order
from kiosk.store.ledger_read import verify_file
from kiosk.usecases.spend_card import SpendCard, SpendStage
from tests.e2e.card.chip_world import ENDS, ChipSpends, End, apdus_of
from tests.plain.cards import VirtualCard
from tests.unit.kiosk.usecases.spend_world import BOOK, CINEMA, ENTRY, LESSON, SEASON

SEED, STORIES = int(os.environ.get("TEARS_SEED", "1")), int(os.environ.get("TEARS_STORIES", "12"))
VISITS = 8  # of a story: fewer than the card's log of ten can tell
APDUS_MAX = 30
SIDES: tuple[Literal["before", "after"], ...] = ("before", "after")
# What one pays with the used card fits its 12,40 €; the rich card buys.
PRODUCTS = {"debit": CINEMA, "entry": ENTRY, "book": BOOK, "pass": SEASON}
PRICES = {CINEMA: (650, 0), ENTRY: (0, 1), BOOK: (2700, -10), SEASON: (4900, 0)}


def payer(world: ChipSpends, product: int) -> VirtualCard:
    return world.other if product in (BOOK, SEASON) else world.card


def apdus(folder: Path, product: int) -> int:
    """Give how many APDUs a whole tap takes."""
    world = ChipSpends(folder / "dry.db")
    kiosk = world.boot()
    kiosk.ask(Order(product=product))
    assert world.tap(kiosk, payer(world, product)) is SpendStage.DONE
    world.die()
    return apdus_of(payer(world, product)).count


def every_moment(number_max: int) -> Iterator[At]:
    assert 18 <= number_max <= APDUS_MAX
    for number in range(1, number_max + 1):
        for side in SIDES:
            yield At(when=side, number=number)


def torn(world: ChipSpends, product: int, at: At, end: End) -> SpendCard:
    """Let a citizen's tap be torn at a moment; gives the kiosk that is there afterwards."""
    card = payer(world, product)

    def asked() -> SpendCard:
        kiosk = world.boot()
        kiosk.ask(Order(product=product))
        return kiosk

    def tapped(die: Callable[[], None]) -> None:
        kiosk = asked()
        if end == "killed":
            apdus_of(card).kill_at(at, die)
        else:
            apdus_of(card).tear(at)
        world.tap(kiosk, card)
        die()

    if end == "cut":
        kiosk = asked()
        apdus_of(card).tear(at)
        assert world.tap(kiosk, card) is not SpendStage.DONE
        return kiosk
    world.killed(tapped)
    return asked()


def faults(world: ChipSpends, product: int) -> list[str]:
    """Say what is wrong after one wish was paid: card, ledger, goods."""
    cents, entries = PRICES[product]
    card = payer(world, product)
    before, after = world.before[card.face.number], card.face
    found = world.faults()
    if before.balance - after.balance != Money(cents):
        found.append(f"{before.balance} became {after.balance} for {cents} cents")
    if sum(b.entries for b in before.books) - sum(b.entries for b in after.books) != entries:
        found.append(f"{before.books} became {after.books} for {entries} entries")
    if world.rows("SELECT count(*) FROM entry") != [(1,)]:
        found.append("not one entry in the ledger")
    return found if len(world.given) == 1 else [*found, f"goods given: {world.given}"]


def fresh(folder: Path, name: str, *, forgetful: bool = False, base: int = 0) -> ChipSpends:
    place = folder / name
    place.mkdir()
    return ChipSpends(place / "ledger.db", forgetful=forgetful, base=base)


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("name", PRODUCTS)
def test_a_tap_torn_at_any_apdu_is_paid_once_when_the_card_is_laid_again(
    tmp_path: Path, name: str, end: End
) -> None:
    product = PRODUCTS[name]
    for number, at in enumerate(every_moment(apdus(tmp_path, product))):
        world = fresh(tmp_path, str(number))
        kiosk = torn(world, product, at, end)
        assert world.given == []
        assert (at, world.tap(kiosk, payer(world, product))) == (at, SpendStage.DONE)
        world.die()
        assert (at, faults(world, product)) == (at, [])


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("name", ["debit", "entry"])
def test_a_torn_card_that_pays_elsewhere_first_is_settled_on_its_return(
    tmp_path: Path, name: str, end: End
) -> None:
    product = PRODUCTS[name]
    last = apdus(tmp_path, product)
    for number, side in [(n, side) for n in (last - 1, last) for side in SIDES]:
        here = fresh(tmp_path, f"{number}-{side}-here")
        there = fresh(tmp_path, f"{number}-{side}-there", base=0x10_0000)
        kiosk = torn(here, product, At(when=side, number=number), end)
        there.card = here.card
        elsewhere = there.boot()
        elsewhere.ask(Order(product=ENTRY))
        assert there.tap(elsewhere) is SpendStage.DONE
        there.die()
        assert here.tap(kiosk) is SpendStage.DONE
        here.die()
        assert (number, side, agreed(here, there)) == (number, side, [])
        assert here.card.face.commits == here.before[here.card.face.number].commits + 2


def test_the_matrix_catches_a_journal_without_a_row_before_the_commit(tmp_path: Path) -> None:
    last = apdus(tmp_path, CINEMA)
    world = fresh(tmp_path, "forgetful", forgetful=True)
    kiosk = torn(world, CINEMA, At(when="after", number=last), "killed")
    with pytest.raises(Refused):  # 5,90 € are left: the second debit finds too little
        world.tap(kiosk)
    world.die()
    assert faults(world, CINEMA)


def agreed(*worlds: ChipSpends) -> list[str]:
    """Say what several kiosks' ledgers and the cards that they share don't agree about."""
    found: list[str] = []
    for card in worlds[0].cards:
        before, after = worlds[0].before[card.face.number], card.face
        rows = [row for world in worlds for row in confirmed(world, card)]
        ids = Counter(id_ for id_, _, _ in rows)
        found += [f"booked {n} times: {i}" for i, n in ids.items() if n > 1]
        logged = {line.transaction_id for line in after.log if line.transaction_id[0] == "M"}
        found += [f"on the card alone: {one}" for one in logged - set(ids)]
        cents = sum(cents for _, cents, _ in rows)
        if before.balance.cents - cents != after.balance.cents:
            found.append(f"{before.balance} became {after.balance}, confirmed {cents}")
        left = sum(book.entries for book in before.books) + sum(moved for _, _, moved in rows)
        if left != sum(book.entries for book in after.books):
            found.append(f"{before.books} became {after.books}")
    for world in worlds:
        ended = "('confirmed', 'not_done')"
        open_ = world.rows(f"SELECT id, state FROM card_move WHERE state NOT IN {ended}")
        booked = {id_ for (id_,) in world.rows("SELECT subject FROM entry")}
        found += [f"given without a debit: {one}" for one in world.given if one not in booked]
        found += [f"not settled: {row}" for row in open_]
        verdict = verify_file(world.path)
        found += [] if verdict.sound else [verdict.reason]
    return found


def confirmed(world: ChipSpends, card: VirtualCard) -> list[tuple[str, int, int]]:
    return world.rows(
        "SELECT id, amount_cents, card_move.entries FROM card_move"
        " JOIN entry ON entry.subject = card_move.id"
        f" WHERE state = 'confirmed' AND card_move.card = '{world.tag(card)}'"
    )


def a_visit(dice: random.Random, world: ChipSpends) -> None:
    """Somebody asks at a kiosk; the tap is torn or the kiosk killed somewhere, or not at all."""
    product = dice.choice([CINEMA, ENTRY, LESSON, BOOK])
    card, end, stays = dice.choice(world.cards), dice.choice(ENDS), dice.random() < 0.7
    at = At(when=dice.choice(SIDES), number=dice.randrange(1, APDUS_MAX))

    def visit() -> None:
        kiosk = world.boot()
        kiosk.ask(Order(product=product))
        with suppress(Refused):  # the purse may be empty by now
            told = world.tap(kiosk, card)
            if stays and told is not SpendStage.DONE:
                world.tap(kiosk, card)

    def doomed(die: Callable[[], None]) -> None:
        if end == "killed":
            apdus_of(card).kill_at(at, die)
        else:
            apdus_of(card).tear(at)
        visit()
        die()

    if end == "cut":
        apdus_of(card).tear(at)
        visit()
    else:
        world.killed(doomed)
    apdus_of(card).tear(None)


@pytest.mark.parametrize("seed", range(SEED, SEED + STORIES))
def test_no_story_of_two_kiosks_loses_or_doubles_a_cent(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    one, two = (fresh(tmp_path, str(n), base=n * 0x10_0000) for n in range(2))
    two.card, two.other = one.card, one.other
    for _ in range(VISITS):
        a_visit(dice, dice.choice((one, two)))
    for world in (one, two):
        world.finish()
    assert (seed, agreed(one, two)) == (seed, [])
