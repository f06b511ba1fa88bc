"""Tells the kiosks where reports stand: the dataset that citizens follow by their code.

Rules:
1. A record holds the code, the sort of problem, the state, its moments and the town hall's answer:
   neither words, place, photo nor kiosk of who reported.
2. All reports of a territory that aren't closed are told, and closed ones for CLOSED_LASTS.
3. Of two reports with one code, which no honest kiosk sends, the older is told.
4. It is made whole each time, in the transaction of the act that changed it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, Literal, cast

from django.db.models import Q

from kiosk.domain.facts import Report as Told
from kiosk.domain.facts import data_of
from kiosk.domain.record import Record
from kiosk.domain.report import FOLLOWED, NAMES, Category
from sync.hub.datasets.publishing import publish, sign
from sync.hub.here import Here
from sync.hub.office.kiosk_side import own_dataset
from sync.hub.office.sorts import LICENCE
from sync.hub.operations.models import Report, ReportState
from sync.hub.territories.models import Territory
from sync.protocol.envelope import wire_of

KIND: Final = "report"
TITLE: Final = {"fr": "Où en sont les signalements", "en": "How reports stand"}
CLOSED_LASTS: Final = timedelta(days=60)
TOLD_MAX: Final = 5_000

Step = Literal["received", "assigned", "answered", "closed"]


def tell(hub: Here, territory: Territory) -> None:
    """Publish where a territory's reports stand, to be called in a transaction."""
    now = hub.clock.now()
    rows = Report.objects.filter(territory=territory).filter(
        ~Q(state=ReportState.CLOSED) | Q(changed_at__gt=now - CLOSED_LASTS)
    )
    told = {one.code: wire_of(_record(territory, one, now)) for one in rows[:TOLD_MAX]}
    publish(hub, own_dataset(territory, FOLLOWED, KIND, TITLE), told.values(), now)
    sign(hub, territory.slug)


def _record(territory: Territory, report: Report, now: datetime) -> Record:
    told = Told(
        state="closed" if ReportState(report.state) is ReportState.CLOSED else "open",
        step=cast("Step", report.state),
        problem=report.category,
        reported_at=report.made_at,
        updated_at=report.changed_at,
        answer=report.answer,
    )
    return Record(
        id=report.code,
        dataset=FOLLOWED,
        kind=KIND,
        title=NAMES[Category(report.category)],
        source=territory.name,
        licence=LICENCE,
        observed_at=now,
        demo=territory.demo,
        data=data_of(told),
    )
