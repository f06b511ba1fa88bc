"""Money: whole cents of euro, never a float."""

from __future__ import annotations

from dataclasses import dataclass
from functools import total_ordering

CENTS_MAX = 100_000_000_00  # far above any sum a kiosk handles; catches unit mistakes


@total_ordering
@dataclass(frozen=True, slots=True)
class Money:
    """A sum in whole cents of euro; may be negative (a debit)."""

    cents: int

    def __post_init__(self) -> None:
        if type(self.cents) is not int or abs(self.cents) > CENTS_MAX:
            msg = f"not a sum in whole cents: {self.cents!r}"
            raise ValueError(msg)

    def __add__(self, other: Money) -> Money:
        return Money(self.cents + other.cents)

    def __sub__(self, other: Money) -> Money:
        return Money(self.cents - other.cents)

    def __neg__(self) -> Money:
        return Money(-self.cents)

    def __lt__(self, other: Money) -> bool:
        return self.cents < other.cents


def decimal(cents: int, point: str = ".") -> str:
    """Give whole cents as euros for other programs: no sign of the currency, no thousands."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}{point}{abs(cents) % 100:02d}"
