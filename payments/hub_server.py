"""The payment service over HTTP on loopback: what a kiosk asks, webhooks, short links.

Framework-free: each route is one function of the service, which another server may mount.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Event, Thread
from typing import TypeVar

import msgspec
import structlog

from kiosk.domain.bill import BillOrder
from kiosk.domain.errors import AlveoleError, InputRefused, Refused, Tampered
from kiosk.domain.payment import PaymentView
from payments import webhooks
from payments.code_routes import PAGE, CodeRoutes
from payments.loopback import WAIT_S, Handler, Loopback
from payments.service import PaymentService
from payments.wire import (
    BYTES_MAX,
    ActAsk,
    CreateAsk,
    FindAsk,
    HoldAsk,
    ProviderShape,
    RefundsShape,
    RetrieveAsk,
    problem_of,
    refunds_of,
    refunds_shape,
    shape_of,
)

PROVIDER, REFUNDS = "/payments/provider", "/payments/refunds"
SWEEP_S = 10.0
TOKEN_MIN = 32  # characters

log = structlog.get_logger("payments.hub_server")

Call = Callable[[PaymentService, bytes], PaymentView | None]
_Ask = TypeVar("_Ask")


def _read(body: bytes, ask: type[_Ask]) -> _Ask:
    try:
        return msgspec.json.decode(body, type=ask)
    except (msgspec.MsgspecError, ValueError) as wrong:
        raise InputRefused(f"not a request: {wrong}") from wrong


def _create(service: PaymentService, body: bytes) -> PaymentView:
    ask = _read(body, CreateAsk)
    said = ask.bill
    bill = BillOrder(issuer=said.issuer, reference=said.reference) if said else None
    return service.create(ask.topup, ask.amount_cents, ask.currency, key=ask.key, bill=bill)


def _find(service: PaymentService, body: bytes) -> PaymentView | None:
    return service.find(_read(body, FindAsk).topup)


def _retrieve(service: PaymentService, body: bytes) -> PaymentView:
    return service.retrieve(_read(body, RetrieveAsk).payment)


def _hold(service: PaymentService, body: bytes) -> PaymentView:
    ask = _read(body, HoldAsk)
    return service.hold(ask.payment, ask.load_number, key=ask.key)


def _capture(service: PaymentService, body: bytes) -> PaymentView:
    ask = _read(body, ActAsk)
    return service.capture(ask.payment, key=ask.key)


def _cancel(service: PaymentService, body: bytes) -> PaymentView:
    ask = _read(body, ActAsk)
    return service.cancel(ask.payment, key=ask.key)


CALLS: Mapping[str, Call] = {
    "/payments/create": _create,
    "/payments/find": _find,
    "/payments/retrieve": _retrieve,
    "/payments/hold": _hold,
    "/payments/capture": _capture,
    "/payments/cancel": _cancel,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """An HTTP answer; ``location`` of a redirection, ``policy`` of a page (CSP)."""

    status: int
    body: bytes = b""
    location: str = ""
    policy: str = ""


class HubPayments:
    """The routes, without any socket: ``post`` and ``get`` answer one request."""

    def __init__(
        self, service: PaymentService, *, token: str, codes: CodeRoutes | None = None
    ) -> None:
        """Remember the kiosk's token; raises InputRefused for one that can be guessed.

        ``codes`` are what phones ask of offline codes; None: there are none.
        """
        if len(token) < TOKEN_MIN or not token.isascii():
            raise InputRefused(f"a device token has at least {TOKEN_MIN} characters")
        self.service = service
        self._token = token
        self._codes = codes

    def sweep(self) -> None:
        """Keep every deadline once."""
        if self._codes is not None:
            self._codes.codes.sweep()  # first: what it captures is no more to be voided
        self.service.sweep()

    def post(self, path: str, body: bytes, headers: Mapping[str, str]) -> Answered:
        """Answer a call of the kiosk or a notification of the bank."""
        try:
            if path == "/webhooks/stripe":
                self.service.webhook(body, headers.get("Stripe-Signature", ""))
                return Answered(status=200, body=b"{}")
            if self._codes is not None and path in self._codes.calls:
                return Answered(status=200, body=self._codes.post(path, body))
            return self._called(path, body, headers)
        except AlveoleError as known:
            log.warning("payment.refused", path=path, why=known.message_key)
            return Answered(status=_status_of(known), body=msgspec.json.encode(problem_of(known)))

    def get(self, path: str) -> Answered:
        """Give the phone's page, or lead a short link to its pay page."""
        if self._codes is not None and path == PAGE:
            page = self._codes.page
            return Answered(status=200, body=page.html, policy=page.policy)
        link = self.service.link(path.removeprefix("/p/")) if path.startswith("/p/") else ""
        return Answered(status=303, location=link) if link else Answered(status=404)

    def _called(self, path: str, body: bytes, headers: Mapping[str, str]) -> Answered:
        given = headers.get("Authorization", "").encode()
        if not hmac.compare_digest(given, f"Bearer {self._token}".encode()):
            return Answered(status=401, body=b"{}")
        if path == PROVIDER:
            told = ProviderShape(provider=self.service.provider)
            return Answered(status=200, body=msgspec.json.encode(told))
        if path == REFUNDS:
            heard = refunds_of(_read(body, RefundsShape))
            new = refunds_shape(self.service.refunds(heard))
            return Answered(status=200, body=msgspec.json.encode(new))
        call = CALLS.get(path)
        if call is None:
            return Answered(status=404, body=b"{}")
        view = call(self.service, body)
        return Answered(
            status=200, body=msgspec.json.encode(None if view is None else shape_of(view))
        )


class HubServer(Loopback):
    """The routes on a loopback port, and the timer that keeps deadlines; a context manager."""

    def __init__(self, hub: HubPayments, *, port: int = 0, sweep_s: float = SWEEP_S) -> None:
        super().__init__(type("Handler", (_Handler,), {"hub": hub}), port=port)
        self._hub = hub
        self._stop = Event()
        self._timer = Thread(target=self._sweep, args=(sweep_s,), daemon=True)
        self._timer.start()

    def close(self) -> None:
        """Stop listening and sweeping."""
        self._stop.set()
        super().close()
        self._timer.join(WAIT_S)

    def _sweep(self, sweep_s: float) -> None:
        while not self._stop.wait(sweep_s):
            self._hub.sweep()


class _Handler(Handler):
    """One connection."""

    hub: HubPayments

    def get(self) -> None:
        """Answer a short link."""
        self._answer(self.hub.get(self.path))

    def post(self) -> None:
        """Answer a call or a notification."""
        body = self.body(webhooks.BYTES_MAX if self.path.startswith("/webhooks/") else BYTES_MAX)
        if body is None:
            self._answer(Answered(status=413))
            return
        headers = {name.title(): said for name, said in self.headers.items()}
        self._answer(self.hub.post(self.path, body, headers))

    def _answer(self, answered: Answered) -> None:
        kind = "text/html; charset=utf-8" if answered.policy else "application/json"
        headers = {"Content-Type": kind, "Cache-Control": "no-store"}
        if answered.policy:
            headers |= {
                "Content-Security-Policy": answered.policy,
                "Referrer-Policy": "no-referrer",
            }
        if answered.location:
            headers["Location"] = answered.location
        self.send(answered.status, answered.body, headers)


def _status_of(error: AlveoleError) -> int:
    """Give the status of a declared error; the bank sends a notification again unless it is 2xx."""
    if isinstance(error, Tampered):
        return 400
    return 422 if isinstance(error, Refused) else 503
