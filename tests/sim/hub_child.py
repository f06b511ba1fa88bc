"""A hub in a process of its own that is killed (SIGKILL) at a chosen effect, for the crash matrix.

The child is the real service over the real provider's code; only its clock is a file, and its
table and its provider are watched: before and after each of their effects a count may end it.
"""

from __future__ import annotations

import signal
from collections.abc import Mapping
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import cast
from uuid import uuid4

import structlog

from kiosk.domain.money import Money
from kiosk.domain.psp import PspCall
from kiosk.store.psp import PspStore
from payments.hub_server import Answered, HubPayments, HubServer
from payments.provider import Provider, Setup
from payments.registry import load
from payments.service import Counter, PaymentService
from tests.sim.fuse import FileClock, Fuse
from tests.unit.kiosk.usecases.money_world import Fused

TOKEN = "kiosk-1-" + "0" * 32
EFFECTS = frozenset({"begin", "save", "create", "find", "retrieve", "capture", "cancel"})
LOG = "hub-effects"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """What a child runs on; ``kill_at`` counts effects from 1, 0 lets it live."""

    folder: Path
    provider: str
    options: Mapping[str, str]
    kill_at: int = 0
    forgets_keys: bool = False


class ForgetfulStore(PspStore):
    """NEGATIVE CONTROL: keys are made up at each call, and not persisted."""

    def begin(self, call: PspCall, *, bill: str = "") -> PspCall:  # no table
        return replace(call, key=f"{call.key}:{uuid4()}")


class SteeredHub(HubPayments):
    """Does what the test says in place of the timer and of the hub's staff."""

    def post(self, path: str, body: bytes, headers: Mapping[str, str]) -> Answered:
        if path == "/sweep":
            self.service.sweep()
            return Answered(status=200)
        if path == "/repaid":
            payment_id, _, cents = body.decode().partition(" ")
            amount, key = Money(int(cents)), f"{payment_id}:repaid"
            self.service.repaid(payment_id, amount, staff=frozenset({"clerk"}), key=key)
            return Answered(status=200)
        return super().post(path, body, headers)


def run(spec: Spec, told: Connection) -> None:
    """Serve until killed; tells the address."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    fuse, clock = Fuse(spec.folder / LOG, spec.kill_at), FileClock(spec.folder)
    store = (ForgetfulStore if spec.forgets_keys else PspStore)(spec.folder / "psp.db")
    secret = "rk_test_simulated" if spec.provider.startswith("stripe") else ""
    setup = Setup(clock=clock, environment="test", secret=secret, options=spec.options)
    service = PaymentService(
        store=cast("PspStore", Fused(store, fuse, EFFECTS)),
        provider=cast("Provider", Fused(load(spec.provider, setup), fuse, EFFECTS)),
        clock=clock,
        counter=Counter(provider=spec.provider, public_url="https://hub.example"),
    )
    with HubServer(SteeredHub(service, token=TOKEN), sweep_s=3600) as server:
        told.send(server.url)
        signal.pause()
