"""The worker: asks the sources that are due, reads them by their connectors, publishes.

Rules:
1. A source that fails leaves its last good data; the others go on. Its first failure is logged
   once, and its recovery once.
2. A failing source is asked again at its own pace, or after RETRY_MIN when that is longer ahead.
3. Bytes, seconds and records are capped by the connector's manifest.
4. Before a manifest is signed its image is made anew where that is due (sync.hub.datasets.imaging).
5. A manifest that is older than SIGN_EVERY is signed anew, so that a quiet hub is no frozen one.
6. Citizens' reports that have come are taken in, so that their codes are known on the kiosks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

import structlog

from kiosk.domain.errors import (
    AddressRefused,
    BlobDamaged,
    FeedRefused,
    InputRefused,
    SourceUnavailable,
)
from kiosk.domain.record import Record
from sync.connectors.base import Context, guarded
from sync.connectors.registry import load, manifest_of
from sync.hub.datasets.imaging import renew
from sync.hub.datasets.models import WHY_MAX, Dataset, SignedManifest
from sync.hub.datasets.publishing import publish, sign, sweep_blobs
from sync.hub.fetching.fetch import Limits
from sync.hub.here import Here
from sync.hub.operations.reports import take_in
from sync.protocol.canonical import Wire
from sync.protocol.envelope import wire_of

DUE_MAX = 200  # of one round
RETRY_MIN = timedelta(minutes=15)
SIGN_EVERY = timedelta(hours=6)
ROUND_S = 5.0
SWEEP_ROUNDS = 1_000  # between two sweeps of the blobs

_FAILURES = (AddressRefused, BlobDamaged, FeedRefused, InputRefused, SourceUnavailable)

log = structlog.get_logger("hub.work")


class Source(Protocol):
    """Who gives a source's bytes (sync.hub.fetching.fetch.Fetcher is one)."""

    def fetch(self, url: str, limits: Limits) -> bytes:
        """Give them; raises AddressRefused, SourceUnavailable."""
        ...


class Stop(Protocol):
    """What tells the loop to end; a threading.Event is one."""

    def is_set(self) -> bool:
        """Whether to end."""
        ...

    def wait(self, timeout: float) -> bool:
        """Wait at most ``timeout`` seconds to be told."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What a round did: the datasets that were published, and those that failed."""

    published: tuple[str, ...]
    failed: tuple[str, ...]


def work(hub: Here, source: Source, stop: Stop) -> None:
    """Do rounds until ``stop``."""
    rounds = 0
    while not stop.is_set():
        work_once(hub, source)
        if rounds % SWEEP_ROUNDS == 0:
            sweep_blobs(hub)
        rounds += 1
        stop.wait(ROUND_S)


def work_once(hub: Here, source: Source) -> Round:
    """Ask every source that is due, once; sign the manifests of what changed or grew old."""
    now = hub.clock.now()
    published: list[str] = []
    failed: list[str] = []
    touched: set[str] = set()
    take_in(hub)
    for dataset in _due(hub):
        try:
            _refresh(hub, source, dataset)
        except _FAILURES as wrong:
            _failed(hub, dataset, wrong)
            failed.append(dataset.slug)
            continue
        published.append(dataset.slug)
        touched.add(dataset.territory_id)
        _recovered(hub, dataset)
    old = SignedManifest.objects.filter(issued_at__lt=now - SIGN_EVERY)
    touched |= set(old.values_list("territory_id", flat=True))
    for territory in sorted(touched):
        renew(hub, territory)
        sign(hub, territory)
    return Round(published=tuple(published), failed=tuple(failed))


def _due(hub: Here) -> list[Dataset]:
    now = hub.clock.now()
    asked = Dataset.objects.filter(enabled=True).exclude(url="").select_related("territory")
    never = list(asked.filter(due_at=None)[:DUE_MAX])
    return never + list(asked.filter(due_at__lte=now).order_by("due_at")[: DUE_MAX - len(never)])


def _refresh(hub: Here, source: Source, dataset: Dataset) -> None:
    now = hub.clock.now()
    manifest, connector = manifest_of(dataset.connector), load(dataset.connector)
    limits = Limits(bytes_max=manifest.max_bytes, seconds_max=manifest.max_seconds)
    raw = source.fetch(dataset.url, limits)
    context = Context(
        dataset=dataset.slug,
        source=dataset.source,
        licence=dataset.licence,
        observed_at=now,
        now=now,
        timezone=dataset.territory.timezone,
        demo=dataset.demo,
        extra=dataset.options,
    )
    items = guarded(connector.parse, raw, context, manifest, hub.clock.monotonic)
    records = [one for one in items if isinstance(one, Record)]
    if not records and dataset.count:
        raise InputRefused("nothing of it can be used: the last good data stay")
    publish(hub, dataset, _wires(records), now)


def _wires(records: list[Record]) -> Iterator[Wire]:
    return (wire_of(record) for record in records)


def _failed(hub: Here, dataset: Dataset, wrong: Exception) -> None:
    now = hub.clock.now()
    if dataset.failing_since is None:
        dataset.failing_since = now
        log.warning("source.failed", dataset=str(dataset), why=str(wrong)[:WHY_MAX])
    dataset.failure = str(wrong)[:WHY_MAX]
    dataset.due_at = now + max(timedelta(seconds=dataset.refresh_s), RETRY_MIN)
    dataset.save(update_fields=["failing_since", "failure", "due_at"])


def _recovered(hub: Here, dataset: Dataset) -> None:
    now = hub.clock.now()
    if dataset.failing_since is not None:
        log.info("source.recovered", dataset=str(dataset))
    dataset.failing_since, dataset.failure = None, ""
    dataset.fetched_at = now
    dataset.due_at = now + timedelta(seconds=dataset.refresh_s)
    dataset.save(update_fields=["failing_since", "failure", "due_at", "fetched_at"])
