"""Cuts an iCalendar text into its events and time zones, so that a broken one harms no other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kiosk.domain.errors import InputRefused

LINES_MAX = 500_000
LINE_CHARS_MAX = 100_000  # an embedded picture is left out, a novel is cut

_FOLD = re.compile("\n[ \t]")
EVENT, ZONE = "VEVENT", "VTIMEZONE"
_CALENDAR = "VCALENDAR"
# What stands alone in a calendar; alarms and the rest inside an event stay with it.
_PARTS = frozenset((EVENT, ZONE, "VTODO", "VJOURNAL", "VFREEBUSY", "VAVAILABILITY", "VALARM"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One component's lines, ``BEGIN`` to ``END``, and the content line it starts at.

    Content lines count from 1; a folded one counts once.
    """

    name: str
    line: int
    text: str


def unfold(text: str) -> list[str]:
    """Give the content lines (RFC 5545, 3.1); raises InputRefused past LINES_MAX."""
    tidy = _FOLD.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    lines = [line[:LINE_CHARS_MAX] for line in tidy.split("\n")]
    if len(lines) > LINES_MAX:
        raise InputRefused(f"more than {LINES_MAX} lines")
    return lines


def blocks(text: str) -> Iterator[Block]:
    """Give the VEVENT, VTIMEZONE, VTODO … of ``text``; raises InputRefused on another format."""
    lines = unfold(text)
    if _CALENDAR not in map(_begun, lines) and _PARTS.isdisjoint(map(_begun, lines)):
        raise InputRefused("not an iCalendar file: no BEGIN:VCALENDAR")
    position = 0
    while position < len(lines):
        name = _begun(lines[position])
        if name in _PARTS:
            end = _end(lines, position, name)
            yield Block(name=name, line=position + 1, text=_joined(lines[position:end], name))
            position = end
        position += 1


def _joined(lines: list[str], name: str) -> str:
    inside = "\r\n".join(filter(str.strip, lines))
    return f"{inside}\r\nEND:{name}\r\n"


def _begun(line: str) -> str:
    word = line.strip().upper()
    return word.removeprefix("BEGIN:") if word.startswith("BEGIN:") else ""


def _end(lines: list[str], start: int, name: str) -> int:
    """Give the index of the block's END line, or of what shows that it is missing."""
    for position in range(start + 1, len(lines)):
        word = lines[position].strip().upper()
        if word in {f"END:{name}", f"BEGIN:{name}", "END:VCALENDAR"}:
            return position if word == f"END:{name}" else position - 1
    return len(lines)
