"""The tree of the errors that the kiosk declares.

::

    AlveoleError
    ├── Refused            the citizen or the agent can act
    │   ├── InputRefused   a file, an option or a field is wrong (exit 2 on the command line)
    │   ├── AmountRefused  the sum is outside the territory's limits
    │   ├── CurrencyRefused money that isn't euro
    │   ├── HoursNotUnderstood opening hours that are shown as they were written
    │   ├── CardForeign    not a daily-life card
    │   ├── CardAbsent     nothing lies on the reader
    │   ├── CardBlocked    on the territory's blocklist
    │   ├── CardExpired    validity over
    │   ├── CardsTwo       two cards at once
    │   ├── OtherCard      another card than the one that began the operation
    │   ├── PaymentDeclined the bank or the citizen said no
    │   ├── PaymentUnknown the payment side knows no such payment
    │   ├── CodeForeign    not a signed code of this territory
    │   ├── CodeWrong      not the code of this request; ``left`` tries remain
    │   ├── CodeClosed     too many wrong codes: the request takes none any more
    │   ├── CodeExpired    the request or its code is too old
    │   ├── CounterCodeWrong not a code that a kiosk gives for the counter
    │   ├── TicketUnknown  no paid ticket of that number in this journal
    │   ├── BillUnknown    nobody here sends such a bill
    │   ├── ReferenceRefused a bill's reference that no paper bears
    │   ├── BillPaid       this bill is paid: it isn't paid again
    │   ├── BillBusy       this bill is being paid somewhere
    │   ├── PaperOut       the printer has no paper left
    │   ├── ProviderRefused the bank refuses the hub itself: key, rights or set-up
    │   ├── WebhookStale   a notification that is too old, or from the future
    │   ├── TillClosed     cash and cheques need an open till session
    │   ├── TillOpen       a till session is open already
    │   ├── TillFrozen     the till is counted, or being checked
    │   ├── TillOther      another person holds the till
    │   ├── DrawerFull     more cash than the drawer may hold
    │   ├── DrawerShort    the drawer doesn't hold what is taken out
    │   ├── SecondNeeded   two people, one of them a manager, must stand behind this
    │   ├── ReversalRefused an entry that can't be undone, or was
    │   ├── PurseFull      the load would pass the purse's ceiling
    │   ├── PurseEmpty     the purse or the book doesn't hold enough
    │   ├── ProductUnknown not on the territory's list
    │   ├── LimitReached   past what a card or a kiosk may take without the network
    │   ├── MoveDisputed   an earlier movement of the card needs staff
    │   ├── TransferTooSoon the lost card could still be debited somewhere
    │   ├── PinRefused     a wrong PIN; ``left`` tries remain
    │   ├── PinLocked      too many wrong PINs, until a moment
    │   ├── StaffOnly      the badge's holder may not do this
    │   ├── NothingThere   the hub has nothing of that name, or not for the caller
    │   ├── SignatureRefused a request that isn't signed, or not by who it says
    │   ├── DeviceRevoked  the hub has shut this device out
    │   ├── LicenceEnded   the hub wasn't reached for too long: no money moves
    │   ├── ClockSetBack   the machine's clock stands before the journal: no money moves
    │   ├── EnrolmentRefused people have refused this kiosk, or nobody has let it in in time
    │   ├── AddressRefused an address that a hub doesn't fetch from
    │   ├── LoanRefused    the library says no: its reason is for its desk
    │   ├── ReportPersonal words of a report that say who reports
    │   ├── ReportsTooMany more reports than a kiosk sends in an hour
    │   ├── PeriodClosed   nothing was booked since the period was closed
    │   ├── FeedRefused    what the hub publishes can't be taken: the data that are there stay
    │   └── CardFull       no slot is left for one more membership or pass
    ├── Unavailable        try again
    │   ├── CardPulled     the card left the reader during the operation
    │   ├── ReaderAbsent   no reader, or it is stuck
    │   ├── KeyAbsent      the operation needs a card key that isn't held here
    │   ├── CardKeysAwaited the hub has given this kiosk no card keys yet, or no more
    │   ├── CreditSpent    the secure module's ceiling on credit is reached
    │   ├── DataAbsent     the dataset never arrived, or can't be opened
    │   ├── PaymentUnavailable no answer from the payment side
    │   ├── PrinterUnavailable no printer, or it doesn't take the receipt
    │   ├── LedgerBusy     another process writes the journal
    │   ├── BlocklistOld   the list of lost cards is too old: cards are only read
    │   ├── SourceUnavailable no answer from a source of open data
    │   ├── LibraryUnavailable no answer from the library's system
    │   ├── HubUnavailable no answer from the hub
    │   ├── BlobDamaged    bytes that aren't those of their name: fetched again
    │   └── StorageFull    not enough room to write money safely
    └── Tampered           never retry
        ├── CodeTampered   a signed code whose signature doesn't hold
        ├── CardTampered   the card's content contradicts itself or its keys
        ├── FeedForged     a manifest or an answer without the hub's signature
        ├── WebhookForged  a notification without the bank's signature
        └── LedgerTampered the journal's chain is broken

A base class is never raised. ``message_key`` names the sentence that the citizen
reads; every key has its sentence in every language (tested).
"""

