"""Library loans, as their holder sees them: held for one visit, never cached or logged."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

LOANS_MAX = 100  # that one reader may have; more are not shown


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryReader:
    """Who asks: the library card's barcode and its PIN."""

    barcode: str = field(repr=False)
    pin: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loan:
    """One loan; ``due`` is None when the library's date can't be read (``due_text`` shows it)."""

    item: str
    title: str
    due: datetime | None = None
    due_text: str = ""
    overdue: bool = False
