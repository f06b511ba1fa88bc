"""The pages of citizens' reports: the list, one report with its photo, and what is done of it."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kiosk.domain.errors import InputRefused, NothingThere
from sync.hub.accounts.models import User
from sync.hub.accounts.rights import RIGHTS, Action
from sync.hub.here import here
from sync.hub.office.forms import ActForm
from sync.hub.office.gate import allowed, allowed_somewhere, person
from sync.hub.operations import pictures, reports
from sync.hub.operations.forms import AnswerForm
from sync.hub.operations.models import Report, ReportState

SHOWN_MAX: Final = 200
PEOPLE_MAX: Final = 200


@require_safe
def triage(request: HttpRequest) -> HttpResponse:
    """Show the reports of a state ("": those that are open)."""
    own = allowed_somewhere(request, Action.REPORTS)
    reports.take_in(here())
    asked = request.GET.get("etat", "")
    states = [asked] if asked in ReportState.values else [str(one) for one in reports.OPEN]
    rows = Report.objects.filter(territory__in=own, state__in=states)
    found = rows.select_related("territory", "device", "assignee")
    told = {
        "lines": [(one, _category(one), _tone(one)) for one in found[:SHOWN_MAX]],
        "more": max(rows.count() - SHOWN_MAX, 0),
        "states": ReportState.choices,
        "asked": asked if asked in ReportState.values else "",
    }
    return render(request, "operations/triage.html", told)


@require_safe
def report(request: HttpRequest, number: str) -> HttpResponse:
    """Show a report."""
    found = _report(request, number)
    return _page(request, found, AnswerForm(initial={"answer": found.answer}))


@require_safe
def photo(request: HttpRequest, number: str) -> HttpResponse:
    """Give a report's photo without its metadata."""
    file = reports.photo_of(here(), _report(request, number))
    try:
        if file is None:
            raise NothingThere("no photo")
        media, data = pictures.stripped(file.read_bytes())
    except (OSError, InputRefused) as wrong:
        raise NothingThere("no photo that can be shown") from wrong
    return HttpResponse(data, content_type=media)


@require_POST
def act(request: HttpRequest, number: str, step: str) -> HttpResponse:
    """Give a report to somebody, answer it, or close it, as it was seen."""
    found = _report(request, number)
    form = AnswerForm(request.POST)
    if step == "repondre" and not form.is_valid():
        return _page(request, found, form)
    try:
        said = _done(request, _seen(request, found), step, form)
        messages.success(request, said)
    except InputRefused:
        changed = _("Cela n’est plus possible\u00a0: le signalement a changé. Relisez-le.")
        messages.error(request, changed)
    return redirect("office:report", number=found.pk)


def _done(request: HttpRequest, seen: Report, step: str, form: AnswerForm) -> str:
    by = person(request)
    if step == "attribuer":
        to = _people(seen).filter(pk=request.POST.get("to", "0")[:9] or 0).first()
        if to is None:
            raise InputRefused("nobody who treats reports here")
        reports.assign(here(), seen, to, by)
        return _("Le signalement est attribué.")
    if step == "repondre":
        reports.answer(here(), seen, form.cleaned_data["answer"], by)
        return _("La réponse est enregistrée.")
    reports.close(here(), seen, by)
    return _("Le signalement est clos\u00a0; sa photo est effacée.")


def _page(request: HttpRequest, found: Report, form: AnswerForm) -> HttpResponse:
    told = {
        "report": found,
        "category": _category(found),
        "tone": _tone(found),
        "georeport": reports.georeport(found),
        "is_open": found.state in reports.OPEN,
        "has_photo": reports.photo_of(here(), found) is not None,
        "people": _people(found)[:PEOPLE_MAX],
        "form": form,
    }
    status = 422 if form.errors else 200
    return render(request, "operations/report.html", told, status=status)


def _report(request: HttpRequest, number: str) -> Report:
    rows = Report.objects.select_related("territory", "device", "assignee")
    found = rows.filter(pk=number).first()
    if found is None:
        raise NothingThere("no such report")
    allowed(request, Action.REPORTS, found.territory_id)
    return found


def _seen(request: HttpRequest, found: Report) -> Report:
    """Give the report as the person saw it: of the revision that the form carries."""
    form = ActForm(request.POST)
    if not form.is_valid():
        raise InputRefused("no revision is told")
    found.revision = form.cleaned_data["revision"]
    return found


def _people(found: Report) -> QuerySet[User]:
    """Give who treats the reports of this territory."""
    roles = RIGHTS[Action.REPORTS]
    theirs = User.objects.filter(
        is_active=True, memberships__territory=found.territory_id, memberships__role__in=roles
    )
    return theirs.distinct().order_by("username")


def _category(found: Report) -> str:
    return _(reports.CATEGORIES.get(found.category, reports.CATEGORIES["other"]))


def _tone(found: Report) -> str:
    closed = found.state in {ReportState.ANSWERED, ReportState.CLOSED}
    return "good" if closed else "warn"
