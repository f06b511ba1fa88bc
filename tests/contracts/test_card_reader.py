"""The contract of ports.CardReader and CardSession; every reader's stand passes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Protocol

import pytest

from cardreader.card_app import Desk, PurseCardSession
from cardreader.desfire.constants import Ins
from cardreader.virtual import things
from cardreader.virtual.cards import authority
from cardreader.virtual.demo_chips import NAMES, empty_chip, used_chip
from cardreader.virtual.mischief import At, Torn
from cardreader.virtual.tray import TrayReader
from kiosk.domain.card_limits import LOG_MAX
from kiosk.domain.errors import CardForeign, CardPulled, CardTampered, PurseFull
from kiosk.domain.money import Money
from kiosk.domain.purse import CardFace, Load
from kiosk.ports import CardReader, CardSession
from tests.plain.cards import Tear, VirtualReader
from tests.plain.faces import bank_card, empty_card, used_card

NOW = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)


def named(number: int) -> str:
    """Give a transaction id, as cards hold them."""
    return f"T-{number:012x}"


ID, OTHER_ID = named(1), named(0)


class Stand(Protocol):
    """A reader and hands to lay things on it; a new implementation brings one."""

    @property
    def reader(self) -> CardReader: ...

    def lay_used(self) -> None: ...

    def lay_empty(self) -> None: ...

    def lay_foreign(self) -> None: ...

    def lift(self) -> None: ...

    def tear(self, when: Tear) -> None: ...


class MemoryStand:
    def __init__(self) -> None:
        self.virtual = VirtualReader()
        self.used, self.empty = used_card(NOW), empty_card(NOW)

    @property
    def reader(self) -> CardReader:
        return self.virtual

    def lay_used(self) -> None:
        self.virtual.lay(self.used)

    def lay_empty(self) -> None:
        self.virtual.lay(self.empty)

    def lay_foreign(self) -> None:
        self.virtual.lay(bank_card())

    def lift(self) -> None:
        self.virtual.lift()

    def tear(self, when: Tear) -> None:
        self.used.tear(when)


class ChipStand:
    """The same on chips: APDUs, keys and secure messaging in memory."""

    def __init__(self) -> None:
        desk = Desk(authority=authority(), names=NAMES)
        self.tray = TrayReader(lambda transport, _: PurseCardSession(transport, desk))
        self.used, self.empty = Torn(used_chip(NOW)), empty_chip(NOW)

    @property
    def reader(self) -> CardReader:
        return self.tray

    def lay_used(self) -> None:
        self.tray.lay(self.used)

    def lay_empty(self) -> None:
        self.tray.lay(self.empty)

    def lay_foreign(self) -> None:
        self.tray.lay(things.bank_card())

    def lift(self) -> None:
        self.tray.lift()

    def tear(self, when: Tear) -> None:
        self.used.tear(At(when=when, ins=Ins.COMMIT_TRANSACTION))


@dataclass
class Watcher:
    """Keeps what the reader told."""

    sessions: list[CardSession] = field(default_factory=list)
    lifted: int = 0

    def on_laid(self, session: CardSession) -> None:
        self.sessions.append(session)

    def on_lifted(self) -> None:
        self.lifted += 1

    @property
    def session(self) -> CardSession:
        return self.sessions[-1]


MAKERS: dict[str, Callable[[], Stand]] = {"memory": MemoryStand, "chips": ChipStand}


@pytest.fixture(params=sorted(MAKERS))
def stand(request: pytest.FixtureRequest) -> Stand:
    return MAKERS[request.param]()


@pytest.fixture
def watcher(stand: Stand) -> Watcher:
    watcher = Watcher()
    stand.reader.watch(watcher.on_laid, watcher.on_lifted)
    return watcher


def load(number: int, cents: int = 2000, *, id_: str = ID) -> Load:
    return Load(number=number, amount=Money(cents), transaction_id=id_, label="Recharge", at=NOW)


def next_load(face: CardFace, cents: int = 2000, *, id_: str = ID) -> Load:
    return load(face.last_load + 1, cents, id_=id_)


def test_a_laid_card_is_told_and_read(stand: Stand, watcher: Watcher) -> None:
    stand.lay_used()
    face = watcher.session.read()
    assert (face.last_four, face.balance, face.kind) == ("4821", Money(1240), "purse")


def test_a_glance_tells_all_but_the_older_log(stand: Stand, watcher: Watcher) -> None:
    stand.lay_used()
    glanced = watcher.session.glance()
    whole = watcher.session.read()
    assert glanced == replace(whole, log=whole.log[:1])
    assert len(whole.log) > 1


def test_a_card_that_lies_there_already_is_told_at_once(stand: Stand) -> None:
    stand.lay_used()
    late = Watcher()
    stand.reader.watch(late.on_laid, late.on_lifted)
    assert len(late.sessions) == 1


def test_a_lifted_card_is_told_once_and_answers_no_more(stand: Stand, watcher: Watcher) -> None:
    stand.lay_used()
    face = watcher.session.read()
    stand.lift()
    stand.lift()
    assert watcher.lifted == 1
    with pytest.raises(CardPulled):
        watcher.session.read()
    with pytest.raises(CardPulled):
        watcher.session.glance()
    with pytest.raises(CardPulled):
        watcher.session.write_load(next_load(face))


def test_a_session_stays_dead_when_its_card_comes_back(stand: Stand, watcher: Watcher) -> None:
    stand.lay_used()
    stand.lift()
    stand.lay_used()
    first, second = watcher.sessions
    with pytest.raises(CardPulled):
        first.read()
    assert second.read().last_four == "4821"


def test_a_swapped_card_is_another_session(stand: Stand, watcher: Watcher) -> None:
    stand.lay_used()
    stand.lay_empty()
    first, second = watcher.sessions
    assert watcher.lifted == 1
    assert second.read().last_four == "7306"
    with pytest.raises(CardPulled):
        first.write_load(load(4))


def test_a_closed_reader_tells_nothing_more(stand: Stand, watcher: Watcher) -> None:
    stand.lay_used()
    stand.reader.close()
    with pytest.raises(CardPulled):
        watcher.session.read()
    stand.lay_empty()
    assert len(watcher.sessions) == 1


def test_a_foreign_thing_is_neither_read_nor_written(stand: Stand, watcher: Watcher) -> None:
    stand.lay_foreign()
    with pytest.raises(CardForeign):
        watcher.session.read()
    with pytest.raises(CardForeign):
        watcher.session.glance()
    with pytest.raises(CardForeign):
        watcher.session.write_load(load(1))


def test_a_load_moves_money_number_and_log_together(stand: Stand, watcher: Watcher) -> None:
    stand.lay_used()
    before = watcher.session.read()
    after = watcher.session.write_load(next_load(before))
    assert after == watcher.session.read()
    assert after.balance - before.balance == Money(2000)
    assert (after.last_load, after.sequence) == (before.last_load + 1, before.sequence + 1)
    assert after.log[0].transaction_id == ID
    assert after.log[0].balance_after == after.balance
    assert after.log[0].amount == Money(2000)


def test_a_load_that_was_delivered_answers_as_written(stand: Stand, watcher: Watcher) -> None:
    stand.lay_used()
    wanted = next_load(watcher.session.read())
    once = watcher.session.write_load(wanted)
    assert watcher.session.write_load(wanted) == once


def test_an_older_load_is_not_written_again(stand: Stand, watcher: Watcher) -> None:
    stand.lay_used()
    face = watcher.session.read()
    assert watcher.session.write_load(load(face.last_load, id_=OTHER_ID)) == face
    assert not watcher.session.read().carries(OTHER_ID)


def test_a_load_with_a_gap_before_it_is_never_written(stand: Stand, watcher: Watcher) -> None:
    stand.lay_used()
    face = watcher.session.read()
    with pytest.raises(CardTampered):
        watcher.session.write_load(load(face.last_load + 2))
    assert watcher.session.read() == face


def test_a_load_over_the_ceiling_is_refused_whole(stand: Stand, watcher: Watcher) -> None:
    stand.lay_used()
    face = watcher.session.read()
    with pytest.raises(PurseFull):
        watcher.session.write_load(next_load(face, 15_000 - face.balance.cents + 1))
    assert watcher.session.read() == face
    assert watcher.session.write_load(next_load(face, 15_000 - face.balance.cents)).balance == (
        Money(15_000)
    )


@pytest.mark.parametrize(("when", "written"), [("before", False), ("after", True)])
def test_a_torn_write_is_whole_or_nothing(
    stand: Stand, watcher: Watcher, when: Tear, *, written: bool
) -> None:
    stand.lay_used()
    before = watcher.session.read()
    stand.tear(when)
    with pytest.raises(CardPulled):
        watcher.session.write_load(next_load(before))
    with pytest.raises(CardPulled):
        watcher.session.read()
    stand.lay_used()
    after = watcher.session.read()
    assert (after != before) is written
    assert after.carries(ID) is written
    assert watcher.session.write_load(next_load(before)).balance == before.balance + Money(2000)


def test_the_log_keeps_the_last_ten(stand: Stand, watcher: Watcher) -> None:
    stand.lay_used()
    for number in range(1, LOG_MAX + 3):
        face = watcher.session.read()
        watcher.session.write_load(next_load(face, 100, id_=named(number)))
    log = watcher.session.read().log
    assert len(log) == LOG_MAX
    assert [line.transaction_id for line in log] == [named(n) for n in range(12, 2, -1)]
    assert [line.seq for line in log] == sorted((line.seq for line in log), reverse=True)
