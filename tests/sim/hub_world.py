"""A kiosk, a hub in its own process and the bank, with a hub that dies and comes back."""

from __future__ import annotations

import http.client
import multiprocessing
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar, cast
from urllib.parse import urlsplit

from kiosk.domain.errors import PaymentUnavailable
from kiosk.domain.money import Money
from kiosk.domain.payment import PaymentStatus, PaymentView
from payments.remote import RemoteGateway
from payments.simulator.api import Api, Request
from payments.simulator.bank import SimulatedBank, SimulatedPayment
from payments.simulator.faults import Fault
from payments.simulator.objects import Session
from tests.sim.hub_child import TOKEN, Spec, run
from tests.stripe_description import DescribedServer
from tests.unit.kiosk.usecases.money_world import Moved, World

START_S = 30.0
LIVES_MAX = 20  # hubs that one course may need
Answer = TypeVar("Answer")
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["tests.sim.hub_child", "stripe", "requests"])


@dataclass
class HubBank:
    """ports.PaymentGateway over a killable hub, with the bank's controls that World uses.

    ``fault`` meets the first call that a hub makes to the bank after one was killed.
    """

    folder: Path
    clock: Moved
    kill_at: int = 0
    fault: Fault | None = None
    forgets_keys: bool = False
    deaths: int = 0
    lives: int = 0
    server: DescribedServer = field(init=False)

    def __post_init__(self) -> None:
        self._tell_time()
        self.server = DescribedServer(clock=self.clock, environment="test")
        self._start()

    def create(self, topup_id: str, amount: Money, *, idempotency_key: str) -> PaymentView:
        return self._call(lambda hub: hub.create(topup_id, amount, idempotency_key=idempotency_key))

    def find(self, topup_id: str) -> PaymentView | None:
        return self._call(lambda hub: hub.find(topup_id))

    def retrieve(self, payment_id: str) -> PaymentView:
        return self._call(lambda hub: hub.retrieve(payment_id))

    def hold(self, payment_id: str, *, load_number: int, idempotency_key: str) -> PaymentView:
        return self._call(
            lambda hub: hub.hold(
                payment_id, load_number=load_number, idempotency_key=idempotency_key
            )
        )

    def capture(self, payment_id: str, *, idempotency_key: str) -> PaymentView:
        return self._call(lambda hub: hub.capture(payment_id, idempotency_key=idempotency_key))

    def cancel(self, payment_id: str, *, idempotency_key: str) -> PaymentView:
        return self._call(lambda hub: hub.cancel(payment_id, idempotency_key=idempotency_key))

    def confirm(self, payment_id: str) -> None:
        self.server.citizen(payment_id, pays=True)

    def decline(self, payment_id: str) -> None:
        self.server.citizen(payment_id, pays=False)

    def refund(self, payment_id: str) -> None:
        session = self.server.psp.state.sessions[payment_id]
        form: dict[str, object] = {"payment_intent": session.intent}
        Api(self.server.psp).answer(Request(method="POST", path="/v1/refunds", form=form))

    def calm(self) -> None:
        self.server.plan.calm()
        self.fault = None

    def sweep(self) -> None:
        """Let the hub's timer strike."""
        self._tell_time()
        self._revive()
        parts = urlsplit(self.url)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
        try:
            connection.request("POST", "/sweep", b"", {"Content-Length": "0"})
            connection.getresponse().read()
        except (OSError, http.client.HTTPException):
            self._revive()
        finally:
            connection.close()

    def payments(self) -> tuple[SimulatedPayment, ...]:
        """Give what the bank itself holds, whatever the hub believes."""
        self.server.psp.lapse()
        sessions = self.server.psp.state.sessions.values()
        return tuple(self._payment(session) for session in sessions)

    def effects(self) -> list[str]:
        """Give the names of the hub's effects so far."""
        return (self.folder / "effects").read_text().splitlines()

    def close(self) -> None:
        self._process.kill()
        self._process.join(START_S)
        self.server.close()

    def _payment(self, session: Session) -> SimulatedPayment:
        intent = self.server.psp.state.intents.get(session.intent)
        over = PaymentStatus.CANCELED if session.status == "expired" else PaymentStatus.PENDING
        view = PaymentView(
            id=session.id,
            status=over if intent is None else PaymentStatus(intent.status),
            amount=Money(session.amount),
            refunded=intent is not None and 0 < intent.received == intent.refunded,
        )
        return SimulatedPayment(topup_id=session.reference, view=view, created_at=self.clock.now())

    def _call(self, work: Callable[[RemoteGateway], Answer]) -> Answer:
        self._tell_time()
        self._revive()
        try:
            return work(RemoteGateway(self.url, token=TOKEN))
        except PaymentUnavailable:
            self._process.join(0.05)
            self._revive()
            raise

    def _tell_time(self) -> None:
        aside = self.folder / "clock.new"
        aside.write_text(str(self.clock.now().timestamp()))
        aside.replace(self.folder / "clock")

    def _revive(self) -> None:
        """Start a hub again on what is left of a killed one."""
        if self._process.exitcode is None:
            return
        self.deaths += 1
        self.kill_at = 0
        if self.fault is not None:
            self.server.plan.disturb(self.fault)
            self.fault = None
        self._start()

    def _start(self) -> None:
        self.lives += 1
        assert self.lives <= LIVES_MAX
        here, there = FORKS.Pipe()
        spec = Spec(
            folder=self.folder,
            bank_url=self.server.url,
            kill_at=self.kill_at,
            forgets_keys=self.forgets_keys,
        )
        self._process = FORKS.Process(target=run, args=(spec, there), daemon=True)
        self._process.start()
        assert here.poll(START_S), "the hub doesn't start"
        self.url = cast("str", here.recv())
        here.close()
        there.close()


def hub_world(folder: Path, bank: HubBank) -> World:
    """Give a kiosk's world whose bank is behind that hub."""

    def make(**_: object) -> SimulatedBank:
        return cast("SimulatedBank", bank)

    return World(
        folder / "ledger.db", clock=bank.clock, make_bank=cast("type[SimulatedBank]", make)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """How one cell of the matrix ended."""

    faults: list[str]
    credited: bool
    killed: bool
    effects: list[str]


def run_cell(folder: Path, course: Callable[[World], None], bank: HubBank) -> Ran:
    """Run a course with a hub that dies, let a healthy one end it, and count the money."""
    world = hub_world(folder, bank)
    try:
        before = world.card.face.balance
        course(world)
        killed = bank.deaths > 0
        bank.calm()
        world.finish()
        bank.sweep()
        credited = world.card.face.balance != before
        return Ran(faults=world.faults(), credited=credited, killed=killed, effects=bank.effects())
    finally:
        world.die()
        bank.close()
