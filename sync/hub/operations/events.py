"""The pages of events: the last ones, what waits in quarantine, alarms of copied kiosks."""

from __future__ import annotations

from typing import Final

import msgspec
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from kiosk.domain.errors import InputRefused, NothingThere
from sync.hub.accounts.rights import Action
from sync.hub.events.models import Event, Fork
from sync.hub.here import here
from sync.hub.office.gate import allowed, allowed_somewhere, person
from sync.hub.operations import quarantine, reports
from sync.protocol.events import Event as Told

SHOWN_MAX: Final = 100
PAYLOAD_SHOWN: Final = 400  # characters of what couldn't be used
RELEASE, SET_ASIDE = "reprendre", "classer"
WHY: Final = {
    "event.kind": gettext_lazy("Genre inconnu ou mal écrit"),
    "event.payload": gettext_lazy("Contenu illisible"),
    "event.moment": gettext_lazy("Date illisible"),
    reports.UNREADABLE: gettext_lazy("Signalement illisible"),
}


@require_safe
def events(request: HttpRequest) -> HttpResponse:
    """Show quarantine and alarms, then the last events."""
    own = allowed_somewhere(request, Action.EVENTS)
    odd, forks = quarantine.rejected(own), quarantine.forks(own)
    last = Event.objects.filter(device__territory__in=own).select_related("device")
    told = {
        "odd": [(one, _why(one), _payload(one)) for one in odd[:SHOWN_MAX]],
        "odd_more": max(odd.count() - SHOWN_MAX, 0),
        "forks": list(forks[:SHOWN_MAX]),
        "forks_more": max(forks.count() - SHOWN_MAX, 0),
        "last": list(last.order_by("-received_at", "-seq")[:SHOWN_MAX]),
    }
    return render(request, "operations/events.html", told)


@require_POST
def act(request: HttpRequest, kiosk: str, epoch: str, seq: str, step: str) -> HttpResponse:
    """Judge a rejected event again, or set it aside."""
    rows = Event.objects.filter(device=kiosk, epoch=epoch, seq=seq).exclude(code="")
    found = rows.select_related("device").first()
    if found is None:
        raise NothingThere("no such event in quarantine")
    allowed(request, Action.EVENTS, found.device.territory_id)
    if step == SET_ASIDE:
        quarantine.set_aside(here(), found, person(request))
        messages.success(request, _("L’événement est classé\u00a0: il est gardé tel quel."))
        return redirect("office:events")
    try:
        quarantine.release(here(), found, person(request))
        messages.success(request, _("L’événement est repris\u00a0: il compte désormais."))
    except InputRefused:
        messages.error(request, _("L’événement reste inutilisable. Il peut être classé."))
    return redirect("office:events")


@require_POST
def settle(request: HttpRequest, number: str) -> HttpResponse:
    """Set a fork aside."""
    found = Fork.objects.filter(pk=number).select_related("device").first()
    if found is None:
        raise NothingThere("no such fork")
    allowed(request, Action.EVENTS, found.device.territory_id)
    quarantine.set_aside(here(), found, person(request))
    messages.success(request, _("L’alarme est classée."))
    return redirect("office:events")


def _why(event: Event) -> str:
    return str(WHY.get(event.code, event.code))


def _payload(event: Event) -> str:
    """Give the beginning of what an event says, as text."""
    try:
        told = msgspec.json.decode(bytes(event.body), type=Told)
    except msgspec.DecodeError:
        return ""
    return f"{told.kind} {told.payload}"[:PAYLOAD_SHOWN]
