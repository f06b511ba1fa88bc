"""The limits of a régie's till: a territory's, read before the first frame, apart from its acts."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.domain.money import Money

# What a régie that says nothing allows: docs/add-a-territory.md, [money].
CASH_MAX, CHEQUE_MAX, DRAWER_MAX = Money(30_000), Money(100_000), Money(100_000)
REFUND_TWO, DIFFERENCE_TWO, FLOAT_MAX = Money(5_000), Money(1_000), Money(100_000_000)
_NOTHING = Money(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class TillRules:
    """A régie's limits (``[money]`` of pack.toml).

    ``float_max`` is the threshold of what stands on all cards (a limited network's, article
    L. 525-6 of the code monétaire et financier; notified to the ACPR above it); the meter alarms
    at ``float_alarm_pct`` of it.
    """

    cash_max: Money = CASH_MAX
    cheque_max: Money = CHEQUE_MAX
    drawer_max: Money = DRAWER_MAX
    refund_two: Money = REFUND_TWO
    difference_two: Money = DIFFERENCE_TWO
    float_max: Money = FLOAT_MAX
    float_alarm_pct: int = 80

    def __post_init__(self) -> None:
        sums = (self.cash_max, self.cheque_max, self.drawer_max, self.refund_two, self.float_max)
        if min(sums) <= _NOTHING or self.difference_two < _NOTHING:
            raise ValueError("a till's limits are sums above zero")
        if not 0 < self.float_alarm_pct <= 100:
            raise ValueError(f"not a percentage: {self.float_alarm_pct}")

    def float_pct(self, on_cards: Money) -> int:
        """Give the per cent of the threshold that stand on cards, rounded down."""
        return on_cards.cents * 100 // self.float_max.cents

    def alarms(self, on_cards: Money) -> bool:
        """Say whether the meter alarms."""
        return self.float_pct(on_cards) >= self.float_alarm_pct
