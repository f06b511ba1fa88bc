"""A citizen's report to the council: what, where, in which words, and how it is followed.

Rules:
1. Nothing in it says who reports: no name is asked for, and words with an e-mail address or a
   telephone number are refused. What is left is what one sees on the road.
2. The code that the citizen takes away is all that finds the report again. It is drawn at random
   (40 bits), says nothing, and has no signs that look alike.
3. A kiosk sends at most REPORTS_MAX in REPORTS_SPAN: a bored child can't flood the town hall.
4. The vocabulary below is the kiosk's and the hub's alike.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from kiosk.domain.errors import InputRefused, ReportPersonal
from kiosk.domain.record import Localised
from kiosk.domain.text import clean_line, fold

SENT: Final = "report.sent"  # the event that tells a report to the hub
FOLLOWED: Final = "suivi-signalements"  # the dataset that tells how reports stand
REPORTS_MAX: Final = 10
REPORTS_SPAN: Final = timedelta(hours=1)
TEXT_MAX: Final = 240
PLACE_MAX: Final = 120
TOKEN_BYTES: Final = 5
_SIGNS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # 32, without I, O, 0 and 1
_HALF: Final = 4
_CODE: Final = re.compile(f"[{_SIGNS}]{{{_HALF}}}-[{_SIGNS}]{{{_HALF}}}")
# an address, or nine digits and more that blanks, dots or dashes may part
_PERSONAL: Final = re.compile(r"\S@\S|\+?\d(?:[ .\-/]?\d){8}")


class Category(StrEnum):
    """What may be reported; the hub counts a word that it doesn't know as ``OTHER``."""

    ROAD = "road"
    LIGHT = "light"
    WASTE = "waste"
    GREEN = "green"
    WATER = "water"
    ACCESS = "access"
    OTHER = "other"


# What the town hall calls them; the kiosk's screen says more.
NAMES: Final[Mapping[Category, Localised]] = {
    Category.ROAD: {"fr": "Voirie", "en": "Roads"},
    Category.LIGHT: {"fr": "Éclairage", "en": "Lighting"},
    Category.WASTE: {"fr": "Propreté et déchets", "en": "Cleanliness and rubbish"},
    Category.GREEN: {"fr": "Espaces verts", "en": "Green spaces"},
    Category.WATER: {"fr": "Eau", "en": "Water"},
    Category.ACCESS: {"fr": "Accessibilité", "en": "Accessibility"},
    Category.OTHER: {"fr": "Autre", "en": "Other"},
}


class ReportState(StrEnum):
    """Where a report stands: received → assigned → answered → closed."""

    RECEIVED = "received"
    ASSIGNED = "assigned"
    ANSWERED = "answered"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A report as it is sent; raises InputRefused, ReportPersonal when it breaks a rule.

    ``place`` is in words, TEXT_MAX and PLACE_MAX are in characters; ``at`` is aware.
    """

    code: str
    category: Category
    place: str
    text: str
    at: datetime

    def __post_init__(self) -> None:
        if _CODE.fullmatch(self.code) is None:
            raise InputRefused("not a code of a report")
        if not self.place or len(self.place) > PLACE_MAX or len(self.text) > TEXT_MAX:
            raise InputRefused("a report without a place, or too long")
        if says_who(self.text):
            raise ReportPersonal("words with an address or a number")


def says_who(text: str) -> bool:
    """Whether words hold an e-mail address or a telephone number (rule 1)."""
    return _PERSONAL.search(text) is not None


def code_of(token: bytes) -> str:
    """Give the code that TOKEN_BYTES random bytes make (« K7QF-2MXD »)."""
    number = int.from_bytes(token[:TOKEN_BYTES])
    signs = "".join(_SIGNS[number >> 5 * place & 31] for place in reversed(range(2 * _HALF)))
    return f"{signs[:_HALF]}-{signs[_HALF:]}"


def code_typed(text: str) -> str:
    """Give the code that was typed, with or without its dash; "" while it isn't one."""
    signs = "".join(char for char in fold(clean_line(text)).upper() if char.isalnum())
    code = f"{signs[:_HALF]}-{signs[_HALF:]}"
    return code if _CODE.fullmatch(code) else ""
