"""SIMULATION of the whole far side behind ports.PaymentGateway, in the kiosk's own process.

It is the hub's service over the bank's stand-in, without any network or file: one state machine
for the demonstration, the tests and the hub. The network between kiosk and hub can be told to
lose, delay, repeat or refuse a call. It refuses to exist in production.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from kiosk.domain.bill import BillOrder
from kiosk.domain.errors import AmountRefused, PaymentDeclined, PaymentUnavailable, Refused
from kiosk.domain.money import Money
from kiosk.domain.payment import PaymentStatus, PaymentView
from kiosk.ports import Clock
from kiosk.store.psp import PspStore
from payments.provider import CURRENCY
from payments.providers.stripe_checkout.checkout import Checkout
from payments.service import Counter, PaymentService, short_code
from payments.simulator.api import Api
from payments.simulator.faults import Fault, FaultPlan
from payments.simulator.in_process import InProcess
from payments.simulator.psp import HOST, Psp

TERMINAL = "stripe_terminal"
_NOT_DONE = frozenset(
    {Fault.REQUEST_LOST, Fault.LATE, Fault.REFUSED, Fault.CONFLICT, Fault.LIMITED, Fault.BROKEN}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedPayment:
    """A payment as the stand-in keeps it."""

    topup_id: str
    view: PaymentView
    created_at: datetime
    load_number: int = 0


class SimulatedBank:
    """ports.PaymentGateway without a bank; the demo's tray calls the controls at the end."""

    def __init__(
        self, *, clock: Clock, environment: str, new_code: Callable[[], str] = short_code
    ) -> None:
        """Begin with no payment; raises InputRefused in production."""
        self._psp = Psp(clock=clock, environment=environment)
        self._store = PspStore(None)
        self._service = PaymentService(
            store=self._store,
            provider=Checkout(InProcess(Api(self._psp).answer), return_url=f"{HOST}/merci"),
            clock=clock,
            counter=Counter(provider="simulator", public_url=HOST, new_code=new_code),
        )
        self._plan = FaultPlan()
        self._terminal = False
        self._on_terminal: set[str] = set()
        self._late: deque[Callable[[], PaymentView | None]] = deque()
        self._turn = threading.RLock()
        self.cut = False  # the network between kiosk and hub is down

    def create(
        self,
        topup_id: str,
        amount: Money,
        *,
        idempotency_key: str,
        bill: BillOrder | None = None,
    ) -> PaymentView:
        """Begin a payment; raises PaymentDeclined, BillPaid, BillBusy."""

        def begin() -> PaymentView:
            try:
                return self._service.create(
                    topup_id, amount.cents, CURRENCY, key=idempotency_key, bill=bill
                )
            except AmountRefused as refused:
                raise PaymentDeclined(str(refused)) from refused

        began = self._told(begin)
        if self._terminal:
            self._terminal = False
            self._on_terminal.add(began.id)
        return self._seen(began)

    def find(self, topup_id: str) -> PaymentView | None:
        """Look for the last payment of a top-up."""
        return self._call(lambda: self._service.find(topup_id))

    def retrieve(self, payment_id: str) -> PaymentView:
        """Give the payment as it stands."""
        return self._seen(self._told(lambda: self._service.retrieve(payment_id)))

    def hold(self, payment_id: str, *, load_number: int, idempotency_key: str) -> PaymentView:
        """Promise not to void an authorized payment; another one answers as it stands."""
        return self._told(lambda: self._service.hold(payment_id, load_number, key=idempotency_key))

    def capture(self, payment_id: str, *, idempotency_key: str) -> PaymentView:
        """Take an authorized payment's money; another one answers as it stands."""
        return self._told(lambda: self._service.capture(payment_id, key=idempotency_key))

    def cancel(self, payment_id: str, *, idempotency_key: str) -> PaymentView:
        """Give a payment up; one that went through answers that it succeeded."""
        return self._told(lambda: self._service.cancel(payment_id, key=idempotency_key))

    # The controls: what the citizen's phone, the hub's staff, its timer and the network do.

    def confirm(self, payment_id: str) -> PaymentView:
        """Pay on the phone; a payment that doesn't wait to be paid stays as it is."""
        self._psp.pay(payment_id)
        return self._service.retrieve(payment_id)

    def decline(self, payment_id: str) -> PaymentView:
        """Refuse on the bank's side, before any authorization."""
        self._psp.decline(payment_id)
        return self._service.retrieve(payment_id)

    def refund(self, payment_id: str) -> PaymentView:
        """Give taken money back, as the hub's staff do."""
        view = self._service.retrieve(payment_id)
        if view.status is not PaymentStatus.SUCCEEDED:
            return view
        staff, key = frozenset({"agent", "chief"}), f"{payment_id}:refund"
        return self._service.refund(payment_id, view.amount, staff=staff, key=key)

    def terminal(self) -> None:
        """Let the next payment look to the kiosk as if a bank terminal took it."""
        self._terminal = True

    def sweep(self) -> None:
        """Keep the deadlines, as the hub does every few seconds."""
        self._service.sweep()

    def disturb(self, *faults: Fault | None) -> None:
        """Let the next calls meet these faults, one each; None lets a call pass."""
        self._plan.disturb(*faults)

    def calm(self) -> None:
        """Forget the faults that no call has met yet."""
        self._plan.calm()

    def payments(self) -> tuple[SimulatedPayment, ...]:
        """Give every payment as it stands now, oldest first."""
        with self._turn:
            for payment in self._store.open_payments():
                self._service.retrieve(payment.id)
            return tuple(
                SimulatedPayment(
                    topup_id=row.topup,
                    view=self._service.view(row),
                    created_at=row.created_at,
                    load_number=row.load_number,
                )
                for row in self._store.payments()
            )

    def _seen(self, view: PaymentView) -> PaymentView:
        on_terminal = view.id in self._on_terminal
        return replace(view, url="", provider=TERMINAL) if on_terminal else view

    def _told(self, work: Callable[[], PaymentView]) -> PaymentView:
        view = self._call(work)
        assert view is not None, "every payment has a view"
        return view

    def _call(self, work: Callable[[], PaymentView | None]) -> PaymentView | None:
        """Run one call of the port through the network's faults."""
        with self._turn:
            if self.cut:
                raise PaymentUnavailable("the simulated network is cut")
            self._run_late()
            fault = self._plan.next()
            if fault is Fault.LATE:
                self._late.append(work)
            if fault in _NOT_DONE:
                raise PaymentUnavailable(f"simulated fault: {fault}")
            answer = work()
            if fault is Fault.REPEATED:
                answer = work()
            if fault is Fault.ANSWER_LOST:
                raise PaymentUnavailable(f"simulated fault: {fault}")
            return answer

    def _run_late(self) -> None:
        for _ in range(len(self._late)):
            with suppress(Refused):  # whoever asked has stopped listening
                self._late.popleft()()
