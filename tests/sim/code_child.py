"""An offline kiosk in a process of its own that is killed (SIGKILL) at a chosen durable step.

What outlives the process is on the disk: the kiosk's files, and the card, whose silicon is a file
here. Each effect counts before it is done and after.
"""

from __future__ import annotations

import pickle
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

from kiosk.domain.errors import Refused
from kiosk.domain.purse import CardFace, Load
from kiosk.domain.reload_code import CodeRow
from kiosk.ports import CodeRequests, Journal
from kiosk.store.code_requests import CodeStore
from tests.plain.cards import VirtualCard
from tests.sim.fuse import Fuse
from tests.unit.kiosk.usecases.code_world import CodeWorld
from tests.unit.kiosk.usecases.money_world import Fused

EFFECTS = frozenset({"save_code", "save_topup", "book_topup", "write"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """What a child does: types ``guesses`` (the right code for ""), then lays the card.

    ``kill_at`` counts effects from 1, 0 lets it live; ``forgets_tries`` is the negative control.
    """

    folder: Path
    guesses: tuple[str, ...] = ("",)
    kill_at: int = 0
    forgets_tries: bool = False


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
    fuse, world = Fuse(spec.folder / "effects", spec.kill_at), CodeWorld(spec.folder)
    codes = ForgetfulStore(spec.folder / "codes.db") if spec.forgets_tries else world.codes
    journal = cast("Journal", Fused(world.ledger, fuse, EFFECTS))
    world.codes = cast("CodeStore", Fused(codes, fuse, EFFECTS))
    world.redeem_over(cast("CodeRequests", world.codes), journal)
    world.watch_money(journal)
    world.card = FileCard(spec.folder / "card", world.card.face, fuse)
    world.redeemer.settle()
    world.money.resume()
    row = world.codes.find_code("C-000000000001")
    if row is None:
        row = world.ask()
    for guess in spec.guesses:
        _typed(world, row, guess or world.phone(row))
    world.lay()


def _typed(world: CodeWorld, row: CodeRow, digits: str) -> None:
    try:
        world.redeemer.redeem(row.request.id, digits)
    except Refused as no:
        with (world.folder / "refused").open("a") as told:
            told.write(f"{no.message_key}\n")
