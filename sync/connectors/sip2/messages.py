"""Reads and writes messages of the 3M Standard Interchange Protocol, version 2.00 (2006).

A message is a code of two digits, fixed fields by position, variable fields (two characters, a
value, "|"), then, with error detection, AY and a sequence digit, AZ and a checksum, and CR. The
checksum is the two's complement of the sum of all bytes up to and with "AZ", in four hex digits.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from kiosk.domain.errors import InputRefused

MESSAGE_BYTES_MAX = 65_536
FIELDS_MAX = 2_000
SEQUENCES = 10  # a digit
ENCODING = "utf-8"

_TAIL = re.compile(rb"AY(\d)AZ([0-9A-Fa-f]{4})\Z")
_DATE = re.compile(r"(\d{8})([ Z]{4})(\d{6})", re.ASCII)

# The fixed fields of each message, "name:width", as in the standard's chapter 3.
_LAYOUTS = {
    "09": "no_block:1 date:18 return_date:18",
    "10": "ok:1 resensitize:1 magnetic:1 alert:1 date:18",
    "11": "renewal_policy:1 no_block:1 date:18 due_date:18",
    "12": "ok:1 renewal_ok:1 magnetic:1 desensitize:1 date:18",
    "15": "hold_mode:1 date:18",
    "16": "ok:1 available:1 date:18",
    "17": "date:18",
    "18": "circulation_status:2 security_marker:2 fee_type:2 date:18",
    "23": "language:3 date:18",
    "24": "patron_status:14 language:3 date:18",
    "25": "date:18",
    "26": "patron_status:14 language:3 date:18",
    "29": "third_party:1 no_block:1 date:18 due_date:18",
    "30": "ok:1 renewal_ok:1 magnetic:1 desensitize:1 date:18",
    "35": "date:18",
    "36": "end_session:1 date:18",
    "37": "date:18 fee_type:2 payment_type:2 currency:3",
    "38": "accepted:1 date:18",
    "63": "language:3 date:18 summary:10",
    "64": (
        "patron_status:14 language:3 date:18 holds:4 overdue:4 charged:4 fines:4 recalls:4"
        " unavailable_holds:4"
    ),
    "65": "date:18",
    "66": "ok:1 renewed:4 unrenewed:4 date:18",
    "93": "uid_algorithm:1 pwd_algorithm:1",
    "94": "ok:1",
    "96": "",
    "97": "",
    "98": (
        "online:1 checkin_ok:1 checkout_ok:1 renewal_policy:1 status_update:1 offline_ok:1"
        " timeout:3 retries:3 date:18 version:4"
    ),
    "99": "status:1 print_width:3 version:4",
}
LAYOUTS: Mapping[str, Sequence[tuple[str, int]]] = {
    code: [(name, int(width)) for name, _, width in (part.partition(":") for part in line.split())]
    for code, line in _LAYOUTS.items()
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message; ``sequence`` is None without error detection."""

    code: str
    fixed: Mapping[str, str]
    fields: tuple[tuple[str, str], ...]
    sequence: int | None = None

    def first(self, field: str) -> str:
        """Give the first value of a variable field, "" when it is absent."""
        return next(iter(self.all(field)), "")

    def all(self, field: str) -> list[str]:
        """Give every value of a variable field that isn't empty."""
        return [value for name, value in self.fields if name == field and value]


def checksum(raw: bytes) -> str:
    """Give the checksum of a message's bytes up to and with "AZ"."""
    return f"{-sum(raw) & 0xFFFF:04X}"


def read_message(raw: bytes) -> Message:
    """Read one message (its CR may be there or not); raises InputRefused.

    One that bears a checksum must match it; bytes that aren't UTF-8 are read as Windows-1252.
    """
    raw = raw.strip(b"\r\n")
    if len(raw) > MESSAGE_BYTES_MAX:
        raise InputRefused(f"a message of more than {MESSAGE_BYTES_MAX} bytes")
    body, sequence = _checked(raw)
    text = _decoded(body)
    code = text[:2]
    if code not in LAYOUTS:
        raise InputRefused(f"not a SIP2 message: it begins with {code!r}")
    fixed, rest = _fixed(code, text[2:])
    return Message(code=code, fixed=fixed, fields=_variable(rest), sequence=sequence)


