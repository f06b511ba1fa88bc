"""Makes a notice of each info of a CAP alert that is real, public and not over.

Rules:
1. Exercises, tests, drafts, acknowledgements, and what isn't for the public are rejected.
2. An alert that a later one of the same file updates or cancels is withdrawn, and so is one that
   has expired at ``now``; ``data["replaces"]`` names the earlier ones for whoever holds them.
3. CAP lets the reader choose for how long an alert without ``expires`` holds: one day from when
   it was sent (``extra["valid_s"]`` seconds).
4. The level is the colour of MeteoAlarm's ``awareness_level`` where there is one, else that of the
   severity; an unknown severity is ``info``, and stays under ``severity`` as it was told.
5. A signature isn't checked: the transport vouches for the authority.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from xml.etree.ElementTree import Element
from zoneinfo import ZoneInfo

from kiosk.domain.errors import InputRefused
from kiosk.domain.facts import Level, Notice, data_of
from kiosk.domain.record import Json, Record
from kiosk.domain.text import clean_line
from sync.connectors.base import Context, Item, each, record_of, reject_of
from sync.connectors.cap.alerts import Info, alerts_of, infos_of, key_of, references_of
from sync.connectors.links import web_address
from sync.connectors.strict_xml import text_of
from sync.connectors.times import moment_of, zone_of
from sync.connectors.validity import still_holds

VALID_S, VALID_S_MAX = 86_400, 7 * 86_400

_LEVELS: Mapping[str, Level] = {"extreme": "red", "severe": "orange", "moderate": "yellow"}
_COLOURS: Mapping[str, Level] = {"red": "red", "orange": "orange", "yellow": "yellow"}
_NEEDED = (
    ("status", ("actual",), "not an actual alert"),
    ("scope", ("public",), "not for the public"),
    ("msgType", ("alert", "update"), "not an alert or update"),
)
_REPLACING = ("update", "cancel")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """An alert that may be published: when it was sent, when it ends unless an info says so."""

    element: Element
    sent: datetime
    ends: datetime
    zone: ZoneInfo


def parse(raw: bytes, context: Context) -> Iterator[Item]:
    """Give the alerts' notices; raises InputRefused when it isn't CAP."""
    lasting, zone = _lasting(context), zone_of(context)
    alerts = alerts_of(raw)
    gone = {key for alert in alerts if _replaces(alert) for key in references_of(alert)}
    for number, alert in enumerate(alerts, 1):
        where = f"alert {number}"
        try:
            sent = _accepted(alert, gone, zone)
            infos = infos_of(alert, context.language)
        except InputRefused as wrong:
            yield reject_of(where, wrong)
            continue
        standing = Standing(element=alert, sent=sent, ends=sent + lasting, zone=zone)
        build = partial(_notice, alert=standing, context=context)
        yield from each(((f"{where}, info {info.rank}", info) for info in infos), build)


def _lasting(context: Context) -> timedelta:
    seconds = context.extra.get("valid_s", VALID_S)
    if not isinstance(seconds, int) or not 0 < seconds <= VALID_S_MAX:
        raise InputRefused(f"valid_s isn't between 1 and {VALID_S_MAX}", where="context")
    return timedelta(seconds=seconds)


def _replaces(alert: Element) -> bool:
    return text_of(alert, "msgType").casefold() in _REPLACING


def _accepted(alert: Element, gone: set[str], zone: ZoneInfo) -> datetime:
    """Give when a real, public, standing alert was sent; raises InputRefused for another."""
    for name, accepted, why in _NEEDED:
        told = text_of(alert, name)
        if told.casefold() not in accepted:
            raise InputRefused(f"{why}: {name} {told or 'not told'}")
    if key_of(alert) in gone:
        raise InputRefused("withdrawn: a later alert updates or cancels it")
    return moment_of(text_of(alert, "sent"), zone)


def _notice(info: Info, alert: Standing, context: Context) -> Record:
    starts = _time(info.first, ("onset", "effective"), alert.zone) or alert.sent
    ends = _time(info.first, ("expires",), alert.zone) or alert.ends
    still_holds(starts, ends, context.now)
    sender = text_of(info.first, "senderName") or text_of(alert.element, "sender")
    event = info.texts("event")
    return record_of(
        context,
        id=f"{key_of(alert.element)}|{info.rank}",
        kind="notice",
        title={**event, **info.texts("headline")},
        body=info.texts("description", "instruction"),
        geo=info.geo(),
        observed_at=alert.sent,
        valid_from=starts,
        valid_until=ends,
        data={
            **data_of(Notice(level=_level(info))),
            **_told(info),
            "sender": clean_line(sender),
            "replaces": [*map(clean_line, references_of(alert.element))],
        },
    )


def _told(info: Info) -> dict[str, Json]:
    """Give what the info tells beside its texts, as it tells it."""
    names = ("category", "urgency", "severity", "certainty")
    return {
        **{name: clean_line(text_of(info.first, name)) for name in names},
        "areas": [*info.areas()],
        "geocodes": {name: [*values] for name, values in info.codes("geocode").items()},
        "url": web_address(text_of(info.first, "web")),
    }


def _level(info: Info) -> Level:
    awareness = next(iter(info.codes("parameter").get("awareness_level", [])), "")  # "3; orange; …"
    words = [word.strip().casefold() for word in awareness.split(";")]
    told: list[Level] = [level for word, level in _COLOURS.items() if word in words]
    return told[0] if told else _LEVELS.get(text_of(info.first, "severity").casefold(), "info")


def _time(info: Element, names: tuple[str, ...], zone: ZoneInfo) -> datetime | None:
    text = text_of(info, *names)
    return moment_of(text, zone) if text else None
