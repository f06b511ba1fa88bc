from __future__ import annotations

import math
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kiosk.domain.distance import metres
from kiosk.domain.freshness import Policy, State
from kiosk.domain.record import Geo, Record
from kiosk.store.database import ContentReader, open_to_write
from kiosk.store.records import RecordStore
from tests.conftest import MovedClock
from tests.unit.kiosk.store.contents import NOW, publish, record

ALENCON = Geo(lat=48.4329, lon=0.0913)
POLICY = Policy(stale_s=3600)


def store(path: Path, clock: MovedClock) -> RecordStore:
    return RecordStore(ContentReader(path), clock)


def test_a_record_comes_back_as_it_went_in(tmp_path: Path, clock: MovedClock) -> None:
    whole = record(
        "a",
        "Piscine",
        body="Bassin",
        at=(48.43, 0.09),
        popularity=42,
        data={"commune": "Alençon", "list": [1, None, True], "deep": {"x": 1.5}},
        valid_from=NOW,
        valid_until=NOW + timedelta(hours=2),
        confidence=0.75,
        demo=True,
    )
    publish(tmp_path / "content.db", [whole])
    found = store(tmp_path / "content.db", clock).record("places", "a", POLICY)
    assert found is not None
    assert found.value == whole
    assert found.freshness.demo


def test_records_come_most_popular_first_up_to_the_limit(tmp_path: Path, clock: MovedClock) -> None:
    publish(tmp_path / "content.db", [record(str(n), popularity=n) for n in range(10)])
    found = store(tmp_path / "content.db", clock).records("places", POLICY, limit=3)
    assert [dated.value.id for dated in found] == ["9", "8", "7"]


def test_an_old_record_is_last_good(tmp_path: Path, clock: MovedClock) -> None:
    publish(tmp_path / "content.db", [record("a")])
    clock.move(4000)
    (dated,) = store(tmp_path / "content.db", clock).records("places", POLICY)
    assert dated.freshness.state is State.LAST_GOOD


def test_what_must_be_withdrawn_is_not_given(tmp_path: Path, clock: MovedClock) -> None:
    gone = record("flag", valid_until=NOW - timedelta(seconds=1), at=(48.4, 0.1))
    publish(tmp_path / "content.db", [gone, record("b")])
    cache = store(tmp_path / "content.db", clock)
    strict = Policy(withdraw=True)
    assert [dated.value.id for dated in cache.records("places", strict)] == ["b"]
    assert cache.record("places", "flag", strict) is None
    assert cache.nearest("places", ALENCON, strict) == []
    assert cache.record("places", "flag", POLICY) is not None


@pytest.mark.parametrize(
    "spoiling",
    [
        "title='{'",
        "title='{}'",
        "data='[]'",
        "lat=500",
        "observed_at=9e18",
        "confidence=7",
        "source=''",
    ],
)
def test_a_row_that_is_not_sound_is_left_out(
    tmp_path: Path, clock: MovedClock, spoiling: str
) -> None:
    path = tmp_path / "content.db"
    publish(path, [record("a", at=(48.4, 0.1)), record("b")])
    connection = open_to_write(path)
    connection.execute(f"UPDATE record SET {spoiling} WHERE id='a'")
    connection.close()
    found = store(path, clock).records("places", POLICY)
    assert [dated.value.id for dated in found] == ["b"]


def scattered(count: int, chance: random.Random) -> list[Record]:
    return [
        record(str(n), at=(48.4 + chance.gauss(0, 0.3), 0.1 + chance.gauss(0, 0.4)))
        for n in range(count)
    ]


@pytest.mark.parametrize("limit", [1, 5, 40])
@pytest.mark.parametrize("count", [400, 900])
def test_the_nearest_are_those_of_a_search_through_all(
    tmp_path: Path, clock: MovedClock, limit: int, count: int
) -> None:
    chance = random.Random(7)
    records = scattered(count, chance)
    publish(tmp_path / "content.db", records)
    cache = store(tmp_path / "content.db", clock)
    for _ in range(20):
        here = Geo(lat=48.4 + chance.gauss(0, 0.5), lon=0.1 + chance.gauss(0, 0.5))
        distance = {r.id: metres(here, r.geo.lat, r.geo.lon) for r in records if r.geo}
        expected = sorted(distance, key=distance.__getitem__)[:limit]
        found = cache.nearest("places", here, POLICY, limit=limit)
        assert [dated.value.id for dated in found] == expected


