"""A notice's way from a draft to the kiosks.

Rules:
1. draft → approved → published → withdrawn; each step is one person's act, noted in the audit log.
2. Who approves or publishes acts on the revision that they saw: a changed one is refused.
3. Any change makes it a draft again. What the kiosks show stays as it was approved until the new
   revision is published, or the notice withdrawn.
4. Publishing changes this notice's record alone, under the lock of the dataset's row; the manifest
   is signed in the same transaction as the act.
5. What is over isn't published, and a withdrawn notice is written anew rather than revived.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction

from kiosk.domain.errors import InputRefused, LimitReached
from kiosk.domain.record import Record
from sync.hub.accounts.models import User
from sync.hub.audit.record import note
from sync.hub.datasets.models import Dataset
from sync.hub.datasets.publishing import publish as publish_records
from sync.hub.datasets.publishing import sign
from sync.hub.here import Here
from sync.hub.office.models import Notice, State
from sync.hub.territories.models import Territory
from sync.protocol.canonical import Wire, decode
from sync.protocol.envelope import wire_of

DATASET: Final = "annonces"
KIND: Final = "notice"
LICENCE: Final = "Licence Ouverte 2.0"
NOTICES_MAX: Final = 1_000  # of a territory, withdrawn ones included


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What somebody wrote; moments are aware."""

    title: str
    body: str
    level: str
    valid_from: datetime | None
    valid_until: datetime


def write(hub: Here, territory: Territory, written: Written, by: User) -> Notice:
    """Write a draft; raises LimitReached."""
    with transaction.atomic():
        if Notice.objects.filter(territory=territory).count() >= NOTICES_MAX:
            raise LimitReached("too many notices")
        notice = Notice(territory=territory, author=by, changed_at=hub.clock.now())
        _fill(notice, written)
        notice.save()
        note(hub, by, ("notice.written", territory.slug), _subject(notice))
    return notice


def change(hub: Here, seen: Notice, written: Written, by: User) -> Notice:
    """Change what somebody saw, a draft from now on; raises InputRefused."""
    with transaction.atomic():
        notice = _locked(seen, State.DRAFT, State.APPROVED, State.PUBLISHED)
        _fill(notice, written)
        notice.state, notice.approver = State.DRAFT, None
        notice.revision, notice.changed_at = notice.revision + 1, hub.clock.now()
        notice.save()
        note(hub, by, ("notice.changed", notice.territory_id), _subject(notice))
    return notice


def approve(hub: Here, seen: Notice, by: User) -> Notice:
    """Approve a draft; raises InputRefused."""
    with transaction.atomic():
        notice = _locked(seen, State.DRAFT)
        notice.state, notice.approver = State.APPROVED, by
        notice.save(update_fields=["state", "approver"])
        note(hub, by, ("notice.approved", notice.territory_id), _subject(notice))
    return notice


def publish(hub: Here, seen: Notice, by: User) -> Notice:
    """Bring an approved notice to the kiosks; raises InputRefused."""
    now = hub.clock.now()
    with transaction.atomic():
        notice = _locked(seen, State.APPROVED)
        if notice.valid_until <= now:
            raise InputRefused("it is over already")
        _republish(hub, notice, wire_of(record_of(notice, now)))
        notice.state, notice.on_kiosks = State.PUBLISHED, notice.revision
        notice.save(update_fields=["state", "on_kiosks"])
        note(hub, by, ("notice.published", notice.territory_id), _subject(notice))
    return notice


def withdraw(hub: Here, seen: Notice, by: User) -> Notice:
    """End a notice, on the kiosks too; raises InputRefused."""
    with transaction.atomic():
        notice = _locked(seen, State.DRAFT, State.APPROVED, State.PUBLISHED)
        if notice.on_kiosks:
            _republish(hub, notice, None)
        notice.state, notice.on_kiosks = State.WITHDRAWN, 0
        notice.save(update_fields=["state", "on_kiosks"])
        note(hub, by, ("notice.withdrawn", notice.territory_id), _subject(notice))
    return notice


def record_of(notice: Notice, now: datetime) -> Record:
    """Give a notice as the kiosks read it."""
    data: Mapping[str, str] = {"level": notice.level}
    return Record(
        id=_key(notice),
        dataset=DATASET,
        kind=KIND,
        title={"fr": notice.title},
        body={"fr": notice.body} if notice.body else {},
        source=notice.territory.name,
        licence=LICENCE,
        observed_at=now,
        valid_from=notice.valid_from,
        valid_until=notice.valid_until,
        demo=notice.territory.demo,
        data=dict(data),
    )


def _fill(notice: Notice, written: Written) -> None:
    notice.title, notice.body, notice.level = written.title, written.body, written.level
    notice.valid_from, notice.valid_until = written.valid_from, written.valid_until


def _locked(seen: Notice, *states: State) -> Notice:
    """Read a notice again under its row's lock; raises InputRefused when it isn't as it was."""
    rows = Notice.objects.select_for_update(of=("self",)).select_related("territory")
    notice = rows.get(pk=seen.pk)
    if notice.revision != seen.revision or notice.state not in states:
        raise InputRefused("it has changed since it was read")
    return notice


def _republish(hub: Here, notice: Notice, wire: Wire | None) -> None:
    """Put a notice's record in the place of the one that the kiosks show; None takes it away."""
    Dataset.objects.get_or_create(
        territory=notice.territory,
        slug=DATASET,
        defaults={
            "title": {"fr": "Annonces", "en": "Announcements"},
            "kind": KIND,
            "connector": "seed",
            "source": notice.territory.name,
            "licence": LICENCE,
            "demo": notice.territory.demo,
        },
    )
    rows = Dataset.objects.select_for_update(of=("self",))
    dataset = rows.get(territory=notice.territory, slug=DATASET)
    others = [
        decode(bytes(row.body)) for row in dataset.records.exclude(key=_key(notice)).order_by("key")
    ]
    publish_records(hub, dataset, [*others, *([wire] if wire else [])], hub.clock.now())
    sign(hub, notice.territory_id)


def _key(notice: Notice) -> str:
    return f"annonce-{notice.pk}"


def _subject(notice: Notice) -> str:
    return f"{notice.pk}/{notice.revision}"
