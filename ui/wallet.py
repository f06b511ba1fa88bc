"""What the screens know of the card on the reader and of its top-up: one frozen value a visit.

Rules:
1. ``reading`` is there only while its card lies on the reader: lifting hides the private part.
2. Of a card's number only its last four characters are ever kept here after the card has left.
3. ``draft`` is what was typed on the number pad: euros, a comma, at most two digits of cents.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import datetime

from kiosk.domain.money import Money
from kiosk.domain.payment import SIMULATOR, TopupLimits
from kiosk.domain.product import FULL
from kiosk.usecases.read_card import CardReading
from kiosk.usecases.reload_progress import Progress

ERASE = "erase"
_DRAFT = re.compile(r"|[1-9]\d{0,2}(,\d{0,2})?|0(,\d{0,2})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What was given of the receipt of the journal's ``entry``.

    ``copies``: how many were given; ``busy``: one is being made; ``problem``: the message key of
    what went wrong; ``printed``: the last one came out on paper; ``lines`` and ``qr``: what is
    shown for the phone.
    """

    entry: int
    copies: int = 0
    busy: bool = False
    problem: str = ""
    printed: bool = False
    lines: tuple[str, ...] = ()
    qr: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Basket:
    """What a visitor without a card is choosing: an entry, its tariff, how many people."""

    product: int
    tariff: str = FULL
    persons: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class BillDraft:
    """A bill as it is copied from its paper: the issuer's number, and what was typed so far.

    ``step`` is what is typed or shown now: reference, sum or check.
    """

    issuer: str
    reference: str = ""
    euros: str = ""
    step: str = "reference"


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeWait:
    """A payment by an offline code that is under way.

    ``url`` is what ``qr`` leads to, ``host`` its domain; ``until`` the end of the visible clock,
    ``valid_until`` the code's; ``typing``: the pad is shown; ``digits`` what was typed; ``problem``
    a message key; ``left`` how many tries are left; ``end``: "" or how it ended (late, pending,
    closed).
    """

    id: str
    amount: Money
    url: str
    qr: str
    host: str
    short: str
    left: int
    until: datetime
    valid_until: datetime
    typing: bool = False
    digits: str = ""
    problem: str = ""
    busy: bool = False
    end: str = ""

    @property
    def ready(self) -> bool:
        """Whether all digits are typed and none are being compared."""
        from kiosk.domain.reload_code import CODE_LEN

        return len(self.digits) == CODE_LEN and not self.busy


@dataclass(frozen=True, slots=True, kw_only=True)
class Wallet:
    """The visit's card and money.

    ``reader``: there is one; ``lying``: something lies on it; ``problem``: the message key of
    what is wrong with it; ``closed``: the message key of why no money is taken here, "" when it
    is; ``busy``: an answer is awaited; ``pad``: a free sum is being typed; ``counter``: the
    citizen asked how to pay at the counter; ``receipt``: how it is wished ("", print, qr),
    ``given_receipt`` what was given of it; ``printer``: there is one;
    ``simulated``: card and payment are the demo's; ``provider`` is who takes the money, "" where
    that isn't known; ``basket`` is what is bought without a card, ``bill`` the bill to be paid;
    ``codes``: an offline code may be asked for, ``code`` the one under way, ``awaited`` one that
    this card asked for before.
    """

    reader: bool = True
    lying: bool = False
    reading: CardReading | None = None
    problem: str = ""
    last_four: str = ""
    masked: bool = False
    limits: TopupLimits = field(default_factory=TopupLimits)
    closed: str = ""
    draft: str = ""
    pad: bool = False
    busy: bool = False
    progress: Progress | None = None
    counter: bool = False
    receipt: str = ""
    given_receipt: Given | None = None
    printer: bool = False
    simulated: bool = False
    provider: str = ""
    codes: bool = False
    code: CodeWait | None = None
    awaited: CodeWait | None = None
    basket: Basket | None = None
    bill: BillDraft | None = None

    @property
    def orders(self) -> bool:
        """Whether what is paid, or was, is an order without a card."""
        return self.progress is not None and self.progress.row.order is not None

    @property
    def sells_ticket(self) -> bool:
        """Whether what is paid, or was, is an entry without a card."""
        return self.progress is not None and self.progress.row.ticket_order is not None

    @property
    def pays_bill(self) -> bool:
        """Whether what is paid, or was, is a bill."""
        return self.progress is not None and self.progress.row.bill is not None

    @property
    def in_flight(self) -> bool:
        """Whether a payment is under way: idle must not wipe the visit."""
        if self.code is not None:
            return not self.code.end
        return self.progress is not None and not self.progress.ended

    @property
    def receipt_shown(self) -> bool:
        """Whether the last top-up has ended, and only its receipt is still shown."""
        return self.progress is not None and self.progress.ended

    @property
    def given(self) -> Given | None:
        """What was given of the receipt of the top-up that is shown, None before the first."""
        given, progress = self.given_receipt, self.progress
        if given is None or progress is None or given.entry != progress.row.entry:
            return None
        return given

    @property
    def amount(self) -> Money | None:
        """The sum that is chosen or typed, None when there is none or the card forbids it."""
        sum_ = sum_of(self.draft)
        return sum_ if sum_ is not None and self.refusal(sum_) == "" else None

    def refusal(self, sum_: Money) -> str:
        """Give the message key of why ``sum_`` can't be loaded on this card, "" when it can."""
        if self.reading is None:
            return ""
        if not self.limits.least <= sum_ <= self.limits.most:
            return "amount.refused"
        return "" if sum_ <= self.reading.room else "purse.full"

    def lifted(self) -> Wallet:
        """Give what is left when the card leaves: nothing private."""
        return replace(self, lying=False, reading=None, problem="", masked=False, awaited=None)

    def forgotten(self) -> Wallet:
        """Give what is left when the visit ends: what the kiosk itself is, and the reader's."""
        return Wallet(
            reader=self.reader,
            lying=self.lying,
            limits=self.limits,
            closed=self.closed,
            printer=self.printer,
            simulated=self.simulated,
            provider=self.provider,
            codes=self.codes,
        )

    def taken_by(self, provider: str) -> Wallet:
        """Give the wallet once it is known who takes the money; "" changes nothing."""
        if not provider:
            return self
        return replace(self, provider=provider, simulated=provider == SIMULATOR)

    def typed(self, key: str) -> Wallet:
        """Give the wallet after a key of the number pad; keys that don't fit change nothing."""
        return replace(self, draft=typed_sum(self.draft, key))


def typed_sum(draft: str, key: str) -> str:
    """Give a draft after a key of the number pad; keys that don't fit change nothing."""
    after = draft[:-1] if key == ERASE else draft + key
    if after == "00":
        after = "0"
    return after if _DRAFT.fullmatch(after) else draft


def sum_of(draft: str) -> Money | None:
    """Read a typed sum; None for an empty one or nothing at all."""
    euros, _, cents = draft.partition(",")
    if not euros:
        return None
    total = int(euros) * 100 + int(cents.ljust(2, "0") or "0")
    return Money(total) if total else None


def draft_of(sum_: Money) -> str:
    """Give a sum as it would be typed."""
    euros, cents = divmod(sum_.cents, 100)
    return f"{euros},{cents:02d}" if cents else str(euros)
