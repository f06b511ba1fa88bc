"""Loads that the hub holds: written on their card once, wherever and however often it is laid."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from cardreader.virtual import DEMO_CARD_KEY
from kiosk.domain.card_limits import PURSE_MAX
from kiosk.domain.card_rules import Blocklist
from kiosk.domain.errors import CardBlocked, ClockSetBack, DeviceRevoked, LicenceEnded
from kiosk.domain.hub_load import BY_HUB, HubLoad, due
from kiosk.domain.money import Money
from kiosk.domain.purse import card_tag
from kiosk.ports import HubLoads
from kiosk.store.blocklist import FILE, write_blocklist
from kiosk.store.pending_loads import PendingLoads, write_loads
from kiosk.usecases.reload_card import ReloadCard
from kiosk.usecases.reload_progress import Stage
from sync.protocol.private import Load
from tests.plain.cards import Tear
from tests.unit.kiosk.usecases.money_world import Crash, Fuse, World

SUM = Money(1200)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path / "ledger.db")
    world.loads = PendingLoads(tmp_path)
    hold(world)
    yield world
    world.die()


def hold(world: World, *, after: int = 1, cents: int = SUM.cents) -> None:
    """Let a load for the card arrive from the hub, ``after`` loads behind its last one."""
    face = world.card.face
    load = Load(card=tag(world), number=face.last_load + after, amount_cents=cents)
    write_loads(world.path.with_name("pending-loads.json"), [load])


def tag(world: World) -> str:
    return card_tag(world.card.face.number, DEMO_CARD_KEY)


def gained(world: World) -> Money:
    return world.card.face.balance - world.before[world.card.face.number]


def lay_all(world: World, kiosk: ReloadCard) -> None:
    """Lay the card and leave, twice."""
    for _ in range(2):
        kiosk.card_laid(world.lay())
        kiosk.poll()
        kiosk.leave()


def test_a_load_is_written_when_its_card_is_laid(world: World) -> None:
    kiosk = world.boot()
    progress = kiosk.card_laid(world.lay())
    assert progress is not None
    assert (progress.stage, progress.row.provider) == (Stage.DONE, BY_HUB)
    assert gained(world) == SUM
    assert world.rows("SELECT kind FROM entry") == [("topup",)]
    assert world.bank.payments() == ()


def test_a_list_that_still_names_it_changes_nothing_more(world: World) -> None:
    lay_all(world, world.boot())
    assert gained(world) == SUM
    lay_all(world, world.boot())
    assert gained(world) == SUM


def test_two_kiosks_that_know_it_write_it_once(world: World, tmp_path: Path) -> None:
    lay_all(world, world.boot())
    world.die()
    there = World(tmp_path / "other.db", clock=world.clock, loads=world.loads)
    there.card, there.reader = world.card, world.reader
    lay_all(there, there.boot())
    assert gained(world) == SUM
    there.die()
    assert there.rows("SELECT 1 FROM topup") == []


@pytest.mark.parametrize("after", [0, 2])
def test_a_load_that_doesn_t_follow_the_card_s_last_one_waits(world: World, after: int) -> None:
    hold(world, after=after)
    lay_all(world, world.boot())
    assert gained(world) == Money(0)


def test_another_card_s_load_isn_t_this_card_s(world: World) -> None:
    kiosk = world.boot()
    assert kiosk.card_laid(world.lay(world.other)) is None


@pytest.mark.parametrize("at", range(1, 40))
def test_killed_at_any_effect_it_is_written_and_booked_once(world: World, at: int) -> None:
    kiosk = world.boot(Fuse(at))
    try:
        lay_all(world, kiosk)
    except Crash:
        healthy = world.boot()
        healthy.resume()
        lay_all(world, healthy)
    assert gained(world) == SUM
    assert world.rows("SELECT count(*), sum(cents) FROM leg WHERE cents > 0") == [(1, SUM.cents)]


@pytest.mark.parametrize("tear", ["before", "after"])
def test_a_card_that_is_pulled_away_takes_it_once_when_it_comes_back(
    world: World, tear: Tear
) -> None:
    kiosk = world.boot()
    world.card.tear(tear)
    lay_all(world, kiosk)
    world.card.tear(None)
    lay_all(world, kiosk)
    assert gained(world) == SUM


def test_a_full_purse_waits_for_room(world: World) -> None:
    hold(world, cents=PURSE_MAX.cents)
    lay_all(world, world.boot())
    assert gained(world) == Money(0)


@pytest.mark.parametrize(
    "refusal", [LicenceEnded("over"), DeviceRevoked("out"), ClockSetBack("back")]
)
def test_without_a_permit_it_waits_and_nothing_else_begins(
    world: World, refusal: LicenceEnded | DeviceRevoked | ClockSetBack
) -> None:
    def refuse() -> None:
        raise refusal

    world.permit = refuse
    kiosk = world.boot()
    lay_all(world, kiosk)
    assert gained(world) == Money(0)
    with pytest.raises(type(refusal)):
        kiosk.start(world.card.face, SUM)
    assert world.rows("SELECT 1 FROM topup") == []


def test_what_was_under_way_goes_on_without_a_permit(world: World) -> None:
    world.loads = None
    permitted = [True]

    def permit() -> None:
        if not permitted[0]:
            raise LicenceEnded("over")

    world.permit = permit
    kiosk = world.boot()
    kiosk.start(world.card.face, SUM)
    permitted.clear()
    permitted.append(False)
    world.everybody_pays()
    kiosk.poll()
    progress = kiosk.card_laid(world.lay())
    assert progress is not None
    assert progress.stage is Stage.DONE
    assert gained(world) == SUM


def test_a_lost_card_takes_no_load_and_begins_no_topup(world: World) -> None:
    now = world.clock.now()
    listed = Blocklist(version=1, issued_at=now, cards={tag(world): now})
    write_blocklist(world.path.with_name(FILE), listed)
    world.lists_lost = True
    kiosk = world.boot()
    lay_all(world, kiosk)
    assert gained(world) == Money(0)
    assert kiosk.lost(world.card.face)
    assert not kiosk.lost(world.other.face)
    with pytest.raises(CardBlocked):
        kiosk.start(world.card.face, SUM)


def test_a_file_that_can_t_be_read_holds_nothing(world: World) -> None:
    world.path.with_name("pending-loads.json").write_bytes(b"{")
    assert cast("HubLoads", world.loads).any() is False


def test_the_load_that_is_due_is_the_next_one_and_fits() -> None:
    world_card = replace(World(Path("/nonexistent")).card.face, last_load=4)
    loads = [HubLoad(card="a", number=n, amount=SUM) for n in (4, 5, 6)]
    assert due(loads, world_card) == loads[1]
    assert due(loads, replace(world_card, balance=PURSE_MAX)) is None
