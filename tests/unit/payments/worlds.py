"""A hub's service over the bank's stand-in, in one process, with a clock that tests move."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count

from kiosk.domain.payment import PaymentView
from kiosk.store.psp import PspStore
from payments.providers.stripe_checkout.checkout import Checkout
from payments.service import Counter, PaymentService
from payments.simulator.api import Api, Request
from payments.simulator.disturbed import DisturbedApi
from payments.simulator.faults import FaultPlan
from payments.simulator.forms import Json
from payments.simulator.in_process import InProcess
from payments.simulator.psp import Psp

SECRET = "whsec_simulated"


class Time:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()

    def move(self, **delta: float) -> None:
        self.at += timedelta(**delta)


class Hub:
    """The service and what stands around it."""

    def __init__(self, store: PspStore | None = None) -> None:
        self.time = Time()
        self.psp = Psp(clock=self.time, environment="test")
        self.plan = FaultPlan()
        self.api = DisturbedApi(Api(self.psp), self.plan)
        self.store = store or PspStore(None)
        numbers = count(1)
        self.service = PaymentService(
            store=self.store,
            provider=Checkout(InProcess(self.api.answer), return_url="https://hub.example"),
            clock=self.time,
            counter=Counter(
                provider="simulator",
                webhook_secrets=("whsec_next", SECRET),
                new_code=lambda: f"CODE-{next(numbers)}",
            ),
        )

    def begin(self, topup: str = "T-1", cents: int = 2000) -> PaymentView:
        return self.service.create(topup, cents, "eur", key=f"{topup}:create")

    def authorized(self, topup: str = "T-1", cents: int = 2000) -> str:
        payment = self.begin(topup, cents)
        self.psp.pay(payment.id)
        self.service.retrieve(payment.id)
        return payment.id

    def held(self) -> str:
        payment_id = self.authorized()
        self.service.hold(payment_id, 4, key="T-1:hold:4")
        return payment_id

    def captured(self, topup: str = "T-1", cents: int = 2000) -> str:
        payment_id = self.authorized(topup, cents)
        self.service.capture(payment_id, key=f"{topup}:capture")
        return payment_id

    def post(self, path: str, form: Json | None = None, key: str = "") -> Json:
        """Ask the bank past the hub, as its dashboard does."""
        answer = self.api.api.answer(Request(method="POST", path=path, form=form or {}, key=key))
        return answer.document

    def intents(self) -> list[str]:
        """Give the statuses of the bank's intents."""
        return [intent.status for intent in self.psp.state.intents.values()]
