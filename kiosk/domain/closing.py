"""Closings (Z) of the journal by day, month and year: totals, canonical bytes, chain, signature.

Rules (MONEY.md, "The ledger"):

1. A closing of a period covers every entry since the last closing of the same period, whatever the
   clock said: no entry is left out, none counts twice. It is named for the local date on which it
   is made; a name may come twice, numbers never.
2. A month closes on a day's end and a year on a month's: the smaller period is closed first when
   entries are open in it, so that days add up to their month.
3. Closings are numbered from 1 without gaps, across the periods. Their canonical bytes are UTF-8
   text, one field a line, each line ended by LF::

       ALV-CLOSING-1
       <number>
       <period: day, month or year>
       <name>
       <UTC moment, YYYY-MM-DDTHH:MM:SS.ffffffZ>
       <first entry>
       <last entry; first - 1 when there is none>
       <hash of the last entry, hex; zeros before the first>
       <total of the period, cents>
       <perpetual total, cents>
       <balance of suspense, cents>
       account <name> <moved in the period> <balance>                  (one line each, by name)
       kind <name> <entries> <debits> <entries ever> <debits ever>     (one line each, by name)

   A total is a sum of debits: it never goes down, a reversal adds to it.
4. ``hash = SHA-256(previous closing's hash ‖ canonical bytes)``, 32 zero bytes before the first.
   The device's key signs ``ALV-CLOSING-1``, LF and that hash (Ed25519, RFC 8032).
5. ``suspense`` must be zero; when it isn't, the closing is made all the same and says so.
6. A clock that stands before the last closing's is told, never corrected.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal, TypeAlias

from kiosk.domain.errors import LedgerTampered
from kiosk.domain.ledger import GENESIS, Account, moment

Period: TypeAlias = Literal["day", "month", "year"]
PERIODS: tuple[Period, ...] = ("day", "month", "year")  # the smallest first
MAGIC = "ALV-CLOSING-1"
_HEADER_LINES = 11
_NAME_LENGTHS: Mapping[Period, int] = {"day": 10, "month": 7, "year": 4}  # of 2026-11-30


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Entries of one kind, and the cents that they debit."""

    entries: int = 0
    cents: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What all entries up to ``last`` add up to, accounts by their balance (a debit is positive).

    ``head`` is the hash of the last entry; a standing that was read back from a closing's bytes
    as the one before it has none.
    """

    last: int = 0
    head: bytes = GENESIS
    accounts: Mapping[str, int] = field(default_factory=dict[str, int])
    kinds: Mapping[str, Tally] = field(default_factory=dict[str, Tally])

    @property
    def cents(self) -> int:
        """The perpetual total: the sum of all debits."""
        return sum(tally.cents for tally in self.kinds.values())

    def then(
        self, last: int, head: bytes, *, moved: Mapping[str, int], met: Mapping[str, Tally]
    ) -> Standing:
        """Give the standing at entry ``last`` after what the entries since have moved."""
        return Standing(
            last=last,
            head=head,
            accounts={
                name: self.accounts.get(name, 0) + moved.get(name, 0)
                for name in self.accounts.keys() | moved.keys()
            },
            kinds={
                name: Tally(
                    entries=self.tally(name).entries + met.get(name, Tally()).entries,
                    cents=self.tally(name).cents + met.get(name, Tally()).cents,
                )
                for name in self.kinds.keys() | met.keys()
            },
        )

    def tally(self, kind: str) -> Tally:
        """Give the entries of a kind ever."""
        return self.kinds.get(kind, Tally())


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """A closing: how everything stood before its first entry, and how it stands now."""

    number: int
    period: Period
    name: str
    at: datetime  # aware
    since: Standing
    now: Standing

    @property
    def first(self) -> int:
        """The first entry that it covers."""
        return self.since.last + 1

    @property
    def entries(self) -> int:
        """How many entries it covers."""
        return self.now.last - self.since.last

    @property
    def cents(self) -> int:
        """The period's total: the sum of its debits."""
        return self.now.cents - self.since.cents

    @property
    def suspense(self) -> int:
        """The cents that no account could take; must be zero (rule 5)."""
        return self.now.accounts.get(Account.SUSPENSE, 0)

    def moved(self, account: str) -> int:
        """Give the cents that the period moved on an account."""
        return self.now.accounts.get(account, 0) - self.since.accounts.get(account, 0)

    def tally(self, kind: str) -> Tally:
        """Give the period's entries of a kind."""
        now, since = self.now.tally(kind), self.since.tally(kind)
        return Tally(entries=now.entries - since.entries, cents=now.cents - since.cents)


def name_of(period: Period, day: date) -> str:
    """Give a period's name on a local day: 2026-11-30, 2026-11 or 2026."""
    return day.isoformat()[: _NAME_LENGTHS[period]]


def canonical(closing: Closing) -> bytes:
    """Give the bytes that the chain covers (rule 3)."""
    now = closing.now
    lines = [
        MAGIC,
        f"{closing.number}",
        closing.period,
        closing.name,
        moment(closing.at),
        f"{closing.first}",
        f"{now.last}",
        now.head.hex(),
        f"{closing.cents}",
        f"{now.cents}",
        f"{closing.suspense}",
    ]
    lines += [
        f"account {name} {closing.moved(name)} {balance}"
        for name, balance in sorted(now.accounts.items())
    ]
    for name, ever in sorted(now.kinds.items()):
        tally = closing.tally(name)
        lines.append(f"kind {name} {tally.entries} {tally.cents} {ever.entries} {ever.cents}")
    return "".join([f"{line}\n" for line in lines]).encode()


def read(content: bytes) -> Closing:
    """Give the closing of these canonical bytes; raises LedgerTampered when they are none."""
    try:
        lines = content.decode().split("\n")
        closing = _read(lines[1:_HEADER_LINES], lines[_HEADER_LINES:-1])
    except (ValueError, LookupError) as wrong:
        raise LedgerTampered(f"not a closing: {wrong}") from wrong
    if canonical(closing) != content:
        raise LedgerTampered(f"closing {closing.number} contradicts itself")
    return closing


def to_sign(digest: bytes) -> bytes:
    """Give what the device's key signs for a closing's hash (rule 4)."""
    return f"{MAGIC}\n".encode() + digest


def _read(header: Sequence[str], totals: Sequence[str]) -> Closing:
    number, period, name, at, first, last, head, *_ = header
    if period not in PERIODS:
        raise ValueError(period)
    balances, moved = dict[str, int](), dict[str, int]()
    kinds, met = dict[str, Tally](), dict[str, Tally]()
    for line in totals:
        what, key, *words = line.split(" ")
        numbers = [int(word) for word in words]
        if what == "account":
            moved[key], balances[key] = numbers
        else:
            met[key] = Tally(entries=numbers[0], cents=numbers[1])
            kinds[key] = Tally(entries=numbers[2], cents=numbers[3])
    now = Standing(last=int(last), head=bytes.fromhex(head), accounts=balances, kinds=kinds)
    since = Standing(
        last=int(first) - 1,
        accounts={key: balances[key] - moved[key] for key in balances},
        kinds={
            key: Tally(
                entries=kinds[key].entries - met[key].entries,
                cents=kinds[key].cents - met[key].cents,
            )
            for key in kinds
        },
    )
    return Closing(
        number=int(number),
        period=period,
        name=name,
        at=datetime.fromisoformat(at),
        since=since,
        now=now,
    )
