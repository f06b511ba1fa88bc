"""Makes walk, event and place records of Geotrek's API v2.

Rules:
1. What has a length is a walk, what has a first day an event, anything else with a
   name and a position a place; lists of labels and ids hold neither.
2. Only published languages are told; what is published in none is rejected.
3. The numbers of the source win over those worked out from its line. Difficulty and practice are
   numbers that each Geotrek names itself: ``extra["labels"]`` holds the names, for example
   ``{"difficulty": {"2": {"fr": "Facile"}}, "practice": {"1": {"fr": "Pédestre"}}}``.
4. ``update_datetime`` is when it was observed, never later than the reading.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from kiosk.domain.errors import InputRefused
from kiosk.domain.facts import Event, Place, Walk, data_of
from kiosk.domain.record import Geo, Json, Localised, Record
from sync.connectors.base import Context, Item, each, record_of
from sync.connectors.geotrek.geometry import parts_of, place_of
from sync.connectors.glance import at, joined, line, lines, number, texts, whole
from sync.connectors.lines import walk_of
from sync.connectors.sittings import event_of, over_at, sitting_on
from sync.connectors.strict_json import read_json
from sync.connectors.times import day_of, hour_of, observed, zone_of

_BODIES = ("description_teaser", "ambiance", "description")
_ADVICE = ("advice", "accessibility", "public_transport", "advised_parking", "practical_info")
_HOUR_MIN = 60


def parse(raw: bytes, context: Context) -> Iterator[Item]:
    """Give the answer's records; raises InputRefused when it isn't one of Geotrek."""
    zone_of(context)
    items = _items(read_json(raw))
    named = ((f"result {line(one, 'id') or number}", one) for number, one in enumerate(items, 1))
    yield from each(named, lambda one: _record(one, context))


def _items(document: Json) -> list[Json]:
    named = document if isinstance(document, dict) else {}
    results = named.get("results")
    if isinstance(results, list):
        return results
    if named.keys() >= {"uuid", "name"}:
        return [named]
    said = line(document, "detail")
    raise InputRefused(f"Geotrek answers: {said[:100]}" if said else "not Geotrek: no results")


def _record(item: Json, context: Context) -> Record:
    spoken = _published(item)
    title = _told(item, "name", spoken, context)
    identity = line(item, "uuid") or line(item, "id")
    if not (title and identity):
        raise InputRefused("no name in a published language, or no id")
    (kind, facts), geo = _facts(item, spoken, context), _position(item)
    if kind == "place" and geo is None:
        raise InputRefused("no position: a place without one, or a label")
    return record_of(
        context,
        id=identity,
        kind=kind,
        title=title,
        body=_body(item, spoken, context),
        geo=geo,
        observed_at=observed(at(item, "update_datetime"), context),
        valid_until=over_at(facts) if isinstance(facts, Event) else None,
        data={**data_of(facts), **_details(item, spoken, context)},
    )


def _published(item: Json) -> frozenset[str] | None:
    """Give the published languages, None for all; raises InputRefused when there is none."""
    published = at(item, "published")
    if published is None or published is True:
        return None
    tags = published.items() if isinstance(published, dict) else ()
    spoken = frozenset(tag for tag, is_so in tags if is_so is True)
    if not spoken:
        raise InputRefused("not published")
    return spoken


def _told(item: Json, name: str, spoken: frozenset[str] | None, context: Context) -> dict[str, str]:
    """Give a text in the published languages."""
    told = texts(item, name, language=context.language)
    return {tag: text for tag, text in told.items() if spoken is None or tag in spoken}


def _facts(
    item: Json, spoken: frozenset[str] | None, context: Context
) -> tuple[str, Walk | Event | Place]:
    if number(item, "length_2d") is not None or number(item, "length") is not None:
        return "walk", _walk(item, spoken, context)
    if line(item, "begin_date"):
        return "event", _event(item, context)
    return "place", _place(item, context)


def _walk(item: Json, spoken: frozenset[str] | None, context: Context) -> Walk:
    parts = parts_of(at(item, "geometry"))
    measured = walk_of(parts) if parts else Walk()
    told = {
        "distance_m": whole(item, "length_2d") or whole(item, "length"),
        "ascent_m": whole(item, "ascent"),
        "descent_m": _fall(item),
        "duration_min": _minutes(item),
    }
    return msgspec.structs.replace(
        measured,
        **{name: value for name, value in told.items() if value is not None},
        difficulty=_label(item, "difficulty", context),
        practice=_label(item, "practice", context),
        start=_told(item, "departure", spoken, context),
        end=_told(item, "arrival", spoken, context),
        access=_told(item, "access", spoken, context),
    )


def _fall(item: Json) -> int | None:
    """Give the descent, which Geotrek writes below 0."""
    descent = number(item, "descent")
    return None if descent is None else abs(round(descent))


def _minutes(item: Json) -> int | None:
    hours = number(item, "duration")
    return round(hours * _HOUR_MIN) if hours and hours > 0 else None


def _label(item: Json, name: str, context: Context) -> Localised:
    """Give the words for a numbered choice, {} when nobody named it."""
    labels = context.extra.get("labels")
    return texts(labels, name, line(item, name), language=context.language)


def _event(item: Json, context: Context) -> Event:
    first = day_of(line(item, "begin_date"))
    last = day_of(line(item, "end_date")) if line(item, "end_date") else None
    hours = hour_of(line(item, "start_time")), hour_of(line(item, "end_time"))
    zone = zone_of(context)
    timing = sitting_on(first, last, zone, hours) if any(hours) else sitting_on(first, last, zone)
    return event_of(
        [timing], context.now, all_day=not any(hours), place=line(item, "meeting_point")
    )


def _place(item: Json, context: Context) -> Place:
    town = f"{line(item, 'postal_code')} {line(item, 'municipality')}".strip()
    return Place(
        address=", ".join(filter(None, (line(item, "street"), town))),
        commune=line(item, "municipality"),
        phone=line(item, "phone"),
        access=texts(item, "accessibility", language=context.language),
        website=line(item, "website"),
    )


def _position(item: Json) -> Geo | None:
    start = at(item, "departure_geom")
    departure = place_of({"type": "Point", "coordinates": start})
    if departure or not isinstance(item, dict):
        return departure
    lat, lon = number(item, "latitude"), number(item, "longitude")
    if lat is not None and lon is not None:
        return Geo(lat=lat, lon=lon)
    return place_of(item.get("geometry"))


def _body(item: Json, spoken: frozenset[str] | None, context: Context) -> Localised:
    return joined(_told(item, name, spoken, context) for name in _BODIES)


def _details(item: Json, spoken: frozenset[str] | None, context: Context) -> dict[str, Json]:
    advice: dict[str, Json] = {name: {**_told(item, name, spoken, context)} for name in _ADVICE}
    return {
        **advice,
        "insee": [*lines(item, "cities")],
        "email": line(item, "email"),
        "contact": {**texts(item, "contact", language=context.language)},
        "highest_m": whole(item, "max_elevation"),
        "lowest_m": whole(item, "min_elevation"),
    }
