"""Spending and top-ups on chips: what is torn is an APDU, what is killed a process.

A child process holds the real journal (``synchronous=FULL``) and gets SIGKILL; cards and bank are
handed to the parent first, as silicon and the far side outlive a kiosk.
"""

from __future__ import annotations

import os
import pickle
import signal
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from itertools import count
from typing import Any, Literal, TypeAlias

from cardreader.card_app import Desk, PurseCardSession
from cardreader.desfire.constants import Ins
from cardreader.issue import NewCard
from cardreader.layout import Identity, Standing
from cardreader.virtual.cards import TEST_TERRITORY, authority, issued
from cardreader.virtual.chip.card import VirtualDesfire
from cardreader.virtual.chip.memory import Memory
from cardreader.virtual.demo_chips import EMPTY_NUMBER, EMPTY_UID, NAMES, used_chip
from cardreader.virtual.link import InMemoryTransport
from cardreader.virtual.mischief import At, Torn
from cardreader.virtual.tray import TrayReader
from kiosk.domain.purse import CardFace
from kiosk.ports import CardSession
from kiosk.usecases.spend_card import SpendCard
from tests.plain.cards import ForeignThing, Tear, VirtualCard, VirtualReader
from tests.unit.kiosk.usecases.money_world import Fuse, World
from tests.unit.kiosk.usecases.spend_world import SpendWorld

DESK = Desk(authority=authority(), names=NAMES)
RICH_CENTS = 9000
IDS_OF_THE_NEXT = 0x1000  # ids of the process after the killed one: they never meet
End: TypeAlias = Literal["cut", "cut, then killed", "killed"]
ENDS: tuple[End, ...] = ("cut", "cut, then killed", "killed")


class Deadly(Torn):
    """A thing at whose chosen APDU the whole process may die, not only the link."""

    def __init__(self, chip: VirtualDesfire) -> None:
        super().__init__(chip)
        self._deadly: At | None = None
        self._die: Callable[[], None] = lambda: None

    def kill_at(self, at: At, die: Callable[[], None]) -> None:
        self._deadly, self._die = at, die

    def answer(self, apdu: bytes) -> bytes | None:
        at = self._deadly
        if at is None or not at.matches(self.count + 1, apdu):
            return super().answer(apdu)
        if at.when == "after":
            super().answer(apdu)
        self._die()
        raise AssertionError("the process is dead")


class ChipCard(VirtualCard):
    """The worlds' card, with a chip inside."""

    def __init__(self, memory: Memory) -> None:
        self.chip = VirtualDesfire(memory)
        self.torn = Deadly(self.chip)

    @property
    def face(self) -> CardFace:
        """Read a copy: neither sessions nor tears of the card itself are touched."""
        copy = VirtualDesfire(self.chip.memory)
        return PurseCardSession(InMemoryTransport(copy), DESK).read()

    def tear(self, when: Tear | None) -> None:
        self.torn.tear(None if when is None else At(when=when, ins=Ins.COMMIT_TRANSACTION))


class ChipReader(VirtualReader):
    """The worlds' reader: chips on a tray."""

    def __init__(self) -> None:
        super().__init__()
        self._tray = TrayReader(lambda transport, _: PurseCardSession(transport, DESK))

    def lay(self, thing: VirtualCard | ForeignThing) -> CardSession:
        assert isinstance(thing, ChipCard)
        return self._tray.lay(thing.torn)

    def lift(self) -> None:
        self._tray.lift()


@cache
def used_memory(now: datetime) -> Memory:
    """12,40 €, seven entries."""
    return used_chip(now).memory


@cache
def rich_memory(now: datetime) -> Memory:
    """90,00 €, nothing else."""
    new = NewCard(
        identity=Identity(number=EMPTY_NUMBER, territory=TEST_TERRITORY, issued=now.date()),
        standing=Standing(valid_until=date(now.year + 5, 12, 31)),
        at=now - timedelta(days=1),
        opening_cents=RICH_CENTS,
    )
    return issued(EMPTY_UID, new)


@dataclass
class ChipSpends(SpendWorld):
    """Spending on chips, over a journal that waits for the disk; ids begin after ``base``."""

    base: int = 0
    deaths: int = 0

    def __post_init__(self) -> None:
        super().__post_init__()
        now = self.clock.now()
        self.card, self.other = ChipCard(used_memory(now)), ChipCard(rich_memory(now))
        self.reader = ChipReader()
        self.before = {card.face.number: card.face for card in self.cards}
        self.ids = count(self.base + 1)

    def boot(self, fuse: Fuse | None = None) -> SpendCard:
        kiosk = super().boot(fuse)
        assert self.ledger is not None
        self.ledger._connection.execute("PRAGMA synchronous = FULL")
        return kiosk

    def killed(self, course: Callable[[Callable[[], None]], None]) -> None:
        """Run ``course`` in a process that dies; the next one's ids are others."""
        self.die()  # the journal has one writer
        _outlived(course, self._state, self._restore)
        self.deaths += 1
        self.ids = count(self.base + self.deaths * IDS_OF_THE_NEXT)

    def _state(self) -> object:
        return [_chip(card).memory for card in self.cards]

    def _restore(self, state: Any) -> None:
        for card, memory in zip(self.cards, state, strict=True):
            _chip(card).memory = memory


@dataclass
class ChipLoads(World):
    """Top-ups on chips."""

    def __post_init__(self) -> None:
        super().__post_init__()
        now = self.clock.now()
        self.card, self.other = ChipCard(used_memory(now)), ChipCard(rich_memory(now))
        self.reader = ChipReader()
        self.before = {card.face.number: card.face.balance for card in self.cards}

    def killed(self, course: Callable[[Callable[[], None]], None]) -> None:
        """Run ``course`` in a process that dies; the bank remembers what it was asked."""
        self.die()  # the journal has one writer
        _outlived(course, self._state, self._restore)
        self.ids = count(IDS_OF_THE_NEXT)

    def _state(self) -> object:
        """Give the chips' memories and what the bank's side keeps, as the process dies."""
        hub = self.bank._store._connection.serialize()
        return [_chip(one).memory for one in self.cards], self.bank._psp.state, hub

    def _restore(self, state: Any) -> None:
        memories, self.bank._psp.state, hub = state
        self.bank._store._connection.deserialize(hub)
        for card, memory in zip(self.cards, memories, strict=True):
            _chip(card).memory = memory


def apdus_of(card: VirtualCard) -> Deadly:
    """Give what counts and cuts a card's APDUs."""
    assert isinstance(card, ChipCard)
    return card.torn


def _chip(card: VirtualCard) -> VirtualDesfire:
    assert isinstance(card, ChipCard)
    return card.chip


def _outlived(
    course: Callable[[Callable[[], None]], None],
    state: Callable[[], object],
    restore: Callable[[Any], None],
) -> None:
    """Fork; the child runs ``course`` and dies by SIGKILL when it calls what it is given."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:

        def die() -> None:
            os.write(writing, pickle.dumps(state()))
            os.kill(os.getpid(), signal.SIGKILL)

        try:
            course(die)
        finally:
            os._exit(1)
    os.close(writing)
    with os.fdopen(reading, "rb") as told:
        left = told.read()
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    restore(pickle.loads(left))
