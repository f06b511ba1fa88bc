"""Signs that stand for others in opening hours as they were written, and the shape of a repair."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

Replacement = str | Callable[[re.Match[str]], str]
Step = tuple[re.Pattern[str], Replacement, str]  # what is found, what it becomes, the warning

SPOKEN = "\x01"  # stands around words that are to become a comment


def steps(*table: tuple[str, Replacement, str]) -> tuple[Step, ...]:
    """Give a table of repairs, its patterns compiled; a warning of "": nothing was guessed."""
    return tuple((re.compile(pattern), becomes, warning) for pattern, becomes, warning in table)


def _superscript(found: re.Match[str]) -> str:
    return f"{found[1]}:{unicodedata.normalize('NFKC', found[2])}"


SIGNS = steps(
    (r"(\d{1,2})([⁰¹²³⁴⁵⁶⁷⁸⁹]{2})", _superscript, "raised minutes read as a time"),
    (r"(\d{1,2})°°", r"\1:00", "'°°' read as minutes"),
    (r"[‐‑‒–—―−~〜～]", "-", "another dash read as '-'"),
    (r"[\r\n]+|(?<!\|)\|(?!\|)", ";", "a line's end read as ';'"),
    (r"[’`´]", "'", ""),
)
