"""Makes a road notice of each traffic regulation in force of a TrafficRegulationPublication.

Rules:
1. Only orders that are made and regulations that are active become notices.
2. A condition that is negated, or that restricts to some vehicles, is not told as if it held for
   all: ``some_vehicles`` says so, and a negated place gives no position.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element
from zoneinfo import ZoneInfo

from kiosk.domain.errors import InputRefused
from kiosk.domain.facts import Notice, data_of
from kiosk.domain.record import Geo, Record
from kiosk.domain.text import clean_line
from sync.connectors.base import Context, record_of
from sync.connectors.datex2.extract import (
    Part,
    line_of,
    periods_of,
    position_of,
    spoken,
    type_of,
    validity_of,
)
from sync.connectors.datex2.names import RESTRICTED, Names
from sync.connectors.datex2.situations import TOPIC, road_of, titles
from sync.connectors.strict_xml import children, text_of
from sync.connectors.validity import still_holds

_IN_FORCE = ("made", "madeAndImplemented")
_NO_ENTRY: Names = ("Circulation interdite", "No entry")


@dataclass(frozen=True, slots=True, kw_only=True)
class Regulation:
    """One regulation of an order, and its rank in it from 1."""

    order: Element
    element: Element
    rank: int


def regulations(publication: Element) -> Iterator[tuple[str, Regulation]]:
    """Give (where it stands, regulation) of each order."""
    lists = children(publication, "trafficRegulationsFromCompetentAuthorities")
    orders = [order for one in lists for order in children(one, "trafficRegulationOrder")]
    for number, order in enumerate(orders, 1):
        for rank, element in enumerate(children(order, "trafficRegulation"), 1):
            where = f"order {number}, regulation {rank}"
            yield where, Regulation(order=order, element=element, rank=rank)


def notice_of(regulation: Regulation, context: Context, zone: ZoneInfo) -> Record:
    """Give the regulation's notice; raises InputRefused when it isn't in force or is over."""
    part = Part(regulation.element)
    _is_in_force(regulation)
    validity = validity_of(part, zone)
    still_holds(validity.starts, validity.ends, context.now)
    geo, line = _where(part)
    authority = spoken(children(regulation.order, "issuingAuthority"), context.language)
    return record_of(
        context,
        id=f"{_id(regulation.order)}|{regulation.rank}",
        kind="notice",
        title=titles(_names(part), road_of(part)),
        body=spoken(children(regulation.order, "description"), context.language),
        geo=geo,
        valid_from=validity.starts,
        valid_until=validity.ends,
        data={
            **data_of(Notice(topic=TOPIC)),
            "sort": "TrafficRegulation",
            "types": [*map(type_of, part.all("typeOfRegulation"))],
            "closed": False,
            "road": road_of(part),
            "authority": clean_line(next(iter(authority.values()), "")),
            "some_vehicles": bool(part.all("vehicleCharacteristics")),
            "exceptions": bool(part.all("exceptionPeriod")),
            "periods": periods_of(validity),
            "line": [[lat, lon] for lat, lon in line],
        },
    )


def _id(order: Element) -> str:
    name = text_of(order, "regulationId") or order.get("id", "").strip()
    if not name:
        raise InputRefused("no id")
    return name


def _is_in_force(regulation: Regulation) -> None:
    order, own = text_of(regulation.order, "status"), text_of(regulation.element, "status")
    if order not in _IN_FORCE:
        raise InputRefused(f"not in force: {order or 'status not told'}")
    if own != "active":
        raise InputRefused(f"not active: {own or 'status not told'}")


def _names(part: Part) -> Names:
    """Name the speed limit or the ban; several of them, or for some vehicles, a restriction."""
    types = [type_of(found) for found in part.all("typeOfRegulation")]
    if part.all("vehicleCharacteristics"):
        return RESTRICTED
    if types == ["SpeedLimit"]:
        speed = part.text("numericValue")
        return (f"Vitesse limitée à {speed}\u00a0km/h", f"Speed limit {speed} km/h")
    no_entry = part.text("accessRestrictionType") == "noEntry"
    return _NO_ENTRY if no_entry and types == ["AccessRestriction"] else RESTRICTED


def _where(part: Part) -> tuple[Geo | None, list[tuple[float, float]]]:
    for place in filter(_is_place, part.all("conditions")):
        told = Part(place)
        line = line_of(told)
        geo = position_of(told, line)
        if geo:
            return geo, line
    return None, []


def _is_place(condition: Element) -> bool:
    """Whether the regulation holds in this place; a negated one is where it doesn't."""
    is_location = type_of(condition) == "LocationCondition"
    return is_location and text_of(condition, "negate") != "true"
