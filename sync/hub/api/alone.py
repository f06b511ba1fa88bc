"""Payments for the kiosk of the same machine, by the token that both share.

Only a hub that nobody else reaches has a token; a fleet's devices sign instead.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from payments.hub_server import HubPayments
from sync.hub.here import here


@require_POST
def pay(request: HttpRequest, name: str) -> HttpResponse:
    """Answer a call of this machine's kiosk."""
    hub = here()
    if hub.payments is None or not hub.token:
        return HttpResponse(status=404)
    payments = HubPayments(hub.payments, token=hub.token)
    said = payments.post(f"/payments/{name}", request.body, request.headers)
    return HttpResponse(said.body, status=said.status, content_type="application/json")


routes: list[URLPattern] = [path("payments/<slug:name>", csrf_exempt(pay))]
