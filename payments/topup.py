"""The top-up as a pure machine: ``next_step(row, observation) -> (row, acts)``.

The driver persists the returned row BEFORE it performs the acts, at most one a step; what an act
brings back is the next observation. Rules (MONEY.md, "The top-up"):

1.  CREATED asks for the payment under the top-up's own key; after 23 h (keys may be pruned) it
    looks for it instead, and ends CANCELED where there is none. Which provider takes the money
    is what the far side says then.
2.  INTENT_CREATED waits for the citizen; authorized → AUTHORIZED, taken at once → PAID, canceled
    → CANCELED, not paid within PAY_MAX → CANCELING.
3.  AUTHORIZED asks for the card. The same card within CARD_MAX: its counter and load number are
    saved and the far side is told (HOLD); once it has acknowledged → CARD_WRITING. Too late, given
    up, or a card that can't be loaded → CANCELING: nothing is written on any card yet.
    PAID does the same without end (a pending load): it can't be voided, so that giving up changes
    nothing. A card that can't be loaded → REFUNDING; what staff gave back → REFUNDED. Money over
    the counter is PAID too, but staff hold it: too late or given up → REFUNDING.
4.  CARD_WRITING belongs to the card: load number n-1 → write; n or more with our id in its log →
    CAPTURING; anything else → MANUAL. It waits without end (a pending load) and can't be
    given up: whether the card took the money is unknown. A payment that was canceled → MANUAL.
5.  CAPTURING is entered with the ledger's rows, in one transaction; it captures until the payment
    says succeeded → DONE; canceled → MANUAL.
6.  CANCELING cancels until the payment says canceled → CANCELED; one that went through first
    → REFUNDING, which waits for the hub's refund → REFUNDED.
7.  A payment of another sum is never accepted: CANCELING, or MANUAL once a card is concerned.
    A payment that the far side doesn't know any more → MANUAL.
8.  Other cards, payments that aren't ours, late and repeated messages change nothing.
9.  DONE, CANCELED, REFUNDED and MANUAL are fixed points.
10. An order (an entry bought without a card, a bill) skips the card: AUTHORIZED or PAID tells the
    far side (HOLD) by itself, and once that has acknowledged → CAPTURING, whose transaction keeps
    the ticket too. Cards that are laid meanwhile are no concern of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeAlias

from kiosk.domain.card_limits import PURSE_MAX
from kiosk.domain.errors import (
    AmountRefused,
    CardTampered,
    PaymentDeclined,
    PaymentUnknown,
    PurseFull,
)
from kiosk.domain.ledger import COUNTER_PROVIDERS
from kiosk.domain.payment import (
    CARD_MAX,
    PAY_MAX,
    PaymentStatus,
    PaymentView,
    TopupRow,
    TopupState,
)
from kiosk.domain.purse import CardFace

KEY_MAX = timedelta(hours=23)  # Stripe may prune idempotency keys after 24 h


class Act(StrEnum):
    """One outward effect; the row tells its arguments and its idempotency key."""

    CREATE = "create"
    FIND = "find"
    RETRIEVE = "retrieve"
    HOLD = "hold"
    WRITE_LOAD = "write_load"
    CAPTURE = "capture"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Woken:
    """Time has passed: the timer's tick, and the first observation after a crash."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The far side tells the payment: an answer, a poll or a webhook."""

    view: PaymentView
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """The far side has acknowledged HOLD durably."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """The far side knows no such payment."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Declined:
    """The far side refused to begin a payment; ``note`` is the message key of its reason."""

    at: datetime
    note: str = PaymentDeclined.message_key


@dataclass(frozen=True, slots=True, kw_only=True)
class CardSeen:
    """A card was read, by itself or as the answer to a write; ``tag`` stands for its number."""

    face: CardFace
    tag: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CardRefused:
    """The card on the reader can't take the load; ``note`` is the message key.

    ``last_load`` is what the card said in the same session, None when it told nothing to believe.
    """

    tag: str
    last_load: int | None
    note: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Abandoned:
    """The citizen gave up or walked away."""

    at: datetime


Observation: TypeAlias = (
    Woken | Told | Held | Missing | Declined | CardSeen | CardRefused | Abandoned
)
Step: TypeAlias = tuple[TopupRow, tuple[Act, ...]]

# States in which the citizen may still give up: no card can have been written.
_BEFORE_CARD = frozenset({TopupState.AUTHORIZED, TopupState.PAID})
_REVOCABLE = frozenset({TopupState.CREATED, TopupState.INTENT_CREATED, TopupState.AUTHORIZED})


