"""The worker: what is due is asked, what fails leaves its last good data, both are told once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest
from structlog.testing import capture_logs

from kiosk.domain.errors import AddressRefused, SourceUnavailable
from sync.hub.datasets.models import Dataset, SignedManifest
from sync.hub.fetching.fetch import Limits
from sync.hub.here import Here
from sync.hub.territories.models import Territory
from sync.hub.work import SIGN_EVERY, work, work_once
from sync.signing import open_manifest
from tests.conftest import ROOT, MovedClock

FEED = (ROOT / "sync/connectors/gbfs/fixtures/v2.json").read_bytes()


@dataclass
class Sources:
    """Gives what a test says, or raises it."""

    answer: bytes | Exception = FEED
    asked: list[str] = field(default_factory=list)

    def fetch(self, url: str, limits: Limits) -> bytes:
        self.asked.append(url)
        assert limits.bytes_max > 0
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture
def dataset(here: Here) -> Dataset:
    Territory.objects.create(slug="orne", name="L’Orne")
    return Dataset.objects.create(
        territory_id="orne",
        slug="velos",
        title={"fr": "Vélos"},
        kind="gauge",
        connector="gbfs",
        url="https://velos.example.fr/gbfs",
        source="Essai",
        licence="CC0",
        refresh_s=60,
    )


def test_a_source_that_is_due_is_read_published_and_signed(here: Here, dataset: Dataset) -> None:
    done = work_once(here, Sources())
    assert done.published == ("velos",)
    dataset.refresh_from_db()
    assert dataset.count > 0
    body = bytes(SignedManifest.objects.get().body)
    assert open_manifest(body, here.key.public_key).datasets[0].count == dataset.count


def test_it_is_asked_again_at_its_pace(here: Here, dataset: Dataset, clock: MovedClock) -> None:
    sources = Sources()
    work_once(here, sources)
    work_once(here, sources)
    assert len(sources.asked) == 1
    clock.move(61)
    work_once(here, sources)
    assert len(sources.asked) == 2


@pytest.mark.parametrize(
    "wrong", [SourceUnavailable("silent"), AddressRefused("inside"), b"not json", b"{}", b"[]"]
)
def test_what_fails_leaves_the_last_good_data_and_is_told_once(
    here: Here, dataset: Dataset, clock: MovedClock, wrong: bytes | Exception
) -> None:
    sources = Sources()
    work_once(here, sources)
    dataset.refresh_from_db()
    count = dataset.count
    sources.answer = wrong
    with capture_logs() as told:
        for _ in range(3):
            clock.move(3600)
            assert work_once(here, sources).failed == ("velos",)
        sources.answer = FEED
        clock.move(3600)
        work_once(here, sources)
    events = [one["event"] for one in told]
    assert events.count("source.failed") == 1
    assert events.count("source.recovered") == 1
    dataset.refresh_from_db()
    assert (dataset.count, dataset.failing_since, dataset.failure) == (count, None, "")


def test_one_that_fails_keeps_no_other_one_waiting(here: Here, dataset: Dataset) -> None:
    Dataset.objects.create(
        territory_id="orne", slug="autres", title={"fr": "Autres"}, kind="gauge",
        connector="nothing", url="https://x.example.fr/", source="Essai", licence="CC0",
    )  # fmt: skip
    done = work_once(here, Sources())
    assert (done.published, done.failed) == (("velos",), ("autres",))


def test_what_is_switched_off_or_has_no_address_isn_t_asked(here: Here, dataset: Dataset) -> None:
    Dataset.objects.update(enabled=False)
    assert work_once(here, Sources()).published == ()
    Dataset.objects.update(enabled=True, url="")
    assert work_once(here, Sources()).published == ()


def test_a_quiet_hub_signs_before_its_manifest_ends(
    here: Here, dataset: Dataset, clock: MovedClock
) -> None:
    work_once(here, Sources())
    Dataset.objects.update(enabled=False)
    before = SignedManifest.objects.get().issued_at
    clock.move(SIGN_EVERY.total_seconds() + 1)
    work_once(here, Sources())
    assert SignedManifest.objects.get().issued_at == before + SIGN_EVERY + timedelta(seconds=1)


def test_the_worker_ends_when_it_is_told(here: Here, dataset: Dataset, tmp_path: Path) -> None:
    stop = Event()

    class Once(Sources):
        def fetch(self, url: str, limits: Limits) -> bytes:
            stop.set()
            return super().fetch(url, limits)

    sources = Once()
    work(here, sources, stop)
    assert len(sources.asked) == 1
