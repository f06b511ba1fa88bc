"""The ports: what the use cases and screens need from the outside, as Protocols.

Each port has one contract suite in tests/contracts that every implementation passes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # a port is types alone: nothing of this is needed to start
    from kiosk.domain.bank_refund import BankRefund
    from kiosk.domain.bill import BillOrder
    from kiosk.domain.card_move import MoveRow
    from kiosk.domain.card_rules import Blocklist, OfflineUse
    from kiosk.domain.closing import Closing, Period
    from kiosk.domain.freshness import Dated, Policy
    from kiosk.domain.hours import Interval, Verdict
    from kiosk.domain.hub_load import HubLoad
    from kiosk.domain.loans import LibraryReader, Loan
    from kiosk.domain.money import Money
    from kiosk.domain.payment import PaymentView, TopupRow
    from kiosk.domain.pin import PinRecord
    from kiosk.domain.printing import PrinterState, Slip
    from kiosk.domain.purse import CardFace, Load, NewCard, Prepared, Spend, Written
    from kiosk.domain.record import Geo, Record
    from kiosk.domain.reload_code import CodeRow, CodeUse
    from kiosk.domain.report import Report
    from kiosk.domain.search import Hit
    from kiosk.domain.ticket import Redemption
    from kiosk.domain.till import Till, TillEvent, TillKind
    from kiosk.domain.transfer import TransferRow
    from kiosk.domain.transit import Departure, StopFound


class Clock(Protocol):
    """The time; injected everywhere so that tests and tours move it."""

    def now(self) -> datetime:
        """Give the present, aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Give seconds that never go back (timers)."""
        ...


class ServiceCache(Protocol):
    """The cached records of a territory (read side of content.db)."""

    def records(
        self, dataset: str, policy: Policy, *, limit: int = 1000
    ) -> Sequence[Dated[Record]]:
        """Give the dataset's records, most popular first, each with its freshness."""
        ...

    def record(self, dataset: str, record_id: str, policy: Policy) -> Dated[Record] | None:
        """Give one record, or None."""
        ...

    def nearest(
        self, dataset: str, here: Geo, policy: Policy, *, limit: int = 10
    ) -> Sequence[Dated[Record]]:
        """Give the records nearest to ``here``, nearest first."""
        ...

    def search(self, text: str, *, language: str, limit: int = 20) -> Sequence[Hit]:
        """Give what matches each word of ``text`` as a prefix, accents ignored, best first."""
        ...

    def observed_at(self, dataset: str) -> datetime | None:
        """Give when the dataset was last observed, None when it is absent."""
        ...

    def count(self, dataset: str) -> int:
        """Give how many records the dataset has."""
        ...

    def version(self) -> int:
        """Give a number that changes when another process has written."""
        ...


class Timetable(Protocol):
    """Departures from stops."""

    def stops(self, name: str, *, limit: int = 10) -> Sequence[StopFound]:
        """Give the stops whose id or name answers to ``name``, best first."""
        ...

    def departures(self, stop: str, at: datetime, *, limit: int = 10) -> Sequence[Departure]:
        """Give the next departures from the stop key ``stop`` at ``at``, soonest first."""
        ...


class OpeningHours(Protocol):
    """An engine of opening hours; expressions are in the OSM opening_hours grammar."""

    def verdict(self, expression: str, at: datetime) -> Verdict:
        """Say whether the door is open at ``at`` (aware, local); never raises on dirty text."""
        ...

    def intervals(self, expression: str, start: datetime, end: datetime) -> Sequence[Interval]:
        """Give the open and unknown stretches between two local moments; [] when not understood."""
        ...


class Voice(Protocol):
    """Speech; the transcript is what was or would be spoken, and feeds the captions line."""

    def say(self, text: str, *, language: str, private: bool = False) -> None:
        """Speak ``text``; ``private`` text only with headphones."""
        ...

    def stop(self) -> None:
        """Be quiet at once."""
        ...

    def forget(self) -> None:
        """End the visit: be quiet, volume as at first, nothing kept of what was said."""
        ...

    def close(self) -> None:
        """Be quiet and free what speaks."""
        ...


class Headphones(Protocol):
    """Whether what is spoken reaches one person only."""

    def plugged(self) -> bool:
        """Say whether headphones are in, or the kiosk speaks into an earpiece."""
        ...


