"""Opens an account's data for its holder: the card that lies there, and its holder's PIN.

The card alone shows what stands on it; what the hub keeps about the account asks for the PIN.
"""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.domain.errors import StaffOnly
from kiosk.domain.purse import CardFace, card_tag
from kiosk.ports import CardSession, Clock, PinStore
from kiosk.usecases.check_pin import check_pin


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAccount:
    """An account that its holder has opened; wiped with the visit."""

    tag: str
    face: CardFace


def open_account(
    session: CardSession, pin: str, *, pins: PinStore, clock: Clock, card_key: bytes
) -> OpenAccount:
    """Give the opened account; raises what check_pin raises, CardPulled, CardForeign."""
    face = session.read()
    tag = card_tag(face.number, card_key)
    record = check_pin(pins, tag, pin, now=clock.now())
    if record.role != "holder":
        raise StaffOnly("a staff badge is no account")
    return OpenAccount(tag=tag, face=face)
