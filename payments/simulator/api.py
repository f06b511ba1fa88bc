"""SIMULATION of Stripe's API: one request in, one answer out, no network.

Rules (Stripe's API reference; the spelling is held to its OpenAPI description by the tests):

1. The first answer to a POST is kept under its idempotency key for 24 h, errors of the far side
   (5xx) included; the same key and body get it again, another body gets idempotency_error. What
   is refused before it began (400, 401, 404, 409, 429) is not kept.
2. An intent is captured only from requires_capture; a canceled or captured one refuses with
   payment_intent_unexpected_state.
3. A session lives SESSION_MIN to SESSION_MAX; one that isn't open can't be expired.
4. A busy reader answers 409 terminal_reader_busy.
5. Refunds never pass what was received.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal, cast

from payments.simulator.forms import Json, number, text, texts
from payments.simulator.objects import Intent, Kept, Reader, Session, listed
from payments.simulator.psp import Psp

SESSION_MIN, SESSION_MAX = timedelta(minutes=30), timedelta(hours=24)
SESSION_SLACK = timedelta(seconds=5)  # the asker's clock and the way to the far side
PAGE_MAX = 100
CENTS_MIN, CENTS_MAX = 50, 99_999_999  # Stripe's least and most in EUR

Work = Callable[[Psp, Json, tuple[str, ...]], "Answer"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One call: ``form`` holds the body or the query."""

    method: Literal["GET", "POST"]
    path: str
    form: Json
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Its answer; ``replayed``: it was kept under the key."""

    status: int
    document: Json
    replayed: bool = False


def refused(status: int, code: str, message: str, kind: str = "invalid_request_error") -> Answer:
    """Give an error as the API spells it."""
    return Answer(
        status=status, document={"error": {"type": kind, "code": code, "message": message}}
    )


class Api:
    """Stripe's API over a stand-in."""

    def __init__(self, psp: Psp) -> None:
        self.psp = psp

    def answer(self, request: Request) -> Answer:
        """Do what is asked, or give the answer that is kept under its key."""
        with self.psp.turn:
            self.psp.lapse()
            if request.method == "GET" or not request.key:
                return self._done(request)
            return self._keyed(request)

    def keep(self, request: Request, answer: Answer) -> None:
        """Keep an answer under its request's key (the fault plan keeps its own 500s)."""
        with self.psp.turn:
            self.psp.state.kept[request.key] = Kept(
                fingerprint=_fingerprint(request),
                status=answer.status,
                document=answer.document,
                at=self.psp.now,
            )

    def _keyed(self, request: Request) -> Answer:
        kept = self.psp.state.kept.get(request.key)
        if kept is None:
            answer = self._done(request)
            if answer.status in {200, 402} or answer.status >= 500:
                self.keep(request, answer)
            return answer
        if kept.fingerprint != _fingerprint(request):
            why = "Keys for idempotent requests can only be used with the same parameters."
            return refused(400, "idempotency_key_in_use", why, "idempotency_error")
        return Answer(status=kept.status, document=kept.document, replayed=True)

    def _done(self, request: Request) -> Answer:
        for method, pattern, work in ROUTES:
            found = pattern.fullmatch(request.path)
            if found and method == request.method:
                return work(self.psp, request.form, found.groups())
        return refused(404, "resource_missing", f"Unrecognized request URL: {request.path}")


def _fingerprint(request: Request) -> str:
    return f"{request.method} {request.path} {sorted(_flat(request.form))}"


def _flat(form: object, path: str = "") -> list[str]:
    """Spell a form's leaves, whatever their order."""
    if isinstance(form, dict):
        parts = cast("Json", form).items()
        return [leaf for name, part in parts for leaf in _flat(part, f"{path}.{name}")]
    return [f"{path}={form}"]


def _amount_refused(amount: int | None, currency: str) -> Answer | None:
    if currency != "eur":
        return refused(400, "currency_not_supported", f"Invalid currency: {currency}")
    if amount is None or amount < CENTS_MIN:
        return refused(400, "amount_too_small", "Amount must be at least €0.50 eur")
    if amount > CENTS_MAX:
        return refused(400, "amount_too_large", "Amount must be no more than €999,999.99")
    return None


def _missing(kind: str, id_: str) -> Answer:
    return refused(404, "resource_missing", f"No such {kind}: '{id_}'")


def _ok(document: Json) -> Answer:
    return Answer(status=200, document=document)


