"""A kiosk that a hub has let in: it sells within its licence, and its screens say why not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from cardreader.virtual import DEMO_CARD_KEY
from kiosk.app.installed import Installed
from kiosk.domain.card_rules import Blocklist
from kiosk.domain.errors import CardBlocked, DeviceRevoked, LicenceEnded
from kiosk.domain.purse import card_tag
from kiosk.store.blocklist import FILE, write_blocklist
from kiosk.store.device_key import DeviceKey
from kiosk.store.enrolment import EnrolmentStore
from kiosk.store.pending_loads import FILE as LOADS
from kiosk.store.pending_loads import write_loads
from kiosk.usecases.reload_progress import Stage
from sync.licence import Licence, sign_licence
from sync.protocol.private import Load
from tests.alv1 import HUB
from tests.conftest import MovedClock
from tests.ui.money import MoneyKiosk
from tests.unit.kiosk.app.test_diagnose_hub import LET_IN
from ui.card_desk import RESUME_EVERY


@dataclass
class Town:
    """What the hub has told this kiosk."""

    folder: Path
    clock: MovedClock

    @property
    def store(self) -> EnrolmentStore:
        return EnrolmentStore(self.folder)

    def licence(self, until: datetime) -> None:
        licence = Licence(
            kiosk=LET_IN.kiosk,
            territory="orne",
            key=DeviceKey(self.folder).public_key.hex(),
            until=int(until.timestamp()),
        )
        self.store.keep_licence(sign_licence(licence, HUB), HUB.public_key)

    def lost(self, *tags: str, version: int = 1) -> None:
        now = self.clock.now()
        listed = Blocklist(version=version, issued_at=now, cards=dict.fromkeys(tags, now))
        write_blocklist(self.folder / FILE, listed)


@pytest.fixture
def town(tmp_path: Path, clock: MovedClock) -> Town:
    town = Town(tmp_path, clock)
    town.store.keep(LET_IN)
    town.licence(clock.now() + timedelta(days=1))
    town.lost()
    return town


@pytest.fixture
def money(qtbot: QtBot, demo: Installed, clock: MovedClock, town: Town) -> Iterator[MoneyKiosk]:
    made = MoneyKiosk(qtbot, demo, clock, town.folder)
    yield made
    made.close()


def minute(money: MoneyKiosk) -> None:
    for _ in range(RESUME_EVERY):
        money.desk.poll()
        money.settle()


def test_within_its_licence_it_sells(money: MoneyKiosk) -> None:
    assert money.wallet.closed == ""
    money.ask()
    money.phone()
    assert money.at(Stage.DONE)


def test_after_its_end_the_screens_say_that_no_money_is_taken(
    money: MoneyKiosk, town: Town, clock: MovedClock
) -> None:
    clock.move(timedelta(days=1).total_seconds())
    minute(money)
    assert money.wallet.closed == LicenceEnded.message_key
    town.licence(clock.now() + timedelta(days=30))
    minute(money)
    assert money.wallet.closed == ""


def test_what_is_begun_at_the_last_moment_goes_on(money: MoneyKiosk, clock: MovedClock) -> None:
    clock.move(timedelta(days=1).total_seconds() - 60)
    money.ask()
    clock.move(60)
    money.phone()
    assert money.at(Stage.DONE)
    assert money.entries() == 1


def test_a_kiosk_that_was_shut_out_takes_nothing_more(
    money: MoneyKiosk, town: Town, clock: MovedClock
) -> None:
    town.store.revoke(clock.now())
    money.ask()
    assert money.wallet.problem == DeviceRevoked.message_key
    assert money.wallet.progress is None
    minute(money)
    assert money.wallet.closed == DeviceRevoked.message_key


def test_a_lost_card_is_refused_at_the_reader(money: MoneyKiosk, town: Town, qtbot: QtBot) -> None:
    money.lay()
    reading = money.wallet.reading
    assert reading is not None
    money.lift()
    town.lost(card_tag(reading.face.number, DEMO_CARD_KEY), version=2)
    money.lay()
    assert money.wallet.problem == CardBlocked.message_key
    assert money.wallet.reading is not None
    assert money.wallet.reading.offered == ()


def test_the_hub_s_load_is_written_when_the_card_is_laid(money: MoneyKiosk, town: Town) -> None:
    money.lay()
    reading = money.wallet.reading
    assert reading is not None
    money.lift()
    tag = card_tag(reading.face.number, DEMO_CARD_KEY)
    load = Load(card=tag, number=reading.face.last_load + 1, amount_cents=700)
    write_loads(town.folder / LOADS, [load])
    money.lay()
    assert money.at(Stage.DONE)
    after = money.wallet.reading
    assert after is not None
    assert after.face.balance.cents == reading.face.balance.cents + 700
