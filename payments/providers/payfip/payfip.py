"""Payments by PayFiP: a page of the State's, read back by whoever asks and by the hub's timer.

Rules:

1. 1 € to 100 000 €; an e-mail address is mandatory: the order's, else the régie's own mailbox.
2. No idempotency key: a lost answer is asked for again, and the lost page, which nobody has seen,
   lapses. No list either: ``find`` finds nothing.
3. A page must be opened within IDOP_MAX; one that was opened may end up to PAGE_MAX later. Only
   then is a payment without result told as canceled: there is no void.
4. Taken at once; no refund by the service: the régie gives back by transfer.
5. The payment's id carries moment and sum, because a payment without result tells neither.
6. A bill goes under its own issuer's number and its own reference, as on its paper.
7. PayFiP wants an address for its notifications; the hub takes none of them, and needs none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from kiosk.domain.environment import PRODUCTION
from kiosk.domain.errors import AmountRefused, InputRefused, PaymentUnknown, ProviderRefused
from kiosk.domain.money import Money
from kiosk.domain.payment import PaymentStatus
from kiosk.ports import Clock
from payments.provider import Charge, Order
from payments.reports import reference

PAGE = "https://www.payfip.gouv.fr/tpa/paiementws.web?idop="
IDOP_MAX = timedelta(minutes=15)
PAGE_MAX = timedelta(minutes=30)
LEAST, MOST = Money(100), Money(10_000_000)
NO_SUCH, NO_RESULT = "P1", "P5"
REAL = "W"  # mode: T test, X activation, W real money
_PAID = frozenset({"P", "V"})  # by card, by direct debit
_NOT_PAID = frozenset({"R", "Z", "A"})  # refused, direct debit refused, given up
_ID = re.compile(r"payfip_(\d{10})_(\d{3,8})_([\w-]{10,60})", re.ASCII)
_EMAIL = re.compile(r"[^@\s<>&]{1,64}@[^@\s<>&]{1,60}\.[a-z]{2,15}", re.ASCII | re.IGNORECASE)


class Soap(Protocol):
    """PayFiP's two calls (payments.providers.payfip.client)."""

    def ask(self, call: str, fields: dict[str, str]) -> tuple[str, dict[str, str]]:
        """Give the fault's code and the answer's fields."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Regie:
    """Who is paid: the DGFiP's client number, the mode, a mailbox, where pages and news go."""

    numcli: str
    mode: str
    email: str
    return_url: str
    notify_url: str

    def check(self, *, environment: str) -> None:
        """Refuse what PayFiP would; raises InputRefused, for real money outside production too."""
        wrong = [
            name
            for name, sound in (
                ("numcli", bool(re.fullmatch(r"\d{6}", self.numcli, re.ASCII))),
                ("mode", self.mode in {"T", "X", REAL}),
                ("email", bool(_EMAIL.fullmatch(self.email)) and 6 <= len(self.email) <= 80),
                ("return_url", self.return_url.startswith("https://")),
                ("notify_url", self.notify_url.startswith("https://")),
            )
            if not sound
        ]
        if wrong:
            raise InputRefused(f"wrong: {', '.join(wrong)}", where="payments.toml")
        if self.mode == REAL and environment != PRODUCTION:
            raise InputRefused("mode W takes real money: production only", where="payments.toml")


