"""A hub in a process of its own that is killed (SIGKILL) at a chosen effect, for the crash matrix.

The child is the real service over the real Stripe library; only its clock is a file, and its table
and its provider are watched: before and after each of their effects a count may end the process.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

import structlog

from kiosk.domain.psp import PspCall
from kiosk.store.psp import PspStore
from payments.hub_server import Answered, HubPayments, HubServer
from payments.provider import Provider, Setup
from payments.registry import load
from payments.service import Counter, PaymentService

TOKEN = "kiosk-1-" + "0" * 32
EFFECTS = frozenset({"begin", "save", "create", "find", "retrieve", "capture", "cancel"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """What a child runs on; ``kill_at`` counts effects from 1, 0 lets it live."""

    folder: Path
    bank_url: str
    kill_at: int = 0
    forgets_keys: bool = False


class FileClock:
    """The time that the test wrote into a file."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def now(self) -> datetime:
        return datetime.fromtimestamp(float(self._file.read_text()), UTC)

    def monotonic(self) -> float:
        return self.now().timestamp()


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


class ForgetfulStore(PspStore):
    """NEGATIVE CONTROL: keys are made up at each call, and not persisted."""

    def begin(self, call: PspCall) -> PspCall:
        return replace(call, key=f"{call.key}:{uuid4()}")


class SweptHub(HubPayments):
    """Sweeps when the test says so, in place of the timer."""

    def post(self, path: str, body: bytes, headers: Mapping[str, str]) -> Answered:
        if path == "/sweep":
            self.service.sweep()
            return Answered(status=200)
        return super().post(path, body, headers)


def run(spec: Spec, told: Connection) -> None:
    """Serve until killed; tells the address."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    fuse, clock = Fuse(spec), FileClock(spec.folder / "clock")
    store = (ForgetfulStore if spec.forgets_keys else PspStore)(spec.folder / "psp.db")
    options = {"base": spec.bank_url, "return_url": "https://hub.example/merci"}
    setup = Setup(clock=clock, environment="test", secret="rk_test_simulated", options=options)
    service = PaymentService(
        store=cast("PspStore", Watched(store, fuse)),
        provider=cast("Provider", Watched(load("stripe_checkout", setup), fuse)),
        clock=clock,
        counter=Counter(provider="stripe_checkout", public_url="https://hub.example"),
    )
    with HubServer(SweptHub(service, token=TOKEN), sweep_s=3600) as server:
        told.send(server.url)
        signal.pause()
