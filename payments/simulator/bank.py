"""SIMULATION of a bank behind ports.PaymentGateway: keeps its state, honours idempotency keys.

It behaves like the real far side in what the top-up relies on:

- an answer is kept under its key: the same key and body give the same answer, whatever happened
  since; the same key with another body is refused;
- capture is manual; canceling a payment that went through answers that it succeeded;
- a payment that nobody pays lapses after PAY_MAX; an authorized one is voided after VOID_AFTER
  unless it is held; a held one is captured at the latest after CAPTURE_AFTER.

It can be told to lose a request or its answer, to do it late, or to refuse. It refuses to exist
in production.
"""

from __future__ import annotations

import secrets
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from kiosk.domain.environment import PRODUCTION
from kiosk.domain.errors import (
    InputRefused,
    PaymentDeclined,
    PaymentUnavailable,
    PaymentUnknown,
    Refused,
)
from kiosk.domain.money import Money
from kiosk.domain.payment import PaymentStatus, PaymentView
from kiosk.ports import Clock

HOST = "paiement-simule.example"  # RFC 2606: a domain that can't exist
PAY_MAX = timedelta(minutes=30)  # a Checkout Session lives at least 30 minutes
VOID_AFTER = timedelta(minutes=10)
CAPTURE_AFTER = timedelta(days=6)  # 24 h before an online authorization lapses
PAYMENTS_MAX = 10_000  # the oldest are forgotten: a demo may run for months
_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # no I, O, 0, 1: read aloud and typed


class Fault(StrEnum):
    """What may befall one call."""

    REQUEST_LOST = "request_lost"
    ANSWER_LOST = "answer_lost"
    LATE = "late"  # no answer now; done before the next call
    REFUSED = "refused"  # 409, 429, 500: not done


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedPayment:
    """A payment as the stand-in keeps it."""

    topup_id: str
    view: PaymentView
    created_at: datetime
    authorized_at: datetime | None = None
    load_number: int = 0


def short_code() -> str:
    """Give a code of two times four letters, as shown beside the QR."""
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


