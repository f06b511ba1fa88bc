"""An offline kiosk in a process of its own that is killed (SIGKILL) at a chosen durable step.

What outlives the process is on the disk: the kiosk's files, and the card, whose silicon is a file
here. Each effect counts before it is done and after.
"""

from __future__ import annotations

import os
import pickle
import signal
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

from kiosk.domain.errors import Refused
from kiosk.domain.purse import CardFace, Load
from kiosk.domain.reload_code import CodeRow
from kiosk.ports import CodeRequests, CodeTicketJournal, Journal
from kiosk.store.code_requests import CodeStore
from kiosk.store.ledger_code_tickets import CodeTickets
from kiosk.usecases.redeem_code import Books, RedeemCode
from tests.plain.cards import VirtualCard
from tests.unit.kiosk.usecases.code_world import CodeWorld

EFFECTS = frozenset({"save_code", "save_topup", "book_topup", "book_ticket", "write"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """What a child does: types ``guesses`` (the right code for ""), then lays the card.

    ``kill_at`` counts effects from 1, 0 lets it live; ``forgets_tries`` is the negative control.
    """

    folder: Path
    guesses: tuple[str, ...] = ("",)
    ticket: bool = False
    kill_at: int = 0
    forgets_tries: bool = False


class Fuse:
    """Counts effects into a file and kills the process at the chosen one."""

    def __init__(self, spec: Spec) -> None:
        self._kill_at = spec.kill_at
        self._log = (spec.folder / "effects").open("a", buffering=1)
        self._count = 0

    def burn(self, name: str) -> None:
        self._count += 1
        self._log.write(f"{name}\n")
        if self._count == self._kill_at:
            os.kill(os.getpid(), signal.SIGKILL)


class Watched:
    """A thing whose effects burn the fuse before they are done and after."""

    def __init__(self, target: object, fuse: Fuse) -> None:
        self._target = target
        self._fuse = fuse

    def __getattr__(self, name: str) -> Any:
        work = getattr(self._target, name)
        return self._burning(name, work) if name in EFFECTS else work

    def _burning(self, name: str, work: Callable[..., object]) -> Callable[..., object]:
        def call(*arguments: object, **named: object) -> object:
            self._fuse.burn(f"{name} before")
            answer = work(*arguments, **named)
            self._fuse.burn(f"{name} after")
            return answer

        return call


class FileCard(VirtualCard):
    """A card whose silicon outlives the kiosk's process."""

    def __init__(self, file: Path, face: CardFace, fuse: Fuse) -> None:
        super().__init__(pickle.loads(file.read_bytes()) if file.exists() else face)
        self._file, self._fuse = file, fuse

    def write(self, load: Load) -> CardFace:
        self._fuse.burn("write before")
        face = super().write(load)
        self._file.write_bytes(pickle.dumps(face))
        self._fuse.burn("write after")
        return face


class ForgetfulStore(CodeStore):
    """NEGATIVE CONTROL: a try that isn't the right one is not kept."""

    def save_code(self, row: CodeRow) -> None:
        super().save_code(replace(row, tries=0))


def run(spec: Spec) -> None:
    """Ask, type, lay the card, as often as it is called on one folder."""
    fuse, world = Fuse(spec), CodeWorld(spec.folder)
    codes = ForgetfulStore(spec.folder / "codes.db") if spec.forgets_tries else world.codes
    books = Books(
        codes=cast("CodeRequests", Watched(codes, fuse)),
        journal=cast("Journal", Watched(world.ledger, fuse)),
        tickets=cast("CodeTicketJournal", Watched(CodeTickets(world.ledger), fuse)),
    )
    world.codes = cast("CodeStore", Watched(codes, fuse))
    world.redeemer = RedeemCode(books=books, clock=world.clock, redemption=world.redemption)
    world.watch_money(cast("Journal", Watched(world.ledger, fuse)))
    world.card = FileCard(spec.folder / "card", world.card.face, fuse)
    world.redeemer.settle()
    world.money.resume()
    row = world.codes.find_code("C-000000000001")
    if row is None:
        row = world.ask_ticket() if spec.ticket else world.ask()
    for guess in spec.guesses:
        _typed(world, row, guess or world.phone(row))
    world.lay()


def _typed(world: CodeWorld, row: CodeRow, digits: str) -> None:
    try:
        world.redeemer.redeem(row.request.id, digits)
    except Refused as no:
        with (world.folder / "refused").open("a") as told:
            told.write(f"{no.message_key}\n")
