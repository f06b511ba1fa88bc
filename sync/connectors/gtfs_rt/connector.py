"""Makes records of a GTFS-Realtime feed: one a stop of a trip, one a vehicle, one an alert.

===========  ===================================================================
kind         data
===========  ===================================================================
trip_update  {trip, route, start_day, stop, stop_sequence, delay_s, expected,
             cancelled}; ``stop`` "" speaks of the whole trip; ``expected`` is in
             epoch seconds or null
vehicle      {trip, route, stop, label, bearing}; its position is the record's
notice       {level, topic, routes, stops, trips, cause, effect, url}; texts in
             each language that the feed has
===========  ===================================================================
What is said of trips and vehicles holds ``extra["valid_s"]`` (90) seconds after the feed's own
time; an alert holds for its active periods. A departure counts before an arrival, and a
stop's own time before the trip's delay. Deleted entities are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

from google.protobuf.message import DecodeError
from google.transit import gtfs_realtime_pb2 as pb

from kiosk.domain.errors import InputRefused
from kiosk.domain.facts import Level, Notice, data_of
from kiosk.domain.record import Json, Record
from kiosk.domain.text import clean_line
from sync.connectors.base import Context, Item, first_of, geo_of, record_of, reject_of

ENTITIES_MAX = 100_000
STOPS_MAX = 500  # of one trip
DELAY_MAX_S = 86_400
INFORMED_MAX = 200  # of one alert
VALID_S, VALID_S_MAX = 90, 86_400
_EPOCH_MIN, _EPOCH_MAX = 946_684_800, 4_102_444_800  # 2000…2100

_LEVELS: dict[int, Level] = {
    pb.Alert.INFO: "info",
    pb.Alert.WARNING: "yellow",
    pb.Alert.SEVERE: "orange",
}
_GONE = (pb.TripDescriptor.CANCELED, pb.TripDescriptor.DELETED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """What the feed's header says of all its entities."""

    context: Context
    valid_until: datetime


Read: TypeAlias = Callable[[pb.FeedEntity, Feed], Iterator[Record]]


def parse(raw: bytes, context: Context) -> Iterator[Item]:
    """Give the feed's records; raises InputRefused when it isn't GTFS-Realtime."""
    message = pb.FeedMessage()
    try:
        message.ParseFromString(raw)
    except DecodeError as wrong:
        raise InputRefused("not GTFS-Realtime: the protocol buffer can't be decoded") from wrong
    if not message.header.gtfs_realtime_version:
        raise InputRefused("not GTFS-Realtime: no header with a version")
    if len(message.entity) > ENTITIES_MAX:
        raise InputRefused(f"more than {ENTITIES_MAX} entities")
    feed = _feed(message.header, context)
    for number, entity in enumerate(message.entity, 1):
        if not entity.is_deleted:
            yield from _items(entity, f"entity {number}", feed)


def _feed(header: pb.FeedHeader, context: Context) -> Feed:
    seconds = context.extra.get("valid_s", VALID_S)
    if not isinstance(seconds, int) or not 0 < seconds <= VALID_S_MAX:
        raise InputRefused(f"valid_s isn't between 1 and {VALID_S_MAX}", where="context")
    observed_at = _moment(header.timestamp) or context.observed_at
    return Feed(
        context=replace(context, observed_at=observed_at),
        valid_until=observed_at + timedelta(seconds=seconds),
    )


def _items(entity: pb.FeedEntity, where: str, feed: Feed) -> Iterator[Item]:
    held = [read for name, read in _READERS.items() if entity.HasField(name)]
    for read in held:
        try:
            yield from read(entity, feed)
        except (InputRefused, ValueError, OverflowError) as wrong:
            yield reject_of(where, wrong)
    if not held:
        yield reject_of(where, "no trip update, vehicle or alert in it")


def _trip_records(entity: pb.FeedEntity, feed: Feed) -> Iterator[Record]:
    update, trip = entity.trip_update, entity.trip_update.trip
    if not _line(trip.trip_id):
        raise InputRefused("a trip update without trip_id")
    if len(update.stop_time_update) > STOPS_MAX:
        raise InputRefused(f"more than {STOPS_MAX} stops in one trip")
    if trip.schedule_relationship in _GONE:
        yield _trip_record(trip, feed, _facts(cancelled=True))
        return
    if update.HasField("delay"):
        yield _trip_record(trip, feed, _facts(delay_s=_delay(update.delay)))
    for stop in update.stop_time_update:
        facts = _stop_facts(stop)
        if facts is not None:
            yield _trip_record(trip, feed, facts)


def _stop_facts(stop: pb.TripUpdate.StopTimeUpdate) -> dict[str, Json] | None:
    """Give what is said of one stop; None when it says that nothing is known."""
    relation = stop.schedule_relationship
    if relation == stop.NO_DATA:
        return None
    sequence = stop.stop_sequence if stop.HasField("stop_sequence") else None
    stop_id = _line(stop.stop_id)
    if not stop_id and sequence is None:
        raise InputRefused("a stop without stop_id and stop_sequence")
    event = stop.departure if stop.HasField("departure") else stop.arrival
    return _facts(
        stop=stop_id,
        stop_sequence=sequence,
        delay_s=_delay(event.delay) if event.HasField("delay") else None,
        expected=event.time if _moment(event.time) else None,
        cancelled=relation == stop.SKIPPED,
    )


