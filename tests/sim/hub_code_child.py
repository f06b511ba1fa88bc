"""A hub that takes one offline request and is killed (SIGKILL) at a chosen durable step.

The bank's stand-in keeps its state in a file, as if it were elsewhere: what it has answered
outlives the hub.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from kiosk.domain.reload_code import request_text
from kiosk.store.hub_codes import HubCodes
from kiosk.store.psp import PspStore
from payments.codes import CodeOffice, CodePayments, KnownKiosk, PayState
from payments.provider import Provider
from payments.providers.stripe_checkout.checkout import Checkout
from payments.service import Counter, PaymentService
from payments.simulator.in_process import InProcess
from payments.simulator.server import SimulatorServer
from tests.code_requests import CODE_KEY, NOW, a_request
from tests.signers import OTHER, OURS
from tests.sim.fuse import Fuse
from tests.sim.hub_child import EFFECTS
from tests.unit.kiosk.usecases.money_world import Fused, Moved

TEXT = request_text(a_request(), OURS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """What a child runs on; ``kill_at`` counts effects from 1, 0 lets it live."""

    folder: Path
    kill_at: int = 0


def run(spec: Spec) -> None:
    """Take the request, let the citizen pay, show the code; write it down."""
    fuse = Fuse(spec.folder / "effects", spec.kill_at)
    clock = Moved()
    clock.at = NOW

    def watched(target: object) -> Any:
        return Fused(target, fuse, EFFECTS)

    bank_file = spec.folder / "bank.json"
    with SimulatorServer(clock=clock, environment="test", file=bank_file) as bank:
        service = PaymentService(
            store=cast("PspStore", watched(PspStore(spec.folder / "psp.db"))),
            provider=cast(
                "Provider",
                watched(Checkout(InProcess(bank.answer), return_url="https://x.example")),
            ),
            clock=clock,
            counter=Counter(provider="simulator"),
        )
        kiosk = KnownKiosk(public_key=OURS.public_key, code_key=CODE_KEY)
        codes = CodePayments(
            store=cast("HubCodes", watched(HubCodes(spec.folder / "hub-codes.db"))),
            service=service,
            clock=clock,
            office=CodeOffice(kiosks={"borne-01": kiosk}, hub=OTHER),
        )
        if codes.pay(TEXT).state is PayState.PAYING:
            for session in list(bank.psp.state.sessions):
                bank.citizen(session, pays=True)
        page = codes.look(TEXT)
        (spec.folder / "code").write_text(page.code)
