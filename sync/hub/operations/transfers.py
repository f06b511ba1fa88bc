"""The page of the régie's transfers: what is owed back, and noting that it was transferred."""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from kiosk.domain.errors import AmountRefused, NothingThere, PaymentUnavailable, StaffOnly
from payments.service import TWO_PEOPLE_FROM
from sync.hub.accounts.models import User
from sync.hub.accounts.rights import Action, may
from sync.hub.cards.models import OwnedTopup
from sync.hub.here import here
from sync.hub.office import tries
from sync.hub.office.gate import allowed, allowed_somewhere, person, territories
from sync.hub.operations import sheet
from sync.hub.operations.forms import TransferForm
from sync.hub.operations.owed import Owed, owed, transferred

SHOWN_MAX: Final = 200


@require_safe
def transfers(request: HttpRequest) -> HttpResponse:
    """Show what is owed back by a transfer."""
    own, service = allowed_somewhere(request, Action.REFUND), here().payments
    found = [] if service is None else owed(service, own)
    told = {
        "lines": [
            (one, sheet.shown(one.amount.cents), one.amount >= TWO_PEOPLE_FROM)
            for one in found[:SHOWN_MAX]
        ],
        "more": max(len(found) - SHOWN_MAX, 0),
    }
    return render(request, "operations/transfers.html", told)


@sensitive_post_parameters("second_password")
@require_POST
def act(request: HttpRequest, topup: str) -> HttpResponse:
    """Note that a sum was transferred, with the transfer's reference."""
    owned = OwnedTopup.objects.filter(topup=topup).select_related("device").first()
    if owned is None:
        raise NothingThere("no such payment")
    territory = owned.device.territory_id
    allowed(request, Action.REFUND, territory)
    form = TransferForm(request.POST)
    if form.is_valid():
        _noted(request, topup, form)
    else:
        messages.error(request, _("Indiquez la référence du virement (au plus 60 caractères)."))
    return redirect("office:transfers")


def _noted(request: HttpRequest, topup: str, form: TransferForm) -> None:
    """Note it, and say what became of it."""
    hub, by = here(), person(request)
    own, seen = territories(by, Action.REFUND), form.cleaned_data["seen"]
    service = hub.payments
    found = [] if service is None else [one for one in owed(service, own) if one.topup == topup]
    if service is None or not found or found[0].seen_cents != seen:
        messages.error(request, _("Ce virement est déjà noté, ou la somme n’est plus due."))
        return
    try:
        people = [by, *_second(request, found[0], form)]
        transferred(hub, service, found[0], form.cleaned_data["reference"], people)
    except StaffOnly:
        messages.error(request, _("La deuxième personne ne peut pas confirmer ce virement."))
    except AmountRefused:
        messages.error(request, _("Ce virement n’est pas noté\u00a0: la somme a changé."))
    except PaymentUnavailable:
        messages.error(request, _("La banque ne répond pas. Recommencez dans un instant."))
    else:
        messages.success(request, _("Le virement est noté."))


def _second(request: HttpRequest, sum_: Owed, form: TransferForm) -> list[User]:
    """Give the second person where one is needed; raises StaffOnly."""
    if sum_.amount < TWO_PEOPLE_FROM:
        return []
    name, password = form.cleaned_data["second"], form.cleaned_data["second_password"]
    if not name or name == person(request).get_username() or not tries.taken(here(), name):
        raise StaffOnly("another person is needed, whose name isn't locked")
    second = authenticate(request, username=name, password=password)
    if not isinstance(second, User) or not may(second, Action.REFUND, sum_.territory):
        raise StaffOnly("the second person can't confirm this")
    return [second]