class Printer(Protocol):
    """The receipt printer. Both calls may take seconds: never on the screen's thread."""

    def state(self) -> PrinterState:
        """Ask how it stands; never raises."""
        ...

    def print(self, slip: Slip) -> None:
        """Print the whole slip; raises PaperOut, PrinterUnavailable (perhaps half printed)."""
        ...


class CardSession(Protocol):
    """A card that lies on the reader; every call raises CardPulled once it has left."""

    def read(self) -> CardFace:
        """Read the whole face; raises CardForeign, CardTampered."""
        ...

    def glance(self) -> CardFace:
        """Read what a spend needs: the face with no more of its log than the newest record.

        Quicker than ``read``; raises what it raises.
        """
        ...

    def write_load(self, load: Load) -> CardFace:
        """Write one numbered load in one commit; raises Refused, Tampered, CardPulled (unknown)."""
        ...

    def spend(self, spend: Spend, prepared: Callable[[Prepared], None]) -> Written:
        """Take one spend in one commit; ``prepared`` is called just before it and must be durable.

        Raises Refused (nothing was taken), CardTampered, CardPulled (unknown once ``prepared``
        was called), and whatever ``prepared`` raises (nothing was taken).
        """
        ...


class CardReader(Protocol):
    """The reader: tells when a card is laid and lifted. Callbacks may come from any thread."""

    def watch(self, on_laid: Callable[[CardSession], None], on_lifted: Callable[[], None]) -> None:
        """Start telling; at once when a card already lies there."""
        ...

    def close(self) -> None:
        """Stop telling and free the reader."""
        ...


class PaymentGateway(Protocol):
    """A way to pay. The secret lives behind it, never in this process.

    Every call raises PaymentUnavailable when no answer came (it may have been done all the
    same); calls with a payment's id raise PaymentUnknown when there is no such payment.
    """

    def create(
        self,
        topup_id: str,
        amount: Money,
        *,
        idempotency_key: str,
        bill: BillOrder | None = None,
    ) -> PaymentView:
        """Ask for a payment; the same key gives the same payment.

        Raises PaymentDeclined; for a ``bill`` BillPaid, BillBusy, as far as the far side knows.
        """
        ...

    def find(self, topup_id: str) -> PaymentView | None:
        """Look for a top-up's payment, when its key may be pruned; None: it never existed."""
        ...

    def retrieve(self, payment_id: str) -> PaymentView:
        """Read its state again."""
        ...

    def hold(self, payment_id: str, *, load_number: int, idempotency_key: str) -> PaymentView:
        """Tell durably that the card is about to be written.

        From a ``held`` answer on, the far side never voids the payment by itself.
        """
        ...

    def capture(self, payment_id: str, *, idempotency_key: str) -> PaymentView:
        """Take the authorized money; a payment that can't be captured answers as it stands."""
        ...

    def cancel(self, payment_id: str, *, idempotency_key: str) -> PaymentView:
        """Give it up; a payment that went through first answers so."""
        ...


class Journal(Protocol):
    """The ledger's write side (MONEY.md, "The ledger"). Every write is durable on return."""

    def save_topup(self, topup: TopupRow) -> None:
        """Persist the top-up's state, before any outward effect; raises StorageFull."""
        ...

    def book_topup(self, topup: TopupRow, *, at: datetime) -> int:
        """Write entry, legs and state in one transaction; gives the entry's sequence.

        A top-up that is booked already keeps its entry. Raises StorageFull.
        """
        ...

    def open_topups(self) -> Sequence[TopupRow]:
        """Give the top-ups that aren't ended, oldest first: a crash may have left them."""
        ...

    def find_topup(self, topup_id: str) -> TopupRow | None:
        """Give a top-up as it stands, ended or not; None: there never was one."""
        ...

    def find_bill(self, key: str) -> TopupRow | None:
        """Give the payment of a bill that is done, under way or the staff's; None: unpaid."""
        ...


class RefundOffice(Protocol):
    """The far side's list of what was given back after it was taken."""

    def refunds(self, heard: Sequence[BankRefund]) -> Sequence[BankRefund]:
        """Say which totals are durable here, and give those that aren't; at most HEARD_MAX each.

        Raises PaymentUnavailable: what was said may have been heard all the same.
        """
        ...


