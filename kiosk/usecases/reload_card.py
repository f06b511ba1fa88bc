"""Reloads the card: drives the top-up's machine over the journal, the payment and the card.

Rules (MONEY.md, "The top-up"):

1. The row is persisted before the act that it announces; entering CAPTURING books the ledger's
   entry in the same transaction.
2. What an act brings back goes to the machine (payments.topup), which alone decides.
3. A call that fails leaves the row where it is: the next tick asks again.
4. One top-up is active at a time; a second tap gives the one that runs. A torn card's top-up, and
   one that was taken at once, waits as a pending load until that card is laid, on a later day too,
   and blocks no other card.
5. A card that lies on the reader all along is written as soon as its payment is authorized.
6. After a crash, ``resume`` takes up whatever the journal holds open.
7. An entry that is bought without a card runs through the same machine, which then asks for none.
   Its ticket is signed when it enters CAPTURING and kept in the entry's own transaction: nothing is
   taken for a ticket that isn't there, and the same order gives the same ticket after any crash.
8. A top-up goes to the gateway of its own provider: money over the counter is the till's.
9. A load that a code has paid (kiosk.usecases.redeem_code), or that the hub holds for the card
   (kiosk.domain.hub_load), comes in as written-or-not, and asks no far side: it is paid.
10. Nothing new begins without a permit (kiosk.domain.standing), nor for a card on the list of lost
    cards; what is under way goes on.
11. A bill runs through the same machine without any ticket. Before it begins the journal is asked:
    one that is paid, or being paid, isn't begun again; the far side knows other kiosks' bills.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from kiosk.domain.bill import BillOrder
from kiosk.domain.errors import (
    BillBusy,
    BillPaid,
    CardBlocked,
    CardExpired,
    CardForeign,
    CardPulled,
    CardTampered,
    ClockSetBack,
    DeviceRevoked,
    InputRefused,
    KeyAbsent,
    LicenceEnded,
    OtherCard,
    PaymentDeclined,
    PaymentUnavailable,
    PaymentUnknown,
    ProductUnknown,
    PurseFull,
)
from kiosk.domain.hub_load import BY_HUB, due, topup_of
from kiosk.domain.money import Money
from kiosk.domain.payment import (
    Order,
    PaymentStatus,
    PaymentView,
    TopupLimits,
    TopupRow,
    TopupState,
)
from kiosk.domain.purse import CardFace, Load, card_tag
from kiosk.domain.reload_code import BY_CODE
from kiosk.ports import CardSession, Clock, HubLoads, Journal, LostCards, PaymentGateway
from kiosk.usecases.order_ticket import TicketShop, Wish
from kiosk.usecases.read_card import refusal_of
from kiosk.usecases.reload_progress import Progress, Run
from payments.topup import (
    Abandoned,
    Act,
    CardRefused,
    CardSeen,
    Declined,
    Held,
    Missing,
    Observation,
    Told,
    Woken,
    idempotency_key,
    next_step,
)

STEPS_MAX = 12  # a whole top-up takes five; more means a far side that contradicts itself
RESUME_MAX = 20  # open top-ups moved on by one call; each may wait for the network
LABEL = "Recharge"  # on the card's log, in the source language

_WAITING = frozenset({TopupState.CREATED, TopupState.INTENT_CREATED, TopupState.AUTHORIZED})
_PENDING_LOAD = frozenset({TopupState.PAID, TopupState.CARD_WRITING})
_BEFORE_CARD = frozenset({TopupState.AUTHORIZED, TopupState.PAID})
_WANTS_CARD = _BEFORE_CARD | _PENDING_LOAD
_PAID_ELSEWHERE = frozenset({BY_CODE, BY_HUB})
_BUSY = _WAITING | _PENDING_LOAD | {TopupState.CAPTURING}


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What a kiosk's top-ups are made with: ``card_key`` is the territory's key for card tags.

    ``shop`` makes the entries that are bought without a card; None: none are sold here. ``permit``
    raises ClockSetBack, LicenceEnded or DeviceRevoked where no money may be moved; ``lost`` is the
    list of lost cards, ``loads`` what the hub holds for cards; None: there is no hub. ``can_load``
    raises KeyAbsent where no card can be credited: no payment is asked for one then.
    """

    provider: str
    card_key: bytes
    limits: TopupLimits
    new_id: Callable[[], str]
    shop: TicketShop | None = None
    permit: Callable[[], None] = lambda: None
    lost: LostCards | None = None
    loads: HubLoads | None = None
    can_load: Callable[[], None] = lambda: None


