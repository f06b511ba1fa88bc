"""The purse card itself through the real chain: PurseCardSession, PcscReader, pcscd, vpcd, chip."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from cardreader.card_app import Desk, PurseCardSession
from cardreader.desfire.constants import Ins
from cardreader.image import ProductNames
from cardreader.layout import AID
from cardreader.reader import PcscReader
from cardreader.virtual.cards import authority, plain_card
from cardreader.virtual.mischief import At, Corrupting, Silent, Slow, Torn
from kiosk.domain.errors import AlveoleError, CardPulled, ReaderAbsent
from kiosk.domain.money import Money
from kiosk.domain.purse import Load, Prepared, Spend
from tests.stand.ear import Ear
from tests.stand.things import ANSWER_S, PACE, Hands

NOW = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)
ID = "S-00112233aabb"


@pytest.fixture
def reader(hands: Hands) -> Iterator[PcscReader]:
    desk = Desk(authority=authority(), names=ProductNames())
    reader = PcscReader(
        lambda transport: PurseCardSession(transport, desk), aid=AID, pace=PACE, answer_s=ANSWER_S
    )
    yield reader
    reader.close()


def spend(sequence: int) -> Spend:
    return Spend(
        transaction_id=ID,
        kind="debit",
        product=7,
        amount=Money(650),
        sequence=sequence,
        at=NOW,
    )


def test_a_card_is_read_whole(hands: Hands, ear: Ear) -> None:
    hands.lay(plain_card(balance_cents=1500, entries=10))
    face = ear.laid().read()
    assert (face.kind, face.balance, face.books[0].entries) == ("purse", Money(1500), 10)


def test_a_debit_is_taken_and_stands_on_the_card(hands: Hands, ear: Ear) -> None:
    hands.lay(plain_card(balance_cents=1500))
    session, told = ear.laid(), list[Prepared]()
    written = session.spend(spend(session.read().sequence), told.append)
    assert [one.balance_after for one in told] == [Money(850)]
    assert session.read() == written.face
    assert (written.face.balance, written.face.carries(ID)) == (Money(850), True)


def test_a_load_is_written(hands: Hands, ear: Ear) -> None:
    hands.lay(plain_card())
    load = Load(number=1, amount=Money(2000), transaction_id="T-0a0b0c0d0e0f", label="", at=NOW)
    assert ear.laid().write_load(load).balance == Money(2000)


@pytest.mark.parametrize(("when", "left"), [("before", 1500), ("after", 850)])
def test_a_debit_torn_at_its_commit_is_whole_or_nothing_at_the_next_tap(
    hands: Hands, ear: Ear, when: str, left: int
) -> None:
    chip = plain_card(balance_cents=1500)
    moment = At(when="before" if when == "before" else "after", ins=Ins.COMMIT_TRANSACTION)
    card = Torn(chip)
    hands.lay(card)
    session = ear.laid()
    sequence = session.read().sequence
    card.tear(moment)
    with pytest.raises(CardPulled):
        session.spend(spend(sequence), lambda _: None)
    with pytest.raises(CardPulled):
        session.read()
    ear.wait(2)
    hands.lay(chip)
    face = ear.laid(3).read()
    assert (face.balance, face.carries(ID)) == (Money(left), left == 850)


def test_a_silence_at_the_commit_is_unknown_and_then_a_stuck_reader(hands: Hands, ear: Ear) -> None:
    moment = At(when="before", ins=Ins.COMMIT_TRANSACTION)
    hands.lay(Silent(plain_card(balance_cents=1500), moment))
    session = ear.laid()
    sequence = session.read().sequence
    with pytest.raises(CardPulled):
        session.spend(spend(sequence), lambda _: None)
    with pytest.raises(ReaderAbsent):
        ear.laid(3).read()


def test_a_slow_card_is_read(hands: Hands, ear: Ear) -> None:
    hands.lay(Slow(plain_card(balance_cents=1500), 15))
    assert ear.laid().read().balance == Money(1500)


@pytest.mark.parametrize("seed", range(8))
def test_noise_on_the_air_never_shows_a_wrong_balance(hands: Hands, ear: Ear, seed: int) -> None:
    hands.lay(Corrupting(plain_card(balance_cents=1500), seed, rate=0.05))
    try:
        balance = ear.laid().read().balance
    except AlveoleError:
        return  # said, and nothing shown
    assert balance == Money(1500)
