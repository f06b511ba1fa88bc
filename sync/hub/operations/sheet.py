"""A table as a CSV file that a French spreadsheet opens, and that can't make it compute.

Rules:
1. ``;`` between fields, UTF-8 with its mark, CR LF: what spreadsheets take by a double click.
2. A text that begins as a formula does gets an apostrophe before it (OWASP, "CSV Injection").
   Numbers of ours are numbers and stay so.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Final

MEDIA: Final = "text/csv; charset=utf-8"
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NUMBER: Final = re.compile(r"-?[0-9]+(,[0-9]{2})?")


def written(rows: Iterable[Sequence[str | int]]) -> bytes:
    """Give the file's bytes."""
    out = io.StringIO()
    lines = csv.writer(out, delimiter=";", lineterminator="\r\n")
    for row in rows:
        lines.writerow([guarded(str(one)) for one in row])
    return "\ufeff".encode() + out.getvalue().encode()


def guarded(text: str) -> str:
    """Give a field that no spreadsheet takes for a formula."""
    if _NUMBER.fullmatch(text):
        return text
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text


def euros(cents: int) -> str:
    """Give cents as euros with a decimal comma."""
    whole, part = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{whole},{part:02}"


def shown(cents: int) -> str:
    """Give cents as a page shows them: the thousands apart, by spaces that break no line."""
    whole, part = divmod(abs(cents), 100)
    thousands = f"{whole:,}".replace(",", "\u202f")
    return f"{'-' if cents < 0 else ''}{thousands},{part:02}"
