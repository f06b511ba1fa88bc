"""Makes place, event and walk records of DATAtourisme's JSON-LD objects.

Rules:
1. A file is one object, a list of objects or a ``@graph``; vocabulary prefixes are taken off, so
   that ``schema:geo`` and ``geo``, ``@fr`` and ``fr`` are one.
2. Its types say what it is: an Event or EntertainmentAndEvent, a Tour, else a place.
3. Texts come in every language that there is; those that a machine translated are named.
4. An entry of the platform's index names a file and is none: rejected.
"""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

import msgspec

from kiosk.domain.errors import InputRefused
from kiosk.domain.facts import Event, Place, Timing, Walk, data_of
from kiosk.domain.record import Json, Localised, Record
from kiosk.domain.text import clean_line
from sync.connectors.base import Context, Item, each, first_of, record_of
from sync.connectors.datatourisme.hours import hours_of
from sync.connectors.glance import at, line, lines, many, one, position, texts, whole
from sync.connectors.sittings import event_of, over_at, sitting_on
from sync.connectors.strict_json import read_json
from sync.connectors.tags import Wheelchair
from sync.connectors.times import day_of, hour_of, observed, zone_of

EVENTS = frozenset(("Event", "EntertainmentAndEvent"))
TOURS = frozenset(("Tour", "WalkingTour", "CyclingTour", "HorseTour", "RoadTour", "FluvialTour"))
SORTS = {
    "Restaurant": "amenity=restaurant", "CafeOrTeahouse": "amenity=cafe", "Hotel": "tourism=hotel",
    "Museum": "tourism=museum", "Camping": "tourism=camp_site", "Cinema": "amenity=cinema",
    "TouristInformationCenter": "tourism=information", "PicnicArea": "tourism=picnic_site",
    "SwimmingPool": "leisure=swimming_pool", "Library": "amenity=library",
}  # fmt: skip

_BODIES = (("comment",), ("hasDescription", "shortDescription"), ("hasDescription", "description"))


def parse(raw: bytes, context: Context) -> Iterator[Item]:
    """Give the objects' records; raises InputRefused when there is none."""
    zone_of(context)
    objects = _objects(read_json(raw))
    named = ((_where(value, number), value) for number, value in enumerate(objects, 1))
    yield from each(named, lambda value: _record(_bare(value), context))


def _objects(document: Json) -> list[Json]:
    named = document if isinstance(document, dict) else {}
    several = named.get("@graph", document)
    if isinstance(several, list) and all(isinstance(value, dict) for value in several):
        return several
    if named.keys() & {"@type", "type"}:
        return [named]
    raise InputRefused("not DATAtourisme: no object with a type")


def _where(value: Json, number: int) -> str:
    named = (line(value, name) for name in ("dc:identifier", "identifier", "file", "@id", "uri"))
    return first_of(named) or f"object {number}"


def _bare(value: Json) -> Json:
    """Give ``value`` with names without prefix; its depth was bounded when it was read."""
    if isinstance(value, list):
        return [_bare(part) for part in value]
    if not isinstance(value, dict):
        return value
    return {name.removeprefix("@").rpartition(":")[2]: _bare(part) for name, part in value.items()}


def _record(thing: Json, context: Context) -> Record:
    types = [name.rpartition(":")[2] for name in lines(thing, "type")]
    if not types:
        raise InputRefused("no type: not an object (an index names files only)")
    kind, facts = _facts(thing, frozenset(types), context)
    return record_of(
        context,
        id=_id(thing),
        kind=kind,
        title=texts(thing, "label", language=context.language),
        body=_body(thing, context),
        geo=position(_geo(thing), "latitude", "longitude"),
        observed_at=observed(line(thing, "lastUpdate"), context),
        valid_until=over_at(facts) if isinstance(facts, Event) else None,
        data={**data_of(facts), **_details(thing, types)},
    )


def _id(thing: Json) -> str:
    address = line(thing, "uuid") or line(thing, "id") or line(thing, "uri")
    name = address.rstrip("/").rpartition("/")[2] or line(thing, "identifier")
    if not name:
        raise InputRefused("no identifier")
    return name


def _geo(thing: Json) -> Json:
    return at(thing, "isLocatedAt", "geo") or at(thing, "geo")


