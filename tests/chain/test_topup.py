"""A whole top-up through the real chain: journal, simulated bank, PcscReader, pcscd, vpcd, chip."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from itertools import count
from pathlib import Path

import pytest

from cardreader.card_app import Desk as CardDesk
from cardreader.card_app import PurseCardSession
from cardreader.desfire.constants import Ins
from cardreader.layout import AID
from cardreader.reader import PcscReader
from cardreader.virtual import DEMO_CARD_KEY
from cardreader.virtual.cards import authority
from cardreader.virtual.demo_chips import NAMES, used_chip
from cardreader.virtual.mischief import At, Torn
from kiosk.domain.money import Money
from kiosk.domain.payment import PaymentStatus, TopupLimits
from kiosk.store.ledger import Ledger
from kiosk.store.ledger_read import verify_file
from kiosk.usecases.reload_card import Desk, ReloadCard
from kiosk.usecases.reload_progress import Stage
from payments.simulator.bank import SimulatedBank
from tests.stand.ear import Ear
from tests.stand.pcscd import noticed_empty
from tests.stand.things import ANSWER_S, PACE, Hands
from tests.unit.kiosk.usecases.money_world import Moved


@pytest.fixture
def reader(hands: Hands) -> Iterator[PcscReader]:
    desk = CardDesk(authority=authority(), names=NAMES)
    reader = PcscReader(
        lambda transport: PurseCardSession(transport, desk), aid=AID, pace=PACE, answer_s=ANSWER_S
    )
    yield reader
    reader.close()


@pytest.fixture
def clock() -> Moved:
    return Moved()


@pytest.fixture
def bank(clock: Moved) -> SimulatedBank:
    return SimulatedBank(clock=clock, environment="test")


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with closing(Ledger(tmp_path / "ledger.db")) as one:
        yield one


@pytest.fixture
def kiosk(ledger: Ledger, bank: SimulatedBank, clock: Moved) -> ReloadCard:
    numbers = count(1)
    desk = Desk(
        provider="simulator",
        card_key=DEMO_CARD_KEY,
        limits=TopupLimits(),
        new_id=lambda: f"T-{next(numbers):012x}",
    )
    return ReloadCard(journal=ledger, gateway=bank, clock=clock, desk=desk)


def pays(kiosk: ReloadCard, bank: SimulatedBank) -> None:
    """Let the citizen pay on the phone, and the kiosk notice it."""
    kiosk.poll()
    for payment in bank.payments():
        bank.confirm(payment.view.id)
    kiosk.poll()


def test_a_top_up_is_paid_written_captured_and_booked(
    hands: Hands, ear: Ear, kiosk: ReloadCard, bank: SimulatedBank, tmp_path: Path
) -> None:
    hands.lay(used_chip(Moved().now()))
    session = ear.laid()
    kiosk.card_laid(session)
    kiosk.start(session.read(), Money(2000))
    pays(kiosk, bank)
    told = kiosk.poll()
    assert told is not None
    assert told.stage is Stage.DONE
    face = session.read()
    assert (face.balance, face.last_load) == (Money(3240), 4)
    assert [p.view.status for p in bank.payments()] == [PaymentStatus.SUCCEEDED]
    assert verify_file(tmp_path / "ledger.db").sound


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_top_up_torn_at_its_commit_is_delivered_once_when_the_card_comes_back(
    hands: Hands, ear: Ear, kiosk: ReloadCard, bank: SimulatedBank, when: str
) -> None:
    card = Torn(used_chip(Moved().now()))
    hands.lay(card)
    kiosk.start(ear.laid().read(), Money(2000))
    hands.lift()
    ear.wait(2)
    noticed_empty()
    pays(kiosk, bank)
    side = At(when="before" if when == "before" else "after", ins=Ins.COMMIT_TRANSACTION)
    card.tear(side)
    hands.lay(card)
    torn = kiosk.card_laid(ear.laid(3))
    assert torn is not None
    assert torn.stage is Stage.CARD_AGAIN
    hands.lift()
    ear.becomes(there=False)
    noticed_empty()
    hands.lay(card)
    ear.becomes(there=True)
    session = ear.laid(len(ear.told))
    told = kiosk.card_laid(session)
    assert told is not None
    assert told.stage is Stage.DONE
    assert session.read().balance == Money(3240)
    assert [p.view.status for p in bank.payments()] == [PaymentStatus.SUCCEEDED]
