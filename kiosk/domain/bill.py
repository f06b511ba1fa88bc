"""A bill of the régie (canteen, library fine, water…), as it is printed and as it is paid.

Rules (ADR 0022):

1. Only bills of the territory's own issuers are taken. An issuer is its six digits, as printed
   ("identifiant de la collectivité"; PayFiP's ``numcli``).
2. A reference has REFERENCE_MIN to REFERENCE_MAX capitals and digits (PayFiP's ``refdet``); the
   blanks, dots, dashes and slashes of the paper, and small letters, don't count.
3. A bill is paid whole: from BILL_LEAST (PayFiP's least) to its issuer's own most, at most
   BILL_MOST: a larger one isn't for a street kiosk, and no sum above it is put in words.
4. A bill is its issuer and its reference: it is paid once, whoever pays and wherever.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from kiosk.domain.errors import AmountRefused, BillUnknown, ReferenceRefused
from kiosk.domain.money import Money
from kiosk.domain.record import Localised

REFERENCE_MIN, REFERENCE_MAX = 6, 30
BILL_LEAST, BILL_MOST = Money(100), Money(100_000)
TYPED_MAX = 40  # characters of a reference as it is typed, dashes and all
_ISSUER = re.compile(r"\d{6}", re.ASCII)
_REFERENCE = re.compile(rf"[A-Z0-9]{{{REFERENCE_MIN},{REFERENCE_MAX}}}", re.ASCII)
_OF_PAPER = re.compile(r"[\s./–-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """Who sends bills: its printed number, the service that earns, its name, its largest bill."""

    number: str
    service: str
    title: Localised
    most: Money = BILL_MOST
    demo: bool = False

    def __post_init__(self) -> None:
        if not _ISSUER.fullmatch(self.number) or not BILL_LEAST <= self.most <= BILL_MOST:
            msg = f"not an issuer of bills: {self.number!r}, at most {self.most.cents} cents"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class BillOrder:
    """A bill that is paid, whole; ``service`` is who earns it, its sum is the payment's."""

    issuer: str
    reference: str
    service: str = ""

    def __post_init__(self) -> None:
        if not _ISSUER.fullmatch(self.issuer) or not _REFERENCE.fullmatch(self.reference):
            msg = f"not a bill: {self.issuer!r} {self.reference!r}"
            raise ValueError(msg)

    @property
    def key(self) -> str:
        """What names it everywhere: no two payments of one key (rule 4)."""
        return f"{self.issuer}:{self.reference}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuers:
    """The territory's issuers of bills, by number."""

    issuers: Mapping[str, Issuer] = field(default_factory=dict[str, Issuer])

    @classmethod
    def of(cls, issuers: Iterable[Issuer]) -> Issuers:
        """Make the list; a number stands once."""
        return cls(issuers={one.number: one for one in issuers})

    def issuer(self, number: str) -> Issuer:
        """Give an issuer; raises BillUnknown."""
        found = self.issuers.get(number)
        if found is None:
            raise BillUnknown("no issuer of bills has this number here")
        return found

    def order(self, number: str, typed: str, amount: Money) -> BillOrder:
        """Give the bill as it is paid; raises BillUnknown, ReferenceRefused, AmountRefused."""
        issuer, reference = self.issuer(number), reference_of(typed)
        if not BILL_LEAST <= amount <= issuer.most:
            raise AmountRefused(
                f"{amount.cents} cents: a bill is {BILL_LEAST.cents} to {issuer.most.cents} cents"
            )
        return BillOrder(issuer=number, reference=reference, service=issuer.service)


def reference_of(typed: str) -> str:
    """Give a reference as it is kept, however it was typed; raises ReferenceRefused."""
    reference = _OF_PAPER.sub("", typed).upper()
    if not _REFERENCE.fullmatch(reference):
        raise ReferenceRefused(f"a reference has {REFERENCE_MIN} to {REFERENCE_MAX} signs")
    return reference
