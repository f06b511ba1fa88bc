"""The kiosk's side of the payment port: asks the hub over HTTP, holds no secret of a bank.

Every call has a time-out and a bounded answer, and is sent once: whoever asks decides whether to
ask again, under the same key.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from kiosk.domain.bank_refund import BankRefund
from kiosk.domain.bill import BillOrder
from kiosk.domain.errors import (
    AlveoleError,
    BillBusy,
    BillPaid,
    DeviceRevoked,
    InputRefused,
    PaymentDeclined,
    PaymentUnavailable,
    PaymentUnknown,
    ProviderRefused,
    Refused,
    SignatureRefused,
)
from kiosk.domain.money import Money
from kiosk.domain.payment import PaymentView
from payments.http_post import TIMEOUT_S, address, post
from payments.provider import CURRENCY
from payments.wire import (
    BYTES_MAX,
    ActAsk,
    BillShape,
    CreateAsk,
    FindAsk,
    HoldAsk,
    Problem,
    ProviderShape,
    RefundsShape,
    RetrieveAsk,
    ViewShape,
    error_named,
    refunds_of,
    refunds_shape,
    view_of,
)


class RemoteGateway:
    """ports.PaymentGateway over a hub; ``token`` is this kiosk's revocable identity."""

    def __init__(self, url: str, *, token: str, timeout_s: float = TIMEOUT_S) -> None:
        """Remember where the hub is; raises InputRefused for plain HTTP beyond loopback."""
        self._hub = address(url)
        self._timeout_s = timeout_s
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def create(
        self,
        topup_id: str,
        amount: Money,
        *,
        idempotency_key: str,
        bill: BillOrder | None = None,
    ) -> PaymentView:
        """Ask for a payment; raises PaymentDeclined, for a sum that isn't taken too.

        Raises BillPaid, BillBusy.
        """
        ask = CreateAsk(
            topup=topup_id,
            amount_cents=amount.cents,
            currency=CURRENCY,
            key=idempotency_key,
            bill=BillShape(issuer=bill.issuer, reference=bill.reference) if bill else None,
        )
        return self._told("create", ask)

    def find(self, topup_id: str) -> PaymentView | None:
        """Look for a top-up's payment."""
        shape = self._ask("find", FindAsk(topup=topup_id))
        return None if shape is None else view_of(shape)

    def retrieve(self, payment_id: str) -> PaymentView:
        """Read its state again."""
        return self._told("retrieve", RetrieveAsk(payment=payment_id))

    def hold(self, payment_id: str, *, load_number: int, idempotency_key: str) -> PaymentView:
        """Tell durably that the card is about to be written."""
        ask = HoldAsk(payment=payment_id, load_number=load_number, key=idempotency_key)
        return self._told("hold", ask)

    def capture(self, payment_id: str, *, idempotency_key: str) -> PaymentView:
        """Take the authorized money."""
        return self._told("capture", ActAsk(payment=payment_id, key=idempotency_key))

    def cancel(self, payment_id: str, *, idempotency_key: str) -> PaymentView:
        """Give it up."""
        return self._told("cancel", ActAsk(payment=payment_id, key=idempotency_key))

    def provider(self) -> str:
        """Ask what the hub takes money with; gives its provider's slug."""
        status, body = self._post("provider", b"")
        if status != 200:
            raise PaymentUnavailable(f"the hub answers {status}")
        try:
            return msgspec.json.decode(body, type=ProviderShape).provider
        except (msgspec.MsgspecError, ValueError) as wrong:
            raise PaymentUnavailable(f"the hub's answer can't be read: {wrong}") from wrong

    def refunds(self, heard: Sequence[BankRefund]) -> Sequence[BankRefund]:
        """Say which refunds are durable here, and give those that aren't (ports.RefundOffice)."""
        status, body = self._post("refunds", msgspec.json.encode(refunds_shape(heard)))
        if status != 200:
            raise PaymentUnavailable(f"the hub answers {status}")
        try:
            return refunds_of(msgspec.json.decode(body, type=RefundsShape))
        except (msgspec.MsgspecError, ValueError) as wrong:
            raise PaymentUnavailable(f"the hub's answer can't be read: {wrong}") from wrong

    def _told(self, call: str, ask: msgspec.Struct) -> PaymentView:
        shape = self._ask(call, ask)
        if shape is None:
            raise PaymentUnavailable("the hub's answer is empty")
        return view_of(shape)

    def _ask(self, call: str, ask: msgspec.Struct) -> ViewShape | None:
        status, body = self._post(call, msgspec.json.encode(ask))
        try:
            if status == 200:
                return msgspec.json.decode(body, type=ViewShape | None)
            problem = msgspec.json.decode(body, type=Problem)
        except (msgspec.MsgspecError, ValueError) as wrong:
            raise PaymentUnavailable(f"the hub's answer can't be read: {wrong}") from wrong
        raise _error_of(call, problem)

    def _post(self, call: str, said: bytes) -> tuple[int, bytes]:
        path, wait_s = f"/payments/{call}", self._timeout_s
        return post(self._hub, path, said, self._headers, bytes_max=BYTES_MAX, timeout_s=wait_s)


# refusals of the kiosk or of the hub itself: the citizen's bank has said nothing
_NOT_THE_BANK = frozenset({ProviderRefused, InputRefused, DeviceRevoked, SignatureRefused})


def _error_of(call: str, problem: Problem) -> AlveoleError:
    """Give the port's error: a refused creation is a "no", anything else may be asked again."""
    kind, said = error_named(problem.error), f"{problem.error}: {problem.message}"
    if kind in {PaymentUnknown, BillPaid, BillBusy}:
        return kind(said)
    no = issubclass(kind, Refused) and kind not in _NOT_THE_BANK
    return PaymentDeclined(said) if no and call == "create" else PaymentUnavailable(said)
