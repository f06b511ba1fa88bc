"""A kiosk, a hub in its own process and a bank; the kiosk or the hub dies and comes back."""

from __future__ import annotations

import contextlib
import http.client
import multiprocessing
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar, cast
from urllib.parse import urlsplit

from kiosk.domain.bill import BillOrder
from kiosk.domain.errors import PaymentUnavailable
from kiosk.domain.money import Money
from kiosk.domain.payment import PaymentView
from kiosk.usecases.reload_card import ReloadCard
from payments.remote import RemoteGateway
from payments.simulator.bank import SimulatedBank, SimulatedPayment
from payments.simulator.faults import Fault
from tests.plain.cards import VirtualCard
from tests.sim import hub_child, kiosk_child
from tests.sim.banks import FarSide
from tests.sim.hub_child import TOKEN
from tests.sim.kiosk_child import KioskProcess, KioskSpec
from tests.unit.kiosk.usecases.money_world import Crash, Moved, World

START_S = 30.0
LIVES_MAX = 20  # hubs that one course may need
Answer = TypeVar("Answer")
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(
    [
        "tests.sim.hub_world",
        "payments.providers.stripe_checkout",
        "payments.providers.stripe_terminal",
        "payments.providers.payfip",
        "stripe",
        "requests",
        "zoneinfo",
    ]
)


@dataclass
class HubBank:
    """ports.PaymentGateway over a killable hub, with the bank's controls that World uses.

    ``fault`` meets the first call to the bank after the kill.
    """

    folder: Path
    clock: Moved
    provider: str
    far: FarSide
    kill_at: int = 0
    fault: Fault | None = None
    forgets_keys: bool = False
    deaths: int = 0
    lives: int = 0
    url: str = field(init=False)

    def __post_init__(self) -> None:
        self.tell_time()
        self._start()

    def create(
        self,
        topup_id: str,
        amount: Money,
        *,
        idempotency_key: str,
        bill: BillOrder | None = None,
    ) -> PaymentView:
        return self._call(
            lambda hub: hub.create(topup_id, amount, idempotency_key=idempotency_key, bill=bill)
        )

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
        self.far.ends(payment_id, pays=True)

    def decline(self, payment_id: str) -> None:
        self.far.ends(payment_id, pays=False)

    def refund(self, payment_id: str) -> None:
        """Give back what was taken, once, as staff do."""
        if not any(one.view.refunded for one in self.payments() if one.view.id == payment_id):
            self.far.refund(payment_id)
        if self.far.repays_by_hand:
            (cents,) = [p.view.amount.cents for p in self.payments() if p.view.id == payment_id]
            self._steer("/repaid", f"{payment_id} {cents}".encode())

    def disturb(self) -> None:
        """Let the chosen fault meet the bank's next call."""
        if self.fault is not None:
            self.far.plan.disturb(self.fault)
            self.fault = None

    def calm(self) -> None:
        self.far.plan.calm()
        self.fault = None

    def sweep(self) -> None:
        """Let the hub's timer strike."""
        self._steer("/sweep")

    def payments(self) -> tuple[SimulatedPayment, ...]:
        """Give what the bank itself holds, whatever the hub believes."""
        with contextlib.closing(sqlite3.connect(self.folder / "psp.db")) as table:
            shown = {id_ for (id_,) in table.execute("SELECT id FROM psp_payment")}
        return tuple(self.far.payments(shown))

    def effects(self, log: str) -> list[str]:
        """Give the names of a child's effects so far."""
        file = self.folder / log
        return file.read_text().splitlines() if file.exists() else []

    def close(self) -> None:
        self._process.kill()
        self._process.join(START_S)
        self.far.close()

    def tell_time(self) -> None:
        aside = self.folder / "clock.new"
        aside.write_text(str(self.clock.now().timestamp()))
        aside.replace(self.folder / "clock")

    def _steer(self, path: str, body: bytes = b"") -> None:
        self.tell_time()
        self._revive()
        parts = urlsplit(self.url)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
        try:
            connection.request("POST", path, body, {"Content-Length": str(len(body))})
            connection.getresponse().read()
        except (OSError, http.client.HTTPException):
            self._revive()
        finally:
            connection.close()

    def _call(self, work: Callable[[RemoteGateway], Answer]) -> Answer:
        self.tell_time()
        self._revive()
        try:
            return work(RemoteGateway(self.url, token=TOKEN))
        except PaymentUnavailable:
            if self.kill_at:
                self._process.join(0.05)
            self._revive()
            raise

    def _revive(self) -> None:
        """Start a hub again on what is left of a killed one."""
        if self._process.exitcode is None:
            return
        self.deaths += 1
        self.kill_at = 0
        self.disturb()
        self._start()

    def _start(self) -> None:
        self.lives += 1
        assert self.lives <= LIVES_MAX
        here, there = FORKS.Pipe()
        spec = hub_child.Spec(
            folder=self.folder,
            provider=self.provider,
            options=self.far.options,
            kill_at=self.kill_at,
            forgets_keys=self.forgets_keys,
        )
        self._process = FORKS.Process(target=hub_child.run, args=(spec, there), daemon=True)
        self._process.start()
        assert here.poll(START_S), "the hub doesn't start"
        self.url = cast("str", here.recv())
        here.close()
        there.close()


