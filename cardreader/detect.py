"""Says what lies on the reader, by its ATR and two SELECTs, and opens its session.

Rules, in order:
1. What answers 91 00 to the SELECT of our application is a purse card.
2. What answers 91 xx is somebody else's DESFire card: a badge, by its UID.
3. A storage card (PC/SC part 3: A0 00 00 03 06 SS NN NN in the ATR) is a badge. The ATR comes
   late, because pcscd keeps the old one when cards are swapped between two of its looks.
4. What has the NDEF application (a Type 4 tag) is a badge.
5. All else (a bank card, a phone, an identity card) is foreign: nothing more is asked of it, so
   no number of it is ever read.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from cardreader.apdu import unwrap, wrap
from cardreader.badge import BadgeIdentity, BadgeSession, read_tag2, read_tag4, read_uid
from cardreader.desfire.constants import Ins
from cardreader.session import Answering
from cardreader.transport import Transport
from kiosk.domain.errors import CardForeign
from kiosk.ports import CardSession

OpenPurse: TypeAlias = Callable[[Transport], CardSession]

STORAGE = bytes.fromhex("A000000306")  # PC/SC's registered identifier, before SS NN NN
SS_14443_3A = 0x03
TYPE_2_NAMES = (0x0003, 0x003A)  # Ultralight (NTAG too) and Ultralight C: readable without a key


def storage_name(atr: bytes) -> tuple[int, int] | None:
    """Give the standard SS and the card name NNNN of a storage card's ATR, None for others."""
    at = atr.find(STORAGE)
    told = atr[at + len(STORAGE) : at + len(STORAGE) + 3] if at >= 0 else b""
    return (told[0], int.from_bytes(told[1:], "big")) if len(told) == 3 else None


def select(aid: bytes) -> bytes:
    """Give the APDU that selects a DESFire application (``aid`` as it travels, 3 bytes)."""
    return wrap(Ins.SELECT_APPLICATION, aid)


def session_of(transport: Transport, atr: bytes, *, aid: bytes, purse: OpenPurse) -> CardSession:
    """Open the session of what lies there; raises CardPulled, ReaderAbsent."""
    found = unwrap(transport.transmit(select(aid)))
    if found.ok:
        return purse(transport)
    if found.native:
        return BadgeSession(lambda: BadgeIdentity(uid=read_uid(transport)))
    if (name := storage_name(atr)) is not None:
        type_2 = name[0] == SS_14443_3A and name[1] in TYPE_2_NAMES
        return BadgeSession(lambda: _storage(transport, type_2=type_2))
    text = read_tag4(transport)
    if text is None:
        return Answering(CardForeign("not a daily-life card"))
    return BadgeSession(lambda: BadgeIdentity(uid=read_uid(transport), text=text))


def _storage(transport: Transport, *, type_2: bool) -> BadgeIdentity:
    uid = read_uid(transport)
    return BadgeIdentity(uid=uid, text=read_tag2(transport) if type_2 else "")
