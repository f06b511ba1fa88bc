"""Signing in: a name and a password, then a code of the person's phone (TOTP, RFC 6238).

Rules:
1. The session becomes the person's only after both; between them it knows who asks, LASTS long.
2. Who has no second factor yet enrols one, with a key made for this sign-in.
3. Each answer to a form takes a try of the name (``tries``).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

import structlog
from django.contrib.auth import authenticate, login, logout
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST
from django_otp import login as otp_login
from django_otp.plugins.otp_totp.models import TOTPDevice

from sync.hub.accounts.models import User
from sync.hub.audit.record import note
from sync.hub.here import Here, here
from sync.hub.office import tries
from sync.hub.office.forms import CodeForm, SignInForm
from sync.hub.office.gate import PREFIX, open_page
from sync.hub.office.qr import painted

LASTS: Final = timedelta(minutes=10)
NEXT_MAX: Final = 500
_WHO, _SINCE, _NEXT = "office.who", "office.since", "office.next"

log = structlog.get_logger("hub.office")


@open_page
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for the name and the password."""
    if request.method != "POST":
        return render(request, "office/sign_in.html", {"form": SignInForm()})
    hub, form = here(), SignInForm(request.POST)
    if form.is_valid():
        name = form.cleaned_data["name"]
        if not tries.taken(hub, name):
            form.add_error(None, _locked())
        elif (user := _by_password(request, name, form.cleaned_data["password"])) is None:
            form.add_error(None, _("Ce nom et ce mot de passe ne vont pas ensemble."))
        else:
            _remember(hub, request, user)
            return redirect("office:code")
    return render(request, "office/sign_in.html", {"form": form}, status=422)


@open_page
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """Ask for the code of the second factor, or enrol one."""
    hub = here()
    user = _remembered(hub, request)
    if user is None:
        return redirect("office:sign-in")
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        if not tries.taken(hub, user.get_username()):
            form.add_error(None, _locked())
        elif (device := _verified(hub, user, form.cleaned_data["code"])) is not None:
            return _let_in(hub, request, user, device)
        else:
            form.add_error("code", _("Ce code n’est pas le bon. Attendez le suivant."))
    return _code_page(request, user, form)


@open_page
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return redirect("office:sign-in")


def _by_password(request: HttpRequest, name: str, password: str) -> User | None:
    user = authenticate(request, username=name, password=password)
    return user if isinstance(user, User) else None


def _remember(hub: Here, request: HttpRequest, user: User) -> None:
    """Note who gave the password; an enrolment that wasn't ended begins anew."""
    request.session.flush()
    request.session[_WHO] = user.pk
    request.session[_SINCE] = hub.clock.now().timestamp()
    request.session[_NEXT] = _own(request, request.GET.get("next", ""))
    TOTPDevice.objects.filter(user=user, confirmed=False).delete()
    if not TOTPDevice.objects.filter(user=user).exists():
        TOTPDevice.objects.create(user=user, name="gestion", confirmed=False)


def _remembered(hub: Here, request: HttpRequest) -> User | None:
    since = datetime.fromtimestamp(request.session.get(_SINCE, 0), UTC)
    if hub.clock.now() - since > LASTS:
        return None
    return User.objects.filter(pk=request.session.get(_WHO), is_active=True).first()


def _device(user: User, *, lock: bool = False) -> TOTPDevice | None:
    """Give a person's factor: the one that was confirmed before one that waits."""
    rows = TOTPDevice.objects.filter(user=user).order_by("-confirmed", "pk")
    return (rows.select_for_update() if lock else rows).first()


def _verified(hub: Here, user: User, given: str) -> TOTPDevice | None:
    """Take a code once; the first one confirms the enrolment."""
    with transaction.atomic():
        device = _device(user, lock=True)
        if device is None or not device.verify_token(given):
            return None
        if not device.confirmed:
            device.confirmed = True
            device.save(update_fields=["confirmed"])
            note(hub, user, ("account.factor", ""), user.get_username())
    return device


def _let_in(
    hub: Here, request: HttpRequest, user: User, device: TOTPDevice
) -> HttpResponseRedirect:
    wanted = _own(request, request.session.get(_NEXT, ""))
    with transaction.atomic():
        login(request, user, backend="django.contrib.auth.backends.ModelBackend")
        otp_login(request, device)
        note(hub, user, ("account.signed_in", ""), user.get_username())
    for key in (_WHO, _SINCE, _NEXT):
        request.session.pop(key, None)
    tries.cleared(user.get_username())
    return HttpResponseRedirect(wanted or PREFIX)


def _code_page(request: HttpRequest, user: User, form: CodeForm) -> HttpResponse:
    device = _device(user)
    told: dict[str, object] = {"form": form}
    if device is not None and not device.confirmed:
        from base64 import b32encode

        told |= {"qr": painted(device.config_url), "key": b32encode(device.bin_key).decode()}
    return render(request, "office/code.html", told, status=422 if form.errors else 200)


def _own(request: HttpRequest, address: str) -> str:
    """Give an address of the back office itself, "" for any other."""
    sound = (
        address.startswith(PREFIX)
        and len(address) <= NEXT_MAX
        and url_has_allowed_host_and_scheme(address, {request.get_host()})
    )
    return address if sound else ""


def _locked() -> str:
    log.warning("office.locked")
    return _("Trop d’essais pour ce nom. Attendez un quart d’heure.")