from __future__ import annotations

from typing import ClassVar


class AlveoleError(Exception):
    """Root of the declared errors; anything else that reaches the top is a bug."""

    message_key: ClassVar[str] = ""


class Refused(AlveoleError):
    """The request can't be served as it stands; a person can act on it."""


class InputRefused(Refused):
    """An input from outside is wrong: ``what`` is wrong, ``where``, and what ``todo``."""

    message_key = "input.refused"

    def __init__(self, what: str, *, where: str = "", todo: str = "") -> None:
        super().__init__(what)
        self.what, self.where, self.todo = what, where, todo

    def __str__(self) -> str:
        """Give the one line that the command line prints."""
        place = f"{self.where}: " if self.where else ""
        advice = f" ({self.todo})" if self.todo else ""
        return f"{place}{self.what}{advice}"


class AmountRefused(Refused):
    """The sum is outside what the territory allows."""

    message_key = "amount.refused"


class CurrencyRefused(Refused):
    """Only euro is taken."""

    message_key = "currency.refused"


class HoursNotUnderstood(Refused):
    """Opening hours can't be understood: they are shown raw, never as closed."""

    message_key = "hours.not_understood"


class CardForeign(Refused):
    """The thing on the reader isn't a daily-life card."""

    message_key = "card.foreign"


class CardAbsent(Refused):
    """Nothing lies on the reader that could be asked."""

    message_key = "card.absent"


class CardBlocked(Refused):
    """The card is on the blocklist."""

    message_key = "card.blocked"


class CardExpired(Refused):
    """The card's validity is over."""

    message_key = "card.expired"


class CardsTwo(Refused):
    """Two cards lie on the readers: which one is meant can't be guessed."""

    message_key = "card.two"


class OtherCard(Refused):
    """Another card than the one that began the operation was laid."""

    message_key = "card.other"


class PaymentDeclined(Refused):
    """The bank refused or the citizen cancelled; nothing was taken."""

    message_key = "payment.declined"


class PaymentUnknown(Refused):
    """The payment side knows no such payment; staff must look."""

    message_key = "payment.unknown"


class CodeForeign(Refused):
    """What was scanned isn't a signed code of this territory."""

    message_key = "code.foreign"


class CodeWrong(Refused):
    """The typed code doesn't answer the request; ``left`` more tries are allowed."""

    message_key = "code.wrong"

    def __init__(self, left: int) -> None:
        super().__init__(f"wrong code, {left} tries left")
        self.left = left


class CounterCodeWrong(Refused):
    """What was typed isn't a code that a kiosk gives for paying at the counter."""

    message_key = "counter.code"


class TicketUnknown(Refused):
    """This journal has no paid ticket of that number."""

    message_key = "ticket.unknown"


class BillUnknown(Refused):
    """Nobody in this territory sends bills under that number."""

    message_key = "bill.unknown"


