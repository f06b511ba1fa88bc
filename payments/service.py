"""The payment port's far side: plain functions of the hub, the only ones that hold a secret.

Rules (MONEY.md, "Who holds what", "The top-up"):

1. A call and its idempotency key are durable before the provider is asked; the answer and what it
   changed are saved in one transaction. Asked again under a key, an answered call answers again.
2. Unanswered: the same key is sent again within RESEND_MAX; later the payment is looked for in the
   provider's list, never asked for again. A 5xx is kept under its key at the far side: then the
   list decides too, and a further attempt has a key of its own. A "no" is believed once the list
   holds no payment of an earlier try.
3. A webhook is only a hint: what it speaks of is read back, so their order doesn't matter.
4. From a hold on nothing is voided by itself; once a payment is being given up it can't be held,
   unless it was taken all the same. What was taken stays taken, whatever a later answer says.
5. A bill has one payment: it isn't begun while another top-up pays it, nor once one has.
6. Deadlines (payments.deadlines) are kept by ``sweep``, which the hub calls every few seconds.
7. What was given back is told to the kiosk whose journal booked the money, by its total, until the
   kiosk says that this total is durable (kiosk.usecases.hear_refunds).
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from kiosk.domain.bank_refund import HEARD_MAX, BankRefund
from kiosk.domain.bill import BILL_LEAST, BILL_MOST, BillOrder
from kiosk.domain.errors import (
    AmountRefused,
    CurrencyRefused,
    InputRefused,
    PaymentDeclined,
    PaymentUnavailable,
    PaymentUnknown,
    ProviderRefused,
    StorageFull,
)
from kiosk.domain.money import CENTS_MAX, Money
from kiosk.domain.payment import PaymentStatus, PaymentView, TopupLimits
from kiosk.domain.psp import FINAL, NOTHING, Op, PspCall, PspPayment
from kiosk.ports import Clock
from kiosk.store.psp import PspStore
from payments.deadlines import due
from payments.provider import CURRENCY, Charge, Provider, order_for
from payments.webhooks import Notice, verified

RESEND_MAX = timedelta(hours=1)  # far below the 24 h after which keys may be pruned
LOOK_BACK = timedelta(minutes=5)  # between the hub's clock and the bank's
ATTEMPTS_MAX = 5
CODES_MAX = 20  # tries for a short code that no payment has
TWO_PEOPLE_FROM = Money(5000)  # a refund of this sum or more needs a second person
TEXT_MAX = 200  # characters of an id or a key
_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # no I, O, 0, 1: read aloud and typed

Tell = Callable[[str, Mapping[str, object]], None]  # a fact for the log: its name, its fields


def silent(_fact: str, _fields: Mapping[str, object]) -> None:
    """Tell nobody (demonstration, tests)."""


def short_code() -> str:
    """Give a code of two times four letters, as shown beside the QR."""
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """How this hub takes money: ``public_url`` "" when phones can't reach it."""

    provider: str
    lapses_after: timedelta = timedelta(days=7)
    limits: TopupLimits = field(default_factory=TopupLimits)
    public_url: str = ""
    webhook_secrets: tuple[str, ...] = ()
    new_code: Callable[[], str] = short_code
    tell: Tell = silent


