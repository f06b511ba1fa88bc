"""Stories of spending: entries, services, books, passes, refusals, torn cards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from kiosk.domain.card_move import MoveState
from kiosk.domain.card_rules import CardRules
from kiosk.domain.errors import (
    AlveoleError,
    BlocklistOld,
    CardBlocked,
    CardForeign,
    CardTampered,
    LimitReached,
    MoveDisputed,
    OtherCard,
    ProductUnknown,
    PurseEmpty,
    PurseFull,
    StorageFull,
)
from kiosk.domain.money import Money
from kiosk.domain.purse import Spend
from kiosk.domain.sale import Order
from kiosk.store.ledger import Ledger
from kiosk.store.ledger_moves import Moves
from kiosk.usecases.spend_card import AGAIN_MAX, SpendCard, SpendStage
from tests.plain.cards import Tear, VirtualCard
from tests.plain.faces import bank_card
from tests.unit.kiosk.usecases.spend_world import (
    BOOK,
    CINEMA,
    ENTRY,
    LESSON,
    SEASON,
    SpendWorld,
)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[SpendWorld]:
    one = SpendWorld(tmp_path / "ledger.db")
    yield one
    one.die()


def asked(world: SpendWorld, product: int, tariff: str = "full") -> SpendCard:
    kiosk = world.boot()
    kiosk.ask(Order(product=product, tariff=tariff))
    return kiosk


def legs(world: SpendWorld) -> list[tuple[str, str, int]]:
    return world.rows(
        "SELECT kind, account, cents FROM leg JOIN entry ON entry.seq = leg.entry"
        " ORDER BY entry, place"
    )


def test_an_entry_is_taken_from_the_book_and_told(world: SpendWorld) -> None:
    kiosk = asked(world, ENTRY)
    assert world.tap(kiosk) is SpendStage.DONE
    told = kiosk.progress
    assert told is not None
    assert told.face is not None
    assert told.move is not None
    assert told.face.books[0].entries == 6
    assert (told.move.kind, told.move.entry, told.recovered) == ("entry", 1, False)
    world.die()
    assert legs(world) == [("entry", "purse.float", 0), ("entry", "income.piscine", 0)]
    assert world.faults() == []


def test_a_service_is_taken_from_the_purse_at_its_price(world: SpendWorld) -> None:
    assert world.tap(asked(world, CINEMA, "child")) is SpendStage.DONE
    assert world.card.face.balance == Money(840)
    world.die()
    assert legs(world) == [("debit", "purse.float", 400), ("debit", "income.cinema", -400)]


def test_an_entry_without_a_book_is_taken_from_the_purse(world: SpendWorld) -> None:
    assert world.tap(asked(world, ENTRY), world.other) is SpendStage.DONE
    assert world.other.face.balance == Money(8680)


def test_a_bought_book_earns_its_price_at_its_sale(world: SpendWorld) -> None:
    assert world.tap(asked(world, BOOK), world.other) is SpendStage.DONE
    assert [book.entries for book in world.other.face.books] == [10]
    world.die()
    assert legs(world) == [
        ("purchase", "purse.float", 2700),
        ("purchase", "income.piscine", -2700),
    ]


def test_a_bought_pass_lasts_until_the_end_of_the_season(world: SpendWorld) -> None:
    assert world.tap(asked(world, SEASON), world.other) is SpendStage.DONE
    (held,) = world.other.face.entitlements
    assert (held.code, str(held.valid_until)) == (SEASON, "2027-06-30")


def test_a_card_that_lies_there_is_taken_from_as_soon_as_one_asks(world: SpendWorld) -> None:
    kiosk = world.boot()
    assert kiosk.card_laid(world.lay()) is None
    assert kiosk.ask(Order(product=CINEMA)).stage is SpendStage.DONE


def test_a_tap_without_a_wish_takes_nothing(world: SpendWorld) -> None:
    before = world.card.face
    assert world.tap(world.boot()) is None
    assert world.card.face == before


def test_a_second_tap_takes_nothing_more(world: SpendWorld) -> None:
    kiosk = asked(world, CINEMA)
    world.tap(kiosk)
    balance = world.card.face.balance
    kiosk.card_laid(world.lay())
    assert world.card.face.balance == balance


def test_one_may_ask_again_after_the_end(world: SpendWorld) -> None:
    kiosk = asked(world, ENTRY)
    for left in (6, 5):
        kiosk.ask(Order(product=ENTRY))
        world.tap(kiosk)
        assert world.card.face.books[0].entries == left


def test_after_leaving_nothing_is_wanted_any_more(world: SpendWorld) -> None:
    kiosk = asked(world, CINEMA)
    kiosk.leave()
    assert kiosk.progress is None
    assert world.tap(kiosk) is None


def test_a_product_that_nobody_sells_is_refused(world: SpendWorld) -> None:
    with pytest.raises(ProductUnknown):
        asked(world, 999)


def refused(world: SpendWorld, product: int, error: type[AlveoleError]) -> None:
    """A refusal leaves card and journal as they were, and the order waits."""
    before = world.card.face
    kiosk = asked(world, product)
    with pytest.raises(error):
        kiosk.card_laid(world.lay())
    assert world.card.face == before
    assert kiosk.progress is not None
    assert kiosk.progress.stage is SpendStage.CARD
    assert list(world.moves.unsettled()) == []
    assert world.rows("SELECT count(*) FROM card_move") == [(0,)]


def test_more_than_the_purse_holds_is_refused(world: SpendWorld) -> None:
    refused(world, BOOK, PurseEmpty)


def test_a_lost_card_cannot_pay(world: SpendWorld) -> None:
    world.publish(world.card)
    refused(world, ENTRY, CardBlocked)


def test_a_list_that_is_too_old_lets_cards_only_be_read(world: SpendWorld) -> None:
    world.publish(age=timedelta(days=4))
    refused(world, ENTRY, BlocklistOld)


def test_without_a_list_cards_are_only_read(world: SpendWorld) -> None:
    world.path.with_name("blocklist.json").unlink()
    refused(world, ENTRY, BlocklistOld)


def test_a_foreign_thing_cannot_pay(world: SpendWorld) -> None:
    kiosk = asked(world, ENTRY)
    with pytest.raises(CardForeign):
        kiosk.card_laid(world.reader.lay(bank_card()))


def test_a_book_that_would_overflow_is_refused(world: SpendWorld) -> None:
    full = replace(world.card.face.books[0], entries=95)
    rich = replace(world.card.face, books=(full,), balance=Money(5000))
    world.card = VirtualCard(rich)
    refused(world, BOOK, PurseFull)


def test_the_limit_of_movements_holds_over_a_restart(tmp_path: Path) -> None:
    world = SpendWorld(tmp_path / "ledger.db", rules=CardRules(card_moves_max=2))
    for _ in range(2):
        assert world.tap(asked(world, ENTRY)) is SpendStage.DONE
    kiosk = asked(world, ENTRY)
    with pytest.raises(LimitReached):
        kiosk.card_laid(world.lay())
    assert world.ledger is not None
    world.moves.acknowledge(world.ledger.events()[-1].seq)
    assert world.tap(kiosk) is SpendStage.DONE
    world.die()


def test_the_limit_counts_the_sum_too(tmp_path: Path) -> None:
    world = SpendWorld(tmp_path / "ledger.db", rules=CardRules(card_sum_max=Money(1200)))
    assert world.tap(asked(world, CINEMA)) is SpendStage.DONE
    kiosk = asked(world, CINEMA, "reduced")
    assert world.tap(kiosk) is SpendStage.DONE
    kiosk.ask(Order(product=CINEMA, tariff="child"))
    with pytest.raises(LimitReached):
        kiosk.card_laid(world.lay(world.card))
    world.die()


def torn(world: SpendWorld, tear: Tear, product: int = CINEMA) -> SpendCard:
    kiosk = asked(world, product)
    world.card.tear(tear)
    assert world.tap(kiosk) is SpendStage.CARD_AGAIN
    return kiosk


@pytest.mark.parametrize("tear", ["before", "after"])
@pytest.mark.parametrize("product", [CINEMA, ENTRY])
def test_the_same_card_laid_again_ends_the_doubt_and_pays_once(
    world: SpendWorld, tear: Tear, product: int
) -> None:
    kiosk = torn(world, tear, product)
    assert world.given == []
    assert world.tap(kiosk) is SpendStage.DONE
    world.die()
    assert world.faults() == []
    assert len(world.given) == 1
    taken = world.card.face
    assert (taken.balance, taken.books[0].entries) in {
        (Money(590), 7),
        (Money(1240), 6),
    }


def test_the_card_is_asked_for_again_for_twenty_seconds(world: SpendWorld) -> None:
    kiosk = torn(world, "after")
    told = kiosk.progress
    assert told is not None
    assert told.again_until == world.clock.now() + AGAIN_MAX
    assert told.message_key == "card.pulled"
    world.clock.move(seconds=19)
    again = kiosk.poll()
    assert again is not None
    assert again.stage is SpendStage.CARD_AGAIN


def test_another_card_is_refused_and_not_touched(world: SpendWorld) -> None:
    kiosk = torn(world, "before")
    before = world.other.face
    with pytest.raises(OtherCard):
        kiosk.card_laid(world.lay(world.other))
    assert world.other.face == before
    assert world.tap(kiosk) is SpendStage.DONE


def test_asking_again_gives_the_order_that_runs(world: SpendWorld) -> None:
    kiosk = torn(world, "before")
    assert kiosk.ask(Order(product=LESSON)).stage is SpendStage.CARD_AGAIN
    assert world.tap(kiosk) is SpendStage.DONE
    assert world.card.face.log[0].product == CINEMA


@pytest.mark.parametrize(("tear", "cents"), [("before", 1240), ("after", 590)])
def test_too_late_nothing_is_given_and_the_next_tap_settles_it(
    world: SpendWorld, tear: Tear, cents: int
) -> None:
    kiosk = torn(world, tear)
    world.clock.move(seconds=20)
    told = kiosk.poll()
    assert told is not None
    assert told.stage is SpendStage.LATER
    world.tap(kiosk)
    assert world.card.face.balance == Money(cents)
    world.die()
    assert world.faults() == []


def test_another_card_may_pay_after_the_twenty_seconds(world: SpendWorld) -> None:
    kiosk = torn(world, "after")
    world.clock.move(seconds=21)
    kiosk.poll()
    kiosk.ask(Order(product=CINEMA))
    assert world.tap(kiosk, world.other) is SpendStage.DONE


def test_what_an_earlier_visit_did_is_settled_first_and_ends_the_tap(world: SpendWorld) -> None:
    torn(world, "after")
    kiosk = asked(world, CINEMA)  # a new process, a new wish
    assert world.tap(kiosk) is SpendStage.DONE
    told = kiosk.progress
    assert told is not None
    assert told.recovered
    assert world.card.face.balance == Money(590)
    kiosk.ask(Order(product=ENTRY))
    assert world.tap(kiosk) is SpendStage.DONE
    world.die()
    assert world.faults() == []


def test_what_an_earlier_visit_did_not_do_holds_nothing_up(world: SpendWorld) -> None:
    torn(world, "before")
    kiosk = asked(world, ENTRY)
    assert world.tap(kiosk) is SpendStage.DONE
    told = kiosk.progress
    assert told is not None
    assert not told.recovered
    world.die()
    assert world.faults() == []


def elsewhere(world: SpendWorld, count: int) -> None:
    """Let another kiosk spend, which this one hears nothing of."""
    for n in range(count):
        face = world.card.face
        spend = Spend(
            transaction_id=f"E-{n}",
            kind="debit",
            product=CINEMA,
            amount=Money(1),
            sequence=face.sequence,
            at=world.clock.now(),
        )
        world.card.spend(spend, lambda _: None)


@pytest.mark.parametrize("tear", ["before", "after"])
def test_after_a_visit_elsewhere_the_cards_log_still_settles_it(
    world: SpendWorld, tear: Tear
) -> None:
    torn(world, tear)
    elsewhere(world, 9)
    world.tap(world.boot())
    states = world.rows("SELECT state FROM card_move")
    assert states == [("confirmed" if tear == "after" else "not_done",)]


def test_when_the_log_has_turned_round_staff_must_look(world: SpendWorld) -> None:
    torn(world, "after")
    elsewhere(world, 11)
    kiosk = asked(world, ENTRY)
    for _ in range(2):
        with pytest.raises(MoveDisputed):
            kiosk.card_laid(world.lay())
    assert [move.state for move in world.moves.unsettled()] == [MoveState.DISPUTE]
    assert world.rows("SELECT count(*) FROM entry") == [(0,)]


def test_a_card_pulled_before_the_journals_row_leaves_no_row(world: SpendWorld) -> None:
    kiosk = asked(world, ENTRY)
    session = world.lay()
    world.reader.lift()
    told = kiosk.card_laid(session)
    assert told is not None
    assert (told.stage, told.message_key) == (SpendStage.CARD, "card.pulled")
    assert world.rows("SELECT count(*) FROM card_move") == [(0,)]
    assert world.tap(kiosk) is SpendStage.DONE


class LyingCard(VirtualCard):
    """A card whose answer to the commit doesn't hold together."""

    def spend(self, spend: object, prepared: object) -> object:  # type: ignore[override]  # lies
        super().spend(spend, prepared)  # type: ignore[arg-type]  # passed through
        raise CardTampered("the MAC of the answer is wrong")


