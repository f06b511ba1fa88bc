from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest
from google.transit import gtfs_realtime_pb2 as pb
from hypothesis import given
from hypothesis import strategies as st

from kiosk.domain.facts import Gauge, facts_of
from kiosk.domain.opening_hours.engine import Engine
from kiosk.domain.opening_hours.surroundings import Surroundings
from kiosk.domain.record import Geo, Json, Record
from kiosk.domain.transit import Departing, TimetableRows
from sync.connectors.base import Context, guarded
from sync.connectors.registry import load, manifest_of
from sync.engine.feeder import DELAY_TOP_S, GAUGE_MAPPING, RUNS_MAX, Site, gauges, trip_updates
from sync.engine.running import AFTER, BEFORE, Call, Network, Run
from sync.engine.updates import trip_updates_of

PARIS = ZoneInfo("Europe/Paris")
HOURS = Engine(Surroundings(zone=PARIS))
SUNDAY = datetime(2026, 11, 22, 9, 42, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 7, 42, tzinfo=UTC)
STEP_S = 240
CANCELED = pb.TripDescriptor.CANCELED

CAR_PARK = Site(
    id="parking",
    title={"fr": "Parking", "en": "Car park"},
    what="free_places",
    capacity=100,
    place="parking",
    geo=Geo(lat=48.4, lon=0.1),
    popularity=40,
)
POOL = Site(
    id="piscine",
    title={"fr": "Piscine", "en": "Pool"},
    what="people_inside",
    capacity=180,
    hours="Mo-Sa 10:00-20:00; Su 09:00-19:00",
)

seeds = st.integers(0, 2**32)
moments = st.datetimes(
    datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)  # noqa: DTZ001
)  # fmt: skip


def run(trip: str, now: datetime, *, calls: int = 6, late_s: int = 0) -> Run:
    start = int(now.timestamp()) + late_s - STEP_S
    stops: list[Call] = [(start + n * STEP_S, n + 1, f"stop-{n}") for n in range(calls)]
    return Run(trip=trip, route="L1", day=now.astimezone(PARIS).date(), calls=tuple(stops))


def runs(now: datetime, count: int = 60) -> list[Run]:
    return [run(f"trip-{number}", now) for number in range(count)]


def feed_of(raw: bytes) -> pb.FeedMessage:
    message = pb.FeedMessage()
    message.ParseFromString(raw)
    return message


def delays(raw: bytes) -> list[int]:
    return [
        call.departure.delay
        for entity in feed_of(raw).entity
        for call in entity.trip_update.stop_time_update
    ]


def records(slug: str, raw: bytes, now: datetime, **extra: Json) -> list[Record]:
    context = Context(
        dataset="d", source="Démo", licence="CC0", observed_at=now, now=now, demo=True, extra=extra
    )
    items = list(guarded(load(slug).parse, raw, context, manifest_of(slug), time.monotonic))
    assert all(isinstance(item, Record) for item in items), items
    return [item for item in items if isinstance(item, Record)]


def counts(seed: int, now: datetime, *sites: Site) -> list[Gauge]:
    raw = gauges(seed, now.astimezone(PARIS), sites, HOURS)
    found = records("opendatasoft", raw, now, mapping={**GAUGE_MAPPING})
    return [facts_of(record, Gauge) for record in found]


@given(seeds, moments)
def test_the_same_seed_and_moment_give_the_same_bytes(seed: int, now: datetime) -> None:
    on_the_way = runs(now, 5)
    assert trip_updates(seed, now, on_the_way) == trip_updates(seed, now, on_the_way)
    local, both = now.astimezone(PARIS), [CAR_PARK, POOL]
    assert gauges(seed, local, both, HOURS) == gauges(seed, local, both, HOURS)


def test_another_seed_gives_other_delays() -> None:
    assert trip_updates(1, MONDAY, runs(MONDAY)) != trip_updates(2, MONDAY, runs(MONDAY))


@given(seeds, moments)
def test_the_bytes_are_a_feed_that_its_connector_reads_whole(seed: int, now: datetime) -> None:
    found = records("gtfs_rt", trip_updates(seed, now, runs(now, 8)), now)
    assert all(record.demo and record.kind == "trip_update" for record in found)
    assert all(record.observed_at == now.replace(microsecond=0) for record in found)


@given(seeds, moments)
def test_a_bus_is_never_early_and_never_lost(seed: int, now: datetime) -> None:
    assert all(0 <= delay <= DELAY_TOP_S for delay in delays(trip_updates(seed, now, runs(now))))


def test_some_buses_are_on_time_and_some_are_late() -> None:
    found = delays(trip_updates(61, MONDAY, runs(MONDAY)))
    assert 0 in found
    assert max(found) >= 120


