"""What the daily-life card's files can hold (CARD.md), apart from what stands in them.

A territory's pack is checked against it before the first frame.
"""

from __future__ import annotations

from kiosk.domain.money import Money

PURSE_MAX = Money(15_000)  # file 02: 0…15 000 cents
BOOK_MAX = 100  # file 03: 0…100 entries
SLOTS_MAX = 8  # memberships and passes on a card, file 04
NUMBER_MAX = 16  # file 00
LOG_MAX = 10  # operations that the cyclic log keeps, file 05
