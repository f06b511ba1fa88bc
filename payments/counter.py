"""Payments over the counter in the kiosk's own process: the till is in its journal, not the hub's.

``CounterGateway`` is to the top-up's machine what the hub is for cards and phones. What was
received is durable before the machine hears of it, so a promise to hold it is kept already.
"""

from __future__ import annotations

from kiosk.domain.bill import BillOrder
from kiosk.domain.errors import PaymentDeclined, Refused
from kiosk.domain.money import Money
from kiosk.domain.payment import PaymentView
from kiosk.domain.psp import NOTHING
from kiosk.domain.till import TillKind, TillState
from kiosk.domain.till_acts import taking
from kiosk.domain.till_rules import TillRules
from kiosk.ports import Clock, TillJournal
from payments.provider import Charge, Order
from payments.till import CounterProvider


class JournalTill:
    """payments.till.Till on the kiosk's journal; the session's holder takes."""

    def __init__(self, journal: TillJournal, rules: TillRules) -> None:
        self._journal = journal
        self._rules = rules

    def is_open(self) -> bool:
        """Say whether a session takes money; raises LedgerTampered."""
        return self._journal.till().state is TillState.OPEN

    def take(self, kind: str, order: Order) -> None:
        """Enter what was received, once an order.

        Raises TillClosed, TillFrozen, AmountRefused, DrawerFull, LimitReached, StorageFull.
        """
        till = self._journal.till()
        event = taking(till, TillKind(kind), order.amount, order.topup, self._rules, at=order.at)
        self._journal.record(event)

    def taken(self, kind: str, topup: str) -> Money | None:
        """Give what was received for a top-up, None for nothing."""
        event = self._journal.taken(TillKind(kind), topup)
        return None if event is None else event.cash + event.cheques

    def given_back(self, topup: str) -> bool:
        """Say whether what was received for a top-up was given back."""
        return self._journal.given_back(topup)


class CounterGateway:
    """ports.PaymentGateway over the counter; ``kind`` is cash or cheque."""

    def __init__(
        self, kind: TillKind, journal: TillJournal, rules: TillRules, clock: Clock
    ) -> None:
        most = rules.cash_max if kind is TillKind.CASH else rules.cheque_max
        self._provider = CounterProvider(kind.value, JournalTill(journal, rules), most=most)
        self._clock = clock

    def create(
        self,
        topup_id: str,
        amount: Money,
        *,
        idempotency_key: str,
        bill: BillOrder | None = None,  # noqa: ARG002  # the journal knows what this kiosk took
    ) -> PaymentView:
        """Enter what the agent has received; raises PaymentDeclined, StorageFull."""
        order = Order(topup=topup_id, amount=amount, at=self._clock.now())
        try:
            return _view(self._provider.create(order, key=idempotency_key))
        except Refused as no:
            raise PaymentDeclined(f"the till takes nothing: {no}") from no

    def find(self, topup_id: str) -> PaymentView | None:
        """Look into the till."""
        charge = self._provider.find(topup_id, self._clock.now())
        return None if charge is None else _view(charge)

    def retrieve(self, payment_id: str) -> PaymentView:
        """Read it in the till; raises PaymentUnknown."""
        return _view(self._provider.retrieve(payment_id))

    def hold(
        self,
        payment_id: str,
        *,
        load_number: int,  # noqa: ARG002  # the till gives nothing back by itself
        idempotency_key: str,  # noqa: ARG002  # as above
    ) -> PaymentView:
        """Promise what is so already; raises PaymentUnknown."""
        return self.retrieve(payment_id)

    def capture(self, payment_id: str, *, idempotency_key: str) -> PaymentView:
        """Tell how it stands: it was taken at once; raises PaymentUnknown."""
        return _view(self._provider.capture(payment_id, key=idempotency_key))

    def cancel(self, payment_id: str, *, idempotency_key: str) -> PaymentView:
        """Tell how it stands: the agent gives it back through the till; raises PaymentUnknown."""
        return _view(self._provider.cancel(payment_id, key=idempotency_key))


def _view(charge: Charge) -> PaymentView:
    return PaymentView(
        id=charge.id,
        status=charge.status,
        amount=charge.amount,
        held=True,
        refunded=charge.refunded > NOTHING,
    )
