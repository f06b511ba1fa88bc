"""The banks of the crash matrix: each stand-in over HTTP, its citizen, and what it really holds."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Protocol

from kiosk.domain.money import Money
from kiosk.domain.payment import PaymentStatus, PaymentView
from payments.reports import reference
from payments.simulator.api import Api, Request
from payments.simulator.bank import SimulatedPayment
from payments.simulator.faults import FaultPlan
from payments.simulator.objects import Intent, Reader, Session
from payments.simulator.payfip import Operation, PayfipServer, SimulatedPayfip
from payments.simulator.server import SimulatorServer
from tests.stripe_description import DescribedServer
from tests.unit.kiosk.usecases.money_world import Moved

P = PaymentStatus
READER = "tmr_1"
TOPUPS_MAX = 200  # ids that a course may use


class FarSide(Protocol):
    """A bank as its citizen, its own books and the régie see it."""

    plan: FaultPlan
    options: Mapping[str, str]
    repays_by_hand: bool

    def ends(self, payment_id: str, *, pays: bool) -> None: ...

    def refund(self, payment_id: str) -> None: ...

    def payments(self, shown: Collection[str]) -> Sequence[SimulatedPayment]: ...

    def close(self) -> None: ...


class StripeFar:
    """Stripe's stand-in; ``described`` holds every message to Stripe's own description."""

    repays_by_hand = False

    def __init__(self, clock: Moved, *, described: bool) -> None:
        server = DescribedServer if described else SimulatorServer
        self.server = server(clock=clock, environment="test")
        self.plan = self.server.plan
        self.psp = self.server.psp
        self.psp.state.readers[READER] = Reader(id=READER)
        self.options: Mapping[str, str] = {
            "base": self.server.url,
            "return_url": "https://hub.example/merci",
            "reader": READER,
        }

    def ends(self, payment_id: str, *, pays: bool) -> None:
        self.server.citizen(payment_id, pays=pays)

    def refund(self, payment_id: str) -> None:
        session = self.psp.state.sessions.get(payment_id)
        intent = payment_id if session is None else session.intent
        form: dict[str, object] = {"payment_intent": intent}
        Api(self.psp).answer(Request(method="POST", path="/v1/refunds", form=form))

    def payments(self, shown: Collection[str]) -> Sequence[SimulatedPayment]:
        self.psp.lapse()
        return self._payments()

    def close(self) -> None:
        self.server.close()

    def _payments(self) -> Sequence[SimulatedPayment]:
        raise NotImplementedError


class CheckoutFar(StripeFar):
    """Its Checkout Sessions."""

    def _payments(self) -> Sequence[SimulatedPayment]:
        return [self._payment(session) for session in self.psp.state.sessions.values()]

    def _payment(self, session: Session) -> SimulatedPayment:
        intent = self.psp.state.intents.get(session.intent)
        if intent is not None:
            return _of_intent(intent, session.id, session.reference)
        over = P.CANCELED if session.status == "expired" else P.PENDING
        return _payment(session.id, session.reference, over, session.amount)


class TerminalFar(StripeFar):
    """Its intents on a reader."""

    def _payments(self) -> Sequence[SimulatedPayment]:
        intents = self.psp.state.intents.values()
        return [_of_intent(one, one.id, one.metadata["topup"]) for one in intents]


class PayfipFar:
    """PayFiP's stand-in. What no hub has shown, nobody can pay: it is left out."""

    repays_by_hand = True

    def __init__(self, clock: Moved, **_: bool) -> None:
        self.service = SimulatedPayfip(clock=clock, environment="test")
        self.server = PayfipServer(self.service)
        self.plan = self.service.plan
        self.repaid: set[str] = set()
        self.topups = {
            reference(topup): topup for topup in (f"T-{n:012x}" for n in range(TOPUPS_MAX))
        }
        self.options: Mapping[str, str] = {
            "base": self.server.url,
            "numcli": "012345",
            "mode": "T",
            "email": "regie@commune.example",
            "return_url": "https://hub.example/merci",
            "notify_url": "https://hub.example/payfip",
        }

    def ends(self, payment_id: str, *, pays: bool) -> None:
        self.service.end(payment_id.split("_", 3)[3], "P" if pays else "A")

    def refund(self, payment_id: str) -> None:
        """Give it back by a transfer of the régie's, outside of PayFiP."""
        self.repaid.add(payment_id)

    def payments(self, shown: Collection[str]) -> Sequence[SimulatedPayment]:
        every = [self._payment(idop, one) for idop, one in self.service.operations.items()]
        return [one for one in every if one.view.id in shown or one.view.status is P.SUCCEEDED]

    def close(self) -> None:
        self.server.close()

    def _payment(self, idop: str, one: Operation) -> SimulatedPayment:
        cents = int(one.fields["montant"])
        payment_id = f"payfip_{int(one.at.timestamp()):010}_{cents}_{idop}"
        status = {"": P.PENDING, "P": P.SUCCEEDED}.get(one.result, P.CANCELED)
        repaid = payment_id in self.repaid
        named = one.fields["refdet"]
        topup = self.topups.get(named, named)  # a bill goes under its own name
        return _payment(payment_id, topup, status, cents, repaid=repaid)


FARS: Mapping[str, Callable[..., FarSide]] = {
    "stripe_checkout": CheckoutFar,
    "stripe_terminal": TerminalFar,
    "payfip": PayfipFar,
}


def _of_intent(intent: Intent, payment_id: str, topup: str) -> SimulatedPayment:
    known = {status.value for status in P}
    status = P(intent.status) if intent.status in known else P.PENDING
    repaid = 0 < intent.received == intent.refunded
    return _payment(payment_id, topup, status, intent.amount, repaid=repaid)


def _payment(
    payment_id: str, topup: str, status: PaymentStatus, cents: int, *, repaid: bool = False
) -> SimulatedPayment:
    view = PaymentView(id=payment_id, status=status, amount=Money(cents), refunded=repaid)
    return SimulatedPayment(topup_id=topup, view=view, created_at=Moved().now())