def next_step(row: TopupRow, observation: Observation) -> Step:
    """Give the row after ``observation`` and what to do then (the module's rules)."""
    if row.ended or _concerns_another(row, observation):
        return row, ()
    if (row.state is TopupState.AUTHORIZED or _in_the_till(row)) and _too_late(row, observation):
        return _give_up(row, observation.at)
    return _dispatch(row, observation)


def _dispatch(row: TopupRow, observation: Observation) -> Step:
    match observation:
        case Woken(at=at):
            return _woken(row, at)
        case Told(view=view, at=at):
            return _TOLD[row.state](row, view, at)
        case Missing(at=at) | Declined(at=at):
            return _without_payment(row, observation, at)
        case Held(at=at):
            return _held(row, at)
        case Abandoned(at=at):
            revocable = row.state in _REVOCABLE or _in_the_till(row)
            return _give_up(row, at) if revocable else (row, ())
        case _:
            return _card(row, observation)


def idempotency_key(row: TopupRow, act: Act) -> str:
    """Give an act's key: the same after any crash, another for another load number."""
    number = f":{row.load_number}" if act is Act.HOLD else ""
    return f"{row.id}:{act.value}{number}"


def _in_the_till(row: TopupRow) -> bool:
    """Say whether staff hold the money and can hand it back (rule 3)."""
    return row.state is TopupState.PAID and row.provider in COUNTER_PROVIDERS


def _concerns_another(row: TopupRow, observation: Observation) -> bool:
    match observation:
        case Told(view=view):
            return bool(row.payment_id) and view.id != row.payment_id
        case CardSeen(tag=tag) | CardRefused(tag=tag):
            return row.order is not None or tag != row.card
        case _:
            return False


def _too_late(row: TopupRow, observation: Observation) -> bool:
    """Say whether the card's time is over; an ended payment is told as it ended all the same."""
    waits = isinstance(observation, Woken | CardSeen | Held) or (
        isinstance(observation, Told) and observation.view.status is not PaymentStatus.CANCELED
    )
    return waits and observation.at - row.changed_at >= CARD_MAX


def _woken(row: TopupRow, at: datetime) -> Step:
    if not row.payment_id:
        return row, (_first_contact(row, at),)
    if row.state in _BEFORE_CARD and row.order is not None:
        return row, (Act.HOLD,)
    return row, (Act.CANCEL if row.state is TopupState.CANCELING else Act.RETRIEVE,)


def _without_payment(row: TopupRow, observation: Missing | Declined, at: datetime) -> Step:
    """Tell apart a payment that never began and one that the far side has lost."""
    known = bool(row.payment_id)
    if isinstance(observation, Missing):
        return (_to_staff(row, at) if known else _to(row, TopupState.CANCELED, at)), ()
    declined = _to(row, TopupState.CANCELED, at, observation.note)
    return row if known else declined, ()


def _held(row: TopupRow, at: datetime) -> Step:
    if row.state in _BEFORE_CARD and row.order is not None:
        return _to(row, TopupState.CAPTURING, at), (Act.CAPTURE,)
    if row.state in _BEFORE_CARD and row.load_number:
        return _to(row, TopupState.CARD_WRITING, at), (Act.WRITE_LOAD,)
    return row, ()


def _card(row: TopupRow, observation: CardSeen | CardRefused) -> Step:
    match observation:
        case CardSeen(face=face, at=at) if row.state in _BEFORE_CARD:
            return _prepare(row, face, at)
        case CardSeen(face=face, at=at) if row.state is TopupState.CARD_WRITING:
            return _settle(row, face, at)
        case CardRefused(note=note, at=at) if row.state in _BEFORE_CARD:
            return _give_up(row, at, note)
        case CardRefused(last_load=last, note=note, at=at) if row.state is TopupState.CARD_WRITING:
            surely_unwritten = last == row.load_number - 1
            if surely_unwritten:
                return _give_up(row, at, note)
            return _to(row, TopupState.MANUAL, at, note), ()
        case _:
            return row, ()


def _prepare(row: TopupRow, face: CardFace, at: datetime) -> Step:
    """Save the card's counter and the load's number, then tell the far side."""
    if face.balance + row.amount > PURSE_MAX:
        return _give_up(row, at, PurseFull.message_key)
    ready = replace(row, load_number=face.last_load + 1, balance_before=face.balance)
    return ready, (Act.HOLD,)