def test_an_answer_that_lies_is_no_confirmation(world: SpendWorld) -> None:
    world.card = LyingCard(world.card.face)
    kiosk = asked(world, CINEMA)
    with pytest.raises(CardTampered):
        kiosk.card_laid(world.lay())
    assert kiosk.progress is not None
    assert kiosk.progress.stage is SpendStage.CARD_AGAIN
    world.card = VirtualCard(world.card.face)
    assert world.tap(kiosk) is SpendStage.DONE
    world.die()
    assert world.faults() == []


class RefusingCard(VirtualCard):
    """A card that refuses the commit although the journal has its row."""

    def spend(self, spend: Spend, prepared: object) -> object:  # type: ignore[override]  # refuses
        card = VirtualCard(self.face)
        card.spend(spend, prepared)  # type: ignore[arg-type]  # passed through
        raise PurseEmpty("the card says no")


def test_a_refusal_after_the_row_is_written_down_as_not_done(world: SpendWorld) -> None:
    world.card = RefusingCard(world.card.face)
    kiosk = asked(world, CINEMA)
    with pytest.raises(PurseEmpty):
        kiosk.card_laid(world.lay())
    assert world.rows("SELECT state, note FROM card_move") == [("not_done", "purse.empty")]


def test_a_full_disk_stops_the_card_before_its_commit(
    world: SpendWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = world.card.face
    kiosk = asked(world, CINEMA)
    monkeypatch.setattr(world.ledger, "_free", lambda _: 0)
    with pytest.raises(StorageFull):
        kiosk.card_laid(world.lay())
    assert world.card.face == before


def test_a_disk_that_fills_up_after_the_commit_gives_nothing_until_it_is_booked(
    world: SpendWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> int:
        raise StorageFull("no room")

    kiosk = asked(world, CINEMA)
    with monkeypatch.context() as patch:
        patch.setattr(Moves, "book_move", full)
        with pytest.raises(StorageFull):
            kiosk.card_laid(world.lay())
    assert world.card.face.balance == Money(590)
    assert kiosk.progress is not None
    assert kiosk.progress.stage is SpendStage.CARD_AGAIN
    assert world.tap(kiosk) is SpendStage.DONE
    world.die()
    assert world.faults() == []


def test_every_change_of_a_movement_is_told_to_the_hub_once(world: SpendWorld) -> None:
    kiosk = torn(world, "after")
    world.tap(kiosk)
    assert isinstance(world.ledger, Ledger)
    assert [event.kind for event in world.ledger.events()] == [
        "move.commit_sent",
        "move.unknown",
        "move.confirmed",
    ]


def test_no_card_number_stands_in_the_journals_file(world: SpendWorld) -> None:
    world.tap(asked(world, CINEMA))
    world.die()
    for file in world.path.parent.iterdir():
        assert world.card.face.number.encode() not in file.read_bytes()
        assert b"4821" not in file.read_bytes()
