"""Letting a kiosk in: its code, the four words to compare, yes or no."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kiosk.domain.errors import InputRefused, NothingThere
from sync.hub.accounts.rights import Action
from sync.hub.devices import enrolment
from sync.hub.devices.models import Enrolment
from sync.hub.here import here
from sync.hub.office.forms import AdmissionForm
from sync.hub.office.gate import allowed, allowed_somewhere, person

WAITING_MAX: Final = 50
APPROVE, REFUSE = "approve", "refuse"


@require_http_methods(["GET", "HEAD", "POST"])
def admit(request: HttpRequest) -> HttpResponse:
    """Find the kiosk of a code (typed, or in the QR's address); answer it."""
    own = allowed_somewhere(request, Action.ENROL)
    if request.method == "POST":
        return _answered(request)
    form = AdmissionForm(request.GET if "code" in request.GET else None)
    found = None
    if form.is_valid():
        found = _found(request, form.cleaned_data["code"])
        if found is None:
            form.add_error("code", _("Aucune borne n’attend sous ce code. Il vit 15 minutes."))
    waiting = Enrolment.objects.filter(
        territory__in=own, expires_at__gte=here().clock.now(), device=None, refused_at=None
    ).select_related("territory")
    told = {
        "form": form,
        "found": found,
        "code": enrolment.shown(found.user_code) if found else "",
        "words": enrolment.words_of(found).split() if found else [],
        "waiting": [(one, enrolment.shown(one.user_code)) for one in waiting[:WAITING_MAX]],
    }
    return render(request, "office/admit.html", told, status=422 if form.errors else 200)


def _found(request: HttpRequest, code: str) -> Enrolment | None:
    """Find what waits under a code where the person may let kiosks in."""
    try:
        found = enrolment.waiting(here(), code)
        allowed(request, Action.ENROL, found.territory_id)
    except NothingThere:
        return None
    return found


def _answered(request: HttpRequest) -> HttpResponse:
    """Do what was said of a kiosk whose words were compared."""
    form, act = AdmissionForm(request.POST), request.POST.get("act")
    found = _found(request, form.cleaned_data["code"]) if form.is_valid() else None
    if found is None or act not in {APPROVE, REFUSE}:
        messages.error(request, _("Aucune borne n’attend sous ce code. Il vit 15 minutes."))
        return redirect("office:admit")
    if act == REFUSE:
        enrolment.refuse(here(), found, person(request))
        messages.success(request, _("La borne %s est refusée.") % found.name)
        return redirect("office:admit")
    try:
        device = enrolment.approve(here(), found, person(request))
    except InputRefused:
        taken = _("Une borne en service porte déjà le nom %s. Révoquez-la d’abord.")
        messages.error(request, taken % found.name)
        return redirect("office:admit")
    messages.success(request, _("La borne %s est admise.") % device.name)
    return redirect("office:device", kiosk=device.id)
