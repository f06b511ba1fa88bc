"""The contract of every ServiceCache: what the screens may count on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from kiosk.domain.freshness import Policy
from kiosk.domain.record import Geo, Record
from kiosk.ports import ServiceCache
from kiosk.store.database import ContentReader
from kiosk.store.records import RecordStore
from tests.conftest import MovedClock
from tests.unit.kiosk.store.contents import NOW, publish, record

HERE = Geo(lat=48.43, lon=0.09)
POLICY = Policy()
RECORDS = [
    record("pool", "Piscine", at=(48.431, 0.09), popularity=10),
    record("cinema", "Cinéma", at=(48.5, 0.2), popularity=90),
    record("step", "Carte d’identité"),
]
Make = Callable[[Iterable[Record] | None], ServiceCache]


@pytest.fixture(params=["content.db"])
def make(request: pytest.FixtureRequest, tmp_path: Path, clock: MovedClock) -> Make:
    """Make a cache that holds records; None is a cache that nothing was ever put in."""

    def build(records: Iterable[Record] | None) -> ServiceCache:
        path = tmp_path / request.param
        if records is not None:
            publish(path, records)
        return RecordStore(ContentReader(path), clock)

    return build


def test_records_come_by_popularity(make: Make) -> None:
    found = make(RECORDS).records("places", POLICY)
    assert [dated.value.id for dated in found] == ["cinema", "pool", "step"]


def test_a_limit_is_kept_everywhere(make: Make) -> None:
    cache = make(RECORDS)
    assert len(cache.records("places", POLICY, limit=1)) == 1
    assert len(cache.nearest("places", HERE, POLICY, limit=1)) == 1
    assert len(cache.search("c", language="fr", limit=1)) == 1


def test_every_record_comes_with_its_age(make: Make) -> None:
    for dated in make(RECORDS).records("places", POLICY):
        assert dated.freshness.observed_at == NOW


def test_one_record_or_none(make: Make) -> None:
    cache = make(RECORDS)
    found = cache.record("places", "pool", POLICY)
    assert found is not None
    assert found.value == RECORDS[0]
    assert cache.record("places", "nothing", POLICY) is None
    assert cache.record("nothing", "pool", POLICY) is None


def test_the_nearest_first_and_only_what_has_a_place(make: Make) -> None:
    found = make(RECORDS).nearest("places", HERE, POLICY)
    assert [dated.value.id for dated in found] == ["pool", "cinema"]


def test_search_ignores_accents_and_tells_the_score(make: Make) -> None:
    (hit,) = make(RECORDS).search("cine", language="fr")
    assert (hit.id, hit.dataset) == ("cinema", "places")
    assert hit.score > 0


def test_the_dataset_is_known(make: Make) -> None:
    cache = make(RECORDS)
    assert cache.count("places") == 3
    assert cache.observed_at("places") == NOW


def test_what_was_never_filled_is_empty_and_raises_nothing(make: Make) -> None:
    cache = make(None)
    assert list(cache.records("places", POLICY)) == []
    assert cache.record("places", "pool", POLICY) is None
    assert list(cache.nearest("places", HERE, POLICY)) == []
    assert list(cache.search("piscine", language="fr")) == []
    assert cache.observed_at("places") is None
    assert cache.count("places") == 0
    assert cache.version() == cache.version()


def test_the_version_changes_with_the_content(make: Make) -> None:
    cache = make(RECORDS)
    before = cache.version()
    make(RECORDS[:1])
    assert cache.version() != before
    assert cache.count("places") == 1
