"""The money tests' world where bills are paid."""

from __future__ import annotations

from collections import Counter

from kiosk.domain.bill import BillOrder
from kiosk.domain.money import Money
from kiosk.domain.payment import PaymentStatus
from kiosk.store.ledger_read import verify_file
from tests.unit.kiosk.usecases.money_world import World

BILL = BillOrder(issuer="900001", reference="2026CANT000417", service="cantine")
OTHER = BillOrder(issuer="900001", reference="2026CANT000418", service="cantine")
SUM = Money(4_620)
PAID = "SELECT id, state, bill FROM topup JOIN bill_order ON topup = id"
_BOOKED = "SELECT payment_id FROM entry JOIN topup ON id = subject WHERE kind = 'bill'"
_ENDED = {"done", "canceled", "refunded"}


class BillWorld(World):
    """A world that counts bills: paid, booked and captured must agree, each once."""

    def faults(self) -> list[str]:
        """Say what is lost, doubled or left open."""
        bills = self.rows(PAID)
        done = Counter(p for (p,) in self.rows("SELECT payment_id FROM topup WHERE state = 'done'"))
        booked = Counter(p for (p,) in self.rows(_BOOKED))
        payments = self.bank.payments()
        taken = [
            p for p in payments if p.view.status is PaymentStatus.SUCCEEDED and not p.view.refunded
        ]
        captured = Counter(p.view.id for p in taken)
        found = [f"not ended: {bill}" for bill in bills if bill[1] not in _ENDED]
        if not done == booked == captured:
            found.append(f"paid {done}, entries {booked}, captures {captured}")
        names = Counter(bill for _, state, bill in bills if state == "done")
        found += [f"paid {n} times: {bill}" for bill, n in names.items() if n > 1]
        found += [
            f"left authorized: {p.topup_id}"
            for p in payments
            if p.view.status is PaymentStatus.AUTHORIZED
        ]
        earned = self.rows("SELECT coalesce(-sum(cents), 0) FROM leg WHERE account LIKE 'income.%'")
        if earned != [(sum(p.view.amount.cents for p in taken),)]:
            found.append(f"earned {earned}, captured {taken}")
        verdict = verify_file(self.path)
        return found if verdict.sound else [*found, verdict.reason]
