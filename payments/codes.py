"""The hub's side of offline codes: what a phone pays, and the code that it is shown then.

Rules (kiosk.domain.reload_code; MONEY.md, "Paying while the kiosk is offline"):

1. A request is believed under the key of the kiosk that it names, or not at all.
2. It is kept before anything is asked of the bank; its payment is the service's, under the
   request's id, so that a second visit, a second tap and a crash find the same one.
3. Age and ceilings are checked once, when it is taken in.
4. An authorized payment is captured at once: no card is in play. The code is shown only when the
   bank says that the money is taken, and a second visit shows the same code.
5. What is paid and not known to be redeemed is a pending load: ``pending_loads`` lists it for the
   kiosks, until ``delivered`` is told.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from kiosk.domain.errors import CodeForeign, PaymentDeclined, PaymentUnavailable
from kiosk.domain.payment import PaymentStatus, PaymentView
from kiosk.domain.reload_code import (
    DAY,
    CodeLimits,
    ReloadRequest,
    check_age,
    code_for,
    paid_text,
    read_request,
    short_of,
)
from kiosk.domain.sealed import Signer, key_id, known
from kiosk.ports import Clock
from kiosk.store.hub_codes import HubCodes, TakenRequest
from payments.provider import CURRENCY
from payments.service import PaymentService


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownKiosk:
    """A kiosk that isn't revoked: its public key, and the key of its codes."""

    public_key: bytes
    code_key: bytes


class PayState(StrEnum):
    """What the phone's page shows."""

    NEW = "new"  # nothing is asked of the bank yet
    PAYING = "paying"
    PAID = "paid"
    OVER = "over"  # given up or refused: nothing was taken


@dataclass(frozen=True, slots=True, kw_only=True)
class PayPage:
    """What the phone is told of its request; ``code`` and ``scanned`` only once it is paid."""

    request: ReloadRequest
    state: PayState
    short: str
    url: str = ""
    code: str = ""
    scanned: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingLoad:
    """A paid load that no kiosk is known to have delivered; private to the card's tag."""

    id: str
    card: str
    cents: int
    load_number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeOffice:
    """What codes are given with: the kiosks by name, the hub's own key, the ceilings."""

    kiosks: Mapping[str, KnownKiosk]
    hub: Signer
    limits: CodeLimits = field(default_factory=CodeLimits)


class CodePayments:
    """Requests and their payments; any thread may call, one call at a time.

    Every call with a request raises CodeForeign, CodeTampered; StorageFull.
    """

    def __init__(
        self, *, store: HubCodes, service: PaymentService, clock: Clock, office: CodeOffice
    ) -> None:
        self._store = store
        self._service = service
        self._clock = clock
        self._office = office
        self._turn = threading.RLock()

    def look(self, text: str) -> PayPage:
        """Show a request as it stands; raises CodeExpired, AmountRefused, LimitReached.

        Raises PaymentUnavailable when the bank doesn't answer.
        """
        with self._turn:
            request, kiosk = self._read(text)
            taken = self._store.find(request.id)
            if taken is None:
                self._check(request)
                return PayPage(request=request, state=PayState.NEW, short=short_of(request))
            self._same(taken, text)
            return self._shown(request, kiosk, self._advanced(taken))

    def pay(self, text: str) -> PayPage:
        """Take a request in and begin its payment; again, it gives the same one."""
        with self._turn:
            request, kiosk = self._read(text)
            taken = self._store.find(request.id)
            if taken is None:
                self._check(request)
                taken = TakenRequest(
                    id=request.id,
                    kiosk=request.kiosk,
                    text=text,
                    amount=request.amount,
                    card=request.card,
                    load_number=request.load_number,
                    taken_at=self._clock.now(),
                )
                self._store.save(taken)
            self._same(taken, text)
            return self._shown(request, kiosk, self._advanced(taken))

    def sweep(self) -> int:
        """Capture what was authorized though nobody looked; gives how many were looked at."""
        looked = 0
        for taken in self._store.unpaid():
            with self._turn:
                try:
                    self._advanced(taken)
                except PaymentUnavailable:
                    break  # the bank is silent: the next sweep begins anew
            looked += 1
        return looked

    def pending_loads(self) -> Sequence[PendingLoad]:
        """List the paid loads that no kiosk is known to have delivered, oldest first."""
        return [
            PendingLoad(
                id=one.id, card=one.card, cents=one.amount.cents, load_number=one.load_number
            )
            for one in self._store.undelivered()
        ]

    def delivered(self, request_id: str) -> None:
        """Note that a kiosk has written a load or given a ticket; told twice it is the same."""
        with self._turn:
            taken = self._store.find(request_id)
            if taken is not None and not taken.delivered:
                self._store.save(replace(taken, delivered=True))

    def _read(self, text: str) -> tuple[ReloadRequest, KnownKiosk]:
        """Read a request under its own kiosk's key: no kiosk signs for another."""
        keys = known(one.public_key for one in self._office.kiosks.values())
        request, signer = read_request(text, keys)
        kiosk = self._office.kiosks.get(request.kiosk)
        if kiosk is None or key_id(kiosk.public_key) != signer:
            raise CodeForeign("signed by another kiosk than it names")
        return request, kiosk

    def _check(self, request: ReloadRequest) -> None:
        now = self._clock.now()
        check_age(request, now)
        used = self._store.use(request.kiosk, now - DAY)
        self._office.limits.check(request.amount, used)

    @staticmethod
    def _same(taken: TakenRequest, text: str) -> None:
        """Refuse a second request under an id that was taken in: its kiosk contradicts itself."""
        if taken.text != text:
            raise CodeForeign("another request has this id")

    def _advanced(self, taken: TakenRequest) -> tuple[TakenRequest, PaymentView | None]:
        """Move the payment on: begin it once, capture what is authorized, note what is paid."""
        if taken.paid_at is not None:
            return taken, None
        try:
            view = self._service.create(
                taken.id, taken.amount.cents, CURRENCY, key=f"{taken.id}:create"
            )
        except PaymentDeclined:
            return self._over(taken), None
        view = self._service.retrieve(view.id)
        if view.status is PaymentStatus.AUTHORIZED:
            view = self._service.capture(view.id, key=f"{taken.id}:capture")
        if view.status is PaymentStatus.CANCELED:
            return self._over(taken), view
        if view.status is PaymentStatus.SUCCEEDED and view.amount == taken.amount:
            taken = replace(taken, paid_at=self._clock.now())
            self._store.save(taken)
        return taken, view

    def _over(self, taken: TakenRequest) -> TakenRequest:
        over = replace(taken, over=True)
        if over != taken:
            self._store.save(over)
        return over

    def _shown(
        self,
        request: ReloadRequest,
        kiosk: KnownKiosk,
        stands: tuple[TakenRequest, PaymentView | None],
    ) -> PayPage:
        taken, view = stands
        page = PayPage(request=request, state=PayState.PAYING, short=short_of(request))
        if taken.paid_at is not None:
            code = code_for(request, kiosk.code_key)
            scanned = paid_text(request, kiosk.code_key, self._office.hub)
            return replace(page, state=PayState.PAID, code=code, scanned=scanned)
        if taken.over:
            return replace(page, state=PayState.OVER)
        return replace(page, url="" if view is None else view.url)