class SimulatedBank:
    """ports.PaymentGateway without a bank; the demo's tray calls the controls at the end."""

    def __init__(
        self, *, clock: Clock, environment: str, new_code: Callable[[], str] = short_code
    ) -> None:
        """Begin with no payment; raises InputRefused in production."""
        if environment == PRODUCTION:
            raise InputRefused(
                "simulated payments are refused in production",
                where="payments.simulator",
                todo="configure a real provider, or unset ALVEOLE_ENV",
            )
        self._clock = clock
        self._new_code = new_code
        self._payments: dict[str, SimulatedPayment] = {}
        self._answers: dict[str, tuple[tuple[object, ...], PaymentView]] = {}
        self._faults: deque[Fault | None] = deque()
        self._late: deque[Callable[[], PaymentView | None]] = deque()
        self._turn = threading.RLock()
        self._count = 0

    def create(self, topup_id: str, amount: Money, *, idempotency_key: str) -> PaymentView:
        """Begin a payment; raises PaymentDeclined for a sum that no bank takes."""
        body = ("create", topup_id, amount.cents)
        view = self._call(lambda: self._keyed(idempotency_key, body, self._begin(topup_id, amount)))
        assert view is not None, "a begun payment has a view"
        return view

    def find(self, topup_id: str) -> PaymentView | None:
        """Look for the last payment of a top-up."""
        return self._call(lambda: self._found(topup_id))

    def retrieve(self, payment_id: str) -> PaymentView:
        """Give the payment as it stands."""
        return self._told(lambda: self._payment(payment_id).view)

    def hold(self, payment_id: str, *, load_number: int, idempotency_key: str) -> PaymentView:
        """Promise not to void an authorized payment; another one answers as it stands."""
        body = ("hold", payment_id, load_number)
        return self._told(
            lambda: self._keyed(idempotency_key, body, lambda: self._hold(payment_id, load_number))
        )

    def capture(self, payment_id: str, *, idempotency_key: str) -> PaymentView:
        """Take an authorized payment's money; another one answers as it stands."""
        body = ("capture", payment_id)
        return self._told(
            lambda: self._keyed(idempotency_key, body, lambda: self._capture(payment_id))
        )

    def cancel(self, payment_id: str, *, idempotency_key: str) -> PaymentView:
        """Give a payment up; one that went through answers that it succeeded."""
        body = ("cancel", payment_id)
        return self._told(
            lambda: self._keyed(idempotency_key, body, lambda: self._cancel(payment_id))
        )

    # The controls: what the citizen's phone, the hub's staff and the network do.

    def confirm(self, payment_id: str) -> PaymentView:
        """Pay on the phone; a payment that doesn't wait to be paid stays as it is."""
        with self._turn:
            payment = self._payment(payment_id)
            if payment.view.status is PaymentStatus.PENDING:
                now = self._clock.now()
                return self._set(
                    replace(payment, authorized_at=now), status=PaymentStatus.AUTHORIZED
                )
            return payment.view

    def decline(self, payment_id: str) -> PaymentView:
        """Refuse on the bank's side, before any authorization."""
        with self._turn:
            payment = self._payment(payment_id)
            if payment.view.status is PaymentStatus.PENDING:
                return self._set(payment, status=PaymentStatus.CANCELED)
            return payment.view

    def refund(self, payment_id: str) -> PaymentView:
        """Give taken money back, as the hub's staff do."""
        with self._turn:
            payment = self._payment(payment_id)
            taken = payment.view.status is PaymentStatus.SUCCEEDED
            return self._set(payment, refunded=True) if taken else payment.view

    def disturb(self, *faults: Fault | None) -> None:
        """Let the next calls meet these faults, one each; None lets a call pass."""
        with self._turn:
            self._faults.extend(faults)

    def calm(self) -> None:
        """Forget the faults that no call has met yet."""
        with self._turn:
            self._faults.clear()

    def payments(self) -> tuple[SimulatedPayment, ...]:
        """Give every payment, oldest first."""
        with self._turn:
            return tuple(self._payment(payment_id) for payment_id in list(self._payments))

    def _told(self, work: Callable[[], PaymentView]) -> PaymentView:
        view = self._call(work)
        assert view is not None, "every payment has a view"
        return view

    def _call(self, work: Callable[[], PaymentView | None]) -> PaymentView | None:
        """Run one call of the port through the network's faults."""
        with self._turn:
            self._run_late()
            fault = self._faults.popleft() if self._faults else None
            if fault is Fault.LATE:
                self._late.append(work)
            if fault in {Fault.REQUEST_LOST, Fault.LATE, Fault.REFUSED}:
                raise PaymentUnavailable(f"simulated fault: {fault}")
            answer = work()
            if fault is Fault.ANSWER_LOST:
                raise PaymentUnavailable(f"simulated fault: {fault}")
            return answer

    def _run_late(self) -> None:
        for _ in range(len(self._late)):
            with suppress(Refused):  # whoever asked has stopped listening
                self._late.popleft()()

    def _keyed(
        self, key: str, body: tuple[object, ...], work: Callable[[], PaymentView]
    ) -> PaymentView:
        """Answer as the first time under this key; raises InputRefused for another body."""
        kept = self._answers.get(key)
        if kept is None:
            kept = self._answers[key] = (body, work())
        if kept[0] != body:
            raise InputRefused(f"idempotency key {key!r} came with another body")
        return kept[1]

    def _begin(self, topup_id: str, amount: Money) -> Callable[[], PaymentView]:
        def begin() -> PaymentView:
            if amount <= Money(0):
                raise PaymentDeclined(f"{amount.cents} cents can't be paid")
            self._count += 1
            code, now = self._new_code(), self._clock.now()
            view = PaymentView(
                id=f"sim_{self._count}_{code}",
                status=PaymentStatus.PENDING,
                amount=amount,
                url=f"https://{HOST}/p/{code}",
                code=code,
                expires_at=now + PAY_MAX,
            )
            self._forget_oldest()
            self._payments[view.id] = SimulatedPayment(topup_id=topup_id, view=view, created_at=now)
            return view

        return begin

    def _forget_oldest(self) -> None:
        if len(self._payments) >= PAYMENTS_MAX:
            oldest = self._payments.pop(next(iter(self._payments)))
            kept = self._answers.items()
            self._answers = {k: a for k, a in kept if a[1].id != oldest.view.id}

    def _found(self, topup_id: str) -> PaymentView | None:
        ids = [p.view.id for p in self._payments.values() if p.topup_id == topup_id]
        return self._payment(ids[-1]).view if ids else None

    def _hold(self, payment_id: str, load_number: int) -> PaymentView:
        payment = self._payment(payment_id)
        if payment.view.status is PaymentStatus.AUTHORIZED:
            return self._set(replace(payment, load_number=load_number), held=True)
        return payment.view

    def _capture(self, payment_id: str) -> PaymentView:
        payment = self._payment(payment_id)
        if payment.view.status is PaymentStatus.AUTHORIZED:
            return self._set(payment, status=PaymentStatus.SUCCEEDED)
        return payment.view

    def _cancel(self, payment_id: str) -> PaymentView:
        payment = self._payment(payment_id)
        if payment.view.status is PaymentStatus.SUCCEEDED:
            return payment.view
        return self._set(payment, status=PaymentStatus.CANCELED)

    def _payment(self, payment_id: str) -> SimulatedPayment:
        """Give a payment after what time did to it; raises PaymentUnknown."""
        payment = self._payments.get(payment_id)
        if payment is None:
            raise PaymentUnknown(f"no simulated payment {payment_id!r}")
        status = _aged(payment, self._clock.now())
        if status is not payment.view.status:
            self._set(payment, status=status)
        return self._payments[payment_id]

    def _set(
        self,
        payment: SimulatedPayment,
        *,
        status: PaymentStatus | None = None,
        held: bool | None = None,
        refunded: bool | None = None,
    ) -> PaymentView:
        before = payment.view
        view = replace(
            before,
            status=before.status if status is None else status,
            held=before.held if held is None else held,
            refunded=before.refunded if refunded is None else refunded,
        )
        self._payments[view.id] = replace(payment, view=view)
        return view


def _aged(payment: SimulatedPayment, now: datetime) -> PaymentStatus:
    """Give the status that a payment has at ``now`` when nobody did anything."""
    view, since = payment.view, payment.authorized_at or payment.created_at
    age = now - since
    match view.status:
        case PaymentStatus.PENDING if age >= PAY_MAX:
            return PaymentStatus.CANCELED
        case PaymentStatus.AUTHORIZED if view.held and age >= CAPTURE_AFTER:
            return PaymentStatus.SUCCEEDED
        case PaymentStatus.AUTHORIZED if not view.held and age >= VOID_AFTER:
            return PaymentStatus.CANCELED
        case same:
            return same
