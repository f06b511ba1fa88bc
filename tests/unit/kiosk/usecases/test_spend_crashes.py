"""Nothing lost, nothing doubled: a spend crashed at every effect, torn or not; then re-tapped."""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk.domain.errors import PurseEmpty
from kiosk.domain.sale import Order
from kiosk.usecases.spend_card import SpendCard
from tests.plain.cards import Tear, VirtualCard
from tests.unit.kiosk.usecases.money_world import Crash, Fuse
from tests.unit.kiosk.usecases.spend_world import BOOK, CINEMA, ENTRY, SEASON, SpendWorld

Course = Callable[[SpendWorld, SpendCard], None]
EFFECTS_MAX = 40


def spends(product: int, torn: Tear | None) -> Course:
    """A citizen asks, lays the card, and lays it again when asked to."""

    def course(world: SpendWorld, kiosk: SpendCard) -> None:
        rich = product in {BOOK, SEASON}
        card = world.other if rich else world.card
        kiosk.ask(Order(product=product))
        card.tear(torn)
        world.tap(kiosk, card)
        if torn is not None:
            world.tap(kiosk, card)

    return course


TEARS: tuple[Tear | None, ...] = (None, "before", "after")
COURSES: dict[str, Course] = {
    f"{name}, torn {torn}": spends(product, torn)
    for name, product in {"entry": ENTRY, "cinema": CINEMA}.items()
    for torn in TEARS
} | {"book, torn after": spends(BOOK, "after"), "pass, torn before": spends(SEASON, "before")}


def effects_of(course: Course, folder: Path) -> list[str]:
    (folder / "dry").mkdir()
    world = SpendWorld(folder / "dry" / "ledger.db")
    course(world, world.boot())
    world.die()
    return world.fuse.names


def crash_at(world: SpendWorld, course: Course, number: int) -> str:
    kiosk = world.boot(Fuse(number))
    with pytest.raises(Crash) as crash:
        course(world, kiosk)
    world.die()
    return str(crash.value)


def fresh(folder: Path, number: int, *, forgetful: bool = False) -> SpendWorld:
    place = folder / str(number)
    place.mkdir()
    return SpendWorld(place / "ledger.db", forgetful=forgetful)


@pytest.mark.parametrize("name", COURSES)
def test_without_a_crash_cards_and_journal_agree(tmp_path: Path, name: str) -> None:
    world = fresh(tmp_path, 0)
    COURSES[name](world, world.boot())
    assert len(world.given) == 1
    world.finish()
    assert world.faults() == []


@pytest.mark.parametrize("name", COURSES)
def test_a_crash_at_any_effect_is_settled_by_the_next_tap(tmp_path: Path, name: str) -> None:
    course = COURSES[name]
    effects = effects_of(course, tmp_path)
    assert 6 < len(effects) <= EFFECTS_MAX
    for number, effect in enumerate(effects, 1):
        world = fresh(tmp_path, number)
        assert crash_at(world, course, number) == effect
        world.finish()
        assert (number, effect, world.faults()) == (number, effect, [])


@pytest.mark.parametrize("name", COURSES)
def test_a_citizen_who_asks_again_after_the_crash_pays_once_or_is_told(
    tmp_path: Path, name: str
) -> None:
    """After a crash, the same wish again: never two debits for what was given once.

    Once the entry is durable the wish is fulfilled; who asks then, asks for another one.
    """
    course = COURSES[name]
    effects = effects_of(course, tmp_path)
    fulfilled = effects.index("book_move after") + 1
    for number, effect in enumerate(effects[: fulfilled - 1], 1):
        world = fresh(tmp_path, number)
        crash_at(world, course, number)
        for card in world.cards:
            card.tear(None)
        given_before = len(world.given)
        course(world, world.boot())
        world.die()
        assert len(world.given) == given_before + 1, (number, effect)
        assert world.rows("SELECT count(*) FROM entry") == [(1,)]
        world.finish()
        assert (number, effect, world.faults()) == (number, effect, [])


@pytest.mark.parametrize("second", range(1, 9))
def test_a_second_crash_during_the_recovery_changes_nothing(tmp_path: Path, second: int) -> None:
    course = COURSES["cinema, torn after"]
    effects = effects_of(course, tmp_path)
    for first in range(1, len(effects) + 1):
        world = fresh(tmp_path, first)
        crash_at(world, course, first)
        with contextlib.suppress(Crash, PurseEmpty):  # asked again after it was fulfilled
            course(world, world.boot(Fuse(second)))
        world.finish()
        assert (first, world.faults()) == (first, [])


@pytest.mark.parametrize("name", ["entry, torn None", "cinema, torn after"])
def test_the_check_catches_a_journal_without_a_row_before_the_commit(
    tmp_path: Path, name: str
) -> None:
    course = COURSES[name]
    caught = set[str]()
    for number, effect in enumerate(effects_of(course, tmp_path), 1):
        world = fresh(tmp_path, number, forgetful=True)
        crash_at(world, course, number)
        world.finish()
        if world.faults():
            caught.add(effect)
    assert caught


class Killing(Fuse):
    """A fuse at which the process gets SIGKILL; its cards are told first, as silicon stays."""

    def __init__(self, at: int, tell: Callable[[], object]) -> None:
        super().__init__(at)
        self._tell = tell

    def burn(self, name: str) -> None:
        self.names.append(name)
        if len(self.names) == self.at:
            self._tell()
            os.kill(os.getpid(), signal.SIGKILL)


def killed(path: Path, name: str, number: int) -> SpendWorld:
    """Run a course in a process of its own, killed at effect ``number``; gives what is left."""
    world = SpendWorld(path)
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:

        def tell() -> None:
            os.write(writing, pickle.dumps([card.face for card in world.cards]))

        COURSES[name](world, world.boot(Killing(number, tell)))
        os._exit(1)
    os.close(writing)
    with os.fdopen(reading, "rb") as told:
        faces = pickle.load(told)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    world.card, world.other = (VirtualCard(face) for face in faces)
    return world


@pytest.mark.parametrize("name", ["entry, torn None", "cinema, torn before", "cinema, torn after"])
def test_a_kill_at_any_effect_is_settled_by_the_next_tap(tmp_path: Path, name: str) -> None:
    for number, effect in enumerate(effects_of(COURSES[name], tmp_path), 1):
        folder = tmp_path / str(number)
        folder.mkdir()
        world = killed(folder / "ledger.db", name, number)
        world.finish()
        assert (number, effect, world.faults()) == (number, effect, [])
