"""What to do with an event that couldn't be used, and with a fork.

Rules:
1. A rejected event is judged again by the programme of today: what is sound now is released, and
   counts like any other. What still isn't stays; nobody can wave it through.
2. Somebody who has looked may set it aside: it is kept as it came, and asks for nobody any more.
   The same of a fork: its alarm no longer marks the kiosk.
3. Each act is noted in the audit log, in its transaction. Nothing is ever deleted here.
"""

from __future__ import annotations

import msgspec
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from kiosk.domain.errors import InputRefused
from sync.hub.accounts.models import User
from sync.hub.audit.record import note
from sync.hub.events.intake import why_not
from sync.hub.events.models import Event, Fork
from sync.hub.here import Here
from sync.hub.operations.models import Settled
from sync.hub.operations.reports import KIND as REPORT
from sync.hub.operations.reports import Sent
from sync.hub.territories.models import Territory
from sync.protocol.events import Event as Told


def rejected(own: QuerySet[Territory]) -> QuerySet[Event]:
    """Give the events of these territories that can't be used and that nobody has set aside."""
    settled = Settled.objects.filter(
        device=OuterRef("device"), epoch=OuterRef("epoch"), seq=OuterRef("seq"), digest=""
    )
    found = Event.objects.filter(~Exists(settled), device__territory__in=own)
    return found.exclude(code="").select_related("device").order_by("-received_at", "-seq")


def forks(own: QuerySet[Territory]) -> QuerySet[Fork]:
    """Give the forks of these territories that nobody has set aside."""
    settled = Settled.objects.filter(
        device=OuterRef("device"),
        epoch=OuterRef("epoch"),
        seq=OuterRef("seq"),
        digest=OuterRef("digest"),
    )
    found = Fork.objects.filter(~Exists(settled), device__territory__in=own)
    return found.select_related("device")


def release(hub: Here, event: Event, by: User) -> None:
    """Judge an event again and let it count; raises InputRefused when it still can't be used."""
    with transaction.atomic():
        rows = Event.objects.select_for_update(of=("self",)).select_related("device")
        row = rows.get(device=event.device_id, epoch=event.epoch, seq=event.seq)
        told = msgspec.json.decode(bytes(row.body), type=Told)
        if not row.code or why_not(told) or not _fits(told):
            raise InputRefused("it still can't be used")
        Event.objects.filter(device=row.device_id, epoch=row.epoch, seq=row.seq).update(
            code="", kind=told.kind
        )
        note(hub, by, ("event.released", row.device.territory_id), f"{row}")


def set_aside(hub: Here, odd: Event | Fork, by: User) -> None:
    """Keep an event or a fork as it is, and ask for nobody any more."""
    digest = odd.digest if isinstance(odd, Fork) else ""
    act = "fork.settled" if isinstance(odd, Fork) else "event.settled"
    with transaction.atomic():
        _, is_new = Settled.objects.get_or_create(
            device_id=odd.device_id,
            epoch=odd.epoch,
            seq=odd.seq,
            digest=digest,
            defaults={"by": by, "at": hub.clock.now()},
        )
        if is_new:
            note(hub, by, (act, odd.device.territory_id), f"{odd}")


def _fits(told: Told) -> bool:
    """Whether an event holds what its kind asks for."""
    if told.kind != REPORT:
        return True
    try:
        msgspec.json.decode(told.payload.encode(), type=Sent)
    except msgspec.DecodeError:
        return False
    return True
