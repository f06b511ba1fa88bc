"""Citizens' reports: out of the events, to an answer, and closed.

Rules:
1. A report is the event ``report.sent``; each one is made once, whoever looks first. An event of
   that kind that can't be read goes to the quarantine.
2. received → assigned → answered → closed; any of them may be closed. A closed one stays closed.
   To the standard of GeoReport v2 (Open311) all but the last are "open".
3. Who acts does so on the revision that they saw; each act is noted in the audit log.
4. Closing deletes the photo: it was needed to find the place, no longer.
5. Each change is told to the kiosks, where the code finds it (sync.hub.operations.followed).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Final

import msgspec
from django.db import transaction
from django.db.models import Exists, OuterRef

from kiosk.domain.errors import InputRefused
from kiosk.domain.report import NAMES, SENT
from kiosk.domain.text import clean, clean_line
from sync.hub.accounts.models import User
from sync.hub.accounts.rights import Action, may
from sync.hub.audit.record import note
from sync.hub.events.models import Event, Photo
from sync.hub.here import Here
from sync.hub.operations import followed
from sync.hub.operations.models import PLACE_MAX, TEXT_MAX, Report, ReportState
from sync.hub.territories.models import Territory
from sync.protocol.events import Event as Told

KIND: Final = SENT
UNREADABLE: Final = "event.report"
AT_ONCE: Final = 500
OPEN: Final = (ReportState.RECEIVED, ReportState.ASSIGNED, ReportState.ANSWERED)
CATEGORIES: Final[Mapping[str, str]] = {str(one): name["fr"] for one, name in NAMES.items()}


class Sent(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the event of a report holds; a contact would be refused with it."""

    code: Annotated[str, msgspec.Meta(pattern=r"^[A-Z0-9-]{4,16}$")]
    category: Annotated[str, msgspec.Meta(pattern=r"^[a-z-]{1,64}$")]
    place: Annotated[str, msgspec.Meta(max_length=1_000)] = ""
    text: Annotated[str, msgspec.Meta(max_length=10_000)] = ""
    photo: Annotated[str, msgspec.Meta(pattern=r"^([0-9a-f]{64})?$")] = ""


def take_in(hub: Here) -> int:
    """Make the reports of the events that have come since, and tell them; gives how many."""
    known = Report.objects.filter(
        device=OuterRef("device"), epoch=OuterRef("epoch"), seq=OuterRef("seq")
    )
    fresh = Event.objects.filter(~Exists(known), kind=KIND, code="").select_related("device")
    made = [one for row in fresh.order_by("received_at")[:AT_ONCE] if (one := _made(row))]
    if made:
        with transaction.atomic():
            Report.objects.bulk_create(made, ignore_conflicts=True)
            for territory in sorted({one.territory_id for one in made}):
                followed.tell(hub, Territory.objects.get(slug=territory))
    return len(made)


def georeport(report: Report) -> str:
    """Give the state in the words of GeoReport v2: open or closed."""
    return "closed" if ReportState(report.state) is ReportState.CLOSED else "open"


def assign(hub: Here, seen: Report, to: User, by: User) -> Report:
    """Give a report to somebody who may treat it; raises InputRefused."""
    with transaction.atomic():
        report = _locked(seen)
        if not may(to, Action.REPORTS, report.territory_id):
            raise InputRefused("nobody who treats reports here")
        report.assignee = to
        if ReportState(report.state) is ReportState.RECEIVED:
            report.state = ReportState.ASSIGNED
        return _kept(hub, report, by, "report.assigned", to.get_username())


def answer(hub: Here, seen: Report, text: str, by: User) -> Report:
    """Answer a report; a later answer takes the place of the one before; raises InputRefused."""
    with transaction.atomic():
        report = _locked(seen)
        report.answer, report.state = text, ReportState.ANSWERED
        return _kept(hub, report, by, "report.answered")


def close(hub: Here, seen: Report, by: User) -> Report:
    """Close a report and delete its photo; raises InputRefused."""
    with transaction.atomic():
        report = _locked(seen)
        photo = photo_of(hub, report)
        Photo.objects.filter(device=report.device_id, sha256=report.photo).delete()
        report.state, report.photo = ReportState.CLOSED, ""
        closed = _kept(hub, report, by, "report.closed")
    if photo is not None:
        photo.unlink(missing_ok=True)
    return closed


def photo_of(hub: Here, report: Report) -> Path | None:
    """Give where a report's photo lies, None while it hasn't come whole."""
    whole = Photo.objects.filter(device=report.device_id, sha256=report.photo)
    if not report.photo or not whole.exclude(complete_at=None).exists():
        return None
    return hub.photos / report.device_id / report.photo


def _made(row: Event) -> Report | None:
    told = msgspec.json.decode(bytes(row.body), type=Told)
    try:
        sent = msgspec.json.decode(told.payload.encode(), type=Sent)
    except msgspec.DecodeError:
        Event.objects.filter(device=row.device_id, epoch=row.epoch, seq=row.seq).update(
            code=UNREADABLE
        )
        return None
    return Report(
        territory_id=row.device.territory_id,
        device_id=row.device_id,
        epoch=row.epoch,
        seq=row.seq,
        code=sent.code,
        category=sent.category if sent.category in CATEGORIES else "other",
        place=clean_line(sent.place, limit=PLACE_MAX),
        text=clean(sent.text, limit=TEXT_MAX),
        photo=sent.photo,
        made_at=datetime.fromisoformat(told.at),
        changed_at=row.received_at,
    )


def _locked(seen: Report) -> Report:
    found = Report.objects.select_for_update(of=("self",)).select_related("territory")
    report = found.get(pk=seen.pk)
    if report.revision != seen.revision or ReportState(report.state) not in OPEN:
        raise InputRefused("it was changed meanwhile, or is closed")
    return report


def _kept(hub: Here, report: Report, by: User, act: str, about: str = "") -> Report:
    report.revision, report.changed_at = report.revision + 1, hub.clock.now()
    report.save()
    details = {"to": about} if about else None
    note(hub, by, (act, report.territory_id), report.code, details)
    followed.tell(hub, report.territory)
    return report
