"""What stands before every page of the back office, Django's admin too.

Rules:
1. Without a session whose second factor was given, only the pages of signing in answer.
2. A page says what it needs by ``allowed``: the right in the territory, or it raises. A list
   says it by ``allowed_somewhere``, and shows what is of those territories alone.
3. What is of a territory where the person has no role doesn't exist for them (404).
4. A declared error is a page with a sentence, under its status of the API; pages aren't cached.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, Protocol, TypeVar, cast
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from kiosk.domain.errors import AlveoleError, LimitReached, NothingThere, StaffOnly
from sync.hub.accounts.models import Membership, User
from sync.hub.accounts.rights import RIGHTS, Action, may
from sync.hub.api.problems import status_of
from sync.hub.middleware import GetResponse
from sync.hub.territories.models import Territory

PREFIX: Final = "/gestion/"
OPEN: Final = "is_open"  # marks a view that answers before anybody is known
View = TypeVar("View", bound=Callable[..., HttpResponseBase])


class _Told(Protocol):
    def is_verified(self) -> bool: ...  # django-otp adds it to every request's user


def open_page(view: View) -> View:
    """Mark a view as one of signing in."""
    setattr(view, OPEN, True)
    return view


class SecondFactor:
    """Lets those in who have shown both factors, and turns declared errors into pages."""

    def __init__(self, get_response: GetResponse) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Let the next one answer; what is shown to staff is kept by no cache."""
        response = self._get_response(request)
        if request.path_info.startswith(PREFIX):
            response.headers["Cache-Control"] = "no-store"
        return response

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponseBase],
        args: tuple[object, ...],
        kwargs: Mapping[str, object],
    ) -> HttpResponseBase | None:
        """Send whoever isn't known to the sign-in."""
        del args, kwargs
        if not request.path_info.startswith(PREFIX) or getattr(view, OPEN, False):
            return None
        if is_known(request):
            return None
        query = urlencode({"next": request.get_full_path()})
        return HttpResponseRedirect(f"{reverse('office:sign-in')}?{query}")

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponseBase | None:
        """Show a declared error of a page."""
        if not isinstance(exception, AlveoleError) or not request.path_info.startswith(PREFIX):
            return None
        told = {"sentence": _sentence(exception)}
        return render(request, "office/refused.html", told, status=status_of(exception))


def is_known(request: HttpRequest) -> bool:
    """Say whether the session's person is active and has given the second factor."""
    user, told = request.user, cast("_Told", request.user)
    return isinstance(user, User) and user.is_active and told.is_verified()


def person(request: HttpRequest) -> User:
    """Give who is signed in."""
    assert isinstance(request.user, User), "the gate lets nobody else in"
    return request.user


def allowed(request: HttpRequest, action: Action, territory: str) -> None:
    """Let pass, or raise NothingThere (no role in the territory), StaffOnly (not this role's)."""
    user = person(request)
    if not territories(user).filter(slug=territory).exists():
        raise NothingThere("not a territory of this person")
    if not may(user, action, territory):
        raise StaffOnly("no right to do this here")


def allowed_somewhere(request: HttpRequest, action: Action) -> QuerySet[Territory]:
    """Give the territories in which the person may do ``action``, or raise StaffOnly."""
    own = territories(person(request), action)
    if not own.exists():
        raise StaffOnly("no right to do this anywhere")
    return own


def territories(user: User, action: Action | None = None) -> QuerySet[Territory]:
    """Give the territories in which a person has a role, or the right to do ``action``."""
    if user.is_superuser:
        return Territory.objects.all()
    held = Membership.objects.filter(user=user)
    if action is not None:
        held = held.filter(role__in=RIGHTS[action])
    return Territory.objects.filter(slug__in=held.values("territory"))


def csrf_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form that carries no token of this session (Django's CSRF_FAILURE_VIEW)."""
    del reason
    told = {"sentence": _("Ce formulaire n’est plus valable. Revenez à la page et recommencez.")}
    return render(request, "office/refused.html", told, status=403)


def _sentence(error: AlveoleError) -> str:
    if isinstance(error, NothingThere):
        return _("Cela n’existe pas, ou pas pour vous.")
    if isinstance(error, StaffOnly):
        return _("Votre rôle ne permet pas cela dans ce territoire.")
    if isinstance(error, LimitReached):
        return _("La limite est atteinte. Supprimez ou attendez, puis recommencez.")
    return _("La demande n’a pas pu être traitée. Recommencez dans un instant.")
