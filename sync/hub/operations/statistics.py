"""The page of statistics: what happened at a territory's kiosks, counted by day.

Only events are counted, never people: an assisted session or an appointment is one more, and
nothing else of it is here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db.models import Count
from django.db.models.functions import TruncDate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_safe

from sync.hub.accounts.rights import Action
from sync.hub.events.models import Event
from sync.hub.here import here
from sync.hub.office.gate import allowed, allowed_somewhere
from sync.hub.operations import reports
from sync.hub.operations.charts import Chart, drawn
from sync.hub.territories.models import Territory

DAYS: Final = 28
COUNTED: Final[Mapping[str, tuple[str, ...]]] = {
    gettext_noop("Rechargements de cartes"): ("topup.done",),
    gettext_noop("Paiements par carte de vie quotidienne"): ("move.confirmed",),
    gettext_noop("Entrées contrôlées"): ("ticket.redeemed",),
    gettext_noop("Signalements"): (reports.KIND,),
    gettext_noop("Accompagnements"): ("session.assisted",),
    gettext_noop("Rendez-vous demandés"): ("appointment.asked",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One thing that is counted, as a chart and as a table."""

    title: str
    chart: Chart


@require_safe
def somewhere(request: HttpRequest) -> HttpResponse:
    """Lead to the first of the person's territories."""
    first = allowed_somewhere(request, Action.STATISTICS)[0]
    return redirect("office:statistics", territory=first.slug)


@require_safe
def statistics(request: HttpRequest, territory: str) -> HttpResponse:
    """Show a territory's last four weeks."""
    allowed(request, Action.STATISTICS, territory)
    found = Territory.objects.get(slug=territory)
    told = {
        "territory": found,
        "others": allowed_somewhere(request, Action.STATISTICS).exclude(slug=territory),
        "series": series_of(found, here().clock.now()),
        "days": DAYS,
    }
    return render(request, "operations/statistics.html", told)


def series_of(territory: Territory, now: datetime) -> list[Series]:
    """Count a territory's events of the last DAYS days, in its own days."""
    zone = ZoneInfo(territory.timezone)
    today = now.astimezone(zone).date()
    days = [today - timedelta(days=back) for back in reversed(range(DAYS))]
    counted = _counted(territory, datetime.combine(days[0], time(), zone), zone)
    return [
        Series(
            title=_(title),
            chart=drawn([(day, sum(counted[day, kind] for kind in kinds)) for day in days]),
        )
        for title, kinds in COUNTED.items()
    ]


def _counted(territory: Territory, since: datetime, zone: ZoneInfo) -> Counter[tuple[date, str]]:
    kinds = [kind for some in COUNTED.values() for kind in some]
    rows = (
        Event.objects.filter(
            device__territory=territory, kind__in=kinds, code="", received_at__gte=since
        )
        .annotate(day=TruncDate("received_at", tzinfo=zone))
        .values_list("day", "kind")
        .annotate(count=Count("seq"))
        .order_by()
    )
    return Counter({(day, kind): count for day, kind, count in rows})
