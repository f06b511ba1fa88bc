"""A kiosk in a process of its own that is killed (SIGKILL) at a chosen effect.

The child is the real use case over the real journal and the hub; its card lies in the test's
process, which steers it and answers for the card over a pipe.
"""

from __future__ import annotations

import itertools
import signal
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any, cast

from cardreader.virtual import DEMO_CARD_KEY
from kiosk.domain.errors import AlveoleError
from kiosk.domain.payment import TopupLimits
from kiosk.domain.purse import CardFace, Load
from kiosk.ports import CardSession, Journal, PaymentGateway
from kiosk.store.ledger import Ledger
from kiosk.usecases.reload_card import Desk, ReloadCard
from payments.remote import RemoteGateway
from tests.sim.fuse import FileClock, Fuse
from tests.sim.hub_child import TOKEN
from tests.unit.kiosk.usecases.money_world import EFFECTS, Crash, Fused

LOG = "kiosk-effects"
WAIT_S = 30.0
CARD, DONE = "card", "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class KioskSpec:
    """What a child runs on; ``kill_at`` counts effects from 1, 0 lets it live."""

    folder: Path
    ledger: Path
    hub_url: str
    kill_at: int = 0


class FarCard:
    """ports.CardSession over the pipe."""

    def __init__(self, told: Connection) -> None:
        self._told = told

    def read(self) -> CardFace:
        return self._asked("read")

    def write_load(self, load: Load) -> CardFace:
        return self._asked("write_load", load)

    def _asked(self, name: str, *arguments: object) -> CardFace:
        self._told.send((CARD, (name, arguments)))
        answer = self._told.recv()
        if isinstance(answer, AlveoleError):
            raise answer
        return cast("CardFace", answer)


def run(spec: KioskSpec, told: Connection) -> None:
    """Do what the test says until killed."""
    fuse = Fuse(spec.folder / LOG, spec.kill_at)
    ledger = Ledger(spec.ledger, free=lambda _: 10**12)
    numbers = itertools.count(1)
    kiosk = ReloadCard(
        journal=cast("Journal", Fused(ledger, fuse, EFFECTS)),
        gateway=cast(
            "PaymentGateway", Fused(RemoteGateway(spec.hub_url, token=TOKEN), fuse, EFFECTS)
        ),
        clock=FileClock(spec.folder),
        desk=Desk(
            provider="simulator",
            card_key=DEMO_CARD_KEY,
            limits=TopupLimits(),
            new_id=lambda: f"T-{next(numbers):012x}",
        ),
    )
    card = Fused(FarCard(told), fuse, EFFECTS)
    while True:
        name, arguments = told.recv()
        given = [card if one == CARD else one for one in arguments]
        told.send((DONE, getattr(kiosk, name)(*given)))


class KioskProcess:
    """Steers such a child as if it were ReloadCard; raises Crash once it was killed."""

    def __init__(
        self, process: ForkServerProcess, told: Connection, tell_time: Callable[[], None]
    ) -> None:
        self._process = process
        self._told = told
        self._tell_time = tell_time

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return lambda *arguments: self._ask(name, *arguments)

    def close(self) -> None:
        self._process.kill()
        self._process.join(WAIT_S)
        self._told.close()

    def _ask(self, name: str, *arguments: object) -> object:
        self._tell_time()
        cards = [one for one in arguments if hasattr(one, "write_load")]
        try:
            self._told.send((name, [CARD if one in cards else one for one in arguments]))
            self._card = cast("CardSession", cards[0]) if cards else getattr(self, "_card", None)
            return self._answered()
        except (EOFError, ConnectionResetError, BrokenPipeError) as gone:
            self._process.join(WAIT_S)
            assert self._process.exitcode == -signal.SIGKILL, self._process.exitcode
            raise Crash(name) from gone

    def _answered(self) -> object:
        """Answer for the card until the kiosk has answered."""
        while True:
            assert self._told.poll(WAIT_S), "the kiosk hangs"
            what, said = self._told.recv()
            if what == DONE:
                return cast("object", said)
            name, arguments = said
            try:
                answer = getattr(self._card, name)(*arguments)
            except AlveoleError as wrong:
                answer = wrong
            self._told.send(answer)
