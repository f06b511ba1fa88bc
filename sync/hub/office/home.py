"""The first page: the person's territories, and what they may do there; the log of acts."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from sync.hub.accounts.models import Membership, Role
from sync.hub.accounts.rights import Action
from sync.hub.audit.models import Entry
from sync.hub.office.gate import allowed_somewhere, person, territories
from sync.hub.operations import routes as operations

ENTRIES_MAX: Final = 200


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the territories and the person's roles in each."""
    user = person(request)
    roles: dict[str, list[str]] = {}
    for one in Membership.objects.filter(user=user).order_by("role"):
        roles.setdefault(one.territory_id, []).append(str(Role(one.role).label))
    told = {
        "lines": [(one, ", ".join(roles.get(one.slug, []))) for one in territories(user)],
        "may_enrol": territories(user, Action.ENROL).exists(),
        "may_write": territories(user, Action.WRITE).exists(),
        "may_audit": territories(user, Action.AUDIT).exists(),
        "operations": operations.menu(user),
    }
    return render(request, "office/home.html", told)


@require_safe
def audit(request: HttpRequest) -> HttpResponse:
    """Show the last acts in the territories whose log the person may read."""
    own = allowed_somewhere(request, Action.AUDIT)
    rows = Entry.objects.all()
    if not person(request).is_superuser:  # who also reads the acts on the hub itself
        rows = rows.filter(territory__in=own.values("slug"))
    return render(request, "office/audit.html", {"entries": rows[:ENTRIES_MAX]})