def start_kiosk(world: World, bank: HubBank, kill_at: int) -> KioskProcess:
    """Start a kiosk's process that dies at an effect."""
    here, there = FORKS.Pipe()
    spec = KioskSpec(folder=bank.folder, ledger=world.path, hub_url=bank.url, kill_at=kill_at)
    process = FORKS.Process(target=kiosk_child.run, args=(spec, there), daemon=True)
    process.start()
    there.close()
    return KioskProcess(process, here, bank.tell_time)


def hub_world(bank: HubBank, make_card: type[VirtualCard]) -> World:
    """Give a kiosk's world whose bank is behind that hub."""

    def make(**_: object) -> SimulatedBank:
        return cast("SimulatedBank", bank)

    make_bank = cast("type[SimulatedBank]", make)
    return World(
        bank.folder / "ledger.db", clock=bank.clock, make_bank=make_bank, make_card=make_card
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """How one cell of the matrix ended; effects are those of the hub and of the kiosk."""

    faults: list[str]
    credited: bool
    killed: bool
    hub_effects: list[str]
    kiosk_effects: list[str]


Course = Callable[[World, ReloadCard], None]


def run_cell(
    course: Course,
    bank: HubBank,
    *,
    kiosk_dies_at: int | None = None,
    make_card: type[VirtualCard] = VirtualCard,
) -> Ran:
    """Run a course with a hub or a kiosk that dies, let healthy ones end it, count the money.

    ``kiosk_dies_at`` None: the kiosk lives in this process; 0: in a process that lives on.
    """
    world = hub_world(bank, make_card)
    try:
        before = world.card.face.balance
        killed = _run(world, bank, course, kiosk_dies_at)
        bank.sweep()
        bank.calm()
        world.finish()
        bank.sweep()
        return Ran(
            faults=world.faults(),
            credited=world.card.face.balance != before,
            killed=killed or bank.deaths > 0,
            hub_effects=bank.effects(hub_child.LOG),
            kiosk_effects=bank.effects(kiosk_child.LOG),
        )
    finally:
        world.die()
        bank.close()


def _run(world: World, bank: HubBank, course: Course, kiosk_dies_at: int | None) -> bool:
    """Run a course; a kiosk that died is started again, and its citizen is still there."""
    if kiosk_dies_at is None:
        course(world, world.boot())
        return False
    process = start_kiosk(world, bank, kiosk_dies_at)
    try:
        course(world, cast("ReloadCard", process))
    except Crash:
        pass
    else:
        return False
    finally:
        process.close()
    bank.disturb()
    kiosk = world.boot()
    kiosk.resume()
    course(world, kiosk)
    return True