def _create_session(psp: Psp, form: Json, _: tuple[str, ...]) -> Answer:
    items = form.get("line_items")
    item = cast("list[object]", items)[0] if isinstance(items, list) and items else None
    price = cast("Json", item) if isinstance(item, dict) else {}
    amount = number(price, "price_data", "unit_amount")
    currency = text(price, "price_data", "currency")
    wrong = _amount_refused(amount, currency)
    if wrong is not None or amount is None:
        return wrong or _missing("price", "")
    lives = timedelta(seconds=(number(form, "expires_at") or psp.now + 86_400) - psp.now)
    if not SESSION_MIN - SESSION_SLACK <= lives <= SESSION_MAX:
        return refused(400, "parameter_invalid_integer", "expires_at: 30 minutes to 24 hours")
    id_ = psp.new_id("cs")
    session = Session(
        id=id_,
        status="open",
        amount=amount * (number(price, "quantity") or 1),
        currency=currency,
        reference=text(form, "client_reference_id"),
        capture_method=text(form, "payment_intent_data", "capture_method") or "automatic",
        metadata=texts(form, "metadata"),
        intent_metadata=texts(form, "payment_intent_data", "metadata"),
        success_url=text(form, "success_url"),
        created=psp.now,
        expires_at=psp.now + int(lives.total_seconds()),
        url=f"{psp.pages}/pay/{id_}",
    )
    psp.set_session(session)
    return _ok(psp.session_document(session, expanded=False))


def _expands(form: Json, what: str) -> bool:
    expand = form.get("expand")
    return isinstance(expand, list) and what in expand


def _retrieve_session(psp: Psp, form: Json, ids: tuple[str, ...]) -> Answer:
    session = psp.state.sessions.get(ids[0])
    if session is None:
        return _missing("checkout.session", ids[0])
    return _ok(
        psp.session_document(session, expanded=_expands(form, "payment_intent.latest_charge"))
    )


def _expire_session(psp: Psp, _: Json, ids: tuple[str, ...]) -> Answer:
    session = psp.state.sessions.get(ids[0])
    if session is None:
        return _missing("checkout.session", ids[0])
    if session.status != "open":
        why = f"Only Checkout Sessions with a status in [open] can be expired: {session.status}"
        return refused(400, "", why)
    return _ok(psp.session_document(psp.expire(session), expanded=False))


def _list_sessions(psp: Psp, form: Json, _: tuple[str, ...]) -> Answer:
    documents = [psp.session_document(s, expanded=False) for s in psp.state.sessions.values()]
    return _page(documents, form, "/v1/checkout/sessions")


def _create_intent(psp: Psp, form: Json, _: tuple[str, ...]) -> Answer:
    amount, currency = number(form, "amount"), text(form, "currency")
    wrong = _amount_refused(amount, currency)
    if wrong is not None or amount is None:
        return wrong or _missing("amount", "")
    types = form.get("payment_method_types")
    present = isinstance(types, list) and "card_present" in types
    intent = Intent(
        id=psp.new_id("pi"),
        amount=amount,
        currency=currency,
        status="requires_payment_method",
        capture_method=text(form, "capture_method") or "automatic",
        method="card_present" if present else "card",
        metadata=texts(form, "metadata"),
        created=psp.now,
    )
    return _ok(psp.set_intent(intent, "payment_intent.created").document())


def _retrieve_intent(psp: Psp, form: Json, ids: tuple[str, ...]) -> Answer:
    intent = psp.state.intents.get(ids[0])
    if intent is None:
        return _missing("payment_intent", ids[0])
    return _ok(intent.document(charge=_expands(form, "latest_charge")))


def _list_intents(psp: Psp, form: Json, _: tuple[str, ...]) -> Answer:
    documents = [intent.document() for intent in psp.state.intents.values()]
    return _page(documents, form, "/v1/payment_intents")


def _unexpected(intent: Intent, act: str) -> Answer:
    why = f"This PaymentIntent could not be {act} because it has a status of {intent.status}."
    return refused(400, "payment_intent_unexpected_state", why)


def _capture_intent(psp: Psp, _: Json, ids: tuple[str, ...]) -> Answer:
    intent = psp.state.intents.get(ids[0])
    if intent is None:
        return _missing("payment_intent", ids[0])
    if intent.status != "requires_capture":
        return _unexpected(intent, "captured")
    taken = replace(intent, status="succeeded", received=intent.amount)
    return _ok(psp.set_intent(taken, "payment_intent.succeeded").document())


def _cancel_intent(psp: Psp, _: Json, ids: tuple[str, ...]) -> Answer:
    intent = psp.state.intents.get(ids[0])
    if intent is None:
        return _missing("payment_intent", ids[0])
    if intent.status in {"succeeded", "canceled"}:
        return _unexpected(intent, "canceled")
    gone = replace(intent, status="canceled", canceled_at=psp.now)
    return _ok(psp.set_intent(gone, "payment_intent.canceled").document())


