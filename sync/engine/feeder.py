"""The demonstration's live source: real feed bytes, made up from a seed and the time alone.

The bytes go through the connectors like any feed's; every record that comes of them is marked
``demo``. The same seed and moment give the same bytes on every machine.

Rules:
1. A bus is on time or late, never early; its delay swells and shrinks slowly along its way.
2. At most one run in twenty-five is cancelled, and at most one at a time.
3. A car park fills from morning to afternoon, more on working days; a pool has its noon and its
   evening, and nobody in it while its door is closed.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
from google.transit import gtfs_realtime_pb2 as pb

from kiosk.domain.facts import Counted
from kiosk.domain.hours import Door
from kiosk.domain.record import Geo, Json, Localised
from kiosk.ports import OpeningHours
from sync.engine.running import Run

RUNS_MAX = 500
DELAY_TOP_S = 420
_CANCELLED_SHARE = 0.04
_DRIFT_S = 1_100  # period of a delay's slow wave
_STEP_S = 10
_SATURDAY = 5

# How a gauge's row is read back (sync/connectors/opendatasoft).
GAUGE_VALID_S = 900
GAUGE_MAPPING: Mapping[str, Json] = {
    "kind": "gauge",
    "id": "id",
    "title": {"fr": "nom", "en": "name_en"},
    "observed_at": "measured_at",
    "popularity": "popularity",
    "valid_s": GAUGE_VALID_S,
    "facts": {name: name for name in ("what", "value", "capacity", "open", "place")},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A car park or a pool whose gauge is made up; ``hours`` as in kiosk.domain.facts.Place."""

    id: str
    title: Localised
    what: Counted
    capacity: int
    place: str = ""
    geo: Geo | None = None
    hours: str = ""
    popularity: int = 0


def trip_updates(seed: int, now: datetime, runs: Sequence[Run]) -> bytes:
    """Give a GTFS-Realtime feed for the runs on their way at ``now`` (aware)."""
    message = pb.FeedMessage()
    message.header.gtfs_realtime_version = "2.0"
    message.header.incrementality = pb.FeedHeader.FULL_DATASET
    message.header.timestamp = int(now.timestamp())
    cancelled = next((run for run in runs if _is_cancelled(seed, run)), None)
    for run in runs[:RUNS_MAX]:
        update = _entity(message, run).trip_update
        if run is cancelled:
            update.trip.schedule_relationship = pb.TripDescriptor.CANCELED
        else:
            _add_calls(update, seed, now, run)
    return message.SerializeToString(deterministic=True)


def _entity(message: pb.FeedMessage, run: Run) -> pb.FeedEntity:
    entity = message.entity.add()
    entity.id = f"{run.trip}|{run.day:%Y%m%d}"
    entity.trip_update.trip.trip_id = run.trip
    entity.trip_update.trip.route_id = run.route
    entity.trip_update.trip.start_date = f"{run.day:%Y%m%d}"
    return entity


def _add_calls(update: pb.TripUpdate, seed: int, now: datetime, run: Run) -> None:
    at = now.timestamp()
    for index, (departure, sequence, stop) in enumerate(run.calls):
        delay = _delay(seed, run, at, (index + 1) / len(run.calls))
        if departure + delay < at:
            continue
        call = update.stop_time_update.add()
        call.stop_id, call.stop_sequence = stop, sequence
        call.departure.delay, call.departure.time = delay, departure + delay


def _delay(seed: int, run: Run, at: float, progress: float) -> int:
    """Give seconds: a third of the runs are on time, the others late by up to DELAY_TOP_S."""
    chance = _chance(seed, "delay", run)
    if chance < 1 / 3:
        return 0
    top = DELAY_TOP_S * ((chance - 1 / 3) * 1.5) ** 2
    wave = 0.75 + 0.25 * math.sin(math.tau * (at / _DRIFT_S + chance))
    return round(top * wave * (0.4 + 0.6 * progress) / _STEP_S) * _STEP_S


def _is_cancelled(seed: int, run: Run) -> bool:
    return _chance(seed, "cancelled", run) < _CANCELLED_SHARE


def _chance(seed: int, *about: object) -> float:
    """Give a number in [0, 1) that depends on its arguments alone (``random`` is per process)."""
    named = [f"{one.trip}|{one.day}" if isinstance(one, Run) else str(one) for one in about]
    digest = hashlib.blake2b("|".join([str(seed), *named]).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") / 2**64


def gauges(seed: int, now: datetime, sites: Sequence[Site], hours: OpeningHours) -> bytes:
    """Give an Explore API v2.1 answer with each site's count at ``now`` (aware, local)."""
    rows = [_row(seed, now, site, hours) for site in sites]
    return msgspec.json.encode({"total_count": len(rows), "results": rows})


def _row(seed: int, local: datetime, site: Site, hours: OpeningHours) -> dict[str, Json]:
    door = hours.verdict(site.hours, local).door if site.hours else Door.UNKNOWN
    share = _wobbled(seed, local, site, _filling(site, local))
    inside = 0 if door is Door.CLOSED else round(share * site.capacity)
    value = site.capacity - inside if site.what != "people_inside" else inside
    geo: Json = {"lat": site.geo.lat, "lon": site.geo.lon} if site.geo else None
    return {
        "id": site.id,
        "nom": site.title.get("fr", ""),
        "name_en": site.title.get("en", ""),
        "what": site.what,
        "value": value,
        "capacity": site.capacity,
        "open": door is not Door.CLOSED,
        "place": site.place,
        "popularity": site.popularity,
        "measured_at": local.isoformat(timespec="seconds"),
        "geo_point_2d": geo,
    }


def _filling(site: Site, local: datetime) -> float:
    """Give the share of the capacity in use that this hour of this day calls for."""
    hour = local.hour + local.minute / 60 + local.second / 3600
    weekend = local.weekday() >= _SATURDAY
    if site.what != "people_inside":
        return 0.12 + (0.45 if weekend else 0.75) * _bump(hour, 13.5, 4.2)
    noon, evening = (0.35, 0.30) if weekend else (0.25, 0.40)
    return noon * _bump(hour, 12.0, 2.0) + evening * _bump(hour, 16.5 if weekend else 18.0, 1.8)


def _bump(hour: float, top: float, width: float) -> float:
    return math.exp(-(((hour - top) / width) ** 2))


def _wobbled(seed: int, local: datetime, site: Site, share: float) -> float:
    """Bend a curve by a site's own habit and by a wave of some minutes."""
    habit = 0.8 + 0.4 * _chance(seed, site.id, local.date())
    wave = 0.05 * math.sin(math.tau * (local.timestamp() / 1_500 + _chance(seed, site.id)))
    return min(max(share * habit * (1 + wave), 0.0), 1.0)
