"""Makes a notice of each warning of Météo-France's vigilance map that isn't over.

Rules:
1. Yellow, orange and red are the levels of the same name; green gives nothing.
2. What has ended before ``now`` is withdrawn: a reject says when it ended. A warning without an
   end holds a day from the making of the map, no longer.
3. ``extra["departments"]`` (["61", "14"]) keeps these departments and their coasts; all of them
   when it is absent.
4. The advice of the XML map speaks of the whole country's gravest warnings: it stands with
   orange and red ones only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from kiosk.domain.errors import InputRefused
from kiosk.domain.facts import Notice, data_of
from kiosk.domain.record import Record
from sync.connectors.base import Context, Item, record_of, reject_of
from sync.connectors.times import zone_of
from sync.connectors.validity import still_holds
from sync.connectors.vigilance.maps import Warned, map_of
from sync.connectors.vigilance.names import COLOURS, DEPARTMENTS, PHENOMENA, UNNAMED, area_of

HOLDS = timedelta(days=1)
URL = "https://vigilance.meteofrance.fr/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """Where a warning holds: the department's code, and the area's name."""

    department: str
    name: str


def parse(raw: bytes, context: Context) -> Iterator[Item]:
    """Give the map's warnings; raises InputRefused when it isn't a vigilance map."""
    wanted = _wanted(context)
    found = map_of(raw, zone_of(context))
    dated = replace(context, observed_at=found.made_at or context.observed_at)
    for warned in found.warnings:
        yield from _items(warned, wanted, dated) if isinstance(warned, Warned) else [warned]


def _items(warned: Warned, wanted: frozenset[str], context: Context) -> Iterator[Item]:
    """Give the warning's notice, nothing when its department isn't wanted."""
    try:
        area = _area(warned.domain)
        if area and (not wanted or area.department in wanted):
            yield _notice(warned, area, context)
    except InputRefused as wrong:
        yield reject_of(warned.where, wrong)


def _wanted(context: Context) -> frozenset[str]:
    given = context.extra.get("departments", [])
    codes = given if isinstance(given, list) else [None]
    known = {code for code in codes if isinstance(code, str) and code in DEPARTMENTS}
    if len(known) != len(codes):
        raise InputRefused("departments isn't a list of department codes", where="context")
    return frozenset(known)


def _area(domain: str) -> Area | None:
    """Give the area of a domain; None for FRA, the whole country: it repeats the others."""
    if domain == "FRA":
        return None
    area = area_of(domain)
    if area is None:
        raise InputRefused(f"no department: {domain[:20]}")
    return Area(department=area[0], name=area[1])


def _notice(warned: Warned, area: Area, context: Context) -> Record:
    ends = warned.ends or (warned.starts or context.observed_at) + HOLDS
    still_holds(warned.starts, ends, context.now)
    colour, what = COLOURS[warned.colour], PHENOMENA.get(warned.phenomenon, UNNAMED)
    starts = warned.starts.isoformat() if warned.starts else ""
    return record_of(
        context,
        id=f"{warned.domain}|{warned.phenomenon}|{warned.colour}|{starts}",
        kind="notice",
        title={
            "fr": f"Vigilance {colour.fr}, {what.fr}\u00a0: {area.name}",
            "en": f"{colour.en.capitalize()} warning, {what.en}: {area.name}",
        },
        body={"fr": warned.advice} if colour.level in ("orange", "red") else "",
        valid_from=warned.starts,
        valid_until=ends,
        data={
            **data_of(Notice(level=colour.level, topic=what.topic)),
            "department": area.department,
            "domain": warned.domain,
            "phenomenon": warned.phenomenon,
            "url": URL,
        },
    )
