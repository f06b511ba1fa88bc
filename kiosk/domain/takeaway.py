"""What a citizen carries off by a QR code that needs no network: builders of its payload.

=============  ============================================================
what           payload
=============  ============================================================
an event       iCalendar, one VEVENT (RFC 5545), in UTC
a place        a geo: URI (RFC 5870)
a counter      a vCard 4.0 (RFC 6350)
anything else  plain text
=============  ============================================================
Every payload is at most PAYLOAD_MAX bytes of UTF-8: what a QR code of version 20 holds at
error correction M (ISO/IEC 18004, table 7). Free text is what gives way; it then ends with "…".
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from kiosk.domain.record import Geo

PAYLOAD_MAX = 666
LINE_MAX = 75  # RFC 5545, 3.1 and RFC 6350, 3.2: octets of a line without its break
NAME_MAX = 120  # characters of a title, an address, a place's name
UID_MAX = 60
PRODUCT = "-//Alveole//FR"


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment:
    """An event for a calendar; ``starts`` and ``ends`` are aware, or dates for whole days.

    ``ends`` is exclusive; None: a day, or no length. ``uid`` stays the same when the event is
    carried off twice; ``stamp`` is the moment of carrying it off.
    """

    uid: str
    title: str
    starts: datetime | date
    ends: datetime | date | None
    stamp: datetime
    place: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A counter for an address book; ``geo`` None where the place is unknown."""

    name: str
    street: str = ""
    town: str = ""
    phone: str = ""
    website: str = ""
    note: str = ""
    geo: Geo | None = None


def size(payload: str) -> int:
    """Give the bytes of UTF-8 that ``payload`` takes."""
    return len(payload.encode(errors="replace"))


def shortened(text: str, limit: int) -> str:
    """Cut ``text`` to ``limit`` characters, at a whole word where one ends near by."""
    if len(text) <= limit:
        return text
    if limit < 1:
        return ""
    cut = text[: limit - 1]
    word = cut.rpartition(" ")[0]
    return (word if len(word) > limit // 2 else cut).rstrip() + "…"


def plain_text(lines: Sequence[str]) -> str:
    """Give the lines that fit, in their order; the last one that fits may be cut."""
    whole = "\n".join(line for line in lines if line)
    return _fitted(lambda room: shortened(whole, room), len(whole))


def geo_uri(geo: Geo) -> str:
    """Give ``geo:lat,lon`` in WGS 84 degrees; six decimals are a tenth of a metre."""
    return f"geo:{_degrees(geo.lat)},{_degrees(geo.lon)}"


def calendar_event(appointment: Appointment) -> str:
    """Give a calendar with the one event; the note is cut when it is too long."""
    return _fitted(lambda room: _event(appointment, room), NAME_MAX + len(appointment.note))


def contact_card(contact: Contact) -> str:
    """Give a vCard; the note is cut when it is too long."""
    return _fitted(lambda room: _card(contact, room), NAME_MAX + len(contact.note))


def _fitted(build: Callable[[int], str], longest: int) -> str:
    """Give the payload with the most ``room`` that fits, by halving.

    The first NAME_MAX characters of room are each name's limit, the rest is the note's.
    """
    if size(build(longest)) <= PAYLOAD_MAX:
        return build(longest)
    least, most = 0, longest
    while most - least > 1:
        middle = (least + most) // 2
        fits = size(build(middle)) <= PAYLOAD_MAX
        least, most = (middle, most) if fits else (least, middle)
    return build(least)


def _event(appointment: Appointment, room: int) -> str:
    ends, names = appointment.ends, min(room, NAME_MAX)
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{PRODUCT}",
        "BEGIN:VEVENT",
        f"UID:{_escaped(appointment.uid[:UID_MAX])}",
        f"DTSTAMP:{_moment(appointment.stamp)}",
        f"DTSTART{_when(appointment.starts)}",
        *([f"DTEND{_when(ends)}"] if ends is not None else []),
        _text("SUMMARY", shortened(appointment.title, names)),
        _text("LOCATION", shortened(appointment.place, names)),
        _text("DESCRIPTION", shortened(appointment.note, room - NAME_MAX)),
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return _joined(lines)


def _card(contact: Contact, room: int) -> str:
    names = min(room, NAME_MAX)
    street, town = (_escaped(shortened(p, names)) for p in (contact.street, contact.town))
    name = shortened(contact.name, names)
    lines = [
        "BEGIN:VCARD",
        "VERSION:4.0",
        "KIND:org",
        _text("FN", name),
        _text("ORG", name),
        f"ADR;TYPE=work:;;{street};{town};;;" if street or town else "",
        _text("TEL;TYPE=work", shortened(contact.phone, names)),
        _text("URL", contact.website if len(contact.website) <= names else ""),
        f"GEO:{geo_uri(contact.geo)}" if contact.geo else "",
        _text("NOTE", shortened(contact.note, room - NAME_MAX)),
        "END:VCARD",
    ]
    return _joined(lines)


def _joined(lines: Sequence[str]) -> str:
    return "".join(f"{_folded(line)}\r\n" for line in lines if line)


def _text(name: str, value: str) -> str:
    return f"{name}:{_escaped(value)}" if value else ""


def _escaped(text: str) -> str:
    """Escape a TEXT value (RFC 5545, 3.3.11; RFC 6350, 3.4); other controls are dropped."""
    for mark in ("\\", ";", ","):
        text = text.replace(mark, f"\\{mark}")
    text = text.replace("\r\n", "\n").replace("\n", "\\n")
    return "".join(c for c in text if c >= " " and c != "\x7f")


def _folded(line: str) -> str:
    """Fold after LINE_MAX octets, never inside a character; a folded line starts with a blank."""
    parts: list[str] = []
    part, octets = "", 0
    for char in line:
        width = size(char)
        if octets + width > LINE_MAX:
            parts.append(part)
            part, octets = " ", 1
        part, octets = part + char, octets + width
    return "\r\n".join([*parts, part])


def _when(moment: datetime | date) -> str:
    if isinstance(moment, datetime):
        return f":{_moment(moment)}"
    return f";VALUE=DATE:{moment:%Y%m%d}"


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _degrees(value: float) -> str:
    text = f"{value:.6f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def whole_days(first: date, last: date | None = None) -> tuple[date, date]:
    """Give the start and the exclusive end of whole days, ``last`` included."""
    return first, (last or first) + timedelta(days=1)