class ReferenceRefused(Refused):
    """What was typed can't be the reference of a bill."""

    message_key = "bill.reference"


class BillPaid(Refused):
    """This bill has been paid, here or elsewhere: it is never paid twice."""

    message_key = "bill.paid"


class BillBusy(Refused):
    """This bill is being paid, here or elsewhere, or staff are looking at its payment."""

    message_key = "bill.busy"


class CodeClosed(Refused):
    """Too many wrong codes: the request takes none any more; what was paid isn't lost."""

    message_key = "code.closed"


class CodeExpired(Refused):
    """The request is too old to be paid, or its code too old to be typed."""

    message_key = "code.expired"


class PaperOut(Refused):
    """The printer has no paper left; staff can put some in."""

    message_key = "printer.paper"


class ProviderRefused(Refused):
    """The bank refuses the hub's key, its rights or its set-up; an installer must look."""

    message_key = "provider.refused"


class WebhookStale(Refused):
    """A signed notification is too old or from the future: it may be a replay."""

    message_key = "webhook.stale"


class TillClosed(Refused):
    """Cash and cheques are taken only in an open till session."""

    message_key = "till.closed"


class TillOpen(Refused):
    """A till session is open already."""

    message_key = "till.open"


class TillFrozen(Refused):
    """The till is counted or being checked: no money moves."""

    message_key = "till.frozen"


class TillOther(Refused):
    """Another person holds the till: it is handed over first."""

    message_key = "till.other"


class DrawerFull(Refused):
    """The drawer would hold more cash than the régie allows: some is deposited first."""

    message_key = "till.drawer_full"


class DrawerShort(Refused):
    """The drawer doesn't hold what is to be taken out of it."""

    message_key = "till.drawer_short"


class SecondNeeded(Refused):
    """Two people, one of them a manager, must stand behind this."""

    message_key = "till.second"


class ReversalRefused(Refused):
    """The entry can't be undone: it isn't there, was undone, or its card was loaded."""

    message_key = "till.reversal"


class PurseFull(Refused):
    """The load would pass the purse's ceiling."""

    message_key = "purse.full"


class PurseEmpty(Refused):
    """The purse or the entry book doesn't hold what is asked for."""

    message_key = "purse.empty"


class CardFull(Refused):
    """Every slot for memberships and passes is taken."""

    message_key = "card.full"


class ProductUnknown(Refused):
    """The product isn't on the territory's list."""

    message_key = "product.unknown"


class LimitReached(Refused):
    """The card or the kiosk has taken all that it may without the network."""

    message_key = "card.limit"


class MoveDisputed(Refused):
    """The card can't say any more whether an earlier movement was done; staff decide."""

    message_key = "move.disputed"


class TransferTooSoon(Refused):
    """A kiosk with an older list could still debit the lost card; its balance waits."""

    message_key = "transfer.too_soon"


class PinRefused(Refused):
    """The PIN is wrong; ``left`` more tries are allowed."""

    message_key = "pin.refused"

    def __init__(self, left: int) -> None:
        super().__init__(f"wrong PIN, {left} tries left")
        self.left = left


class PinLocked(Refused):
    """Too many wrong PINs: none is compared for a while."""

    message_key = "pin.locked"


class StaffOnly(Refused):
    """This badge doesn't give the right to do this."""

    message_key = "staff.only"


class NothingThere(Refused):
    """The hub has nothing of that name, or the caller may not know of it."""

    message_key = "hub.nothing"


class SignatureRefused(Refused):
    """A request isn't signed, or its signature isn't that of an enrolled device."""

    message_key = "signature.refused"


class DeviceRevoked(Refused):
    """The hub has shut this device out; staff must enrol it again."""

    message_key = "device.revoked"


class LicenceEnded(Refused):
    """The hub wasn't reached for so long that the kiosk may move no money; information stays."""

    message_key = "licence.ended"


class ClockSetBack(Refused):
    """The machine's clock stands before what the journal holds; somebody must set it."""

    message_key = "clock.set_back"


