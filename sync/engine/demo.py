"""Says which live feeds a demonstration pack asks for, and makes them from its seeds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

import structlog

from kiosk.domain.errors import InputRefused
from kiosk.domain.facts import Gauge, Place, facts_of
from kiosk.domain.record import Record, Reject
from kiosk.domain.territory import Dataset, Territory
from kiosk.ports import OpeningHours
from kiosk.store.hours import engine_of
from kiosk.store.pack_records import seed_records
from kiosk.store.pack_seed import gtfs_zip
from sync.connectors.base import Context
from sync.connectors.gtfs.connector import read_timetable
from sync.engine.feeder import Site, gauges, trip_updates
from sync.engine.running import Network

SEED = 61  # of the made-up delays and counts
GAUGES = "gauges"  # a dataset's connector, in a demonstration pack
TIMETABLE = "bus"

log = structlog.get_logger("sync.demo")


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A live dataset: the connector that reads it, and who makes its bytes at a moment."""

    dataset: Dataset
    connector: Literal["gtfs_rt", "opendatasoft"]
    fetch: Callable[[datetime], bytes]


def live_feeds(folder: Path, territory: Territory, now: datetime) -> Iterator[Feed]:
    """Give the live feeds that the pack in ``folder`` asks for: its gauges, its buses' delays.

    A timetable that can't be read gives no feed, and a line in the log.
    """
    zone = ZoneInfo(territory.timezone)
    hours = _hours(folder, territory, zone, now)
    for dataset in territory.datasets.values():
        if not dataset.demo:
            continue
        if dataset.connector == GAUGES:
            sites = _sites(_seeds(folder, dataset, zone, now), hours)
            fetch = _gauge_source(sites, engine_of(territory), zone)
            yield Feed(dataset=dataset, connector="opendatasoft", fetch=fetch)
        elif (dataset.id, dataset.connector) == (TIMETABLE, "gtfs"):
            yield from _delays(folder, dataset, now)


def _gauge_source(
    sites: list[Site], hours: OpeningHours, zone: ZoneInfo
) -> Callable[[datetime], bytes]:
    return lambda now: gauges(SEED, now.astimezone(zone), sites, hours)


def _delay_source(network: Network) -> Callable[[datetime], bytes]:
    return lambda now: trip_updates(SEED, now, network.running(now))


def _delays(folder: Path, dataset: Dataset, now: datetime) -> Iterator[Feed]:
    try:
        network = _network(folder, dataset, now)
    except InputRefused as wrong:
        log.warning("feed.failed", dataset=dataset.id, why=str(wrong))
        return
    yield Feed(dataset=dataset, connector="gtfs_rt", fetch=_delay_source(network))


def _network(folder: Path, dataset: Dataset, now: datetime) -> Network:
    context = Context(
        dataset=dataset.id,
        source=dataset.source,
        licence=dataset.licence,
        observed_at=now,
        now=now,
    )
    rows, _records = read_timetable(gtfs_zip(folder / dataset.seed), context)
    return Network(rows)


def _seeds(folder: Path, dataset: Dataset, zone: ZoneInfo, now: datetime) -> list[Record]:
    found = seed_records(folder, dataset, now, zone) if dataset.seed else iter(())
    return [one for one in found if not isinstance(one, Reject)]


def _hours(folder: Path, territory: Territory, zone: ZoneInfo, now: datetime) -> dict[str, str]:
    """Give the opening hours of the pack's places, by the id of the gauge that counts them."""
    hours: dict[str, str] = {}
    for dataset in territory.datasets.values():
        if dataset.kind == "place":
            for record in _seeds(folder, dataset, zone, now):
                place = facts_of(record, Place)
                if place.gauge:
                    hours[place.gauge] = place.hours
    return hours


def _sites(records: list[Record], hours: dict[str, str]) -> list[Site]:
    sites: list[Site] = []
    for record in records:
        gauge = facts_of(record, Gauge)
        sites.append(
            Site(
                id=record.id,
                title=record.title,
                what=gauge.what,
                capacity=gauge.capacity,
                place=gauge.place,
                geo=record.geo,
                hours=hours.get(record.id, ""),
                popularity=record.popularity,
            )
        )
    return sites
