"""Makes event records (and place records) of OpenAgenda's answers, v2 and v1.

Rules:
1. An event is one record with all its sittings; it starts with the next one (see sittings.py).
2. Drafts, private, refused, cancelled and postponed events are rejected with that reason; one
   that awaits moderation is marked ``moderated`` false.
3. ``updatedAt`` is when it was observed, never later than the reading.
4. A list of locations gives places; a list of agendas holds no item and is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from kiosk.domain.errors import InputRefused
from kiosk.domain.facts import Event, Place, data_of
from kiosk.domain.record import Json, Localised, Record, text_in
from sync.connectors.base import Context, Item, each, first_of, record_of
from sync.connectors.glance import at, joined, line, lines, many, position, texts, whole
from sync.connectors.openagenda.timings import timings_of
from sync.connectors.sittings import event_of, over_at
from sync.connectors.strict_json import read_json
from sync.connectors.times import observed, zone_of

_SLUG = re.compile(r"[a-zA-Z0-9_-]{1,200}", re.ASCII)
_REFUSED, _PUBLISHED = -1, 2
_STATUS = {4: "postponed", 6: "cancelled"}
_FULL, _ONLINE_FROM = 5, 2
_ACCESS = ("ii", "hi", "vi", "pi", "mi")  # intellectual, hearing, visual, psychic, motor


def parse(raw: bytes, context: Context) -> Iterator[Item]:
    """Give the events' or locations' records; raises InputRefused on any other answer."""
    zone_of(context)
    document = read_json(raw)
    events = _list(document, "event", "events", "data")
    if events is not None:
        yield from each(_numbered("event", events), lambda one: _event(one, context))
        return
    locations = _list(document, "location", "locations")
    if locations is None:
        raise InputRefused(_why(document))
    yield from each(_numbered("location", locations), lambda one: _location(one, context))


def _list(document: Json, single: str, *several: str) -> list[Json] | None:
    """Give the answer's items: a list under one of ``several``, or one under ``single``."""
    named = document if isinstance(document, dict) else {}
    for found in (named.get(name) for name in several):
        if isinstance(found, list):
            return found
    alone = named.get(single)
    return [alone] if isinstance(alone, dict) else None


def _why(document: Json) -> str:
    """Give what the answer says is wrong with the question, else what it lacks."""
    said = line(document, "message") or line(document, "error")
    return f"OpenAgenda answers: {said[:100]}" if said else "no events and no locations"


def _numbered(what: str, items: list[Json]) -> Iterator[tuple[str, Json]]:
    return ((f"{what} {line(one, 'uid') or number}", one) for number, one in enumerate(items, 1))


def _event(event: Json, context: Context) -> Record:
    _check(event)
    uid, place = line(event, "uid"), _place_of(event)
    if not uid:
        raise InputRefused("no uid")
    facts = _facts(event, place, context)
    return record_of(
        context,
        id=uid,
        kind="event",
        title=texts(event, "title", language=context.language),
        body=_body(event, context),
        geo=position(place, "latitude", "longitude"),
        observed_at=observed(at(event, "updatedAt"), context),
        valid_until=over_at(facts),
        data={**data_of(facts), **_details(event, context)},
    )


def _check(event: Json) -> None:
    """Refuse an event that isn't to be shown; raises InputRefused."""
    for name in ("draft", "private"):
        if at(event, name) in (True, 1):
            raise InputRefused(f"{name}: not to be shown")
    if at(event, "state") == _REFUSED:
        raise InputRefused("refused by the agenda's moderators")
    status = whole(event, "status")
    if status in _STATUS:
        raise InputRefused(_STATUS[status])


def _place_of(event: Json) -> dict[str, Json]:
    """Give where the event is, in v2's names; v1 has its own beside the event."""
    inner = at(event, "location")
    if isinstance(inner, dict):
        return inner
    older = at(event, "locations") or event
    return {
        "name": line(older, "locationName") or line(older, "placename"),
        "address": line(older, "address"),
        "city": line(older, "city"),
        "latitude": at(older, "latitude"),
        "longitude": at(older, "longitude"),
    }


def _zone(event: Json, place: Json, context: Context) -> ZoneInfo:
    """Give the event's own time zone, the context's when it has none that exists."""
    named = first_of((line(event, "timezone"), line(place, "timezone"), context.timezone))
    try:
        return ZoneInfo(named)
    except (KeyError, ValueError, OSError):
        return zone_of(context)


def _facts(event: Json, place: Json, context: Context) -> Event:
    conditions = texts(event, "conditions", language=context.language)
    named = (line(place, "name"), line(place, "address"))
    return event_of(
        timings_of(event, _zone(event, place, context)),
        context.now,
        place=", ".join(dict.fromkeys(filter(None, named))),
        commune=line(place, "city"),
        price=text_in(conditions, context.language)[0],
    )


def _body(event: Json, context: Context) -> Localised:
    """Give the short text, and the long one under it when it says more, by language."""
    names = ("description", "longDescription")
    return joined(texts(event, name, language=context.language) for name in names)


def _details(event: Json, context: Context) -> dict[str, Json]:
    keywords = at(event, "keywords")
    words = at(keywords, context.language) if isinstance(keywords, dict) else keywords
    access = at(event, "accessibility")
    mode = at(event, "attendanceMode")
    return {
        "agenda": line(event, "originAgenda", "title"),
        "url": _url(event),
        "keywords": [*lines(words)],
        "conditions": {**texts(event, "conditions", language=context.language)},
        "age_min": whole(event, "age", "min"),
        "age_max": whole(event, "age", "max"),
        "access": [name for name in _ACCESS if at(access, name) is True or name in many(access)],
        "online": isinstance(mode, int) and mode >= _ONLINE_FROM,
        "full": at(event, "status") == _FULL,
        "moderated": at(event, "state") in (None, _PUBLISHED),
    }


def _url(event: Json) -> str:
    agenda, slug = line(event, "originAgenda", "slug"), line(event, "slug")
    known = line(event, "canonicalUrl") or line(event, "link")
    if known or not (_SLUG.fullmatch(agenda) and _SLUG.fullmatch(slug)):
        return known
    return f"https://openagenda.com/{agenda}/events/{slug}"


def _location(location: Json, context: Context) -> Record:
    facts = Place(
        address=line(location, "address"),
        commune=line(location, "city"),
        phone=line(location, "phone"),
        access=texts(location, "access", language=context.language),
        website=line(location, "website"),
    )
    uid = line(location, "uid")
    if not uid:
        raise InputRefused("no uid")
    return record_of(
        context,
        id=f"location/{uid}",
        kind="place",
        title=texts(location, "name", language=context.language),
        body=texts(location, "description", language=context.language),
        geo=position(location, "latitude", "longitude"),
        observed_at=observed(at(location, "updatedAt"), context),
        data={**data_of(facts), "insee": line(location, "insee")},
    )