def test_a_delay_drifts_without_jumps() -> None:
    on_the_way = [run(f"trip-{number}", MONDAY, late_s=1_800) for number in range(40)]
    later = MONDAY + timedelta(seconds=30)
    before, after = (delays(trip_updates(61, now, on_the_way)) for now in (MONDAY, later))
    steps = [abs(one - other) for one, other in zip(before, after, strict=True)]
    assert max(steps) <= 30
    assert any(steps)


def test_the_expected_time_is_the_timetables_and_the_delay() -> None:
    one = run("trip-2", MONDAY, late_s=600)
    (entity,) = feed_of(trip_updates(61, MONDAY, [one])).entity
    for call, (departure, sequence, stop) in zip(
        entity.trip_update.stop_time_update, one.calls, strict=True
    ):
        assert call.departure.time == departure + call.departure.delay
        assert (call.stop_sequence, call.stop_id) == (sequence, stop)


def test_stops_that_the_bus_has_left_are_not_told() -> None:
    gone = run("trip-1", MONDAY - timedelta(minutes=10))
    update = feed_of(trip_updates(61, MONDAY, [gone])).entity[0].trip_update
    assert 0 < len(update.stop_time_update) < len(gone.calls)
    assert all(call.departure.time >= MONDAY.timestamp() for call in update.stop_time_update)


@given(seeds)
def test_at_most_one_trip_is_cancelled_at_a_time(seed: int) -> None:
    entities = feed_of(trip_updates(seed, MONDAY, runs(MONDAY))).entity
    trips = [entity.trip_update for entity in entities]
    gone = [trip for trip in trips if trip.trip.schedule_relationship == CANCELED]
    assert len(gone) <= 1
    assert all(not trip.stop_time_update for trip in gone)


def test_a_trip_is_cancelled_sometimes() -> None:
    feeds = (feed_of(trip_updates(seed, MONDAY, runs(MONDAY, 10))) for seed in range(20))
    flags = [
        any(entity.trip_update.trip.schedule_relationship for entity in feed.entity)
        for feed in feeds
    ]
    assert True in flags
    assert False in flags


def test_a_feed_has_a_bounded_number_of_trips() -> None:
    assert len(feed_of(trip_updates(61, MONDAY, runs(MONDAY, RUNS_MAX + 5))).entity) == RUNS_MAX


def test_updates_reach_the_timetable_with_all_they_say() -> None:
    on_the_way = [run("trip-2", MONDAY, late_s=600, calls=1)]
    found = records("gtfs_rt", trip_updates(61, MONDAY, on_the_way), MONDAY)
    (update,) = trip_updates_of(found)
    assert (update.trip, update.stop, update.stop_sequence) == ("trip-2", "stop-0", 1)
    assert update.start_day == "20261123"
    assert update.expected is not None
    assert update.delay_s is not None
    scheduled = datetime.fromtimestamp(on_the_way[0].calls[0][0], UTC)
    assert update.expected == scheduled + timedelta(seconds=update.delay_s)
    assert (update.demo, update.cancelled, update.observed_at) == (True, False, MONDAY)
    assert update.valid_until is not None


@given(seeds, moments)
def test_a_count_is_always_within_its_capacity(seed: int, now: datetime) -> None:
    for gauge in counts(seed, now, CAR_PARK, POOL):
        assert 0 <= gauge.value <= gauge.capacity


def test_a_gauge_is_a_complete_record() -> None:
    raw = gauges(61, SUNDAY.astimezone(PARIS), [CAR_PARK], HOURS)
    (record,) = records("opendatasoft", raw, SUNDAY, mapping={**GAUGE_MAPPING})
    assert record.title == {"fr": "Parking", "en": "Car park"}
    assert (record.geo, record.popularity, record.demo) == (CAR_PARK.geo, 40, True)
    assert record.observed_at == SUNDAY
    assert record.valid_until is not None
    assert facts_of(record, Gauge).place == "parking"


def test_a_gauge_without_position_has_none() -> None:
    raw = gauges(61, SUNDAY.astimezone(PARIS), [POOL], HOURS)
    (record,) = records("opendatasoft", raw, SUNDAY, mapping={**GAUGE_MAPPING})
    assert record.geo is None
    assert msgspec.json.decode(raw)["total_count"] == 1


def test_a_car_park_fills_by_day_and_empties_by_night() -> None:
    night, noon = (
        counts(61, datetime(2026, 11, 24, hour, tzinfo=PARIS), CAR_PARK)[0].value
        for hour in (4, 13)
    )
    assert night > noon + 30


def test_bikes_stand_at_their_station_by_night_and_are_out_by_day() -> None:
    station = replace(CAR_PARK, what="vehicles")
    night, noon = (
        counts(61, datetime(2026, 11, 24, hour, tzinfo=PARIS), station)[0].value for hour in (4, 13)
    )
    assert night > noon + 30


