"""Makes a record of each answer of a library system in a file of SIP2 messages.

Rules:
1. Only answers become records; a request is rejected (it may bear a password).
2. The reader's name, address, mail, phone and barcode are not read: a screen of loans needs
   none of them. The records are personal all the same, and never published.
3. What isn't told stays None or empty; a due date in no known form stays as its text alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from kiosk.domain.errors import InputRefused
from kiosk.domain.record import Json, Record
from kiosk.domain.text import clean, clean_line
from sync.connectors.base import Context, Item, each, record_of
from sync.connectors.sip2.messages import LAYOUTS, Message, date_of, read_message
from sync.connectors.times import moment_of, plausible, zone_of

MESSAGES_MAX = 10_000
ITEMS_MAX = 500  # of one list

_COUNT = re.compile(r"\d{4}", re.ASCII)
_AMOUNT = re.compile(r"(\d{1,6})(?:[.,](\d{1,2}))?", re.ASCII)
_FLAGS: Mapping[str, bool] = {"Y": True, "1": True, "N": False, "0": False}

ANSWERS: Mapping[str, tuple[str, str, str]] = {
    "18": ("item", "Document", "Item"),
    "24": ("patron_status", "Compte de lecteur", "Reader’s account"),
    "30": ("renew", "Prolongation", "Renewal"),
    "36": ("end_session", "Fin de session", "End of session"),
    "64": ("patron_information", "Mes prêts", "My loans"),
    "66": ("renew_all", "Prolongation de tous les prêts", "Renewal of all loans"),
    "94": ("login", "Connexion à la bibliothèque", "Login to the library"),
    "98": ("status", "Système de la bibliothèque", "Library system"),
}
# The patron status' 14 places: what is denied or wrong when a "Y" stands there.
BLOCKS = (
    "charge_denied", "renewal_denied", "recall_denied", "hold_denied", "card_lost",
    "too_many_charged", "too_many_overdue", "too_many_renewals", "too_many_claims_returned",
    "too_many_lost", "excessive_fines", "excessive_fees", "recall_overdue", "too_many_billed",
)  # fmt: skip
_COUNTS = ("holds", "overdue", "charged", "fines", "recalls", "unavailable_holds",
           "renewed", "unrenewed")  # fmt: skip
_LISTS: Mapping[str, str] = {
    "AS": "hold_items", "AT": "overdue_items", "AU": "charged_items", "AV": "fine_items",
    "BU": "recall_items", "CD": "unavailable_hold_items", "BM": "renewed_items",
    "BN": "unrenewed_items",
}  # fmt: skip
_TEXTS: Mapping[str, str] = {"AB": "item", "AM": "library", "BX": "supported", "CF": "hold_queue"}
_YES_OR_NO = ("ok", "renewal_ok", "end_session", "online")
_SAID: Mapping[str, str] = {"BL": "valid_reader", "CQ": "valid_pin"}


def parse(raw: bytes, context: Context) -> Iterator[Item]:
    """Give the answers' records; raises InputRefused when no line is a SIP2 message."""
    lines = _lines(raw)
    zone = zone_of(context)
    numbered = ((f"message {number}", (number, line)) for number, line in enumerate(lines, 1))
    yield from each(numbered, partial(_record, context=context, zone=zone))


def _lines(raw: bytes) -> list[bytes]:
    lines = list(filter(bytes.strip, re.split(rb"[\r\n]+", raw)))
    if LAYOUTS.keys().isdisjoint(line[:2].decode("latin-1") for line in lines):
        raise InputRefused("not SIP2: no line begins with a message's code")
    if len(lines) > MESSAGES_MAX:
        raise InputRefused(f"more than {MESSAGES_MAX} messages")
    return lines


def _record(numbered: tuple[int, bytes], context: Context, zone: ZoneInfo) -> Record:
    number, line = numbered
    message = read_message(line)
    if message.code not in ANSWERS:
        raise InputRefused(f"message {message.code} isn't an answer that is shown")
    kind, french, english = ANSWERS[message.code]
    title = clean_line(message.first("AJ"))
    return record_of(
        context,
        id=f"{kind}|{number}",
        kind="library",
        title={"fr": title or french, "en": title or english},
        body=clean("\n".join(message.all("AF"))),
        observed_at=_moment(message.fixed.get("date", ""), zone),
        data={"message": kind, **_fixed(message), **_variable(message, zone)},
    )


def _moment(text: str, zone: ZoneInfo) -> datetime | None:
    moment = date_of(text, zone)
    return moment if moment and plausible(moment) else None


def _fixed(message: Message) -> dict[str, Json]:
    """Give the counts, yes-or-noes and blocks of the fixed fields; a blank count is left out."""
    told = message.fixed
    counts: dict[str, Json] = {
        name: int(told[name]) for name in _COUNTS if _COUNT.fullmatch(told.get(name, ""))
    }
    flags: dict[str, Json] = {name: _FLAGS.get(told[name]) for name in _YES_OR_NO if name in told}
    return {**counts, **flags, **_blocks(told.get("patron_status"))}


def _blocks(status: str | None) -> dict[str, Json]:
    if status is None:
        return {}
    places = zip(BLOCKS, status, strict=True)
    return {"blocks": [name for name, place in places if place == "Y"]}


def _variable(message: Message, zone: ZoneInfo) -> dict[str, Json]:
    """Give the lists, texts, yes-or-noes, due date and fee that stand in the message."""
    there = {field for field, value in message.fields if value}
    lists: dict[str, Json] = {
        _LISTS[field]: [*map(clean_line, message.all(field)[:ITEMS_MAX])]
        for field in there & _LISTS.keys()
    }
    texts = {_TEXTS[field]: clean_line(message.first(field)) for field in there & _TEXTS.keys()}
    flags = {_SAID[field]: _FLAGS.get(message.first(field)) for field in there & _SAID.keys()}
    return {**lists, **texts, **flags, **_due(message.first("AH"), zone), **_fee(message)}


def _due(text: str, zone: ZoneInfo) -> dict[str, Json]:
    """Give the due date as told, and as a time when it is in SIP2's or in ISO form."""
    if not text:
        return {}
    due = _moment(text, zone)
    with suppress(InputRefused):
        due = due or moment_of(text, zone)
    return {"due_text": clean_line(text), "due": due.isoformat() if due else None}


def _fee(message: Message) -> dict[str, Json]:
    amount = _AMOUNT.fullmatch(message.first("BV"))
    if not amount:
        return {}
    cents = int(amount[1]) * 100 + int((amount[2] or "").ljust(2, "0"))
    return {"fee_cents": cents, "currency": clean_line(message.first("BH"))}