def _settle(row: TopupRow, face: CardFace, at: datetime) -> Step:
    """Let the card decide: its load number says whether, its log says what, was written."""
    if face.last_load == row.load_number - 1:
        return row, (Act.WRITE_LOAD,)
    record = face.record_of(row.id)
    if face.last_load >= row.load_number and record is not None:
        last = record.seq == face.sequence  # only the last record's counter is the card's own
        told = replace(row, sequence=record.seq, commits=face.commits if last else 0)
        return _to(told, TopupState.CAPTURING, at), (Act.CAPTURE,)
    return _to(row, TopupState.MANUAL, at, CardTampered.message_key), ()


def _created_told(row: TopupRow, view: PaymentView, at: datetime) -> Step:
    """Take the payment over; who takes the money is for the far side to say (rule 1)."""
    known = replace(row, payment_id=view.id, provider=view.provider or row.provider)
    return _intent_told(_to(known, TopupState.INTENT_CREATED, at), view, at)


def _intent_told(row: TopupRow, view: PaymentView, at: datetime) -> Step:
    if view.status is PaymentStatus.CANCELED:
        return _to(row, TopupState.CANCELED, at, PaymentDeclined.message_key), ()
    if view.amount != row.amount:
        return _give_up(row, at, AmountRefused.message_key)
    if view.status is PaymentStatus.PENDING:
        return _give_up(row, at) if at - row.created_at >= PAY_MAX else (row, ())
    taken = view.status is PaymentStatus.SUCCEEDED
    paid = _to(row, TopupState.PAID if taken else TopupState.AUTHORIZED, at)
    return paid, (Act.HOLD,) if row.order is not None else ()


def _authorized_told(row: TopupRow, view: PaymentView, at: datetime) -> Step:
    if view.status is PaymentStatus.CANCELED:
        return _to(row, TopupState.CANCELED, at, PaymentDeclined.message_key), ()
    return row, ()


def _paid_told(row: TopupRow, view: PaymentView, at: datetime) -> Step:
    if view.status is PaymentStatus.CANCELED:
        return _to_staff(row, at), ()
    return _to(row, TopupState.REFUNDED, at) if view.refunded else row, ()


def _writing_told(row: TopupRow, view: PaymentView, at: datetime) -> Step:
    if view.status is PaymentStatus.CANCELED:
        return _to_staff(row, at), ()
    return row, ()


def _capturing_told(row: TopupRow, view: PaymentView, at: datetime) -> Step:
    if view.amount != row.amount:
        return _to_staff(row, at), ()
    if view.status is PaymentStatus.SUCCEEDED:
        return _to(row, TopupState.DONE, at), ()
    if view.status is PaymentStatus.CANCELED:
        return _to_staff(row, at), ()
    return row, (Act.CAPTURE,) if view.status is PaymentStatus.AUTHORIZED else ()


def _canceling_told(row: TopupRow, view: PaymentView, at: datetime) -> Step:
    known = replace(row, payment_id=view.id, provider=view.provider or row.provider)
    if view.status is PaymentStatus.CANCELED:
        return _to(known, TopupState.CANCELED, at), ()
    if view.status is PaymentStatus.SUCCEEDED:
        return _to(known, TopupState.REFUNDING, at), ()
    return known, (Act.CANCEL,)


def _refunding_told(row: TopupRow, view: PaymentView, at: datetime) -> Step:
    return _to(row, TopupState.REFUNDED, at) if view.refunded else row, ()


_TOLD: Mapping[TopupState, Callable[[TopupRow, PaymentView, datetime], Step]] = {
    TopupState.CREATED: _created_told,
    TopupState.INTENT_CREATED: _intent_told,
    TopupState.AUTHORIZED: _authorized_told,
    TopupState.PAID: _paid_told,
    TopupState.CARD_WRITING: _writing_told,
    TopupState.CAPTURING: _capturing_told,
    TopupState.CANCELING: _canceling_told,
    TopupState.REFUNDING: _refunding_told,
}


def _to(row: TopupRow, state: TopupState, at: datetime, note: str = "") -> TopupRow:
    return replace(row, state=state, changed_at=at, note=note or row.note)


def _to_staff(row: TopupRow, at: datetime) -> TopupRow:
    """End with a payment that staff must compare with the bank's own list."""
    return _to(row, TopupState.MANUAL, at, PaymentUnknown.message_key)


def _first_contact(row: TopupRow, at: datetime) -> Act:
    """Ask again under the same key while the far side surely remembers it, else look for it."""
    return Act.CREATE if at - row.created_at < KEY_MAX else Act.FIND


def _give_up(row: TopupRow, at: datetime, note: str = "") -> Step:
    if row.state is TopupState.PAID:
        return _to(row, TopupState.REFUNDING, at, note), ()
    leaving = _to(row, TopupState.CANCELING, at, note)
    return leaving, (Act.CANCEL if row.payment_id else _first_contact(row, at),)
