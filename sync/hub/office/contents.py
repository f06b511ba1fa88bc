"""The pages of contents: the list, writing one, and the steps to the kiosks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
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
from sync.hub.office import moderation
from sync.hub.office.cascade import below
from sync.hub.office.content_forms import FORMS, ContentForm, Ground
from sync.hub.office.content_page import facts_of
from sync.hub.office.forms import ActForm
from sync.hub.office.gate import allowed, allowed_somewhere, person
from sync.hub.office.menu_table import read_menus
from sync.hub.office.models import Content, Kind, State
from sync.hub.office.places import places_of
from sync.hub.office.sorts import BY_SLUG
from sync.hub.territories.models import Territory

SHOWN_MAX: Final = 200

Act = Callable[[Here, Content, User], Content]
ACTS: Final[Mapping[str, tuple[Act, str]]] = {
    "approuver": (moderation.approve, gettext_noop("Le contenu est approuvé.")),
    "publier": (moderation.publish, gettext_noop("Le contenu part vers les bornes.")),
    "retirer": (moderation.withdraw, gettext_noop("Le contenu est retiré.")),
}


@require_safe
def contents(request: HttpRequest) -> HttpResponse:
    """Show the contents of the territories where the person writes."""
    own = list(allowed_somewhere(request, Action.WRITE))
    rows = Content.objects.filter(territory__in=own).select_related("territory", "author")
    told = {
        "rows": rows[:SHOWN_MAX],
        "more": max(rows.count() - SHOWN_MAX, 0),
        "territories": own,
        "sorts": [(sort.slug, sort.kind.label) for sort in BY_SLUG.values()],
        "now": here().clock.now(),
    }
    return render(request, "office/contents.html", told)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, territory: str, sort: str) -> HttpResponse:
    """Write a draft."""
    allowed(request, Action.WRITE, territory)
    found, kind = Territory.objects.get(slug=territory), _kind(sort)
    with timezone.override(ZoneInfo(found.timezone)):
        form = _form(request, kind, found)
        if form.is_valid() and not form.asks_once_more():
            at, by = (found, kind), person(request)
            content = moderation.write(here(), at, form.written(), by)
            messages.success(request, _("Le brouillon est enregistré."))
            return redirect("office:content", number=content.pk)
        return _shown(request, form, kind, found)


@require_safe
def content(request: HttpRequest, number: str) -> HttpResponse:
    """Show a content and what can be done with it."""
    found = _content(request, number, Action.WRITE)
    may_publish = may(person(request), Action.PUBLISH, found.territory_id)
    with timezone.override(ZoneInfo(found.territory.timezone)):
        told = {
            "content": found,
            "facts": facts_of(found),
            "acts": _acts(found) if may_publish else [],
            "is_over": found.valid_until <= here().clock.now(),
            "is_open": State(found.state) is not State.WITHDRAWN,
        }
        return render(request, "office/content.html", told)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, number: str) -> HttpResponse:
    """Change a content: a draft again."""
    found = _content(request, number, Action.WRITE)
    with timezone.override(ZoneInfo(found.territory.timezone)):
        form = _form(request, Kind(found.kind), found.territory, found)
        if form.is_valid() and not form.asks_once_more():
            try:
                moderation.change(here(), _seen(request, found), form.written(), person(request))
                messages.success(request, _("Le brouillon est enregistré."))
            except InputRefused:
                messages.error(request, _changed())
            return redirect("office:content", number=found.pk)
        return _shown(request, form, Kind(found.kind), found.territory)


@require_POST
def act(request: HttpRequest, number: str, step: str) -> HttpResponse:
    """Approve, publish or withdraw what was seen."""
    found = _content(request, number, Action.PUBLISH)
    if step not in ACTS:
        raise NothingThere("no such step")
    do, done = ACTS[step]
    try:
        do(here(), _seen(request, found), person(request))
        messages.success(request, _(done))
    except InputRefused:
        messages.error(request, _changed())
    return redirect("office:content", number=found.pk)


def _kind(sort: str) -> Kind:
    if sort not in BY_SLUG:
        raise NothingThere("no such sort of content")
    return BY_SLUG[sort].kind


def _form(
    request: HttpRequest, kind: Kind, territory: Territory, found: Content | None = None
) -> ContentForm:
    said = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    ground = Ground(
        has_communes=bool(below(territory)),
        places=places_of(territory) if kind is Kind.OPENING else (),
        read=partial(read_menus, hub=here(), territory=territory),
    )
    return FORMS[kind](*said, ground=ground, content=found)


def _shown(
    request: HttpRequest, form: ContentForm, kind: Kind, territory: Territory
) -> HttpResponse:
    told = {
        "form": form,
        "territory": territory,
        "content": form.content,
        "kind": kind.label,
        "is_preview": form.is_bound and form.is_valid(),
    }
    status = 422 if form.errors else 200
    return render(request, "office/content_form.html", told, status=status)


def _content(request: HttpRequest, number: str, action: Action) -> Content:
    rows = Content.objects.select_related("territory", "author", "approver")
    found = rows.filter(pk=number).first()
    if found is None:
        raise NothingThere("no such content")
    allowed(request, action, found.territory_id)
    return found


def _acts(found: Content) -> list[tuple[str, str]]:
    """Give the steps that stand open, as addresses and words."""
    steps = {
        State.DRAFT: [("approuver", _("Approuver")), ("retirer", _("Retirer"))],
        State.APPROVED: [("publier", _("Publier sur les bornes")), ("retirer", _("Retirer"))],
        State.PUBLISHED: [("retirer", _("Retirer des bornes"))],
    }
    return steps.get(State(found.state), [])


def _seen(request: HttpRequest, found: Content) -> Content:
    """Give the content as the person saw it: of the revision that the form carries."""
    form = ActForm(request.POST)
    if not form.is_valid():
        raise InputRefused("no revision is told")
    found.revision = form.cleaned_data["revision"]
    return found


def _changed() -> str:
    return _("Cela n’est plus possible\u00a0: le contenu a changé, ou il est échu. Relisez-le.")