class RefundJournal(Protocol):
    """The journal of what a bank gave back. Every write is durable on return."""

    def find_topup(self, topup_id: str) -> TopupRow | None:
        """Give a top-up as it stands, ended or not; None: there never was one."""
        ...

    def book_refund(self, paid: TopupRow, told: BankRefund, *, at: datetime) -> Money:
        """Book what a total is more than the journal's own; gives the sum booked now, or zero.

        Raises StorageFull.
        """
        ...


class MoveJournal(Protocol):
    """The journal of what cards took and gave (CARD.md). Every write is durable on return."""

    def save_move(self, move: MoveRow) -> None:
        """Persist a movement, before the card's commit and at each change; raises StorageFull."""
        ...

    def book_move(self, move: MoveRow, *, at: datetime) -> int:
        """Write entry, legs and state in one transaction; gives the entry's sequence.

        A movement that is booked already keeps its entry. Raises StorageFull.
        """
        ...

    def open_moves(self, card: str) -> Sequence[MoveRow]:
        """Give the movements of a card's tag that aren't settled, disputes too, oldest first."""
        ...

    def unsettled(self) -> Sequence[MoveRow]:
        """Give those of every card, oldest first."""
        ...

    def offline_use(self, card: str) -> OfflineUse:
        """Give what was taken, by this card and in all, and that the hub hasn't acknowledged."""
        ...


class TicketJournal(Protocol):
    """The journal of what is bought without a card. Every write is durable on return."""

    def bought(self, topup_id: str) -> TopupRow | None:
        """Give an order with its ticket, as it stands; None for a load, or for nothing."""
        ...

    def numbered(self, entry: int) -> TopupRow | None:
        """Give the order that the journal's ``entry`` has booked, None for none."""
        ...

    def count_copy(self, topup_id: str) -> int:
        """Count one more copy of an order's ticket; gives how many there are, StorageFull."""
        ...


class Redemptions(Protocol):
    """The tickets that this gate has let in. Every write is durable on return."""

    def redeem(self, redemption: Redemption) -> Redemption:
        """Keep a ticket as let in and tell the hub, in one transaction; gives the row kept.

        Of a ticket that was let in before that is the first row. Raises StorageFull.
        """
        ...

    def find(self, ticket: str) -> Redemption | None:
        """Give the row of a ticket's id (hex), None when it wasn't let in here."""
        ...

    def answered_again(self, ticket: str, *, at: datetime) -> bool:
        """Keep that its one more scan was answered and tell the hub; False: it was before."""
        ...

    def unheard_persons(self, kiosk: str) -> int:
        """Give how many people came in on a kiosk's tickets that the hub hasn't acknowledged."""
        ...


class ReportOutbox(Protocol):
    """Where reports to the council wait for the hub. Every write is durable on return."""

    def sent_since(self, start: datetime) -> int:
        """Give how many reports were sent at ``start`` or later, told to the hub or not."""
        ...

    def send(self, report: Report) -> None:
        """Keep a report for the hub; raises StorageFull."""
        ...


class Scanner(Protocol):
    """What reads printed and shown codes; it tells from the screen's thread."""

    def watch(self, on_code: Callable[[str], None]) -> None:
        """Start telling each code that was read, whole; never more than TEXT_MAX characters."""
        ...

    def close(self) -> None:
        """Stop telling."""


class CodeRequests(Protocol):
    """What this kiosk asked to be paid while offline. Every write is durable on return."""

    def save_code(self, row: CodeRow) -> None:
        """Persist a request, a try or what became of it; raises StorageFull.

        Neither tries nor states go back: what is older than what stands changes nothing.
        """
        ...

    def find_code(self, request_id: str) -> CodeRow | None:
        """Give a request, None when this kiosk never made it."""
        ...

    def open_codes(self, card: str, since: datetime) -> Sequence[CodeRow]:
        """Give the open requests of a card's tag made since a moment, newest first."""
        ...

    def accepted_codes(self) -> Sequence[CodeRow]:
        """Give those whose code was right and that nothing has taken up yet, oldest first."""
        ...

    def code_use(self, since: datetime) -> CodeUse:
        """Give how many requests were made since a moment, and their sum."""
        ...


class LostCards(Protocol):
    """The territory's list of lost cards, and those that this kiosk has blocked itself."""

    def current(self) -> Blocklist | None:
        """Give the list with what was blocked here; None when there is none to be believed."""
        ...

    def block(self, tag: str, *, at: datetime, by: str) -> None:
        """Block a card here at once, durably, and tell the hub; raises StorageFull.

        ``by`` is the staff badge's tag; a card that is blocked already stays as it was.
        """
        ...


