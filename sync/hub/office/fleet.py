"""The fleet's pages: every kiosk with its state in words, one kiosk, and shutting it out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from kiosk.domain.errors import NothingThere
from kiosk.domain.record import Json
from sync.hub.accounts.rights import Action, may
from sync.hub.devices import enrolment
from sync.hub.devices.models import Device
from sync.hub.events.models import Position
from sync.hub.here import here
from sync.hub.office.gate import allowed, person, territories
from sync.hub.operations.quarantine import forks as forks_of

SHOWN_MAX: Final = 1_000
FORKS_MAX: Final = 20
TOLD_MAX, VALUE_MAX = 12, 80  # lines and characters of what a kiosk says of itself
GOOD, WARN, BAD = "good", "warn", "bad"
SILENT: Final = timedelta(hours=24)  # a kiosk polls every minute: a day is no hiccup
ENDING: Final = timedelta(days=7)  # licences are prolonged once half of their 30 days has passed


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a kiosk stands: a sentence, an icon's name, and a tone (good, warn, bad)."""

    words: str
    icon: str
    tone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A kiosk on the fleet's page."""

    device: Device
    standing: Standing
    seen: str


def standing_of(device: Device, forks: int, now: datetime) -> Standing:
    """Say how a kiosk stands: the gravest thing first."""
    copied = _("Alarme\u00a0: peut-être copiée")
    grave: tuple[tuple[bool, str, str, str], ...] = (
        (device.revoked_at is not None, _("Révoquée"), "lock", BAD),
        (forks > 0, copied, "alert-triangle", BAD),
        (device.licence_until <= now, _("Licence échue"), "hourglass", BAD),
        (device.seen_at is None, _("Jamais vue"), "question-mark", WARN),
        (_silent(device, now), _("Silencieuse"), "access-point-off", WARN),
        (device.licence_until - now < ENDING, _("Licence bientôt échue"), "hourglass", WARN),
    )
    for is_so, words, icon, tone in grave:
        if is_so:
            return Standing(words=words, icon=icon, tone=tone)
    return Standing(words=_("En service"), icon="circle-check", tone=GOOD)


def _silent(device: Device, now: datetime) -> bool:
    return device.seen_at is not None and now - device.seen_at >= SILENT


def age(moment: datetime | None, now: datetime) -> str:
    """Say how long ago something was."""
    if moment is None:
        return _("jamais")
    minutes = max(int((now - moment).total_seconds() // 60), 0)
    if minutes < 1:
        return _("à l’instant")
    if minutes < 120:
        return ngettext("il y a %d minute", "il y a %d minutes", minutes) % minutes
    if minutes < 48 * 60:
        return _("il y a %d heures") % (minutes // 60)
    return _("il y a %d jours") % (minutes // 1440)


@require_safe
def bornes(request: HttpRequest) -> HttpResponse:
    """Show the kiosks of the person's territories."""
    now, user = here().clock.now(), person(request)
    own = territories(user, Action.SEE_FLEET)
    rows = Device.objects.filter(territory__in=own).select_related("territory")
    shown = list(rows.order_by("territory", "revoked_at", "name")[:SHOWN_MAX])
    alarms = Counter(forks_of(own).values_list("device", flat=True))
    lines = [
        Line(
            device=one,
            standing=standing_of(one, alarms[one.id], now),
            seen=age(one.seen_at, now),
        )
        for one in shown
    ]
    told = {
        "lines": lines,
        "more": rows.count() - len(shown),
        "to_see": sum(line.standing.tone != GOOD for line in lines),
        "may_enrol": territories(user, Action.ENROL).exists(),
    }
    return render(request, "office/fleet.html", told)


@require_safe
def borne(request: HttpRequest, kiosk: str) -> HttpResponse:
    """Show one kiosk."""
    device, now = _device(request, kiosk, Action.SEE_FLEET), here().clock.now()
    own = territories(person(request), Action.SEE_FLEET)
    forks = list(forks_of(own).filter(device=device)[:FORKS_MAX])
    told = {
        "device": device,
        "standing": standing_of(device, len(forks), now),
        "seen": age(device.seen_at, now),
        "forks": forks,
        "health": _health(device.health),
        "positions": Position.objects.filter(device=device).order_by("epoch")[:FORKS_MAX],
        "may_revoke": device.revoked_at is None
        and may(person(request), Action.REVOKE, device.territory_id),
    }
    return render(request, "office/device.html", told)


@require_http_methods(["GET", "HEAD", "POST"])
def revoke(request: HttpRequest, kiosk: str) -> HttpResponse:
    """Ask once more, then shut a kiosk out."""
    device = _device(request, kiosk, Action.REVOKE)
    if request.method != "POST":
        return render(request, "office/revoke.html", {"device": device})
    enrolment.revoke(here(), device, person(request))
    messages.success(request, _("La borne %s est révoquée.") % device.name)
    return redirect("office:device", kiosk=device.id)


def _device(request: HttpRequest, kiosk: str, action: Action) -> Device:
    found = Device.objects.filter(id=kiosk).select_related("territory", "approved_by").first()
    if found is None:
        raise NothingThere("no such kiosk")
    allowed(request, action, found.territory_id)
    return found


def _health(said: dict[str, Json]) -> list[tuple[str, str]]:
    """Give what a kiosk says of itself, cut to what a page bears."""
    return [(name[:VALUE_MAX], str(value)[:VALUE_MAX]) for name, value in said.items()][:TOLD_MAX]
