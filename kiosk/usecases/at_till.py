"""What every act at the till is done with, and who stands behind it."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.domain.till import Hands
from kiosk.domain.till_rules import TillRules
from kiosk.ports import Clock, TillJournal
from kiosk.usecases.identify_staff import Staff


@dataclass(frozen=True, slots=True, kw_only=True)
class AtTill:
    """The till's journal, the régie's limits and the time."""

    journal: TillJournal
    rules: TillRules
    clock: Clock


def hands_of(staff: Staff, second: Staff | None = None) -> Hands:
    """Give who stands behind an act: both have laid their badge and typed their PIN."""
    people = (staff,) if second is None else (staff, second)
    return Hands(
        by=staff.tag,
        second="" if second is None else second.tag,
        manager=any(one.role == "manager" for one in people),
    )