class HubLoads(Protocol):
    """The loads that the hub holds for cards: paid elsewhere, written where the card is laid."""

    def any(self) -> bool:
        """Say whether any load waits."""
        ...

    def of(self, card: str) -> Sequence[HubLoad]:
        """Give the loads that wait for a card's tag, the lowest number first."""
        ...


class PinStore(Protocol):
    """The PINs of staff and holders. Every write is durable on return."""

    def find_pin(self, subject: str) -> PinRecord | None:
        """Give the record kept for a badge's or card's tag, None when there is none."""
        ...

    def save_pin(self, record: PinRecord) -> None:
        """Persist a record in the place of an older one; raises StorageFull."""
        ...


class TransferJournal(Protocol):
    """The journal of balances that move from lost cards. Every write is durable on return."""

    def save_transfer(self, transfer: TransferRow) -> None:
        """Persist a transfer; raises StorageFull, MoveDisputed when the balance moved already."""
        ...

    def book_transfer(self, transfer: TransferRow, *, at: datetime) -> int:
        """Write entry, legs and state in one transaction; gives the entry's sequence.

        A transfer that is booked already keeps its entry. Raises StorageFull.
        """
        ...

    def open_transfers(self, card: str) -> Sequence[TransferRow]:
        """Give the transfers to a new card that aren't ended, oldest first."""
        ...


class ClosingJournal(Protocol):
    """The journal's closings (kiosk.domain.closing). Every write is durable on return."""

    def last_closing(self, period: Period) -> Closing | None:
        """Give the last closing of a period, None before the first; raises LedgerTampered."""
        ...

    def last_entry(self) -> int:
        """Give the last entry's sequence, 0 for none."""
        ...

    def last_booked(self) -> datetime | None:
        """Give when the last entry was booked, None for none."""
        ...

    def close_period(self, period: Period, name: str, *, at: datetime) -> Closing:
        """Close what is open of a period, signed; raises StorageFull, LedgerTampered."""
        ...


class TillJournal(Protocol):
    """The journal of the staff's till (kiosk.domain.till). Every write is durable on return.

    Reading raises LedgerTampered when the chain says otherwise.
    """

    def till(self) -> Till:
        """Give the till as its events leave it."""
        ...

    def session(self, number: int) -> Sequence[TillEvent]:
        """Give a session's events, its opening first; [] for none."""
        ...

    def event(self, number: int) -> TillEvent | None:
        """Give one event, None when there is none."""
        ...

    def taken(self, kind: TillKind, topup: str) -> TillEvent | None:
        """Give how a top-up's money was received, None when it wasn't."""
        ...

    def given_back(self, topup: str) -> bool:
        """Say whether a top-up's money was given back, or its receipt reversed."""
        ...

    def record(self, event: TillEvent) -> TillEvent:
        """Write an event with its entry, in one transaction.

        Raises TillFrozen when the till has moved on since it was decided, ReversalRefused for a
        second reversal, StorageFull.
        """
        ...

    def owed(self) -> Sequence[MoveRow]:
        """Give what was taken off cards to be handed out and isn't yet, oldest first."""
        ...

    def manual(self) -> Sequence[TopupRow]:
        """Give the top-ups that staff must settle, those whose money waits at the till too."""
        ...

    def on_cards(self) -> Money:
        """Give what stands on all cards, by this journal."""
        ...

    def in_suspense(self) -> Money:
        """Give what no account could take yet; negative: received and not loaded."""
        ...


class CardIssuer(Protocol):
    """Makes blank cards the territory's; the keys stay behind it."""

    def issue(self, card: NewCard) -> CardFace:
        """Personalise the blank card that lies on the reader, whole or not at all.

        Raises CardForeign when it isn't a blank card, CardPulled (lay it again), ReaderAbsent.
        """
        ...


class Library(Protocol):
    """The library's system, for one reader at a time; nothing of it is kept."""

    def loans(self, reader: LibraryReader) -> Sequence[Loan]:
        """Give the reader's loans, soonest due first, at most LOANS_MAX.

        Raises LoanRefused (unknown reader, wrong PIN), LibraryUnavailable.
        """
        ...

    def renew(self, reader: LibraryReader, item: str) -> Loan:
        """Renew one loan; gives it with its new date. Raises LoanRefused, LibraryUnavailable."""
        ...
