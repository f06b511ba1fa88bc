"""The money tests' world where entries are bought without a card."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from zoneinfo import ZoneInfo

from kiosk.domain.payment import PaymentStatus
from kiosk.domain.product import Catalogue
from kiosk.domain.receipt import EntryTicket, Mark, read_ticket
from kiosk.domain.sealed import known
from kiosk.store.ledger import Ledger
from kiosk.store.ledger_read import verify_file
from kiosk.store.ledger_tickets import Tickets
from kiosk.usecases.order_ticket import TicketShop
from tests.signers import OURS
from tests.tickets import POOL
from tests.unit.kiosk.usecases.money_world import World

PARIS = ZoneInfo("Europe/Paris")
KEYS = known((OURS.public_key,))
ORDERS = "SELECT id, state, ticket FROM topup JOIN ticket_order ON topup = id"


def shop() -> TicketShop:
    return TicketShop(
        catalogue=Catalogue.of([POOL]),
        zone=PARIS,
        kiosk="borne",
        marks=Mark.DEMO,
        open_signer=lambda: OURS,
    )


class TicketWorld(World):
    """A world with a shop; every ticket that was ever kept is remembered by its order."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, shop=shop())
        self.kept: dict[str, str] = {}

    def remember(self) -> None:
        """Note the tickets that are kept now; one that differs from before is a fault."""
        for id_, _, ticket in self.rows(ORDERS):
            if ticket:
                assert self.kept.setdefault(id_, ticket) == ticket

    def ticket(self, id_: str) -> EntryTicket:
        with Ledger(self.path, free=lambda _: 10**12) as ledger:
            row = Tickets(ledger).bought(id_)
        assert row is not None
        assert row.ticket_order is not None
        return read_ticket(row.ticket_order.ticket, KEYS)

    def faults(self) -> list[str]:
        """Say what is lost, doubled or left open: tickets, entries and captures must agree."""
        self.remember()
        orders = self.rows(ORDERS)
        given = Counter(id_ for id_, state, ticket in orders if ticket and state == "done")
        booked = Counter(s for (s,) in self.rows("SELECT subject FROM entry"))
        payments = self.bank.payments()
        taken = [
            p for p in payments if p.view.status is PaymentStatus.SUCCEEDED and not p.view.refunded
        ]
        captured = Counter(p.topup_id for p in taken)
        found = [f"not ended: {order}" for order in orders if order[1] not in _ENDED]
        if not given == booked == captured:
            found.append(f"tickets {given}, entries {booked}, captures {captured}")
        found += [
            f"left authorized: {p.topup_id}"
            for p in payments
            if p.view.status is PaymentStatus.AUTHORIZED
        ]
        earned = self.rows("SELECT coalesce(-sum(cents), 0) FROM leg WHERE account LIKE 'income.%'")
        if earned != [(sum(p.view.amount.cents for p in taken),)]:
            found.append(f"earned {earned}, captured {captured}")
        verdict = verify_file(self.path)
        return found if verdict.sound else [*found, verdict.reason]


_ENDED = {"done", "canceled", "refunded"}