def _facts(
    *,
    stop: str = "",
    stop_sequence: int | None = None,
    delay_s: int | None = None,
    expected: int | None = None,
    cancelled: bool = False,
) -> dict[str, Json]:
    return {
        "stop": stop,
        "stop_sequence": stop_sequence,
        "delay_s": delay_s,
        "expected": expected,
        "cancelled": cancelled,
    }


def _delay(seconds: int) -> int:
    if abs(seconds) > DELAY_MAX_S:
        raise InputRefused(f"a delay of {seconds} s")
    return seconds


def _trip_record(trip: pb.TripDescriptor, feed: Feed, facts: dict[str, Json]) -> Record:
    sequence = facts["stop_sequence"]
    trip_id, day = _line(trip.trip_id), _line(trip.start_date)
    run = f"{trip_id}|{day}|{_line(trip.start_time)}".rstrip("|")
    place = f"{facts['stop']}#{'' if sequence is None else sequence}"
    return record_of(
        feed.context,
        id=run if place == "#" else f"{run}@{place}",
        kind="trip_update",
        title=trip_id,
        valid_until=feed.valid_until,
        data={
            "trip": trip_id,
            "route": _line(trip.route_id),
            "start_day": day,
            **facts,
        },
    )


def _vehicle(entity: pb.FeedEntity, feed: Feed) -> Iterator[Record]:
    vehicle = entity.vehicle
    position = vehicle.position
    geo = geo_of(position.latitude, position.longitude)  # 0, 0 when the feed has none
    if geo is None:
        raise InputRefused("a vehicle without position")
    identity, label = _line(vehicle.vehicle.id), _line(vehicle.vehicle.label)
    trip = _line(vehicle.trip.trip_id)
    observed_at = _moment(vehicle.timestamp)
    yield record_of(
        feed.context,
        id=identity or _line(entity.id),
        kind="vehicle",
        title=first_of((label, identity, trip, _line(entity.id))),
        geo=geo,
        observed_at=observed_at,
        valid_until=feed.valid_until,
        data={
            "trip": trip,
            "route": _line(vehicle.trip.route_id),
            "stop": _line(vehicle.stop_id),
            "label": label,
            "bearing": _bearing(position),
        },
    )


def _bearing(position: pb.Position) -> float | None:
    """Give degrees from north; None when they aren't told or aren't any."""
    known = position.HasField("bearing") and 0 <= position.bearing <= 360
    return position.bearing if known else None


def _alert(entity: pb.FeedEntity, feed: Feed) -> Iterator[Record]:
    alert = entity.alert
    starts, ends = _period(alert)
    language = feed.context.language
    body = _texts(alert.description_text, language)
    url = _texts(alert.url, language)
    yield record_of(
        feed.context,
        id=f"alert:{_line(entity.id)}",
        kind="notice",
        title=_texts(alert.header_text, language) or body,
        body=body,
        valid_from=starts,
        valid_until=ends,
        data={
            **data_of(Notice(level=_level(alert))),
            **_informed(alert),
            "cause": pb.Alert.Cause.Name(alert.cause).lower(),
            "effect": pb.Alert.Effect.Name(alert.effect).lower(),
            "url": clean_line(next(iter(url.values()), "")),
        },
    )


def _level(alert: pb.Alert) -> Level:
    known = _LEVELS.get(alert.severity_level)
    return known or ("yellow" if alert.effect == pb.Alert.NO_SERVICE else "info")


def _period(alert: pb.Alert) -> tuple[datetime | None, datetime | None]:
    """Give from when to when the alert holds; None where a period is open, or there is none."""
    starts = [_moment(period.start) for period in alert.active_period]
    ends = [_moment(period.end) for period in alert.active_period]
    known = [moment for moment in ends if moment]
    is_open = len(known) < len(ends)
    first = min(filter(None, starts), default=None)
    return first, None if is_open else max(known, default=None)


def _informed(alert: pb.Alert) -> dict[str, Json]:
    """Give the routes, stops and trips that an alert speaks of."""
    selectors = alert.informed_entity[:INFORMED_MAX]
    return {
        "routes": _names(selector.route_id for selector in selectors),
        "stops": _names(selector.stop_id for selector in selectors),
        "trips": _names(selector.trip.trip_id for selector in selectors),
    }


def _names(values: Iterable[str]) -> list[Json]:
    return [*dict.fromkeys(filter(None, map(_line, values)))]


def _texts(texts: pb.TranslatedString, language: str) -> dict[str, str]:
    """Give the texts by language (its first subtag); one without language is the context's."""
    return {
        _line(text.language).split("-", 1)[0].casefold() or language: _decoded(text.text)
        for text in reversed(texts.translation)
    }


def _line(text: str) -> str:
    return clean_line(_decoded(text))


def _decoded(text: object) -> str:
    """Give a feed's text; the protobuf library hands bytes over when it isn't UTF-8."""
    if not isinstance(text, str):
        raise InputRefused("a text that isn't UTF-8")
    return text


def _moment(seconds: int) -> datetime | None:
    """Give an epoch time, None when it is 0 or not of this century."""
    known = _EPOCH_MIN <= seconds <= _EPOCH_MAX
    return datetime.fromtimestamp(seconds, UTC) if known else None


_READERS: Mapping[str, Read] = {
    "trip_update": _trip_records,
    "vehicle": _vehicle,
    "alert": _alert,
}
