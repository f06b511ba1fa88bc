"""Reads both forms of the vigilance map into warnings, one a phenomenon and period of a domain.

====  ==============================================================================
JSON  the API's ``cartevigilance/encours``: product / periods / timelaps / domain_ids /
      phenomenon_items / timelaps_items; a phenomenon without items of its own holds for its
      period
XML   ``NXFR33_LFPW``: CV / EV (its moments, local) and DV (department, colour) / risque
====  ==============================================================================
Green says that there is nothing to say: it gives no warning.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from xml.etree.ElementTree import Element
from zoneinfo import ZoneInfo

from kiosk.domain.errors import InputRefused
from kiosk.domain.record import Json, Reject
from sync.connectors.base import is_number, reject_of
from sync.connectors.strict_json import read_json
from sync.connectors.strict_xml import child, children, local, read_xml
from sync.connectors.times import moment_of
from sync.connectors.vigilance.names import COLOURS, GREEN

WARNINGS_MAX = 20_000

_COLOURS: Mapping[str, int] = {str(colour): colour for colour in (GREEN, *COLOURS)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Warned:
    """A domain on alert: ``phenomenon`` and ``colour`` by number, ``where`` in the map."""

    where: str
    domain: str
    phenomenon: str
    colour: int
    starts: datetime | None
    ends: datetime | None
    advice: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Map:
    """A map: when it was made, and its warnings with a reject for each that can't be read."""

    made_at: datetime | None
    warnings: Iterator[Warned | Reject]


def map_of(raw: bytes, zone: ZoneInfo) -> Map:
    """Read a map in either form; raises InputRefused when it is neither."""
    if raw.lstrip().startswith(b"{"):
        return _json_map(read_json(raw), zone)
    return _xml_map(read_xml(raw), zone)


def _json_map(document: Json, zone: ZoneInfo) -> Map:
    product = _object(_object(document).get("product"))
    periods = product.get("periods")
    if not isinstance(periods, list):
        raise InputRefused("not a vigilance map: no product with periods")
    return Map(made_at=_moment(product.get("update_time"), zone), warnings=_periods(periods, zone))


def _periods(periods: list[Json], zone: ZoneInfo) -> Iterator[Warned | Reject]:
    for period in map(_object, periods):
        domains = _list(_object(period.get("timelaps")).get("domain_ids"))
        for domain in map(_object, domains):
            name = (
                f"{_string(period.get('echeance')) or 'period'} {_string(domain.get('domain_id'))}"
            )
            for item in map(_object, _list(domain.get("phenomenon_items"))):
                yield from _phenomenon(item, domain, period, name, zone)


def _phenomenon(
    item: Mapping[str, Json],
    domain: Mapping[str, Json],
    period: Mapping[str, Json],
    where: str,
    zone: ZoneInfo,
) -> Iterator[Warned | Reject]:
    """Give the warnings of one phenomenon: of each of its items, else of the whole period."""
    whole: dict[str, Json] = {
        "color_id": item.get("phenomenon_max_color_id"),
        "begin_time": period.get("begin_validity_time"),
        "end_time": period.get("end_validity_time"),
    }
    for part in map(_object, _list(item.get("timelaps_items")) or [whole]):
        try:
            colour = _colour(part.get("color_id"))
            if colour == GREEN:
                continue
            yield Warned(
                where=where,
                domain=_string(domain.get("domain_id")),
                phenomenon=_string(item.get("phenomenon_id")),
                colour=colour,
                starts=_moment(part.get("begin_time") or whole["begin_time"], zone),
                ends=_moment(part.get("end_time") or whole["end_time"], zone),
            )
        except InputRefused as wrong:
            yield reject_of(where, wrong)


def _xml_map(root: Element, zone: ZoneInfo) -> Map:
    event = child(root, "EV")
    if local(root) != "CV" or event is None:
        raise InputRefused("not a vigilance map: its root isn't CV with an EV")
    made_at = _digits(event.get("dateinsert", ""), zone)
    advice = " ".join(part.get("texte", "") for part in children(event, "VCOMMENTAIRE", "VCONSEIL"))
    whole = Warned(
        where="",
        domain="",
        phenomenon="",
        colour=GREEN,
        starts=_digits(event.get("daterun", ""), zone) or made_at,
        ends=_digits(event.get("dateprevue", ""), zone),
        advice=advice,
    )
    return Map(made_at=made_at, warnings=_departments(root, whole))


def _departments(root: Element, whole: Warned) -> Iterator[Warned | Reject]:
    for department in children(root, "DV"):
        domain = department.get("dep", "")
        try:
            colour = _colour(department.get("coul"))
        except InputRefused as wrong:
            yield reject_of(f"DV {domain}", wrong)
            continue
        risks = [risk.get("val", "") for risk in children(department, "risque")]
        for risk in (risks or [""]) if colour != GREEN else []:
            yield replace(
                whole, where=f"DV {domain}", domain=domain, phenomenon=risk, colour=colour
            )


def _colour(value: Json) -> int:
    colour = _COLOURS.get(str(value))
    if colour is None:
        raise InputRefused(f"no colour of the map: {str(value)[:20]}")
    return colour


def _moment(value: Json, zone: ZoneInfo) -> datetime | None:
    return moment_of(value, zone) if isinstance(value, str) and value else None


def _digits(text: str, zone: ZoneInfo) -> datetime | None:
    """Read YYYYMMDDhhmmss, local; None when it is empty; raises InputRefused."""
    return moment_of(f"{text[:8]}T{text[8:]}", zone) if text else None


def _object(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, dict) else {}


def _list(value: Json) -> list[Json]:
    return value[:WARNINGS_MAX] if isinstance(value, list) else []


def _string(value: Json) -> str:
    return str(value) if isinstance(value, str) or is_number(value) else ""