def build(
    code: str,
    fixed: Mapping[str, str],
    fields: Sequence[tuple[str, str]],
    sequence: int | None = None,
) -> bytes:
    """Write a message with its CR; with a ``sequence`` it bears AY, AZ and the checksum.

    Raises InputRefused when a value can't stand in its field.
    """
    if code not in LAYOUTS or [name for name, _ in LAYOUTS[code]] != list(fixed):
        raise InputRefused(f"message {code} hasn't these fixed fields")
    head = "".join(_of_width(fixed[name], name, width) for name, width in LAYOUTS[code])
    tail = "".join(f"{_field_name(name)}{_value(value)}|" for name, value in fields)
    raw = f"{code}{head}{tail}".encode(ENCODING)
    return (raw if sequence is None else _with_checksum(raw, sequence)) + b"\r"


def _with_checksum(raw: bytes, sequence: int) -> bytes:
    if not 0 <= sequence < SEQUENCES:
        raise InputRefused(f"sequence isn't a digit: {sequence}")
    raw += b"AY%dAZ" % sequence
    return raw + checksum(raw).encode()


def date_text(moment: datetime) -> str:
    """Give a moment as SIP2 writes it: YYYYMMDD, four blanks (local time), HHMMSS."""
    return f"{moment:%Y%m%d}    {moment:%H%M%S}"


def date_of(text: str, zone: tzinfo) -> datetime | None:
    """Read a SIP2 date, of ``zone`` unless it bears Z; None when it is blank or none at all."""
    found = _DATE.fullmatch(text)
    if not found:
        return None
    try:
        naive = datetime.strptime(found[1] + found[3], "%Y%m%d%H%M%S")  # noqa: DTZ007 - zone below
    except ValueError:
        return None
    return naive.replace(tzinfo=UTC if "Z" in found[2] else zone)


def _checked(raw: bytes) -> tuple[bytes, int | None]:
    """Give the bytes before AY and the sequence; raises InputRefused on a wrong checksum."""
    tail = _TAIL.search(raw)
    if not tail:
        if re.search(rb"AY\dAZ.{0,4}\Z", raw, re.DOTALL):
            raise InputRefused("the checksum is cut off")
        return raw, None
    expected = checksum(raw[:-4])
    if expected != tail[2].decode().upper():
        raise InputRefused(f"checksum {tail[2].decode()} isn't {expected}")
    return raw[: tail.start()], int(tail[1])


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode(ENCODING)
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def _fixed(code: str, text: str) -> tuple[dict[str, str], str]:
    layout = LAYOUTS[code]
    length = sum(width for _, width in layout)
    if len(text) < length or "|" in text[:length]:
        raise InputRefused(f"message {code}: its fixed fields are cut short")
    fixed: dict[str, str] = {}
    at = 0
    for name, width in layout:
        fixed[name] = text[at : at + width]
        at += width
    return fixed, text[length:]


def _variable(text: str) -> tuple[tuple[str, str], ...]:
    parts = [part for part in text.split("|") if part]
    if len(parts) > FIELDS_MAX:
        raise InputRefused(f"more than {FIELDS_MAX} fields")
    return tuple((_field_name(part[:2]), part[2:]) for part in parts)


def _field_name(name: str) -> str:
    if not re.fullmatch(r"[A-Z][A-Z0-9]", name, re.ASCII):
        raise InputRefused(f"not the name of a field: {name!r}")
    return name


def _value(value: str) -> str:
    if not value.isprintable() or "|" in value:
        raise InputRefused("a value with a bar or a control character")
    return value


def _of_width(value: str, name: str, width: int) -> str:
    if len(_value(value)) != width or not value.isascii():
        raise InputRefused(f"{name} isn't of {width} characters")
    return value