def test_the_nearest_is_found_however_far(tmp_path: Path, clock: MovedClock) -> None:
    many = [record(str(n)) for n in range(600)]
    publish(tmp_path / "content.db", [record("far", at=(-21.1, 55.5)), *many])
    found = store(tmp_path / "content.db", clock).nearest("places", ALENCON, POLICY)
    assert [dated.value.id for dated in found] == ["far"]


def test_the_nearest_of_one_dataset_ignores_the_others(tmp_path: Path, clock: MovedClock) -> None:
    publish(tmp_path / "content.db", [record("a", at=(48.43, 0.09))], "one")
    publish(tmp_path / "content.db", [record("b", at=(48.9, 0.5))], "two")
    cache = store(tmp_path / "content.db", clock)
    assert [dated.value.id for dated in cache.nearest("two", ALENCON, POLICY)] == ["b"]
    assert cache.nearest("three", ALENCON, POLICY) == []
    assert cache.nearest("one", ALENCON, POLICY, limit=0) == []


def test_distances_are_those_of_a_great_circle() -> None:
    paris = metres(ALENCON, 48.8566, 2.3522)
    assert math.isclose(paris, 172_200, rel_tol=0.01)
    assert metres(ALENCON, ALENCON.lat, ALENCON.lon) == 0


def test_the_dataset_tells_its_count_and_age(tmp_path: Path, clock: MovedClock) -> None:
    publish(tmp_path / "content.db", [record("a"), record("b")])
    cache = store(tmp_path / "content.db", clock)
    assert (cache.count("places"), cache.count("none")) == (2, 0)
    assert cache.observed_at("places") == datetime(2026, 11, 22, 9, 42, tzinfo=UTC)
    assert cache.observed_at("none") is None


def test_what_was_read_is_kept_and_judged_anew(tmp_path: Path, clock: MovedClock) -> None:
    publish(tmp_path / "content.db", [record("a")])
    cache = store(tmp_path / "content.db", clock)
    (first,) = cache.records("places", POLICY)
    clock.move(4000)
    (later,) = cache.records("places", POLICY)
    assert later.value is first.value
    assert (first.freshness.state, later.freshness.state) == (State.THEORY, State.LAST_GOOD)


def test_what_was_kept_goes_when_the_content_changes(tmp_path: Path, clock: MovedClock) -> None:
    publish(tmp_path / "content.db", [record("a", "Piscine")])
    cache = store(tmp_path / "content.db", clock)
    assert [one.value.title["fr"] for one in cache.records("places", POLICY)] == ["Piscine"]
    publish(tmp_path / "content.db", [record("a", "Patinoire")])
    assert [one.value.title["fr"] for one in cache.records("places", POLICY)] == ["Patinoire"]


def test_a_large_dataset_is_read_each_time(tmp_path: Path, clock: MovedClock) -> None:
    publish(tmp_path / "content.db", [record(str(n)) for n in range(3001)])
    cache = store(tmp_path / "content.db", clock)
    first = cache.records("places", POLICY, limit=5000)
    again = cache.records("places", POLICY, limit=5000)
    assert first[0].value == again[0].value
    assert first[0].value is not again[0].value


def test_datasets_that_no_longer_fit_make_room(tmp_path: Path, clock: MovedClock) -> None:
    publish(tmp_path / "content.db", [record(str(n)) for n in range(2000)], "one")
    publish(tmp_path / "content.db", [record(str(n)) for n in range(2000)], "two")
    cache = store(tmp_path / "content.db", clock)
    first = cache.records("one", POLICY, limit=2000)[0].value
    cache.records("two", POLICY, limit=2000)
    assert cache.records("one", POLICY, limit=2000)[0].value is not first
