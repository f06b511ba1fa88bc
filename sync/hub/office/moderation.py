"""A content's way from a draft to the kiosks.

Rules:
1. draft → approved → published → withdrawn; each step is one person's act, noted in the audit log.
2. Who approves or publishes acts on the revision that they saw: a changed one is refused.
3. Any change makes it a draft again. What the kiosks show stays as it was approved until the new
   revision is published, or the content withdrawn.
4. What is over isn't published, and a withdrawn content is written anew rather than revived.
5. Publishing and withdrawing bring the kiosks' data up to date in the transaction of the act
   (``sync.hub.office.kiosk_side``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction

from kiosk.domain.errors import InputRefused, LimitReached
from kiosk.domain.record import Json
from sync.hub.accounts.models import User
from sync.hub.audit.record import note
from sync.hub.here import Here
from sync.hub.office.kiosk_side import bring
from sync.hub.office.models import Content, Kind, State
from sync.hub.office.sorts import records_of
from sync.hub.territories.models import Territory
from sync.protocol.envelope import wire_of

CONTENTS_MAX: Final = 1_000  # of a territory and a kind, withdrawn ones included


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What somebody wrote; moments are aware, ``data`` is as the kind's form gives it."""

    title: str
    body: str
    data: dict[str, Json]
    cascades: bool
    valid_from: datetime | None
    valid_until: datetime


def write(hub: Here, at: tuple[Territory, Kind], written: Written, by: User) -> Content:
    """Write a draft of a kind in a territory; raises LimitReached."""
    territory, kind = at
    with transaction.atomic():
        if Content.objects.filter(territory=territory, kind=kind).count() >= CONTENTS_MAX:
            raise LimitReached("too many contents")
        now = hub.clock.now()
        content = Content(territory=territory, kind=kind, author=by, changed_at=now)
        _fill(content, written)
        content.save()
        _note(hub, by, "written", content)
    return content


def change(hub: Here, seen: Content, written: Written, by: User) -> Content:
    """Change what somebody saw, a draft from now on; raises InputRefused."""
    with transaction.atomic():
        content = _locked(seen, State.DRAFT, State.APPROVED, State.PUBLISHED)
        _fill(content, written)
        content.state, content.approver = State.DRAFT, None
        content.revision, content.changed_at = content.revision + 1, hub.clock.now()
        content.save()
        _note(hub, by, "changed", content)
    return content


def approve(hub: Here, seen: Content, by: User) -> Content:
    """Approve a draft; raises InputRefused."""
    with transaction.atomic():
        content = _locked(seen, State.DRAFT)
        content.state, content.approver = State.APPROVED, by
        content.save(update_fields=["state", "approver"])
        _note(hub, by, "approved", content)
    return content


def publish(hub: Here, seen: Content, by: User) -> Content:
    """Bring an approved content to the kiosks; raises InputRefused."""
    now = hub.clock.now()
    with transaction.atomic():
        content = _locked(seen, State.APPROVED)
        if content.valid_until <= now:
            raise InputRefused("it is over already")
        cascaded = content.cascades or bool(content.shown.get("cascades"))
        content.shown = {
            "records": [wire_of(one) for one in records_of(content, now)],
            "cascades": content.cascades,
        }
        content.state, content.on_kiosks, content.shown_at = State.PUBLISHED, content.revision, now
        content.save(update_fields=["state", "on_kiosks", "shown", "shown_at"])
        bring(hub, content.territory, Kind(content.kind), cascades=cascaded)
        _note(hub, by, "published", content)
    return content


def withdraw(hub: Here, seen: Content, by: User) -> Content:
    """End a content, on the kiosks too; raises InputRefused."""
    with transaction.atomic():
        content = _locked(seen, State.DRAFT, State.APPROVED, State.PUBLISHED)
        was_shown, cascaded = content.on_kiosks, bool(content.shown.get("cascades"))
        content.state, content.on_kiosks, content.shown = State.WITHDRAWN, 0, {}
        content.save(update_fields=["state", "on_kiosks", "shown"])
        if was_shown:
            bring(hub, content.territory, Kind(content.kind), cascades=cascaded)
        _note(hub, by, "withdrawn", content)
    return content


def _fill(content: Content, written: Written) -> None:
    content.title, content.body, content.data = written.title, written.body, written.data
    content.cascades = written.cascades
    content.valid_from, content.valid_until = written.valid_from, written.valid_until


def _locked(seen: Content, *states: State) -> Content:
    """Read a content again under its row's lock; raises InputRefused when it isn't as it was."""
    rows = Content.objects.select_for_update(of=("self",)).select_related("territory")
    content = rows.get(pk=seen.pk)
    if content.revision != seen.revision or content.state not in states:
        raise InputRefused("it has changed since it was read")
    return content


def _note(hub: Here, by: User, step: str, content: Content) -> None:
    act = (f"{content.kind}.{step}", content.territory_id)
    note(hub, by, act, f"{content.pk}/{content.revision}")