class PaymentService:
    """One provider's payments; any thread may call, one call at a time.

    Every call raises what ports.PaymentGateway says, InputRefused for a malformed request or a key
    that came with another body, ProviderRefused when the bank refuses the hub, StorageFull.
    """

    def __init__(
        self, *, store: PspStore, provider: Provider, clock: Clock, counter: Counter
    ) -> None:
        self._store = store
        self._provider = provider
        self._clock = clock
        self._counter = counter
        self._stopped_at = ""  # the payment at which the last sweep stopped, "" when it didn't
        self._turn = threading.RLock()

    @property
    def provider(self) -> str:
        """The slug of what takes the money here."""
        return self._counter.provider

    def create(
        self, topup: str, cents: int, currency: str, *, key: str, bill: BillOrder | None = None
    ) -> PaymentView:
        """Ask for a payment; raises PaymentDeclined, AmountRefused, CurrencyRefused.

        For a ``bill`` that another top-up pays or has paid: BillBusy, BillPaid.
        """
        self._check_names(topup, key)
        amount = self._checked(cents, currency, bill)
        with self._turn:
            call = self._begin(Op.CREATE, topup, _body(amount, bill), key, bill)
            if call.refusal:
                raise PaymentDeclined(f"was refused: {call.refusal}")
            known = self._store.payment(call.payment) if call.payment else None
            return self.view(known or self._obtain(call, amount, bill))

    def find(self, topup: str) -> PaymentView | None:
        """Look for a top-up's payment: in the table, then for a lost answer at the provider."""
        self._check_names(topup)
        with self._turn:
            known = self._store.payment_of(topup)
            if known is not None:
                return self.view(self._refreshed(known))
            lost = [c for c in self._store.unanswered(self._clock.now()) if c.subject == topup]
            adopted = self._adopt(lost[-1]) if lost else None
            return None if adopted is None else self.view(adopted)

    def retrieve(self, payment_id: str) -> PaymentView:
        """Read a payment back, and do what is due on it."""
        with self._turn:
            return self.view(self._kept_in_time(self._known(payment_id)))

    def hold(self, payment_id: str, load_number: int, *, key: str) -> PaymentView:
        """Promise durably not to void it, when there still is something to promise."""
        self._check_names(payment_id, key)
        with self._turn:
            payment = self._refreshed(self._known(payment_id))
            call = self._begin(Op.HOLD, payment_id, str(load_number), key)
            gone = payment.status in _NOT_HELD or (payment.voiding and not payment.final)
            if not call.done and not gone:
                payment = replace(payment, held=True, load_number=load_number)
                self._store.save(call=replace(call, done=True), payment=payment)
            return self.view(payment)

    def capture(self, payment_id: str, *, key: str) -> PaymentView:
        """Take the authorized money; what can't be captured answers as it stands."""
        self._check_names(payment_id, key)
        with self._turn:
            return self.view(self._act(Op.CAPTURE, self._known(payment_id), key))

    def cancel(self, payment_id: str, *, key: str) -> PaymentView:
        """Give it up; what went through first answers so."""
        self._check_names(payment_id, key)
        with self._turn:
            return self.view(self._act(Op.CANCEL, self._known(payment_id), key))

    def refund(
        self, payment_id: str, amount: Money, *, staff: frozenset[str], key: str
    ) -> PaymentView:
        """Give taken money back, for staff only: two people from TWO_PEOPLE_FROM on.

        Raises AmountRefused above what is left or with too few people.
        """
        self._check_names(payment_id, key)
        _check_people(amount, staff)
        with self._turn:
            payment = self._known(payment_id)
            call = self._begin(Op.REFUND, payment_id, str(amount.cents), key)
            return self.view(payment if call.done else self._give_back(call, payment, amount))

    def repaid(
        self, payment_id: str, amount: Money, *, staff: frozenset[str], key: str
    ) -> PaymentView:
        """Note that the régie gave taken money back outside of the provider, by a transfer.

        For a provider that gives nothing back by itself; two people from TWO_PEOPLE_FROM on.
        Raises AmountRefused above what is left or with too few people.
        """
        self._check_names(payment_id, key)
        _check_people(amount, staff)
        with self._turn:
            payment = self._refreshed(self._known(payment_id))
            call = self._begin(Op.REFUND, payment_id, str(amount.cents), key)
            if call.done:
                return self.view(payment)
            taken = payment.status is PaymentStatus.SUCCEEDED
            if not taken or not NOTHING < amount <= payment.amount - payment.refunded:
                raise AmountRefused("more than what was taken and not given back")
            payment = replace(payment, refunded=payment.refunded + amount)
            self._store.save(call=replace(call, done=True), payment=payment)
            self._counter.tell("payment.repaid", {"amount_cents": amount.cents})
            return self.view(payment)

    def kept(self, topup: str) -> PspPayment | None:
        """Give a top-up's payment as the table has it; the bank isn't asked."""
        return self._store.payment_of(topup)

    def refunds(
        self,
        heard: Sequence[BankRefund],
        ours: Callable[[Sequence[str]], Collection[str]] = frozenset,
    ) -> Sequence[BankRefund]:
        """Note the totals that a kiosk has booked, and give those that it hasn't (rule 7).

        ``ours`` says which of some top-ups are the calling kiosk's; all, where there is one kiosk.
        """
        with self._turn:
            mine = ours([one.topup for one in heard])
            for one in heard:
                if one.topup in mine:
                    self._store.save_heard(one.topup, one.total)
            told = self._store.unheard_refunds()
        mine = ours([one.topup for one in told])
        new = [BankRefund(topup=p.topup, total=p.refunded) for p in told if p.topup in mine]
        return new[:HEARD_MAX]

    def webhook(self, payload: bytes, signature: str) -> None:
        """Take a notification in; raises WebhookForged, WebhookStale, PaymentUnavailable."""
        secrets_ = self._counter.webhook_secrets
        notice = verified(payload, signature, secrets_=secrets_, now=self._clock.now())
        with self._turn:
            if self._store.knows_event(notice.id):
                return
            payment = self._spoken_of(notice)
            if payment is not None:
                self._kept_in_time(payment)
            self._store.save_event(notice.id, notice.kind, self._clock.now())
            self._counter.tell(
                "payment.notified", {"kind": notice.kind, "ours": payment is not None}
            )

    def link(self, code: str) -> str:
        """Give the pay page of a short code, "" when there is none (any more)."""
        payment = self._store.payment_by_code(code)
        return "" if payment is None else payment.url

    def sweep(self) -> int:
        """Keep every deadline once; gives how many payments were looked at.

        A kiosk's call comes in between two payments. Stops at the first silence of the bank, and
        the next sweep begins behind it, so that one payment's trouble keeps no other one waiting;
        a payment that the bank tells wrongly is told and passed over.
        """
        looked = 0
        try:
            self._look_for_lost()
            for payment_id in self._behind_the_last_stop():
                self._stopped_at = payment_id
                self._keep_deadline(payment_id)
                looked += 1
            self._stopped_at = ""
        except (PaymentUnavailable, ProviderRefused, StorageFull) as silent:
            self._counter.tell("payment.sweep_stopped", {"why": str(silent)})
        return looked

    def _behind_the_last_stop(self) -> list[str]:
        ids = [payment.id for payment in self._store.open_payments()]
        after = ids.index(self._stopped_at) + 1 if self._stopped_at in ids else 0
        return ids[after:] + ids[:after]

    def _look_for_lost(self) -> None:
        with self._turn:
            for call in self._store.unanswered(self._clock.now() - RESEND_MAX):
                self._adopt(call)

    def _keep_deadline(self, payment_id: str) -> None:
        try:
            self.retrieve(payment_id)
        except (PaymentUnknown, CurrencyRefused, InputRefused) as wrong:
            self._counter.tell("payment.passed_over", {"why": str(wrong)})

    def _checked(self, cents: int, currency: str, bill: BillOrder | None) -> Money:
        limits = self._counter.limits
        least, most = (limits.least, limits.most) if bill is None else (BILL_LEAST, BILL_MOST)
        if currency != CURRENCY:
            raise CurrencyRefused(f"{currency!r} is not taken")
        if not 0 < cents <= CENTS_MAX or not least <= Money(cents) <= most:
            raise AmountRefused(f"{cents} cents are not taken")
        return Money(cents)

    @staticmethod
    def _check_names(*names: str) -> None:
        for name in names:
            if not 0 < len(name) <= TEXT_MAX or not name.isascii() or not name.isprintable():
                raise InputRefused("not an id or a key")

    def _begin(
        self, op: Op, subject: str, body: str, key: str, bill: BillOrder | None = None
    ) -> PspCall:
        now = self._clock.now()
        call = PspCall(key=key, op=op, subject=subject, body=body, asked_at=now, created_at=now)
        return self._store.begin(call, bill="" if bill is None else bill.key)

    def _known(self, payment_id: str) -> PspPayment:
        payment = self._store.payment(payment_id)
        if payment is None:
            raise PaymentUnknown(f"no payment {payment_id!r}")
        return payment

    def _obtain(self, call: PspCall, amount: Money, bill: BillOrder | None) -> PspPayment:
        """Ask for the payment of a call, or look for what an earlier try began."""
        now = self._clock.now()
        old = now - call.created_at >= RESEND_MAX
        if old or call.failed:
            found = self._adopt(call)
            if found is not None:
                return found
            if old or call.attempt >= ATTEMPTS_MAX:
                raise PaymentDeclined("it was asked for and never began")
            call = replace(call, attempt=call.attempt + 1, asked_at=now, failed=False)
            self._store.save(call=call)
        order = order_for(call.subject, amount, call.asked_at, bill)
        try:
            charge = self._provider.create(order, key=call.far_key)
        except PaymentUnavailable as silent:
            if silent.failed:
                self._store.save(call=replace(call, failed=True))
            raise
        except (PaymentDeclined, AmountRefused, CurrencyRefused) as no:
            found = self._adopt(call)  # an earlier try under this key may have been done
            if found is not None:
                return found
            self._store.save(call=replace(call, done=True, refusal=no.message_key))
            raise
        return self._save_new(call, charge)

    def _adopt(self, call: PspCall) -> PspPayment | None:
        """Look for an unanswered creation at the provider; one that is old and absent is over."""
        charge = self._provider.find(call.subject, call.created_at - LOOK_BACK)
        if charge is not None:
            return self._save_new(call, charge)
        if self._clock.now() - call.created_at >= RESEND_MAX:
            refusal = PaymentDeclined.message_key
            self._store.save(call=replace(call, done=True, refusal=refusal))
        return None

    def _save_new(self, call: PspCall, charge: Charge) -> PspPayment:
        payment = PspPayment(
            id=charge.id,
            topup=call.subject,
            provider=self._counter.provider,
            status=charge.status,
            amount=charge.amount,
            created_at=call.asked_at,
            url=charge.url,
            code=self._free_code(),
            expires_at=charge.expires_at,
        )
        payment = _told(payment, charge, self._clock.now())
        self._store.save(call=replace(call, done=True, payment=payment.id), payment=payment)
        self._counter.tell(
            "payment.begun", {"provider": payment.provider, "amount_cents": payment.amount.cents}
        )
        return payment

    def _free_code(self) -> str:
        for _ in range(CODES_MAX):
            code = self._counter.new_code()
            if self._store.payment_by_code(code) is None:
                return code
        raise PaymentUnavailable("no short code is free")

    def _refreshed(self, payment: PspPayment) -> PspPayment:
        """Read a payment back from the provider and save what changed (a refund, too)."""
        if payment.status is PaymentStatus.CANCELED:
            return payment
        return self._saved(payment, self._provider.retrieve(payment.id))

    def _saved(
        self, payment: PspPayment, charge: Charge, call: PspCall | None = None
    ) -> PspPayment:
        told = _told(payment, charge, self._clock.now())
        if told != payment or call is not None:
            self._store.save(call=call, payment=told)
        if told.status is not payment.status:
            self._counter.tell("payment.changed", {"status": told.status.value, "held": told.held})
        return told

    def _kept_in_time(self, payment: PspPayment) -> PspPayment:
        """Read a payment back and do what time asks for."""
        payment = self._refreshed(payment)
        act = due(payment, self._clock.now(), lapses_after=self._counter.lapses_after)
        if act is None:
            return payment
        return self._act(act, payment, f"{payment.topup}:hub:{act.value}")

    def _act(self, op: Op, payment: PspPayment, key: str) -> PspPayment:
        """Capture or cancel under a key that is persisted first."""
        call = self._begin(op, payment.id, "", key)
        if call.done or payment.final:
            return payment
        if op is Op.CANCEL and not payment.voiding:
            payment = replace(payment, voiding=True)
            self._store.save(payment=payment)
        work = self._provider.capture if op is Op.CAPTURE else self._provider.cancel
        charge = self._tried(call, lambda far_key: work(payment.id, key=far_key))
        return self._saved(payment, charge, replace(call, done=charge.status in FINAL))

    def _give_back(self, call: PspCall, payment: PspPayment, amount: Money) -> PspPayment:
        """Refund once: after a broken or lost answer what was given back is read first."""
        before = payment.refunded
        charge = self._provider.retrieve(payment.id)
        if charge.refunded < before + amount:
            charge = self._tried(
                call, lambda far_key: self._provider.refund(payment.id, amount, key=far_key)
            )
        return self._saved(payment, charge, replace(call, done=True))

    def _tried(self, call: PspCall, work: Callable[[str], Charge]) -> Charge:
        """Ask under this attempt's key; a broken or refused one gets another key next time."""
        try:
            return work(call.far_key)
        except PaymentUnavailable as silent:
            if silent.failed:
                self._store.save(call=replace(call, attempt=call.attempt + 1))
            raise
        except PaymentDeclined as no:
            self._store.save(call=replace(call, attempt=call.attempt + 1))
            raise PaymentUnavailable(f"the bank refused for now: {no}") from no

    def _spoken_of(self, notice: Notice) -> PspPayment | None:
        return self._store.payment(notice.object_id) or (
            self._store.payment_of(notice.topup) if notice.topup else None
        )

    def view(self, payment: PspPayment) -> PaymentView:
        """Give a payment as the kiosk sees it."""
        waits = payment.status is PaymentStatus.PENDING
        public = self._counter.public_url
        short = f"{public}/p/{payment.code}" if public and payment.url else payment.url
        return PaymentView(
            id=payment.id,
            status=payment.status,
            amount=payment.amount,
            url=short if waits else "",
            code=payment.code,
            expires_at=payment.expires_at,
            held=payment.held,
            refunded=NOTHING < payment.amount <= payment.refunded,
            provider=payment.provider,
        )


def _body(amount: Money, bill: BillOrder | None) -> str:
    """Give what a repetition of a creation must match."""
    return f"{amount.cents}" if bill is None else f"{amount.cents} {bill.key}"


def _check_people(amount: Money, staff: frozenset[str]) -> None:
    """Want the people that a refund needs; raises AmountRefused."""
    if len(staff) < (2 if amount >= TWO_PEOPLE_FROM else 1):
        raise AmountRefused("too few people stand behind this refund")


_NOT_HELD = frozenset({PaymentStatus.PENDING, PaymentStatus.CANCELED})


def _told(payment: PspPayment, charge: Charge, now: datetime) -> PspPayment:
    """Take over what the provider tells; the sum is the provider's, the rest of the row ours."""
    taken = payment.status is PaymentStatus.SUCCEEDED  # for good: no later answer unsays it
    since = charge.authorized_at
    if since is None and charge.status is PaymentStatus.AUTHORIZED:
        since = payment.authorized_at or now
    return replace(
        payment,
        status=payment.status if taken else charge.status,
        amount=charge.amount,
        url=charge.url,
        authorized_at=since or payment.authorized_at,
        refunded=max(payment.refunded, charge.refunded),  # some was given back by hand
    )
