"""Readers by their names: which one is the citizen's, which slot holds a SAM, what can be hushed.

Names change with the order of plugging and end in two numbers ("… 00 00"), so they are matched by
patterns (shell style, without regard to case).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal

Role = Literal["citizen", "sam", "other"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quirk:
    """What is particular to readers named so: the role of the slot, an escape at each card."""

    pattern: str
    role: Role = "citizen"
    escape: bytes = b""


# The first that fits counts. Sources: the makers' reference manuals; none was tried on hardware.
QUIRKS = (
    Quirk(pattern="*sam*", role="sam"),
    Quirk(pattern="acs acr122u*", escape=bytes.fromhex("FF00520000")),  # no beep at each card
    Quirk(pattern="*omnikey 5422cl*"),
    Quirk(pattern="*omnikey 5422*", role="other"),  # its contact slot
    Quirk(pattern="*"),
)


def quirk_of(name: str, quirks: Iterable[Quirk] = QUIRKS) -> Quirk:
    """Give the quirk of a reader."""
    return next(one for one in quirks if fnmatchcase(name.lower(), one.pattern))


def role_of(name: str, pattern: str = "") -> Role:
    """Give the role of a reader; ``pattern`` names the citizen's, "" any that isn't particular."""
    role = quirk_of(name).role
    if not pattern or role == "sam":
        return role
    return "citizen" if fnmatchcase(name.lower(), pattern.lower()) else "other"
