"""The pages of notices: the list, writing one, and the steps to the kiosks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kiosk.domain.errors import InputRefused, NothingThere
from sync.hub.accounts.models import User
from sync.hub.accounts.rights import Action, may
from sync.hub.here import Here, here
from sync.hub.office import notices
from sync.hub.office.forms import ActForm, NoticeForm
from sync.hub.office.gate import allowed, allowed_somewhere, person
from sync.hub.office.models import Notice, State
from sync.hub.office.notices import Written
from sync.hub.territories.models import Territory

SHOWN_MAX: Final = 200

Act = Callable[[Here, Notice, User], Notice]
ACTS: Final[Mapping[str, tuple[Act, str]]] = {
    "approuver": (notices.approve, gettext_noop("L’annonce est approuvée.")),
    "publier": (notices.publish, gettext_noop("L’annonce part vers les bornes.")),
    "retirer": (notices.withdraw, gettext_noop("L’annonce est retirée.")),
}


@require_safe
def contents(request: HttpRequest) -> HttpResponse:
    """Show the notices of the territories where the person writes."""
    own = list(allowed_somewhere(request, Action.WRITE))
    rows = Notice.objects.filter(territory__in=own).select_related("territory", "author")
    told = {"notices": rows[:SHOWN_MAX], "territories": own, "now": here().clock.now()}
    return render(request, "office/contents.html", told)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, territory: str) -> HttpResponse:
    """Write a draft."""
    allowed(request, Action.WRITE, territory)
    found = Territory.objects.get(slug=territory)
    with timezone.override(ZoneInfo(found.timezone)):
        form = NoticeForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            notice = notices.write(here(), found, _written(form), person(request))
            messages.success(request, _("Le brouillon est enregistré."))
            return redirect("office:notice", number=notice.pk)
        told = {"form": form, "territory": found}
        return render(request, "office/notice_form.html", told, status=_status(form))


@require_safe
def notice(request: HttpRequest, number: str) -> HttpResponse:
    """Show a notice and what can be done with it."""
    found = _notice(request, number, Action.WRITE)
    may_publish = may(person(request), Action.PUBLISH, found.territory_id)
    told = {
        "notice": found,
        "acts": _acts(found) if may_publish else [],
        "is_over": found.valid_until <= here().clock.now(),
        "is_open": State(found.state) is not State.WITHDRAWN,
    }
    with timezone.override(ZoneInfo(found.territory.timezone)):
        return render(request, "office/notice.html", told)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, number: str) -> HttpResponse:
    """Change a notice: a draft again."""
    found = _notice(request, number, Action.WRITE)
    with timezone.override(ZoneInfo(found.territory.timezone)):
        form = NoticeForm(request.POST) if request.method == "POST" else _filled(found)
        if form.is_valid():
            try:
                notices.change(here(), _seen(request, found), _written(form), person(request))
                messages.success(request, _("Le brouillon est enregistré."))
            except InputRefused:
                messages.error(request, _changed())
            return redirect("office:notice", number=found.pk)
        told = {"form": form, "territory": found.territory, "notice": found}
        return render(request, "office/notice_form.html", told, status=_status(form))


@require_POST
def act(request: HttpRequest, number: str, step: str) -> HttpResponse:
    """Approve, publish or withdraw what was seen."""
    found = _notice(request, number, Action.PUBLISH)
    if step not in ACTS:
        raise NothingThere("no such step")
    do, done = ACTS[step]
    try:
        do(here(), _seen(request, found), person(request))
        messages.success(request, _(done))
    except InputRefused:
        messages.error(request, _changed())
    return redirect("office:notice", number=found.pk)


def _notice(request: HttpRequest, number: str, action: Action) -> Notice:
    rows = Notice.objects.select_related("territory", "author", "approver")
    found = rows.filter(pk=number).first()
    if found is None:
        raise NothingThere("no such notice")
    allowed(request, action, found.territory_id)
    return found


def _acts(found: Notice) -> list[tuple[str, str]]:
    """Give the steps that stand open, as addresses and words."""
    steps = {
        State.DRAFT: [("approuver", _("Approuver")), ("retirer", _("Retirer"))],
        State.APPROVED: [("publier", _("Publier sur les bornes")), ("retirer", _("Retirer"))],
        State.PUBLISHED: [("retirer", _("Retirer des bornes"))],
    }
    return steps.get(State(found.state), [])


def _seen(request: HttpRequest, found: Notice) -> Notice:
    """Give the notice as the person saw it: of the revision that the form carries."""
    form = ActForm(request.POST)
    if not form.is_valid():
        raise InputRefused("no revision is told")
    found.revision = form.cleaned_data["revision"]
    return found


def _written(form: NoticeForm) -> Written:
    said = form.cleaned_data
    return Written(
        title=said["title"],
        body=said["body"],
        level=said["level"],
        valid_from=said["valid_from"],
        valid_until=said["valid_until"],
    )


def _filled(found: Notice) -> NoticeForm:
    fields = ("title", "body", "level", "valid_from", "valid_until")
    return NoticeForm(initial={name: getattr(found, name) for name in fields})


def _status(form: NoticeForm) -> int:
    return 422 if form.errors else 200


def _changed() -> str:
    return _("Cela n’est plus possible\u00a0: l’annonce a changé, ou elle est échue. Relisez-la.")