class EnrolmentRefused(Refused):
    """The kiosk asked its hub to let it in, and was refused, or not answered in time."""

    message_key = "enrolment.refused"


class AddressRefused(Refused):
    """A source's address is private, or not one that a hub fetches from."""

    message_key = "address.refused"


class LoanRefused(Refused):
    """The library doesn't renew the loan, or doesn't know the reader."""

    message_key = "loan.refused"


class ReportPersonal(Refused):
    """A report's words hold an e-mail address or a telephone number."""

    message_key = "report.personal"


class ReportsTooMany(Refused):
    """This kiosk has sent as many reports as it may within a span."""

    message_key = "report.too_many"


class PeriodClosed(Refused):
    """Nothing was booked since this period's last closing."""

    message_key = "period.closed"


class FeedRefused(Refused):
    """What the hub publishes breaks a rule (older than seen, another territory's, malformed)."""

    message_key = "feed.refused"


class Unavailable(AlveoleError):
    """Nothing is wrong with the request; it may be tried again."""


class CardPulled(Unavailable):
    """The card left the reader before the operation was confirmed."""

    message_key = "card.pulled"


class ReaderAbsent(Unavailable):
    """No reader answers."""

    message_key = "reader.absent"


class KeyAbsent(Unavailable):
    """A card key that the operation needs isn't held by this device."""

    message_key = "card.key_absent"


class CardKeysAwaited(Unavailable):
    """The hub has given this kiosk no card keys yet, or has taken them back."""

    message_key = "card.keys_awaited"


class CreditSpent(Unavailable):
    """The secure module may credit no more before the hub refills its ceiling."""

    message_key = "card.credit_spent"


class DataAbsent(Unavailable):
    """The dataset isn't in the cache, or the cache can't be opened."""

    message_key = "data.absent"


class PaymentUnavailable(Unavailable):
    """The payment side doesn't answer; ``failed``: it answered that it broke (5xx).

    An answer of 5xx is kept under its idempotency key: asking again under it gives it again.
    """

    message_key = "payment.unavailable"

    def __init__(self, what: str, *, failed: bool = False) -> None:
        super().__init__(what)
        self.failed = failed


class PrinterUnavailable(Unavailable):
    """There is no printer, or it didn't take the whole receipt in time."""

    message_key = "printer.unavailable"


class LedgerBusy(Unavailable):
    """Another process writes the journal: it has one writer."""

    message_key = "ledger.busy"


class BlocklistOld(Unavailable):
    """The list of lost cards is missing or too old: nothing is debited until a newer one."""

    message_key = "blocklist.old"


class SourceUnavailable(Unavailable):
    """A source of open data doesn't answer, too slowly, or too much."""

    message_key = "source.unavailable"


class LibraryUnavailable(Unavailable):
    """The library's system doesn't answer."""

    message_key = "library.unavailable"


class HubUnavailable(Unavailable):
    """The hub doesn't answer; ``after_s``: how long it asked to be left alone."""

    message_key = "hub.unavailable"

    def __init__(self, what: str, *, after_s: float = 0) -> None:
        super().__init__(what)
        self.after_s = after_s


class BlobDamaged(Unavailable):
    """Bytes that aren't those of their name came, or too few; they are fetched again."""

    message_key = "feed.damaged"


class StorageFull(Unavailable):
    """Too little room is left on the disk to write money safely."""

    message_key = "storage.full"


class Tampered(AlveoleError):
    """Content contradicts its own proofs; never retried."""


class CodeTampered(Tampered):
    """A signed code was changed: its signature doesn't hold."""

    message_key = "code.tampered"


class CardTampered(Tampered):
    """The card's content contradicts itself or its keys."""

    message_key = "card.tampered"


class FeedForged(Tampered):
    """A manifest, a notice or an answer doesn't carry the signature of the hub we know."""

    message_key = "feed.forged"


class WebhookForged(Tampered):
    """A notification that doesn't carry the bank's signature."""

    message_key = "webhook.forged"


class LedgerTampered(Tampered):
    """The journal's chain or totals are broken."""

    message_key = "ledger.tampered"