def _retrieve_reader(psp: Psp, _: Json, ids: tuple[str, ...]) -> Answer:
    reader = psp.state.readers.get(ids[0])
    return _missing("terminal.reader", ids[0]) if reader is None else _ok(reader.document())


def _process_intent(psp: Psp, form: Json, ids: tuple[str, ...]) -> Answer:
    reader, id_ = psp.state.readers.get(ids[0]), text(form, "payment_intent")
    intent = psp.state.intents.get(id_)
    if reader is None or intent is None:
        return _missing("terminal.reader or payment_intent", id_)
    if reader.action == "in_progress":
        return refused(409, "terminal_reader_busy", "Reader is currently processing another action")
    if intent.status != "requires_payment_method" or intent.method != "card_present":
        return _unexpected(intent, "processed")
    busy = Reader(id=reader.id, intent=intent.id, action="in_progress")
    psp.state.readers[reader.id] = busy
    return _ok(busy.document())


def _cancel_action(psp: Psp, _: Json, ids: tuple[str, ...]) -> Answer:
    reader = psp.state.readers.get(ids[0])
    if reader is None:
        return _missing("terminal.reader", ids[0])
    idle = psp.state.readers[reader.id] = Reader(id=reader.id)
    return _ok(idle.document())


def _set_display(psp: Psp, form: Json, ids: tuple[str, ...]) -> Answer:
    reader = psp.state.readers.get(ids[0])
    if reader is None:
        return _missing("terminal.reader", ids[0])
    if reader.action == "in_progress":
        return refused(409, "terminal_reader_busy", "Reader is currently processing another action")
    shows = psp.state.readers[reader.id] = replace(
        reader, display=number(form, "cart", "total") or 0
    )
    return _ok(shows.document())


def _create_refund(psp: Psp, form: Json, _: tuple[str, ...]) -> Answer:
    id_ = text(form, "payment_intent")
    intent = psp.state.intents.get(id_)
    if intent is None:
        return _missing("payment_intent", id_)
    left = intent.received - intent.refunded
    amount = left if "amount" not in form else number(form, "amount")
    if left <= 0:
        why = "The payment was not captured, or has already been refunded."
        return refused(400, "charge_already_refunded", why)
    if amount is None or not 0 < amount <= left:
        why = f"Refund amount is greater than unrefunded amount on charge ({left})"
        return refused(400, "amount_too_large", why)
    return _ok(psp.add_refund(intent, amount).document())


def _list_refunds(psp: Psp, form: Json, _: tuple[str, ...]) -> Answer:
    id_ = text(form, "payment_intent")
    found = [r.document() for r in psp.state.refunds.values() if not id_ or r.intent == id_]
    return _page(found, form, "/v1/refunds")


def _list_events(psp: Psp, form: Json, _: tuple[str, ...]) -> Answer:
    return _page([event.document() for event in psp.state.events], form, "/v1/events")


def _page(documents: list[Json], form: Json, url: str) -> Answer:
    """Give one page, newest first, after the object named by starting_after."""
    since = number(form, "created", "gte") or 0
    newest = [one for one in reversed(documents) if int(str(one["created"])) >= since]
    after = text(form, "starting_after")
    ids = [one["id"] for one in newest]
    first = ids.index(after) + 1 if after in ids else 0
    limit = min(number(form, "limit") or 10, PAGE_MAX)
    page = newest[first : first + limit]
    return _ok(listed(page, url, more=len(newest) > first + limit))


_SESSIONS, _INTENTS = "/v1/checkout/sessions", "/v1/payment_intents"
_READER = "/v1/terminal/readers/([^/]+)"
ROUTES: tuple[tuple[str, re.Pattern[str], Work], ...] = tuple(
    (method, re.compile(path), work)
    for method, path, work in (
        ("POST", _SESSIONS, _create_session),
        ("GET", _SESSIONS, _list_sessions),
        ("GET", f"{_SESSIONS}/([^/]+)", _retrieve_session),
        ("POST", f"{_SESSIONS}/([^/]+)/expire", _expire_session),
        ("POST", _INTENTS, _create_intent),
        ("GET", _INTENTS, _list_intents),
        ("GET", f"{_INTENTS}/([^/]+)", _retrieve_intent),
        ("POST", f"{_INTENTS}/([^/]+)/capture", _capture_intent),
        ("POST", f"{_INTENTS}/([^/]+)/cancel", _cancel_intent),
        ("GET", _READER, _retrieve_reader),
        ("POST", f"{_READER}/process_payment_intent", _process_intent),
        ("POST", f"{_READER}/cancel_action", _cancel_action),
        ("POST", f"{_READER}/set_reader_display", _set_display),
        ("POST", "/v1/refunds", _create_refund),
        ("GET", "/v1/refunds", _list_refunds),
        ("GET", "/v1/events", _list_events),
    )
)