class Payfip:
    """payments.provider.Provider over PayFiP."""

    def __init__(self, soap: Soap, regie: Regie, *, clock: Clock) -> None:
        self._soap = soap
        self._regie = regie
        self._clock = clock

    def create(self, order: Order, *, key: str) -> Charge:  # noqa: ARG002  # PayFiP has no keys
        """Ask for a page; raises AmountRefused, ProviderRefused."""
        if not LEAST <= order.amount <= MOST:
            raise AmountRefused(f"PayFiP takes {LEAST.cents} to {MOST.cents} cents")
        fault, fields = self._soap.ask("creerPaiementSecurise", self._fields(order))
        idop = fields.get("idop", "")
        at_s = int(self._clock.now().timestamp())
        payment_id = f"payfip_{at_s:010}_{order.amount.cents}_{idop}"
        if fault or not _ID.fullmatch(payment_id):
            raise ProviderRefused(f"PayFiP refuses the request: {fault or 'no idOp'}")
        return self._pending(payment_id)

    def find(self, topup: str, since: datetime) -> Charge | None:  # noqa: ARG002  # no such call
        """Find nothing: PayFiP has no list."""
        return None

    def retrieve(self, payment_id: str) -> Charge:
        """Read a payment's result, whoever announced it."""
        at, amount, idop = _parsed(payment_id)
        fault, fields = self._soap.ask("recupererDetailPaiementSecurise", {"idOp": idop})
        over = self._clock.now() - at >= IDOP_MAX + PAGE_MAX
        if fault in {NO_SUCH, NO_RESULT} and over:
            return _charge(payment_id, PaymentStatus.CANCELED, amount)
        if fault == NO_SUCH:
            raise PaymentUnknown(f"PayFiP knows no {payment_id}")
        if fault == NO_RESULT:
            return self._pending(payment_id)
        if fault:
            raise ProviderRefused(f"PayFiP refuses the question: {fault}")
        return _result(payment_id, idop, fields)

    def capture(self, payment_id: str, *, key: str) -> Charge:  # noqa: ARG002  # taken at once
        """Tell how it stands: PayFiP takes at once."""
        return self.retrieve(payment_id)

    def cancel(self, payment_id: str, *, key: str) -> Charge:  # noqa: ARG002  # there is no void
        """Tell how it stands: an unpaid page lapses by itself."""
        return self.retrieve(payment_id)

    def refund(self, payment_id: str, amount: Money, *, key: str) -> Charge:
        """Refuse: the régie gives back by transfer, and books it."""
        raise ProviderRefused(f"PayFiP gives nothing back by itself: {payment_id} {key} {amount}")

    def _pending(self, payment_id: str) -> Charge:
        at, amount, idop = _parsed(payment_id)
        opens = self._clock.now() - at < IDOP_MAX
        return Charge(
            id=payment_id,
            status=PaymentStatus.PENDING,
            amount=amount,
            url=f"{PAGE}{idop}" if opens else "",
            expires_at=at + IDOP_MAX,
        )

    def _fields(self, order: Order) -> dict[str, str]:
        regie, email, bill = self._regie, order.email, order.bill
        return {
            "exer": str(order.at.astimezone(ZoneInfo("Europe/Paris")).year),
            "mel": email if _EMAIL.fullmatch(email) else regie.email,
            "montant": str(order.amount.cents),
            "numcli": bill.issuer if bill else regie.numcli,
            "objet": order.label[:99],
            "refdet": bill.reference if bill else reference(order.topup),
            "saisie": regie.mode,
            "urlnotif": regie.notify_url,
            "urlredirect": regie.return_url,
        }


def _parsed(payment_id: str) -> tuple[datetime, Money, str]:
    found = _ID.fullmatch(payment_id)
    if found is None:
        raise PaymentUnknown(f"not a payment of PayFiP's: {payment_id!r}")
    return datetime.fromtimestamp(int(found[1]), UTC), Money(int(found[2])), found[3]


def _charge(payment_id: str, status: PaymentStatus, amount: Money) -> Charge:
    return Charge(id=payment_id, status=status, amount=amount)


def _result(payment_id: str, idop: str, fields: dict[str, str]) -> Charge:
    """Read a result strictly: it must speak of this payment and tell a known code."""
    code, cents = fields.get("resultrans", ""), fields.get("montant", "")
    known = code in _PAID | _NOT_PAID and fields.get("idop") == idop
    if not known or not re.fullmatch(r"\d{1,11}", cents, re.ASCII):
        raise ProviderRefused(f"PayFiP's result can't be read: {code!r} {cents!r}")
    status = PaymentStatus.SUCCEEDED if code in _PAID else PaymentStatus.CANCELED
    return _charge(payment_id, status, Money(int(cents)))