def _body(thing: Json, context: Context) -> Localised:
    """Give the description, in each language the longest one that there is."""
    told = (texts(thing, *path, language=context.language) for path in _BODIES)
    return {tag: text for by_language in told for tag, text in by_language.items()}


def _facts(thing: Json, types: frozenset[str], context: Context) -> tuple[str, msgspec.Struct]:
    if types & EVENTS:
        return "event", _event(thing, context)
    if types & TOURS:
        return "walk", _walk(thing)
    return "place", _place(thing, types, context)


def _event(thing: Json, context: Context) -> Event:
    periods = many(at(thing, "takesPlaceAt")) or _bare_periods(thing)
    hours = [line(one, name) for one in periods for name in ("startTime", "endTime")]
    return event_of(
        [_sitting(one, zone_of(context)) for one in periods],
        context.now,
        all_day=not any(hours),
        place=_street(thing),
        commune=_commune(thing),
    )


def _sitting(period: Json, zone: ZoneInfo) -> Timing:
    first, last = (day_of(text[:10]) for text in (line(period, "startDate"), _end(period)))
    hours = hour_of(line(period, "startTime")), hour_of(line(period, "endTime"))
    return sitting_on(first, last, zone, hours) if any(hours) else sitting_on(first, last, zone)


def _end(period: Json) -> str:
    return line(period, "endDate") or line(period, "startDate")


def _bare_periods(thing: Json) -> list[Json]:
    starts, ends = many(at(thing, "startDate")), many(at(thing, "endDate"))
    if len(starts) != len(ends):
        ends = starts
    return [{"startDate": start, "endDate": end} for start, end in zip(starts, ends, strict=True)]


def _walk(thing: Json) -> Walk:
    return Walk(
        distance_m=whole(thing, "tourDistance"),
        duration_min=whole(thing, "duration"),
        commune=_commune(thing),
        website=_contact(thing, "homepage"),
    )


def _place(thing: Json, types: frozenset[str], context: Context) -> Place:
    where = at(thing, "isLocatedAt") or thing
    specifications = at(where, "openingHoursSpecification") or at(
        thing, "openingHoursSpecification"
    )
    town = f"{line(_address(thing), 'postalCode')} {_commune(thing)}".strip()
    return Place(
        address=", ".join(filter(None, (_street(thing), town))),
        commune=_commune(thing),
        phone=_contact(thing, "telephone"),
        hours=hours_of(specifications, context.now.date()),
        hours_note=texts(where, "TextOpeningHoursSpecification", language=context.language),
        website=_contact(thing, "homepage"),
        sort=first_of(SORTS.get(name, "") for name in sorted(types)),
        wheelchair=_wheelchair(thing),
    )


def _wheelchair(thing: Json) -> Wheelchair:
    told = one(at(thing, "reducedMobilityAccess"))
    if not isinstance(told, bool):
        return ""
    return "yes" if told else "no"


def _address(thing: Json) -> Json:
    return at(thing, "isLocatedAt", "address") or at(thing, "address")


def _street(thing: Json) -> str:
    return ", ".join(lines(_address(thing), "streetAddress"))


def _commune(thing: Json) -> str:
    return line(_address(thing), "addressLocality")


def _contact(thing: Json, name: str) -> str:
    return line(thing, "hasContact", name) or line(thing, "hasBookingContact", name)


def _details(thing: Json, types: list[str]) -> dict[str, Json]:
    translated = many(at(thing, "hasTranslatedProperty"))
    machines = [part for part in translated if "deepl" in line(part, "contributor")]
    return {
        "types": [*types],
        "identifier": line(thing, "identifier"),
        "insee": line(_address(thing), "hasAddressCity", "insee"),
        "creator": line(thing, "hasBeenCreatedBy", "legalName"),
        "publisher": line(thing, "hasBeenPublishedBy", "legalName"),
        "machine_translated": [*dict.fromkeys(line(part, "language") for part in machines)],
        "themes": [*_labels(thing, "hasTheme")],
    }


def _labels(thing: Json, name: str) -> list[str]:
    return [clean_line(line(part, "label", "fr")) for part in many(at(thing, name))]