def test_working_days_fill_a_car_park_more_than_sundays() -> None:
    def free(day: int) -> int:
        return sum(
            counts(seed, datetime(2026, 11, day, 13, tzinfo=PARIS), CAR_PARK)[0].value
            for seed in range(10)
        )

    assert free(24) < free(22)


@pytest.mark.parametrize(("hour", "open_"), [(3, False), (8, False), (12, True), (21, False)])
def test_nobody_swims_while_the_pool_is_closed(hour: int, open_: bool) -> None:
    (gauge,) = counts(61, datetime(2026, 11, 24, hour, tzinfo=PARIS), POOL)
    assert gauge.open is open_
    assert bool(gauge.value) is open_


def test_counts_move_with_the_minutes() -> None:
    values = {
        counts(61, datetime(2026, 11, 24, 12, minute, tzinfo=PARIS), POOL)[0].value
        for minute in range(0, 60, 5)
    }
    assert len(values) >= 3


def timetable() -> TimetableRows:
    """One trip at 8:00 on working days, one at 24:30 every day, one without any day."""
    monday_to_friday, every_day = 0b0011111, 0b1111111
    first, last = date(2026, 1, 1).toordinal(), date(2026, 12, 31).toordinal()
    leaving = Departing(
        departures=[28_800, 28_800, 29_100, 88_200],
        trips=[0, 2, 0, 1],
        sequences=[1, 1, 2, 1],
        stops=[0, 0, 1, 0],
        services=[0, 9, 0, 1],
        headsigns=[0, 0, 0, 0],
    )
    trips = ["morning", "night", "never"]
    return TimetableRows(
        timezone="Europe/Paris",
        last_s=90_000,
        boards=[(0, "gare", "Gare", "gare", 48.4, 0.1, 4, leaving.pack())],
        stops=[(0, "gare", "Gare", "", 0, 0), (1, "halles", "Halles", "", 0, 0)],
        routes=[(0, "L1", "1", "", "", 3)],
        services=[(0, monday_to_friday, first, last), (1, every_day, first, last)],
        exceptions=[
            (date(2026, 11, 24).toordinal(), 0, 0),
            (date(2026, 11, 22).toordinal(), 0, 1),
        ],
        trips=[(number, trip, 0, "", "", 0) for number, trip in enumerate(trips)],
        headsigns=[],
    )


def running(day: int, hour: int, minute: int = 0) -> list[str]:
    now = datetime(2026, 11, day, hour, minute, tzinfo=PARIS)
    return [one.trip for one in Network(timetable()).running(now)]


def test_a_trip_runs_with_its_calls_in_order() -> None:
    now = datetime(2026, 11, 23, 7, 55, tzinfo=PARIS)
    (morning,) = Network(timetable()).running(now)
    eight = int(datetime(2026, 11, 23, 8, tzinfo=PARIS).timestamp())
    assert morning == Run(
        trip="morning",
        route="L1",
        day=date(2026, 11, 23),
        calls=((eight, 1, "gare"), (eight + 300, 2, "halles")),
    )


@pytest.mark.parametrize(
    ("hour", "minute", "trips"),
    [
        (7, 60 - int(BEFORE.total_seconds() // 60), ["morning"]),
        (7, 59 - int(BEFORE.total_seconds() // 60), []),
        (8, 5 + int(AFTER.total_seconds() // 60), ["morning"]),
        (8, 6 + int(AFTER.total_seconds() // 60), []),
    ],
)
def test_a_trip_is_told_of_from_before_it_leaves_to_after_its_end(
    hour: int, minute: int, trips: list[str]
) -> None:
    assert running(23, hour, minute) == trips


@pytest.mark.parametrize(
    ("day", "trips"), [(20, ["morning"]), (21, []), (22, ["morning"]), (24, [])],
    ids=["a Friday", "a Saturday", "a Sunday added", "a Tuesday taken out"],
)  # fmt: skip
def test_a_trip_runs_on_the_days_of_its_calendar(day: int, trips: list[str]) -> None:
    assert running(day, 7, 55) == trips


def test_a_trip_past_midnight_belongs_to_the_day_before() -> None:
    (night,) = Network(timetable()).running(datetime(2026, 11, 25, 0, 20, tzinfo=PARIS))
    assert (night.trip, night.day) == ("night", date(2026, 11, 24))


def test_the_hours_of_a_service_day_count_from_noon() -> None:
    # Summer time ends on this day: midnight plus 24 h 30 would be half past eleven.
    now = datetime(2026, 10, 25, 23, 50, tzinfo=PARIS)
    (night,) = Network(timetable()).running(now)
    assert datetime.fromtimestamp(night.calls[0][0], PARIS).strftime("%H:%M") == "00:30"
