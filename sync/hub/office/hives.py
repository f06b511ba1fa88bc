"""The pages of the hive's editor: which territories, and one hive with what can be done with it.

Every act is a form that works without a script; ``hive.js`` fills the same forms by drag and keys.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kiosk.domain.errors import InputRefused, NothingThere
from sync.hub.accounts.models import User
from sync.hub.accounts.rights import Action, may
from sync.hub.here import Here, here
from sync.hub.office import layouts
from sync.hub.office.forms import HiveActForm
from sync.hub.office.gate import allowed, allowed_somewhere, person
from sync.hub.office.hive_picture import pages_of
from sync.hub.territories.models import Territory

Said = Mapping[str, Any]
Step = Callable[[Here, Territory, Said, User], None]


def _place(hub: Here, territory: Territory, said: Said, by: User) -> None:
    move = (said["service"], said["position"] or 1)
    layouts.place(hub, territory, said["revision"], move, by)


def _remove(hub: Here, territory: Territory, said: Said, by: User) -> None:
    layouts.remove(hub, territory, said["revision"], said["service"], by)


def _resume(hub: Here, territory: Territory, said: Said, by: User) -> None:
    layouts.resume(hub, territory, said["revision"], said["number"] or 0, by)


def _drop(hub: Here, territory: Territory, said: Said, by: User) -> None:
    layouts.drop(hub, territory, said["revision"], by)


def _publish(hub: Here, territory: Territory, said: Said, by: User) -> None:
    layouts.publish(hub, territory, said["revision"], by)


STEPS: Final[Mapping[str, tuple[Step, Action]]] = {
    "placer": (_place, Action.WRITE),
    "retirer": (_remove, Action.WRITE),
    "reprendre": (_resume, Action.WRITE),
    "oublier": (_drop, Action.WRITE),
    "publier": (_publish, Action.PUBLISH),
}


@require_safe
def hives(request: HttpRequest) -> HttpResponse:
    """Show the territories whose hive the person may lay out."""
    own = allowed_somewhere(request, Action.WRITE)
    return render(request, "office/hives.html", {"territories": own})


@require_safe
def hive(request: HttpRequest, territory: str) -> HttpResponse:
    """Show a hive as the kiosk draws it, and what can be done with it."""
    allowed(request, Action.WRITE, territory)
    found = Territory.objects.get(slug=territory)
    tiles, draft = layouts.tiles_of(found), layouts.draft_of(found)
    past = layouts.published(found)
    order = layouts.order_of(found, draft or next(iter(past), None))
    told = {
        "territory": found,
        "pages": pages_of([tiles[name] for name in order], str(found.services.get("accent", ""))),
        "placed": [tiles[name] for name in order],
        "free": [tile for name, tile in tiles.items() if name not in order],
        "positions": range(1, len(order) + 1),
        "after": len(order) + 1,
        "revision": draft.revision if draft else 0,
        "draft": draft,
        "past": past,
        "may_publish": may(person(request), Action.PUBLISH, territory),
        "focus": request.GET.get("tuile", ""),
    }
    return render(request, "office/hive.html", told)


@require_POST
def act(request: HttpRequest, territory: str, step: str) -> HttpResponse:
    """Do one step with the hive that was seen."""
    if step not in STEPS:
        raise NothingThere("no such step")
    do, action = STEPS[step]
    allowed(request, action, territory)
    found, form = Territory.objects.get(slug=territory), HiveActForm(request.POST)
    try:
        do(here(), found, _said(form), person(request))
    except InputRefused:
        messages.error(request, _("Cela n’a pas été fait\u00a0: la ruche a changé. Regardez-la."))
        return redirect("office:hive", territory=territory)
    messages.success(request, _DONE[step]())
    query = urlencode({"tuile": form.cleaned_data["service"]}) if step == "placer" else ""
    address = reverse("office:hive", kwargs={"territory": territory})
    return redirect(f"{address}?{query}" if query else address)


def _said(form: HiveActForm) -> Said:
    if not form.is_valid():
        raise InputRefused("the form says nothing that can be done")
    return form.cleaned_data


_DONE: Final[Mapping[str, Callable[[], str]]] = {
    "placer": lambda: _("L’alvéole est placée, dans le brouillon."),
    "retirer": lambda: _("L’alvéole est retirée, dans le brouillon."),
    "reprendre": lambda: _("Cette ruche est reprise comme brouillon."),
    "oublier": lambda: _("Le brouillon est oublié."),
    "publier": lambda: _("La ruche part vers les bornes."),
}
