"""Identifies a member of staff by badge and PIN.

A badge alone proves nothing (a UID is an identifier, CARD.md); the PIN's tries are limited and
survive a restart; nothing of it is logged. The identity is a value that the visit's end forgets.
"""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.domain.errors import StaffOnly
from kiosk.domain.pin import Role
from kiosk.domain.purse import card_tag
from kiosk.ports import CardSession, Clock, PinStore
from kiosk.usecases.check_pin import check_pin


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """Who is at the counter: the badge's tag and the role."""

    tag: str
    role: Role

    def require(self, *roles: Role) -> None:
        """Refuse who has none of the roles; raises StaffOnly."""
        if self.role not in roles:
            raise StaffOnly(f"asked of {' or '.join(roles)}, this is {self.role}")


def identify_staff(
    session: CardSession, pin: str, *, pins: PinStore, clock: Clock, card_key: bytes
) -> Staff:
    """Give who has laid the badge; raises what check_pin raises, CardPulled and StaffOnly."""
    tag = card_tag(session.read().number, card_key)
    record = check_pin(pins, tag, pin, now=clock.now())
    staff = Staff(tag=tag, role=record.role)
    staff.require("agent", "manager")
    return staff