class ReloadCard:
    """The top-up's use case; callable from any thread, one call at a time.

    ``others`` are gateways by provider, beside the desk's own (rule 8).
    Every method may raise StorageFull: nothing outward was done then, and the next call goes on.
    """

    def __init__(
        self,
        *,
        journal: Journal,
        gateway: PaymentGateway,
        clock: Clock,
        desk: Desk,
        others: Mapping[str, PaymentGateway] | None = None,
    ) -> None:
        self._journal = journal
        self._gateway = gateway
        self._others = others or {}
        self._clock = clock
        self._desk = desk
        self._run: Run | None = None
        self._session: CardSession | None = None
        self._turn = threading.RLock()

    @property
    def progress(self) -> Progress | None:
        """The active top-up, None when there is none."""
        with self._turn:
            return None if self._run is None else self._run.progress

    def start(self, face: CardFace, amount: Money, *, provider: str = "") -> Progress:
        """Begin a top-up of the card just read and ask ``provider`` for its payment.

        A tap while one runs, or while this card's last one waits for it, gives that one. Raises
        AmountRefused, PurseFull, CardForeign, CardBlocked, CardExpired, OtherCard while another
        card's payment runs, and what the permit raises.
        """
        with self._turn:
            tag, run = self._tag(face), self._run
            if run is not None and run.row.state in _BUSY and run.row.card == tag:
                return run.progress
            if run is not None and run.row.state in _WAITING:
                raise OtherCard("another card's payment is running")
            pending = self._pending(tag)
            self._run = (
                Run(row=pending)
                if pending
                else self._begin(face, tag, amount, provider or self._desk.provider)
            )
            return self._run.progress

    def buy(self, wish: Wish, *, provider: str = "") -> Progress:
        """Begin to buy an entry without a card; a tap while a payment runs gives that one.

        ``provider`` "" is the desk's own.

        Raises ProductUnknown, AmountRefused, and what the permit raises.
        """
        with self._turn:
            run = self._run
            if run is not None and run.row.state in _BUSY:
                return run.progress
            if self._desk.shop is None:
                raise ProductUnknown("no entries are sold here")
            self._desk.permit()
            now = self._clock.now()
            order, amount = self._desk.shop.order(wish, now)
            self._run = self._asked(self._new_row(amount, now, order=order, provider=provider))
            return self._run.progress

    def pay_bill(self, bill: BillOrder, amount: Money, *, provider: str = "") -> Progress:
        """Begin to pay a bill; a tap while a payment runs, or while this one does, gives that one.

        ``provider`` "" is the desk's own. Raises BillPaid, BillBusy for one that staff look at or
        that is owed back, and what the permit raises.
        """
        with self._turn:
            run = self._run
            if run is not None and run.row.state in _BUSY:
                return run.progress
            before = self._journal.find_bill(bill.key)
            if before is not None and before.state is TopupState.DONE:
                raise BillPaid(f"paid by {before.id}")
            if before is not None and before.state not in _BUSY:
                raise BillBusy(f"not ended: {before.id}")
            if before is not None:
                self._run = self._known(before)
                return self._run.progress
            self._desk.permit()
            now = self._clock.now()
            self._run = self._asked(self._new_row(amount, now, order=bill, provider=provider))
            return self._run.progress

    def poll(self) -> Progress | None:
        """Let the active top-up see what time and the far side have done; None without one."""
        with self._turn:
            run = self._run
            if run is None:
                return None
            self._advance(run, Woken(at=self._clock.now()))
            if self._session is not None and run.row.state in _WANTS_CARD:
                self._look_again(run, self._session)
            return run.progress

    def follow(self, topup_id: str) -> Progress | None:
        """Make a top-up of the journal the active one; None when there is none of this id."""
        with self._turn:
            row = self._journal.find_topup(topup_id)
            if row is None:
                return None
            self._run = self._known(row)
            return self.poll()

    def cancel(self) -> Progress | None:
        """Give the active top-up up, as far as it still can be; None without one."""
        with self._turn:
            run = self._run
            if run is None:
                return None
            self._advance(run, Abandoned(at=self._clock.now()))
            return run.progress

    def leave(self) -> None:
        """End the citizen's session: give up what can be, keep the rest in the journal."""
        with self._turn:
            self.cancel()
            self._run = None

    def card_laid(self, session: CardSession) -> Progress | None:
        """Show a laid card to the active top-up, or settle what this card waits for.

        None: no top-up concerns the card; where none waits for a card, it isn't even read. Raises
        OtherCard when another card began the active one, CardForeign, CardTampered.
        """
        with self._turn:
            self._session = session
            run = self._run if self._run and not self._run.row.ended else None
            if run is not None and run.row.order is not None:
                return None  # no card pays for it
            if run is None and not self._any_waits():
                return None
            try:
                face = session.read()
            except CardPulled:
                return None if run is None else self._pulled(run)
            run = run or self._taken_up(face)
            if run is not None:
                self._show(run, session, face)
            return None if run is None else run.progress

    def card_lifted(self) -> None:
        """Forget the card that lay there."""
        with self._turn:
            self._session = None

    def resume(self) -> tuple[Progress, ...]:
        """Move open top-ups on, after a crash and from time to time; gives where they stand.

        One that still waits for its citizen becomes the active one when there is none.
        """
        with self._turn:
            rows = self._journal.open_topups()
            pending_last = sorted(rows, key=lambda row: row.state in _PENDING_LOAD)
            runs = [self._known(row) for row in pending_last[:RESUME_MAX]]
            for run in runs:
                self._advance(run, Woken(at=self._clock.now()))
            if self._run is None:
                self._run = next((run for run in runs if _awaits_citizen(run.row)), None)
            return tuple(run.progress for run in runs)

    def _tag(self, face: CardFace) -> str:
        return card_tag(face.number, self._desk.card_key)

    def _known(self, row: TopupRow) -> Run:
        active = self._run
        if active is None or active.row.id != row.id:
            return Run(row=row)
        active.row = row  # staff may have settled it behind this run's back
        return active

    def _awaited(self) -> list[TopupRow]:
        """Give the open top-ups that wait for their cards."""
        rows = self._journal.open_topups()
        return [row for row in rows if row.state in _PENDING_LOAD]

    def _pending(self, tag: str) -> TopupRow | None:
        """Give the open top-up that this card must settle before any new one."""
        return next((row for row in self._awaited() if row.card == tag), None)

    def lost(self, face: CardFace) -> bool:
        """Say whether a card is on the list of lost cards."""
        listed = None if self._desk.lost is None else self._desk.lost.current()
        return listed is not None and listed.holds(self._tag(face))

    def _refusal(self, face: CardFace) -> str:
        """Give the message key of why a card can't be loaded, "" when it can."""
        refusal = refusal_of(face, self._clock.now().date())
        return refusal or (CardBlocked.message_key if self.lost(face) else "")

    def _any_waits(self) -> bool:
        """Say whether any card is waited for: by the journal, or by the hub."""
        loads = self._desk.loads
        return bool(self._awaited()) or (loads is not None and loads.any())

    def _sent(self, face: CardFace) -> TopupRow | None:
        """Begin the load that the hub holds for this card, durably; None: there is none to write.

        It waits while the card can't be loaded, or nothing may be moved here.
        """
        loads = self._desk.loads
        load = None if loads is None else due(loads.of(self._tag(face)), face)
        if load is None or self._refusal(face):
            return None
        try:
            self._desk.permit()
            self._desk.can_load()
        except (ClockSetBack, LicenceEnded, DeviceRevoked, KeyAbsent):
            return None
        row = topup_of(load, self._desk.new_id(), face, self._clock.now())
        self._journal.save_topup(row)
        return row

    def _taken_up(self, face: CardFace) -> Run | None:
        """Make a card's pending load the active top-up, after asking how its payment stands."""
        pending = self._pending(self._tag(face)) or self._sent(face)
        if pending is None:
            return None
        run = self._run = Run(row=pending)
        self._advance(run, Woken(at=self._clock.now()))
        return run

    def _begin(self, face: CardFace, tag: str, amount: Money, provider: str) -> Run:
        self._desk.permit()
        self._desk.can_load()
        now, refusal = self._clock.now(), self._refusal(face)
        for kind in (CardForeign, CardBlocked, CardExpired):
            if refusal == kind.message_key:
                raise kind("this card can't be loaded")
        self._desk.limits.check(amount, face.balance)
        return self._asked(
            self._new_row(amount, now, card=tag, balance=face.balance, provider=provider)
        )

    def _new_row(
        self,
        amount: Money,
        now: datetime,
        *,
        card: str = "",
        balance: Money | None = None,
        order: Order | None = None,
        provider: str = "",
    ) -> TopupRow:
        return TopupRow(
            id=self._desk.new_id(),
            state=TopupState.CREATED,
            card=card,
            amount=amount,
            provider=provider or self._desk.provider,
            balance_before=balance,
            created_at=now,
            changed_at=now,
            order=order,
        )

    def _asked(self, row: TopupRow) -> Run:
        """Persist a new row and ask for its payment."""
        self._journal.save_topup(row)
        run = Run(row=row)
        self._advance(run, Woken(at=row.created_at))
        return run

    def _look_again(self, run: Run, session: CardSession) -> None:
        """Show the card that lies there all along; what is wrong with it is only told."""
        try:
            self._show(run, session, session.read())
        except CardPulled:
            self._session = None
        except (OtherCard, CardForeign, CardTampered) as wrong:
            run.message_key = wrong.message_key

    def _show(self, run: Run, session: CardSession, face: CardFace) -> None:
        now, tag = self._clock.now(), self._tag(face)
        if tag != run.row.card:
            raise OtherCard("another card than the one that began")
        run.face, run.message_key = face, ""
        refusal = self._refusal(face)
        if refusal and run.row.state in _BEFORE_CARD:
            self._advance(run, self._refused(run, refusal), session)
        else:
            self._advance(run, CardSeen(face=face, tag=tag, at=now), session)

    def _pulled(self, run: Run) -> Progress:
        run.message_key = CardPulled.message_key
        return run.progress

    def _advance(
        self, run: Run, observation: Observation, session: CardSession | None = None
    ) -> None:
        """Run the machine until it asks for nothing more; persist before each act."""
        seen: Observation | None = observation
        for _ in range(STEPS_MAX):
            if seen is None:
                return
            row, acts = next_step(run.row, seen)
            try:
                self._persist(run, row)
            except InputRefused as unsigned:  # a ticket: it stays authorized, then is given back
                run.message_key = unsigned.message_key
                return
            if not acts:
                return
            writes = acts[0] is Act.WRITE_LOAD
            seen = self._write(run, session) if writes else self._ask(run, acts[0])

    def _persist(self, run: Run, row: TopupRow) -> None:
        if row == run.row:
            return
        if row.state is TopupState.CAPTURING and run.row.state is not TopupState.CAPTURING:
            row = self._ticketed(row)
            row = replace(row, entry=self._journal.book_topup(row, at=row.changed_at))
        else:
            self._journal.save_topup(row)
        run.row = row

    def _ticketed(self, row: TopupRow) -> TopupRow:
        """Give the row of an entry with its ticket; anything else stays as it is."""
        shop, order = self._desk.shop, row.ticket_order
        if order is None:
            return row
        assert shop is not None, "only a shop begins orders"
        return replace(row, order=replace(order, ticket=shop.seal(row, order)))

    def _ask(self, run: Run, act: Act) -> Observation | None:
        """Ask the far side; None when no answer came."""
        try:
            paid = run.row.provider in _PAID_ELSEWHERE
            view = _paid(run.row) if paid else self._call(run.row, act)
        except PaymentUnavailable:
            run.message_key = PaymentUnavailable.message_key
            return None
        except (PaymentDeclined, BillPaid, BillBusy) as no:
            return Declined(at=self._clock.now(), note=no.message_key)
        except PaymentUnknown:
            view = None
        if run.message_key == PaymentUnavailable.message_key:
            run.message_key = ""
        if view is None:
            return Missing(at=self._clock.now())
        run.payment = view
        acknowledged = act is Act.HOLD and view.held
        now = self._clock.now()
        return Held(at=now) if acknowledged else Told(view=view, at=now)

    def _call(self, row: TopupRow, act: Act) -> PaymentView | None:
        """Make the call that ``act`` names; None when a search found no payment."""
        key, gateway = idempotency_key(row, act), self._others.get(row.provider, self._gateway)
        match act:
            case Act.CREATE:
                return gateway.create(row.id, row.amount, idempotency_key=key, bill=row.bill)
            case Act.FIND:
                return gateway.find(row.id)
            case Act.HOLD:
                return gateway.hold(
                    row.payment_id, load_number=row.load_number, idempotency_key=key
                )
            case Act.CAPTURE:
                return gateway.capture(row.payment_id, idempotency_key=key)
            case Act.CANCEL:
                return gateway.cancel(row.payment_id, idempotency_key=key)
            case _:
                return gateway.retrieve(row.payment_id)

    def _write(self, run: Run, session: CardSession | None) -> Observation | None:
        """Write the numbered load; None when the card left: whether it was written is unknown."""
        assert session is not None, "the machine writes only a card that was just shown"
        row, now = run.row, self._clock.now()
        load = Load(
            number=row.load_number, amount=row.amount, transaction_id=row.id, label=LABEL, at=now
        )
        try:
            written = session.write_load(load)
        except (CardPulled, KeyAbsent) as waits:
            run.message_key = waits.message_key  # the load stays pending for this card
            return None
        except (CardBlocked, CardExpired, CardForeign, PurseFull) as refused:
            return self._refused(run, refused.message_key)
        except CardTampered as broken:
            run.face = None
            return self._refused(run, broken.message_key)
        run.face = written
        return CardSeen(face=written, tag=self._tag(written), at=now)

    def _refused(self, run: Run, note: str) -> CardRefused:
        """Tell a refusal with what the card said in this session, if it may be believed."""
        last = None if run.face is None else run.face.last_load
        return CardRefused(tag=run.row.card, last_load=last, note=note, at=self._clock.now())


def _awaits_citizen(row: TopupRow) -> bool:
    """Whether a citizen may stand there: to pay, to lay the card, or for a ticket almost paid."""
    confirming = row.order is not None and row.state is TopupState.CAPTURING
    return row.state in _WAITING or confirming


def _paid(row: TopupRow) -> PaymentView:
    """Give the payment of a load that was paid elsewhere (rule 9)."""
    return PaymentView(
        id=row.payment_id, status=PaymentStatus.SUCCEEDED, amount=row.amount, held=True
    )
